//! From values to pixels, and which values deserve a tick.

/// How an axis spaces its values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spacing {
    /// Evenly.
    Linear,
    /// Evenly near zero, by ratio farther away, on both sides: `asinh(value / linear_to)`.
    SymmetricLog {
        /// Up to about here evenly; positive.
        linear_to: f64,
    },
}

/// An axis: values onto pixels, with ticks.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    spacing: Spacing,
    /// Least and greatest value.
    values: (f64, f64),
    /// Where they lie.
    pixels: (f64, f64),
    /// The ticks, ascending.
    pub(crate) ticks: Vec<f64>,
    /// Distance between ticks; what decides their digits.
    pub(crate) step: f64,
}

impl Scale {
    /// An even axis over `values`, widened to whole ticks, about `count` of them.
    pub(crate) fn linear(values: (f64, f64), pixels: (f64, f64), count: u32) -> Scale {
        let values = widened(values);
        let step = nice_step((values.1 - values.0) / f64::from(count));
        let first = (values.0 / step + 1e-9).floor() as i64;
        let last = (values.1 / step - 1e-9).ceil() as i64;
        let ticks: Vec<f64> = (first..=last).map(|tick| tick as f64 * step).collect();
        let ends = (first as f64 * step, last as f64 * step);
        Scale { spacing: Spacing::Linear, values: ends, pixels, ticks, step }
    }

    /// An even axis over exactly `values`, its ticks inside.
    pub(crate) fn exact(values: (f64, f64), pixels: (f64, f64), count: u32) -> Scale {
        let values = widened(values);
        let mut scale = Scale::linear(values, pixels, count);
        scale.values = values;
        scale.ticks.retain(|tick| *tick >= values.0 - 1e-9 && *tick <= values.1 + 1e-9);
        scale
    }

    /// An axis of the given spacing over `values`.
    pub(crate) fn new(spacing: Spacing, values: (f64, f64), pixels: (f64, f64)) -> Scale {
        let Spacing::SymmetricLog { linear_to } = spacing else {
            return Scale::linear(values, pixels, 6);
        };
        assert!(linear_to > 0.0, "the even part of an axis has a size");
        let values = widened(values);
        let ladder = ladder(linear_to, values.0.abs().max(values.1.abs()));
        let low = outward(&ladder, -values.0);
        let high = outward(&ladder, values.1);
        let negative = ladder.iter().rev().map(|size| -size).filter(|tick| *tick >= -low);
        let positive = ladder.iter().copied().filter(|tick| *tick <= high);
        let ticks = negative.chain([0.0]).chain(positive).collect();
        Scale { spacing, values: (-low, high), pixels, ticks, step: linear_to }
    }

    /// Where a value lies; beyond the ends, at the end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let place = |value: f64| match self.spacing {
            Spacing::Linear => value,
            Spacing::SymmetricLog { linear_to } => libm::asinh(value / linear_to),
        };
        let (low, high) = (place(self.values.0), place(self.values.1));
        let part = ((place(value) - low) / (high - low)).clamp(0.0, 1.0);
        self.pixels.0 + part * (self.pixels.1 - self.pixels.0)
    }
}

/// 1, 2, 2.5 or 5 times a power of ten, at least `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(rough).floor());
    let factor = [1.0, 2.0, 2.5, 5.0].into_iter().find(|factor| factor * power >= rough * 0.999);
    factor.unwrap_or(10.0) * power
}

/// The ladder 1, 2, 5, 10, ... times `unit`, the first at or above `top` included.
fn ladder(unit: f64, top: f64) -> Vec<f64> {
    let mut steps = Vec::new();
    let mut decade = unit;
    while steps.last().is_none_or(|last| *last < top) && steps.len() < 60 {
        steps.extend([decade, 2.0 * decade, 5.0 * decade]);
        decade *= 10.0;
    }
    steps
}

/// The first step at or above `size`; zero when the axis does not go that way.
fn outward(ladder: &[f64], size: f64) -> f64 {
    if size <= 0.0 {
        return 0.0;
    }
    ladder.iter().copied().find(|step| *step >= size).unwrap_or(size)
}

/// An axis has a length: one value alone gets room above it.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    assert!(low.is_finite() && high.is_finite(), "an axis has finite ends");
    if high - low > 1e-12 { (low, high) } else { (low, low + 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_values() {
        let scale = Scale::linear((0.0, 0.87), (0.0, 100.0), 5);
        assert_eq!(scale.ticks.len(), 6);
        assert!((scale.step - 0.2).abs() < 1e-12);
        assert!((scale.at(1.0) - 100.0).abs() < 1e-9);
        assert!((scale.at(0.5) - 50.0).abs() < 1e-9);
        let exact = Scale::exact((0.0, 32.0), (0.0, 64.0), 7);
        assert!((exact.at(16.0) - 32.0).abs() < 1e-9);
        assert!(exact.ticks.iter().all(|tick| *tick <= 32.0));
    }

    #[test]
    fn both_sides_of_zero_have_a_logarithm() {
        let spacing = Spacing::SymmetricLog { linear_to: 1.0 };
        let scale = Scale::new(spacing, (-1.5, 45.0), (0.0, 100.0));
        assert_eq!(scale.ticks, [-2.0, -1.0, 0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0]);
        assert!(scale.at(-2.0).abs() < 1e-9);
        assert!((scale.at(50.0) - 100.0).abs() < 1e-9);
        assert!(scale.at(0.0) > scale.at(-1.0) && scale.at(0.0) < scale.at(1.0));
    }

    #[test]
    fn a_single_value_still_has_an_axis() {
        let scale = Scale::linear((0.0, 0.0), (0.0, 10.0), 5);
        assert!(scale.at(0.0).abs() < 1e-9);
        assert!(scale.ticks.len() >= 2);
    }
}
