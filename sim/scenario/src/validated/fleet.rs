//! Machines that a user declares one by one.

use units::{CardId, GpuHourPrice, HostClassId, KwhPrice, PoolId, ProviderKindId, RegionId};

/// One declared provider. It stands behind all others of its pool and moves no draw of theirs;
/// demand aims at the pool without it.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetProvider {
    /// The name: `run --focus NAME` and the metrics under `fleet` go by it.
    pub name: String,
    /// The pool that it offers its machines in.
    pub pool: PoolId,
    /// The card in its machines.
    pub card: CardId,
    /// How many machines, each with the pool's GPUs.
    pub machines: u32,
    /// How it behaves; none for a lot of the pool's mixture.
    pub kind: Option<ProviderKindId>,
    /// Where they stand.
    pub region: RegionId,
    /// What it pays for electricity; none for what its region pays.
    pub tariff: Option<KwhPrice>,
    /// What it asks at the start; none for the book price of its card.
    pub bid: Option<GpuHourPrice>,
    /// How often its machines are down: a declared class, or one made for its uptime.
    pub host_class: HostClassId,
}
