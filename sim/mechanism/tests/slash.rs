//! Slashes, fees and deterrence against published numbers, and what must hold of any slash.

mod support;

use mechanism::slash::{
    AllocationError, AtFault, Destinations, Gain, Magnitudes, SlashRule, SlashWindow, Temptation,
    TerminationRule, detection_rounded_down, escape_rounded_up, fault_fee_rounded_down,
    interruption_rounded_up,
};
use support::Lots;
use units::{BasisPoints, Ppm, Spon, Usd};

fn tokens(base: i128) -> Spon {
    Spon::from_base(base)
}

fn usd(nanos: i64) -> Usd {
    Usd::from_nanos(nanos)
}

/// A rule, who is at fault, and what happened to others.
fn lot(lots: &mut Lots) -> (SlashRule, AtFault, SlashWindow) {
    let rule = SlashRule {
        base: tokens(lots.amount(40)),
        fraction: BasisPoints(lots.below(10_001) as u32),
        correlation: lots.below(4) as u32,
    };
    let stake = lots.amount(100);
    let slashable = tokens(if lots.below(2) == 0 { stake } else { stake / 2 });
    let slashed = tokens(lots.amount(100));
    let window = SlashWindow { slashed, total: tokens(stake + lots.amount(101)) };
    (rule, AtFault { stake: tokens(stake), slashable }, window)
}

/// Whether `taken` is at least what the rule says in exact fractions and at most a unit a part
/// more, unless the stake ends there (economics.md 2.4, K2).
fn is_due(taken: Spon, rule: SlashRule, fault: AtFault, window: SlashWindow) -> bool {
    use ruint::aliases::U256;
    let wide = |amount: Spon| U256::from(amount.base());
    let (bp, total) = (U256::from(10_000), wide(window.total));
    let times = (wide(window.slashed) * U256::from(rule.correlation)).min(total);
    // Over the common denominator of both shares.
    let shares = U256::from(rule.fraction.0) * total + times * bp;
    let exact = wide(rule.base) * bp * total + wide(fault.stake) * shares;
    let scaled = wide(taken) * bp * total;
    let is_enough = scaled >= exact && scaled < exact + U256::from(2) * bp * total;
    taken >= Spon::ZERO && taken <= fault.slashable && (is_enough || taken == fault.slashable)
}

#[test]
fn a_slash_takes_what_its_rule_says_and_never_more_than_there_is() {
    let mut lots = Lots::new(1);
    let mut capped = 0;
    for _ in 0..20_000 {
        let (rule, fault, window) = lot(&mut lots);
        let taken = rule.compute_rounded_up(fault, window);
        assert!(is_due(taken, rule, fault, window), "{taken:?} {rule:?} {fault:?} {window:?}");
        capped += u32::from(taken == fault.slashable);
    }
    assert!((1_000..19_000).contains(&capped), "{capped}");
}

#[test]
fn the_check_notices_a_slash_that_undershoots_or_overreaches() {
    let rule = SlashRule { base: tokens(0), fraction: BasisPoints(1), correlation: 0 };
    let fault = AtFault { stake: tokens(10_001), slashable: tokens(10_001) };
    let window = SlashWindow { slashed: tokens(0), total: tokens(50_000) };
    assert_eq!(rule.compute_rounded_up(fault, window), tokens(2));
    assert!(is_due(tokens(2), rule, fault, window));
    assert!(!is_due(tokens(1), rule, fault, window), "rounded down");
    assert!(!is_due(tokens(4), rule, fault, window));
    let poor = AtFault { slashable: tokens(1), ..fault };
    assert!(!is_due(tokens(2), rule, poor, window), "more than there is");
}

#[test]
fn the_correlated_part_ends_at_the_whole_stake() {
    let rule = SlashRule { base: tokens(0), fraction: BasisPoints(0), correlation: 2 };
    // More was posted since the fault: it can be taken, but the part is of the stake at the fault.
    let fault = AtFault { stake: tokens(90), slashable: tokens(200) };
    let taken = |slashed| {
        rule.compute_rounded_up(
            fault,
            SlashWindow { slashed: tokens(slashed), total: tokens(1_000) },
        )
    };
    assert_eq!([taken(0), taken(100), taken(500)], [tokens(0), tokens(18), tokens(90)]);
    assert_eq!(taken(900), tokens(90));
    let nobody = SlashWindow { slashed: tokens(0), total: tokens(0) };
    assert_eq!(rule.compute_rounded_up(fault, nobody), Spon::ZERO);
}

/// The example of ELIP-002 (economics.md 5.9): 200 tokens, of whose magnitude of ten parts the
/// sets have 2, 2.5 and 2; the first slashes a half of its part.
#[test]
fn oracle_eigenlayer_a_slash_leaves_the_stake_of_other_sets() {
    let part = Magnitudes::WHOLE / 10_000;
    let mut stake = Magnitudes::new(tokens(100_000), 3);
    for (set, parts) in [(0, 3_000), (1, 2_500), (2, 2_000)] {
        stake.allocate(set, parts * part).expect("it is free");
    }
    stake.release(0, 1_000 * part).expect("it has more");
    stake.deposit(tokens(100_000));
    let slashable = |stake: &Magnitudes| [0, 1, 2].map(|set| stake.slashable_rounded_down(set));
    assert_eq!(slashable(&stake), [tokens(40_000), tokens(50_000), tokens(40_000)]);

    assert_eq!(stake.slash_rounded_up(0, Magnitudes::WHOLE / 2), tokens(20_000));
    assert_eq!(slashable(&stake), [tokens(20_000), tokens(50_000), tokens(40_000)]);
    assert_eq!(stake.total(), 9_000 * part);
    assert_eq!(stake.tokens(), tokens(180_000));
    assert_eq!(stake.free(), 3_500 * part);
}

/// What no slash may do to a stake (K6): lift its total, or leave sets with more than there is.
fn is_monotone(before: (u64, u64), after: (u64, u64)) -> bool {
    let [(total_before, _), (total, sets)] = [before, after];
    total <= total_before && sets <= total
}

#[test]
fn magnitudes_only_fall_and_other_sets_keep_theirs() {
    let mut lots = Lots::new(2);
    let sums = |stake: &Magnitudes| (stake.total(), (0..4).map(|set| stake.of(set)).sum::<u64>());
    for _ in 0..300 {
        let mut stake = Magnitudes::new(tokens(lots.amount(100)), 4);
        for _ in 0..40 {
            let (set, before) = (lots.below(4) as usize, stake.clone());
            match lots.below(3) {
                0 => {
                    let asked = lots.below(Magnitudes::WHOLE);
                    let is_free = asked <= before.free();
                    assert_eq!(stake.allocate(set, asked).is_ok(), is_free);
                }
                1 => {
                    let asked = lots.below(Magnitudes::WHOLE);
                    let has = asked <= before.of(set);
                    assert_eq!(stake.release(set, asked).is_ok(), has);
                }
                _ => {
                    let share = lots.below(Magnitudes::WHOLE + 1);
                    let taken = stake.slash_rounded_up(set, share);
                    assert_eq!(before.tokens() - taken, stake.tokens());
                    for other in (0..4).filter(|other| *other != set) {
                        let kept = before.slashable_rounded_down(other);
                        let now = stake.slashable_rounded_down(other);
                        assert!((0..=1).contains(&(kept - now).base()), "{kept:?} became {now:?}");
                    }
                }
            }
            assert!(is_monotone(sums(&before), sums(&stake)));
        }
    }
}

#[test]
fn the_check_notices_a_total_that_rises_and_sets_that_hold_too_much() {
    assert!(is_monotone((10, 9), (8, 8)));
    assert!(!is_monotone((10, 9), (11, 9)));
    assert!(!is_monotone((10, 9), (8, 9)));
}

#[test]
fn allocations_beyond_what_there_is_change_nothing() {
    let mut stake = Magnitudes::new(tokens(10), 2);
    stake.allocate(0, Magnitudes::WHOLE - 5).expect("it is free");
    let before = stake.clone();
    assert_eq!(stake.allocate(1, 6), Err(AllocationError::BeyondFree));
    assert_eq!(stake.release(1, 1), Err(AllocationError::BeyondSet));
    assert_eq!(stake, before);
}

/// Relation K5 of economics.md 2.4, in units of 10^-18: how far two slashes are from the one that
/// is worth both, `1 - (1 - p)(1 - q)`.
fn split_off(slash: impl Fn(u64, u64) -> u64, p: u64, q: u64) -> i128 {
    let whole = u128::from(Magnitudes::WHOLE);
    let twice = slash(slash(Magnitudes::WHOLE, p), q);
    let left = (whole - u128::from(p)) * (whole - u128::from(q)) / whole;
    i128::from(twice) - left as i128
}

#[test]
fn two_slashes_are_worth_the_one_of_both() {
    let magnitude_after = |magnitude: u64, share: u64| {
        let mut stake = Magnitudes::new(Spon::ONE, 1);
        stake.allocate(0, magnitude).expect("it is free");
        stake.slash_rounded_up(0, share);
        stake.of(0)
    };
    // What a slash would leave that always takes its share of the first magnitude.
    let additive = |magnitude: u64, share: u64| magnitude.saturating_sub(share);
    let mut lots = Lots::new(3);
    for _ in 0..5_000 {
        let (p, q) = (lots.below(Magnitudes::WHOLE), lots.below(Magnitudes::WHOLE));
        let off = split_off(magnitude_after, p, q);
        assert!((-1..=0).contains(&off), "{p} then {q} is off by {off}");
        assert!(split_off(additive, p, q) < -1 || p.min(q) < 4, "the relation notices");
    }
}

/// FIP-0098 as built into Filecoin's actors, with the cases of their tests.
const FILECOIN: TerminationRule = TerminationRule {
    pledge_share: BasisPoints(850),
    full_age_days: 140,
    pledge_share_min: BasisPoints(200),
    fault_fee_multiple: BasisPoints(10_500),
};

#[test]
fn oracle_filecoin_termination_fees() {
    let fee = |pledge, age, fault| FILECOIN.fee_rounded_down(tokens(pledge), age, tokens(fault));
    assert_eq!(fee(1_024, 141, 0), tokens(87), "an old commitment: 8.5 %");
    assert_eq!(fee(1_024, 70, 0), tokens(43), "half as old: half of it");
    assert_eq!(fee(1_024, 141, 1_024), tokens(1_075), "105 % of the fault fee");
    assert_eq!(fee(1_024, 0, 0), tokens(20), "a young one: 2 %");
}

#[test]
fn oracle_filecoin_fault_fee_is_three_and_a_half_days_of_reward() {
    assert_eq!(fault_fee_rounded_down(tokens(1_000), 351), tokens(3_510));
    assert_eq!(fault_fee_rounded_down(tokens(1), 351), tokens(3));
}

#[test]
fn three_interruptions_cost_at_least_the_pledge() {
    for pledge in [0, 1, 2, 3, 1_000, 1_334_220_000_000_000_000_001] {
        let third = interruption_rounded_up(tokens(pledge)).base();
        assert!((pledge..pledge + 3).contains(&(third * 3)));
    }
}

/// Whether the parts of a division add up (K3).
fn adds_up(parts: [Spon; 5], slashed: Spon) -> bool {
    parts.into_iter().fold(Spon::ZERO, |sum, part| sum + part) == slashed
}

#[test]
fn a_slash_is_divided_to_the_last_unit() {
    let mut lots = Lots::new(4);
    for _ in 0..10_000 {
        let first = lots.below(10_001);
        let second = lots.below(10_001 - first);
        let third = lots.below(10_001 - first - second);
        let shares = [first, second, third, 10_000 - first - second - third];
        let [burned, treasury, harmed, bounty] = shares.map(|share| BasisPoints(share as u32));
        let to = Destinations::new(burned, treasury, harmed, bounty).expect("they are the whole");
        let slashed = tokens(lots.amount(100) - 1);
        let parts = to.divide_rounded_down(slashed);
        let all = [parts.burned, parts.treasury, parts.harmed, parts.bounty, parts.remainder];
        assert!(adds_up(all, slashed), "{shares:?} of {slashed:?}");
        assert!((0..4).contains(&parts.remainder.base()));
    }
    assert!(!adds_up([tokens(1), tokens(1), tokens(1), tokens(1), tokens(0)], tokens(5)));
}

#[test]
fn shares_that_are_not_the_whole_are_refused() {
    let new = |a, b, c, d| {
        Destinations::new(BasisPoints(a), BasisPoints(b), BasisPoints(c), BasisPoints(d))
    };
    assert!(new(10_000, 0, 0, 0).is_some());
    assert!(new(5_000, 2_500, 2_000, 499).is_none());
    assert!(new(10_000, 0, 0, 1).is_none());
    assert!(new(u32::MAX, 10_001, 0, 0).is_none(), "a sum that would wrap");
}

/// Row I2 of economics.md 3.3.
#[test]
fn oracle_i2_the_stake_that_deters() {
    let dollar = 1_000_000_000;
    let first = Temptation {
        gain: usd(50 * dollar),
        detection: Ppm(200_000),
        slashed: BasisPoints(3_000),
        future: usd(200 * dollar),
    };
    assert_eq!(first.stake_min_rounded_up(Gain::Kept), Some(usd(166_666_666_667)));
    assert_eq!(first.stake_min_rounded_up(Gain::ClawedBack), Some(Usd::ZERO));
    let second = Temptation {
        gain: usd(1_000 * dollar),
        detection: Ppm(900_000),
        slashed: BasisPoints::WHOLE,
        future: Usd::ZERO,
    };
    assert_eq!(second.stake_min_rounded_up(Gain::Kept), Some(usd(1_111_111_111_112)));
    assert_eq!(second.stake_min_rounded_up(Gain::ClawedBack), Some(usd(111_111_111_112)));
}

#[test]
fn what_is_never_found_or_never_slashed_is_not_deterred() {
    let blind = Temptation {
        gain: usd(1),
        detection: Ppm::ZERO,
        slashed: BasisPoints(5_000),
        future: usd(1_000),
    };
    assert_eq!(blind.stake_min_rounded_up(Gain::Kept), None);
    assert_eq!(Temptation { gain: usd(0), ..blind }.stake_min_rounded_up(Gain::Kept), Some(usd(0)));
    let mild = Temptation { detection: Ppm(1), slashed: BasisPoints(0), ..blind };
    assert_eq!(mild.stake_min_rounded_up(Gain::Kept), None);
    let huge = Temptation { gain: usd(i64::MAX), detection: Ppm(1), ..blind };
    assert_eq!(huge.stake_min_rounded_up(Gain::Kept), None, "no account holds that much");
}

/// At the least stake cheating does not pay, and a nano-dollar below it does.
#[test]
fn the_least_stake_is_where_cheating_stops_to_pay() {
    let mut lots = Lots::new(5);
    for _ in 0..5_000 {
        let (found, share) = (1 + lots.below(1_000_000), 1 + lots.below(10_000));
        let tempted = Temptation {
            gain: usd(lots.amount(40) as i64),
            detection: Ppm(found as u32),
            slashed: BasisPoints(share as u32),
            future: usd(lots.amount(40) as i64),
        };
        let Some(stake) = tempted.stake_min_rounded_up(Gain::Kept) else { continue };
        // Expected profit in units of 10^-10 nano-dollars.
        let profit = |stake: i128| {
            let lost = stake * share as i128 + tempted.future.base() * 10_000;
            tempted.gain.base() * 10_000_000_000 - found as i128 * lost
        };
        assert!(profit(stake.base()) <= 0);
        assert!(stake == Usd::ZERO || profit(stake.base() - 1) > 0);
    }
}

/// Row I3 of economics.md 3.3: ten audits that find one in ten.
#[test]
fn oracle_i3_detection_by_ten_audits() {
    assert_eq!(escape_rounded_up(Ppm(100_000), 10), 348_678_440_100_000_000);
    // 0.6513215599, printed as .651322.
    assert_eq!(detection_rounded_down(Ppm(100_000), 10), Ppm(651_321));
    assert_eq!(detection_rounded_down(Ppm(100_000), 0), Ppm::ZERO);
    assert_eq!(detection_rounded_down(Ppm::ONE, 1), Ppm::ONE);
    assert_eq!(detection_rounded_down(Ppm::ZERO, u32::MAX), Ppm::ZERO);
}
