//! Prices that a rule sets.

use crate::column::table;
use units::{CardId, GpuHourPrice, PoolId, SimTime};

table! {
    /// What a rule sets as the price of a card in a pool from an hour on, and what it saw. Where
    /// providers are paid what they ask, there is no row.
    RentRow = "rents" {
        /// When the hour began.
        at_ns: SimTime,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The pool.
        pool: PoolId,
        /// The card.
        card: CardId,
        /// The price from now on, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: GpuHourPrice,
        /// The lowest ask of anybody, nano-dollars per GPU-hour.
        ask_min_nano_usd_per_gpu_hour: GpuHourPrice,
        /// GPUs offered at the price until now: up and asked for no more, or held by a lease.
        offered_gpus: u64,
        /// Of these, held by a lease.
        used_gpus: u64,
    }
}
