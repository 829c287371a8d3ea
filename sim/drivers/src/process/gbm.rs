//! Geometric Brownian motion (economics.md 1.8, E2).

use super::start_ln;
use crate::problem::{DriverProblem, check_finite, check_not_negative};

/// A value whose returns have a constant drift and deviation: dP/P = mu dt + sigma dW.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gbm {
    start_ln: f64,
    mu: f64,
    sigma: f64,
}

impl Gbm {
    /// From `start`, with the growth of the mean `mu` and the deviation `sigma` per year.
    pub fn new(start: f64, mu: f64, sigma: f64) -> Result<Gbm, DriverProblem> {
        let start_ln = start_ln("start", start)?;
        check_finite("mu", mu)?;
        check_not_negative("sigma", sigma)?;
        Ok(Gbm { start_ln, mu, sigma })
    }

    pub(super) fn start_ln(&self) -> f64 {
        self.start_ln
    }

    /// What the logarithm gains in `years`: `(mu - sigma^2/2) dt + sigma sqrt(dt) z`.
    pub(super) fn increment(&self, years: f64, z: f64) -> f64 {
        compute_gbm_increment(self.mu, self.sigma, years, z)
    }
}

pub(super) fn compute_gbm_increment(mu: f64, sigma: f64, years: f64, z: f64) -> f64 {
    (mu - 0.5 * sigma * sigma) * years + sigma * libm::sqrt(years) * z
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_near, bits, moments, walk};
    use super::super::{Process, testing};
    use super::*;
    use crate::calendar::YEAR;
    use engine::draws::{Draws, Purpose};
    use units::{EntityKey, Span};

    fn row_p1() -> Gbm {
        Gbm::new(1.0, 0.1, 0.8).unwrap()
    }

    /// Logarithms after a year of row P1, one step each.
    fn ends(n: u64) -> Vec<f64> {
        let process = Process::Gbm(row_p1());
        (0..n).map(|seed| walk(&process, seed, 0, &[YEAR])[1]).collect()
    }

    /// economics.md 3.2, row P1, at four standard errors; half-widths are 0.4 % for the mean,
    /// 1.2 % for the variance (its error comes from a fourth moment of 34), 0.4 % for the chance
    /// and, for the median, 4 * 1.2533 * 0.8 / sqrt(n) of the logarithm.
    #[test]
    fn oracle_p1_gbm_has_the_lognormal_law() {
        const N: u64 = 4_000_000;
        let mut lns = ends(N);
        let values: Vec<f64> = lns.iter().map(|&ln| libm::exp(ln)).collect();
        let found = moments(&values);
        assert_near(found.mean, found.mean_error, 1.105_171, 0.004);
        assert_near(found.variance, found.variance_error, 1.094_964, 0.02);
        let below = values.iter().filter(|&&x| x < 0.5).count() as f64 / N as f64;
        assert_near(below, libm::sqrt(0.277_115 * 0.722_885 / N as f64), 0.277_115, 0.004);
        lns.sort_by(f64::total_cmp);
        let median = libm::exp(lns[N as usize / 2]);
        assert_near(median, 1.2533 * 0.8 / 2_000.0 * 0.802_519, 0.802_519, 0.004);
    }

    /// economics.md 3.2, row P1b: between two ends above the barrier b, a Brownian bridge passes
    /// it with chance exp(-2 ln(a/b) ln(c/b) / (sigma^2 T)). Half-width 0.4 %.
    #[test]
    fn oracle_p1b_bridge_gives_the_chance_of_a_fall_below_half() {
        const N: u64 = 1_000_000;
        let start_above = std::f64::consts::LN_2;
        let chance = |ln: f64| {
            let above = ln + start_above;
            if above <= 0.0 { 1.0 } else { libm::exp(-2.0 * start_above * above / 0.64) }
        };
        let found = moments(&ends(N).into_iter().map(chance).collect::<Vec<f64>>());
        assert_near(found.mean, found.mean_error, 0.481_397, 0.004);
    }

    /// The same Brownian path: ten days' innovations over the root of ten are one of ten days.
    #[test]
    fn oracle_one_step_of_ten_days_is_ten_steps_of_a_day() {
        let (gbm, draws) = (row_p1(), Draws::new(5));
        let day = 1.0 / 365.0;
        for path in 0..1_000 {
            let mut draw = draws.at(Purpose(0), EntityKey::group("path"), path);
            let normal = engine::distribution::Normal::new(0.0, 1.0);
            let zs: Vec<f64> = (0..10).map(|_| draw.sample(&normal)).collect();
            let steps: f64 = zs.iter().map(|&z| gbm.increment(day, z)).sum();
            let z = zs.iter().sum::<f64>() / libm::sqrt(10.0);
            assert!((gbm.increment(10.0 * day, z) - steps).abs() < 1e-12);
        }
    }

    #[test]
    fn without_deviation_the_cut_of_time_does_not_matter() {
        let process = Process::Gbm(Gbm::new(2.0, 0.3, 0.0).unwrap());
        testing::assert_cut_does_not_matter(&process);
        let end = walk(&process, 1, 0, &[YEAR, Span::DAY])[1];
        assert!((end - (libm::log(2.0) + 0.3)).abs() < 1e-15);
    }

    /// A second implementation, in Python, gives the same bits.
    #[test]
    fn known_bits_hold_on_every_platform() {
        assert_eq!(
            bits(&Process::Gbm(row_p1())),
            [0xbf4a_a221_f171_5b12, 0x3fa3_bdae_abbc_5758, 0x3fa0_da53_e9eb_e166]
        );
    }

    #[test]
    fn numbers_that_make_no_motion_are_refused() {
        assert!(Gbm::new(0.0, 0.0, 0.1).is_err());
        assert!(Gbm::new(1.0, f64::NAN, 0.1).is_err());
        let problem = Gbm::new(1.0, 0.0, -0.1).unwrap_err().to_string();
        assert_eq!(problem, "sigma is -0.1; give a finite number that is not negative");
    }
}
