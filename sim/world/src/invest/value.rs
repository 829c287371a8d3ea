//! What hardware is worth to who buys it: the net present value of its rents.

/// GPUs to be bought and let, per GPU. Rates are continuous, per year.
///
/// ```text
/// value = int_0^T (revenue e^(-decline t) - cost) e^(-rate t) dt + salvage e^(-rate T) - price
/// ```
/// economics.md 1.12, NPV rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Project {
    /// Revenue at the start, USD per year.
    pub revenue: f64,
    /// Running costs, USD per year.
    pub cost: f64,
    /// How fast revenue falls.
    pub decline: f64,
    /// What money costs.
    pub rate: f64,
    /// For how long, in years.
    pub life: f64,
    /// What the hardware costs, USD.
    pub price: f64,
    /// What is left of it at the end, USD.
    pub salvage: f64,
}

impl Project {
    /// Its net present value, USD.
    pub fn value(&self) -> f64 {
        self.gross() - self.price
    }

    /// The present value of all that comes back, USD.
    pub fn gross(&self) -> f64 {
        let left = libm::exp(-self.rate * self.life);
        self.revenue * annuity(self.rate + self.decline, self.life)
            - self.cost * annuity(self.rate, self.life)
            + self.salvage * left
    }

    /// What the hardware costs as a rent over its life, USD per year.
    pub fn hire(&self) -> f64 {
        let left = self.salvage * libm::exp(-self.rate * self.life);
        (self.price - left) / annuity(self.rate, self.life)
    }

    /// The revenue of the start, USD per year, at which the value is zero.
    #[cfg(test)]
    fn break_even(&self) -> f64 {
        let less = Project { revenue: 0.0, ..*self };
        -less.value() / annuity(self.rate + self.decline, self.life)
    }
}

/// The present value of one dollar a year for `life` years.
fn annuity(rate: f64, life: f64) -> f64 {
    if rate.abs() < 1e-12 { life } else { -libm::expm1(-rate * life) / rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOURS: f64 = 8_760.0;

    /// Who pays the hire beside the costs breaks even where the project does, if nothing declines.
    #[test]
    fn a_project_breaks_even_at_cost_and_hire() {
        let (revenue, cost) = (0.0, 2_190.0);
        let (rate, life, price, salvage) = (0.14, 4.0, 30_000.0, 3_000.0);
        let steady = Project { revenue, cost, decline: 0.0, rate, life, price, salvage };
        assert!((steady.break_even() / (cost + steady.hire()) - 1.0).abs() < 1e-12);
    }

    /// Row E4 at a continuous rate.
    fn gpu(rate: f64) -> Project {
        Project {
            revenue: 2.0 * 0.6 * HOURS,
            cost: 0.25 * HOURS,
            decline: -libm::log(0.75),
            rate,
            life: 4.0,
            price: 30_000.0,
            salvage: 3_000.0,
        }
    }

    /// economics.md 3.3, row E4, with an effective and with a continuous rate.
    #[test]
    fn a_gpu_of_row_e4_does_not_pay() {
        for (rate, value, utilization) in
            [(libm::log(1.15), -14_851.43, 1.042_364), (0.15, -15_094.05, 1.056_315)]
        {
            let project = gpu(rate);
            assert!((project.value() - value).abs() < 5e-3, "{}", project.value());
            let share = project.break_even() / (2.0 * HOURS);
            assert!((share - utilization).abs() < 5e-7, "{share}");
            let even = Project { revenue: project.break_even(), ..project };
            assert!(even.value().abs() < 1e-9);
        }
    }

    /// The closed form against Simpson's rule.
    #[test]
    fn the_value_is_the_integral_that_defines_it() {
        let project = gpu(libm::log(1.15));
        let flow = |t: f64| {
            let revenue = project.revenue * libm::exp(-project.decline * t);
            (revenue - project.cost) * libm::exp(-project.rate * t)
        };
        let (steps, mut sum) = (2_000, 0.0);
        let width = project.life / f64::from(steps);
        for step in 0..=steps {
            let weight = match step {
                0 => 1.0,
                last if last == steps => 1.0,
                odd if odd % 2 == 1 => 4.0,
                _ => 2.0,
            };
            sum += weight * flow(f64::from(step) * width);
        }
        let left = project.salvage * libm::exp(-project.rate * project.life);
        let value = sum * width / 3.0 + left - project.price;
        assert!((project.value() / value - 1.0).abs() < 1e-9, "{value}");
    }
}
