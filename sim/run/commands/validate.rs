//! `validate`: every problem of every file, and what valid scenarios declare.

use super::{Verdict, tell_warnings};
use crate::cli::ValidateArguments;
use crate::console::{say, tell};
use crate::load::{load, load_variant};
use scenario::{LoadSheet, Variant};
use std::path::Path;

/// Validates the files; bad ones do not keep the others from being read.
pub fn start(arguments: &ValidateArguments) -> Verdict {
    let valid = arguments.files.iter().filter(|file| is_valid(file)).count();
    if valid == arguments.files.len() { Verdict::Fine } else { Verdict::Invalid }
}

fn is_valid(file: &Path) -> bool {
    match load(file, &[]) {
        Ok(loaded) => {
            tell_warnings(&loaded);
            let bad = loaded.comparison.variants.iter().filter(|one| !is_valid_variant(file, one));
            if bad.count() > 0 {
                return false;
            }
            say(format!("{}: valid\n{}", file.display(), LoadSheet::of(&loaded.scenario)));
            true
        }
        Err(error) => {
            tell(error);
            false
        }
    }
}

/// Whether a scenario is valid with what a variant sets.
fn is_valid_variant(file: &Path, variant: &Variant) -> bool {
    load_variant(file, &[], variant).map_err(tell).is_ok()
}
