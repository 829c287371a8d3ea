//! Emission that is damped from period to period (Render).

use crate::wide::mul_div_rounded_down;
use units::Ppm;

/// Even within a period; each period has a fixed part of the one before, rounded down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damped {
    /// Emitted in the first period, in base units.
    pub first: u128,
    /// What the next period keeps of one; less than the whole.
    pub keep: Ppm,
    /// Eras of one period.
    pub period_eras: u64,
}

impl Damped {
    /// Emitted in the first `eras`, rounded down.
    pub fn cumulative(&self, eras: u64) -> u128 {
        let (mut sum, mut amount) = (0, self.first);
        for _ in 0..eras / self.period_eras {
            if amount == 0 {
                break;
            }
            sum += amount;
            amount = self.damp(amount);
        }
        let elapsed = u128::from(eras % self.period_eras);
        sum + mul_div_rounded_down(amount, elapsed, self.period_eras.into())
    }

    /// What all periods together stay below: first / (1 - keep), rounded up.
    pub fn cap(&self) -> u128 {
        let whole = u128::from(Ppm::ONE.0);
        let lost = whole.checked_sub(self.keep.0.into()).filter(|lost| *lost > 0);
        let lost = lost.expect("what is damped keeps less than the whole");
        self.first.checked_mul(whole).expect("amounts are below 2^107").div_ceil(lost)
    }

    fn damp(&self, amount: u128) -> u128 {
        mul_div_rounded_down(amount, self.keep.0.into(), Ppm::ONE.0.into())
    }
}
