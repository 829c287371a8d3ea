//! What a matcher may know about a provider: what it advertised and delivered, never the truth.

use crate::order::Mode;
use std::mem::offset_of;
use units::{
    CardId, EntityKey, GpuCount, GpuHourPrice, Ppm, ProviderId, RegionId, SimTime, Span, Spon,
    TrustTier,
};

/// A provider in the eyes of the matcher.
///
/// A round reads the first 64 bytes of each, one line of the cache; the rest only of those that
/// come near to winning. Hence the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Candidate {
    /// Who it is, whatever its place: draws and ties use it.
    pub key: EntityKey,
    /// What it asks, in nano-dollars per GPU-hour.
    pub bid: GpuHourPrice,
    /// Added to the round trip between regions: the way into a home.
    pub last_mile: Span,
    /// What a round reads of `standing`; made by `Scoring::merit` whenever that changes.
    pub merit: Merit,
    /// Free GPUs on all its nodes.
    pub gpus_free: GpuCount,
    /// GPUs on all its nodes.
    pub gpus_total: GpuCount,
    /// The largest number of GPUs free on one node.
    pub gpus_free_on_node: GpuCount,
    /// GPUs of its largest node, free or not.
    pub gpus_on_node: GpuCount,
    /// Where it is.
    pub region: RegionId,
    /// The card it offers.
    pub card: CardId,
    /// The service it gives.
    pub mode: Mode,
    /// Whether it serves: not down, in maintenance, suspended, jailed or denied.
    pub is_active: bool,
    /// Its trust tier; none for home machines.
    pub trust_tier: Option<TrustTier>,
    /// When it joined: the earlier wins a tie.
    pub joined_at: SimTime,
    /// Its place in the caller's vector; handed back, never read.
    pub provider: ProviderId,
    /// What its past earned.
    pub standing: Standing,
}

const _: () = assert!(offset_of!(Candidate, joined_at) <= 64, "a round reads one line of each");

impl Candidate {
    /// The round trip between the tenant and this candidate; none when its region is unknown.
    #[inline]
    pub(crate) fn rtt(&self, rtt_from_tenant: &[Span]) -> Option<Span> {
        let between_regions = rtt_from_tenant.get(self.region.index())?.nanos();
        Some(Span::from_nanos(between_regions.saturating_add(self.last_mile.nanos())))
    }
}

/// What a provider's past earned; it changes at the end of an era and when a lease ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Share of challenges answered over the last eras, the newcomer's prior included.
    pub uptime: Ppm,
    /// Leases that ended as agreed or by the tenant, decayed, in thousandths of a lease.
    pub good_milli: u64,
    /// Leases that the provider broke, decayed, in thousandths of a lease.
    pub bad_milli: u64,
    /// Slashes of the last 30 days in halves: a full one counts two, a partial one.
    pub slash_halves: u32,
    /// Own and delegated stake less what was slashed.
    pub stake: Spon,
    /// The least stake for its machines.
    pub stake_min: Spon,
}

/// What a round reads of a [`Standing`]: worked out once when the standing changes, instead of
/// once for each order. Made by `Scoring::merit` only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merit {
    /// The weighted sum of the uptime, reputation, slash and stake scores, in millionths times
    /// basis points.
    pub(crate) points: u64,
    /// The uptime of the standing.
    pub(crate) uptime: Ppm,
    /// Whether its stake meets its minimum.
    pub(crate) is_staked: bool,
}
