//! Time on the one clock of a run: nanoseconds since its start, never the wall clock.

use std::ops::{Add, AddAssign};

/// A length of time in nanoseconds; 64 bits hold 584 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// One second.
    pub const SECOND: Span = Span(1_000_000_000);
    /// One hour.
    pub const HOUR: Span = Span(3_600_000_000_000);
    /// One day of 24 hours.
    pub const DAY: Span = Span(86_400_000_000_000);

    /// A span of `nanos` nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Span {
        Span(nanos)
    }

    /// A span of `millis` milliseconds.
    pub const fn from_millis(millis: u64) -> Span {
        Span(millis * 1_000_000)
    }

    /// A span of `seconds` seconds.
    pub const fn from_secs(seconds: u64) -> Span {
        Span(seconds * 1_000_000_000)
    }

    /// A span of `hours` hours.
    pub const fn from_hours(hours: u64) -> Span {
        Span(hours * 3_600_000_000_000)
    }

    /// Rounds `seconds` to the nearest nanosecond; negative and not-a-number become zero,
    /// what does not fit becomes the longest span.
    pub fn from_secs_f64_rounded(seconds: f64) -> Span {
        Span((seconds * 1e9 + 0.5) as u64)
    }

    /// Nanoseconds.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Seconds, for draws and analysis only.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Hours, for draws and analysis only.
    pub fn as_hours_f64(self) -> f64 {
        self.0 as f64 / 3.6e12
    }

    /// Whether there is no time in it.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// This span less `other`, or zero when `other` is longer.
    pub const fn saturating_sub(self, other: Span) -> Span {
        Span(self.0.saturating_sub(other.0))
    }

    /// The whole multiples of `unit` in this span, as a span: 2.7 h in hours is 2 h.
    pub fn floored_to(self, unit: Span) -> Span {
        if unit.0 == 0 { self } else { Span(self.0 - self.0 % unit.0) }
    }

    /// This span times a whole number.
    pub fn times(self, count: u64) -> Span {
        Span(self.0.checked_mul(count).expect("a span of 584 years is longer than any run"))
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.checked_add(other.0).expect("a span of 584 years is longer than any run"))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

/// A moment of a run: nanoseconds since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SimTime(u64);

impl SimTime {
    /// The start of the run.
    pub const ZERO: SimTime = SimTime(0);
    /// Later than any moment of any run.
    pub const NEVER: SimTime = SimTime(u64::MAX);

    /// The moment `nanos` nanoseconds after the start.
    pub const fn from_nanos(nanos: u64) -> SimTime {
        SimTime(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// The time since `earlier`.
    ///
    /// # Panics
    /// When `earlier` is later: time never runs backwards.
    pub fn since(self, earlier: SimTime) -> Span {
        Span(self.0.checked_sub(earlier.0).expect("time never runs backwards"))
    }

    /// The time since `earlier`, or none when that is still to come.
    pub const fn saturating_since(self, earlier: SimTime) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }

    /// The first multiple of `step` at or after this moment; the moment itself when `step` is zero.
    ///
    /// ```
    /// # use units::{SimTime, Span};
    /// let block = Span::from_millis(250);
    /// assert_eq!(SimTime::from_nanos(1).rounded_up(block).nanos(), 250_000_000);
    /// assert_eq!(SimTime::from_nanos(250_000_000).rounded_up(block).nanos(), 250_000_000);
    /// ```
    pub fn rounded_up(self, step: Span) -> SimTime {
        if step.0 == 0 {
            return self;
        }
        SimTime(self.0.div_ceil(step.0).checked_mul(step.0).expect("no block after 584 years"))
    }

    /// The last multiple of `step` at or before this moment; the moment itself when `step` is zero.
    pub fn rounded_down(self, step: Span) -> SimTime {
        if step.0 == 0 { self } else { SimTime(self.0 - self.0 % step.0) }
    }
}

impl Add<Span> for SimTime {
    type Output = SimTime;
    fn add(self, span: Span) -> SimTime {
        SimTime(self.0.checked_add(span.0).expect("no moment after 584 years"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_become_whole_nanoseconds_and_never_wrap() {
        assert_eq!(Span::from_secs_f64_rounded(1.5), Span::from_millis(1500));
        assert_eq!(Span::from_secs_f64_rounded(-1.0), Span::ZERO);
        assert_eq!(Span::from_secs_f64_rounded(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs_f64_rounded(f64::INFINITY).nanos(), u64::MAX);
    }

    #[test]
    fn flooring_to_nothing_keeps_the_span() {
        assert_eq!(Span::from_millis(2700).floored_to(Span::SECOND), Span::from_secs(2));
        assert_eq!(Span::from_millis(2700).floored_to(Span::ZERO), Span::from_millis(2700));
    }

    #[test]
    #[should_panic(expected = "backwards")]
    fn time_never_runs_backwards() {
        let _ = SimTime::ZERO.since(SimTime::from_nanos(1));
    }
}
