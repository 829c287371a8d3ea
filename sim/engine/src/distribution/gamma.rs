//! Gamma and beta: what waiting for several events and shares of a whole follow.

use super::normal::normal_quantile;
use crate::draws::unit_open;
use rand::Rng;
use rand::distr::Distribution;

/// A gamma law of unit scale.
///
/// Its inverse has no short form, so a draw takes a pair of words for each of a few tries, the one
/// exception in this module: give it a stream of its own.
///
/// Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000); below
/// shape 1 by their remark that `Gamma(a) = Gamma(a + 1) U^(1/a)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    shape: f64,
}

impl Gamma {
    /// With this shape.
    ///
    /// # Panics
    /// When `shape` is not positive or not finite.
    pub fn new(shape: f64) -> Gamma {
        assert!(shape.is_finite() && shape > 0.0, "a gamma shape is positive");
        Gamma { shape }
    }
}

impl Distribution<f64> for Gamma {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        if self.shape < 1.0 {
            let above = Gamma::new(self.shape + 1.0).sample(random);
            return above * libm::pow(unit_open(random), 1.0 / self.shape);
        }
        let d = self.shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let z = normal_quantile(unit_open(random));
            let (root, u) = (1.0 + c * z, unit_open(random));
            let v = root * root * root;
            if v > 0.0 && libm::log(u) < 0.5 * z * z + d * (1.0 - v + libm::log(v)) {
                return d * v;
            }
        }
    }
}

/// A share between nothing and all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    yes: Gamma,
    no: Gamma,
}

impl Beta {
    /// With this mean and this concentration, the sum of both shapes: the variance is
    /// `mean (1 - mean) / (concentration + 1)`.
    ///
    /// # Panics
    /// When `mean` is not inside (0, 1), or `concentration` is not positive and finite.
    pub fn new(mean: f64, concentration: f64) -> Beta {
        assert!(mean > 0.0 && mean < 1.0, "the mean of a share lies between nothing and all");
        let of = |share: f64| Gamma::new(share * concentration);
        Beta { yes: of(mean), no: of(1.0 - mean) }
    }
}

impl Distribution<f64> for Beta {
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        let (yes, no) = (self.yes.sample(random), self.no.sample(random));
        // With tiny shapes both can vanish: either end is then as good.
        if yes + no > 0.0 { yes / (yes + no) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_same_law, bits, mean_and_error, samples};
    use super::*;

    const N: u64 = 50_000;

    #[test]
    fn gamma_and_beta_agree_with_rand_distr() {
        for shape in [0.3, 1.0, 3.083, 40.0] {
            let values = samples(&Gamma::new(shape), 21, N);
            let (mean, error) = mean_and_error(&values);
            assert!((mean - shape).abs() <= 3.3 * error, "mean {mean} should be {shape}");
            assert_same_law(values, samples(&rand_distr::Gamma::new(shape, 1.0).unwrap(), 22, N));
        }
        for (mean, concentration) in [(0.2, 5.0), (0.5, 0.8), (0.9, 100.0)] {
            let oracle = rand_distr::Beta::new(mean * concentration, (1.0 - mean) * concentration);
            let values = samples(&Beta::new(mean, concentration), 23, N);
            assert_same_law(values, samples(&oracle.unwrap(), 24, N));
        }
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        assert_eq!(
            bits(&Gamma::new(3.083)),
            [
                0x4012_0468_3682_6ff0,
                0x4013_877a_6555_958e,
                0x4002_58e4_fa88_fbb9,
                0x4008_3e68_6922_ba19
            ]
        );
    }
}
