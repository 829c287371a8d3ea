//! Emission that falls a little every era (Filecoin's simple minting).

use crate::q128::{ONE, compute_remaining, narrow};
use ruint::aliases::U512;

/// A total of which half is emitted in every half-life: M(t) = total x (1 - 2^(-t / half-life)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exponential {
    /// What all eras together approach, in base units.
    pub total: u128,
    /// Eras in which half of what is left is emitted.
    pub half_life_eras: u64,
}

impl Exponential {
    /// Emitted in the first `eras`, rounded down.
    pub fn cumulative(&self, eras: u64) -> u128 {
        let emitted = ONE - compute_remaining(eras, self.half_life_eras);
        narrow((U512::from(self.total) * emitted) >> 128)
    }
}
