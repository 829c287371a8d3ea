//! Fees against the chains that they are taken from.

mod support;

use mechanism::gas::{
    BatchGas, BlockSpace, CallSize, Constraint, Eip1559, FeeRule, Gas, Nitro, Target, Wei,
    calls_per_block,
};
use support::Lots;
use units::Span;

const LIMIT: Gas = Gas(30_000_000);

/// A chain at 1 gwei whose fee moves by an eighth at most.
fn ethereum() -> FeeRule {
    FeeRule::Eip1559(Eip1559 {
        fee: Wei::GWEI,
        fee_min: Wei(0),
        block_limit: LIMIT,
        elasticity: 2,
        divisor: 8,
    })
}

/// The fee after `blocks` that each used `used`.
fn after(mut rule: FeeRule, blocks: u32, used: Gas) -> Wei {
    (0..blocks).fold(rule.fee(), |_, _| rule.close_block(used, Span::from_secs(12)))
}

/// Row P6 of economics.md 3.2.
#[test]
fn oracle_p6_fees_after_twenty_full_and_twenty_empty_blocks() {
    assert_eq!(after(ethereum(), 20, LIMIT), Wei(10_545_093_826));
    assert_eq!(after(ethereum(), 20, Gas(0)), Wei(69_208_762));
    assert_eq!(after(ethereum(), 20, Gas(15_000_000)), Wei::GWEI);
    let tenfold = |blocks: &u32| after(ethereum(), *blocks, LIMIT) >= Wei(10_000_000_000);
    assert_eq!((1..).find(tenfold), Some(20), "19.55 blocks to ten times the fee");
}

#[test]
fn a_full_block_lifts_even_the_smallest_fee_and_an_empty_one_never_goes_below_zero() {
    let target = Target { used: 15, divisor: 8 };
    assert_eq!(target.step(0, 16), 1);
    assert_eq!(target.step(1, 30), 2);
    assert_eq!(target.step(1, 0), 1, "an eighth of one is cut away");
    assert_eq!(target.step(8, 0), 7);
    assert_eq!(Target { used: 1, divisor: 1 }.step(5, 0), 0);
}

/// The pseudo-code of EIP-1559 in 128 bits, for fees that fit.
#[test]
fn the_step_agrees_with_the_pseudo_code() {
    let mut lots = Lots::new(1);
    for _ in 0..20_000 {
        let fee = u128::from(lots.below(1 << 50));
        let target = 1 + lots.below(50_000_000);
        let used = lots.below(2 * target + 1);
        let (wide_target, wide_used) = (u128::from(target), u128::from(used));
        let expected = if used > target {
            fee + (fee * (wide_used - wide_target) / wide_target / 8).max(1)
        } else {
            fee - fee * (wide_target - wide_used) / wide_target / 8
        };
        assert_eq!(Target { used: target, divisor: 8 }.step(fee, used), expected);
    }
}

/// A new chain of Nitro: 0.1 gwei at least, 7 million gas a second, tolerance 10, inertia 102.
fn nitro() -> Nitro {
    let constraint =
        Constraint { speed: 7_000_000, tolerance_s: 10, inertia_s: 102, backlog: Gas(0) };
    Nitro { fee_min: Wei(100_000_000), constraints: vec![constraint] }
}

/// Row P7 of economics.md 3.2: 10 million gas a second for 300 s, in blocks of any length.
#[test]
fn oracle_p7_fee_after_five_minutes_above_the_speed() {
    let mut in_seconds = FeeRule::Nitro(nitro());
    for _ in 0..300 {
        in_seconds.close_block(Gas(10_000_000), Span::SECOND);
    }
    assert_eq!(in_seconds.fee(), Wei(317_570_000));

    let mut in_blocks = FeeRule::Nitro(nitro());
    for _ in 0..1_200 {
        in_blocks.close_block(Gas(2_500_000), Span::from_millis(250));
    }
    assert_eq!(in_blocks, in_seconds, "the length of a block changes nothing");
}

/// P7: the exact exponential is 0.319781 gwei; the rule is short of it, and by less than 1 %.
#[test]
fn oracle_p7_the_rule_is_just_short_of_the_exponential() {
    let mut rule = nitro();
    rule.constraints[0].backlog = Gas(900_000_000);
    let fee = FeeRule::Nitro(rule).fee();
    let exact = 100_000_000.0 * libm::exp(830.0 / 714.0);
    assert!((exact - 319_781_000.0_f64).abs() < 500.0, "{exact}");
    let short = 1.0 - fee.0 as f64 / exact;
    assert!((0.0..0.01).contains(&short), "{short}");
}

#[test]
fn the_fee_rests_at_its_least_until_the_tolerance_is_used_up() {
    let mut rule = FeeRule::Nitro(nitro());
    let least = Wei(100_000_000);
    assert_eq!(rule.close_block(Gas(77_000_000), Span::SECOND), least);
    assert!(rule.close_block(Gas(8_000_000), Span::SECOND) > least);
    assert_eq!(rule.close_block(Gas(0), Span::from_secs(60)), least);
    assert_eq!(rule.close_block(Gas(0), Span::from_secs(60)), least, "a backlog is never negative");
}

#[test]
fn exponents_of_several_constraints_add_up() {
    let constraint = |speed, backlog| Constraint {
        speed,
        tolerance_s: 0,
        inertia_s: 100,
        backlog: Gas(backlog),
    };
    let fee = |constraints: Vec<Constraint>| {
        FeeRule::Nitro(Nitro { fee_min: Wei(1_000_000), constraints }).fee()
    };
    let (fast, slow) = (constraint(60, 3_000), constraint(10, 500));
    assert_eq!(fee(vec![fast]), fee(vec![slow]), "each is half of its own 100 s behind");
    // e^(1/2 + 1/2) by four powers.
    assert_eq!(fee(vec![fast, slow]), Wei(2_708_300));
    assert_eq!(fee(vec![]), Wei(1_000_000));
}

#[test]
fn an_endless_backlog_stops_at_the_largest_fee() {
    let mut rule = nitro();
    rule.constraints[0].backlog = Gas(u64::MAX);
    let mut rule = FeeRule::Nitro(rule);
    let fee = rule.fee();
    assert!(fee > Wei(1 << 60));
    assert!(rule.close_block(Gas(u64::MAX), Span::ZERO) >= fee);
}

#[test]
fn fees_that_do_not_move_stay() {
    assert_eq!(after(FeeRule::Zero, 5, LIMIT), Wei(0));
    assert_eq!(after(FeeRule::Flat(Wei(7)), 5, LIMIT), Wei(7));
}

#[test]
fn a_batch_is_cheaper_for_each_entry_and_never_below_the_entry_itself() {
    let batch = BatchGas { base: Gas(60_000), each: Gas(25_000) };
    let mut last = Gas(u64::MAX);
    for entries in 1..2_000 {
        let each = batch.per_entry_rounded_up(entries).expect("there are entries");
        assert!(each <= last);
        assert!(each > batch.each);
        assert!(each.0 * entries >= batch.total(entries).0, "the entries pay for the batch");
        last = each;
    }
    assert_eq!(batch.per_entry_rounded_up(0), None);
    assert_eq!(batch.entries_within(Gas(32_000_000)), Some(1_277));
    assert!(batch.total(1_277) <= Gas(32_000_000));
    assert!(batch.total(1_278) > Gas(32_000_000));
    assert_eq!(batch.entries_within(Gas(59_999)), None);
    assert_eq!(calls_per_block(Gas(32_000_000), Gas(350_000)), Some(91));
    assert_eq!(calls_per_block(Gas(32_000_000), Gas(0)), None);
}

#[test]
fn free_gas_and_free_data_cost_nothing() {
    let call = CallSize { gas: Gas(350_000), bytes: 400 };
    assert_eq!(call.cost(Wei(0), Wei(0)), Wei(0));
    assert_eq!(call.cost(Wei(2), Wei(0)), Wei(700_000));
    assert_eq!(call.cost(Wei(0), Wei(3)), Wei(19_200));
}

/// Base in February 2026: a limit of six times the target, a least fee, a divisor of 125.
fn base() -> Eip1559 {
    let least = Wei(2_000_000);
    Eip1559 { fee: least, fee_min: least, block_limit: LIMIT, elasticity: 6, divisor: 125 }
}

#[test]
fn a_full_block_of_six_targets_lifts_the_fee_by_five_parts_of_the_divisor() {
    let full = after(FeeRule::Eip1559(base()), 1, LIMIT);
    assert_eq!(full, Wei(2_000_000 + 2_000_000 * 5 / 125));
    assert_eq!(after(FeeRule::Eip1559(base()), 1, Gas(5_000_000)), Wei(2_000_000), "at the target");
    assert_eq!(after(FeeRule::Eip1559(base()), 9, Gas(0)), Wei(2_000_000), "never below the least");
}

/// Others spend as many coins at any fee, so it rests where their gas is the target: at so many
/// times the least fee as they would use of the target at that.
#[test]
fn the_fee_rests_where_others_use_the_target() {
    let block = Span::from_secs(2);
    let mut space = BlockSpace::new(FeeRule::Eip1559(base()), LIMIT);
    for (others, times) in [(4_000_000, 1.0), (20_000_000, 4.0), (300_000_000, 60.0)] {
        space.close_blocks(5_000, Gas(others), block);
        let found = space.fee().0 as f64 / 2e6;
        assert!((found / times - 1.0).abs() < 0.001, "{others}: {found}");
    }
    let mut space = BlockSpace::new(FeeRule::Nitro(nitro()), Gas(32_000_000));
    space.close_blocks(40_000, Gas(7_000_000), Span::from_millis(250));
    let found = space.fee().0 as f64 / 1e8;
    assert!((found - 4.0).abs() < 0.01, "28 million a second where 7 are kept: {found}");
}

#[test]
fn what_does_not_fit_waits_its_turn() {
    let mut space = BlockSpace::new(FeeRule::Flat(Wei::GWEI), Gas(100));
    let block = Span::SECOND;
    space.take_in(Gas(250));
    assert_eq!(space.blocks_to_wait(), 0, "the open block is not full before it closes");
    space.close_blocks(1, Gas(80), block);
    assert_eq!(space.blocks_to_wait(), 2, "230 are left of 330");
    space.close_blocks(1, Gas(80), block);
    assert_eq!(space.blocks_to_wait(), 2, "210");
    space.close_blocks(10, Gas(80), block);
    assert_eq!(space.blocks_to_wait(), 0, "10");
    assert_eq!(space.fee(), Wei::GWEI);
}

/// Passing over blocks that change nothing, all at once or one by one, comes to the same.
#[test]
fn blocks_may_be_closed_one_by_one_or_together() {
    let mut lots = Lots::new(5);
    let rules = [FeeRule::Zero, FeeRule::Eip1559(base()), FeeRule::Nitro(nitro())];
    for round in 0..300 {
        let mut one = BlockSpace::new(rules[round % 3].clone(), LIMIT);
        let mut all = one.clone();
        for _ in 0..5 {
            let (ours, others) = (Gas(lots.below(90_000_000)), Gas(lots.below(60_000_000)));
            let (blocks, length) = (lots.below(400), Span::from_millis(250));
            one.take_in(ours);
            all.take_in(ours);
            (0..blocks).for_each(|_| one.close_blocks(1, others, length));
            all.close_blocks(blocks, others, length);
            assert_eq!(one, all);
        }
    }
}
