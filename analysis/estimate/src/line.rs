//! The straight line through weighted points.

/// The slope of `y` over `x` by weighted least squares, of points `(x, y, weight)`; none when all
/// stand at one `x`, or none has weight.
///
/// ```
/// # use estimate::slope;
/// let points = [(0.0, 1.0, 2.0), (1.0, 3.0, 1.0), (2.0, 5.0, 5.0)];
/// assert!((slope(&points).unwrap() - 2.0).abs() < 1e-12);
/// assert_eq!(slope(&points[..1]), None);
/// ```
pub fn slope(points: &[(f64, f64, f64)]) -> Option<f64> {
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
    (squares > 1e-12 * weight).then(|| products / squares)
}

/// The slope in logarithms: by how many per cent `y` moves where `x` moves by one, of points
/// `(x, y, weight)` above zero.
///
/// ```
/// # use estimate::log_slope;
/// let points = [(1.0, 8.0, 1.0), (2.0, 2.0, 1.0), (4.0, 0.5, 1.0)];
/// assert!((log_slope(&points).unwrap() + 2.0).abs() < 1e-12);
/// ```
pub fn log_slope(points: &[(f64, f64, f64)]) -> Option<f64> {
    let logs = points.iter().map(|(x, y, weight)| (libm::log(*x), libm::log(*y), *weight));
    slope(&logs.collect::<Vec<_>>())
}
