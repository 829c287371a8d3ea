//! Shares and how unequally something is spread.

/// `part / whole`; none when there is no whole.
///
/// ```
/// assert_eq!(estimate::share(1.0, 4.0), Some(0.25));
/// assert_eq!(estimate::share(0.0, 0.0), None);
/// ```
pub fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Gini coefficient: 0 when all hold the same, near 1 when one holds all.
///
/// `G = 2 * sum(i * x_i) / (n * sum(x)) - (n + 1) / n`, with `x` ascending and `i` from 1.
/// None when nobody holds anything.
pub fn gini(values: &[f64]) -> Option<f64> {
    let sorted = ascending(values);
    let total: f64 = sorted.iter().sum();
    let n = sorted.len() as f64;
    let ranked: f64 = sorted.iter().zip(1u32..).map(|(value, i)| f64::from(i) * value).sum();
    share(2.0 * ranked, n * total).map(|area| area - (n + 1.0) / n)
}

/// The share of the total that the richest `part` of the holders have, `part` from 0 to 1.
///
/// The number of holders is rounded up. None when nobody holds anything.
pub fn top_share(values: &[f64], part: f64) -> Option<f64> {
    let sorted = ascending(values);
    let holders = (part * sorted.len() as f64).ceil() as usize;
    let top: f64 = sorted.iter().rev().take(holders).sum();
    share(top, sorted.iter().sum())
}

/// The values in ascending order.
///
/// # Panics
/// When one is negative: inequality of debts is not defined here.
fn ascending(values: &[f64]) -> Vec<f64> {
    assert!(values.iter().all(|value| *value >= 0.0), "holdings are not negative");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(found: Option<f64>, known: f64) -> bool {
        found.is_some_and(|found| (found - known).abs() < 1e-12)
    }

    #[test]
    fn gini_of_known_spreads() {
        assert!(is_near(gini(&[5.0; 4]), 0.0));
        assert!(is_near(gini(&[0.0, 0.0, 0.0, 8.0]), 0.75));
        assert!(is_near(gini(&[3.0, 1.0, 2.0]), 2.0 / 9.0));
        assert_eq!(gini(&[]), None);
        assert_eq!(gini(&[0.0, 0.0]), None);
    }

    #[test]
    fn the_top_tenth_of_ten_is_the_richest() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        assert!(is_near(top_share(&values, 0.1), 10.0 / 55.0));
        assert!(is_near(top_share(&[2.0, 6.0], 0.1), 0.75));
        assert_eq!(top_share(&[], 0.1), None);
    }
}
