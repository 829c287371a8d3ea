//! Where tenants take their jobs, and what they want at which price.

use crate::column::table;
use crate::reason::VenueReason;
use units::{ClassId, PoolId, SimTime, Usd, VenueId};

table! {
    /// The jobs of a class that came in an era and went to a venue for one reason. Who waited here
    /// first and went in a later era has a row of its own, written then. Where every job comes to
    /// this network, there is no row.
    VenueRow = "venues" {
        /// The era in which the jobs came, from 0; 0 for those that were there at the start.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The pool whose demand it is.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// The venue; `here` is this network.
        venue: VenueId,
        /// Whether it is a central cloud.
        is_cloud: bool,
        /// What decided.
        reason: VenueReason,
        /// Jobs.
        jobs: u64,
        /// GPU-time of their work, GPU-seconds; what was left of jobs that waited here first.
        gpu_s: u64,
        /// What it costs at the price that the tenant saw, with time that is paid for and not
        /// used; for jobs that came here, what they expected to pay.
        spend_nano_usd: Usd,
        /// Of the jobs, those whose tenant took its last one to the same venue.
        stayed: u64,
        /// Consumer surplus: the sum over the jobs of `ln(sum exp U)/alpha`, in nano-dollars per
        /// GPU-hour; zero where nothing was compared.
        surplus_nano_usd: i64,
    }
}

table! {
    /// What was wanted of a class in an hour at its pool's price. Where demand does not answer to
    /// the price, there is no row.
    DemandRow = "demand" {
        /// When the hour began.
        at_ns: SimTime,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The pool.
        pool: PoolId,
        /// The class.
        class: ClassId,
        /// The pool's price: what its free GPUs ask, over the book prices of the start, cards
        /// weighed by the pool's mix; millionths.
        price_ppm: u64,
        /// Jobs that would come at the lowest price.
        jobs_possible: u64,
        /// Of these, jobs that are wanted at this price.
        jobs_wanted: u64,
        /// What is wanted at most, as a multiple of what is at the book's prices; millionths.
        at_most_ppm: u64,
    }
}
