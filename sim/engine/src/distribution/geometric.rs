//! Whole numbers whose chances fall (or rise) by a constant factor, on an interval.

use crate::draws::unit_open;
use rand::Rng;
use rand::distr::Distribution;

/// Steps of a factor of `exp(64)` leave no chance to any value but the first.
const LOG_RATIO_MAX: f64 = 64.0;
/// Halvings that bring an interval of 128 below the last place of what lies in it.
const HALVINGS: u32 = 100;

/// A geometric law on `min..=max`, its factor solved so that the mean after the cut is as asked.
///
/// ```
/// # use engine::distribution::TruncatedGeometric;
/// let machines = TruncatedGeometric::with_mean(1, 32, 5.0);
/// assert!((machines.mean() - 5.0).abs() < 1e-9);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TruncatedGeometric {
    min: u32,
    max: u32,
    /// Natural logarithm of the factor from one value to the next.
    log_ratio: f64,
}

impl TruncatedGeometric {
    /// The law on `min..=max` with this mean; a mean at one end is that end always, a mean above
    /// the middle makes the chances rise.
    ///
    /// # Panics
    /// When `mean` is not within `min..=max`.
    pub fn with_mean(min: u32, max: u32, mean: f64) -> TruncatedGeometric {
        assert!(f64::from(min) <= mean, "a mean is not below all values");
        assert!(mean <= f64::from(max), "a mean is not above all values");
        let (mut low, mut high) = (-LOG_RATIO_MAX, LOG_RATIO_MAX);
        let mut law = TruncatedGeometric { min, max, log_ratio: 0.0 };
        for _ in 0..HALVINGS {
            law.log_ratio = 0.5 * (low + high);
            if law.mean() < mean { low = law.log_ratio } else { high = law.log_ratio }
        }
        law
    }

    /// The mean.
    ///
    /// `min + 1/(1/r - 1) - n/(1/r^n - 1)` for n values and factor r; near r = 1 its series.
    pub fn mean(&self) -> f64 {
        let (n, log) = (self.count(), self.log_ratio);
        let above = if (n * log).abs() < 1e-3 {
            0.5 * (n - 1.0) + log * (n * n - 1.0) / 12.0
        } else {
            1.0 / libm::expm1(-log) - n / libm::expm1(-n * log)
        };
        f64::from(self.min) + above
    }

    fn count(&self) -> f64 {
        f64::from(self.max) - f64::from(self.min) + 1.0
    }
}

impl Distribution<u32> for TruncatedGeometric {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> u32 {
        // Counted from the likelier end, so that nothing overflows.
        let is_rising = self.log_ratio > 0.0;
        let (u, n, fall) = (unit_open(random), self.count(), -self.log_ratio.abs());
        let u = if is_rising { 1.0 - u } else { u };
        let steps = if fall == 0.0 { u * n } else { libm::log1p(u * libm::expm1(n * fall)) / fall };
        let steps = (steps as u32).min(self.max - self.min);
        if is_rising { self.max - steps } else { self.min + steps }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::mean_and_error;
    use super::*;
    use crate::draws::{Draws, Purpose};
    use units::EntityKey;

    fn samples(law: &TruncatedGeometric, n: u64) -> Vec<u32> {
        let (draws, key) = (Draws::new(3), EntityKey::group("test"));
        (0..n).map(|ordinal| law.sample(&mut draws.at(Purpose(0), key, ordinal))).collect()
    }

    #[test]
    fn the_mean_after_the_cut_is_as_asked() {
        for (min, max, mean) in
            [(1, 32, 1.0), (1, 32, 5.0), (1, 32, 16.5), (1, 32, 16.500_001), (1, 32, 30.0)]
                .into_iter()
                .chain([(1, 32, 32.0), (4, 4, 4.0), (0, 1, 0.3), (1, 1_000_000, 40.0)])
        {
            let law = TruncatedGeometric::with_mean(min, max, mean);
            assert!((law.mean() - mean).abs() < 1e-9 * f64::from(max), "{law:?}");
            let values: Vec<f64> = samples(&law, 50_000).into_iter().map(f64::from).collect();
            let (found, error) = mean_and_error(&values);
            assert!((found - mean).abs() <= 3.9 * error + 1e-9, "{law:?} gave {found}");
            assert!(values.iter().all(|x| (f64::from(min)..=f64::from(max)).contains(x)));
        }
    }

    /// Chi-square against the direct sum, 4 degrees of freedom: 18.47 is passed once in a thousand.
    #[test]
    fn each_value_has_its_share() {
        for mean in [2.2, 4.1] {
            let law = TruncatedGeometric::with_mean(1, 5, mean);
            let weights: Vec<f64> =
                (0..5).map(|step| libm::exp(law.log_ratio * f64::from(step))).collect();
            let total: f64 = weights.iter().sum();
            let mut counts = [0.0; 5];
            samples(&law, 50_000).into_iter().for_each(|x| counts[x as usize - 1] += 1.0);
            let expected = weights.iter().map(|weight| 50_000.0 * weight / total);
            let chi: f64 = expected.zip(counts).map(|(e, c)| (c - e) * (c - e) / e).sum();
            assert!(chi < 18.47, "{counts:?}");
        }
    }

    #[test]
    fn known_values_hold_on_every_platform() {
        let law = TruncatedGeometric::with_mean(1, 32, 5.0);
        assert_eq!(law.log_ratio.to_bits(), 0xbfcc_64dd_527e_f678);
        assert_eq!(samples(&law, 8), [6, 9, 1, 11, 17, 6, 12, 1]);
    }
}
