//! Files: read whole, write whole. A folder of results appears under its name only when it is
//! complete; until then it grows beside it.

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A file or folder that could not be read or written.
#[derive(Debug)]
pub struct FileError {
    /// What was tried: "read", "write", "create".
    pub action: &'static str,
    /// Which one.
    pub path: PathBuf,
    /// What the system said.
    pub cause: io::Error,
}

impl fmt::Display for FileError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot {} {}: {}", self.action, self.path.display(), self.cause)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl FileError {
    /// Names the action and the path of a failure.
    pub fn at(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
        let path = path.to_path_buf();
        move |cause| FileError { action, path, cause }
    }
}

/// Longest file that is read whole: far above any scenario or manifest, far below any memory.
const BYTES_MAX: u64 = 256 << 20;

/// Reads a whole file, unless it has no end that one could wait for.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(FileError::at("read", path))?;
    let length = file.take(BYTES_MAX + 1).read_to_end(&mut bytes);
    if length.map_err(FileError::at("read", path))? as u64 > BYTES_MAX {
        let cause = io::Error::new(io::ErrorKind::FileTooLarge, "it is longer than 256 MiB");
        return Err(FileError::at("read", path)(cause));
    }
    Ok(bytes)
}

/// What a file that was read holds: its bytes, unpacked where they are compressed with gzip.
pub fn unpacked(path: &Path, bytes: Vec<u8>) -> Result<Vec<u8>, FileError> {
    unpacked_within(path, bytes, BYTES_MAX)
}

/// A few kilobytes may hold gigabytes of zeros, so what is unpacked has a limit of its own.
fn unpacked_within(path: &Path, bytes: Vec<u8>, most: u64) -> Result<Vec<u8>, FileError> {
    if !bytes.starts_with(&GZIP) {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    let length = MultiGzDecoder::new(&bytes[..]).take(most + 1).read_to_end(&mut text);
    if length.map_err(FileError::at("unpack", path))? as u64 > most {
        let message = format!("it is longer than {} MiB when it is unpacked", most >> 20);
        let cause = io::Error::new(io::ErrorKind::FileTooLarge, message);
        return Err(FileError::at("unpack", path)(cause));
    }
    Ok(text)
}

/// The first bytes of a file that is compressed with gzip (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The files of a folder and of those within, by their paths from it with `/`, sorted.
pub fn names_below(folder: &Path) -> Result<Vec<String>, FileError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(FileError::at("read", folder))? {
        let entry = entry.map_err(FileError::at("read", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link is a file here: following it could lead in a circle.
        if entry.file_type().map_err(FileError::at("read", folder))?.is_dir() {
            let below = names_below(&entry.path())?;
            names.extend(below.into_iter().map(|below| format!("{name}/{below}")));
        } else {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Writes a whole file; a reader sees the old one or the new one, never a part.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let beside = beside(path, "partial");
    fs::write(&beside, bytes).map_err(FileError::at("write", path))?;
    fs::rename(&beside, path).map_err(FileError::at("write", path))
}

/// The SHA-256 of some bytes, in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where bytes go while their hash is taken: a file, or nowhere when only the hash is wanted.
pub struct HashedFile {
    target: Option<File>,
    hash: Sha256,
}

impl HashedFile {
    /// A new file at `path`.
    pub fn create(path: &Path) -> Result<HashedFile, FileError> {
        let file = File::create(path).map_err(FileError::at("write", path))?;
        Ok(HashedFile { target: Some(file), hash: Sha256::new() })
    }

    /// Bytes that are hashed and forgotten.
    pub fn nowhere() -> HashedFile {
        HashedFile { target: None, hash: Sha256::new() }
    }

    /// The SHA-256 of all that was written, in hex.
    pub fn finish(self) -> String {
        hex(&self.hash.finalize())
    }
}

impl Write for HashedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.target {
            Some(file) => file.write(bytes)?,
            None => bytes.len(),
        };
        self.hash.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// A folder in the making: `<name>.partial-<process>` until it is committed, gone if it never is.
pub struct Staging {
    folder: PathBuf,
    partial: PathBuf,
    is_committed: bool,
}

impl Staging {
    /// Starts a folder that will stand at `folder`.
    pub fn start(folder: &Path) -> Result<Staging, FileError> {
        let partial = beside(folder, "partial");
        fs::create_dir_all(&partial).map_err(FileError::at("create", folder))?;
        Ok(Staging { folder: folder.to_path_buf(), partial, is_committed: false })
    }

    /// Where a file of the folder is written for now.
    pub fn path(&self, name: &str) -> PathBuf {
        self.partial.join(name)
    }

    /// Makes a folder within.
    pub fn create_folder(&self, name: &str) -> Result<(), FileError> {
        let path = self.path(name);
        fs::create_dir_all(&path).map_err(FileError::at("create", &path))
    }

    /// Writes a file whole and returns its SHA-256.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<String, FileError> {
        let path = self.path(name);
        fs::write(&path, bytes).map_err(FileError::at("write", &path))?;
        Ok(sha256(bytes))
    }

    /// Puts the folder in its place; one of the same name makes room first.
    pub fn commit(mut self) -> Result<(), FileError> {
        let failed = || FileError::at("write", &self.folder);
        let old = beside(&self.folder, "old");
        let had_old = self.folder.exists();
        if had_old {
            fs::rename(&self.folder, &old).map_err(failed())?;
        }
        fs::rename(&self.partial, &self.folder).map_err(failed())?;
        self.is_committed = true;
        if had_old {
            fs::remove_dir_all(&old).map_err(FileError::at("remove", &old))?;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.is_committed {
            // Nothing better can be done here: what stays is named as partial.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// A path of this process's own beside `path`.
fn beside(path: &Path, what: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{what}-{}", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};

    fn room(name: &str) -> PathBuf {
        let room = std::env::temp_dir().join(format!("orrery-files-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&room);
        fs::create_dir_all(&room).unwrap();
        room
    }

    #[test]
    fn a_folder_appears_whole_and_replaces_the_one_before() {
        let room = room("whole");
        let folder = room.join("seed-1");
        for text in ["first", "second"] {
            let staging = Staging::start(&folder).unwrap();
            staging.write("summary.json", text.as_bytes()).unwrap();
            let before = fs::read_to_string(folder.join("summary.json")).unwrap_or_default();
            assert_ne!(before, text, "nothing is seen before the commit");
            staging.commit().unwrap();
            assert_eq!(fs::read_to_string(folder.join("summary.json")).unwrap(), text);
        }
        assert_eq!(fs::read_dir(&room).unwrap().count(), 1, "nothing is left beside it");
        fs::remove_dir_all(room).unwrap();
    }

    #[test]
    fn a_folder_that_is_given_up_leaves_nothing() {
        let room = room("given-up");
        let staging = Staging::start(&room.join("seed-1")).unwrap();
        staging.write("summary.json", b"{}").unwrap();
        drop(staging);
        assert_eq!(fs::read_dir(&room).unwrap().count(), 0);
        fs::remove_dir_all(room).unwrap();
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::default());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn what_is_compressed_is_unpacked_up_to_a_limit() {
        let path = Path::new("jobs.csv.gz");
        let read = |bytes: &[u8], most| unpacked_within(path, bytes.to_vec(), most);
        assert_eq!(read(b"a,b\n", 1).unwrap(), b"a,b\n", "what is plain stays as it is");
        assert_eq!(read(&packed(b"a,b\n1,2\n"), 8).unwrap(), b"a,b\n1,2\n");
        let both = [packed(b"a,b\n"), packed(b"1,2\n")].concat();
        assert_eq!(read(&both, 8).unwrap(), b"a,b\n1,2\n", "files that were joined");
        let long = packed(&vec![b'0'; 3 << 20]);
        assert!(long.len() < 10_000, "little is packed much");
        let told = read(&long, 2 << 20).unwrap_err().to_string();
        assert!(told.ends_with("it is longer than 2 MiB when it is unpacked"), "{told}");
        let cut = packed(b"a,b\n1,2\n");
        assert!(read(&cut[..cut.len() - 9], 99).is_err(), "the end is missing");
    }

    #[test]
    fn what_is_written_is_hashed() {
        let mut file = HashedFile::nowhere();
        file.write_all(b"ab").unwrap();
        file.write_all(b"c").unwrap();
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(file.finish(), known);
        assert_eq!(sha256(b"abc"), known);
    }
}
