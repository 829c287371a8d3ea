//! Every scenario is valid, asks a question, and runs short.

mod support;

use std::path::{Path, PathBuf};
use support::{project, run};
use world::Options;

/// All scenario files that stand for themselves: not the parts that others extend.
fn scenario_files() -> Vec<PathBuf> {
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

#[test]
fn every_scenario_is_valid_and_runs_short() {
    let files = scenario_files();
    assert!(files.len() >= 8, "scenarios are found: {files:?}");
    let short = ["clock.warm_up=0 d", "clock.horizon=12 h"].map(String::from);
    for file in files {
        let loaded = orrery::load::load(&file, &short)
            .unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        assert!(loaded.scenario.question.ends_with('?'), "{} asks nothing", file.display());
        assert!(!loaded.scenario.expectation.is_empty(), "{} expects nothing", file.display());
        let outcome = run(&loaded.scenario, 1, Options::default(), &mut ());
        assert!(outcome.digest.receipts > 0, "{}: nothing happened", file.display());
    }
}

#[test]
fn the_effective_scenario_is_the_same_scenario() {
    for file in scenario_files() {
        let first = orrery::load::load(&file, &[]).expect("it is valid");
        let again = orrery::load::load_effective(&first.scenario.name, first.effective.as_bytes())
            .expect("what was printed can be read");
        assert_eq!(again.effective, first.effective, "{}", file.display());
        // Expectations carry the line where they stand, which printing moves.
        let text = |scenario: &scenario::Scenario| {
            let scenario = scenario::Scenario { expects: Vec::new(), ..scenario.clone() };
            format!("{scenario:?}")
        };
        assert_eq!(text(&again.scenario), text(&first.scenario), "{}", file.display());
    }
}
