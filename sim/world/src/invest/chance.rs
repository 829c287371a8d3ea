//! Chances: how many of those who look at a profit act on it.

/// The share who prefer something that is better by `utility`, in units of how much tastes differ.
pub fn logistic(utility: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-utility))
}

/// The chance that what happens at `rate` happens within `time`, in the same unit.
pub fn chance_within(rate: f64, time: f64) -> f64 {
    -libm::expm1(-rate * time)
}

/// How many of `all` are there when everybody expects what they all then earn: the `n` for which
/// `n = all x logistic((revenue / n - cost) / scale)`.
///
/// The right side falls as `n` grows, so there is one such number, and halving finds it.
pub fn solve_crowd(all: f64, revenue: f64, cost: f64, scale: f64) -> f64 {
    let (mut low, mut high) = (0.0, all);
    // A float has 53 bits: more halvings change nothing.
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        let wanted = all * logistic((revenue / middle - cost) / scale);
        if wanted > middle { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// economics.md 3.3, row E1, and the same number by damped iteration.
    #[test]
    fn a_crowd_shares_a_fixed_revenue_as_row_e1_says() {
        let n = solve_crowd(10_000.0, 50_000.0, 4.0, 1.0);
        assert!((n / 8_599.113 - 1.0).abs() < 1e-7, "{n}");
        assert!((50_000.0 / n - 4.0 - 1.814_553).abs() < 5e-7);
        let step = |at: f64| 0.8 * at + 0.2 * 10_000.0 * logistic(50_000.0 / at - 4.0);
        let damped = (0..500).fold(5_000.0, |at, _| step(at));
        assert!((n / damped - 1.0).abs() < 1e-12, "{n} by halving, {damped} by iteration");
    }

    #[test]
    fn tastes_that_hardly_differ_leave_no_profit() {
        let n = solve_crowd(20_000.0, 50_000.0, 4.0, 1e-4);
        assert!((n - 12_500.0).abs() < 1.0, "{n}: revenue over cost");
    }

    #[test]
    fn a_rate_of_a_month_over_a_month_is_not_a_certainty() {
        assert_eq!(chance_within(0.0, 5.0).to_bits(), 0.0_f64.to_bits());
        assert!((chance_within(1.0, 1.0) - 0.632_120_558_828_557_7).abs() < 1e-15);
        assert!((logistic(2.0) + logistic(-2.0) - 1.0).abs() < 1e-15);
    }
}
