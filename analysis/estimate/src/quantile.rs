//! Quantiles of few numbers, exactly.

/// The least of `sorted` numbers that at least a share `q` of them do not exceed; none of none.
///
/// ```
/// # use estimate::quantile_of_sorted;
/// assert_eq!(quantile_of_sorted(&[1.0, 2.0, 4.0], 0.5), Some(2.0));
/// assert_eq!(quantile_of_sorted(&[], 0.5), None);
/// ```
pub fn quantile_of_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let place = (q * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied()
}
