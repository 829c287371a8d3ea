//! What is left of a card's price with its age: wear, and what newer cards do for the same money.

use crate::calendar::YEAR;
use units::Span;

/// A law of ageing (economics.md 1.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ageing {
    /// `exp(-rate t)`, t in years.
    Exponential {
        /// The rate, per year.
        rate: f64,
    },
    /// Evenly down to `salvage` of the price over `life`, and no further.
    StraightLine {
        /// How long it falls.
        life: Span,
        /// What is left then, of 1.
        salvage: f64,
    },
    /// Half after each doubling of what a dollar buys.
    Doubling {
        /// The time of a doubling.
        every: Span,
    },
    /// Wright's law: each doubling of all cards ever made leaves `progress_ratio` of the cost.
    Wright {
        /// Cost after a doubling of the volume, of 1.
        progress_ratio: f64,
        /// How much the volume ever made grows in a year, of itself.
        growth: f64,
    },
    /// A new generation at each interval leaves `keeps` of what was there.
    Steps {
        /// Time between generations.
        every: Span,
        /// What one leaves, of 1.
        keeps: f64,
    },
}

impl Ageing {
    /// What is left of the price at an age, in billionths, rounded to the nearest.
    ///
    /// ```
    /// use drivers::Ageing;
    /// use units::Span;
    /// // economics.md 1.1: twice the work for a dollar every 2.46 years is 24.555 % a year.
    /// let every = Span::from_secs_f64_rounded(2.46 * 365.0 * 86_400.0);
    /// let trend = Ageing::Doubling { every };
    /// assert_eq!(trend.left_nano_rounded(Span::from_hours(365 * 24)), 754_449_340);
    /// ```
    pub fn left_nano_rounded(&self, age: Span) -> u64 {
        let years = age.as_secs_f64() / YEAR.as_secs_f64();
        let of = |span: Span| age.as_secs_f64() / span.as_secs_f64();
        let left = match *self {
            Ageing::Exponential { rate } => libm::exp(-rate * years),
            Ageing::StraightLine { life, salvage } => 1.0 - (1.0 - salvage) * of(life).min(1.0),
            Ageing::Doubling { every } => libm::exp2(-of(every)),
            Ageing::Wright { progress_ratio, growth } => {
                let doublings = libm::log2(1.0 + growth) * years;
                libm::pow(progress_ratio, doublings)
            }
            Ageing::Steps { every, keeps } => libm::pow(keeps, libm::floor(of(every))),
        };
        libm::round(left * 1e9) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn days(days: u64) -> Span {
        Span::from_hours(days * 24)
    }

    const LAWS: [Ageing; 5] = [
        Ageing::Exponential { rate: 0.25 },
        Ageing::StraightLine { life: days(1_460), salvage: 0.1 },
        Ageing::Doubling { every: days(730) },
        Ageing::Wright { progress_ratio: 0.8, growth: 9.0 },
        Ageing::Steps { every: days(365), keeps: 0.6 },
    ];

    #[test]
    fn every_law_begins_whole_and_only_falls() {
        for law in LAWS {
            assert_eq!(law.left_nano_rounded(Span::ZERO), 1_000_000_000, "{law:?}");
            let left = (0..5_000).map(|day| law.left_nano_rounded(days(day)));
            assert!(left.collect::<Vec<_>>().is_sorted_by(|a, b| a >= b), "{law:?}");
        }
    }

    #[test]
    fn laws_are_those_of_the_note() {
        let after = |law: usize, age| LAWS[law].left_nano_rounded(days(age));
        assert_eq!(after(0, 730), 606_530_660, "exp(-1/2)");
        assert_eq!(after(1, 730), 550_000_000, "half the way to a tenth");
        assert_eq!(after(1, 4_000), 100_000_000, "and no further");
        assert_eq!(after(2, 1_460), 250_000_000);
        assert_eq!(after(3, 365), 476_509_875, "progress ratio 0.8, ten times the volume");
        assert_eq!(
            [after(4, 364), after(4, 365), after(4, 730)],
            [1_000_000_000, 600_000_000, 360_000_000]
        );
    }
}
