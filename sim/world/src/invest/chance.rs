//! Chances: how many of those who look at a profit act on it.

/// The share who prefer something that is better by `utility`, in units of how much tastes differ.
pub fn logistic(utility: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-utility))
}

/// The chance that what happens at `rate` happens within `time`, in the same unit.
pub fn chance_within(rate: f64, time: f64) -> f64 {
    -libm::expm1(-rate * time)
}

/// Some who decide whether to be there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Deciding {
    /// How many.
    pub count: f64,
    /// What it costs each.
    pub cost: f64,
}

/// How many are there when those who decide expect what all then earn, and `stay` are there anyhow:
/// the `n` for which `n = stay + sum of count x logistic((revenue / n - cost) / scale)`.
///
/// The right side falls as `n` grows, so there is one such number, and halving finds it.
pub fn solve_crowd(stay: f64, deciding: &[Deciding], revenue: f64, scale: f64) -> f64 {
    let all: f64 = deciding.iter().map(|some| some.count).sum();
    let (mut low, mut high) = (stay, stay + all);
    // A float has 53 bits: more halvings change nothing.
    for _ in 0..64 {
        let middle = (low + high) / 2.0;
        let of = |some: &Deciding| some.count * logistic((revenue / middle - some.cost) / scale);
        if stay + deciding.iter().map(of).sum::<f64>() > middle {
            low = middle
        } else {
            high = middle
        }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(count: f64, cost: f64) -> Deciding {
        Deciding { count, cost }
    }

    /// economics.md 3.3, row E1, and the same number by damped iteration.
    #[test]
    fn a_crowd_shares_a_fixed_revenue_as_row_e1_says() {
        let n = solve_crowd(0.0, &[among(10_000.0, 4.0)], 50_000.0, 1.0);
        assert!((n / 8_599.113 - 1.0).abs() < 1e-7, "{n}");
        assert!((50_000.0 / n - 4.0 - 1.814_553).abs() < 5e-7);
        let step = |at: f64| 0.8 * at + 0.2 * 10_000.0 * logistic(50_000.0 / at - 4.0);
        let damped = (0..500).fold(5_000.0, |at, _| step(at));
        assert!((n / damped - 1.0).abs() < 1e-12, "{n} by halving, {damped} by iteration");
    }

    #[test]
    fn tastes_that_hardly_differ_leave_no_profit() {
        let n = solve_crowd(0.0, &[among(20_000.0, 4.0)], 50_000.0, 1e-4);
        assert!((n - 12_500.0).abs() < 1.0, "{n}: revenue over cost");
    }

    /// A hundred who never leave share 100 an hour, at a cost of 2: nobody comes beside them, and
    /// what they earn stays what it is.
    #[test]
    fn who_never_leaves_is_in_the_crowd_whatever_it_earns() {
        let n = solve_crowd(100.0, &[among(100.0, 2.0)], 100.0, 0.1);
        assert!((n - 100.0).abs() < 0.01, "{n}");
        let n = solve_crowd(100.0, &[among(100.0, 2.0)], 1_000.0, 0.1);
        assert!((n - 200.0).abs() < 0.01, "{n}: all come where it pays");
        let dear = [among(100.0, 2.0), among(100.0, 9.0)];
        let n = solve_crowd(100.0, &dear, 1_000.0, 0.1);
        assert!((n - 200.0).abs() < 0.01, "{n}: but those to whom it costs too much");
    }

    #[test]
    fn a_rate_of_a_month_over_a_month_is_not_a_certainty() {
        assert_eq!(chance_within(0.0, 5.0).to_bits(), 0.0_f64.to_bits());
        assert!((chance_within(1.0, 1.0) - 0.632_120_558_828_557_7).abs() < 1e-15);
        assert!((logistic(2.0) + logistic(-2.0) - 1.0).abs() < 1e-15);
    }
}
