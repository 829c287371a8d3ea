//! The hard filters, in a fixed order of ours; who fails several is counted at the first.
//!
//! How they map to the filters of protocol.md 9.3:
//!
//! | filter | here |
//! |---|---|
//! | F1 status | [`Reject::Inactive`] |
//! | F2 mode | [`Reject::Mode`] |
//! | F3 trust tiers | [`Reject::TrustTier`], then our own [`Reject::UptimeMinimum`] |
//! | F4 providers by name | [`Reject::Excluded`]; lists to include are not there yet |
//! | F5 regions | [`Reject::Region`] |
//! | F6 data law | not there yet |
//! | F7 card, memory, GPUs | [`Reject::Card`], [`Reject::NodeSize`], [`Reject::Capacity`] |
//! | F8 processor, disk, bandwidth | not there yet |
//! | F9 price | [`Reject::Price`] |
//! | F10 stake | [`Reject::Stake`] |
//! | F11 latency bound | [`Reject::Latency`]; a round may drop it |
//! | F12 cap per operator | not there yet |
//!
//! Memory and speed are in the set of cards that the order names. The least uptime is what an
//! order asks by protocol.md 10; it stands beside the trust tiers because both are earned by it.

use crate::candidate::Candidate;
use crate::order::{Mode, Order};
use units::Span;

/// Why a candidate cannot have an order: the first filter that it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reject {
    /// Down, in maintenance, suspended, jailed or denied.
    Inactive,
    /// It gives the other service.
    Mode,
    /// Its trust tier is not among the asked ones.
    TrustTier,
    /// Its uptime is below what the order asks.
    UptimeMinimum,
    /// The order refuses it by name.
    Excluded,
    /// Its region is not among the asked ones, or unknown.
    Region,
    /// Its card will not do.
    Card,
    /// No node of it has that many GPUs, free or not.
    NodeSize,
    /// No node of it has that many GPUs free.
    Capacity,
    /// Its bid is above the ceiling.
    Price,
    /// Its stake is below its minimum.
    Stake,
    /// It is too far from the tenant.
    Latency,
}

impl Reject {
    /// All reasons, in the order of the filters.
    pub const ALL: [Reject; 12] = [
        Reject::Inactive,
        Reject::Mode,
        Reject::TrustTier,
        Reject::UptimeMinimum,
        Reject::Excluded,
        Reject::Region,
        Reject::Card,
        Reject::NodeSize,
        Reject::Capacity,
        Reject::Price,
        Reject::Stake,
        Reject::Latency,
    ];
}

/// Whether `candidate` can have `order`, or the one reason why not.
///
/// `rtt_from_tenant` holds the round trips between the tenant's region and each, by `RegionId`.
///
/// # Errors
/// The first filter that the candidate fails.
pub fn check_eligible(
    order: &Order,
    candidate: &Candidate,
    rtt_from_tenant: &[Span],
) -> Result<(), Reject> {
    Filter::new(order, rtt_from_tenant).check(candidate)
}

/// The filters of one order, ready for many candidates.
#[derive(Clone, Copy)]
pub(crate) struct Filter<'a> {
    order: &'a Order,
    rtt_from_tenant: &'a [Span],
    latency_bound: Span,
}

/// No bound at all.
const UNBOUNDED: Span = Span::from_nanos(u64::MAX);

impl<'a> Filter<'a> {
    /// All filters of `order`.
    pub(crate) fn new(order: &'a Order, rtt_from_tenant: &'a [Span]) -> Filter<'a> {
        let latency_bound = order.latency_bound.unwrap_or(UNBOUNDED);
        Filter { order, rtt_from_tenant, latency_bound }
    }

    /// All but the latency bound.
    pub(crate) fn without_latency_bound(self) -> Filter<'a> {
        Filter { latency_bound: UNBOUNDED, ..self }
    }

    /// The first filter that `candidate` fails.
    #[inline]
    pub(crate) fn check(&self, candidate: &Candidate) -> Result<(), Reject> {
        match Reject::ALL.get(self.failures(candidate).trailing_zeros() as usize) {
            Some(reject) => Err(*reject),
            None => Ok(()),
        }
    }

    /// Every filter that `candidate` fails, one bit each in the order of [`Reject::ALL`].
    ///
    /// All are evaluated, without a branch: which one fails is what a processor cannot foresee.
    #[inline]
    pub(crate) fn failures(&self, candidate: &Candidate) -> u32 {
        let order = self.order;
        let rtt = candidate.rtt(self.rtt_from_tenant);
        let fails = [
            !candidate.is_active,
            candidate.mode != order.mode,
            order.mode == Mode::Provider && !self.is_trusted(candidate),
            candidate.merit.uptime < order.uptime_min,
            !order.excluded.is_empty() && order.excluded.contains(&candidate.key),
            !order.regions.contains(candidate.region) | rtt.is_none(),
            !order.cards.contains(candidate.card),
            candidate.gpus_on_node < order.gpus,
            candidate.gpus_free_on_node < order.gpus,
            candidate.bid > order.ceiling,
            !candidate.merit.is_staked,
            rtt.unwrap_or_default() > self.latency_bound,
        ];
        fails.into_iter().enumerate().fold(0, |bits, (at, fails)| bits | u32::from(fails) << at)
    }

    /// Whether `candidate` passes every filter: [`Filter::failures`] without the names, for scans.
    ///
    /// The filters that seldom matter stand behind a branch that is nearly always the same; all
    /// others are evaluated without one.
    #[inline(always)]
    pub(crate) fn passes(&self, candidate: &Candidate) -> bool {
        let order = self.order;
        let between_regions = self.rtt_from_tenant.get(candidate.region.index());
        let rtt = between_regions.map_or(u64::MAX, |rtt| rtt.nanos());
        let common = candidate.is_active
            & (candidate.mode == order.mode)
            & (candidate.merit.uptime >= order.uptime_min)
            & order.regions.contains(candidate.region)
            & between_regions.is_some()
            & order.cards.contains(candidate.card)
            & (candidate.gpus_on_node >= order.gpus)
            & (candidate.gpus_free_on_node >= order.gpus)
            & (candidate.bid <= order.ceiling)
            & candidate.merit.is_staked
            & (rtt.saturating_add(candidate.last_mile.nanos()) <= self.latency_bound.nanos());
        let is_plain = order.mode == Mode::Fizz && order.excluded.is_empty();
        common && (is_plain || self.passes_rare(candidate))
    }

    /// The filters that [`Filter::passes`] keeps behind a branch.
    fn passes_rare(&self, candidate: &Candidate) -> bool {
        let is_trusted = self.order.mode != Mode::Provider || self.is_trusted(candidate);
        is_trusted && !self.order.excluded.contains(&candidate.key)
    }

    /// A candidate without a trust tier serves only who asks for none in particular.
    fn is_trusted(&self, candidate: &Candidate) -> bool {
        let asked = self.order.trust_tiers;
        candidate.trust_tier.map_or(asked == units::TrustSet::ANY, |tier| asked.contains(tier))
    }
}
