//! Products of two amounts, which need 256 bits before they are divided.

use ruint::aliases::U256;

/// `a x b / c`, rounded down, whatever the size of the product.
///
/// # Panics
/// When `c` is zero, or the quotient needs more than 128 bits.
///
/// ```
/// # use mechanism::wide::mul_div_rounded_down;
/// assert_eq!(mul_div_rounded_down(u128::MAX, 3, 4), u128::MAX / 4 * 3 + 2);
/// ```
pub fn mul_div_rounded_down(a: u128, b: u128, c: u128) -> u128 {
    narrow(U256::from(a) * U256::from(b) / U256::from(c))
}

/// `a x b / c`, rounded up, whatever the size of the product.
///
/// # Panics
/// When `c` is zero, or the quotient needs more than 128 bits.
pub fn mul_div_rounded_up(a: u128, b: u128, c: u128) -> u128 {
    narrow((U256::from(a) * U256::from(b)).div_ceil(U256::from(c)))
}

fn narrow(wide: U256) -> u128 {
    u128::try_from(wide).expect("a part of an amount has at most 128 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_products_are_those_of_128_bits() {
        for (a, b, c) in [(7_u128, 5, 3), (0, 9, 1), (1 << 60, 1 << 60, 7), (10, 10, 100)] {
            assert_eq!(mul_div_rounded_down(a, b, c), a * b / c);
            assert_eq!(mul_div_rounded_up(a, b, c), (a * b).div_ceil(c));
        }
    }

    #[test]
    fn the_whole_of_the_largest_amount_is_that_amount() {
        for c in [1, 3, u128::MAX] {
            assert_eq!(mul_div_rounded_down(u128::MAX, c, c), u128::MAX);
            assert_eq!(mul_div_rounded_up(u128::MAX, c, c), u128::MAX);
        }
    }

    #[test]
    #[should_panic(expected = "at most 128 bits")]
    fn more_than_the_whole_of_it_is_refused() {
        mul_div_rounded_down(u128::MAX, 2, 1);
    }
}
