//! A pool: who has free GPUs, what demand does, the hour's counts.

use crate::state::investment::PoolMarket;
use crate::state::meter::Meter;
use market::Candidate;
use units::{
    CardId, CardSet, ClassId, EntityKey, GpuHourPrice, PoolId, ProviderId, RegionId, SimTime,
};

/// Orders of one hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HourCounts {
    /// Sent.
    pub orders: u64,
    /// With a lease.
    pub matched: u64,
    /// Without anybody.
    pub unmatched: u64,
}

/// What became of a pool's jobs since the start; those that are neither wait or run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Those of the start and those that tenants had since.
    pub arrived: u64,
    /// All their work was done.
    pub done: u64,
    /// Their tenants gave them up, or their leases ended because of misuse.
    pub given_up: u64,
    /// Their tenants took them to another venue.
    pub elsewhere: u64,
}

/// Providers of one card and one band of prices who have free GPUs. An order looks only at the
/// shelves that hold a card it accepts at a price it can pay.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The card.
    pub card: CardId,
    /// The lowest bid of anybody who belongs here.
    pub price_min: GpuHourPrice,
    /// Those with free GPUs now, as copies of what they advertise: a round reads them one after the
    /// other, and a row of memory is fetched ahead. Their order means nothing.
    pub listed: Vec<Candidate>,
}

/// What a rule sees of a card in a pool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// GPUs that are up and whose provider takes the price, and all that leases hold.
    pub offered: u64,
    /// GPUs that leases hold.
    pub used: u64,
    /// The lowest ask of anybody who is there; none where nobody has the card.
    pub ask_min: Option<GpuHourPrice>,
}

/// A pool.
#[derive(Clone, Debug)]
pub struct PoolState {
    /// Its key.
    pub key: EntityKey,
    /// Its first provider; they stand in a row.
    pub first_provider: ProviderId,
    /// How many providers it has.
    pub providers: u32,
    /// The first of them, who were drawn and are there from the start: the leases of the start are
    /// theirs, whoever joins later or is declared beside them.
    pub founders: u32,
    /// Cards that somebody may have: those of its mix, and those of declared providers.
    pub cards: CardSet,
    /// The slowest line of a machine that somebody may have, in bits per second.
    pub bandwidth_min: u64,
    /// Providers with free GPUs, by card and price.
    pub shelves: Vec<Shelf>,
    /// What a rule set as the price of each card, by `CardId`; empty where none sets prices.
    pub rents: Vec<GpuHourPrice>,
    /// Its GPU-time of this hour.
    pub meter: Meter,
    /// GPU-time that was paid for in the last hour, GPU-microseconds.
    pub paid_gpu_us: u64,
    /// What became of its jobs.
    pub jobs: JobCounts,
    /// What its providers earned, for those who decide by that.
    pub market: PoolMarket,
    /// The hour's counts.
    pub counts: HourCounts,
    /// Jobs that wait for a lease.
    pub waiting: u64,
    /// The standardised logarithm of the hour's demand multiplier.
    pub demand_state: f64,
    /// The hour's demand multiplier, in millionths.
    pub demand_ppm: u64,
    /// Where its bursts stand, if its arrivals have two rates.
    pub bursts: BurstState,
}

/// The state of a pool whose rate of arrivals has two.
#[derive(Clone, Debug, Default)]
pub struct BurstState {
    /// Whether the hour began in a burst.
    pub is_bursting: bool,
    /// When it switches in this hour, and back.
    pub switches: Vec<SimTime>,
    /// When it switches next, after this hour.
    pub next_at: SimTime,
    /// Lots drawn for it so far.
    pub drawn: u64,
}

/// Arrivals of one job class from one region's tenants.
#[derive(Clone, Copy, Debug)]
pub struct Stream {
    /// Its key.
    pub key: EntityKey,
    /// The pool.
    pub pool: PoolId,
    /// The class.
    pub class: ClassId,
    /// Where the tenants are.
    pub region: RegionId,
    /// Arrivals in an hour when every multiplier is 1.
    pub per_hour: f64,
}
