//! Pledges against the examples of the networks that they are taken from.

use mechanism::pledge::{PowerFacts, PowerPledge, by_model_rounded_up, per_gpu_rounded_up};
use units::{BasisPoints, GpuCount, Ppm, Spon};

fn whole(tokens: i128) -> Spon {
    Spon::from_base(tokens * Spon::ONE.base())
}

/// protocol.md 4.2: eight H100, and four 4070 with the old multiplier and with the listed one.
#[test]
fn oracle_io_net_stake_by_gpu() {
    let pledge = |multiplier, gpus| per_gpu_rounded_up(whole(200), Ppm(multiplier), GpuCount(gpus));
    assert_eq!(pledge(10_000_000, 8), whole(16_000));
    assert_eq!(pledge(1_000_000, 4), whole(800));
    assert_eq!(pledge(1_500_000, 4), whole(1_200));
    assert_eq!(pledge(750_000, 1), whole(200), "a multiplier below one counts as one");
    assert_eq!(pledge(750_000, 0), whole(0));
}

/// The cases of Filecoin's own tests of FIP-0081: power 2^36 of a baseline of 2^37 and a network of
/// 2^10, one token circulating, no reward. The ramp goes from baseline alone to 70 %.
#[test]
fn oracle_filecoin_initial_pledge_along_the_ramp() {
    let facts = PowerFacts {
        power: 1 << 36,
        network: 1 << 10,
        baseline: 1 << 37,
        daily_reward: Spon::ZERO,
        circulating: Spon::ONE,
    };
    for (baseline_weight, ten_thousandths) in
        [(10_000, 1_500), (9_700, 1_545), (8_500, 1_725), (7_000, 1_950)]
    {
        let rule = PowerPledge {
            reward_days: 20,
            lock_target: BasisPoints(3_000),
            baseline_weight: BasisPoints(baseline_weight),
            per_unit_max: Spon::from_base(Spon::ONE.base() / (32 << 30)),
        };
        let share = ten_thousandths * Spon::ONE.base() / 10_000;
        assert_eq!(rule.pledge_rounded_down(facts), Spon::from_base(1 + share));
        // Reward adds its days, and the pledge ends at a token for 32 GiB.
        let paid = PowerFacts { daily_reward: Spon::from_base(1_000), ..facts };
        assert_eq!(rule.pledge_rounded_down(paid), Spon::from_base(20_000 + share));
        let rich = PowerFacts { circulating: whole(1_000), ..facts };
        let most = Spon::ONE.base() / (32 << 30) * (1 << 36);
        assert_eq!(rule.pledge_rounded_down(rich), Spon::from_base(most));
    }
}

/// protocol.md 4.3: the coefficient is 1334.22 tokens; the models' numbers are not published.
#[test]
fn a_pledge_by_model_is_its_number_times_the_coefficient() {
    let coefficient = Spon::from_base(133_422 * Spon::ONE.base() / 100);
    assert_eq!(by_model_rounded_up(1_000_000, coefficient), coefficient);
    let half_more = coefficient.base() + coefficient.base() / 2;
    assert_eq!(by_model_rounded_up(1_500_000, coefficient).base(), half_more);
    assert_eq!(by_model_rounded_up(1, Spon::from_base(1)), Spon::from_base(1));
}

/// A pledge that does not fall when power or the facts behind it grow.
fn is_monotone(pledge: impl Fn(PowerFacts) -> Spon, facts: PowerFacts) -> bool {
    let double = |amount: Spon| Spon::from_base(amount.base() * 2);
    let before = pledge(facts);
    pledge(PowerFacts { power: facts.power * 2, ..facts }) >= before
        && pledge(PowerFacts { circulating: double(facts.circulating), ..facts }) >= before
        && pledge(PowerFacts { daily_reward: double(facts.daily_reward), ..facts }) >= before
        && pledge(PowerFacts { baseline: facts.baseline * 2, ..facts }) <= before
}

#[test]
fn more_power_supply_or_reward_never_lowers_the_pledge() {
    let rule = PowerPledge {
        reward_days: 20,
        lock_target: BasisPoints(3_000),
        baseline_weight: BasisPoints(7_000),
        per_unit_max: Spon::ONE,
    };
    let facts = PowerFacts {
        power: 7,
        network: 1_000,
        baseline: 3_000,
        daily_reward: Spon::from_base(1_001),
        circulating: Spon::from_base(1_000_003),
    };
    assert!(is_monotone(|facts| rule.pledge_rounded_down(facts), facts));
    // Sharing by the power alone would let a larger provider pledge less for each unit.
    let sabotaged = |facts: PowerFacts| {
        Spon::from_base(rule.pledge_rounded_down(facts).base() / facts.power as i128 / 2)
    };
    assert!(!is_monotone(sabotaged, facts));
}
