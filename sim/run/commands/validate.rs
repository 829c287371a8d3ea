//! `validate`: every problem of every file, and what valid scenarios declare.

use super::{Verdict, tell_warnings};
use crate::cli::ValidateArguments;
use crate::console::{say, tell};
use crate::load::load;
use scenario::LoadSheet;
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
            say(format!("{}: valid\n{}", file.display(), LoadSheet::of(&loaded.scenario)));
            true
        }
        Err(error) => {
            tell(error);
            false
        }
    }
}
