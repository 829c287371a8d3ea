//! Quantiles of a stream in bounded memory.

use sketches_ddsketch::{Config, DDSketch};

/// What a sketch keeps apart: values nearer to zero count as zero.
const ZERO_BELOW: f64 = 1e-9;
/// Enough for values between `ZERO_BELOW` and 10^8 at the stated error.
const BINS_MAX: u32 = 4096;

/// Quantiles of a stream of numbers, each within 0.5 % of a true one, in bounded memory.
///
/// Count, least and greatest are exact; the sum is exact up to the rounding of floats. Zero and
/// negative values are welcome. Source: Masson, Rim and Lee, "DDSketch" (VLDB 2019).
///
/// ```
/// # use estimate::Sketch;
/// let mut sketch = Sketch::new();
/// (1..=1000).for_each(|n| sketch.add(f64::from(n)));
/// let median = sketch.quantile(0.5).unwrap();
/// assert!((median / 500.0 - 1.0).abs() <= Sketch::RELATIVE_ERROR);
/// ```
#[derive(Clone)]
pub struct Sketch {
    inner: DDSketch,
    count: u64,
}

impl Sketch {
    /// How far a quantile may lie from a true one, relative to it.
    pub const RELATIVE_ERROR: f64 = 0.005;

    /// A sketch of nothing.
    pub fn new() -> Sketch {
        let config = Config::new(Sketch::RELATIVE_ERROR, BINS_MAX, ZERO_BELOW);
        Sketch { inner: DDSketch::new(config), count: 0 }
    }

    /// Takes note of one value.
    pub fn add(&mut self, value: f64) {
        self.add_weighted(value, 1);
    }

    /// Takes note of `count` equal values.
    ///
    /// # Panics
    /// When the value is not finite: whoever divided by zero should not hide it in a sketch.
    pub fn add_weighted(&mut self, value: f64, count: u64) {
        assert!(value.is_finite(), "only finite values are sketched");
        self.count = self.count.checked_add(count).expect("no run counts to 2^64");
        self.inner.add_with_count(value, count);
    }

    /// Takes note of all values of another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        self.count = self.count.checked_add(other.count).expect("no run counts to 2^64");
        self.inner.merge(&other.inner).expect("all sketches have one configuration");
    }

    /// How many values were added.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The value below which a share `q` of the values lie, `q` from 0 to 1; none without values.
    ///
    /// # Panics
    /// When `q` is outside 0 to 1.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        assert!((0.0..=1.0).contains(&q), "a quantile is between 0 and 1");
        let value = self.inner.quantile(q).expect("the quantile was checked")?;
        Some(value.clamp(self.min()?, self.max()?))
    }

    /// The sum of the values.
    pub fn sum(&self) -> f64 {
        self.inner.sum().unwrap_or(0.0)
    }

    /// The mean of the values.
    pub fn mean(&self) -> Option<f64> {
        self.inner.sum().map(|sum| sum / self.count as f64)
    }

    /// The least value.
    pub fn min(&self) -> Option<f64> {
        self.inner.min()
    }

    /// The greatest value.
    pub fn max(&self) -> Option<f64> {
        self.inner.max()
    }
}

impl Default for Sketch {
    fn default() -> Sketch {
        Sketch::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same rank as the sketch takes: the floor of `q * (n - 1)`.
    fn exact(sorted: &[f64], q: f64) -> f64 {
        sorted[(q * (sorted.len() - 1) as f64) as usize]
    }

    #[test]
    fn quantiles_keep_the_stated_error_over_sixteen_decades() {
        // A quadratic residue walk: scattered, of both signs, and without a generator.
        let mut values: Vec<f64> = (1u64..=20_000)
            .map(|n| {
                let mixed = n * n % 19_997;
                let size = 10f64.powi((mixed % 16) as i32 - 8) * (1.0 + mixed as f64 / 19_997.0);
                if mixed % 3 == 0 { -size } else { size }
            })
            .collect();
        let mut sketch = Sketch::new();
        values.iter().for_each(|value| sketch.add(*value));
        values.sort_by(f64::total_cmp);
        for q in [0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0] {
            let (found, truth) = (sketch.quantile(q).unwrap(), exact(&values, q));
            let bound = truth.abs() * (Sketch::RELATIVE_ERROR + 1e-12);
            assert!((found - truth).abs() <= bound, "q {q}: {found} for {truth}");
        }
    }

    #[test]
    fn weights_count_as_repeated_values() {
        let (mut weighted, mut repeated) = (Sketch::new(), Sketch::new());
        for (value, count) in [(2.0, 3u64), (-1.0, 2), (0.0, 4)] {
            weighted.add_weighted(value, count);
            (0..count).for_each(|_| repeated.add(value));
        }
        assert_eq!(weighted.count(), 9);
        assert_eq!(weighted.sum().to_bits(), repeated.sum().to_bits());
        for q in [0.0, 0.2, 0.5, 0.9] {
            assert_eq!(weighted.quantile(q), repeated.quantile(q));
        }
        assert_eq!((weighted.min(), weighted.max()), (Some(-1.0), Some(2.0)));
    }

    #[test]
    fn sketches_merge_into_the_sketch_of_all() {
        let (mut left, mut right, mut all) = (Sketch::new(), Sketch::new(), Sketch::new());
        for n in -50..150 {
            let value = f64::from(n);
            if n % 3 == 0 {
                left.add(value)
            } else {
                right.add(value)
            }
            all.add(value);
        }
        left.merge(&right);
        left.merge(&Sketch::new());
        assert_eq!((left.count(), left.min(), left.max()), (all.count(), all.min(), all.max()));
        for q in [0.0, 0.1, 0.5, 0.99, 1.0] {
            assert_eq!(left.quantile(q), all.quantile(q));
        }
    }

    #[test]
    fn a_single_value_is_every_quantile_exactly() {
        let mut sketch = Sketch::new();
        sketch.add(123.456);
        assert_eq!(sketch.quantile(0.5), Some(123.456));
        assert_eq!(sketch.mean(), Some(123.456));
    }

    #[test]
    fn nothing_has_no_quantile() {
        let mut sketch = Sketch::new();
        sketch.add_weighted(5.0, 0);
        assert_eq!(sketch.count(), 0);
        assert_eq!((sketch.quantile(0.5), sketch.mean(), sketch.min()), (None, None, None));
        assert!(sketch.sum().abs() < f64::MIN_POSITIVE);
    }
}
