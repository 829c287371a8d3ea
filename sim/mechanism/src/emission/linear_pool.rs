//! A pool that is emitted in equal parts.

use crate::wide::mul_div_rounded_down;

/// A pool emitted evenly over a number of eras, to the last unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinearPool {
    /// All that is emitted, in base units.
    pub pool: u128,
    /// In how many eras.
    pub eras: u64,
}

impl LinearPool {
    /// Emitted in the first `eras`, rounded down.
    pub fn cumulative(&self, eras: u64) -> u128 {
        mul_div_rounded_down(self.pool, eras.min(self.eras).into(), self.eras.into())
    }
}
