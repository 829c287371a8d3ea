//! What a report says beyond the numbers of its run: what was asked, and what it leans on.

use crate::manifest::Manifest;
use crate::report::{Assumed, Context, Place};
use scenario::sources::Source;
use scenario::{LoadSheet, Loaded, Region, Scenario, Sources};
use units::RegionId;

/// The ledger of assumptions that this code was built with.
const SOURCES: &[u8] = include_bytes!("../../scenarios/sources.toml");

/// The context of a run's report.
pub fn context(loaded: &Loaded, manifest: &Manifest) -> Context {
    let scenario = &loaded.scenario;
    Context {
        scenario: scenario.name.clone(),
        question: scenario.question.clone(),
        expectation: scenario.expectation.clone(),
        regions: regions(scenario),
        price_book: scenario.price_books[scenario.price_book].name.clone(),
        seed: manifest.identity.seed,
        digest: manifest.digest.clone(),
        is_partial: manifest.is_partial,
        assumed: assumed(loaded),
        load_sheet_text: LoadSheet::of(scenario).to_string(),
        warnings: loaded.warnings.iter().map(ToString::to_string).collect(),
    }
}

/// The regions in use, in the order of the scenario.
fn regions(scenario: &Scenario) -> Vec<Place> {
    let all = (0u16..).map(RegionId).zip(&scenario.regions);
    let used = all.filter(|(id, _)| scenario.is_region_in_use(*id));
    let place = |region: &Region| Place {
        region: region.name.clone(),
        city: region.city.clone(),
        utc_offset_minutes: region.utc_offset_minutes,
    };
    used.map(|(_, region)| place(region)).collect()
}

/// The assumed values that a run of the scenario leans on, as the scenario has them.
fn assumed(loaded: &Loaded) -> Vec<Assumed> {
    let sources = Sources::parse("scenarios/sources.toml", SOURCES)
        .expect("the ledger was built in, and a test reads it");
    let entry = |source: &Source| Assumed {
        key: source.key.clone(),
        value: value(loaded, source),
        source: source.source.clone(),
    };
    let in_force = loaded.leaves.iter().filter(|(key, _)| loaded.scenario.is_in_force(key));
    let leaves: Vec<_> = in_force.cloned().collect();
    sources.assumed(&leaves).into_iter().map(entry).collect()
}

/// The scenario's own value, which `--set` may have changed; the ledger's words for a table.
fn value(loaded: &Loaded, source: &Source) -> String {
    let own = loaded.leaves.iter().find(|(key, _)| *key == source.key);
    own.map_or_else(|| source.value.clone(), |(_, value)| value.trim_matches('"').to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;
    use std::path::Path;

    #[test]
    fn the_ledger_that_is_built_in_can_be_read() {
        let sources = Sources::parse("scenarios/sources.toml", SOURCES).unwrap();
        assert!(!sources.rows.is_empty());
    }

    #[test]
    fn only_regions_in_use_are_explained() {
        let regions = |sets: &[&str]| -> Vec<String> {
            let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
            let loaded = load(Path::new("scenarios/baseline.toml"), &sets).unwrap();
            regions(&loaded.scenario).into_iter().map(|place| place.city).collect()
        };
        let used = regions(&[]);
        assert_eq!((used.len(), used[0].as_str()), (13, "Washington"));
        assert!(!used.contains(&"Johannesburg".to_string()));
        assert!(regions(&["chain.sequencer=af"]).contains(&"Johannesburg".to_string()));
    }

    #[test]
    fn only_what_the_run_leans_on_is_listed_with_its_own_value() {
        let keys = |sets: &[&str]| -> Vec<(String, String)> {
            let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
            let loaded = load(Path::new("scenarios/baseline.toml"), &sets).unwrap();
            assumed(&loaded).into_iter().map(|entry| (entry.key, entry.value)).collect()
        };
        let pair = |key: &str, value: &str| (key.to_string(), value.to_string());
        let (book, value) = ("price_books.vast_2026.l40s", "1.277 USD/GPU-h");
        let baseline = keys(&["tenants.count=7"]);
        assert!(!baseline.contains(&pair(book, value)));
        assert!(baseline.contains(&pair("tenants.count", "7")));
        assert!(keys(&["price_book=vast_2026"]).contains(&pair(book, value)));
    }
}
