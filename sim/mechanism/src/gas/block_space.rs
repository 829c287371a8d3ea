//! The blocks of a chain that others use too: what fits, what waits, and what gas comes to cost.

use super::{FeeRule, Gas, Wei};
use crate::wide::mul_div_rounded_down;
use units::Span;

/// Block after block, each of a limited size.
///
/// What does not fit waits in the order in which it came. Others spend the same amount of coins a
/// second whatever a unit of gas costs, so that at twice the fee they use half the gas: demand of
/// elasticity one, of those who wait too. Without it the fee of EIP-1559 would have no resting
/// point above its target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockSpace {
    rule: FeeRule,
    limit: Gas,
    /// Gas of calls that the open block has taken in.
    open: Gas,
    /// Gas that came before and did not fit.
    waiting: Gas,
}

impl BlockSpace {
    /// Empty blocks of at most `limit`, under a rule.
    ///
    /// # Panics
    /// When nothing fits into a block: then all would wait for ever.
    pub fn new(rule: FeeRule, limit: Gas) -> BlockSpace {
        assert!(limit > Gas(0), "something fits into a block");
        BlockSpace { rule, limit, open: Gas(0), waiting: Gas(0) }
    }

    /// What a unit of gas costs in the open block.
    pub fn fee(&self) -> Wei {
        self.rule.fee()
    }

    /// The most gas of a block.
    pub fn limit(&self) -> Gas {
        self.limit
    }

    /// A call joins the open block.
    pub fn take_in(&mut self, gas: Gas) {
        self.open = Gas(self.open.0.saturating_add(gas.0));
    }

    /// How many blocks a call that is sent now waits behind what was sent before.
    pub fn blocks_to_wait(&self) -> u64 {
        self.waiting.0 / self.limit.0
    }

    /// Closes so many blocks, `length` apart; in each of them others would use `others` if gas cost
    /// no more than it must.
    ///
    /// Once a block leaves everything as it was, so do all that follow, and they are passed over.
    pub fn close_blocks(&mut self, blocks: u64, others: Gas, length: Span) {
        for _ in 0..blocks {
            let before = (self.open == Gas(0)).then(|| self.clone());
            self.close_block(others, length);
            if before.is_some_and(|before| before == *self) {
                return;
            }
        }
    }

    fn close_block(&mut self, others: Gas, length: Span) {
        let wanted = self.waiting.0.saturating_add(self.open.0);
        let wanted = wanted.saturating_add(self.wanted_by_others(others).0);
        let used = wanted.min(self.limit.0);
        let before = self.rule.fee();
        let after = self.rule.close_block(Gas(used), length);
        (self.open, self.waiting) = (Gas(0), Gas(in_proportion(wanted - used, before, after)));
    }

    /// What others use at the fee of the open block, of `others` at the least fee; a started unit
    /// is not used.
    fn wanted_by_others(&self, others: Gas) -> Gas {
        Gas(in_proportion(others.0, self.rule.fee_min(), self.rule.fee()))
    }
}

/// What is left of gas that was wanted at a fee when the fee rises; all of it when it does not.
fn in_proportion(gas: u64, before: Wei, after: Wei) -> u64 {
    if after <= before || before == Wei(0) {
        return gas;
    }
    let left = mul_div_rounded_down(u128::from(gas), before.0, after.0);
    u64::try_from(left).expect("a part of the gas is no more than the gas")
}
