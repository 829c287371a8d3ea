//! Rents that rise while more than a target is in use, and fall while less is.

use crate::gas::Target;
use crate::wide::mul_div_rounded_down;
use units::{GpuHourPrice, Ppm};

/// A controller: the price times `1 + gain x (utilization - target)` at each step
/// (economics.md 1.4).
///
/// With demand of elasticity `e` it settles when `gain x e x target` is below two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtilizationRent {
    /// Utilization at which the price rests.
    pub target: Ppm,
    /// Change of the price for each unit of utilization off the target.
    pub gain: Ppm,
    /// The largest share by which one step changes the price.
    pub step_max: Ppm,
    /// What the price never goes below: the cost of the hour.
    pub floor: GpuHourPrice,
}

impl UtilizationRent {
    /// The price after a step at `utilization`; the change is rounded towards none.
    pub fn step(&self, price: GpuHourPrice, utilization: Ppm) -> GpuHourPrice {
        let old = u128::from(price.nanos());
        let off = u128::from(utilization.0.abs_diff(self.target.0));
        let (whole, gain) = (u128::from(Ppm::ONE.0), u128::from(self.gain.0));
        let wanted = mul_div_rounded_down(old, gain * off, whole * whole);
        let change = wanted.min(mul_div_rounded_down(old, u128::from(self.step_max.0), whole));
        let new = if utilization > self.target { old + change } else { old - change.min(old) };
        at_least(self.floor, new)
    }
}

/// A rent that moves as the fee of EIP-1559 does (economics.md 1.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TargetRent {
    /// GPU-hours of a step at which the price rests, and how fast it moves.
    pub target: Target,
    /// What the price never goes below.
    pub floor: GpuHourPrice,
}

impl TargetRent {
    /// The price after a step in which `used` GPU-hours were.
    pub fn step(&self, price: GpuHourPrice, used: u64) -> GpuHourPrice {
        at_least(self.floor, self.target.step(u128::from(price.nanos()), used))
    }
}

fn at_least(floor: GpuHourPrice, nanos: u128) -> GpuHourPrice {
    // Beyond the last price nothing is dearer.
    let price = GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
    price.max(floor)
}
