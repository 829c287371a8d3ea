//! Emission that halves after every period (Bitcoin; Helium's HIP 20).

use crate::wide::mul_div_rounded_up;

/// Even within a period, half of it in the next, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halving {
    /// Emitted in the first period, in base units; all periods together approach twice that.
    pub first: u128,
    /// Eras of one period.
    pub period_eras: u64,
}

impl Halving {
    /// Emitted in the first `eras`, rounded down: twice the first period less what is left.
    ///
    /// After k periods and r eras, first x (2 x period - r) / (period x 2^k) is left. It is rounded
    /// up in two steps, which for whole numbers comes to the same as in one.
    pub fn cumulative(&self, eras: u64) -> u128 {
        let (k, r) = (eras / self.period_eras, eras % self.period_eras);
        let period = u128::from(self.period_eras);
        let left = mul_div_rounded_up(self.first, 2 * period - u128::from(r), period);
        self.cap() - shift_rounded_up(left, k)
    }

    /// What all periods together approach.
    pub fn cap(&self) -> u128 {
        self.first.checked_mul(2).expect("amounts are below 2^127")
    }
}

fn shift_rounded_up(amount: u128, places: u64) -> u128 {
    match u32::try_from(places).ok().and_then(|places| 1_u128.checked_shl(places)) {
        Some(divisor) => amount.div_ceil(divisor),
        None => u128::from(amount > 0),
    }
}
