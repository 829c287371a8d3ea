//! Geometric Brownian motion with jumps (economics.md 1.8, E3).

use super::{Chance, Gbm};
use crate::calendar::after_years;
use crate::problem::{DriverProblem, check_finite, check_not_negative};
use crate::purpose::JUMP;
use engine::distribution::{Exponential, Normal};
use units::SimTime;

/// Brownian motion and, at random moments, log-normal jumps; the drift is corrected for what they
/// bring on average, so that `mu` stays the growth of the mean. Source: Merton, Journal of
/// Financial Economics 3 (1976).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Merton {
    gbm: Gbm,
    jumps_per_year: f64,
    jump_mean: f64,
    jump_sigma: f64,
}

/// A jump that is still to come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    at: SimTime,
    /// What the logarithm gains by it.
    size: f64,
    ordinal: u64,
}

impl Merton {
    /// `gbm` with so many jumps a year, whose logarithms have this mean and deviation.
    pub fn new(
        gbm: Gbm,
        jumps_per_year: f64,
        jump_mean: f64,
        jump_sigma: f64,
    ) -> Result<Merton, DriverProblem> {
        check_not_negative("jumps a year", jumps_per_year)?;
        check_finite("mean logarithm of a jump", jump_mean)?;
        check_not_negative("deviation of a jump's logarithm", jump_sigma)?;
        Ok(Merton { gbm, jumps_per_year, jump_mean, jump_sigma })
    }

    pub(super) fn start_ln(&self) -> f64 {
        self.gbm.start_ln()
    }

    /// What the logarithm gains in `years` but for jumps; `lambda kappa` less than without them,
    /// with `kappa = exp(m + d^2/2) - 1`.
    pub(super) fn diffusion(&self, years: f64, z: f64) -> f64 {
        let kappa = libm::expm1(self.jump_mean + 0.5 * self.jump_sigma * self.jump_sigma);
        self.gbm.increment(years, z) - self.jumps_per_year * kappa * years
    }

    pub(super) fn first_jump(&self, chance: Chance<'_>) -> Jump {
        self.draw_jump(SimTime::ZERO, 0, chance)
    }

    /// What the logarithm gains by the jumps up to and at `end`; `next` is then the one after.
    pub(super) fn take_jumps(&self, next: &mut Jump, end: SimTime, chance: Chance<'_>) -> f64 {
        let mut gained = 0.0;
        while next.at <= end {
            gained += next.size;
            *next = self.draw_jump(next.at, next.ordinal + 1, chance);
        }
        gained
    }

    fn draw_jump(&self, now: SimTime, ordinal: u64, chance: Chance<'_>) -> Jump {
        let mut draw = chance.draws.at(JUMP, chance.key, ordinal);
        let wait = draw.sample(&Exponential::new(1.0));
        let size = draw.sample(&Normal::new(self.jump_mean, self.jump_sigma));
        let is_jumping = self.jumps_per_year > 0.0;
        let at =
            if is_jumping { after_years(now, wait / self.jumps_per_year) } else { SimTime::NEVER };
        Jump { at, size, ordinal }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_near, bits, moments, walk};
    use super::super::{Process, testing};
    use super::*;
    use crate::calendar::YEAR;

    /// Row P2 of economics.md 3.2 with this deviation: lambda 5, m -0.1, d 0.2.
    fn row_p2(sigma: f64) -> Process {
        let gbm = Gbm::new(1.0, 0.1, sigma).unwrap();
        Process::Merton(Merton::new(gbm, 5.0, -0.1, 0.2).unwrap())
    }

    fn ends(sigma: f64, n: u64) -> Vec<f64> {
        let process = row_p2(sigma);
        (0..n).map(|seed| walk(&process, seed, 0, &[YEAR])[1]).collect()
    }

    /// economics.md 3.2, row P2, at four standard errors; half-widths 0.5 % for the mean, 0.6 % for
    /// the variance of the logarithm and 4 % for that of the value, which has a long tail.
    #[test]
    fn oracle_p2_merton_keeps_the_mean_and_widens_the_variance() {
        let lns = ends(0.8, 2_000_000);
        let found = moments(&lns);
        assert_near(found.variance, found.variance_error, 0.89, 0.006);
        let found = moments(&lns.iter().map(|&ln| libm::exp(ln)).collect::<Vec<f64>>());
        assert_near(found.mean, found.mean_error, 1.105_171, 0.005);
        assert_near(found.variance, found.variance_error, 1.617_560, 0.04);
    }

    /// The same with sigma 0.5; half-width of the variance 2 %.
    #[test]
    fn oracle_p2_merton_with_less_diffusion() {
        let values: Vec<f64> = ends(0.5, 1_000_000).into_iter().map(libm::exp).collect();
        let found = moments(&values);
        assert_near(found.mean, found.mean_error, 1.105_171, 0.005);
        assert_near(found.variance, found.variance_error, 0.700_736, 0.02);
    }

    #[test]
    fn oracle_jumps_do_not_depend_on_the_cut_of_time() {
        testing::assert_cut_does_not_matter(&row_p2(0.0));
    }

    #[test]
    fn without_jumps_it_is_plain_motion() {
        let gbm = Gbm::new(1.0, 0.1, 0.8).unwrap();
        let still = Process::Merton(Merton::new(gbm, 0.0, -0.1, 0.2).unwrap());
        assert_eq!(bits(&still), bits(&Process::Gbm(gbm)));
    }

    /// A second implementation, in Python, gives the same bits.
    #[test]
    fn known_bits_hold_on_every_platform() {
        let gbm = Gbm::new(1.0, 0.1, 0.8).unwrap();
        let process = Process::Merton(Merton::new(gbm, 300.0, -0.1, 0.2).unwrap());
        assert_eq!(
            bits(&process),
            [0xbfb0_5c70_c545_7bcf, 0x3fa3_ca0a_ce39_a8d4, 0x3fc2_9b79_1c21_910f]
        );
    }

    #[test]
    fn numbers_that_make_no_jumps_are_refused() {
        let gbm = Gbm::new(1.0, 0.1, 0.8).unwrap();
        assert!(Merton::new(gbm, -1.0, 0.0, 0.0).is_err());
        assert!(Merton::new(gbm, 1.0, f64::INFINITY, 0.0).is_err());
        assert!(Merton::new(gbm, 1.0, 0.0, -0.1).is_err());
    }
}
