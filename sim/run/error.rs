//! What can go wrong outside the simulator, in one type. Every one of these ends with exit code 2.

use crate::files::FileError;
use crate::read_tables::ReadError;
use crate::tables::TableError;
use scenario::Problem;
use std::fmt;
use std::io::ErrorKind;
use std::path::PathBuf;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub enum RunError {
    /// The scenario is not valid: every problem of it.
    Scenario(Vec<Problem>),
    /// A file could not be read or written.
    File(FileError),
    /// A table could not be written.
    Table(TableError),
    /// A table could not be read.
    Read(ReadError),
    /// The place of the results is taken by something else.
    Occupied {
        /// The folder or file.
        path: PathBuf,
        /// What stands there.
        holds: String,
    },
    /// No provider was declared under the name that was asked for.
    Unfocused {
        /// The name.
        name: String,
        /// Those that were.
        known: Vec<String>,
    },
    /// Results are not as they were written.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
}

impl fmt::Display for RunError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::Scenario(problems) => {
                problems.iter().try_for_each(|problem| writeln!(out, "{problem}"))?;
                let count = problems.iter().filter(|problem| !problem.is_warning).count();
                let s = if count == 1 { "" } else { "s" };
                write!(out, "{count} problem{s}; nothing was run")
            }
            RunError::File(error) | RunError::Table(TableError::File(error)) => {
                write!(out, "{error}; {}", remedy(error))
            }
            RunError::Table(error) => write!(out, "{error}; {MAKE_ROOM}"),
            RunError::Read(error) => error.fmt(out),
            RunError::Occupied { path, holds } => write!(
                out,
                "{} holds {holds}, and results are never overwritten; choose a --name that is not \
                 taken, another place with --out, or remove what stands there",
                path.display()
            ),
            RunError::Unfocused { name, known } if known.is_empty() => write!(
                out,
                "--focus {name}: the scenario declares no provider of its own; add a [[provider]] \
                 or providers_file = \"fleet.csv\""
            ),
            RunError::Unfocused { name, known } => {
                write!(out, "--focus {name} is not declared; it declares {}", known.join(", "))
            }
            RunError::Damaged { path, what } => write!(
                out,
                "{}: {what}; it is not what `run` wrote: make the results again",
                path.display()
            ),
        }
    }
}

/// What to do about a file or folder that cannot be read or written.
fn remedy(error: &FileError) -> &'static str {
    let is_read = error.action == "read";
    match error.cause.kind() {
        ErrorKind::PermissionDenied if is_read => "make it readable",
        _ if is_read => "correct the path",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make that place writable, or choose another with --out"
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            "a file stands where a folder is needed: move it, or choose another place with --out"
        }
        _ => MAKE_ROOM,
    }
}

const MAKE_ROOM: &str = "make room there, or choose another place with --out";

impl std::error::Error for RunError {}

impl From<FileError> for RunError {
    fn from(error: FileError) -> RunError {
        RunError::File(error)
    }
}

impl From<TableError> for RunError {
    fn from(error: TableError) -> RunError {
        RunError::Table(error)
    }
}

impl From<ReadError> for RunError {
    fn from(error: ReadError) -> RunError {
        RunError::Read(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_remedy_fits_the_cause() {
        let told = |action, kind: ErrorKind| {
            let error = FileError::at(action, Path::new("results/a"))(kind.into());
            RunError::File(error).to_string()
        };
        let cases = [
            ("create", ErrorKind::PermissionDenied, "; make that place writable, or choose"),
            ("write", ErrorKind::ReadOnlyFilesystem, "; make that place writable, or choose"),
            ("create", ErrorKind::NotADirectory, "; a file stands where a folder is needed"),
            ("write", ErrorKind::StorageFull, "; make room there, or choose another"),
            ("read", ErrorKind::PermissionDenied, "; make it readable"),
            ("read", ErrorKind::NotFound, "; correct the path"),
        ];
        for (action, kind, remedy) in cases {
            let told = told(action, kind);
            assert!(told.starts_with(&format!("cannot {action} results/a: ")), "{told}");
            assert!(told.contains(remedy), "{told}");
            assert_eq!(told.contains("--out"), action != "read", "{told}");
        }
    }
}
