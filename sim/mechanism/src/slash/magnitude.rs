//! Stake that several sets of operators can slash, each its own part and nobody else's.
//!
//! As on EigenLayer (economics.md 1.9): a stake starts with a magnitude of 10^18, parts of which
//! are allocated to sets. A slash takes a share of one part from that part and from the whole, and
//! tokens in proportion, so that what the other sets can slash stays what it was. Delays of
//! allocation and withdrawal are for the chain to keep.

use super::{amount, count};
use crate::wide::{mul_div_rounded_down, mul_div_rounded_up};
use units::Spon;

/// A stake, and the parts of it that sets can slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Magnitudes {
    tokens: Spon,
    total: u64,
    sets: Vec<u64>,
}

/// Why an allocation was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationError {
    /// More than is free; release some of another set first.
    BeyondFree,
    /// More than the set has.
    BeyondSet,
}

impl Magnitudes {
    /// The magnitude of a stake that was never slashed, and the whole of a share.
    pub const WHOLE: u64 = 1_000_000_000_000_000_000;

    /// A stake of `tokens`, all of it free, beside `sets` sets.
    pub fn new(tokens: Spon, sets: usize) -> Magnitudes {
        assert!(tokens >= Spon::ZERO, "a stake is what was posted");
        Magnitudes { tokens, total: Magnitudes::WHOLE, sets: vec![0; sets] }
    }

    /// The stake.
    pub const fn tokens(&self) -> Spon {
        self.tokens
    }

    /// What slashes left of 10^18; it only falls.
    pub const fn total(&self) -> u64 {
        self.total
    }

    /// The magnitude of a set.
    pub fn of(&self, set: usize) -> u64 {
        self.sets[set]
    }

    /// Magnitude that no set can slash.
    pub fn free(&self) -> u64 {
        let allocated = self.sets.iter().fold(0_u64, |sum, set| sum.saturating_add(*set));
        self.total.checked_sub(allocated).expect("sets hold no more than there is")
    }

    /// Gives `magnitude` of what is free to a set.
    pub fn allocate(&mut self, set: usize, magnitude: u64) -> Result<(), AllocationError> {
        if magnitude > self.free() {
            return Err(AllocationError::BeyondFree);
        }
        self.sets[set] += magnitude;
        Ok(())
    }

    /// Takes `magnitude` back from a set.
    pub fn release(&mut self, set: usize, magnitude: u64) -> Result<(), AllocationError> {
        let left = self.sets[set].checked_sub(magnitude).ok_or(AllocationError::BeyondSet)?;
        self.sets[set] = left;
        Ok(())
    }

    /// Adds tokens, of which every set can slash its share at once.
    pub fn deposit(&mut self, tokens: Spon) {
        assert!(tokens >= Spon::ZERO, "a deposit is what was brought");
        self.tokens += tokens;
    }

    /// What a set can slash, a started unit dropped.
    pub fn slashable_rounded_down(&self, set: usize) -> Spon {
        if self.total == 0 {
            return Spon::ZERO;
        }
        let part = u128::from(self.sets[set]);
        amount(mul_div_rounded_down(count(self.tokens), part, u128::from(self.total)))
    }

    /// Slashes `share` (of [`Magnitudes::WHOLE`]) of what a set can slash, and answers with the
    /// tokens taken. Magnitude and tokens are rounded up, so that a slash never takes too little.
    pub fn slash_rounded_up(&mut self, set: usize, share: u64) -> Spon {
        assert!(share <= Magnitudes::WHOLE, "a slash takes at most the whole");
        let (part, whole) = (u128::from(self.sets[set]), u128::from(Magnitudes::WHOLE));
        let lost = mul_div_rounded_up(part, u128::from(share), whole);
        if lost == 0 {
            return Spon::ZERO;
        }
        let taken = amount(mul_div_rounded_up(count(self.tokens), lost, u128::from(self.total)));
        let lost = u64::try_from(lost).expect("a part of a magnitude is one");
        self.sets[set] -= lost;
        self.total -= lost;
        self.tokens = self.tokens - taken;
        taken
    }
}
