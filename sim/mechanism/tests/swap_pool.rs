//! The swap pool against published numbers, a slow form of its rule, and traders who try.

mod support;

use mechanism::swap_pool::{AMOUNT_MAX, Side, SwapError, SwapPool};
use ruint::aliases::U256;
use support::Lots;
use units::{Base, Ppm, Spon, TokenPrice};

/// 0.3 %, as Uniswap v2 has it.
const FEE: Ppm = Ppm(3_000);

const E24: Base = 1_000_000_000_000_000_000_000_000;

fn pool(tokens: Base, dollars: Base, fee: Ppm) -> SwapPool {
    SwapPool::new(tokens, dollars, fee).expect("the reserves are amounts")
}

/// Row P5 of economics.md 3.2.
#[test]
fn oracle_p5_amounts_are_those_of_uniswap_v2() {
    for (reserve, paid, out) in [
        (1_000, 100, 90),
        (1_000_000, 100_000, 90_661),
        (E24, E24 / 100, 9_871_580_343_970_612_988_504),
    ] {
        let mut swapped = pool(reserve, reserve, FEE);
        assert_eq!(swapped.apply_swap(Side::Dollars, paid), Ok(out));
        assert_eq!(swapped.reserve(Side::Tokens), reserve - out);
        // The rule says nothing of which side is which.
        assert_eq!(pool(reserve, reserve, FEE).quote_rounded_down(Side::Tokens, paid), Ok(out));
    }
    let mut grown = pool(E24, E24, FEE);
    grown.apply_swap(Side::Dollars, E24 / 100).expect("there are reserves");
    let before = pool(E24, E24, FEE).product();
    let gain = (grown.product() - before) * U256::from(10_000_000_000_u64) / before;
    let billionths = (gain + U256::from(5)) / U256::from(10);
    assert_eq!(billionths, U256::from(29_704), "the product grows by 1.000029704");
}

/// Whether two ratios agree in the digits that the table prints: half a unit of `place`.
#[track_caller]
fn assert_prints(ratio: f64, printed: f64, place: f64) {
    assert!((ratio - printed).abs() <= place / 2.0, "{ratio} is not {printed}");
}

fn ratio(part: Base, whole: Base) -> f64 {
    part as f64 / whole as f64
}

/// Row P5b of economics.md 3.2, without a fee.
#[test]
fn oracle_p5b_mean_and_spot_price_of_one_per_cent_of_the_reserve() {
    let mut whole = pool(E24, E24, Ppm::ZERO);
    let out = whole.apply_swap(Side::Dollars, E24 / 100).expect("there are reserves");
    assert_prints(ratio(out, E24 / 100), 0.990_099, 1e-6);
    let spot = ratio(whole.reserve(Side::Tokens), whole.reserve(Side::Dollars));
    assert_prints(spot, 0.980_296, 1e-6);

    let mut sliced = pool(E24, E24, Ppm::ZERO);
    let slices = (0..10).map(|_| sliced.apply_swap(Side::Dollars, E24 / 1_000));
    let sum: Base = slices.map(|slice| slice.expect("there are reserves")).sum();
    assert!((0..=10).contains(&(out - sum)), "ten slices lose a unit each at most: {}", out - sum);
}

/// Row P5b: what providing liquidity loses against holding, when the price moves by a factor.
#[test]
fn oracle_p5b_loss_against_holding() {
    for (numerator, denominator, loss) in
        [(2_i32, 1_i32, -0.057_191_0), (1, 2, -0.057_191_0), (4, 1, -0.2), (10, 1, -0.425_040)]
    {
        let factor = f64::from(numerator) / f64::from(denominator);
        // The dollars rise with the root of the price.
        let dollars = (1e24 * factor.sqrt()) as Base;
        let mut moved = pool(E24, E24, Ppm::ZERO);
        if dollars > E24 {
            moved.apply_swap(Side::Dollars, dollars - E24).expect("there are reserves");
        } else {
            moved.apply_swap_exact(Side::Tokens, E24 - dollars).expect("there are reserves");
        }
        let (tokens, dollars) = (moved.reserve(Side::Tokens), moved.reserve(Side::Dollars));
        let value = tokens as f64 * factor + dollars as f64;
        assert_prints(value / (1e24 * factor + 1e24) - 1.0, loss, 1e-6);
    }
}

/// Row P5b: the dollars that move the price up by a tenth.
#[test]
fn oracle_p5b_payment_for_ten_per_cent() {
    let tokens = 1_000_000 * units::Spon::ONE.base();
    let dollars = 1_000_000_000_000_000; // a million dollars: one a token
    let mut moved = pool(tokens, dollars, Ppm::ZERO);
    let paid = dollars / 10_000_000 * 488_088;
    moved.apply_swap(Side::Dollars, paid).expect("there are reserves");
    let spot = moved.spot_rounded_down().nanos();
    assert_prints(spot as f64 / 1e9, 1.1, 1e-6);
}

/// A pool with random reserves, and a payment that may be tiny or huge beside them.
fn lot(lots: &mut Lots) -> (SwapPool, Side, Base) {
    let fee = Ppm([0, 1, 3_000, 500_000, 999_999][lots.below(5) as usize]);
    let random = pool(lots.amount(111), lots.amount(111), fee);
    let side = if lots.below(2) == 0 { Side::Dollars } else { Side::Tokens };
    (random, side, lots.amount(110))
}

/// What a swap must leave behind (T10): reserves, and a product that did not fall.
fn is_sound(before: &SwapPool, after: &SwapPool) -> bool {
    let has_reserves = after.reserve(Side::Dollars) > 0 && after.reserve(Side::Tokens) > 0;
    has_reserves && after.product() >= before.product()
}

#[test]
fn no_swap_lowers_the_product_and_the_quote_is_what_happens() {
    let mut lots = Lots::new(1);
    for _ in 0..20_000 {
        let (before, side, paid) = lot(&mut lots);
        let quote = before.quote_rounded_down(side, paid);
        let mut after = before;
        let out = after.apply_swap(side, paid);
        if out.is_err() {
            assert_eq!(after, before, "a refused swap changes nothing");
            continue;
        }
        assert_eq!(out, quote);
        assert!(is_sound(&before, &after), "{before:?} {side:?} {paid}");
    }
}

#[test]
fn the_check_notices_a_pool_that_rounds_for_the_trader() {
    let before = pool(1_000, 1_000, Ppm::ZERO);
    let out = before.quote_rounded_down(Side::Dollars, 100).expect("there are reserves");
    assert!(is_sound(&before, &pool(1_000 - out, 1_100, Ppm::ZERO)));
    assert!(!is_sound(&before, &pool(1_000 - out - 1, 1_100, Ppm::ZERO)));
}

#[test]
fn a_round_trip_never_profits() {
    let mut lots = Lots::new(2);
    let mut made = 0;
    for _ in 0..20_000 {
        let (mut traded, side, paid) = lot(&mut lots);
        let Ok(out) = traded.apply_swap(side, paid) else { continue };
        let Ok(back) = traded.apply_swap(side.other(), out) else { continue };
        assert!(back <= paid, "{paid} became {back}");
        made += 1;
    }
    assert!(made > 5_000, "most round trips are possible: {made}");
}

/// The least payment that buys an amount, found by trying one after the other.
/// Whoever pays one unit less does not move the price as far.
#[test]
fn a_move_is_reached_and_no_unit_is_paid_in_vain() {
    let before = pool(1_000_000 * Spon::ONE.base(), 30_000 * 1_000_000_000, Ppm(3_000));
    let spot = before.spot_rounded_down().nanos();
    for target in [spot / 3, spot - 1, spot + 1, spot + spot / 50, 5 * spot] {
        let target = TokenPrice::from_nanos(target);
        let (side, paid) = before.quote_move(target).expect("a price can be moved");
        let after = |paid: Base| {
            let mut after = before;
            if paid > 0 {
                after.apply_swap(side, paid).expect("it was quoted");
            }
            after.spot_rounded_down()
        };
        let is_there = |spot| if side == Side::Dollars { spot >= target } else { spot <= target };
        assert!(is_there(after(paid)), "{target:?}");
        assert!(!is_there(after(paid - 1)), "{target:?}");
        let off = after(paid).nanos().abs_diff(target.nanos());
        assert!(off <= 1, "{target:?} is missed by {off}");
    }
    assert_eq!(before.quote_move(before.spot_rounded_down()), None);
}

#[test]
fn the_exact_form_pays_the_least_that_buys_the_amount() {
    let mut lots = Lots::new(3);
    for _ in 0..300 {
        let fee = Ppm([0, 3_000, 250_000][lots.below(3) as usize]);
        let small = pool(lots.amount(9), 2 + lots.amount(9), fee);
        let bought = 1 + lots.below(small.reserve(Side::Dollars) as u64 - 1) as Base;
        let paid = small.quote_exact_rounded_up(Side::Tokens, bought).expect("it is there");
        let buys = |paid| small.quote_rounded_down(Side::Tokens, paid).expect("it is an amount");
        let least = (1..).find(|paid| buys(*paid) >= bought).expect("some payment is enough");
        assert_eq!(paid, least, "{small:?} for {bought}");
    }
}

#[test]
fn what_cannot_be_traded_is_refused() {
    let mut full = pool(1_000, AMOUNT_MAX, FEE);
    assert_eq!(full.apply_swap(Side::Dollars, 1), Err(SwapError::BadAmount));
    assert_eq!(full.quote_rounded_down(Side::Dollars, 0), Err(SwapError::BadAmount));
    assert_eq!(full.quote_rounded_down(Side::Dollars, -5), Err(SwapError::BadAmount));
    assert_eq!(full.quote_exact_rounded_up(Side::Dollars, 1_000), Err(SwapError::BeyondReserve));
    assert_eq!(
        full.quote_exact_rounded_up(Side::Dollars, Base::MAX),
        Err(SwapError::BeyondReserve)
    );
    assert_eq!(full.quote_exact_rounded_up(Side::Dollars, 0), Err(SwapError::BadAmount));
    assert_eq!(full, pool(1_000, AMOUNT_MAX, FEE));
    assert_eq!(SwapPool::new(0, 1, FEE), None);
    assert_eq!(SwapPool::new(1, 1, Ppm::ONE), None);
}
