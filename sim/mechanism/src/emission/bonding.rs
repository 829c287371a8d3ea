//! Inflation that seeks a share of the supply under stake (Livepeer).

use crate::wide::mul_div_rounded_down;

/// The whole of a rate. Livepeer counts rates in billionths, because half a millionth matters.
pub const BILLION: u64 = 1_000_000_000;

/// Mints a part of the supply every era; the part moves until enough of the supply is at stake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bonding {
    /// Minted per era, in billionths of the supply: the only thing that moves.
    pub rate_ppb: u64,
    /// What the rate moves by in one era, in billionths of the supply.
    pub change_ppb: u64,
    /// The share of the supply under stake at which the rate stands still, in billionths.
    pub target_ppb: u64,
}

impl Bonding {
    /// Moves the rate, then mints at the new one (economics.md 1.6): up below the target, down to
    /// no less than nothing above it. Both divisions round down.
    pub fn step(&mut self, supply: u128, staked: u128) -> u128 {
        let billion = u128::from(BILLION);
        let share = if supply == 0 { 0 } else { mul_div_rounded_down(staked, billion, supply) };
        self.rate_ppb = match share.cmp(&self.target_ppb.into()) {
            std::cmp::Ordering::Less => self.rate_ppb.saturating_add(self.change_ppb),
            std::cmp::Ordering::Equal => self.rate_ppb,
            std::cmp::Ordering::Greater => self.rate_ppb.saturating_sub(self.change_ppb),
        };
        mul_div_rounded_down(supply, self.rate_ppb.into(), billion)
    }
}
