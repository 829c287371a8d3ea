//! Where results stand: `<out>/<scenario>/seed-<n>`, or `<out>/<scenario>@<variant>/seed-<n>`.
//!
//! A variant is named by `--name`; without one, and when `--set` changed something, by the first
//! digits of the hash of the effective scenario. A name never contains the time of day.

use crate::error::RunError;
use crate::files::FileError;
use crate::manifest::{FILE, Identity, Manifest};
use std::fs;
use std::path::{Path, PathBuf};

/// Digits of the hash in the name of a variant.
const HASH_DIGITS: usize = 8;

/// The folder of a scenario and all its seeds.
pub fn of_scenario(
    out: &Path,
    identity: &Identity,
    name: Option<&str>,
    is_changed: bool,
) -> PathBuf {
    let hash = &identity.scenario_hash[..HASH_DIGITS];
    let variant = name.or(is_changed.then_some(hash));
    let variant = variant.map_or(String::new(), |variant| format!("@{variant}"));
    out.join(format!("{}{variant}", identity.scenario))
}

/// The folder of one seed.
pub fn of_seed(scenario_folder: &Path, seed: u64) -> PathBuf {
    scenario_folder.join(format!("seed-{seed}"))
}

/// Refuses a folder that holds anything but an earlier result of the very same run.
pub fn check_free(folder: &Path, identity: &Identity) -> Result<(), RunError> {
    let occupied = |holds: String| RunError::Occupied { path: folder.to_path_buf(), holds };
    if !folder.exists() {
        return Ok(());
    }
    if !folder.is_dir() {
        return Err(occupied("a file".to_string()));
    }
    let mut entries = fs::read_dir(folder).map_err(FileError::at("read", folder))?;
    if entries.next().is_none() {
        return Ok(());
    }
    if !folder.join(FILE).exists() {
        return Err(occupied("files without a manifest".to_string()));
    }
    let found = Manifest::read(folder)?.identity;
    if found == *identity { Ok(()) } else { Err(occupied(difference(&found, identity))) }
}

/// Whether a folder holds the results of a run that reached its end.
pub fn holds_whole(folder: &Path) -> bool {
    Manifest::read(folder).is_ok_and(|manifest| !manifest.is_partial)
}

/// What another run in the same place is.
fn difference(found: &Identity, wanted: &Identity) -> String {
    if found.scenario == wanted.scenario && found.seed == wanted.seed {
        let hash = &found.scenario_hash[..HASH_DIGITS.min(found.scenario_hash.len())];
        return format!("another version of scenario {} (hash {hash})", found.scenario);
    }
    format!("scenario {} with seed {}", found.scenario, found.seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        Identity { scenario: "baseline".into(), scenario_hash: "0123456789abcdef".into(), seed: 1 }
    }

    fn room(name: &str) -> PathBuf {
        let room =
            std::env::temp_dir().join(format!("orrery-folder-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&room);
        fs::create_dir_all(&room).unwrap();
        room
    }

    fn put_manifest(folder: &Path, identity: Identity) {
        let outcome = world::Outcome {
            digest: engine::digest::DigestReport {
                digest: "d".into(),
                receipts: 0,
                seals: Vec::new(),
            },
            events: 0,
            ties: 0,
            ended_at: units::SimTime::ZERO,
            is_partial: false,
            audited: 0,
            findings: Vec::new(),
        };
        let manifest = Manifest::of(identity, &[], record::Names::default(), &outcome);
        fs::write(folder.join(FILE), manifest.text()).unwrap();
    }

    #[test]
    fn folders_are_named_by_scenario_variant_and_seed() {
        let name = |name, is_changed| {
            let folder = of_scenario(Path::new("results"), &identity(), name, is_changed);
            of_seed(&folder, 7).to_string_lossy().replace('\\', "/")
        };
        assert_eq!(name(None, false), "results/baseline/seed-7");
        assert_eq!(name(None, true), "results/baseline@01234567/seed-7");
        assert_eq!(name(Some("week"), true), "results/baseline@week/seed-7");
        assert_eq!(name(Some("week"), false), "results/baseline@week/seed-7");
    }

    #[test]
    fn the_same_run_may_take_its_place_again() {
        let room = room("same");
        assert!(check_free(&room.join("new"), &identity()).is_ok());
        assert!(check_free(&room, &identity()).is_ok(), "an empty folder");
        put_manifest(&room, identity());
        assert!(check_free(&room, &identity()).is_ok());
        fs::remove_dir_all(room).unwrap();
    }

    #[test]
    fn anything_else_is_refused_and_stays() {
        let room = room("else");
        fs::write(room.join("notes.txt"), "mine").unwrap();
        let told = |wanted: &Identity| check_free(&room, wanted).unwrap_err().to_string();
        assert!(told(&identity()).contains("files without a manifest"));
        put_manifest(&room, identity());
        let other_hash = Identity { scenario_hash: "f".repeat(64), ..identity() };
        assert!(told(&other_hash).contains("another version of scenario baseline"));
        let other_seed = Identity { seed: 2, ..identity() };
        assert!(told(&other_seed).contains("scenario baseline with seed 1"));
        fs::write(room.join(FILE), "{").unwrap();
        assert!(told(&identity()).contains("cannot be read as a manifest"));
        fs::remove_dir_all(room).unwrap();
    }

    #[test]
    fn an_edited_manifest_is_noticed() {
        let room = room("edited");
        put_manifest(&room, identity());
        assert!(Manifest::read(&room).is_ok());
        let text = fs::read_to_string(room.join(FILE)).unwrap();
        fs::write(room.join(FILE), text.replace("\"digest\": \"d\"", "\"digest\": \"e\"")).unwrap();
        assert!(Manifest::read(&room).unwrap_err().to_string().contains("was edited"));
        fs::remove_dir_all(room).unwrap();
    }
}
