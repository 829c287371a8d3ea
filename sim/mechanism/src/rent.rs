//! Rents that are set by a rule, beside the bids that providers post.
//!
//! Each rule says the price of a GPU-hour of one kind in one place (economics.md 1.4): by how much
//! is in use, by what providers ask and tenants would pay, by load, or by what a cloud asks. Who
//! may use which rule, and how often, is not decided here.

mod clearing;
mod load;
mod utilization;

pub use clearing::{Clearing, Pick, Quote, clear};
pub use load::QuadraticLoad;
pub use utilization::{TargetRent, UtilizationRent};

use units::{BasisPoints, GpuHourPrice};

/// What a cloud asks, less `discount`, a started nano-dollar dropped.
///
/// # Panics
/// When the discount is more than the whole: validation refuses it.
pub fn cloud_less_discount_rounded_down(
    cloud: GpuHourPrice,
    discount: BasisPoints,
) -> GpuHourPrice {
    let rest = BasisPoints::WHOLE.0.checked_sub(discount.0);
    let rest = BasisPoints(rest.expect("validation refuses a discount above the whole"));
    let nanos = rest.of_rounded_down(i128::from(cloud.nanos()));
    GpuHourPrice::from_nanos(u64::try_from(nanos).expect("a part of a price is a price"))
}
