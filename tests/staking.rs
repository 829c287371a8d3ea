//! Do stake, slashes, delegators and challengers do in a market what their rules say, and nothing
//! where they are switched off?

mod support;

use metrics::Summary;
use record::{FlowReason, Observer, Row};
use scenario::{LoadError, Scenario, load};
use std::collections::BTreeSet;
use support::{digest, project, run, scenario, summary};
use world::Options;

const SHORT: &str = "clock.horizon=2 d";
/// What providers do wrong, often enough to be seen in a few days.
const OFFENCES: &str = "pool.community.misconduct={ misreported_hardware = 9.0, \
    misreported_region = 9.0, data_misuse = 9.0, wrong_result = 9.0, \
    cheats = \"100 %\" }";

fn metric(summary: &Summary, path: &str) -> f64 {
    summary.get(path).unwrap_or_else(|| panic!("{path} has no value"))
}

/// Which reasons moved anything.
#[derive(Default)]
struct Reasons(BTreeSet<&'static str>);

impl Observer for Reasons {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Flow(flow) = row {
            self.0.insert(flow.reason.name());
        }
    }
}

fn reasons(sets: &[&str]) -> BTreeSet<&'static str> {
    let mut seen = Reasons::default();
    run(&scenario("small", sets), 1, Options::default(), &mut seen);
    seen.0
}

#[test]
fn what_is_switched_off_moves_nothing_and_nobody() {
    let plain = digest(&scenario("small", &[SHORT]), 1);
    for numbers in [
        "delegation.commission=40 %",
        "delegation.sensitivity=99.0",
        "challengers.detection=1 %",
        "challengers.upheld=1 %",
        "challengers.framing=50 %",
        "stake.tokens={ per_gpu = \"9 SPON\" }",
    ] {
        let other = digest(&scenario("small", &[SHORT, numbers]), 1);
        assert_eq!(other, plain, "{numbers} is not in force");
    }
    let seen = reasons(&[SHORT]);
    for reason in [
        FlowReason::Delegated,
        FlowReason::DelegatorReward,
        FlowReason::Unbonded,
        FlowReason::Bounty,
        FlowReason::Compensation,
        FlowReason::SlashReturned,
    ] {
        assert!(!seen.contains(reason.name()), "{}", reason.name());
    }
}

#[test]
fn delegators_stake_earn_and_move() {
    let sets = [
        "clock.horizon=6 d",
        "delegation.delegators=40",
        "delegation.every_eras=2",
        "delegation.sensitivity=50.0",
        "stake.unbonding=2 d",
    ];
    let market = scenario("small", &sets);
    run(&market, 1, Options { audit_every_event: true, ..Options::default() }, &mut ());
    let seen = reasons(&sets);
    for reason in ["delegated", "delegator_reward", "unbonded", "released"] {
        assert!(seen.contains(reason), "{reason}: {seen:?}");
    }
    let found = summary(&market, 1);
    let there = ["stakes.delegated_spon", "stakes.unbonding_spon"].map(|path| metric(&found, path));
    assert!(there[0] > 100_000.0 && there[1] > 0.0, "400,000 less what is on its way: {there:?}");
    assert!(metric(&found, "stakes.delegator_reward_spon") > 0.0);
    // Who moves for nothing but a better yield does not move when yields do not count.
    let calm =
        summary(&scenario("small", &[&sets[..3], &["delegation.sensitivity=0.0"]].concat()), 1);
    assert_eq!(calm.get("stakes.unbonding_spon"), Some(0.0));
    let [yields, calm] = [&found, &calm].map(|one| metric(one, "stakes.delegator_yield_per_year"));
    // Few providers pay much on a small stake: who all run after them dilute what they pay.
    assert!(yields < calm, "{yields} and {calm}");
}

#[test]
fn who_does_wrong_more_often_is_slashed_more_often() {
    let mut before = 0.0;
    for rate in ["1.0", "5.0", "20.0"] {
        let all = OFFENCES.replace("9.0", rate);
        let found = summary(&scenario("small", &[SHORT, &all, "challengers.detection=100 %"]), 1);
        let count = metric(&found, "slashes.count") - metric(&found, "slashes.false_count");
        assert!(count > before, "{rate}: {count} after {before}");
        assert_eq!(found.get("slashes.false_count"), Some(0.0));
        before = count;
    }
}

#[test]
fn challengers_who_collude_keep_silent() {
    let count = |share: &str| {
        let sets = [SHORT, OFFENCES, "challengers.detection=100 %", share];
        metric(&summary(&scenario("small", &sets), 1), "slashes.by_kind.data_misuse.count")
    };
    assert!(count("challengers.colluding=0 %") > 0.0);
    assert!(count("challengers.colluding=100 %") < 1.0);
}

#[test]
fn who_is_accused_for_nothing_gets_it_back_when_the_appeal_is_right() {
    let [right, wrong] = ["challengers.upheld=100 %", "challengers.upheld=0 %"].map(|upheld| {
        let (accused, appeal) = ("challengers.wrong=20 %", "slashing.appeal=1 d");
        let sets = ["clock.horizon=6 d", accused, appeal, "stake.tops_up=never", upheld];
        summary(&scenario("small", &sets), 1)
    });
    let [taken, back] =
        ["slashes.false_spon", "slashes.returned_spon"].map(|path| metric(&right, path));
    assert!(taken > 0.0 && back > 0.6 * taken, "{back} of {taken}: the last are still open");
    assert_eq!(wrong.get("slashes.returned_spon"), Some(0.0));
    let short = |found: &Summary| metric(found, "stakes.short_share_at_end");
    assert!(short(&right) < short(&wrong), "{} {}", short(&right), short(&wrong));
}

#[test]
fn a_lease_that_was_not_kept_costs_stake_and_leads_to_jail() {
    let sets = [
        SHORT,
        "slashing.fault.abandoned_lease.of_stake=10 %",
        "slashing.fault.abandoned_lease.jail=6 h",
        "slashing.destinations.victim=100 %",
    ];
    let market = scenario("small", &sets);
    run(&market, 1, Options { audit_every_event: true, ..Options::default() }, &mut ());
    let found = summary(&market, 1);
    assert!(metric(&found, "slashes.by_kind.abandoned_lease.count") > 10.0);
    assert!(reasons(&sets).contains("compensation"));
    let free = summary(&scenario("small", &sets[..2]), 1);
    assert_ne!(found.orders, free.orders, "who is in jail serves nobody");
}

#[test]
fn who_does_not_top_up_is_passed_over() {
    let sets = ["clock.horizon=4 d", "slashing.fault.abandoned_lease.of_stake=60 %"];
    let share = |tops_up: &str| {
        let found = summary(&scenario("small", &[&sets[..], &[tops_up]].concat()), 1);
        metric(&found, "stakes.short_share_at_end")
    };
    assert!(share("stake.tops_up=always") <= 0.0);
    let [never, pays] = ["stake.tops_up=never", "stake.tops_up=if_it_pays"].map(share);
    assert!(0.0 < pays && pays <= never, "{pays} and {never}");
}

/// Rewards decide nothing about leases, so that a rule about them leaves all leases alone.
#[test]
fn a_cool_down_moves_rewards_and_nothing_else() {
    let [cold, warm] = ["rewards.cool_down=3 h", "rewards.cool_down=0 s"]
        .map(|cool_down| summary(&scenario("small", &[SHORT, cool_down]), 1));
    assert_eq!(cold.orders, warm.orders);
    assert_eq!(cold.leases, warm.leases);
    assert_eq!(warm.get("stakes.cooling_share"), Some(0.0));
    assert!(metric(&cold, "stakes.cooling_share") > 0.01);
}

/// The small market for half a day, under a profile.
fn under(profile: &str) -> Scenario {
    let text = format!(
        "question = \"does it run?\"\nexpectation = \"it does\"\n\
         extends = [\"small.toml\", \"profiles/{profile}\"]\n\
         [clock]\nwarm_up = \"0 d\"\nhorizon = \"36 h\"\n"
    );
    let loader = |path: &str| match path {
        "scenarios/probe.toml" => Ok(text.clone().into_bytes()),
        other => {
            std::fs::read(project(other)).map_err(|why| LoadError::Unreadable(why.to_string()))
        }
    };
    let loaded = load("scenarios/probe.toml", &loader, &[]);
    loaded.unwrap_or_else(|why| panic!("{profile}: {why:?}")).scenario
}

#[test]
fn every_profile_runs_on_the_small_market() {
    let files = std::fs::read_dir(project("scenarios/profiles")).expect("profiles are shipped");
    let mut seen = 0;
    for file in files {
        let name = file.expect("the folder can be read").file_name();
        let market = under(name.to_str().expect("names are text"));
        let options = Options { audit_every_event: true, ..Options::default() };
        assert!(run(&market, 1, options, &mut ()).digest.receipts > 0, "{}", name.display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen}");
}

#[test]
fn the_documented_profile_is_the_default() {
    let plain = scenario("small", &["clock.warm_up=0 d", "clock.horizon=36 h"]);
    assert_eq!(digest(&under("spheron.toml"), 1), digest(&plain, 1));
}
