//! Reputation: how many leases ended as agreed.

use super::forms;
use units::Ppm;

/// Good leases that everybody starts with, in thousandths. Source: protocol.md 9.4 (ours).
const PRIOR_GOOD_MILLI: u64 = 8_000;
/// Leases that everybody starts with, good and bad, in thousandths. Source: protocol.md 9.4 (ours).
const PRIOR_ALL_MILLI: u64 = 10_000;
/// Leases below which a completion rate says nothing, in thousandths. Source: AEP-86, by
/// protocol.md 9.4.
const COMPLETION_LEAST_MILLI: u64 = 10_000;

forms! {
    /// How a record of leases is scored.
    ReputationForm {
        /// `(good + 8) / (good + bad + 10)`: the completion rate with a prior of ten leases, ours.
        Prior = "prior",
        /// `(good + 1) / (good + bad + 2)`: the mean of the Beta posterior under an even prior
        /// (economics.md 1.3).
        EvenPrior = "even_prior",
        /// `good / (good + bad)` from ten leases on, nothing before: Akash's AEP-86.
        Completion = "completion",
    }
}

/// The score of decayed counts, in thousandths of a lease.
///
/// ```
/// # use market::factor::{self, ReputationForm};
/// # use units::Ppm;
/// assert_eq!(factor::reputation(0, 0, ReputationForm::Prior), Ppm(800_000));
/// assert_eq!(factor::reputation(0, 0, ReputationForm::EvenPrior), Ppm(500_000));
/// assert_eq!(factor::reputation(9_000, 1_000, ReputationForm::Completion), Ppm(900_000));
/// ```
pub fn reputation(good_milli: u64, bad_milli: u64, form: ReputationForm) -> Ppm {
    let with_prior = |good: u64, all: u64| {
        let leases = good_milli.saturating_add(bad_milli).saturating_add(all);
        Ppm::ratio_rounded_down(good_milli.saturating_add(good), leases)
    };
    match form {
        ReputationForm::Prior => with_prior(PRIOR_GOOD_MILLI, PRIOR_ALL_MILLI),
        ReputationForm::EvenPrior => with_prior(1_000, 2_000),
        ReputationForm::Completion => {
            let is_known = good_milli.saturating_add(bad_milli) >= COMPLETION_LEAST_MILLI;
            if is_known { with_prior(0, 0) } else { Ppm::ZERO }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_record_scores_inside_the_whole() {
        for (_, form) in ReputationForm::NAMED {
            assert!(reputation(u64::MAX, u64::MAX, *form) <= Ppm::ONE);
            assert!(reputation(u64::MAX, 0, *form) >= Ppm(999_999));
        }
        assert_eq!(reputation(9_999, 0, ReputationForm::Completion), Ppm::ZERO);
    }
}
