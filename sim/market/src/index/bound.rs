//! From an order to what the columns of a bucket are asked: weights as they are, and the price
//! and the region as lines that no candidate is above.

use super::bucket::{LAST_MILE_BITS, Place, compute_step, compute_units};
use super::columns::{FULL, Probe, Ramp, UNIT};
use crate::eligible::Filter;
use crate::factor::{self, AvailabilityForm, PriceForm};
use crate::order::Mode;
use crate::round::RoundInput;
use crate::score::Points;
use units::{BasisPoints, CardShare, Ppm, RegionId, Span, TrustSet};

/// The steps of the last miles that an index holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MileRange {
    pub(crate) least: i16,
    pub(crate) most: i16,
}

impl MileRange {
    pub(crate) const NONE: MileRange = MileRange { least: i16::MAX, most: 0 };

    /// This range and `last_mile`.
    pub(crate) fn with(self, last_mile: Span) -> MileRange {
        let step = compute_step(last_mile.nanos(), LAST_MILE_BITS);
        MileRange { least: self.least.min(step), most: self.most.max(step) }
    }
}

/// Added to scores that a chord is drawn through: more than their rounding, in millionths.
const ROUNDING: u32 = 2;

/// What is the same for all buckets of a round.
pub(crate) struct Question<'a> {
    input: &'a RoundInput<'a>,
    filter: &'a Filter<'a>,
    statics: [i32; 4],
    /// Weights of region, price and availability.
    volatile: [i32; 3],
    uptime: i16,
    gpus: i16,
    miles: MileRange,
    /// For the region of the bucket before.
    region: Option<(RegionId, Ramp)>,
    /// For the steps of bids that the bucket before had.
    price: Option<(u32, Ramp)>,
}

impl<'a> Question<'a> {
    /// The question of a round; `statics` are the weights of the static columns.
    pub(crate) fn new(
        input: &'a RoundInput<'a>,
        filter: &'a Filter<'a>,
        statics: [i32; 4],
        miles: MileRange,
    ) -> Question<'a> {
        let weights = input.scoring.weights();
        let order = input.order;
        let least = factor::uptime(order.uptime_min, input.scoring.forms().uptime);
        // Who has a share of a card free may have no GPU free.
        let gpus = if order.share < CardShare::WHOLE { 0 } else { order.gpus.0 };
        Question {
            input,
            filter,
            statics,
            volatile: [
                weight_of(weights.region),
                weight_of(weights.price),
                weight_of(weights.availability),
            ],
            uptime: compute_units(least, 0),
            gpus: i16::try_from(gpus).unwrap_or(i16::MAX),
            miles,
            region: None,
            price: None,
        }
    }

    /// What the rows of `place` are asked, with bids in steps of `2^bid_bits`; nothing when there
    /// is no answer among them.
    #[inline]
    pub(crate) fn probe(&mut self, place: &Place, bid_bits: u32) -> Option<Probe> {
        if !asks(self.input, self.filter, place) {
            return None;
        }
        let region = match self.region {
            Some((region, ramp)) if region == place.region => ramp,
            _ => self.region(place.region),
        };
        let price = match self.price {
            Some((bits, ramp)) if bits == bid_bits => ramp,
            _ => self.price(bid_bits),
        };
        (self.region, self.price) = (Some((place.region, region)), Some((bid_bits, price)));
        let availability = self.volatile[2];
        let is_spread = self.input.scoring.forms().availability == AvailabilityForm::Spread;
        Some(Probe {
            statics: self.statics,
            availability: if is_spread { availability } else { 0 },
            taken: self.gpus,
            gpus: self.gpus,
            uptime: self.uptime,
            price,
            region,
        })
    }

    /// The line over the region scores at a round trip of `rtt` between regions.
    ///
    /// A score is whole up to a knee and convex from there on, so between two points behind the
    /// knee it is nowhere above the chord.
    fn region(&self, region: RegionId) -> Ramp {
        let MileRange { least, most } = self.miles;
        let (order, forms) = (self.input.order, self.input.scoring.forms());
        let rtt = self.input.rtt_from_tenant[region.index()];
        let room = self.filter.latency_bound().nanos().checked_sub(rtt.nanos());
        let limit = room.map_or(-1, |room| compute_step(room, LAST_MILE_BITS));
        let score = |step: i16| {
            let last_mile = (step as u64) << LAST_MILE_BITS;
            let place = factor::Place {
                rtt: Span::from_nanos(rtt.nanos().saturating_add(last_mile)),
                is_same_region: region == order.tenant_region,
                is_same_continent: order.near.contains(region),
            };
            i32::from(compute_units(factor::region(place, forms.region), ROUNDING))
        };
        let chord = self.chord(rtt, [score(least.min(most)), score(most)]);
        // Who fills machines up is not bounded by the free share: full marks for all.
        let extra = match forms.availability {
            AvailabilityForm::Spread => 0,
            AvailabilityForm::BestFit => self.volatile[2] * i32::from(FULL),
        };
        Ramp { full: chord.full + extra, offset: chord.offset + extra, limit, ..chord }
    }

    /// The line through the region scores of the shortest and the longest last mile.
    fn chord(&self, rtt: Span, [full, last]: [i32; 2]) -> Ramp {
        let MileRange { least, most } = self.miles;
        let weight = self.volatile[0];
        let flat = Ramp::flat(weight * full, i16::MAX);
        let knee = factor::region_knee(self.input.scoring.forms().region);
        let knee = knee.saturating_sub(rtt).nanos();
        let behind = compute_step(knee, LAST_MILE_BITS).saturating_add(1);
        let start = if knee == 0 { least } else { least.max(behind) };
        if start >= most {
            return flat;
        }
        // From full marks at the start, or from less when everybody is behind the knee.
        let slope = weight * (full - last) / (i32::from(most) - i32::from(start));
        match slope.checked_mul(i32::from(start)) {
            Some(rise) if rise < i32::MAX / 4 => Ramp { offset: flat.full + rise, slope, ..flat },
            _ => flat,
        }
    }

    /// The line over the price scores: the saved share, possibly twice, at most the whole.
    fn price(&self, bid_bits: u32) -> Ramp {
        let weight = self.volatile[1];
        let ceiling = self.input.order.ceiling;
        let limit = compute_step(ceiling.nanos(), bid_bits);
        if ceiling.nanos() == 0 {
            return Ramp::flat(0, limit);
        }
        let full = weight * i32::from(FULL);
        let offset = match self.input.scoring.forms().price {
            PriceForm::HalfBudget => 2 * full,
            PriceForm::FullBudget => full,
        };
        // Rounded down: a line that falls a little too slowly. Where a step is more than the
        // ceiling, or a bid more than all the money there is, it need not fall at all.
        let slope = match (offset as u64).checked_mul(1 << bid_bits) {
            Some(scaled) => i32::try_from(scaled / ceiling.nanos()).unwrap_or(0),
            None => 0,
        };
        Ramp { full, offset, slope, limit }
    }
}

/// Whether any candidate of `place` can have the order.
#[inline]
pub(crate) fn asks(input: &RoundInput<'_>, filter: &Filter<'_>, place: &Place) -> bool {
    let order = input.order;
    let tiers = order.trust_tiers;
    place.mode == order.mode
        && filter.places().contains(place.region)
        && order.cards.contains(place.card)
        && place.region.index() < input.rtt_from_tenant.len()
        && (order.mode == Mode::Fizz
            || place.trust_tier.map_or(tiers == TrustSet::ANY, |tier| tiers.contains(tier)))
}

/// A weight as a factor of the columns.
#[inline]
pub(crate) fn weight_of(weight: BasisPoints) -> i32 {
    i32::try_from(weight.0).expect("a weight is at most the whole")
}

/// [`weight_of`] each of the static scores.
#[inline]
pub(crate) fn weights_of(weights: [BasisPoints; 4]) -> [i32; 4] {
    let [uptime, reputation, slash, stake] = weights;
    [weight_of(uptime), weight_of(reputation), weight_of(slash), weight_of(stake)]
}

/// `points` as the least bound that a row must have to reach them.
#[inline]
pub(crate) fn compute_need(points: Points) -> i32 {
    i32::try_from(points.0.div_ceil(u64::from(UNIT))).unwrap_or(i32::MAX)
}

/// The weighted mean of static scores, rounded up, in units: one column for one set of weights.
pub(crate) fn compute_mean(statics: [Ppm; 4], weights: [i32; 4]) -> i16 {
    let whole = weights.iter().map(|weight| *weight as u64).sum::<u64>();
    let sum: u64 = statics.iter().zip(weights).map(|(s, w)| u64::from(s.0) * w as u64).sum();
    let units = sum.div_ceil(u64::from(UNIT) * whole.max(1));
    i16::try_from(units).unwrap_or(FULL)
}
