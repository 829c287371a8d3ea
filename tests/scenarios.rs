//! Every scenario is valid, asks a question, and runs short.

mod support;

use support::{run, scenario_files};
use world::Options;

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
