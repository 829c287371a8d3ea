//! Price delta: how far the bid stays below the ceiling.

use super::forms;
use units::{GpuHourPrice, Ppm};

forms! {
    /// How a saving is scored.
    PriceForm {
        /// `(ceiling - bid) / (ceiling / 2)`, between nothing and the whole: full marks at half
        /// the budget, so that a race to zero earns nothing more. "Budget against bid" is the
        /// seed article's, the cap ours (protocol.md 9.4).
        HalfBudget = "half_budget",
        /// `(ceiling - bid) / ceiling` (economics.md 1.3).
        FullBudget = "full_budget",
    }
}

/// The score of `bid`, both in nano-dollars per GPU-hour.
///
/// ```
/// # use market::factor::{self, PriceForm};
/// # use units::{GpuHourPrice, Ppm};
/// let [bid, ceiling] = [225_000_000, 300_000_000].map(GpuHourPrice::from_nanos);
/// assert_eq!(factor::price(bid, ceiling, PriceForm::HalfBudget), Ppm(500_000));
/// assert_eq!(factor::price(bid, ceiling, PriceForm::FullBudget), Ppm(250_000));
/// ```
pub fn price(bid: GpuHourPrice, ceiling: GpuHourPrice, form: PriceForm) -> Ppm {
    let saved = ceiling.nanos().saturating_sub(bid.nanos());
    match form {
        PriceForm::HalfBudget => Ppm::ratio_rounded_down(saved.saturating_mul(2), ceiling.nanos()),
        PriceForm::FullBudget => Ppm::ratio_rounded_down(saved, ceiling.nanos()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gift_is_whole_and_the_ceiling_nothing() {
        for (_, form) in PriceForm::NAMED {
            let of = |bid, ceiling| {
                price(GpuHourPrice::from_nanos(bid), GpuHourPrice::from_nanos(ceiling), *form)
            };
            assert_eq!(of(0, 7), Ppm::ONE);
            assert_eq!(of(7, 7), Ppm::ZERO);
            assert_eq!(of(0, 0), Ppm::ZERO);
        }
    }
}
