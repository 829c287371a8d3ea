//! What may be declared of the committee, and what is said about mistakes.

mod shipped;

use scenario::{Censors, Slow};
use shipped::{lines_over_baseline, shipped};
use units::{Ppm, RegionSet, Span, Spon};

const BASELINE: &str = "scenarios/baseline.toml";

fn line(text: &str) -> String {
    let lines = lines_over_baseline(text);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.into_iter().next().expect("there is one").replace("scenarios/test.toml:", "")
}

#[test]
fn nothing_is_wrong_with_an_operator_unless_it_is_declared() {
    let committee = shipped(BASELINE, &[]).scenario.committee;
    assert_eq!(committee.operators.len(), 7);
    for operator in &committee.operators {
        assert_eq!(operator.view_lag, Span::ZERO);
        assert_eq!((operator.offline, operator.wrong_digest), (Ppm::ZERO, Ppm::ZERO));
        assert_eq!((operator.slow.factor_hundredths, operator.slow.delay), (100, Span::ZERO));
        assert_eq!(operator.censors, None);
    }
    let posted: i128 =
        committee.operators.iter().map(|one| committee.posted_rounded_down(one).base()).sum();
    assert_eq!(posted, 10_000_000 * Spon::ONE.base());
}

#[test]
fn faults_are_read_as_declared() {
    let sets = [
        "committee.view_lag=2 s",
        "committee.operator.nae.view_lag=5 s",
        "committee.operator.nae.offline=5 %",
        "committee.operator.euc.wrong_digest=1 %",
        "committee.operator.euc.slow={factor=2.5, delay=\"300 ms\"}",
        "committee.operator.apse.censors={tenants=\"10 %\", providers_from=[\"nae\", \"euc\"]}",
    ];
    let loaded = shipped(BASELINE, &sets).scenario;
    let [nae, euc, apse, ..] = &loaded.committee.operators[..] else { panic!("there are seven") };
    assert_eq!((nae.name.as_str(), nae.view_lag), ("nae", Span::from_secs(5)));
    assert_eq!((nae.offline, euc.offline), (Ppm(50_000), Ppm::ZERO));
    assert_eq!((euc.view_lag, euc.wrong_digest), (Span::from_secs(2), Ppm(10_000)));
    let Slow { factor_hundredths, delay } = euc.slow;
    assert_eq!((factor_hundredths, delay), (250, Span::from_millis(300)));
    let places = loaded.regions.iter().enumerate();
    let both = places.filter(|(_, region)| ["nae", "euc"].contains(&region.name.as_str()));
    let bits = both.fold(0, |bits, (place, _)| bits | 1 << place);
    let censors =
        Censors { providers_from: RegionSet(bits), tenants: Ppm(100_000), ..Censors::NOBODY };
    assert_eq!(apse.censors, Some(censors));
}

#[test]
fn mistakes_tell_their_remedy() {
    let cases = [
        (
            "committee.operator.nae.censors.tenants_from = [\"naee\"]",
            "4: committee.operator.nae.censors.tenants_from[1]: \"naee\" is no known region; \
             did you mean nae?",
        ),
        (
            "committee.operator.nae.censors.tenants = \"0 %\"",
            "4: committee.operator.nae.censors: censors nobody; write tenants_from, \
             providers_from, tenants, providers, or remove it",
        ),
        (
            "committee.operator.nae.slow.factor = 1.0",
            "4: committee.operator.nae.slow: slows nothing down; write a factor above 1, \
             a delay, or remove it",
        ),
        (
            "committee.operator.nae.asleep = \"5 %\"",
            "4: committee.operator.nae.asleep: \"5 %\" is not a known key; remove it",
        ),
        (
            "committee.view_lag = \"2 h\"",
            "4: committee.view_lag: \"2 h\" is longer than an hour; write at most \"1 h\"",
        ),
        (
            "committee.deadline = \"0 s\"",
            "4: committee.deadline: \"0 s\" is zero; write a time above zero",
        ),
        (
            "committee.retries_max = 61",
            "4: committee.retries_max: \"61\" is out of range; write a whole number from 0 to 60",
        ),
        (
            "committee.stake = \"0 SPON\"",
            "4: committee: has a stake of 0 SPON; write 1 to 100000000000",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(line(text), expected);
    }
}
