//! Uptime: the share of challenges answered.

use super::forms;
use units::Ppm;

/// Uptime that scores nothing: the mark of trust tier 6. Source: protocol.md 2.3.
const UPTIME_NONE: Ppm = Ppm(850_000);
/// Uptime that scores in full: the mark of trust tier 1. Source: protocol.md 2.3.
const UPTIME_FULL: Ppm = Ppm(990_000);

forms! {
    /// How uptime is scored.
    UptimeForm {
        /// `(uptime - 0.85) / (0.99 - 0.85)`, between nothing and the whole: the bounds are the
        /// marks of trust tiers 6 and 1.
        Marks = "marks",
        /// The share itself (economics.md 1.3).
        Share = "share",
    }
}

/// The score of `uptime`, the share of challenges answered over the window of eras.
///
/// ```
/// # use market::factor::{self, UptimeForm};
/// # use units::Ppm;
/// assert_eq!(factor::uptime(Ppm(920_000), UptimeForm::Marks), Ppm(500_000));
/// assert_eq!(factor::uptime(Ppm(920_000), UptimeForm::Share), Ppm(920_000));
/// ```
pub fn uptime(uptime: Ppm, form: UptimeForm) -> Ppm {
    match form {
        UptimeForm::Marks => {
            let above = uptime.0.saturating_sub(UPTIME_NONE.0);
            Ppm::ratio_rounded_down(u64::from(above), u64::from(UPTIME_FULL.0 - UPTIME_NONE.0))
        }
        UptimeForm::Share => uptime.min(Ppm::ONE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_are_the_ends() {
        assert_eq!(uptime(UPTIME_NONE, UptimeForm::Marks), Ppm::ZERO);
        assert_eq!(uptime(UPTIME_FULL, UptimeForm::Marks), Ppm::ONE);
        assert_eq!(uptime(Ppm::ONE, UptimeForm::Marks), Ppm::ONE);
    }
}
