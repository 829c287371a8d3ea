//! A price that rises with the square of the load.

use crate::wide::mul_div_rounded_down;
use units::{BasisPoints, GpuHourPrice, Ppm};

/// The rule of Swan Chain: the base price times `1 + gain x (w x H + (1 - w) x C)^2`
/// (economics.md 1.4), where `H` is the usual use of this hour and `C` the use now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuadraticLoad {
    /// Weight `w` of the usual use; at most the whole.
    pub history_weight: BasisPoints,
    /// How many base prices a full load adds.
    pub gain: u32,
    /// Occupation up to which the use now counts as none; less than the whole.
    pub free_below: Ppm,
}

impl QuadraticLoad {
    /// `C`, the use now: the part of `occupied` beyond what is free of load, rounded down.
    pub fn current_rounded_down(&self, occupied: Ppm) -> Ppm {
        let beyond = occupied.0.saturating_sub(self.free_below.0);
        let range = Ppm::ONE.0.checked_sub(self.free_below.0).expect("validation refuses it");
        Ppm::ratio_rounded_down(u64::from(beyond), u64::from(range))
    }

    /// The price at usual use `history` and use now `current`, a started nano-dollar dropped.
    ///
    /// # Panics
    /// When a use or the weight is above the whole, or the price does not fit: validation refuses
    /// such a base.
    pub fn price_rounded_down(
        &self,
        base: GpuHourPrice,
        history: Ppm,
        current: Ppm,
    ) -> GpuHourPrice {
        assert!(history <= Ppm::ONE && current <= Ppm::ONE, "a use is at most the whole");
        let weight = u128::from(self.history_weight.0);
        let whole = u128::from(BasisPoints::WHOLE.0);
        assert!(weight <= whole, "validation refuses a weight above the whole");
        let load = weight * u128::from(history.0) + (whole - weight) * u128::from(current.0);
        let full = whole * u128::from(Ppm::ONE.0);
        let gained = u128::from(base.nanos()) * u128::from(self.gain);
        let added = mul_div_rounded_down(gained, load * load, full * full);
        let price = u64::try_from(u128::from(base.nanos()) + added);
        GpuHourPrice::from_nanos(price.expect("validation refuses a base this dear"))
    }
}
