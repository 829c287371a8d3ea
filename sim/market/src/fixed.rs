//! Logarithms and powers of two in fixed point, from tables that the compiler works out.
//!
//! The logarithm of a platform differs in the last place from that of another; these do not.
//! Inside, values have 60 fractional bits ("Q60"); what leaves has 32 ("Q32.32"), to nearest.
//!
//! Error bounds, checked against floats in the tests: a logarithm of a mantissa is within 2^-57,
//! so [`ln`] and a Gumbel variate are within one unit of 2^-32 of the exact value; [`exp2_neg`] is
//! within one unit of 2^-32 too.

/// One in Q32.32.
pub const ONE: u64 = 1 << 32;

/// Fractional bits of an exponential variate: enough for the least of 2^20 of them.
const EXPONENTIAL_BITS: u32 = 110;

/// One in Q60.
const ONE_Q60: u64 = 1 << 60;

/// Steps of the table of logarithms between 1 and 2.
const STEPS: usize = 128;

/// `ln(1 + i / 128)` in Q60; the last entry is `ln 2`.
const LN: [u64; STEPS + 1] = build_ln_table();

/// The natural logarithm of two in Q60.
const LN_2: u64 = LN[STEPS];

/// `2^-(2^-i)` in Q62: from a half towards one.
const EXP2_NEG: [u64; 33] = build_exp2_table();

/// The natural logarithm of `x`, both in Q32.32.
///
/// ```
/// # use market::fixed::{ONE, ln};
/// assert_eq!(ln(ONE), 0);
/// assert_eq!(ln(2 * ONE), 2_977_044_472); // 0.693147 x 2^32
/// ```
///
/// # Panics
/// When `x` is zero, which has no logarithm.
pub const fn ln(x: u64) -> i64 {
    assert!(x > 0, "zero has no logarithm");
    let zeros = x.leading_zeros();
    to_q32(ln_scaled(x << zeros, 31 - zeros as i32))
}

/// `2^-x` for `x` in Q32.32, in Q32.32.
///
/// ```
/// # use market::fixed::{ONE, exp2_neg};
/// assert_eq!(exp2_neg(0), ONE);
/// assert_eq!(exp2_neg(3 * ONE), ONE / 8);
/// ```
pub const fn exp2_neg(x: u64) -> u64 {
    let whole = x >> 32;
    if whole > 33 {
        return 0;
    }
    let mut power: u128 = 1 << 62;
    let mut bit = 1;
    while bit <= 32 {
        if x >> (32 - bit) & 1 == 1 {
            power = (power * EXP2_NEG[bit as usize] as u128 + (1 << 61)) >> 62;
        }
        bit += 1;
    }
    let shift = 30 + whole as u32;
    ((power + (1 << (shift - 1))) >> shift) as u64
}

/// The standard exponential `-ln U` of `U = (uniform + 1/2) / 2^64`, in units of 2^-110: never
/// zero, and to at least 40 significant bits.
pub(crate) const fn exponential(uniform: u64) -> u128 {
    let complement = !uniform;
    if complement < 1 << 48 {
        // 1 - U = w / 2^65 is below 2^-16: -ln(1 - V) = V + V^2/2 + V^3/3, the rest below 2^-50 V.
        let w = 2 * complement as u128 + 1;
        let square = w * w;
        let cube = ((square >> 34) * w) >> 36;
        return ((w << 60) + (square >> 6) + cube / 3) >> (125 - EXPONENTIAL_BITS);
    }
    // U = mantissa x 2^-halvings with the mantissa between 1 and 2.
    let (mantissa, halvings) = if uniform >> 63 == 1 {
        (uniform, 1)
    } else {
        let odd = 2 * uniform + 1;
        (odd << odd.leading_zeros(), odd.leading_zeros() + 2)
    };
    let q60 = halvings as u128 * LN_2 as u128 - ln_mantissa(mantissa) as u128;
    q60 << (EXPONENTIAL_BITS - 60)
}

/// At most [`exponential`], by at most 1/128 and a half of it, for one look into the table; never
/// zero.
#[inline]
pub(crate) const fn exponential_floor(uniform: u64) -> u128 {
    // -ln(1 - V) is at least V = (2^64 - uniform - 1/2) / 2^64, which is near when V is small.
    let complement = (2 * (!uniform) as u128 + 1) << (EXPONENTIAL_BITS - 65);
    // U is at most the upper end of its step of the table.
    let odd = 2 * uniform as u128 + 1;
    let zeros = odd.leading_zeros();
    let step = (odd << zeros >> 120) as usize - STEPS;
    let halvings = zeros as u128 - 63 + 1;
    let by_table = (halvings * LN_2 as u128 - LN[step + 1] as u128) << (EXPONENTIAL_BITS - 60);
    // Both are right everywhere: to choose without a branch is faster than to guess.
    if complement > by_table { complement } else { by_table }
}

/// `-ln E` in Q32.32 of an exponential in units of 2^-110: the Gumbel variate when `E` is a
/// standard exponential.
///
/// # Panics
/// When `exponential` is zero, which no sum of exponentials is.
pub(crate) const fn minus_ln(exponential: u128) -> i64 {
    let (mantissa, exponent) = split(exponential);
    -to_q32(ln_scaled(mantissa, exponent))
}

/// An upper bound of [`minus_ln`], not more than 1/128 above it, for one look into the table.
#[inline]
pub(crate) const fn minus_ln_bound(exponential: u128) -> i64 {
    let (mantissa, exponent) = split(exponential);
    let step = (mantissa >> 56) as usize - STEPS;
    -to_q32(exponent as i128 * LN_2 as i128 + LN[step] as i128) + 1
}

/// A value in units of 2^-110 as its 64 leading bits and their exponent.
#[inline]
const fn split(exponential: u128) -> (u64, i32) {
    assert!(exponential > 0, "zero has no logarithm");
    let zeros = exponential.leading_zeros();
    ((exponential << zeros >> 64) as u64, 127 - zeros as i32 - EXPONENTIAL_BITS as i32)
}

/// The natural logarithm of a whole number, in Q32.32; that of zero counts as that of one.
///
/// ```
/// # use market::fixed::{ln, ln_whole};
/// assert_eq!(ln_whole(1), 0);
/// assert_eq!(ln_whole(2), ln(2 << 32));
/// ```
pub const fn ln_whole(x: u128) -> i64 {
    let x = if x == 0 { 1 } else { x };
    let zeros = x.leading_zeros();
    to_q32(ln_scaled((x << zeros >> 64) as u64, 127 - zeros as i32))
}

/// `ln(mantissa / 2^63 x 2^exponent)` in Q60.
const fn ln_scaled(mantissa: u64, exponent: i32) -> i128 {
    exponent as i128 * LN_2 as i128 + ln_mantissa(mantissa) as i128
}

/// From Q60 to Q32.32, to nearest.
const fn to_q32(q60: i128) -> i64 {
    ((q60 + (1 << 27)) >> 28) as i64
}

/// `ln(mantissa / 2^63)` in Q60 for a mantissa with its top bit set: between 0 and `ln 2`.
///
/// The nearest table entry below, `c`, leaves `1 + r` with `r < 1/128`; eight terms of its series
/// leave less than 2^-66.
const fn ln_mantissa(mantissa: u64) -> u64 {
    let m = mantissa >> 3;
    let step = (m >> 53) as usize - STEPS;
    let above = m - ((STEPS + step) as u64) * (1 << 53);
    let r = above * STEPS as u64 / (STEPS + step) as u64;
    let mut tail = 0;
    let mut term = 8;
    while term > 0 {
        tail = ONE_Q60 / term - multiply_q60(r, tail);
        term -= 1;
    }
    LN[step] + multiply_q60(r, tail)
}

/// The product of two Q60 values.
const fn multiply_q60(a: u64, b: u64) -> u64 {
    ((a as u128 * b as u128) >> 60) as u64
}

/// `ln c = 2 artanh((c - 1) / (c + 1))` for each `c = 1 + i / 128`, by its series in Q64.
const fn build_ln_table() -> [u64; STEPS + 1] {
    let mut table = [0; STEPS + 1];
    let mut i = 1;
    while i <= STEPS {
        let z = divide_rounded((i as u128) << 64, (2 * STEPS + i) as u128);
        let square = divide_rounded(z * z, 1 << 64);
        let (mut power, mut sum, mut odd) = (z, 0, 1);
        while power > 0 {
            sum += divide_rounded(power, odd);
            power = divide_rounded(power * square, 1 << 64);
            odd += 2;
        }
        table[i] = divide_rounded(2 * sum, 1 << 4) as u64;
        i += 1;
    }
    table
}

const fn divide_rounded(a: u128, b: u128) -> u128 {
    (a + b / 2) / b
}

/// Each entry is the square root of the one before.
const fn build_exp2_table() -> [u64; 33] {
    let mut table = [1 << 61; 33];
    let mut i = 1;
    while i < 33 {
        table[i] = ((table[i - 1] as u128) << 62).isqrt() as u64;
        i += 1;
    }
    table
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the platform's functions are the oracle here")]
mod tests {
    use super::*;
    use units::Philox;

    const UNIT: f64 = 1.0 / ONE as f64;

    fn uniforms(count: u64) -> impl Iterator<Item = u64> {
        (0..count).map(|n| Philox::new(7).value(1, n))
    }

    /// Values that reach every size, not only the common ones.
    fn of_any_size(count: u64) -> impl Iterator<Item = u64> {
        uniforms(count).map(|value| (value >> (value & 63)).max(1))
    }

    #[test]
    fn the_logarithm_is_within_one_unit() {
        for x in of_any_size(200_000).chain([1, 2, ONE - 1, ONE, ONE + 1, u64::MAX]) {
            let exact = (x as f64 * UNIT).ln();
            assert!((ln(x) as f64 * UNIT - exact).abs() <= UNIT, "ln of {x}");
        }
    }

    #[test]
    fn the_logarithm_of_a_mantissa_is_within_the_float_itself() {
        for x in uniforms(200_000).map(|x| x | 1 << 63).chain([1 << 63, u64::MAX]) {
            let exact = (x as f64 / (1_u64 << 63) as f64).ln();
            assert!((ln_mantissa(x) as f64 / ONE_Q60 as f64 - exact).abs() < 4e-16, "ln of {x}");
        }
        assert_eq!(LN_2, 799_144_290_325_165_979); // ln 2 x 2^60, from its published digits
    }

    #[test]
    fn the_power_is_within_one_unit() {
        for x in uniforms(100_000).map(|x| x % (40 * ONE)) {
            let exact = (-(x as f64) * UNIT).exp2();
            assert!((exp2_neg(x) as f64 * UNIT - exact).abs() <= UNIT, "2^-{x}");
        }
        assert_eq!(exp2_neg(u64::MAX), 0);
    }

    /// By `ln_1p` near one, where the plain formula loses its digits.
    fn gumbel_by_float(uniform: u64) -> f64 {
        let above = ((!uniform) as f64 + 0.5) / 2f64.powi(64);
        let below = (uniform as f64 + 0.5) / 2f64.powi(64);
        let exponential = if above < 0.5 { -(-above).ln_1p() } else { -below.ln() };
        -exponential.ln()
    }

    fn gumbel(uniform: u64) -> i64 {
        minus_ln(exponential(uniform))
    }

    #[test]
    fn the_gumbel_variate_is_within_one_unit() {
        let small = of_any_size(200_000);
        let large = of_any_size(200_000).map(|value| !value);
        let border = (0..200).map(|n| !((1_u64 << 48) - 100 + n));
        for uniform in small.chain(large).chain(border).chain([0, u64::MAX, u64::MAX / 2]) {
            let difference = gumbel(uniform) as f64 * UNIT - gumbel_by_float(uniform);
            assert!(difference.abs() <= UNIT, "variate of {uniform}: off by {difference}");
        }
    }

    #[test]
    fn the_floor_of_an_exponential_is_never_above_it_and_close() {
        for uniform in of_any_size(200_000).flat_map(|u| [u, !u]).chain([0, u64::MAX, 1 << 63]) {
            let (exact, floor) = (exponential(uniform), exponential_floor(uniform));
            assert!(floor > 0 && floor <= exact, "{uniform}: {floor} of {exact}");
            assert!(
                floor >= exact / 2 || exact - floor < 1 << 104,
                "{uniform}: {floor} of {exact}"
            );
        }
    }

    #[test]
    fn the_bound_of_a_logarithm_is_never_below_it_and_close() {
        for uniform in of_any_size(200_000).chain(0..64).chain((0..64).map(|bit| 1 << bit)) {
            for value in [exponential(uniform), exponential(!uniform)] {
                let excess = minus_ln_bound(value) - minus_ln(value);
                assert!((0..=ONE as i64 / 128 + 2).contains(&excess), "{value}: {excess}");
            }
        }
    }

    #[test]
    fn the_logarithm_of_a_whole_number_is_within_one_unit() {
        for x in of_any_size(100_000).map(|x| u128::from(x) * u128::from(x)).chain([1, u128::MAX]) {
            assert!((ln_whole(x) as f64 * UNIT - (x as f64).ln()).abs() <= 2.0 * UNIT, "ln {x}");
        }
    }

    #[test]
    fn the_variates_have_the_mean_and_variance_of_the_law() {
        let values: Vec<f64> = uniforms(200_000).map(|u| gumbel(u) as f64 * UNIT).collect();
        let mean = values.iter().sum::<f64>() / 2e5;
        let variance = values.iter().map(|g| (g - mean).powi(2)).sum::<f64>() / 2e5;
        assert!((mean - 0.577_216).abs() < 4.0 * 1.2825 / 2e5f64.sqrt(), "mean {mean}");
        // The fourth central moment is 5.4 variances squared: its error is 1.645 sqrt(4.4 / n).
        assert!((variance - 1.644_934).abs() < 0.031, "variance {variance}");
    }
}
