//! Waiting has a worth: the revenue at which one enters, and the lower one at which one leaves.

/// A revenue that wanders: a geometric Brownian motion, per year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wandering {
    /// What money costs, continuous, per year.
    pub rate: f64,
    /// Expected relative growth per year; less than the rate.
    pub drift: f64,
    /// Standard deviation of a year's relative change.
    pub sigma: f64,
}

/// The revenues at which one acts, in the unit of the costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triggers {
    /// Who is in leaves below it.
    pub leave: f64,
    /// Who is out enters above it.
    pub enter: f64,
}

impl Wandering {
    /// The two powers of revenue that an option on it is worth: the roots of
    /// `sigma^2/2 b (b-1) + drift b - rate = 0`, one above 1, one below 0.
    fn powers(&self) -> (f64, f64) {
        let variance = self.sigma * self.sigma;
        let middle = 0.5 - self.drift / variance;
        let width = libm::sqrt(middle * middle + 2.0 * self.rate / variance);
        (middle + width, middle - width)
    }

    /// How many times its price an irreversible investment must be worth before it is made:
    /// `b / (b - 1)` (Dixit and Pindyck; economics.md 1.12, with drift = rate - payout).
    pub fn multiple(&self) -> f64 {
        let (power, _) = self.powers();
        power / (power - 1.0)
    }

    /// When to enter at a price of `enter_cost`, run at `cost` a year, and leave at `leave_cost`
    /// (Dixit 1989): where the values of being in and out meet, and touch.
    ///
    /// With `P = P_L z` the difference of the two values is `P_L h(z) - cost / rate`, where
    /// `h(z) = z / (rate - drift) - a z^b1 + b z^b2`. It touches at `z = 1` and at `z = P_H / P_L`,
    /// which gives `a` and `b`; it is `-leave_cost` at the first and `enter_cost` at the second,
    /// which leaves one equation for `P_H / P_L`. Its left side grows with it: halving finds it.
    ///
    /// Who pays more for leaving than for staying for ever never leaves: the trigger is zero, and
    /// one enters at the multiple of what has to be earned.
    pub fn triggers(&self, cost: f64, enter_cost: f64, leave_cost: f64) -> Triggers {
        let (low, high) = (cost / self.rate - leave_cost, cost / self.rate + enter_cost);
        if low <= 0.0 {
            return Triggers { leave: 0.0, enter: self.multiple() * high * self.yields() };
        }
        let target = high / low;
        let ratio = |spread: f64| {
            let [first, second] = self.heights(libm::exp(spread));
            second / first
        };
        let (mut least, mut most) = (0.0, 1.0);
        while ratio(most) < target && most < MOST_SPREAD {
            most *= 2.0;
        }
        for _ in 0..100 {
            let middle = (least + most) / 2.0;
            if ratio(middle) < target { least = middle } else { most = middle }
        }
        let spread = libm::exp((least + most) / 2.0);
        let leave = low / self.heights(spread)[0];
        let enter = leave * spread;
        assert!(0.0 < leave && leave < enter, "{self:?} leaves at {leave}, enters at {enter}");
        Triggers { leave, enter }
    }

    /// What a dollar of revenue costs that lasts for ever.
    fn yields(&self) -> f64 {
        self.rate - self.drift
    }

    /// `h(1)` and `h(spread)` of [`Wandering::triggers`].
    fn heights(&self, spread: f64) -> [f64; 2] {
        let (up, down) = self.powers();
        let worth = 1.0 / self.yields();
        // h'(z) = 0 at 1 and at `spread`: two equations for the two coefficients. All is divided by
        // `spread^(up - 1)`, which overflows for a calm revenue; what is left is at most 1.
        let (sink, fall) = (libm::pow(spread, 1.0 - up), libm::pow(spread, down - 1.0));
        let whole = 1.0 - fall * sink;
        // The options at `spread`, where that of going out is `spread^up` times as much as at 1.
        let (out, within) =
            (worth * (1.0 - fall) / (up * whole), worth * (sink - 1.0) / (down * whole));
        [worth - out * sink + within, spread * (worth - out + within * fall)]
    }
}

/// Logarithm of the widest band that is looked for: a factor of 10^17.
const MOST_SPREAD: f64 = 40.0;

#[cfg(test)]
mod tests {
    use super::*;

    const CENTRAL: Wandering = Wandering { rate: 0.025, drift: 0.0, sigma: 0.1 };
    const GPU: Wandering = Wandering { rate: 0.2, drift: -0.1, sigma: 0.4 };

    /// economics.md 3.3, rows E2 and E2b.
    #[test]
    fn triggers_are_those_of_rows_e2_and_e2b() {
        let central = CENTRAL.triggers(1.0, 4.0, 0.0);
        assert!((central.leave - 0.765_732).abs() < 5e-7, "{central:?}");
        assert!((central.enter - 1.466_679).abs() < 5e-7, "{central:?}");
        let gpu = GPU.triggers(1.0, 4.0, 0.2);
        assert!((gpu.leave - 0.659_761).abs() < 5e-7, "{gpu:?}");
        assert!((gpu.enter - 3.640_240).abs() < 5e-7, "{gpu:?}");
    }

    /// The four conditions themselves: the values differ by what entering and leaving cost, and
    /// have the same slope, at the two triggers.
    #[test]
    fn values_match_and_touch_at_the_triggers() {
        for (of, enter_cost, leave_cost) in [(CENTRAL, 4.0, 0.0), (GPU, 4.0, 0.2), (GPU, 2.0, -0.5)]
        {
            let Triggers { leave, enter } = of.triggers(1.0, enter_cost, leave_cost);
            let (up, down) = of.powers();
            let worth = 1.0 / (of.rate - of.drift);
            // Both slopes give the two coefficients; the levels must then be right by themselves.
            let at = |p: f64| (up * libm::pow(p, up - 1.0), down * libm::pow(p, down - 1.0));
            let ((a1, b1), (a2, b2)) = (at(leave), at(enter));
            let det = -a1 * b2 + a2 * b1;
            let (out, within) = (-worth * (b2 - b1) / det, -worth * (a2 - a1) / det);
            let gap = |p: f64| {
                p * worth - out * libm::pow(p, up) + within * libm::pow(p, down) - 1.0 / of.rate
            };
            assert!((gap(leave) + leave_cost).abs() < 1e-9, "{of:?} leaves at {leave}");
            assert!((gap(enter) - enter_cost).abs() < 1e-9, "{of:?} enters at {enter}");
            assert!(out > 0.0 && within > 0.0, "options are worth something");
        }
    }

    /// economics.md 3.3, row E3; the payout is the rate less the drift.
    #[test]
    fn an_investment_waits_for_the_multiple_of_row_e3() {
        let of = |rate: f64, payout: f64, sigma| Wandering { rate, drift: rate - payout, sigma };
        assert!((of(0.04, 0.04, 0.2).multiple() - 2.0).abs() < 2e-9);
        assert!((of(0.1, 0.15, 0.8).multiple() - 3.615_615).abs() < 5e-7);
    }

    /// A revenue that hardly wanders is acted on where a sure one would be: one leaves when running
    /// on costs more than it brings, and enters when it brings back what is paid. With a fall in
    /// sight one enters for the best time only, as long as revenue is above costs.
    #[test]
    fn a_calm_revenue_is_acted_on_as_a_sure_one() {
        for sigma in [0.01, 0.0125, 0.015, 0.02, 0.05] {
            let still = Wandering { sigma, ..CENTRAL }.triggers(1.0, 4.0, 0.0);
            let width = 20.0 * sigma;
            assert!((still.enter - 1.1).abs() < width && still.enter > 1.1, "{sigma}: {still:?}");
            assert!((still.leave - 1.0).abs() < width && still.leave < 1.0, "{sigma}: {still:?}");
            for (rate, drift) in [(0.14, -0.28), (0.2, -0.1)] {
                let falling = Wandering { rate, drift, sigma }.triggers(1.0, 4.0, 0.0);
                let sure = enter_for_sure(rate, drift, 4.0);
                assert!((falling.enter / sure - 1.0).abs() < 0.05, "{sigma}: {falling:?} {sure}");
                assert!((falling.leave - 1.0).abs() < 0.05, "{sigma}: {falling:?}");
            }
        }
    }

    /// The revenue, falling for sure, from which a project is worth `price` that costs 1 a year and
    /// is left when it earns no more than that; by halving.
    fn enter_for_sure(rate: f64, drift: f64, price: f64) -> f64 {
        let worth = |revenue: f64| {
            let life = libm::log(revenue) / -drift;
            let of = |rate: f64| (1.0 - libm::exp(-rate * life)) / rate;
            revenue * of(rate - drift) - of(rate)
        };
        let (mut least, mut most) = (1.0, 100.0);
        for _ in 0..100 {
            let middle = (least + most) / 2.0;
            if worth(middle) < price { least = middle } else { most = middle }
        }
        least
    }

    #[test]
    fn without_costs_of_change_the_band_closes_on_the_cost() {
        let Triggers { leave, enter } = CENTRAL.triggers(1.0, 1e-6, 0.0);
        assert!(leave < 1.0 && enter > 1.0 && enter - leave < 0.05, "{leave} to {enter}");
    }

    #[test]
    fn who_pays_more_for_leaving_than_for_staying_never_leaves() {
        let stays = CENTRAL.triggers(1.0, 4.0, 40.0);
        let almost = CENTRAL.triggers(1.0, 4.0, 40.0 - 1e-9);
        assert_eq!(stays.leave.to_bits(), 0.0_f64.to_bits());
        assert!((stays.enter / almost.enter - 1.0).abs() < 1e-3, "{stays:?} {almost:?}");
    }
}
