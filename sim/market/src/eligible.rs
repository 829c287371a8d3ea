//! The hard filters, in a fixed order of ours; who fails several is counted at the first.
//!
//! How they map to the filters of protocol.md 9.3:
//!
//! | filter | here |
//! |---|---|
//! | F1 status | [`Reject::Inactive`] |
//! | F2 mode | [`Reject::Mode`] |
//! | F3 trust tiers | [`Reject::TrustTier`], then our own [`Reject::UptimeMinimum`] |
//! | F4 providers by name | [`Reject::Excluded`] |
//! | F5 regions | [`Reject::Region`] |
//! | F6 data law | [`Reject::Law`] |
//! | F7 card, memory, GPUs | [`Reject::Card`], [`Reject::NodeSize`], [`Reject::Capacity`] |
//! | F8 processor, memory, disk, bandwidth | [`Reject::Host`] |
//! | F9 price | [`Reject::Price`] |
//! | F10 stake | [`Reject::Stake`] |
//! | F11 latency bound | [`Reject::Latency`]; a round may drop it |
//! | F12 cap of open leases for one owner | [`Reject::OwnerCap`]; a round may drop it |
//!
//! Memory and speed of a GPU are in the set of cards that the order names. The least uptime is
//! what an order asks by protocol.md 10; it stands beside the trust tiers because both are earned
//! by it.

use crate::candidate::Candidate;
use crate::order::{Host, Mode, Order};
use units::{CardShare, RegionSet, Span};

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
    /// The order refuses it by name, or asks for others by name.
    Excluded,
    /// Its region is not among the asked ones, or unknown.
    Region,
    /// The law does not let the order's data be in its region.
    Law,
    /// Its card will not do.
    Card,
    /// No node of it has that many GPUs, free or not.
    NodeSize,
    /// No node of it has that many GPUs free, or that much of one.
    Capacity,
    /// Its node has too little beside GPUs.
    Host,
    /// Its bid is above the ceiling.
    Price,
    /// Its stake is below its minimum.
    Stake,
    /// It is too far from the tenant.
    Latency,
    /// Its owner has as many open leases as one owner may.
    OwnerCap,
}

impl Reject {
    /// All reasons, in the order of the filters.
    pub const ALL: [Reject; 15] = [
        Reject::Inactive,
        Reject::Mode,
        Reject::TrustTier,
        Reject::UptimeMinimum,
        Reject::Excluded,
        Reject::Region,
        Reject::Law,
        Reject::Card,
        Reject::NodeSize,
        Reject::Capacity,
        Reject::Host,
        Reject::Price,
        Reject::Stake,
        Reject::Latency,
        Reject::OwnerCap,
    ];

    /// The name in snapshots, records and vectors.
    pub const fn name(self) -> &'static str {
        match self {
            Reject::Inactive => "inactive",
            Reject::Mode => "mode",
            Reject::TrustTier => "trust_tier",
            Reject::UptimeMinimum => "uptime_minimum",
            Reject::Excluded => "excluded",
            Reject::Region => "region",
            Reject::Law => "law",
            Reject::Card => "card",
            Reject::NodeSize => "node_size",
            Reject::Capacity => "capacity",
            Reject::Host => "host",
            Reject::Price => "price",
            Reject::Stake => "stake",
            Reject::Latency => "latency",
            Reject::OwnerCap => "owner_cap",
        }
    }
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

/// Filters that a round drops when they leave nobody, as Livepeer does (protocol.md 9.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftFilters {
    /// The latency bound, F11; dropped first.
    pub latency_bound: bool,
    /// The cap of open leases for one owner, F12; dropped next, then both.
    pub owner_cap: bool,
}

/// The filters of one order, ready for many candidates.
#[derive(Clone, Copy)]
pub(crate) struct Filter<'a> {
    order: &'a Order,
    rtt_from_tenant: &'a [Span],
    latency_bound: Span,
    owner_leases_max: u32,
    /// Where it may be, by its own wish and by law.
    places: RegionSet,
    /// Whether none of the seldom used filters is in use.
    is_plain: bool,
}

/// No bound at all.
const UNBOUNDED: Span = Span::from_nanos(u64::MAX);

impl<'a> Filter<'a> {
    /// All filters of `order`.
    pub(crate) fn new(order: &'a Order, rtt_from_tenant: &'a [Span]) -> Filter<'a> {
        Filter {
            order,
            rtt_from_tenant,
            latency_bound: order.latency_bound.unwrap_or(UNBOUNDED),
            owner_leases_max: order.owner_leases_max.unwrap_or(u32::MAX),
            places: RegionSet(order.regions.0 & order.lawful.0),
            is_plain: order.mode == Mode::Fizz
                && order.included.is_empty()
                && order.excluded.is_empty()
                && order.host == Host::default()
                && order.owner_leases_max.is_none(),
        }
    }

    /// All but those in `dropped`.
    pub(crate) fn without(self, dropped: SoftFilters) -> Filter<'a> {
        let mut left = self;
        if dropped.latency_bound {
            left.latency_bound = UNBOUNDED;
        }
        if dropped.owner_cap {
            left.owner_leases_max = u32::MAX;
        }
        left
    }

    /// The longest round trip that passes.
    pub(crate) fn latency_bound(&self) -> Span {
        self.latency_bound
    }

    /// Where a candidate may be.
    pub(crate) fn places(&self) -> RegionSet {
        self.places
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
            !self.is_named(candidate),
            !order.regions.contains(candidate.region) | rtt.is_none(),
            !order.lawful.contains(candidate.region),
            !order.cards.contains(candidate.card),
            candidate.gpus_on_node < order.gpus,
            !self.has_room(candidate),
            !candidate.host.covers(&order.host),
            candidate.bid > order.ceiling,
            !candidate.merit.is_staked,
            rtt.unwrap_or_default() > self.latency_bound,
            self.is_capped(candidate),
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
            & self.places.contains(candidate.region)
            & between_regions.is_some()
            & order.cards.contains(candidate.card)
            & (candidate.gpus_on_node >= order.gpus)
            & self.has_room(candidate)
            & (candidate.bid <= order.ceiling)
            & candidate.merit.is_staked
            & (rtt.saturating_add(candidate.last_mile.nanos()) <= self.latency_bound.nanos());
        common && (self.is_plain || self.passes_rare(candidate))
    }

    /// The filters that [`Filter::passes`] keeps behind a branch.
    fn passes_rare(&self, candidate: &Candidate) -> bool {
        (self.order.mode != Mode::Provider || self.is_trusted(candidate))
            && self.is_named(candidate)
            && candidate.host.covers(&self.order.host)
            && !self.is_capped(candidate)
    }

    /// Whether it has what the order asks for free, on one node; of a share, on one card.
    #[inline]
    fn has_room(&self, candidate: &Candidate) -> bool {
        let (order, whole) = (self.order, CardShare::WHOLE);
        let has_gpus = candidate.gpus_free_on_node >= order.gpus;
        has_gpus | ((order.share < whole) & (candidate.share_free_on_card >= order.share))
    }

    /// Whether the order's lists of names leave it in.
    fn is_named(&self, candidate: &Candidate) -> bool {
        let order = self.order;
        (order.included.is_empty() || order.included.contains(candidate.key))
            && !order.excluded.contains(candidate.key)
    }

    fn is_capped(&self, candidate: &Candidate) -> bool {
        self.owner_leases_max != u32::MAX && candidate.owner_leases >= self.owner_leases_max
    }

    /// A candidate without a trust tier serves only who asks for none in particular.
    fn is_trusted(&self, candidate: &Candidate) -> bool {
        let asked = self.order.trust_tiers;
        candidate.trust_tier.map_or(asked == units::TrustSet::ANY, |tier| asked.contains(tier))
    }
}
