//! What tenants answer with, and how some misbehave, as scenarios say it.

mod shipped;

use shipped::{lines_over_baseline, shipped};
use units::{Ppm, Span};

#[test]
fn tenants_are_honest_unless_a_scenario_says_otherwise() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    assert!(!scenario.tenant_misuse.is_any());
    assert_eq!(scenario.tenant_rules, protocol::TenantRules::default());
    let idle = [
        "tenant_rules.part_funding",
        "tenant_rules.escrow_check",
        "tenant_rules.forfeit",
        "tenant_rules.to_provider",
        "tenant_rules.strikes",
        "tenant_misuse.spam.per_day",
        "tenant_misuse.drain.funds",
        "tenant_misuse.forbidden.gain",
        "tenant_misuse.dispute.errs",
        "tenant_misuse.return.chance",
        "tenant_misuse.return.cost",
    ];
    assert!(idle.iter().all(|key| !scenario.is_in_force(key)));
    assert!(scenario.is_in_force("tenant_rules.surety"));
    let sets = [
        "tenant_misuse.spam.share=1 %",
        "tenant_misuse.drain.share=1 %",
        "tenant_misuse.forbidden.share=1 %",
        "tenant_misuse.dispute.share=1 %",
        "tenant_misuse.return.chance=1 %",
        "tenant_rules.part_funding=2 h",
        "tenant_rules.surety=1 h",
        "tenant_rules.strikes=1",
    ];
    let scenario = shipped("scenarios/baseline.toml", &sets).scenario;
    assert!(idle.iter().all(|key| scenario.is_in_force(key)));
    assert_eq!(scenario.tenant_misuse.shares(), [Ppm(10_000); 4]);
    assert_eq!(scenario.tenant_rules.part_funding, Some(Span::from_hours(2)));
}

#[test]
fn contradictions_are_refused_with_a_remedy() {
    let cases: [(&str, &str); 13] = [
        ("[tenant_misuse.spam]\nshare = \"101 %\"\n", "is too large; write at most 100 %"),
        (
            "[tenant_misuse]\nspam = { share = \"60 %\" }\ndispute = { share = \"41 %\" }\n",
            "tenant_misuse: has shares of 101 % together; keep them at 100 %",
        ),
        ("[tenant_misuse.drain]\nshare = \"1 %\"\n", "under tenant_rules.part_funding nobody may"),
        (
            "[tenant_rules]\npart_funding = \"3 h\"\n[tenant_misuse.drain]\nshare = \"1 %\"\n",
            "drain.funds below tenant_rules.part_funding",
        ),
        ("[tenant_rules]\npart_funding = \"0 s\"\n", "is zero: nobody would have to pay"),
        ("[tenant_misuse.return]\nchance = \"1 %\"\n", "set tenant_rules.strikes to 1 or more"),
        ("[tenant_rules]\nto_provider = \"1 %\"\n", "set surety or forfeit above zero"),
        (
            "[tenant_rules]\nto_provider = \"1 %\"\nsurety = \"1 h\"\n[payment]\nrail = \"burn_mint\"\n",
            "pay by another rail than burn_mint",
        ),
        ("[tenant_rules]\nsurety = \"400 d\"\n", "is longer than a year; write at most"),
        ("[tenant_rules]\nforfeit = \"101 %\"\n", "is too large; write at most 100 %"),
        ("[tenant_rules]\nescrow_check = \"0 s\"\n", "escrow_check: \"0 s\" is zero"),
        (
            "[tenant_misuse.spam]\nshare = \"1 %\"\nper_day = 0.0\n",
            "is zero, and nobody would send anything",
        ),
        ("[tenant_misuse.forbidden]\nfound_after = \"0 s\"\n", "found_after: \"0 s\" is zero"),
    ];
    for (text, expected) in cases {
        let lines = lines_over_baseline(text);
        assert!(lines.iter().any(|line| line.contains(expected)), "{text}: {lines:?}");
    }
}
