//! How well a mean over replications is known.

use statrs::distribution::{ContinuousCDF, StudentsT};

/// A mean over independent replications and how far the true one may lie from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Half the width of the 95 % interval; none with a single value, which says nothing of it.
    pub half_width: Option<f64>,
    /// How many values.
    pub n: usize,
}

impl Interval {
    /// The lower end of the 95 % interval.
    pub fn low(&self) -> Option<f64> {
        self.half_width.map(|half| self.mean - half)
    }

    /// The upper end of the 95 % interval.
    pub fn high(&self) -> Option<f64> {
        self.half_width.map(|half| self.mean + half)
    }
}

/// The mean of `values` with its 95 % interval by Student's t; none without values.
///
/// `half = t(0.975, n - 1) * s / sqrt(n)`, with `s` the sample standard deviation. The values
/// must be independent: one per replication, never points of one series.
///
/// ```
/// let interval = estimate::mean_interval(&[1.0, 2.0, 3.0]).unwrap();
/// assert_eq!(interval.mean, 2.0);
/// assert!((interval.half_width.unwrap() - 4.302653 / 3f64.sqrt()).abs() < 1e-5);
/// ```
pub fn mean_interval(values: &[f64]) -> Option<Interval> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n as f64;
    if n == 1 {
        return Some(Interval { mean, half_width: None, n });
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = (squares / (n - 1) as f64).sqrt();
    let half_width = t_quantile((n - 1) as f64) * deviation / (n as f64).sqrt();
    Some(Interval { mean, half_width: Some(half_width), n })
}

/// The ratio of the sums of batches `(part, whole)` with its 95 % interval by Student's t; none
/// where there is no whole.
///
/// What a batch is off the ratio by, `part - ratio * whole`, is taken as independent from batch to
/// batch (Cochran 1977, 6.4): days of one run rather than the jobs of a day, which come in bursts.
///
/// ```
/// // Two days, 8 of 10 and 6 of 10: 70 %, each day off by one, so half = 12.7062 * .1.
/// let ratio = estimate::ratio_interval(&[(8.0, 10.0), (6.0, 10.0)]).unwrap();
/// assert!((ratio.mean - 0.7).abs() < 1e-12);
/// assert!((ratio.half_width.unwrap() - 1.270_62).abs() < 1e-4);
/// ```
pub fn ratio_interval(batches: &[(f64, f64)]) -> Option<Interval> {
    let n = batches.iter().filter(|(_, whole)| *whole > 0.0).count();
    let whole: f64 = batches.iter().map(|(_, whole)| whole).sum();
    if n == 0 {
        return None;
    }
    let mean = batches.iter().map(|(part, _)| part).sum::<f64>() / whole;
    if n == 1 {
        return Some(Interval { mean, half_width: None, n });
    }
    let off = |(part, whole): &(f64, f64)| (part - mean * whole) * (part - mean * whole);
    let squares: f64 = batches.iter().map(off).sum();
    let count = n as f64;
    let error = (squares / (count * (count - 1.0))).sqrt() / (whole / count);
    Some(Interval { mean, half_width: Some(t_quantile(count - 1.0) * error), n })
}

/// The 97.5 % quantile of Student's t.
pub(crate) fn t_quantile(freedom: f64) -> f64 {
    let t = StudentsT::new(0.0, 1.0, freedom).expect("the degrees of freedom are positive");
    t.inverse_cdf(0.975)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_of_student_are_those_of_the_tables() {
        for (freedom, known) in
            [(1.0, 12.7062), (2.0, 4.30265), (4.0, 2.77645), (9.0, 2.26216), (29.0, 2.04523)]
        {
            let found = t_quantile(freedom);
            assert!((found / known - 1.0).abs() < 1e-5, "{freedom}: {found}");
        }
    }

    #[test]
    fn a_worked_interval_holds() {
        // s = 3.1622777, so half = 2.77645 * 3.1622777 / sqrt(5) = 3.92650.
        let interval = mean_interval(&[8.0, 10.0, 12.0, 14.0, 16.0]).unwrap();
        assert!((interval.mean - 12.0).abs() < 1e-12);
        assert!((interval.half_width.unwrap() - 3.92650).abs() < 1e-4);
        assert!((interval.low().unwrap() + interval.high().unwrap() - 24.0).abs() < 1e-9);
        assert_eq!(interval.n, 5);
    }

    #[test]
    fn one_value_has_a_mean_and_no_width_and_none_has_nothing() {
        let one = mean_interval(&[7.0]).unwrap();
        assert_eq!((one.half_width, one.low(), one.high()), (None, None, None));
        assert_eq!(mean_interval(&[]), None);
    }
}
