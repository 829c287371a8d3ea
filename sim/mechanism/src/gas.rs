//! What a call costs: the fee of a unit of gas, and the gas and data of a call.
//!
//! A fee moves by one of four rules (economics.md 1.13), each in the integers of the chain that it
//! is taken from. Latency and finality are not here.

mod cost;
mod eip_1559;
mod nitro;

mod block_space;

pub use block_space::BlockSpace;
pub use cost::{BatchGas, BatchSize, CallSize, calls_per_block};
pub use eip_1559::{Eip1559, Target};
pub use nitro::{Constraint, Nitro};

use units::Span;

/// Units of computation on a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gas(pub u64);

/// The smallest unit of the coin that gas is paid in: 10^-18.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wei(pub u128);

impl Wei {
    /// A thousand million wei, in which fees are usually told.
    pub const GWEI: Wei = Wei(1_000_000_000);
}

/// A rule by which the fee of a unit of gas moves, with what it remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FeeRule {
    /// Calls are free.
    #[default]
    Zero,
    /// The fee never moves.
    Flat(Wei),
    /// The fee follows how full each block is.
    Eip1559(Eip1559),
    /// The fee follows backlogs of gas.
    Nitro(Nitro),
}

impl FeeRule {
    /// What a unit of gas costs in the block that is open.
    pub fn fee(&self) -> Wei {
        match self {
            FeeRule::Zero => Wei(0),
            FeeRule::Flat(fee) => *fee,
            FeeRule::Eip1559(rule) => rule.fee,
            FeeRule::Nitro(rule) => rule.fee(),
        }
    }

    /// What a unit of gas never costs less than.
    pub fn fee_min(&self) -> Wei {
        match self {
            FeeRule::Zero => Wei(0),
            FeeRule::Flat(fee) => *fee,
            FeeRule::Eip1559(rule) => rule.fee_min,
            FeeRule::Nitro(rule) => rule.fee_min,
        }
    }

    /// A block that used `used` closes, and the next one opens `until_next` later; answers with the
    /// fee in that one.
    pub fn close_block(&mut self, used: Gas, until_next: Span) -> Wei {
        match self {
            FeeRule::Zero | FeeRule::Flat(_) => {}
            FeeRule::Eip1559(rule) => rule.close_block(used),
            FeeRule::Nitro(rule) => rule.close_block(used, until_next),
        }
        self.fee()
    }
}
