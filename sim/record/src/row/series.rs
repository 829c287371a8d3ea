//! Hours of pools.

use crate::column::table;
use units::{PoolId, SimTime, Span};

table! {
    /// One pool in one hour. The last hour of a run may be cut short.
    SeriesRow = "series" {
        /// When the hour began.
        at_ns: SimTime,
        /// Whether the hour lies after the warm-up.
        is_reported: bool,
        /// The pool.
        pool: PoolId,
        /// Length of the hour as far as the run went.
        length_ns: Span,
        /// GPU-time registered, GPU-microseconds.
        installed_gpu_us: u64,
        /// GPU-time with the machine up, GPU-microseconds.
        available_gpu_us: u64,
        /// GPU-time held by open leases, GPU-microseconds.
        reserved_gpu_us: u64,
        /// GPU-time paid for, GPU-microseconds.
        paid_gpu_us: u64,
        /// GPU-time that computed for tenants, GPU-microseconds; a GPU that its owner shares counts
        /// in part.
        busy_gpu_us: u64,
        /// GPU-time that owners took from work that ran, GPU-microseconds.
        slowed_gpu_us: u64,
        /// GPU-time that owners took of machines that were on, GPU-microseconds.
        owner_gpu_us: u64,
        /// Orders sent.
        orders: u64,
        /// Orders whose lease was confirmed.
        matched: u64,
        /// Orders that nobody took.
        unmatched: u64,
        /// Jobs that waited for a lease when the hour ended.
        jobs_waiting: u64,
        /// Jobs that ran when it ended.
        jobs_running: u64,
        /// Jobs since the start of the run, those of its first moment among them.
        jobs_arrived: u64,
        /// Of these, jobs whose work is done.
        jobs_done: u64,
        /// Of these, jobs that their tenants gave up.
        jobs_given_up: u64,
        /// Of these, jobs that their tenants took to another venue.
        jobs_elsewhere: u64,
        /// The hour's multiplier of the arrival rate, millionths.
        demand_ppm: u64,
    }
}
