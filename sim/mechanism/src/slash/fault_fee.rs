//! Fees for faults in days of income and shares of a pledge, as Filecoin and Aethir have them.

use units::{BasisPoints, Spon};

/// The fee for a day in fault: `hundredths` of a day's expected reward, rounded down as Filecoin
/// does (351 there, economics.md 1.10).
pub fn fault_fee_rounded_down(daily_reward: Spon, hundredths: u32) -> Spon {
    let fee = daily_reward.base().checked_mul(i128::from(hundredths));
    Spon::from_base(fee.expect("a reward is far below 2^95") / 100)
}

/// What it costs to end a commitment early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminationRule {
    /// Share of the pledge that an old commitment loses.
    pub pledge_share: BasisPoints,
    /// Days after which it is that whole share; it grows evenly until then.
    pub full_age_days: u32,
    /// Share of the pledge that is lost at least.
    pub pledge_share_min: BasisPoints,
    /// How much of the fault fee is lost at least: leaving is dearer than staying in fault.
    pub fault_fee_multiple: BasisPoints,
}

impl TerminationRule {
    /// `max(min(share, share x age / full age), max(least share, multiple x fault fee))`, each part
    /// rounded down as Filecoin does (economics.md 1.10).
    ///
    /// # Panics
    /// When the full age is zero: validation refuses it.
    pub fn fee_rounded_down(&self, pledge: Spon, age_days: u32, fault_fee: Spon) -> Spon {
        let full = self.pledge_share.of_rounded_down(pledge.base());
        let aged = full.checked_mul(i128::from(age_days)).expect("a pledge is far below 2^95");
        let grown = full.min(aged / i128::from(self.full_age_days));
        let least = self.pledge_share_min.of_rounded_down(pledge.base());
        let above_fault = self.fault_fee_multiple.of_rounded_down(fault_fee.base());
        Spon::from_base(grown.max(least).max(above_fault))
    }
}

/// What an interruption while serving takes: a third of the pledge, a started unit in full, as on
/// Aethir, where cheating takes all of it (protocol.md 4.3).
pub fn interruption_rounded_up(pledge: Spon) -> Spon {
    assert!(pledge >= Spon::ZERO, "a pledge is what was posted");
    Spon::from_base(pledge.base() / 3 + i128::from(pledge.base() % 3 != 0))
}
