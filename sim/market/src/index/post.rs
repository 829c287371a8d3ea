//! Where each provider stands and what it has free: all that a lease reads of it, in half a line
//! of the cache. Leases come from anywhere, so what they touch is seldom in the cache, and the
//! waiting for it is what an update costs.

use super::bucket::Member;
use super::columns::{FULL, Room};
use units::GpuCount;

/// Where a provider stands, and what it offers now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(align(32))]
pub(crate) struct Post {
    pub(crate) bucket: u32,
    pub(crate) slot: u32,
    /// Its registration number.
    pub(crate) number: u32,
    pub(crate) free: GpuCount,
    pub(crate) free_on_node: GpuCount,
    total: GpuCount,
    /// Whether it can have any order at all.
    pub(crate) can_serve: bool,
}

const _: () = assert!(size_of::<Option<Post>>() == 32, "two to a line");

impl Post {
    /// That of `member` at `slot` of `bucket`.
    pub(crate) fn new(member: &Member, bucket: u32, slot: u32) -> Post {
        let c = &member.candidate;
        Post {
            bucket,
            slot,
            number: c.number,
            free: c.gpus_free,
            free_on_node: c.gpus_free_on_node,
            total: c.gpus_total,
            can_serve: c.is_active && c.merit.is_staked,
        }
    }

    /// The columns that a lease changes.
    #[inline]
    pub(crate) fn room(&self) -> Room {
        let (free, on_node, total) = (self.free.0, self.free_on_node.0, self.total.0);
        // Where the counts contradict each other, what is taken is not taken off: still a bound.
        let is_sane = on_node <= free && free <= total;
        let share = |gpus: u32| (u64::from(gpus) * FULL as u64).div_ceil(u64::from(total.max(1)));
        Room {
            free_share: share(free.min(total)) as i16,
            gpu_share: if is_sane && total > 0 { (FULL as u32 / total) as i16 } else { 0 },
            gpus: i16::try_from(on_node).unwrap_or(i16::MAX),
        }
    }
}

/// Updates that a bound stays loose for: by then what tightening it reads has come from memory.
const DELAY: usize = 8;

/// What was changed last, to be tightened once the memory has come: the bounds above are loose
/// till then, which is right all the same, and nobody waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Later<T> {
    waiting: [Option<T>; DELAY],
    next: usize,
}

impl<T: Copy> Later<T> {
    /// Nothing waits.
    pub(crate) const NONE: Later<T> = Later { waiting: [None; DELAY], next: 0 };

    /// Lets `change` wait; its turn has who waited longest.
    #[inline]
    pub(crate) fn put(&mut self, change: T) -> Option<T> {
        self.next = (self.next + 1) % DELAY;
        self.waiting[self.next].replace(change)
    }
}
