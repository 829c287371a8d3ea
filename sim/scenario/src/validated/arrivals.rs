//! When jobs arrive: what moves the rate within a day and over years, how arrivals bunch, and jobs
//! that are replayed from a file.

use units::{CardId, GpuCount, GpuHourPrice, Span};

/// One sine of a pool's rate: `1 + sum of amplitude * sin(2 pi (t - rises_at) / period)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wave {
    /// Its height, as a share of the mean.
    pub amplitude: f64,
    /// Its length.
    pub period: Span,
    /// When it rises through its mean, from the start of the run.
    pub rises_at: Span,
}

/// How arrivals bunch beyond what their rate says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bursts {
    /// Not at all: a Poisson process.
    None,
    /// A Poisson process whose rate has two states, each of exponential length (MMPP).
    Mmpp {
        /// The rate in a burst as a multiple of that in a calm.
        times: f64,
        /// Mean length of a calm.
        calm: Span,
        /// Mean length of a burst.
        burst: Span,
    },
    /// Every arrival brings others about, and those bring others: a Hawkes process whose kernel is
    /// exponential.
    Hawkes {
        /// How many an arrival brings about by itself, in the mean; below 1.
        branching: f64,
        /// Mean time until each of them.
        delay: Span,
    },
    /// Jobs come several at once, as many as a geometric law says.
    Batches {
        /// Mean of the law, at least 1.
        mean: f64,
    },
}

/// Growth of a class's demand: `exp(g t)` with a rate that changes at breaks.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// From when on which rate holds, per year; the first from the start.
    pub stretches: Vec<(Span, f64)>,
}

/// A year of growth.
const YEAR: Span = Span::from_hours(8_766);
/// Moments of which a mean over time is made.
const PARTS: u64 = 256;

impl Growth {
    /// What demand has grown to `at` so long after the start, as a multiple of what it was.
    ///
    /// ```
    /// # use scenario::Growth;
    /// # use units::Span;
    /// let days = |days: u64| Span::from_hours(24 * days);
    /// let growth = Growth { stretches: vec![(Span::ZERO, 1.0), (days(100), 0.0)] };
    /// assert_eq!(growth.factor(Span::ZERO), 1.0);
    /// assert_eq!(growth.factor(days(100)), growth.factor(days(900)));
    /// ```
    pub fn factor(&self, at: Span) -> f64 {
        let ends = self.stretches.iter().skip(1).map(|(from, _)| *from).chain([at]);
        let exponent = |((from, rate), end): (&(Span, f64), Span)| {
            let years = end.min(at).saturating_sub(*from).as_secs_f64() / YEAR.as_secs_f64();
            rate * years
        };
        libm::exp(self.stretches.iter().zip(ends).map(exponent).sum())
    }

    /// The mean multiple from the start until `to`, within a thousandth for what a run may grow.
    pub fn mean(&self, to: Span) -> f64 {
        let part =
            |number: u64| Span::from_nanos(to.nanos() / PARTS * number + to.nanos() / PARTS / 2);
        (0..PARTS).map(|number| self.factor(part(number))).sum::<f64>() / PARTS as f64
    }

    /// The largest multiple between two moments: at one of them, or at a break.
    pub fn largest(&self, from: Span, to: Span) -> f64 {
        let breaks = self.stretches.iter().map(|(at, _)| *at);
        let inside = breaks.filter(|at| (from..=to).contains(at));
        inside.chain([from, to]).map(|at| self.factor(at)).fold(0.0, f64::max)
    }
}

/// Jobs of a file, on top of what demand brings.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// Copies of each job: 0.5 keeps half of them, 2 brings each twice.
    pub scale: f64,
    /// The jobs, in the order of their arrival.
    pub jobs: Vec<ReplayJob>,
    /// How many of them asked for a part of a card, and count as one GPU each.
    pub parts: u32,
}

/// A job of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplayJob {
    /// The line it stands in: its key.
    pub line: u32,
    /// When it arrives, from the start of the run.
    pub arrives_at: Span,
    /// Its class, by its place among those of its pool.
    pub class: u16,
    /// GPUs that it needs.
    pub gpus: GpuCount,
    /// How long it runs: on the reference card, where its class has one.
    pub duration: Span,
    /// The card that it asks for; none to draw one.
    pub card: Option<CardId>,
    /// The most that it pays; none to draw it.
    pub ceiling: Option<GpuHourPrice>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(days: u64) -> Span {
        Span::from_hours(24 * days)
    }

    #[test]
    fn growth_goes_on_from_where_a_break_found_it() {
        let growth = Growth { stretches: vec![(Span::ZERO, 2.0), (days(100), -1.0)] };
        let year = 365.25;
        let expected = |exponent: f64, at: Span| {
            let error = growth.factor(at) / libm::exp(exponent) - 1.0;
            assert!(libm::fabs(error) < 1e-12, "{at:?}");
        };
        expected(2.0 * 50.0 / year, days(50));
        expected(2.0 * 100.0 / year, days(100));
        expected((200.0 - 30.0) / year, days(130));
        let top = growth.factor(days(100));
        assert!(libm::fabs(growth.largest(days(50), days(400)) - top) < 1e-12);
        assert!(growth.largest(days(200), days(400)) < top);
        let steady = Growth { stretches: vec![(Span::ZERO, 1.0)] };
        let exact = libm::expm1(400.0 / year) / (400.0 / year);
        assert!(libm::fabs(steady.mean(days(400)) / exact - 1.0) < 1e-5);
    }
}
