//! What a score cannot exceed, for a few cycles each: a scan looks closer only at those whose
//! bound could win.

use crate::candidate::Candidate;
use crate::factor::{AvailabilityForm, Place, PriceForm, region};
use crate::order::Order;
use crate::score::{Points, Scoring};
use units::{GpuHourPrice, RegionId, Span};

/// Bounds of the terms that depend on the order, in points.
pub(crate) struct TermBounds {
    /// The region term at no last mile, by region: every form falls with the round trip.
    regions: [u64; 64],
    price_max: u64,
    /// What the price term starts from: all of it where the slope does not fit.
    price_base: u64,
    /// Points for each nano-dollar saved, rounded up, with 32 fractional bits.
    price_slope: u64,
    ceiling: GpuHourPrice,
    availability_max: u64,
    is_spread: bool,
    gpus: u32,
}

impl TermBounds {
    /// The bounds for `order` as seen from the tenant's region.
    pub(crate) fn new(scoring: &Scoring, order: &Order, rtt_from_tenant: &[Span]) -> TermBounds {
        let (weights, forms) = (scoring.weights(), scoring.forms());
        let whole = |weight: units::BasisPoints| u64::from(weight.0) * 1_000_000;
        let mut regions = [whole(weights.region); 64];
        for (number, (bound, rtt)) in (0..).zip(regions.iter_mut().zip(rtt_from_tenant)) {
            let place = Place {
                rtt: *rtt,
                is_same_region: RegionId(number) == order.tenant_region,
                is_same_continent: order.near.contains(RegionId(number)),
            };
            *bound = u64::from(weights.region.0) * u64::from(region(place, forms.region).0);
        }
        let price_max = whole(weights.price);
        let times = if forms.price == PriceForm::HalfBudget { 2 } else { 1 };
        let ceiling = u128::from(order.ceiling.nanos()).max(1);
        let slope = u64::try_from((u128::from(price_max * times) << 32).div_ceil(ceiling));
        TermBounds {
            regions,
            price_max,
            price_base: if slope.is_ok() { 1 } else { price_max },
            price_slope: slope.unwrap_or(0),
            ceiling: order.ceiling,
            availability_max: whole(weights.availability),
            is_spread: forms.availability == AvailabilityForm::Spread,
            gpus: order.gpus.0,
        }
    }

    /// Points that an eligible `candidate` does not exceed.
    #[inline]
    pub(crate) fn points(&self, candidate: &Candidate) -> Points {
        let region = self.regions[candidate.region.index() % 64]; // A set holds 64 regions.
        let saved = self.ceiling.nanos().saturating_sub(candidate.bid.nanos());
        let price = (u128::from(saved) * u128::from(self.price_slope)) >> 32;
        let price = u64::try_from(price).unwrap_or(u64::MAX).saturating_add(self.price_base);
        let has_room_left = candidate.gpus_free.0 > self.gpus || !self.is_spread;
        let availability = if has_room_left { self.availability_max } else { 0 };
        Points(candidate.merit.points + region + price.min(self.price_max) + availability)
    }
}
