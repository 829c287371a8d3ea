//! Scenarios from files.

use crate::error::RunError;
use crate::files;
use crate::manifest::Identity;
use metrics::{CardFacts, Promise, SummaryBuilder, WorkFacts};
use scenario::{Card, Class, LoadError, Loaded, Scenario, ServiceLevel, Variant};
use std::io::ErrorKind;
use std::path::Path;
use units::SimTime;

/// Reads and validates a scenario with what it extends and what `--set` changes.
pub fn load(path: &Path, sets: &[String]) -> Result<Loaded, RunError> {
    let path = path.to_string_lossy().replace('\\', "/");
    let loaded = scenario::load(&path, &read, sets).map_err(RunError::Scenario)?;
    let metrics = summary_of(&loaded.scenario).finish().metric_paths();
    let unknown = loaded.unknown_metrics(&metrics);
    if unknown.is_empty() { Ok(loaded) } else { Err(RunError::Scenario(unknown)) }
}

/// Reads a variant of a scenario that was read with `sets` before: what is new in its problems
/// comes from the variant's own, and is said to be of it.
pub fn load_variant(path: &Path, sets: &[String], variant: &Variant) -> Result<Loaded, RunError> {
    load(path, &[sets, &variant.sets].concat()).map_err(|error| {
        let RunError::Scenario(mut problems) = error else { return error };
        for problem in problems.iter_mut().filter(|problem| problem.file == "--set") {
            problem.file = format!("{}: variant {}", path.display(), variant.name);
        }
        RunError::Scenario(problems)
    })
}

/// Reads a scenario from its effective text, which extends nothing.
pub fn load_effective(name: &str, text: &[u8]) -> Result<Loaded, RunError> {
    let own = format!("{name}.toml");
    let read = |path: &str| if path == own { Ok(text.to_vec()) } else { Err(LoadError::Missing) };
    scenario::load(&own, &read, &[]).map_err(RunError::Scenario)
}

/// Which run a scenario and a seed are.
pub fn identity(loaded: &Loaded, seed: u64) -> Identity {
    Identity {
        scenario: loaded.scenario.name.clone(),
        scenario_hash: files::sha256(loaded.effective.as_bytes()),
        seed,
    }
}

/// An empty summary of a run of `scenario`, from rows as they come or read back from tables. It
/// already has every metric that the run's will have.
pub fn summary_of(scenario: &Scenario) -> SummaryBuilder {
    let in_force = &scenario.price_books[scenario.price_book];
    let books = scenario.price_books.iter();
    let ratios = books.map(|book| (book.name.clone(), book.ratios_to(in_force))).collect();
    let cards = scenario.cards.iter().map(|card| facts(scenario, card)).collect();
    let speeds = scenario.cards.iter().map(|card| f64::from(card.speed_gflops)).collect();
    let references = scenario.classes.iter().map(|class| class.reference).collect();
    let end = SimTime::ZERO + scenario.clock.total();
    SummaryBuilder::new(world::names(scenario))
        .with_price_books(ratios)
        .with_cards(cards, scenario.hardware.life_years())
        .with_promises(scenario.classes.iter().map(promise).collect(), end)
        .with_work(WorkFacts { speeds, references })
}

/// What a summary knows of a card. It is sold for what age leaves of it; generations that a
/// scenario declares for its run say nothing of the years after.
fn facts(scenario: &Scenario, card: &Card) -> CardFacts {
    let left = scenario.hardware.ageing.left_nano_rounded(scenario.hardware.life);
    let price_usd = card.price.as_f64();
    CardFacts {
        price_usd,
        salvage_usd: price_usd * left as f64 / 1e9,
        labels: scenario.pools.iter().map(|pool| card.label.of(pool.rules)).collect(),
    }
}

/// What a summary knows of a class's service level.
fn promise(class: &Class) -> Promise {
    let ServiceLevel { started, finished, available } = class.service_level;
    Promise {
        started: started.map(|one| (one.share.as_f64(), one.within.as_hours_f64())),
        finished: finished.map(|one| (one.share.as_f64(), one.times)),
        available: available.map(units::Ppm::as_f64),
    }
}

fn read(path: &str) -> Result<Vec<u8>, LoadError> {
    let path = Path::new(path);
    files::read(path).and_then(|bytes| files::unpacked(path, bytes)).map_err(|error| {
        match error.cause.kind() {
            ErrorKind::NotFound => LoadError::Missing,
            _ => LoadError::Unreadable(error.cause.to_string()),
        }
    })
}
