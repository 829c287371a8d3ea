//! Do rewards, supply and the rules of peers do what they say, and nothing else?

mod support;

use metrics::{Summary, SummaryBuilder};
use orrery::invariants::Invariants;
use scenario::{LoadError, Loaded};
use support::{project, run, scenario};
use world::Options;

const PROFILES: [&str; 5] = ["spheron", "io_net", "aethir", "akash", "render"];
const SHORT: [&str; 2] = ["clock.warm_up=1 d", "clock.horizon=2 d"];

/// A profile over the small market, as a scenario that extends both would be read.
fn over_small(profile: &str, sets: &[&str]) -> Loaded {
    let text = format!(
        "question = \"q?\"\nexpectation = \"e\"\n\
         extends = [\"small.toml\", \"profiles/{profile}.toml\"]\n"
    );
    let loader = |path: &str| match path {
        "scenarios/test.toml" => Ok(text.clone().into_bytes()),
        path => std::fs::read(project(path)).map_err(|_| LoadError::Missing),
    };
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_string()).collect();
    scenario::load("scenarios/test.toml", &loader, &sets)
        .unwrap_or_else(|problems| panic!("{profile}: {problems:#?}"))
}

fn summary(market: &scenario::Scenario) -> Summary {
    let mut watch = (SummaryBuilder::new(world::names(market)), Invariants::on(market.payment));
    run(market, 1, Options::default(), &mut watch);
    for finding in watch.1.finish() {
        assert_eq!(finding.breach, None, "{}", finding.invariant);
    }
    watch.0.finish()
}

fn small(sets: &[&str]) -> Summary {
    summary(&scenario("small", &[&SHORT[..], sets].concat()))
}

#[test]
fn the_rules_of_every_peer_run_over_the_small_market() {
    for profile in PROFILES {
        let sets: &[&str] = match profile {
            "render" => &["clock.horizon=7 d"],
            _ => &SHORT,
        };
        let loaded = over_small(profile, sets);
        let economy = summary(&loaded.scenario).economy;
        let (emitted, paid) = (economy.emitted_spon, economy.distributed_spon);
        assert!(paid <= emitted, "{profile}");
        assert_eq!(paid == 0.0, profile == "akash", "{profile}: {paid}");
        let mints = matches!(profile, "io_net" | "render");
        assert_eq!(economy.minted_spon > 0.0, mints, "{profile}: {}", economy.minted_spon);
    }
}

/// 95 % of every hour's reward goes to data centres, whatever they are.
#[test]
fn the_pools_of_io_net_are_95_to_5() {
    let market = over_small("io_net", &SHORT).scenario;
    let summary = summary(&market);
    let total = |pool: &str| {
        let earnings = summary.earnings_by_pool.iter().find(|(name, _)| *name == pool);
        let earnings = earnings.expect("both pools have earnings").1;
        earnings.reward.expect("both are paid") * earnings.gpu_days
    };
    let share = total("secured") / (total("secured") + total("community"));
    assert!((share - 0.95).abs() < 1e-6, "{share}");
}

/// Without rewards all orders, leases and payments are those of the run with them, once slashes do
/// not go by the reward of the time that was lost: a slash is seen by matching.
#[test]
fn rewards_that_are_off_leave_the_market_as_it_was() {
    let free = "slashing.fault.downtime_in_lease.lost_reward=0.0";
    let (with, without) = (small(&[free]), small(&[free, "rewards.mode=off"]));
    assert_eq!(with.orders, without.orders);
    assert_eq!(with.leases, without.leases);
    assert!(with.economy.distributed_spon > 0.0);
    assert!(without.economy.distributed_spon.abs() < f64::EPSILON);
    assert_eq!(without.earnings_all.reward, Some(0.0));
    assert_eq!(with.earnings_all.lease_income, without.earnings_all.lease_income);
}

/// The token table says where tokens are; it moves nothing of the market.
#[test]
fn the_token_table_changes_no_headline() {
    let (with, without) = (small(&[]), small(&["supply.is_declared=false"]));
    let values = |summary: &Summary| -> Vec<_> {
        summary.headline().into_iter().map(|headline| (headline.path, headline.value)).collect()
    };
    assert_eq!(values(&with), values(&without));
    assert_eq!(with.economy.supply_spon, Some(1e9));
    let spent = with.economy.distributed_spon - without.economy.distributed_spon;
    // The age of the schedule moves a remainder of a division from era to era.
    assert!(spent.abs() < 1e-9, "{spent}");
}
