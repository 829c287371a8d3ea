//! Notice and long contracts, as scenarios say them.

mod shipped;

use shipped::{lines_over_baseline, shipped};
use units::{BasisPoints, Ppm, Span};

const LONG: &str =
    "contract.long = { term = \"30 d\", discount = \"30 %\", termination = \"50 %\" }\n";

#[test]
fn every_lease_is_spot_unless_a_class_says_otherwise() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    assert!(!scenario.contracts.has_notice() && scenario.contracts.long.is_none());
    assert!(scenario.classes.iter().all(|class| class.long_contracts == Ppm::ZERO));
    let long = "contract.long={ term = \"7 d\", discount = \"30 %\", termination = \"50 %\" }";
    let scenario = shipped("scenarios/baseline.toml", &[long]).scenario;
    assert!(!scenario.is_in_force("contract.long.term"), "nobody has one");
    assert!(!scenario.is_in_force("contract.save"), "nobody gives notice");
    assert!(scenario.is_in_force("contract.notice"));
    let share = "class.secured.training.long_contracts=40 %";
    let scenario = shipped("scenarios/baseline.toml", &[long, share]).scenario;
    assert!(scenario.is_in_force("contract.long.term"));
    let contract = scenario.contracts.long.expect("it is declared");
    assert_eq!(contract.term, Span::DAY.times(7));
    assert_eq!((contract.discount, contract.termination), (Ppm(300_000), BasisPoints(5_000)));
}

#[test]
fn contradictions_are_refused_with_their_remedy() {
    let share = "class.secured.training.long_contracts = \"40 %\"\n";
    let long = |table: &str| format!("contract.long = {{ {table} }}\n{share}");
    let cases = [
        (share.to_string(), "asks for what contract.long = \"none\" does not have"),
        (
            long("term = \"30 d\", discount = \"100 %\", termination = \"50 %\""),
            "leaves nothing to pay; write less than \"100 %\"",
        ),
        (
            long("term = \"30 d\", discount = \"30 %\", termination = \"101 %\""),
            "is too large; write at most 100 %",
        ),
        (
            format!(
                "contract.notice = \"2 d\"\n{}",
                long("term = \"1 d\", discount = \"30 %\", termination = \"50 %\"")
            ),
            "is shorter than contract.notice: a spot lease would be as safe",
        ),
        (
            long("term = \"60 d\", discount = \"30 %\", termination = \"50 %\""),
            "is longer than the run: no term ends in it",
        ),
        (
            long("term = \"2 d\", discount = \"30 %\", termination = \"50 %\""),
            "is shorter than any job of secured.training: its term binds nobody",
        ),
        (
            format!("{LONG}class.secured.training.long_contracts = \"140 %\""),
            "is too large; write at most 100 %",
        ),
        (
            format!("{LONG}{share}class.secured.training.speed = {{ scales_from = \"h100\" }}"),
            "are for time, and its jobs are work; write speed = \"fixed\"",
        ),
        ("contract.notice = \"31 d\"".into(), "is longer than 30 days; write less"),
        (
            "contract.notice = \"1 min\"\ncontract.save = \"2 min\"".into(),
            "takes longer than the notice: nothing is saved within it",
        ),
    ];
    for (text, remedy) in cases {
        let said = lines_over_baseline(&text).join("\n");
        assert!(said.contains(remedy) && said.contains("scenarios/test.toml:"), "{text}: {said}");
    }
}
