//! Years as floats, and moments that lie some years ahead.

use units::{SimTime, Span};

/// The year that rates, drifts and deviations are per: 365 days, because these prices are quoted
/// on all days.
pub const YEAR: Span = Span::from_hours(365 * 24);

/// `span` in years.
pub fn years(span: Span) -> f64 {
    span.nanos() as f64 / YEAR.nanos() as f64
}

/// The moment `years` after `moment`, rounded to the nanosecond; beyond the clock it is never.
pub fn after_years(moment: SimTime, years: f64) -> SimTime {
    let ahead = Span::from_secs_f64_rounded(years * YEAR.as_secs_f64());
    moment.nanos().checked_add(ahead.nanos()).map_or(SimTime::NEVER, SimTime::from_nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_beyond_the_clock_is_never() {
        let later = SimTime::from_nanos(1);
        assert_eq!(after_years(later, 1.0), later + YEAR);
        assert_eq!(after_years(later, 600.0), SimTime::NEVER);
        assert_eq!(after_years(later, f64::INFINITY), SimTime::NEVER);
    }

    #[test]
    fn a_year_has_365_days() {
        assert!((years(Span::DAY.times(73)) - 0.2).abs() < 1e-15);
    }
}
