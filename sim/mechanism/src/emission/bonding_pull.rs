//! Inflation that is pulled towards a share of the supply under stake (Cosmos).

use crate::wide::mul_div_rounded_down;

/// The whole of a yearly rate, which Cosmos counts in parts of 10^-18.
pub const WHOLE: u128 = 1_000_000_000_000_000_000;

/// Mints at a yearly rate that moves the faster, the further stake is from its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BondingPull {
    /// Minted in a year, of 10^18 parts of the supply: the only thing that moves.
    pub rate: u128,
    /// What the rate rises by in a year without any stake, of 10^18.
    pub change: u128,
    /// The rate is never below this, of 10^18.
    pub lowest: u128,
    /// Nor above this.
    pub highest: u128,
    /// The share of the supply under stake at which the rate stands still, of 10^18.
    pub target: u128,
    /// Eras in a year.
    pub eras_per_year: u64,
}

impl BondingPull {
    /// Moves the rate by `change x (1 - share / target)` of a year, then mints at the new one
    /// (economics.md 1.6). All divisions round down, the move in its size.
    ///
    /// # Panics
    /// When the target or the eras of a year are zero, or the lowest rate is above the highest.
    pub fn step(&mut self, supply: u128, staked: u128) -> u128 {
        let share = if supply == 0 { 0 } else { mul_div_rounded_down(staked, WHOLE, supply) };
        let eras = u128::from(self.eras_per_year);
        let distance = share.abs_diff(self.target);
        let moved = mul_div_rounded_down(self.change, distance, self.target * eras);
        let rate = match share < self.target {
            true => self.rate.saturating_add(moved),
            false => self.rate.saturating_sub(moved),
        };
        self.rate = rate.clamp(self.lowest, self.highest);
        mul_div_rounded_down(supply, self.rate, WHOLE * eras)
    }
}
