//! What whole-system tests share: loading a scenario, running it, keeping its rows.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod watch;

use metrics::{Summary, SummaryBuilder};
use orrery::load;
use record::{Observer, Row};
use scenario::{Loaded, Scenario};
use std::path::{Path, PathBuf};
use world::{Options, Outcome, Simulation};

/// A path of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A shipped scenario, with overrides in the form of `--set`.
pub fn loaded(name: &str, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
    load::load(&project(&format!("scenarios/{name}.toml")), &sets)
        .unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// All scenario files that stand for themselves: not the parts that others extend.
pub fn scenario_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&project("scenarios"), &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let is_toml = path.extension().is_some_and(|end| end == "toml");
        if path.is_dir() {
            collect(&path, files);
        } else if is_toml && asks(&path) {
            files.push(path);
        }
    }
}

/// Whether a file asks a question, in its first line or as a key; a part of scenarios does neither.
fn asks(path: &Path) -> bool {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    text.starts_with("# Question:") || text.lines().any(|line| line.starts_with("question"))
}

/// The scenario alone.
pub fn scenario(name: &str, sets: &[&str]) -> Scenario {
    loaded(name, sets).scenario
}

/// Runs to the end with `observer` watching, and finds that the auditor has nothing to say.
pub fn run(
    scenario: &Scenario,
    seed: u64,
    options: Options,
    observer: &mut dyn Observer,
) -> Outcome {
    let mut simulation = Simulation::new(scenario, seed, options);
    assert!(simulation.advance(u64::MAX, observer), "the run reaches its end");
    let outcome = simulation.finish(observer);
    assert_eq!(outcome.findings, [], "seed {seed}: the auditor's books differ");
    outcome
}

/// The digest of a run that nobody watches.
pub fn digest(scenario: &Scenario, seed: u64) -> String {
    run(scenario, seed, Options::default(), &mut ()).digest.digest
}

/// The summary of a run.
pub fn summary(scenario: &Scenario, seed: u64) -> Summary {
    let mut builder = SummaryBuilder::new(world::names(scenario));
    run(scenario, seed, Options::default(), &mut builder);
    builder.finish()
}

/// Keeps every row as text, table by table.
#[derive(Default)]
pub struct Rows {
    /// Orders.
    pub orders: Vec<String>,
    /// Leases.
    pub leases: Vec<String>,
    /// Everything else.
    pub others: Vec<String>,
    /// Whether bids are wanted.
    pub with_bids: bool,
    /// Bids.
    pub bids: Vec<record::BidRow>,
}

impl Observer for Rows {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Order(row) => self.orders.push(format!("{row:?}")),
            Row::Lease(row) => self.leases.push(format!("{row:?}")),
            Row::Bid(row) => self.bids.push(*row),
            other => self.others.push(format!("{other:?}")),
        }
    }

    fn wants_sample(&self) -> bool {
        self.with_bids
    }

    fn wants_unmatched(&self) -> bool {
        self.with_bids
    }
}

/// All rows of a run.
pub fn rows(scenario: &Scenario, seed: u64, options: Options) -> (Rows, Outcome) {
    let mut rows = Rows::default();
    let outcome = run(scenario, seed, options, &mut rows);
    (rows, outcome)
}
