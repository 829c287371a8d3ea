//! Laws of lengths of time cut to a range: what a scenario declares, and what an observer sees who
//! arrives in the middle.

use super::normal::{normal_cdf, normal_quantile};
use crate::draws::unit_open;
use rand::Rng;
use rand::distr::Distribution;
use std::fmt;

/// Less chance than this inside the range leaves no digits to compute with.
const CHANCE_MIN: f64 = 1e-290;

/// A law of lengths of time in seconds, cut to a range and held by value.
///
/// The cut is conditional: values outside are not moved to the ends, they do not occur. One draw
/// takes one word.
///
/// ```
/// # use engine::distribution::Law;
/// let hour = 3600.0;
/// let job = Law::log_normal(6.0 * hour, 0.7, 2.0 * hour, 24.0 * hour)?;
/// assert!(job.mean() > 6.0 * hour, "the long tail outweighs the cut");
/// # Ok::<(), engine::distribution::LawProblem>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Law(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    LogNormal(CutLogNormal),
    Exponential(CutExponential),
    Fixed(f64),
}

/// Why numbers do not make a law; the message carries the remedy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LawProblem {
    /// A number is negative, infinite or not a number.
    BadNumber {
        /// Which one.
        what: &'static str,
        /// What it was.
        value: f64,
    },
    /// The range ends before it starts, in seconds.
    RangeReversed {
        /// Its start.
        min: f64,
        /// Its end.
        max: f64,
    },
    /// The law has no value inside the range, in seconds.
    RangeUnreachable {
        /// Its start.
        min: f64,
        /// Its end.
        max: f64,
    },
}

impl fmt::Display for LawProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LawProblem::BadNumber { what, value } => {
                write!(out, "{what} is {value}; give a finite number that is not negative")
            }
            LawProblem::RangeReversed { min, max } => {
                write!(out, "the range {min} s to {max} s ends before it starts; swap its ends")
            }
            LawProblem::RangeUnreachable { min, max } => write!(
                out,
                "the law has no value between {min} s and {max} s; widen the range or move the law"
            ),
        }
    }
}

impl std::error::Error for LawProblem {}

impl Law {
    /// Log-normal with this median and standard deviation of the logarithm before the cut, on
    /// `min..=max`; all but `sigma` in seconds. Without spread it is the median, moved into the
    /// range.
    pub fn log_normal(median: f64, sigma: f64, min: f64, max: f64) -> Result<Law, LawProblem> {
        check_number("median", median)?;
        check_number("sigma", sigma)?;
        check_range(min, max)?;
        if sigma == 0.0 || median == 0.0 || max <= min {
            return Ok(Law(Kind::Fixed(median.clamp(min, max))));
        }
        let law = CutLogNormal::new(libm::log(median), sigma, min, max);
        if law.inside < CHANCE_MIN || law.length_biased().inside < CHANCE_MIN {
            return Err(LawProblem::RangeUnreachable { min, max });
        }
        Ok(Law(Kind::LogNormal(law)))
    }

    /// Exponential with this mean before the cut, on `min..=max`; all in seconds. With a mean of
    /// zero it is `min`.
    pub fn exponential(mean: f64, min: f64, max: f64) -> Result<Law, LawProblem> {
        check_number("mean", mean)?;
        check_range(min, max)?;
        if mean == 0.0 || max <= min {
            return Ok(Law(Kind::Fixed(min)));
        }
        Ok(Law(Kind::Exponential(CutExponential { mean, min, max })))
    }

    /// Always this many seconds.
    pub fn fixed(seconds: f64) -> Result<Law, LawProblem> {
        check_number("length", seconds)?;
        Ok(Law(Kind::Fixed(seconds)))
    }

    /// The mean after the cut, in seconds.
    pub fn mean(&self) -> f64 {
        match self.0 {
            Kind::LogNormal(law) => law.mean(),
            Kind::Exponential(law) => law.mean(),
            Kind::Fixed(seconds) => seconds,
        }
    }

    /// The law of an interval that is found in progress at a random moment: long ones are found
    /// in proportion to their length. The rest of it is then uniform on (0, length).
    ///
    /// Source: renewal theory, e.g. Feller, volume 2, XI.4: density `x f(x) / mean`.
    pub fn length_biased(&self) -> LengthBiased {
        LengthBiased(match self.0 {
            Kind::LogNormal(law) => BiasedKind::LogNormal(law.length_biased()),
            Kind::Exponential(law) => BiasedKind::Erlang(law),
            Kind::Fixed(seconds) => BiasedKind::Fixed(seconds),
        })
    }
}

impl Distribution<f64> for Law {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        let u = unit_open(random);
        match self.0 {
            Kind::LogNormal(law) => law.value(u),
            Kind::Exponential(law) => law.value(u),
            Kind::Fixed(seconds) => seconds,
        }
    }
}

/// The lengths of intervals found in progress, see [`Law::length_biased`]; in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LengthBiased(BiasedKind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum BiasedKind {
    LogNormal(CutLogNormal),
    Erlang(CutExponential),
    Fixed(f64),
}

impl Distribution<f64> for LengthBiased {
    #[inline]
    fn sample<R: Rng + ?Sized>(&self, random: &mut R) -> f64 {
        let u = unit_open(random);
        match self.0 {
            BiasedKind::LogNormal(law) => law.value(u),
            BiasedKind::Erlang(law) => law.length_biased_value(u),
            BiasedKind::Fixed(seconds) => seconds,
        }
    }
}

fn check_number(what: &'static str, value: f64) -> Result<(), LawProblem> {
    let is_good = value.is_finite() && value >= 0.0;
    if is_good { Ok(()) } else { Err(LawProblem::BadNumber { what, value }) }
}

fn check_range(min: f64, max: f64) -> Result<(), LawProblem> {
    check_number("shortest length", min)?;
    check_number("longest length", max)?;
    if min <= max { Ok(()) } else { Err(LawProblem::RangeReversed { min, max }) }
}

/// A log-normal law on `min..=max`. Chances are kept from both sides, so that a range deep in
/// either tail loses no digits.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CutLogNormal {
    mu: f64,
    sigma: f64,
    min: f64,
    max: f64,
    /// Chance below, inside and above the range.
    below: f64,
    inside: f64,
    above: f64,
}

impl CutLogNormal {
    fn new(mu: f64, sigma: f64, min: f64, max: f64) -> CutLogNormal {
        let low = (libm::log(min) - mu) / sigma;
        let high = (libm::log(max) - mu) / sigma;
        let (below, above) = (normal_cdf(low), normal_cdf(-high));
        let inside = if low > 0.0 { normal_cdf(-low) - above } else { normal_cdf(high) - below };
        CutLogNormal { mu, sigma, min, max, below, inside, above }
    }

    fn length_biased(&self) -> CutLogNormal {
        CutLogNormal::new(self.mu + self.sigma * self.sigma, self.sigma, self.min, self.max)
    }

    /// `exp(mu + sigma^2/2)` times the chance of the length-biased law inside, over that of this.
    fn mean(&self) -> f64 {
        let uncut = libm::exp(self.mu + 0.5 * self.sigma * self.sigma);
        (uncut * self.length_biased().inside / self.inside).clamp(self.min, self.max)
    }

    #[inline]
    fn value(&self, u: f64) -> f64 {
        let lower = self.below + u * self.inside;
        let z = if lower <= 0.5 {
            normal_quantile(lower)
        } else {
            -normal_quantile(self.above + (1.0 - u) * self.inside)
        };
        libm::exp(self.mu + self.sigma * z).clamp(self.min, self.max)
    }
}

/// An exponential law on `min..=max`, `mean` before the cut.
#[derive(Clone, Copy, Debug, PartialEq)]
struct CutExponential {
    mean: f64,
    min: f64,
    max: f64,
}

impl CutExponential {
    /// The width of the range in means.
    fn width(&self) -> f64 {
        (self.max - self.min) / self.mean
    }

    /// `min + mean * (1 - w/(e^w - 1))` for a range of w means; for small w its series.
    fn mean(&self) -> f64 {
        let width = self.width();
        let share = if width < 1e-2 {
            width * (0.5 - width / 12.0 + width * width * width / 720.0)
        } else {
            1.0 - width / libm::expm1(width)
        };
        (self.min + self.mean * share).clamp(self.min, self.max)
    }

    #[inline]
    fn value(&self, u: f64) -> f64 {
        let waited = -self.mean * libm::log1p(u * libm::expm1(-self.width()));
        (self.min + waited).min(self.max)
    }

    /// Inverts the chance to last beyond t means, `(1+t) e^-t` relative to its value at the start
    /// of the range, by halving: it is needed once per interval in progress at the start.
    fn length_biased_value(&self, u: f64) -> f64 {
        let (start, end) = (self.min / self.mean, self.max / self.mean);
        let outlast = |t: f64| (1.0 + t) / (1.0 + start) * libm::exp(start - t);
        let target = 1.0 - u * (1.0 - outlast(end));
        let (mut low, mut high) = (start, end);
        loop {
            let middle = 0.5 * (low + high);
            if middle <= low || middle >= high {
                return (middle * self.mean).clamp(self.min, self.max);
            }
            if outlast(middle) > target { low = middle } else { high = middle }
        }
    }
}

#[cfg(test)]
mod tests;
