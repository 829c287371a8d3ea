//! Whether a machine pays: net present value, internal rate of return, payback.

/// Money spent once and what comes of it, in any unit of money; times in years.
///
/// The net present value is the integral of `(revenue e^(-fall t) - opex) e^(-rate t)` over the
/// life, and the salvage at its end, less the price (economics.md 1.12); rates are continuous.
///
/// ```
/// # use estimate::Investment;
/// // Row E4 of economics.md: 30,000 USD, 2 USD/h at 60 % falling 25 % a year, 0.25 USD/h to run.
/// let (year, rate) = (8_760.0, 1.15_f64.ln());
/// let card = Investment {
///     price: 30_000.0,
///     revenue: 2.0 * 0.6 * year,
///     fall: -0.75_f64.ln(),
///     opex: 0.25 * year,
///     years: 4.0,
///     salvage: 3_000.0,
/// };
/// assert!((card.npv(rate) + 14_851.43).abs() < 0.005);
/// let break_even_utilization = card.break_even_revenue(rate) / (2.0 * year);
/// assert!((break_even_utilization - 1.042_364).abs() < 5e-7, "more than there is: never");
/// assert_eq!(card.payback_years(), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Investment {
    /// What is spent at the start.
    pub price: f64,
    /// What comes in a year, at the start.
    pub revenue: f64,
    /// How fast that falls, per year; 0 for never.
    pub fall: f64,
    /// What running it costs in a year.
    pub opex: f64,
    /// How long it runs.
    pub years: f64,
    /// What it is sold for then.
    pub salvage: f64,
}

impl Investment {
    /// Net present value at a continuous rate.
    pub fn npv(&self, rate: f64) -> f64 {
        let sold = self.salvage * libm::exp(-rate * self.years);
        self.revenue * annuity(self.fall + rate, self.years) - self.opex * annuity(rate, self.years)
            + sold
            - self.price
    }

    /// The revenue of a year, at the start, at which the net present value is zero.
    pub fn break_even_revenue(&self, rate: f64) -> f64 {
        let without = Investment { revenue: 0.0, ..*self };
        -without.npv(rate) / annuity(self.fall + rate, self.years)
    }

    /// The effective yearly rate at which the net present value is zero; none where the money
    /// does not come back within the life even without interest.
    pub fn irr(&self) -> Option<f64> {
        if self.price <= 0.0 || self.npv(0.0) < 0.0 {
            return None;
        }
        let mut high = 1.0;
        while self.npv(high) > 0.0 {
            high *= 2.0;
        }
        Some(libm::expm1(bisect(0.0, high, |rate| self.npv(rate) > 0.0)))
    }

    /// The time until what came in, less what running it cost, covers the price: the whole life
    /// where only the sale at its end does, none where not even that.
    pub fn payback_years(&self) -> Option<f64> {
        let lacks = |years: f64| Investment { years, salvage: 0.0, ..*self }.npv(0.0) < 0.0;
        // What comes in a year falls below what it costs, if ever, after so long.
        let worth = if self.fall > 0.0 && self.opex > 0.0 {
            libm::log(self.revenue.max(0.0) / self.opex) / self.fall
        } else {
            self.years
        };
        let last = worth.clamp(0.0, self.years);
        if !lacks(last) {
            return Some(bisect(0.0, last, lacks));
        }
        (self.npv(0.0) >= 0.0).then_some(self.years)
    }
}

/// The integral of `e^(-rate t)` over so many years.
fn annuity(rate: f64, years: f64) -> f64 {
    if rate == 0.0 { years } else { -libm::expm1(-rate * years) / rate }
}

/// Where `is_below` ends, between a value where it holds and one where it does not.
fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row E4 of economics.md.
    const CARD: Investment = Investment {
        price: 30_000.0,
        revenue: 2.0 * 0.6 * 8_760.0,
        fall: 0.287_682_072_451_780_9,
        opex: 0.25 * 8_760.0,
        years: 4.0,
        salvage: 3_000.0,
    };

    /// The same integral as a sum of a hundred thousand slices.
    fn by_quadrature(one: &Investment, rate: f64) -> f64 {
        let slices = 100_000;
        let step = one.years / f64::from(slices);
        let flow =
            |t: f64| (one.revenue * libm::exp(-one.fall * t) - one.opex) * libm::exp(-rate * t);
        let sum: f64 = (0..slices).map(|n| flow((f64::from(n) + 0.5) * step) * step).sum();
        sum + one.salvage * libm::exp(-rate * one.years) - one.price
    }

    #[test]
    fn oracle_e4_with_a_continuous_rate() {
        assert!((CARD.npv(0.15) + 15_094.05).abs() < 0.005);
        let utilization = CARD.break_even_revenue(0.15) / (2.0 * 8_760.0);
        assert!((utilization - 1.056_315).abs() < 5e-7);
        for rate in [0.0, 0.15, 0.5] {
            assert!((CARD.npv(rate) - by_quadrature(&CARD, rate)).abs() < 1e-3);
        }
    }

    #[test]
    fn the_rate_of_return_is_where_the_value_is_zero() {
        let good = Investment { revenue: 20_000.0, fall: 0.1, ..CARD };
        let rate = good.irr().expect("it pays");
        assert!(good.npv(libm::log1p(rate)).abs() < 1e-6, "{rate}");
        assert_eq!(CARD.irr(), None, "it does not come back");
        // A perpetual tenth of the price, sold for the price: 10 % continuous.
        let even = Investment {
            revenue: 10.0,
            price: 100.0,
            salvage: 100.0,
            fall: 0.0,
            opex: 0.0,
            years: 7.0,
        };
        assert!((even.irr().expect("it pays") - libm::expm1(0.1)).abs() < 1e-12);
    }

    #[test]
    fn payback_is_price_over_yearly_cash_or_never() {
        let steady = Investment {
            revenue: 1_600.0,
            opex: 600.0,
            price: 2_500.0,
            fall: 0.0,
            years: 4.0,
            salvage: 0.0,
        };
        assert!((steady.payback_years().expect("in time") - 2.5).abs() < 1e-12);
        assert_eq!(Investment { years: 2.4, ..steady }.payback_years(), None);
        assert_eq!(Investment { revenue: 500.0, ..steady }.payback_years(), None);
        let sold = Investment { years: 2.4, salvage: 100.0, ..steady };
        assert_eq!(sold.payback_years(), Some(2.4), "when it is sold");
        assert_eq!(Investment { salvage: 99.0, ..sold }.payback_years(), None);
        let falling = Investment { fall: 0.3, ..steady };
        assert_eq!(falling.payback_years(), None, "cash runs out before");
        assert_eq!(Investment { revenue: -1.0, ..falling }.payback_years(), None);
    }
}
