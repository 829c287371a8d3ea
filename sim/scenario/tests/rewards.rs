//! Rewards, emission and supply: what is read, what is refused, and what a run leans on.

mod shipped;

use mechanism::emission::{LinearPool, Schedule};
use protocol::{Beneficiary, RewardMode};
use scenario::Scenario;
use shipped::{lines_over_baseline, shipped};
use units::{BasisPoints, Spon};

fn baseline(sets: &[&str]) -> Scenario {
    shipped("scenarios/baseline.toml", sets).scenario
}

fn line(text: &str) -> String {
    let lines = lines_over_baseline(text);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.into_iter().next().expect("there is one")
}

fn base(whole: u128) -> u128 {
    whole * Spon::ONE.base().unsigned_abs()
}

#[test]
fn the_published_table_adds_up_and_is_as_old_as_the_token() {
    let market = baseline(&[]);
    let granted: u128 = market.supply.grants.iter().map(|one| one.allocation.granted()).sum();
    assert_eq!(granted, base(1_000_000_000));
    assert_eq!((market.supply.age, market.emission.rules.first_era), (160, 160));
    let pool = LinearPool { pool: base(240_000_000), eras: 1_461 };
    assert_eq!(market.emission.rules.schedule, Schedule::LinearPool(pool));
    let rewards = market.supply.grants.iter();
    let mut rewards = rewards.filter(|grant| grant.beneficiary == Beneficiary::Rewards);
    let locked = rewards.next().expect("rewards have a grant").allocation.locked(160);
    assert_eq!(locked, pool.pool - pool.cumulative(160), "what is left is what will be emitted");
    assert_eq!(market.emission.pool.base().unsigned_abs(), locked);
}

#[test]
fn times_are_whole_eras_of_any_length() {
    let hourly = baseline(&["rewards.era=1 h", "rewards.challenges=1", "rewards.cool_down=0 s"]);
    assert_eq!(hourly.supply.age, 160 * 24);
    let Schedule::LinearPool(pool) = hourly.emission.rules.schedule else { panic!("the default") };
    assert_eq!(pool.eras, 1_461 * 24);
}

#[test]
fn every_schedule_and_every_mode_is_chosen_by_its_word() {
    let schedules = "linear_pool halving exponential baseline bonding bonding_pull damped table \
                     usd_target none";
    for word in schedules.split_whitespace() {
        let market = baseline(&[&format!("emission.schedule={word}")]);
        assert_eq!(market.emission.rules.schedule.name(), word);
        assert_eq!(market.is_in_force("emission.halving.first"), word == "halving");
    }
    for word in "points usd_floor revenue_match utilization_gap payer_band off".split(' ') {
        let market = baseline(&[&format!("rewards.mode={word}")]);
        assert_eq!(market.rewards.mode.name(), word);
        assert_eq!(market.is_in_force("rewards.payer_band.floor"), word == "payer_band");
    }
    let band = baseline(&["rewards.mode=payer_band"]).rewards.mode;
    let (floor, ceiling) = (BasisPoints(5_000), BasisPoints(30_000));
    assert_eq!(band, RewardMode::PayerBand { floor, ceiling });
}

#[test]
fn a_supply_that_is_not_declared_leaves_the_pool_alone() {
    let market = baseline(&["supply.is_declared=false"]);
    assert!(!market.supply.is_declared());
    assert!(!market.is_in_force("supply.allocation.team.share"));
    assert!(market.emission.pool > Spon::ZERO);
}

#[test]
fn mistakes_tell_their_remedy() {
    for (text, expected) in [
        ("rewards.mode = \"point\"", "did you mean points?"),
        ("emission.schedule = \"halfing\"", "did you mean halving?"),
        ("rewards.utilization_gap.full_at = \"0 %\"", "is no share of GPU-time"),
        ("rewards.payer_band = { floor = 4.0, ceiling = 3.0 }", "is above ceiling; lower it"),
        ("rewards.split = { provider = \"95 %\", fizz = \"6 %\" }", "adds up to 101 %"),
        ("rewards.usd_floor.per_gpu_hour = \"101 USD/GPU-h\"", "is more than \"100 USD/GPU-h\""),
        ("rewards.milestone.uptime.share = \"60 %\"", "is more than half of the budget"),
        ("emission.damped.keep = \"100 %\"", "keeps all of it"),
        ("emission.linear_pool.length = \"1 h\"", "is 0 eras; write a time of 1 to"),
        ("emission.table.amounts = [\"1 SPON\", \"2 USD\"]", "emission.table.amounts[2]"),
        ("emission.bonding_pull.lowest = \"30 %\"", "is above highest; lower it"),
        ("emission.bonding_pull.target = \"0 %\"", "is nothing; write a share"),
        ("supply.allocation.team.share = \"20 %\"", "adds up to 98.6 %; make the shares"),
        ("supply.allocation.team.to = \"nobody\"", "is not one of its words"),
        ("supply.total = \"1000000000000 SPON\"", "is above 1e11 SPON; lower it"),
    ] {
        let line = line(text);
        assert!(line.contains(expected), "{text}: {line}");
    }
}

#[test]
fn a_pool_that_was_not_granted_is_told() {
    let of = |text: &str| lines_over_baseline(&format!("emission.linear_pool.pool = {text}"));
    assert_eq!(of("\"240000000 SPON\""), Vec::<String>::new());
    let told = line("emission.linear_pool.pool = \"240000001 SPON\"");
    let what = "warning: emission.linear_pool: emits 240000001 SPON, and 240000000 are granted";
    assert!(told.contains(what), "{told}");
    let free = "supply.is_declared = false\nemission.linear_pool.pool = \"500000000 SPON\"";
    assert_eq!(lines_over_baseline(free), Vec::<String>::new(), "outside there is no grant");
}
