//! Supply that comes and goes.

use crate::column::table;
use crate::reason::{SupplyChange, SupplyReason};
use units::{CardId, GpuCount, PoolId, ProviderId, ProviderKindId, RegionId, SimTime, Usd};

table! {
    /// A provider that enters its pool or leaves it, or a step on its way.
    SupplyRow = "supply" {
        /// The era in which it happens, from 0; what is decided when an era ends is in the next.
        era: u32,
        /// When.
        at_ns: SimTime,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The provider, by number.
        provider: ProviderId,
        /// How it behaves.
        provider_kind: ProviderKindId,
        /// The pool.
        pool: PoolId,
        /// Where it is.
        region: RegionId,
        /// The card in its machines.
        card: CardId,
        /// Its GPUs.
        gpus: GpuCount,
        /// What it does.
        change: SupplyChange,
        /// Why.
        reason: SupplyReason,
        /// What it expected of a GPU-hour that is there, let or not, when it decided, nano-dollars;
        /// empty where nothing was weighed.
        revenue_nano_usd_per_gpu_hour: Option<i64>,
        /// What it expected a GPU-hour that is there to cost, nano-dollars; likewise.
        cost_nano_usd_per_gpu_hour: Option<i64>,
        /// What it pays for hardware and for being checked, nano-dollars.
        outlay_nano_usd: Usd,
    }
}
