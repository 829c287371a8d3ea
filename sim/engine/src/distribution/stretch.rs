//! How long something stays as it is, and how much of that is left for who comes at random.

use super::{Exponential, Gamma, LogNormal, Weibull};
use crate::draws::Draw;
use rand::Rng;
use rand::distr::Distribution;

/// A law of the lengths of time between two changes, in seconds and without an upper end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stretch {
    /// Without memory.
    Exponential(Exponential),
    /// The longer it has lasted, the longer (shape below 1) or shorter it will.
    Weibull(Weibull),
    /// Many short ones, a few very long ones.
    LogNormal(LogNormal),
}

impl Stretch {
    /// The mean, in seconds.
    pub fn mean(&self) -> f64 {
        match self {
            Stretch::Exponential(law) => law.mean(),
            Stretch::Weibull(law) => law.mean(),
            Stretch::LogNormal(law) => law.mean(),
        }
    }

    /// The same law with every length divided by `divisor`.
    #[must_use]
    pub fn divided_by(&self, divisor: f64) -> Stretch {
        match self {
            Stretch::Exponential(law) => {
                Stretch::Exponential(Exponential::new(law.mean() / divisor))
            }
            Stretch::Weibull(law) => Stretch::Weibull(Weibull::new(law.scale / divisor, law.shape)),
            Stretch::LogNormal(law) => {
                Stretch::LogNormal(LogNormal::new(law.median / divisor, law.sigma))
            }
        }
    }

    /// What is left of a stretch that is found in progress at a random moment: long ones are found
    /// in proportion to their length, and the rest is evenly somewhere in it.
    ///
    /// Source: renewal theory, Feller, volume 2, XI.4. The length-biased law of a log-normal is
    /// one with `mu + sigma^2`; that of a Weibull is `scale Gamma(1 + 1/shape)^(1/shape)`, a gamma
    /// variable to that power; the rest of an exponential is the same exponential.
    pub fn draw_residual(&self, draw: &mut Draw) -> f64 {
        let length = match self {
            Stretch::Exponential(law) => return draw.sample(law),
            Stretch::Weibull(law) => law.draw_length_biased(draw),
            Stretch::LogNormal(law) => draw.sample(&law.length_biased()),
        };
        length * draw.unit_open()
    }
}

impl Distribution<f64> for Stretch {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        match self {
            Stretch::Exponential(law) => law.sample(random),
            Stretch::Weibull(law) => law.sample(random),
            Stretch::LogNormal(law) => law.sample(random),
        }
    }
}

impl Weibull {
    fn draw_length_biased(&self, draw: &mut Draw) -> f64 {
        let power = 1.0 / self.shape;
        self.scale * libm::pow(draw.sample(&Gamma::new(1.0 + power)), power)
    }
}

impl LogNormal {
    fn length_biased(&self) -> LogNormal {
        LogNormal::new(self.median * libm::exp(self.sigma * self.sigma), self.sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Draws, Purpose};
    use units::EntityKey;

    const N: u64 = 40_000;

    fn laws() -> [Stretch; 4] {
        [
            Stretch::Exponential(Exponential::new(7.0)),
            Stretch::Weibull(Weibull::new(5.0, 0.6)),
            Stretch::Weibull(Weibull::new(5.0, 2.5)),
            Stretch::LogNormal(LogNormal::new(3.0, 1.1)),
        ]
    }

    fn draw(seed: u64, ordinal: u64) -> Draw {
        Draws::new(seed).at(Purpose(0), EntityKey::group("test"), ordinal)
    }

    /// What is left as who comes at random sees it: renewals from long ago, cut at a fixed moment.
    fn residual_by_waiting(law: &Stretch, seed: u64) -> f64 {
        let moment = 60.0 * law.mean();
        let (mut at, mut ordinal) = (0.0, seed * 100_000);
        while at <= moment {
            at += draw(5, ordinal).sample(law);
            ordinal += 1;
        }
        at - moment
    }

    #[test]
    fn what_is_left_agrees_with_renewals_that_began_long_ago() {
        for law in laws() {
            let ours = (0..N).map(|n| law.draw_residual(&mut draw(3, n))).collect();
            let obvious = (0..4_000).map(|n| residual_by_waiting(&law, n)).collect();
            super::super::testing::assert_same_law(ours, obvious);
        }
    }

    /// `E[X^2] / (2 E[X])`; for these two the second moment is known in closed form.
    #[test]
    fn the_mean_of_what_is_left_is_known() {
        let weibull = 25.0 * libm::tgamma(1.0 + 2.0 / 2.5);
        let log_normal = 9.0 * libm::exp(2.0 * 1.1 * 1.1);
        for (law, square) in laws()[2..].iter().zip([weibull, log_normal]) {
            let values: Vec<f64> = (0..N).map(|n| law.draw_residual(&mut draw(4, n))).collect();
            let (mean, error) = super::super::testing::mean_and_error(&values);
            let expected = square / (2.0 * law.mean());
            assert!((mean - expected).abs() <= 3.3 * error, "{law:?}: {mean} for {expected}");
        }
    }
}
