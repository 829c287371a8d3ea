//! Laws without an upper end: exponential, normal, log-normal and Weibull.

use super::normal::normal_quantile;
use crate::draws::{unit_open, unit_open_of_word};
use rand::Rng;
use rand::distr::Distribution;

/// Waiting for an event that has no memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    /// With this mean; zero means at once.
    ///
    /// # Panics
    /// When `mean` is negative or not finite.
    pub fn new(mean: f64) -> Exponential {
        assert!(mean.is_finite() && mean >= 0.0, "a mean waiting time is not negative");
        Exponential { mean }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

impl Distribution<f64> for Exponential {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        -self.mean * libm::log1p(-unit_open(random))
    }
}

/// The bell curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean: f64,
    deviation: f64,
}

impl Normal {
    /// With this mean and standard deviation.
    ///
    /// # Panics
    /// When `deviation` is negative or one is not finite.
    pub fn new(mean: f64, deviation: f64) -> Normal {
        assert!(mean.is_finite(), "a mean is finite");
        assert!(deviation.is_finite() && deviation >= 0.0, "a deviation is not negative");
        Normal { mean, deviation }
    }

    /// The mean.
    pub fn mean(&self) -> f64 {
        self.mean
    }
}

impl Distribution<f64> for Normal {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        self.mean + self.deviation * normal_quantile(unit_open(random))
    }
}

/// A value whose natural logarithm is normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    pub(super) median: f64,
    pub(super) sigma: f64,
}

impl LogNormal {
    /// With this median (`exp(mu)`) and standard deviation of the logarithm. A median of zero is
    /// always zero.
    ///
    /// # Panics
    /// When one is negative or not finite.
    pub fn new(median: f64, sigma: f64) -> LogNormal {
        assert!(median.is_finite() && median >= 0.0, "a log-normal median is not negative");
        assert!(sigma.is_finite() && sigma >= 0.0, "a deviation is not negative");
        LogNormal { median, sigma }
    }

    /// The mean, `median * exp(sigma^2 / 2)`.
    pub fn mean(&self) -> f64 {
        self.median * libm::exp(0.5 * self.sigma * self.sigma)
    }

    /// The value that is drawn from `word`.
    #[inline]
    pub(crate) fn of_word(&self, word: u64) -> f64 {
        self.median * libm::exp(self.sigma * normal_quantile(unit_open_of_word(word)))
    }
}

impl Distribution<f64> for LogNormal {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        self.of_word(random.next_u64())
    }
}

/// Waiting for an event that grows more (shape above 1) or less likely with age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    pub(super) scale: f64,
    pub(super) shape: f64,
}

impl Weibull {
    /// With this scale (the 63rd percentile) and shape.
    ///
    /// # Panics
    /// When `scale` is negative, `shape` is not positive, or one is not finite.
    pub fn new(scale: f64, shape: f64) -> Weibull {
        assert!(scale.is_finite() && scale >= 0.0, "a scale is not negative");
        assert!(shape.is_finite() && shape > 0.0, "a Weibull shape is positive");
        Weibull { scale, shape }
    }

    /// The mean, `scale * Gamma(1 + 1/shape)`.
    pub fn mean(&self) -> f64 {
        self.scale * libm::tgamma(1.0 + 1.0 / self.shape)
    }
}

impl Distribution<f64> for Weibull {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        self.scale * libm::pow(-libm::log1p(-unit_open(random)), 1.0 / self.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_same_law, bits, mean_and_error, samples};
    use super::*;

    const N: u64 = 100_000;

    /// Ours against the sampler of `rand_distr`, which shares no formula with it, and against our
    /// own mean within 3.3 standard errors (one in a thousand).
    fn compare(ours: &impl Distribution<f64>, oracle: &impl Distribution<f64>, mean: f64) {
        let values = samples(ours, 11, N);
        let (found, error) = mean_and_error(&values);
        assert!((found - mean).abs() <= 3.3 * error, "mean {found} should be {mean}");
        assert_same_law(values, samples(oracle, 12, N));
    }

    #[test]
    fn every_law_agrees_with_rand_distr() {
        let exponential = Exponential::new(2.5);
        compare(&exponential, &rand_distr::Exp::new(0.4).unwrap(), exponential.mean());
        let normal = Normal::new(-3.0, 2.0);
        compare(&normal, &rand_distr::Normal::new(-3.0, 2.0).unwrap(), normal.mean());
        let log_normal = LogNormal::new(3.0, 0.7);
        let oracle = rand_distr::LogNormal::new(libm::log(3.0), 0.7).unwrap();
        compare(&log_normal, &oracle, log_normal.mean());
        let weibull = Weibull::new(817.0, 0.48);
        compare(&weibull, &rand_distr::Weibull::new(817.0, 0.48).unwrap(), weibull.mean());
    }

    #[test]
    fn laws_without_spread_are_constant() {
        assert_eq!(samples(&Normal::new(4.0, 0.0), 1, 3), [4.0; 3]);
        assert_eq!(samples(&LogNormal::new(4.0, 0.0), 1, 3), [4.0; 3]);
        assert_eq!(samples(&LogNormal::new(0.0, 2.0), 1, 3), [0.0; 3]);
        assert!(samples(&Exponential::new(0.0), 1, 3).iter().all(|&x| x.abs() < 1e-300));
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        assert_eq!(
            bits(&Exponential::new(2.5)),
            [
                0x4010_c65b_1886_4883,
                0x4013_2bc4_2934_0804,
                0x3ff3_74b2_b9f2_4c4c,
                0x4000_a6fb_5239_05f8
            ]
        );
        assert_eq!(
            bits(&Normal::new(-3.0, 2.0)),
            [
                0xbff3_887f_d85d_52a1,
                0xbfec_d936_acc3_1f30,
                0xc00c_abd5_32b5_e307,
                0xc005_60ba_d7a1_4ce2
            ]
        );
        assert_eq!(
            bits(&LogNormal::new(3.0, 0.7)),
            [
                0x4016_5e21_7bbd_8a7b,
                0x4019_0334_289a_5279,
                0x4003_905e_1c71_740f,
                0x400a_eada_9b40_bd16
            ]
        );
        assert_eq!(
            bits(&Weibull::new(817.0, 0.48)),
            [
                0x40a2_c089_153a_f705,
                0x40a8_c40f_ee0a_2295,
                0x4066_c0a1_8d7f_7c00,
                0x4081_6e68_a887_6e4a
            ]
        );
    }
}
