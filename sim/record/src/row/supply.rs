//! Supply that comes and goes.

use crate::column::table;
use crate::reason::{ProviderRole, SupplyChange, SupplyReason};
use units::{
    CardId, GpuCount, NetworkId, PoolId, ProviderId, ProviderKindId, RegionId, SimTime, Usd,
};

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
        /// What it is: a newcomer, or a machine that an owner adds.
        role: ProviderRole,
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
        /// The network that it goes to or comes back from; `here` where no other has a part.
        network: NetworkId,
        /// What it expected of a GPU-hour that is there, let or not, when it decided, nano-dollars;
        /// empty where nothing was weighed.
        revenue_nano_usd_per_gpu_hour: Option<i64>,
        /// What it expected a GPU-hour that is there to cost, nano-dollars; likewise.
        cost_nano_usd_per_gpu_hour: Option<i64>,
        /// What it pays for hardware, for being checked and for moving, nano-dollars.
        outlay_nano_usd: Usd,
    }
}

table! {
    /// Another network in an era: who of this one has machines there, and what that comes to. Only
    /// for networks to which somebody may move.
    NetworkRow = "networks" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The network.
        network: NetworkId,
        /// Providers that had their machines there in the era.
        providers: u64,
        /// Their GPUs.
        gpus: u64,
        /// What these earned there in the era less electricity, fees and upkeep, nano-dollars.
        earned_nano_usd: Usd,
        /// What they expected the same GPUs to earn here, nano-dollars.
        forgone_nano_usd: Usd,
        /// What providers that may move and are here expected to earn more there, where this was
        /// the best network for them, nano-dollars.
        missed_nano_usd: Usd,
    }
}
