//! What a matcher may know about a provider: what it advertised and delivered, never the truth.

use crate::order::{Host, Mode};
use std::mem::offset_of;
use units::{
    CardId, CardShare, EntityKey, GpuCount, GpuHourPrice, Ppm, ProviderId, RegionId, SimTime, Span,
    Spon, TrustTier,
};

/// A provider in the eyes of the matcher.
///
/// A round reads the first 64 bytes of each, one line of the cache; the rest only of those that
/// come near to winning. Hence the order of the fields.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Candidate {
    /// What it asks, in nano-dollars per GPU-hour.
    pub bid: GpuHourPrice,
    /// Added to the round trip between regions: the way into a home.
    pub last_mile: Span,
    /// What a round reads of `standing`; made by `Scoring::merit` whenever that changes.
    pub merit: Merit,
    /// Its registration number: with the ticket, what its noise is drawn from. No two candidates
    /// of a round share one.
    pub number: u32,
    /// Free GPUs on all its nodes.
    pub gpus_free: GpuCount,
    /// GPUs on all its nodes.
    pub gpus_total: GpuCount,
    /// The largest number of GPUs free on one node.
    pub gpus_free_on_node: GpuCount,
    /// GPUs of its largest node, free or not.
    pub gpus_on_node: GpuCount,
    /// The largest share free on one card, the whole of it when a GPU is free.
    pub share_free_on_card: CardShare,
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
    /// Who it is, whatever its place: ties and uniform draws use it.
    pub key: EntityKey,
    /// When it joined: the earlier wins a tie.
    pub joined_at: SimTime,
    /// Its place in the caller's vector; handed back, never read.
    pub provider: ProviderId,
    /// Open leases of all identities of its owner.
    pub owner_leases: u32,
    /// What its largest node has beside GPUs.
    pub host: Host,
    /// What it does at present.
    pub activity: Activity,
    /// What its past earned.
    pub standing: Standing,
}

const _: () = assert!(offset_of!(Candidate, key) <= 64, "a round reads one line of each");
const _: () = assert!(size_of::<Candidate>() <= 256, "four lines in all");

impl Candidate {
    /// An active provider of one free GPU in region 0 with an unblemished past and no stake
    /// asked; the rest can be changed. `Scoring::merit` must follow.
    pub fn plain(key: EntityKey, number: u32, mode: Mode, bid: GpuHourPrice) -> Candidate {
        Candidate {
            bid,
            last_mile: Span::ZERO,
            merit: Merit::default(),
            number,
            gpus_free: GpuCount(1),
            gpus_total: GpuCount(1),
            gpus_free_on_node: GpuCount(1),
            gpus_on_node: GpuCount(1),
            share_free_on_card: CardShare::WHOLE,
            region: RegionId(0),
            card: CardId(0),
            mode,
            is_active: true,
            trust_tier: None,
            key,
            joined_at: SimTime::ZERO,
            provider: ProviderId(number),
            owner_leases: 0,
            host: Host::AMPLE,
            activity: Activity::default(),
            standing: Standing {
                uptime: Ppm::ONE,
                good_milli: 0,
                bad_milli: 0,
                slash_halves: 0,
                stake: Spon::ZERO,
                stake_min: Spon::ZERO,
            },
        }
    }

    /// The round trip between the tenant and this candidate; none when its region is unknown.
    #[inline]
    pub(crate) fn rtt(&self, rtt_from_tenant: &[Span]) -> Option<Span> {
        let between_regions = rtt_from_tenant.get(self.region.index())?.nanos();
        Some(Span::from_nanos(between_regions.saturating_add(self.last_mile.nanos())))
    }
}

/// What a provider does at present; peers' rules select by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Since when its place in the queue of the idle counts.
    pub idle_since: SimTime,
    /// GPU-time that it served in this era.
    pub served_in_era: Span,
    /// Leases that it holds.
    pub leases: u32,
    /// Orders of the last 48 hours that it won and did not serve.
    pub misses: u32,
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
