//! Emission by a list of amounts.

use crate::wide::mul_div_rounded_down;

/// One amount for each period, emitted evenly within it; nothing after the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Emitted in each period, in base units.
    pub amounts: Vec<u128>,
    /// Eras of one period.
    pub period_eras: u64,
}

impl Table {
    /// Emitted in the first `eras`, rounded down.
    pub fn cumulative(&self, eras: u64) -> u128 {
        let whole = eras / self.period_eras;
        let mut sum = 0;
        for (period, amount) in (0_u64..).zip(&self.amounts) {
            sum += match period.cmp(&whole) {
                std::cmp::Ordering::Less => *amount,
                std::cmp::Ordering::Equal => {
                    let elapsed = u128::from(eras % self.period_eras);
                    mul_div_rounded_down(*amount, elapsed, self.period_eras.into())
                }
                std::cmp::Ordering::Greater => break,
            };
        }
        sum
    }

    /// All that is ever emitted.
    pub fn cap(&self) -> u128 {
        self.amounts.iter().sum()
    }
}
