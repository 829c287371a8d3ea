//! Samplers computed with `libm` alone, so that a value has the same bits on every platform.
//!
//! Each takes one uniform value through the inverse of its distribution function: a draw costs one
//! word of its stream, larger uniforms give larger values, and runs that differ in one parameter
//! stay comparable draw by draw; gamma and beta laws alone take a few. Lengths of time are in
//! seconds; the caller rounds them.

mod normal;

mod simple;

mod geometric;

mod law;

mod ceiling;

mod gamma;

mod stretch;

pub use ceiling::LogNormalCeiling;
pub use gamma::{Beta, Gamma};
pub use geometric::TruncatedGeometric;
pub use law::{Law, LawProblem, LengthBiased};
pub use simple::{Exponential, LogNormal, Normal, Weibull};
pub use stretch::Stretch;

/// Helpers of the statistical tests in this module.
#[cfg(test)]
mod testing {
    use crate::draws::{Draws, Purpose};
    use rand::distr::Distribution;
    use units::EntityKey;

    /// `n` values of `law`, one from each of `n` streams under `seed`.
    pub fn samples(law: &impl Distribution<f64>, seed: u64, n: u64) -> Vec<f64> {
        let (draws, key) = (Draws::new(seed), EntityKey::group("test"));
        (0..n).map(|ordinal| draws.at(Purpose(0), key, ordinal).sample(law)).collect()
    }

    /// The bits of the first four values of `law` under seed 1.
    pub fn bits(law: &impl Distribution<f64>) -> [u64; 4] {
        let values = samples(law, 1, 4);
        [0, 1, 2, 3].map(|n: usize| values[n].to_bits())
    }

    /// Mean and its standard error.
    pub fn mean_and_error(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        (mean, (variance / n).sqrt())
    }

    /// Two-sample Kolmogorov-Smirnov; passes all but one in a thousand equal pairs (c = 1.95).
    pub fn assert_same_law(mut a: Vec<f64>, mut b: Vec<f64>) {
        a.sort_by(f64::total_cmp);
        b.sort_by(f64::total_cmp);
        let (n, m) = (a.len() as f64, b.len() as f64);
        let (mut i, mut j, mut gap) = (0, 0, 0.0_f64);
        while i < a.len() && j < b.len() {
            if a[i] <= b[j] {
                i += 1
            } else {
                j += 1
            }
            gap = gap.max((i as f64 / n - j as f64 / m).abs());
        }
        assert!(gap < 1.95 * ((n + m) / (n * m)).sqrt(), "distance {gap}");
    }
}
