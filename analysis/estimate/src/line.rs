//! The straight line through weighted points.

use crate::interval::t_quantile;

/// The slope of a line and how far the true one may lie from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// By how much `y` moves where `x` moves by one.
    pub value: f64,
    /// Half the width of its 95 % interval; none with two points, which a line always meets.
    pub half_width: Option<f64>,
}

/// The slope of `y` over `x` by weighted least squares, of points `(x, y, weight)`; none when all
/// stand at one `x`, or none has weight.
///
/// The interval is Student's t with `n - 2` degrees of freedom over points with weight; it takes
/// what the points are off the line by as independent, with a variance inverse to their weights.
///
/// ```
/// # use estimate::slope;
/// let points = [(0.0, 1.0, 2.0), (1.0, 3.0, 1.0), (2.0, 5.0, 5.0)];
/// assert!((slope(&points).unwrap().value - 2.0).abs() < 1e-12);
/// assert_eq!(slope(&points[..1]), None);
/// ```
pub fn slope(points: &[(f64, f64, f64)]) -> Option<Slope> {
    let weight: f64 = points.iter().map(|(_, _, weight)| weight).sum();
    if weight <= 0.0 {
        return None;
    }
    let mean = |of: fn(&(f64, f64, f64)) -> f64| {
        points.iter().map(|point| of(point) * point.2).sum::<f64>() / weight
    };
    let (x_mean, y_mean) = (mean(|point| point.0), mean(|point| point.1));
    let add = |(squares, products): (f64, f64), (x, y, weight): &(f64, f64, f64)| {
        let x = x - x_mean;
        (squares + weight * x * x, products + weight * x * (y - y_mean))
    };
    let (squares, products) = points.iter().fold((0.0, 0.0), add);
    if squares <= 1e-12 * weight {
        return None;
    }
    let value = products / squares;
    let off = |(x, y, weight): &(f64, f64, f64)| {
        let off = y - y_mean - value * (x - x_mean);
        weight * off * off
    };
    let count = points.iter().filter(|(_, _, weight)| *weight > 0.0).count();
    let half_width = (count > 2).then(|| {
        let freedom = (count - 2) as f64;
        let variance = points.iter().map(off).sum::<f64>() / freedom;
        t_quantile(freedom) * (variance / squares).sqrt()
    });
    Some(Slope { value, half_width })
}

/// The slope in logarithms: by how many per cent `y` moves where `x` moves by one, of points
/// `(x, y, weight)` above zero.
///
/// ```
/// # use estimate::log_slope;
/// let points = [(1.0, 8.0, 1.0), (2.0, 2.0, 1.0), (4.0, 0.5, 1.0)];
/// assert!((log_slope(&points).unwrap().value + 2.0).abs() < 1e-12);
/// ```
pub fn log_slope(points: &[(f64, f64, f64)]) -> Option<Slope> {
    let logs = points.iter().map(|(x, y, weight)| (libm::log(*x), libm::log(*y), *weight));
    slope(&logs.collect::<Vec<_>>())
}

/// The steepest power that [`rate_slope`] looks for.
const STEEPEST: f64 = 64.0;

/// By how many per cent a rate moves where `x` moves by one, of points `(x, count, exposure)`: the
/// most likely power of `x` if counts are Poisson about exposure times rate. Points without counts
/// count too: to leave them out would make every slope too flat. None when counts are those of the
/// least or the greatest `x` alone, where any steeper slope is likelier.
///
/// Given the power, the likeliest level makes the counts add up; what is left says that the mean
/// `log x` of the rates is that of the counts, and it grows with the power: halving finds it. The
/// interval is Student's t, with the spread of the counts about their rates as it is found.
///
/// ```
/// # use estimate::rate_slope;
/// let points = [(1.0, 800.0, 100.0), (2.0, 200.0, 100.0), (4.0, 50.0, 100.0)];
/// assert!((rate_slope(&points).unwrap().value + 2.0).abs() < 1e-12);
/// assert_eq!(rate_slope(&[(1.0, 8.0, 1.0), (2.0, 0.0, 1.0)]), None);
/// ```
pub fn rate_slope(points: &[(f64, f64, f64)]) -> Option<Slope> {
    let some = points.iter().filter(|point| point.0 > 0.0 && point.2 > 0.0);
    let logs: Vec<_> =
        some.map(|(x, count, exposure)| (libm::log(*x), *count, *exposure)).collect();
    let count: f64 = logs.iter().map(|point| point.1).sum();
    let middle = logs.iter().map(|point| point.0 * point.1).sum::<f64>() / count;
    let rate =
        |power: f64, point: &(f64, f64, f64)| point.2 * libm::exp(power * (point.0 - middle));
    // Above zero where rates of this power lie at greater x than counts do.
    let lean = |power: f64| -> f64 {
        logs.iter().map(|point| (point.0 - middle) * rate(power, point)).sum()
    };
    let (mut low, mut high) = (-STEEPEST, STEEPEST);
    let is_between = lean(low) < 0.0 && lean(high) > 0.0;
    if !is_between {
        return None;
    }
    for _ in 0..100 {
        let power = (low + high) / 2.0;
        if lean(power) < 0.0 { low = power } else { high = power }
    }
    let value = (low + high) / 2.0;
    let level = count / logs.iter().map(|point| rate(value, point)).sum::<f64>();
    let expected = |point: &(f64, f64, f64)| level * rate(value, point);
    let known = |point: &(f64, f64, f64)| expected(point) * (point.0 - middle).powi(2);
    let off = |point: &(f64, f64, f64)| (point.1 - expected(point)).powi(2) / expected(point);
    let half_width = (logs.len() > 2).then(|| {
        let freedom = (logs.len() - 2) as f64;
        let spread = logs.iter().map(off).sum::<f64>() / freedom;
        t_quantile(freedom) * (spread / logs.iter().map(known).sum::<f64>()).sqrt()
    });
    Some(Slope { value, half_width })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of x = 1..5 and y = 2 4 5 4 5: the slope is .6, its standard error sqrt(.8 / 10), and
    /// t(.975, 3) = 3.18245.
    #[test]
    fn a_worked_slope_has_its_interval() {
        let points = [(1.0, 2.0), (2.0, 4.0), (3.0, 5.0), (4.0, 4.0), (5.0, 5.0)];
        let points = points.map(|(x, y)| (x, y, 1.0));
        let Slope { value, half_width } = slope(&points).unwrap();
        assert!((value - 0.6).abs() < 1e-12);
        assert!((half_width.unwrap() - 3.182_45 * f64::sqrt(0.08)).abs() < 1e-4);
    }

    #[test]
    fn two_points_say_nothing_of_the_interval_and_no_weight_adds_none() {
        let points = [(0.0, 0.0, 1.0), (1.0, 1.0, 1.0), (5.0, 100.0, 0.0)];
        assert_eq!(slope(&points), Some(Slope { value: 1.0, half_width: None }));
    }

    /// A linear curve, 100 wanted at 1, 40 at 1.5 and nobody at 2. Without the last point the slope
    /// is ln 0.4 / ln 1.5 = -2.26.
    #[test]
    fn prices_at_which_nobody_comes_make_a_slope_steeper() {
        let points = [(1.0, 100.0, 1.0), (1.5, 40.0, 1.0), (2.0, 0.0, 1.0)];
        let without = rate_slope(&points[..2]).expect("two prices have counts").value;
        assert!((without - libm::log(0.4) / libm::log(1.5)).abs() < 1e-9, "{without}");
        let Slope { value, half_width } = rate_slope(&points).expect("two prices have counts");
        assert!(value < without - 0.3, "{value}");
        assert!(half_width.is_some_and(|half| half > 0.0));
        // The likelihood itself is greatest there.
        let likelihood = |power: f64| {
            let of = |point: &(f64, f64, f64)| point.2 * libm::pow(point.0, power);
            let level = 140.0 / points.iter().map(of).sum::<f64>();
            let one = |point: &(f64, f64, f64)| point.1 * libm::log(level * of(point));
            points.iter().map(one).sum::<f64>()
        };
        assert!(likelihood(value) > likelihood(value - 0.01));
        assert!(likelihood(value) > likelihood(value + 0.01));
    }

    #[test]
    fn without_two_prices_there_is_no_slope_of_rates() {
        assert_eq!(rate_slope(&[]), None);
        assert_eq!(rate_slope(&[(1.0, 8.0, 1.0)]), None);
        assert_eq!(rate_slope(&[(1.0, 0.0, 1.0), (2.0, 0.0, 1.0)]), None);
    }
}
