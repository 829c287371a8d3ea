//! The shipped scenarios, served from memory.
#![allow(dead_code, reason = "each test file uses its part")]

use scenario::{LoadError, Loaded, load};

/// The files under `scenarios/`.
pub const FILES: &[(&str, &str)] = &[
    ("scenarios/baseline.toml", include_str!("../../../../scenarios/baseline.toml")),
    ("scenarios/small.toml", include_str!("../../../../scenarios/small.toml")),
    ("scenarios/chain_base.toml", include_str!("../../../../scenarios/chain_base.toml")),
    ("scenarios/price_book_vast.toml", include_str!("../../../../scenarios/price_book_vast.toml")),
    (
        "scenarios/price_book_tiers.toml",
        include_str!("../../../../scenarios/price_book_tiers.toml"),
    ),
    (
        "scenarios/matching/committee_faults.toml",
        include_str!("../../../../scenarios/matching/committee_faults.toml"),
    ),
    (
        "scenarios/matching/censorship.toml",
        include_str!("../../../../scenarios/matching/censorship.toml"),
    ),
    ("scenarios/theory/base.toml", include_str!("../../../../scenarios/theory/base.toml")),
    (
        "scenarios/theory/availability.toml",
        include_str!("../../../../scenarios/theory/availability.toml"),
    ),
    (
        "scenarios/theory/erlang_loss_10.toml",
        include_str!("../../../../scenarios/theory/erlang_loss_10.toml"),
    ),
    (
        "scenarios/theory/erlang_loss_100.toml",
        include_str!("../../../../scenarios/theory/erlang_loss_100.toml"),
    ),
    ("scenarios/library/chains.toml", include_str!("../../../../scenarios/library/chains.toml")),
    ("scenarios/library/cards.toml", include_str!("../../../../scenarios/library/cards.toml")),
    ("scenarios/library/prices.toml", include_str!("../../../../scenarios/library/prices.toml")),
    ("scenarios/library/regions.toml", include_str!("../../../../scenarios/library/regions.toml")),
    (
        "scenarios/library/countries.toml",
        include_str!("../../../../scenarios/library/countries.toml"),
    ),
    ("scenarios/library/hosts.toml", include_str!("../../../../scenarios/library/hosts.toml")),
    (
        "scenarios/library/providers.toml",
        include_str!("../../../../scenarios/library/providers.toml"),
    ),
    (
        "scenarios/library/hardware.toml",
        include_str!("../../../../scenarios/library/hardware.toml"),
    ),
    ("scenarios/library/venues.toml", include_str!("../../../../scenarios/library/venues.toml")),
    (
        "scenarios/library/investment.toml",
        include_str!("../../../../scenarios/library/investment.toml"),
    ),
    ("scenarios/library/misuse.toml", include_str!("../../../../scenarios/library/misuse.toml")),
    (
        "scenarios/library/networks.toml",
        include_str!("../../../../scenarios/library/networks.toml"),
    ),
    (
        "scenarios/library/protocol.toml",
        include_str!("../../../../scenarios/library/protocol.toml"),
    ),
];

/// The path of the file under test.
pub const TEST: &str = "scenarios/test.toml";

/// The text of a shipped file.
pub fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| *text)
}

/// Reads shipped files, and `bytes` as the file under test.
pub fn loader(bytes: &[u8]) -> impl Fn(&str) -> Result<Vec<u8>, LoadError> {
    move |path| match text(path) {
        _ if path == TEST => Ok(bytes.to_vec()),
        Some(text) => Ok(text.as_bytes().to_vec()),
        None => Err(LoadError::Missing),
    }
}

/// Loads a shipped file with overrides.
pub fn shipped(path: &str, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    load(path, &loader(b""), &sets).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The lines printed for a text as a file of its own: its problems, or else its warnings.
pub fn lines_of(text: &[u8], sets: &[&str]) -> Vec<String> {
    let sets: Vec<String> = sets.iter().map(|set| set.to_string()).collect();
    let problems = match load(TEST, &loader(text), &sets) {
        Ok(loaded) => loaded.warnings,
        Err(problems) => problems,
    };
    problems.iter().map(ToString::to_string).collect()
}

/// The lines printed for what a file says over the baseline.
pub fn lines_over_baseline(text: &str) -> Vec<String> {
    let head = "question = \"q\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n";
    lines_of(format!("{head}{text}").as_bytes(), &[])
}
