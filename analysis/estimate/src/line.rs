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
}
