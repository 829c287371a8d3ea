//! Slash: how often the provider lost stake lately.

use super::forms;
use crate::fixed;
use units::Ppm;

forms! {
    /// How recent slashes are scored.
    SlashForm {
        /// `2^-m` after `m` slashes: Kalypso halves for each miss; the window of 30 days and the
        /// half for a partial slash are ours (protocol.md 9.4).
        Halving = "halving",
        /// Whole without a slash in the window, nothing with one.
        Gate = "gate",
    }
}

/// The score of the slashes of the last 30 days, counted in halves.
///
/// ```
/// # use market::factor::{self, SlashForm};
/// # use units::Ppm;
/// assert_eq!(factor::slash(2, SlashForm::Halving), Ppm(500_000));
/// assert_eq!(factor::slash(1, SlashForm::Gate), Ppm::ZERO);
/// ```
pub fn slash(slash_halves: u32, form: SlashForm) -> Ppm {
    match form {
        SlashForm::Halving => {
            let power = fixed::exp2_neg(u64::from(slash_halves) * (fixed::ONE / 2));
            Ppm::ratio_rounded_down(power, fixed::ONE)
        }
        SlashForm::Gate if slash_halves == 0 => Ppm::ONE,
        SlashForm::Gate => Ppm::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_slashes_leave_nothing() {
        assert_eq!(slash(0, SlashForm::Halving), Ppm::ONE);
        assert_eq!(slash(1, SlashForm::Halving), Ppm(707_106));
        assert_eq!(slash(u32::MAX, SlashForm::Halving), Ppm::ZERO);
        assert_eq!(slash(0, SlashForm::Gate), Ppm::ONE);
    }
}
