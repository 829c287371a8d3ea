//! What a series of closes says about the process that made it.

use crate::calendar::years;
use crate::problem::{DriverProblem, check, check_count, check_positive};
use units::Span;

/// Moments of the log returns of one series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Mean of the logarithm's growth per year; `mu` of the mean price is `sigma^2/2` more.
    pub mean_per_year: f64,
    /// Deviation per year.
    pub sigma_per_year: f64,
    /// Fourth moment of a return over its squared variance, less 3.
    pub excess_kurtosis: f64,
}

impl Fit {
    /// Of returns whose closes are `spacing` apart.
    ///
    /// ```
    /// # use drivers::{Fit, compute_log_returns};
    /// # use units::Span;
    /// let returns = compute_log_returns(&[1.0, 1.1, 1.0, 1.2, 1.1])?;
    /// let fit = Fit::of(&returns, Span::DAY)?;
    /// assert!((2.0..4.0).contains(&fit.sigma_per_year), "some 14 % a day");
    /// # Ok::<(), drivers::DriverProblem>(())
    /// ```
    pub fn of(log_returns: &[f64], spacing: Span) -> Result<Fit, DriverProblem> {
        check_count("returns", log_returns.len(), 2)?;
        check(!spacing.is_zero(), "spacing of the closes", spacing.as_secs_f64(), "more than 0 s")?;
        let n = log_returns.len() as f64;
        let mean = log_returns.iter().sum::<f64>() / n;
        let squares = log_returns.iter().map(|x| (x - mean) * (x - mean));
        let second = squares.clone().sum::<f64>() / n;
        let fourth = squares.map(|square| square * square).sum::<f64>() / n;
        let is_moving = second > 0.0;
        Ok(Fit {
            mean_per_year: mean / years(spacing),
            sigma_per_year: libm::sqrt(second * n / (n - 1.0) / years(spacing)),
            excess_kurtosis: if is_moving { fourth / (second * second) - 3.0 } else { 0.0 },
        })
    }

    /// Degrees of freedom of Student's t with this kurtosis, `4 + 6/k`; none when the tails are not
    /// heavier than those of the bell curve.
    ///
    /// Above 4 whatever the series: below, the law has no kurtosis, though a sample has one. On
    /// daily prices of tokens maximum likelihood gives about 2 less.
    pub fn freedom(&self) -> Option<f64> {
        (self.excess_kurtosis > 0.0).then(|| 4.0 + 6.0 / self.excess_kurtosis)
    }
}

/// Natural logarithms of the ratios of neighbouring closes.
pub fn compute_log_returns(closes: &[f64]) -> Result<Vec<f64>, DriverProblem> {
    check_count("closes", closes.len(), 2)?;
    closes.iter().try_for_each(|&close| check_positive("close", close))?;
    Ok(closes.windows(2).map(|pair| libm::log(pair[1]) - libm::log(pair[0])).collect())
}

/// Correlation of two series of returns of the same days; none when one does not move.
///
/// # Panics
/// When the two differ in length.
pub fn compute_correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    assert_eq!(a.len(), b.len(), "returns of the same days");
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = |x: &[f64], mean_x: f64, y: &[f64], mean_y: f64| {
        x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>()
    };
    let both = product(a, mean_a, a, mean_a) * product(b, mean_b, b, mean_b);
    (both > 0.0).then(|| product(a, mean_a, b, mean_b) / libm::sqrt(both))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::innovation::Innovation;
    use engine::draws::{Draws, Purpose};
    use units::EntityKey;

    /// Days of returns with 80 % a year and tails of this law.
    fn returns(law: Innovation, name: &str, n: u64) -> Vec<f64> {
        let (draws, key) = (Draws::new(9), EntityKey::group(name));
        let day = |at| law.draw_value(&mut draws.at(Purpose(0), key, at));
        (0..n).map(|at| 0.001 + 0.8 / libm::sqrt(365.0) * day(at)).collect()
    }

    /// Ten degrees of freedom have fourth moment 4 and eighth 1120. Four standard errors of 10^5
    /// returns: 4 * 0.8 sqrt((4 - 1) / (4 n)) = 0.009 for sigma, 4 * 0.8 sqrt(365 / n) = 0.19 for
    /// the mean of a year, 4 sqrt((1120 - 16) / n) = 0.42 for the kurtosis, hence 8.2 to 14.4 for
    /// the freedom.
    #[test]
    fn oracle_parameters_are_found_again() {
        let law = Innovation::student_t(10.0).unwrap();
        let fit = Fit::of(&returns(law, "a", 100_000), Span::DAY).unwrap();
        assert!((fit.sigma_per_year - 0.8).abs() < 0.01, "{fit:?}");
        assert!((fit.mean_per_year - 0.365).abs() < 0.2, "{fit:?}");
        assert!((fit.excess_kurtosis - 1.0).abs() < 0.42, "{fit:?}");
        assert!((8.2..14.4).contains(&fit.freedom().unwrap()), "{fit:?}");
    }

    /// Closes that carry these returns give them back, and a mix of 60 % correlates by 0.6.
    #[test]
    fn closes_and_returns_are_one_and_mixtures_correlate() {
        let (a, b) = (
            returns(Innovation::GAUSSIAN, "a", 10_000),
            returns(Innovation::GAUSSIAN, "b", 10_000),
        );
        let mut ln = 0.0;
        let mut closes = vec![1.0];
        closes.extend(a.iter().map(|x| {
            ln += x;
            libm::exp(ln)
        }));
        let again = compute_log_returns(&closes).unwrap();
        assert!(a.iter().zip(&again).all(|(x, y)| (x - y).abs() < 1e-12));
        let mixed: Vec<f64> = a.iter().zip(&b).map(|(x, y)| 0.6 * x + 0.8 * y).collect();
        // Four standard errors: 4 * (1 - 0.36) / sqrt(10^4).
        assert!((compute_correlation(&a, &mixed).unwrap() - 0.6).abs() < 0.0256);
    }

    #[test]
    fn a_series_that_does_not_move_has_no_tails_and_no_correlation() {
        let fit = Fit::of(&[0.0; 5], Span::DAY).unwrap();
        assert_eq!((fit.sigma_per_year.to_bits(), fit.freedom()), (0, None));
        assert_eq!(compute_correlation(&[0.0; 3], &[1.0, 2.0, 4.0]), None);
        assert!(Fit::of(&[0.1], Span::DAY).is_err());
        assert!(Fit::of(&[0.1, 0.2], Span::ZERO).is_err());
    }
}
