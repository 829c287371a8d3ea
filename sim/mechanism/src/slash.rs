//! How much a fault costs, who receives it, and how much stake makes a fault not worth it.
//!
//! A slash rounds up, so that it never takes less than its rule says (economics.md 1.9); fees that
//! another network rounds down are rounded as there. Which fault happened, and what stake can
//! still be reached, is for the chain to say.

mod deterrence;
mod division;
mod fault_fee;
mod magnitude;

pub use deterrence::{Gain, Temptation, detection_rounded_down, escape_rounded_up};
pub use division::{Destinations, Division};
pub use fault_fee::{TerminationRule, fault_fee_rounded_down, interruption_rounded_up};
pub use magnitude::{AllocationError, Magnitudes};

use crate::wide::mul_div_rounded_up;
use units::{BasisPoints, Spon};

/// What a fault of one kind costs (economics.md 1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlashRule {
    /// Whatever the stake is.
    pub base: Spon,
    /// Share of the stake.
    pub fraction: BasisPoints,
    /// How many times the share of all stake that was slashed in the window is taken too, because
    /// many faults at once look like an attack. Two in Ethereum since Altair; zero for none.
    pub correlation: u32,
}

/// Who is slashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtFault {
    /// Its stake when the fault happened.
    pub stake: Spon,
    /// What of it can still be taken, with what is being withdrawn.
    pub slashable: Spon,
}

/// What happened to others lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlashWindow {
    /// Slashed within the window, this fault aside.
    pub slashed: Spon,
    /// All stake there is; more than zero when anybody has one.
    pub total: Spon,
}

impl SlashRule {
    /// What is taken: base, fraction and correlated part, each rounded up, and at most what can be
    /// taken.
    ///
    /// ```
    /// # use mechanism::slash::{AtFault, SlashRule, SlashWindow};
    /// # use units::{BasisPoints, Spon};
    /// let tokens = Spon::from_base;
    /// let rule = SlashRule { base: tokens(5), fraction: BasisPoints(100), correlation: 2 };
    /// let fault = AtFault { stake: tokens(1_000), slashable: tokens(1_000) };
    /// let window = SlashWindow { slashed: tokens(300), total: tokens(10_000) };
    /// assert_eq!(rule.compute_rounded_up(fault, window), tokens(5 + 10 + 60));
    /// ```
    pub fn compute_rounded_up(&self, fault: AtFault, window: SlashWindow) -> Spon {
        let fraction = Spon::from_base(self.fraction.of_rounded_up(fault.stake.base()));
        let wanted = self.base + fraction + self.correlated_rounded_up(fault.stake, window);
        wanted.min(fault.slashable)
    }

    fn correlated_rounded_up(&self, stake: Spon, window: SlashWindow) -> Spon {
        let total = count(window.total);
        if self.correlation == 0 || total == 0 {
            return Spon::ZERO;
        }
        let times = count(window.slashed).saturating_mul(u128::from(self.correlation));
        amount(mul_div_rounded_up(count(stake), times.min(total), total))
    }
}

/// An amount without a sign, as products are worked out.
fn count(amount: Spon) -> u128 {
    u128::try_from(amount.base()).expect("stake and slashes are never negative")
}

fn amount(count: u128) -> Spon {
    Spon::from_base(i128::try_from(count).expect("a part of a stake is at most that stake"))
}
