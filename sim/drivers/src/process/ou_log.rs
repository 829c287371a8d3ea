//! A logarithm that is pulled back to a level (economics.md 1.8, E4): electricity, gas, demand.

use super::start_ln;
use crate::problem::{DriverProblem, check_not_negative, check_positive};

/// An Ornstein-Uhlenbeck process of the logarithm: `dx = pull (ln level - x) dt + sigma dW`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OuLog {
    start_ln: f64,
    level_ln: f64,
    pull: f64,
    sigma: f64,
}

impl OuLog {
    /// From `start` to the median `level`, of which a year closes all but `exp(-pull)` of the
    /// distance, with the deviation `sigma` per year.
    pub fn new(start: f64, level: f64, pull: f64, sigma: f64) -> Result<OuLog, DriverProblem> {
        let (start_ln, level_ln) = (start_ln("start", start)?, super::start_ln("level", level)?);
        check_positive("pull", pull)?;
        check_not_negative("sigma", sigma)?;
        Ok(OuLog { start_ln, level_ln, pull, sigma })
    }

    pub(super) fn start_ln(&self) -> f64 {
        self.start_ln
    }

    pub(super) fn pull(&self) -> f64 {
        self.pull
    }

    /// `th + (x - th) e^(-k dt) + z sqrt(variance)`.
    pub(super) fn next_ln(&self, ln: f64, years: f64, z: f64) -> f64 {
        let kept = libm::exp(-self.pull * years);
        self.level_ln + (ln - self.level_ln) * kept + libm::sqrt(self.step_variance(years)) * z
    }

    /// Variance of what is new in `years`: `sigma^2 (1 - e^(-2 k dt)) / (2 k)`.
    fn step_variance(&self, years: f64) -> f64 {
        let share = -libm::expm1(-2.0 * self.pull * years);
        self.sigma * self.sigma * share / (2.0 * self.pull)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_near, bits, moments, walk};
    use super::super::{Process, testing};
    use super::*;
    use crate::calendar::YEAR;
    use units::Span;

    fn row_p3() -> OuLog {
        OuLog::new(1.0, 1.0, 2.0, 0.8).unwrap()
    }

    /// economics.md 3.2, row P3, what is arithmetic: day-step variance, half-life, correlation of a
    /// month, and ten steps of a day as one of ten.
    #[test]
    fn oracle_p3_ou_step_is_exact() {
        let ou = row_p3();
        assert!((ou.step_variance(1.0 / 365.0) / 0.001_743_85 - 1.0).abs() < 2e-6);
        assert!((ou.step_variance(1e3) - 0.16).abs() < 1e-15);
        assert!((ou.next_ln(1.0, 0.346_574, 0.0) - 0.5).abs() < 1e-6);
        assert!((ou.next_ln(1.0, 1.0 / 12.0, 0.0) - 0.846_482).abs() < 1e-6);
        let day = 1.0 / 365.0;
        let kept = libm::exp(-2.0 * day);
        let ten = (0..10).fold((1.0, 0.0), |(mean, variance), _| {
            (ou.next_ln(mean, day, 0.0), variance * kept * kept + ou.step_variance(day))
        });
        assert!((ou.next_ln(1.0, 10.0 * day, 0.0) - ten.0).abs() < 1e-14);
        assert!((ou.step_variance(10.0 * day) - ten.1).abs() < 1e-14);
    }

    /// economics.md 3.2, row P3, by draws, eight years after the start and a month on. Half-widths
    /// are 0.6 % of the variance, 0.2 % of E[e^x] and 0.7 % of the correlation.
    #[test]
    fn oracle_p3_ou_has_its_stationary_law_in_one_step_or_in_many() {
        let process = Process::OuLog(row_p3());
        let month = Span::from_nanos(YEAR.nanos() / 12);
        for steps in [1, 8] {
            let mut spans = vec![Span::from_nanos(8 * YEAR.nanos() / steps); steps as usize];
            spans.push(month);
            let ends: Vec<(f64, f64)> = (0..1_000_000)
                .map(|seed| walk(&process, seed, 0, &spans))
                .map(|lns| (lns[lns.len() - 2], lns[lns.len() - 1]))
                .collect();
            let found = moments(&ends.iter().map(|&(x, _)| x).collect::<Vec<f64>>());
            assert_near(found.variance, found.variance_error, 0.16, 0.006);
            let values = moments(&ends.iter().map(|&(x, _)| libm::exp(x)).collect::<Vec<f64>>());
            assert_near(values.mean, values.mean_error, 1.083_287, 0.002);
            let products = moments(&ends.iter().map(|&(x, y)| x * y / 0.16).collect::<Vec<f64>>());
            assert_near(products.mean, products.mean_error, 0.846_482, 0.007);
        }
    }

    #[test]
    fn without_deviation_the_cut_of_time_does_not_matter() {
        let process = Process::OuLog(OuLog::new(3.0, 1.0, 0.2, 0.0).unwrap());
        testing::assert_cut_does_not_matter(&process);
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        assert_eq!(
            bits(&Process::OuLog(OuLog::new(3.0, 1.0, 2.0, 0.8).unwrap())),
            [0x3ff1_7a77_e269_97f7, 0x3ff2_054b_b523_6975, 0x3ff1_d781_c634_65b3]
        );
    }

    #[test]
    fn numbers_that_pull_nowhere_are_refused() {
        assert!(OuLog::new(1.0, 0.0, 1.0, 1.0).is_err());
        let problem = OuLog::new(1.0, 1.0, 0.0, 1.0).unwrap_err().to_string();
        assert_eq!(problem, "pull is 0; give a finite number above zero");
    }
}
