//! Where each provider stands and what it has free: all that a lease reads of it, in a quarter of
//! a line of the cache. Leases come from anywhere, so this is seldom in the cache, and waiting for
//! it is most of what an update costs.

use super::bucket::Member;
use super::columns::{FULL, Room};
use units::GpuCount;

/// Where a provider stands, and what it offers now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(16))]
pub(crate) struct Post {
    /// Nobody fills 2^16 places: of two modes, 64 regions, 128 cards and seven tiers or none a
    /// market has the few thousand that somebody is in.
    pub(crate) bucket: u16,
    /// All its GPUs, or the most that fits: a smaller total makes larger shares, still bounds.
    total: u16,
    slot: u32,
    pub(crate) free: GpuCount,
    pub(crate) free_on_node: GpuCount,
}

const _: () = assert!(size_of::<Post>() == 16, "four to a line");

impl Post {
    /// That of a provider without a candidate.
    pub(crate) const NOWHERE: Post =
        Post { bucket: 0, total: 0, slot: u32::MAX, free: GpuCount(0), free_on_node: GpuCount(0) };

    /// That of `member` at `slot` of `bucket`.
    pub(crate) fn new(member: &Member, bucket: u16, slot: u32) -> Post {
        let c = &member.candidate;
        let total = u16::try_from(c.gpus_total.0).unwrap_or(u16::MAX);
        Post { bucket, total, slot, free: c.gpus_free, free_on_node: c.gpus_free_on_node }
    }

    /// Its slot in the bucket, if it stands anywhere.
    #[inline]
    pub(crate) fn slot(&self) -> Option<u32> {
        (self.slot != u32::MAX).then_some(self.slot)
    }

    /// Its free GPUs, and how many of them on one node.
    #[inline]
    pub(crate) fn capacity(&self) -> (GpuCount, GpuCount) {
        (self.free, self.free_on_node)
    }

    /// The columns that a lease changes.
    #[inline]
    pub(crate) fn room(&self) -> Room {
        let (free, on_node, total) = (self.free.0, self.free_on_node.0, u32::from(self.total));
        // Where the counts contradict each other, what is taken is not taken off: still a bound.
        let is_sane = on_node <= free && free <= total;
        let share = |gpus: u32| (gpus * FULL as u32).div_ceil(total.max(1));
        Room {
            free_share: share(free.min(total)) as i16,
            gpu_share: if is_sane && total > 0 { (FULL as u32 / total) as i16 } else { 0 },
            gpus: i16::try_from(on_node).unwrap_or(i16::MAX),
        }
    }
}
