//! What calls cost, as scenarios say it.

use mechanism::gas::{CallSize, FeeRule, Gas, Wei};
use scenario::{CallKind, LoadError, Loaded, Problem};

fn load(sets: &[&str]) -> Result<Loaded, Vec<Problem>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/");
    let loader =
        |path: &str| std::fs::read(format!("{folder}{path}")).map_err(|_| LoadError::Missing);
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_string()).collect();
    scenario::load("baseline.toml", &loader, &sets)
}

fn problem(sets: &[&str]) -> String {
    let problems = load(sets).expect_err("that is a mistake");
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn gas_is_free_unless_it_is_charged_and_leases_wait_for_nothing() {
    let scenario = load(&[]).expect("the baseline is valid").scenario;
    assert!(!scenario.gas.is_charged);
    assert!(!scenario.chain.finality.is_awaited);
    assert!(!scenario.is_in_force("chain_profile.orbit.gas.fee_min"));
    assert!(!scenario.is_in_force("gas.call.order"));
    assert!(scenario.is_in_force("gas.is_charged"));
    let charged = load(&["gas.is_charged=true"]).expect("it is valid").scenario;
    assert!(charged.is_in_force("chain_profile.orbit.gas.nitro.speed"));
    assert!(!charged.is_in_force("chain_profile.base.gas.fee_min"));
    assert!(charged.is_in_force("gas.call.order"));
}

#[test]
fn a_batch_waits_for_an_era_at_most() {
    let message = problem(&["gas.settle_every=2 d"]);
    assert!(message.contains("gas.settle_every: is longer than an era"), "{message}");
}

#[test]
fn every_chain_has_its_own_rule() {
    let rule = |profile: &str| {
        let set = format!("chain.profile={profile}");
        load(&[&set]).expect("it is valid").scenario.chain.gas.rule
    };
    assert!(matches!(rule("orbit"), FeeRule::Nitro(nitro) if nitro.fee_min == Wei(20_000_000)));
    assert!(matches!(rule("base"), FeeRule::Eip1559(rule) if rule.fee == Wei(2_000_000)));
    assert_eq!(rule("instant"), FeeRule::Zero);
    let flat = load(&["chain_profile.orbit.gas.rule=flat"]).expect("it is valid").scenario;
    assert_eq!(flat.chain.gas.rule, FeeRule::Flat(Wei(20_000_000)));
}

#[test]
fn a_settlement_alone_costs_what_a_close_does_and_a_batch_shares_its_base() {
    let gas = load(&[]).expect("the baseline is valid").scenario.gas;
    let alone = gas.settlement.per_entry_rounded_up(1);
    assert_eq!(alone, Some(CallSize { gas: Gas(150_000), bytes: 200 }));
    let of_ten = gas.settlement.per_entry_rounded_up(10);
    assert_eq!(of_ten, Some(CallSize { gas: Gas(37_500), bytes: 92 }));
    assert_eq!(gas.size(CallKind::Order), CallSize { gas: Gas(250_000), bytes: 200 });
}

#[test]
fn mistakes_tell_their_remedy() {
    let cases: [(&[&str], &str); 6] = [
        (
            &["chain.profile=instant", "chain_profile.instant.gas.rule=nitro"],
            "moves from block to block, and there are none; write zero or flat",
        ),
        (&["gas.data_fee=2000 gwei"], "is above 1000 gwei; lower it"),
        (&["gas.coin=3000 EUR"], "USD"),
        (
            &["gas.call.match=20000000", "chain_profile.orbit.gas.block_limit=10000000"],
            "has a call of 20000000 gas, more than a block holds; lower it",
        ),
        (&["chain_profile.orbit.gas.fee_min=0 wei"], "is zero; write a fee above zero"),
        (&["chain.lease_waits_for=never"], "soft"),
    ];
    for (sets, remedy) in cases {
        let told = problem(sets);
        assert!(told.contains(remedy), "{sets:?}: {told}");
    }
}
