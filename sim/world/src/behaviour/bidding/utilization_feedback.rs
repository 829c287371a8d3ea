//! `utilization_feedback`: a step up while much is rented, a step down while little is.

use crate::state::Past;
use scenario::UtilizationFeedback;
use units::{GpuHourPrice, Ppm};

/// What is asked after a window, from what was asked in it, rounded half up and within the bounds
/// in book prices. A window in which nothing was up changes nothing.
pub fn ask(
    rule: &UtilizationFeedback,
    asked: GpuHourPrice,
    book: GpuHourPrice,
    window: &Past,
) -> GpuHourPrice {
    if window.available == 0 {
        return asked;
    }
    let whole = u128::from(Ppm::ONE.0);
    // What a lease holds while its machine is down is not rented of what is up.
    let rented = window.reserved.min(window.available) * whole / window.available;
    let factor = match rented {
        high if high > u128::from(rule.raise_above.0) => whole + u128::from(rule.step.0),
        low if low < u128::from(rule.lower_below.0) => whole - u128::from(rule.step.0),
        _ => whole,
    };
    let moved = (u128::from(asked.nanos()) * factor + whole / 2) / whole;
    let bound = |hundredths: u32| u128::from(book.nanos()) * u128::from(hundredths) / 100;
    let kept = moved.clamp(bound(rule.min_hundredths), bound(rule.max_hundredths));
    GpuHourPrice::from_nanos(u64::try_from(kept).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Span;

    const RULE: UtilizationFeedback = UtilizationFeedback {
        review: Span::DAY,
        raise_above: Ppm(800_000),
        lower_below: Ppm(500_000),
        step: Ppm(50_000),
        min_hundredths: 80,
        max_hundredths: 150,
    };

    fn after(asked: u64, available: u128, reserved: u128) -> u64 {
        let window = Past { available, reserved, ..Past::default() };
        let price = GpuHourPrice::from_nanos;
        ask(&RULE, price(asked), price(1_000), &window).nanos()
    }

    #[test]
    fn a_price_rises_when_full_falls_when_empty_and_rests_between() {
        assert_eq!(after(1_000, 100, 81), 1_050);
        assert_eq!(after(1_000, 100, 80), 1_000);
        assert_eq!(after(1_000, 100, 50), 1_000);
        assert_eq!(after(1_000, 100, 49), 950);
        assert_eq!(after(1_000, 0, 0), 1_000, "nothing was up");
        assert_eq!(after(1_000, 10, 90), 1_050, "leases hold machines that are down");
    }

    #[test]
    fn a_price_stays_within_its_bounds() {
        assert_eq!(after(1_490, 100, 100), 1_500);
        assert_eq!(after(810, 100, 0), 800);
        assert_eq!(after(3_000, 100, 60), 1_500, "also where it was drawn outside them");
    }
}
