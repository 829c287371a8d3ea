//! Brownian motion whose drift and deviation are those of the regime in force (economics.md 1.8,
//! E5). When regimes switch is the business of the chain that all drivers share.

use super::gbm::compute_gbm_increment;
use super::start_ln;
use crate::problem::{DriverProblem, check_count, check_finite, check_not_negative};

/// How a driver moves in one regime.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mood {
    /// Growth of the mean per year.
    pub mu: f64,
    /// Deviation per year.
    pub sigma: f64,
}

/// A mood for each regime. Regimes switch at moments, and a step that holds a switch is taken in
/// pieces, so the law is exact for steps of any length.
#[derive(Clone, Debug, PartialEq)]
pub struct Regimes {
    start_ln: f64,
    moods: Vec<Mood>,
}

impl Regimes {
    /// From `start`, with a mood for each regime of the chain.
    pub fn new(start: f64, moods: &[Mood]) -> Result<Regimes, DriverProblem> {
        let start_ln = start_ln("start", start)?;
        check_count("moods", moods.len(), 1)?;
        for mood in moods {
            check_finite("mu", mood.mu)?;
            check_not_negative("sigma", mood.sigma)?;
        }
        Ok(Regimes { start_ln, moods: moods.to_vec() })
    }

    /// How many regimes it knows.
    pub(crate) fn count(&self) -> usize {
        self.moods.len()
    }

    pub(super) fn start_ln(&self) -> f64 {
        self.start_ln
    }

    pub(super) fn increment(&self, regime: usize, years: f64, z: f64) -> f64 {
        let Mood { mu, sigma } = self.moods[regime];
        compute_gbm_increment(mu, sigma, years, z)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bits, walk};
    use super::super::{Gbm, Process};
    use super::*;
    use units::Span;

    fn moods() -> [Mood; 2] {
        [Mood { mu: -0.5, sigma: 1.0 }, Mood { mu: 0.6, sigma: 0.7 }]
    }

    #[test]
    fn in_one_regime_it_is_plain_motion() {
        let process = Process::Regimes(Regimes::new(2.0, &moods()).unwrap());
        for (regime, mood) in (0..).zip(moods()) {
            let plain = Process::Gbm(Gbm::new(2.0, mood.mu, mood.sigma).unwrap());
            let spans = [Span::DAY; 5];
            assert_eq!(walk(&process, 1, regime, &spans), walk(&plain, 1, 0, &spans));
        }
        assert_eq!(
            bits(&process),
            [0x3fe6_15aa_c0f1_38b1, 0x3fe7_9889_7d89_d51f, 0x3fe7_4e80_d2f7_fe17]
        );
    }

    #[test]
    fn moods_without_numbers_are_refused() {
        assert!(Regimes::new(1.0, &[]).is_err());
        assert!(Regimes::new(1.0, &[Mood { mu: f64::NAN, sigma: 1.0 }]).is_err());
        assert!(Regimes::new(1.0, &[Mood { mu: 0.0, sigma: -1.0 }]).is_err());
    }
}
