//! The committee as a whole: does a stale or censoring operator see what it should, is a wrong
//! signature paid for, and does a missed quorum end as declared?

mod support;

use metrics::Summary;
use support::{digest, rows, run, scenario, summary};
use world::{Options, Search};

fn value(summary: &Summary, path: &str) -> f64 {
    summary.get(path).unwrap_or_else(|| panic!("{path} has a value"))
}

fn of_operator(summary: &Summary, operator: &str, count: &str) -> f64 {
    value(summary, &format!("committee.operators.{operator}.{count}"))
}

fn answered(summary: &Summary, operator: &str, count: &str) -> u64 {
    of_operator(summary, operator, count) as u64
}

/// Every kind of view at once: late by little and by much, without regions and without addresses.
const VIEWS: [&str; 8] = [
    "clock.horizon=1 d",
    "committee.view_lag=3 s",
    "committee.operator.nae.view_lag=0 s",
    "committee.operator.euc.view_lag=10 min",
    "committee.operator.apse.censors={providers_from=[\"nae\", \"naw\"]}",
    "committee.operator.naw.censors={providers=\"30 %\"}",
    "committee.operator.nac.view_lag=0 s",
    "committee.quorum=3000 bp",
];

/// Jobs of a minute on machines of eight GPUs: capacity grows and shrinks within bid windows.
const CHURN: [&str; 6] = [
    "clock.warm_up=0 d",
    "clock.horizon=3 h",
    "chain.profile=base",
    "class.secured.fine_tune.share=85 %",
    "class.secured.training={share=\"0 %\"}",
    "class.secured.fine_tune.duration={law=\"lognormal\", median=\"60 s\", sigma=0.5, min=\"20 s\", max=\"5 min\"}",
];

/// The answers of operators, and all rows held equal however they are computed.
fn answers_either_way(sets: &[&str]) -> Summary {
    let market = scenario("small", sets);
    let lazy = rows(&market, 5, Options::default());
    let eager = Options { search: Search::Eager, ..Options::default() };
    let eager = rows(&market, 5, eager);
    assert_eq!(lazy.1.digest, eager.1.digest);
    assert_eq!(lazy.0.orders, eager.0.orders);
    assert_eq!(lazy.0.others, eager.0.others, "operators' answers among them");
    summary(&market, 5)
}

#[test]
fn a_view_from_its_changes_is_the_view_from_a_whole_copy() {
    for sets in [VIEWS.to_vec(), [&VIEWS[1..], &CHURN[..]].concat()] {
        let answers = answers_either_way(&sets);
        for operator in ["euc", "apse", "naw", "euw"] {
            let deviating = answered(&answers, operator, "deviating");
            assert!(deviating >= 1, "{operator} sees something else now and then: {deviating}");
        }
        assert_eq!(answered(&answers, "nae", "deviating"), 0, "who sees everything does not");
    }
}

#[test]
fn operators_who_are_late_together_agree_on_what_is_gone() {
    let fresh = summary(&scenario("small", &["clock.horizon=1 d"]), 3);
    let sets = ["clock.horizon=1 d", "committee.view_lag=10 min"];
    let late = summary(&scenario("small", &sets), 3);
    assert_eq!(value(&late, "committee.rounds_missed") as u64, 0, "they all see the same");
    let draws = |summary: &Summary| value(summary, "orders.draws_per_match");
    assert!(draws(&late) > 1.05 * draws(&fresh), "{} and {}", draws(&late), draws(&fresh));
}

#[test]
fn a_wrong_signature_costs_stake_and_staleness_does_not() {
    let sets = ["committee.operator.naw.wrong_digest=2 %", "committee.operator.euc.view_lag=5 min"];
    let market = scenario("small", &sets);
    let answers = summary(&market, 1);
    assert!(answered(&answers, "euc", "deviating") > 10);
    assert_eq!(answered(&answers, "euc", "slashes"), 0);
    let slashes = answered(&answers, "naw", "slashes");
    assert!(slashes > 5, "{slashes}");
    assert_eq!(answered(&answers, "naw", "wrong"), slashes);
    assert!(of_operator(&answers, "naw", "stake_share") < 0.14, "its vote is lighter");
    assert!(of_operator(&answers, "nac", "stake_share") > 0.08, "that of the others is heavier");
    let lost = of_operator(&answers, "naw", "slashed_spon");
    let flows = answers.flows.iter().filter(|flow| flow.from == "operator_stake");
    let posted: f64 = flows.map(|flow| flow.amount).sum();
    assert!((posted - lost).abs() < 1e-6 * lost, "the books say so too: {posted}, {lost}");
}

#[test]
fn an_order_fails_when_every_retry_misses_the_quorum() {
    let sets = [
        "clock.horizon=1 d",
        "committee.retries_max=2",
        "committee.operator.nae.offline=100 %",
        "committee.operator.euc.offline=100 %",
    ];
    let (rows, _) = rows(&scenario("small", &sets), 1, Options::default());
    let is_missed = |row: &&String| row.contains("reason: QuorumMissed");
    let failed: Vec<&String> = rows.orders.iter().filter(is_missed).collect();
    assert!(failed.len() > 100, "{}", failed.len());
    for row in failed {
        let parts = ["rounds: 3, retries: 2,", "committee_ns: None", "provider: None"];
        assert!(parts.iter().all(|part| row.contains(part)), "{row}");
    }
    assert!(!rows.orders.iter().any(|row| row.contains("outcome: Started")), "nobody is matched");
}

#[test]
fn slow_operators_delay_the_quorum_that_needs_them() {
    let plain = summary(&scenario("small", &["clock.horizon=1 d"]), 1);
    let delay = "committee.operator.nae.slow={delay=\"800 ms\"}";
    let slow = summary(&scenario("small", &["clock.horizon=1 d", delay]), 1);
    let quorum = |summary: &Summary| value(summary, "latency.parts.quorum.p50");
    // 78 % of the stake remain: the quorum of 66.67 % is reached without it, but later.
    let (before, after) = (quorum(&plain), quorum(&slow));
    assert!(after > before && after < before + 800.0, "{before} and {after} ms");
    let late = "committee.operator.nae.slow={delay=\"3 s\"}";
    let late = summary(&scenario("small", &["clock.horizon=1 d", late]), 1);
    let asked = answered(&late, "nae", "asked");
    assert_eq!(answered(&late, "nae", "late"), asked, "3 s are more than the deadline");
}

#[test]
fn the_books_hold_after_every_event_with_all_faults_at_once() {
    let market = scenario("matching/committee_faults", &["clock.warm_up=0 d", "clock.horizon=1 d"]);
    let audited = Options { audit_every_event: true, ..Options::default() };
    let outcome = run(&market, 1, audited, &mut ());
    assert_eq!(outcome.digest.digest, digest(&market, 1), "and looking changes nothing");
}
