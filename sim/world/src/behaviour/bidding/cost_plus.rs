//! `cost_plus`: what a GPU-hour costs, and a margin.

use crate::behaviour::cost::HourCosts;
use scenario::CostPlus;
use units::{GpuHourPrice, Ppm};

/// What leaves the cost of a rented hour and the margin on it after all shares and fees, a started
/// nano-dollar asked in full. Idle electricity and capital are spent in all hours and earned back
/// in those that are rented.
pub fn ask(rule: &CostPlus, costs: &HourCosts) -> GpuHourPrice {
    let whole = u128::from(Ppm::ONE.0);
    let rented = u128::from(rule.rented.0);
    let always = u128::from(costs.idle) * (whole - rented) + u128::from(costs.capital) * whole;
    let cost = u128::from(costs.busy) + u128::from(costs.wear) + always.div_ceil(rented);
    let wanted = (cost * (whole + u128::from(rule.margin.0))).div_ceil(whole);
    costs.asked_rounded_up(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::{BasisPoints, Span};

    /// An RTX 4090 at 0.155 USD/kWh: 0.070 USD an hour under load (protocol.md 6.5), a seventh of
    /// it idle; half the time rented; 20 % on all; 7 % stay with foundation and gateway.
    #[test]
    fn a_card_asks_what_it_costs_and_a_margin() {
        let costs = HourCosts {
            busy: 70_000_000,
            idle: 10_000_000,
            wear: 30_000_000,
            capital: 20_000_000,
            shares: BasisPoints(700),
            payout: BasisPoints(0),
        };
        let (rented, margin) = (Ppm(500_000), Ppm(200_000));
        let rule = CostPlus { review: Span::HOUR, rented, margin };
        // 70 + 30 + (10 x 0.5 + 20) / 0.5 = 150; with the margin 180; 180 / 0.93 = 193.548...
        assert_eq!(ask(&rule, &costs).nanos(), 193_548_388);
        let always = CostPlus { rented: Ppm::ONE, margin: Ppm(0), ..rule };
        assert_eq!(ask(&always, &costs).nanos(), 129_032_259, "(70 + 30 + 20) / 0.93");
    }
}
