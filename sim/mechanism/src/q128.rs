//! Powers in Q.128, integers that count units of 2^-128: what halves, what doubles, e^-x.
//!
//! The forms and their order of truncation are those of Filecoin's reward actor, so that its
//! published vectors hold to the last unit (economics.md 5.1); all of its constants but the
//! polynomials follow from ln 2.

use ruint::aliases::U512;

/// One in Q.128.
pub const ONE: U512 = U512::from_limbs([0, 0, 1, 0, 0, 0, 0, 0]);

/// ln 2 in units of 2^-256, rounded down.
const LN_2_Q256: U512 = U512::from_limbs([
    0x8a0d_175b_8baa_fa2b,
    0x40f3_4326_7298_b62d,
    0xc9e3_b398_03f2_f6af,
    0xb172_17f7_d1cf_79ab,
    0,
    0,
    0,
    0,
]);

/// Coefficients of e^-x = N(x) / D(x) in Q.128, highest power first, without the constant term,
/// which is one in both. The signs of N alternate and its first is negative.
///
/// Source: filecoin-project/builtin-actors, actors/reward/src/expneg.rs.
const NUMERATOR: [u128; 7] = [
    648_770_010_757_830_093_818_553_637_600,
    67_469_480_939_593_786_226_847_644_286_976,
    3_197_587_544_499_098_424_029_388_939_001_856,
    89_244_641_121_992_890_118_377_641_805_348_864,
    1_579_656_163_641_440_567_800_982_336_819_953_664,
    17_685_496_037_279_256_458_459_817_590_917_169_152,
    115_682_590_513_835_356_866_803_355_398_940_131_328,
];
const DENOMINATOR: [u128; 13] = [
    1_225_524_182_432_722_209_606_361,
    114_095_592_300_906_098_243_859_450,
    5_665_570_424_063_336_070_530_214_243,
    194_450_132_448_609_991_765_137_938_448,
    5_068_267_641_632_683_791_026_134_915_072,
    104_716_890_604_972_796_896_895_427_629_056,
    1_748_338_658_439_454_459_487_681_798_864_896,
    23_704_654_329_841_312_470_660_182_937_960_448,
    259_380_097_567_996_910_282_699_886_670_381_056,
    2_250_336_698_853_390_384_720_606_936_038_375_424,
    14_978_272_436_876_548_034_486_263_159_246_028_800,
    72_144_088_983_913_131_323_343_765_784_380_833_792,
    224_599_776_407_103_106_596_571_252_037_123_047_424,
];

/// The rate, per era and in Q.128, of what halves or doubles in `eras`: ln 2 / `eras`.
///
/// # Panics
/// When `eras` is zero.
pub fn rate_rounded_down(eras: u64) -> u128 {
    narrow((LN_2_Q256 / U512::from(eras)) >> 128)
}

/// What one era adds to what doubles in `eras`, as a part of it: 2^(1/`eras`) - 1 in Q.128.
///
/// The series of e^x - 1 is summed with 256 bits after the point and truncated once.
///
/// # Panics
/// When `eras` is less than two: doubling in one era adds the whole, which needs a bit more.
pub fn growth_rounded_down(eras: u64) -> u128 {
    assert!(eras >= 2, "what doubles takes at least two eras");
    let rate = LN_2_Q256 / U512::from(eras);
    let (mut sum, mut term, mut n) = (U512::ZERO, rate, 1_u64);
    while !term.is_zero() {
        sum += term;
        n += 1;
        term = ((term * rate) >> 256) / U512::from(n);
    }
    narrow(sum >> 128)
}

/// What is left of one after `elapsed` eras if half of it goes in every `half_life`, in Q.128.
///
/// Exact after whole half-lives; in between, within 4 x 10^-30.
///
/// ```
/// # use mechanism::q128::{ONE, compute_remaining};
/// assert_eq!(compute_remaining(12, 4), ONE >> 3);
/// ```
///
/// # Panics
/// When `half_life` is zero.
pub fn compute_remaining(elapsed: u64, half_life: u64) -> U512 {
    let part = U512::from(elapsed % half_life);
    let x = (LN_2_Q256 * part / U512::from(half_life)) >> 128;
    halve(compute_exp_neg_below_ln_2(x), U512::from(elapsed / half_life))
}

/// e^-x in Q.128 for any x in Q.128.
///
/// Below ln 2 this is Filecoin's function bit by bit. Its error grows beyond (4.6 x 10^-15 at 5),
/// so whole factors of two are taken out first: the error stays below 4 x 10^-30 everywhere.
pub fn compute_exp_neg(x: U512) -> U512 {
    let ln_2 = LN_2_Q256 >> 128;
    halve(compute_exp_neg_below_ln_2(x % ln_2), x / ln_2)
}

/// The rational form; `x` is below ln 2, so no product needs more than 257 bits.
fn compute_exp_neg_below_ln_2(x: U512) -> U512 {
    let mut size = U512::ZERO;
    for (place, coefficient) in with_one(&NUMERATOR).enumerate() {
        let product = size * x;
        // Partial sums alternate in sign too, and Filecoin truncates towards less than zero:
        // what follows a negative sum, at odd places, is rounded up in size.
        let is_after_negative = place % 2 == 1;
        let taken = if is_after_negative { shifted_up(product) } else { product >> 128 };
        size = coefficient - taken;
    }
    let mut denominator = U512::ZERO;
    for coefficient in with_one(&DENOMINATOR) {
        denominator = ((denominator * x) >> 128) + coefficient;
    }
    (size << 128) / denominator
}

fn with_one(coefficients: &[u128]) -> impl Iterator<Item = U512> {
    coefficients.iter().map(|&coefficient| U512::from(coefficient)).chain([ONE])
}

fn shifted_up(product: U512) -> U512 {
    (product + (ONE - U512::ONE)) >> 128
}

fn halve(value: U512, times: U512) -> U512 {
    value >> usize::try_from(times).unwrap_or(usize::MAX).min(512)
}

/// What is known to have at most 128 bits.
pub(crate) fn narrow(wide: U512) -> u128 {
    u128::try_from(wide).expect("a part of an amount has at most 128 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filecoin's constants: actors/reward/src/logic.rs, with 1,051,200 eras of 30 s in a year.
    #[test]
    fn oracle_constants_of_filecoin_follow_from_ln_2() {
        let half_life = 6 * 1_051_200;
        assert_eq!(rate_rounded_down(half_life), 37_396_271_439_864_487_274_534_522_888_786);
        assert_eq!(growth_rounded_down(half_life), 37_396_273_494_747_879_394_193_016_954_629);
        let yearly = ONE + U512::from(growth_rounded_down(1_051_200));
        assert_eq!(yearly.to_string(), "340282591298641078465964189926313473653");
    }

    /// Computed with signed integers of any size, whose shifts round towards less than zero, as the
    /// actor's do. At these places rounding any partial sum the other way shows in the result.
    #[test]
    fn oracle_exp_neg_with_signed_integers_of_any_size() {
        for (x, power) in [
            ("40125655066622386354123033417875897284", "302432182348424287142153985994018363189"),
            ("71443919313006467319876364715437247515", "275839991043315534474604428867350412825"),
            ("206700438978357920216854609496785597362", "185367023040557764664196681953089331439"),
            ("34786099570863230689362812846769973553", "307215238659808512816225573623042773104"),
            ("707597289676539882426178107193698021087", "42535295865117307931378616066316705445"),
        ] {
            let x = U512::from_str_radix(x, 10).expect("a whole number");
            assert_eq!(compute_exp_neg(x).to_string(), power, "x = {x}");
        }
    }

    #[test]
    fn whole_half_lives_halve_exactly() {
        for k in 0..130_usize {
            assert_eq!(compute_remaining(k as u64 * 7, 7), ONE >> k);
        }
        assert_eq!(compute_remaining(u64::MAX, 1), U512::ZERO);
    }

    #[test]
    fn two_ways_to_the_same_power_agree() {
        let error = U512::from(4_u64 << 32); // 2^34 of 2^128 is about 5 x 10^-29
        for half_life in [2_u64, 365, 2_190, 6_307_200] {
            let rate = U512::from(rate_rounded_down(half_life));
            for elapsed in [1, half_life / 2, half_life - 1, half_life + 1, 9 * half_life + 2] {
                let a = compute_remaining(elapsed, half_life);
                let b = compute_exp_neg(rate * U512::from(elapsed));
                assert!(a.abs_diff(b) <= error, "half-life {half_life}, {elapsed} eras");
            }
        }
    }

    #[test]
    fn squares_of_roots_come_back() {
        // (2^(-1/2))^2 = 1/2 and e^-x x e^-y = e^-(x + y), within the error of the form.
        let root = compute_remaining(1, 2);
        let error = U512::from(1_u64 << 32);
        let square: U512 = (root * root) >> 128;
        assert!(square.abs_diff(ONE >> 1) <= error);
        let (x, y) = (ONE / U512::from(3), ONE / U512::from(5));
        let product: U512 = (compute_exp_neg(x) * compute_exp_neg(y)) >> 128;
        assert!(product.abs_diff(compute_exp_neg(x + y)) <= error);
    }

    #[test]
    fn what_remains_falls_with_every_era() {
        let mut last = ONE + U512::ONE;
        for elapsed in 0..3_000 {
            let now = compute_remaining(elapsed, 730);
            assert!(now < last, "era {elapsed}");
            last = now;
        }
    }
}
