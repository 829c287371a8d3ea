//! The fee of Arbitrum Nitro: exponential in how much gas waits beyond what is tolerated.

use super::{Gas, Wei};
use crate::wide::mul_div_rounded_down;
use units::Span;

/// The whole in basis points, in which the rule counts its exponent.
const WHOLE: u64 = 10_000;

/// A speed that the chain is to keep, and the gas that was used beyond it.
///
/// The classic rule is one constraint with a tolerance; newer chains have several without
/// (economics.md 1.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Gas a second that drains the backlog; more than zero.
    pub speed: u64,
    /// Seconds of that speed that may wait before the fee rises.
    pub tolerance_s: u64,
    /// Seconds of that speed beyond it for which the fee rises by a factor `e`; more than zero.
    pub inertia_s: u64,
    /// Gas that was used and not yet drained.
    pub backlog: Gas,
}

/// The least fee, and the constraints that lift it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nitro {
    /// What a unit of gas costs at least.
    pub fee_min: Wei,
    /// Their exponents add up.
    pub constraints: Vec<Constraint>,
}

impl Nitro {
    pub(super) fn fee(&self) -> Wei {
        let exponents = self.constraints.iter().map(Constraint::exponent_bp_rounded_down);
        let exponent = exponents.fold(0, u64::saturating_add);
        let factor = u128::from(exp_bp_rounded_down(exponent));
        Wei(mul_div_rounded_down(self.fee_min.0, factor, u128::from(WHOLE)))
    }

    /// The gas of a block joins every backlog, which then drains until the next block; a started
    /// unit waits.
    pub(super) fn close_block(&mut self, used: Gas, until_next: Span) {
        for constraint in &mut self.constraints {
            let gas = u128::from(constraint.speed) * u128::from(until_next.nanos());
            let drained = u64::try_from(gas / u128::from(Span::SECOND.nanos())).unwrap_or(u64::MAX);
            let backlog = constraint.backlog.0.saturating_add(used.0);
            constraint.backlog = Gas(backlog.saturating_sub(drained));
        }
    }
}

impl Constraint {
    fn exponent_bp_rounded_down(&self) -> u64 {
        let seconds = |seconds: u64| u128::from(seconds) * u128::from(self.speed);
        let excess = u128::from(self.backlog.0).saturating_sub(seconds(self.tolerance_s));
        let exponent = excess * u128::from(WHOLE) / seconds(self.inertia_s);
        // Nitro counts in signed 64 bits and stops at their end; so does this.
        u64::try_from(exponent).unwrap_or(u64::MAX).min(i64::MAX as u64)
    }
}

/// `e^x` by the first four powers of `x`, both in basis points, as Nitro has it: each of Horner's
/// steps is rounded down, and twice `x` of one the result is 5 % short.
fn exp_bp_rounded_down(x: u64) -> u64 {
    let innermost = WHOLE + x / 4;
    let steps = [3, 2, 1].into_iter();
    let sum = steps.fold(innermost, |sum, i| WHOLE + sum.saturating_mul(x) / (i * WHOLE));
    sum.min(i64::MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_that_of_four_powers() {
        assert_eq!(exp_bp_rounded_down(0), 10_000);
        // 1 + 1 + 1/2 + 1/6 + 1/24, cut at each step; e itself is 2.7183.
        assert_eq!(exp_bp_rounded_down(10_000), 27_083);
        // Twice that: 7.0 of 7.389, five per cent short.
        assert_eq!(exp_bp_rounded_down(20_000), 70_000);
        assert!(exp_bp_rounded_down(u64::MAX / 2) >= exp_bp_rounded_down(1 << 40));
    }
}
