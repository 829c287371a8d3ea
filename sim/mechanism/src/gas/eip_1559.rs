//! The fee of EIP-1559: up when a block used more than its target, down when less.

use super::{Gas, Wei};
use crate::wide::mul_div_rounded_down;

/// A value that moves towards a target by a bounded share: the integers of EIP-1559, of use for
/// rents too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// What leaves the value as it is; more than zero.
    pub used: u64,
    /// The value moves by one part of this many when twice the target was used.
    pub divisor: u64,
}

impl Target {
    /// The next value after `used`.
    ///
    /// `value x (used - target) / target / divisor`, rounded down twice, is added or taken; above
    /// the target at least one unit is added.
    pub fn step(&self, value: u128, used: u64) -> u128 {
        let off = u128::from(used.abs_diff(self.used));
        let scaled = mul_div_rounded_down(value, off, u128::from(self.used));
        let delta = scaled / u128::from(self.divisor);
        if used > self.used { value + delta.max(1) } else { value - delta }
    }
}

/// Fee and limits of a chain with EIP-1559.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Eip1559 {
    /// What a unit of gas costs now.
    pub fee: Wei,
    /// What it costs at least; zero on chains without a least fee.
    pub fee_min: Wei,
    /// The most gas in a block.
    pub block_limit: Gas,
    /// The limit is so many times the target: 2 on Ethereum, other numbers on chains made alike.
    pub elasticity: u64,
    /// The fee moves by one part of this many after a block of twice the target.
    pub divisor: u64,
}

impl Eip1559 {
    pub(super) fn close_block(&mut self, used: Gas) {
        assert!(used <= self.block_limit, "a block uses no more than its limit");
        let target = Target { used: self.block_limit.0 / self.elasticity, divisor: self.divisor };
        self.fee = Wei(target.step(self.fee.0, used.0)).max(self.fee_min);
    }
}
