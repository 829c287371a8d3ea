//! One word per thing, as `GLOSSARY.md` has it, in identifiers and scenario keys.

use crate::text::{Source, code, is_word};

/// Words that have a better one here, and that one. Comments and documents may cite them.
///
/// Words with a second, honest meaning are left to the reader's eye: host (a machine's class of
/// faults), slot (of a table), batch (a job class), contract, data, level.
const INSTEAD: &[(&str, &str)] = &[
    ("supplier", "provider"),
    ("miner", "provider"),
    ("renter", "tenant"),
    ("customer", "tenant"),
    ("client", "tenant"),
    ("user", "tenant"),
    ("validator", "operator"),
    ("offer", "bid"),
    ("auction", "round"),
    ("epoch", "era"),
    ("bond", "stake"),
    ("penalty", "slash"),
    ("zone", "region"),
    ("ping", "challenge"),
    ("transaction", "call"),
    ("txn", "call"),
    ("config", "scenario"),
    ("configuration", "scenario"),
];

/// Where a word is the documented name of something outside the house: file, word, reason.
const EXTERNAL: &[(&str, &str, &str)] =
    &[("analysis/estimate/src/sketch.rs", "config", "a type of the sketch library")];

/// Marks of what is not finished; in pieces, so that this file does not hold them.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// Words in the identifiers of Rust code that the glossary replaces.
pub fn check_identifiers(source: &Source) -> Vec<String> {
    let code = code(&source.text);
    let lines = code.lines().enumerate();
    lines.flat_map(|(at, line)| replaced(&source.path, at + 1, line)).collect()
}

/// Words in the keys of a scenario that the glossary replaces.
pub fn check_keys(source: &Source) -> Vec<String> {
    let lines = source.text.lines().enumerate();
    lines.flat_map(|(at, line)| replaced(&source.path, at + 1, key_of(line))).collect()
}

/// What a line of TOML names: its section, or the key left of the sign.
fn key_of(line: &str) -> &str {
    let line = line.trim_start();
    let end = if line.starts_with('[') { line.find(']') } else { line.find('=') };
    if line.starts_with('#') { "" } else { &line[..end.unwrap_or(0)] }
}

/// Marks of what is not finished, anywhere in a text.
pub fn check_marks(source: &Source) -> Vec<String> {
    let lines = source.text.lines().enumerate();
    let marked =
        lines.filter(|(_, line)| line.split(|c| !is_word(c)).any(|word| MARKS.contains(&word)));
    marked.map(|(at, _)| format!("{}:{}: an unfinished mark", source.path, at + 1)).collect()
}

fn replaced(path: &str, line: usize, names: &str) -> Vec<String> {
    let words = names.split(|c| !is_word(c)).flat_map(words_of);
    let is_external =
        |word: &str| EXTERNAL.iter().any(|(file, external, _)| *file == path && *external == word);
    let found = words.filter_map(|word| {
        let singular = word.strip_suffix('s').unwrap_or(&word);
        let (_, better) = INSTEAD.iter().find(|(bad, _)| *bad == word || *bad == singular)?;
        (!is_external(singular)).then(|| format!("{path}:{line}: `{word}`; say `{better}`"))
    });
    found.collect()
}

/// The words of an identifier in either case: `BidWindow`, `bid_window` and `BID_WINDOW`.
fn words_of(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in identifier.chars() {
        if c == '_' || was_lower && c.is_uppercase() {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c != '_') {
            word.extend(c.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod can_fail {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: "a".into(), text: text.into() }
    }

    #[test]
    fn words_with_a_better_one_are_refused() {
        assert_eq!(check_identifiers(&source("struct SupplierPool;")).len(), 1);
        assert_eq!(check_identifiers(&source("let customers = EPOCH_LENGTH;")).len(), 2);
        assert_eq!(check_identifiers(&source("mapping.offered(reuser, bonded)")).len(), 0);
        assert_eq!(check_identifiers(&source("// a miner\nlet a = \"zone\";")).len(), 0);
    }

    #[test]
    fn scenario_keys_are_read_and_values_are_not() {
        assert_eq!(check_keys(&source("[network.zones]\nepoch = \"1 d\"")).len(), 2);
        assert_eq!(check_keys(&source("# epoch = 1\nera = \"a zone\" # zone = 2")).len(), 0);
    }

    #[test]
    fn unfinished_marks_are_refused() {
        assert_eq!(check_marks(&source(&format!("// {}: more", MARKS[0]))).len(), 1);
        assert_eq!(check_marks(&source("// all done")).len(), 0);
    }
}
