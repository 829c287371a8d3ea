//! What a report says beyond the numbers of its run: what was asked, and what it leans on.

use crate::manifest::Manifest;
use crate::report::{Assumed, Context};
use scenario::sources::Source;
use scenario::{LoadSheet, Loaded, Sources};

/// The ledger of assumptions that this code was built with.
const SOURCES: &[u8] = include_bytes!("../../scenarios/sources.toml");

/// The context of a run's report.
pub fn context(loaded: &Loaded, manifest: &Manifest) -> Context {
    let scenario = &loaded.scenario;
    Context {
        scenario: scenario.name.clone(),
        question: scenario.question.clone(),
        expectation: scenario.expectation.clone(),
        price_book: scenario.price_books[scenario.price_book].name.clone(),
        seed: manifest.identity.seed,
        digest: manifest.digest.clone(),
        is_partial: manifest.is_partial,
        assumed: assumed(loaded),
        load_sheet_text: LoadSheet::of(scenario).to_string(),
        warnings: loaded.warnings.iter().map(ToString::to_string).collect(),
    }
}

/// The assumed values of the scenario, as it has them.
fn assumed(loaded: &Loaded) -> Vec<Assumed> {
    let sources = Sources::parse("scenarios/sources.toml", SOURCES)
        .expect("the ledger was built in, and a test reads it");
    let entry = |source: &Source| Assumed {
        key: source.key.clone(),
        value: value(loaded, source),
        source: source.source.clone(),
    };
    sources.assumed(&loaded.leaves).into_iter().map(entry).collect()
}

/// The scenario's own value, which `--set` may have changed; the ledger's words for a table.
fn value(loaded: &Loaded, source: &Source) -> String {
    let own = loaded.leaves.iter().find(|(key, _)| *key == source.key);
    own.map_or_else(|| source.value.clone(), |(_, value)| value.trim_matches('"').to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_that_is_built_in_can_be_read() {
        let sources = Sources::parse("scenarios/sources.toml", SOURCES).unwrap();
        assert!(!sources.rows.is_empty());
    }
}
