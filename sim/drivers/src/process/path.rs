//! A driver that goes through scripted points (economics.md 1.8, E7).

use super::start_ln;
use crate::problem::{DriverProblem, check_count};
use units::{SimTime, Span};

/// What a path does between two of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between {
    /// Grows or falls at a constant rate: the logarithm is a straight line.
    LogLinear,
    /// Keeps the value of the last point.
    Step,
}

/// Scripted points; before the first and after the last, their values.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Moments in order, with natural logarithms.
    points: Vec<(SimTime, f64)>,
    between: Between,
}

impl Path {
    /// Through these points, sorted by time.
    ///
    /// ```
    /// # use drivers::{Between, Path};
    /// # use units::{SimTime, Span};
    /// let points = [(SimTime::ZERO, 1.0), (SimTime::ZERO + Span::DAY, 0.1)]; // minus 90 %
    /// assert!(Path::new(&points, Between::LogLinear).is_ok());
    /// ```
    pub fn new(points: &[(SimTime, f64)], between: Between) -> Result<Path, DriverProblem> {
        check_count("points of the path", points.len(), 1)?;
        if let Some(at) = points.windows(2).position(|pair| pair[1].0 <= pair[0].0) {
            return Err(DriverProblem::OutOfOrder { point: at + 2 });
        }
        let ln = |&(at, value): &(SimTime, f64)| Ok((at, start_ln("value of the path", value)?));
        let points = points.iter().map(ln).collect::<Result<_, DriverProblem>>()?;
        Ok(Path { points, between })
    }

    pub(super) fn ln_at(&self, moment: SimTime) -> f64 {
        let past = self.points.partition_point(|&(at, _)| at <= moment);
        let (Some(last), Some(next)) = (past.checked_sub(1), self.points.get(past)) else {
            return self.points[past.saturating_sub(1)].1;
        };
        let (since, from) = self.points[last];
        match self.between {
            Between::Step => from,
            Between::LogLinear => {
                let nanos = |span: Span| span.nanos() as f64;
                let share = nanos(moment.since(since)) / nanos(next.0.since(since));
                from + share * (next.1 - from)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Process, testing};
    use super::*;

    fn day(n: u64) -> SimTime {
        SimTime::ZERO + Span::DAY.times(n)
    }

    fn path(between: Between) -> Path {
        Path::new(&[(day(1), 1.0), (day(3), 4.0), (day(4), 2.0)], between).unwrap()
    }

    #[test]
    fn it_meets_its_points_and_is_flat_outside() {
        let values = |between| {
            let path = path(between);
            let at = |n| (libm::exp(path.ln_at(day(n))) * 1e9 + 0.5) as u64 / 1_000_000;
            [0, 1, 2, 3, 4, 9].map(at)
        };
        assert_eq!(values(Between::LogLinear), [1_000, 1_000, 2_000, 4_000, 2_000, 2_000]);
        assert_eq!(values(Between::Step), [1_000, 1_000, 1_000, 4_000, 2_000, 2_000]);
    }

    #[test]
    fn the_cut_of_time_does_not_matter() {
        for between in [Between::LogLinear, Between::Step] {
            testing::assert_cut_does_not_matter(&Process::Path(path(between)));
        }
    }

    #[test]
    fn points_out_of_order_and_values_without_logarithm_are_refused() {
        let refused =
            |points: &[(SimTime, f64)]| Path::new(points, Between::Step).unwrap_err().to_string();
        assert_eq!(refused(&[]), "there are 0 points of the path; give at least 1");
        assert_eq!(
            refused(&[(day(0), 1.0), (day(2), 1.0), (day(2), 1.0)]),
            "point 3 is not later than the one before it; sort the points"
        );
        assert_eq!(
            refused(&[(day(0), 0.0)]),
            "value of the path is 0; give a finite number above zero"
        );
    }

    #[test]
    fn known_bits_hold_on_every_platform() {
        assert_eq!(
            testing::bits(&Process::Path(path(Between::LogLinear))),
            [0x0000_0000_0000_0000, 0x3fe6_2e42_fefa_39ef, 0x3ff6_2e42_fefa_39ef]
        );
    }
}
