//! What a tenant asks for, as the matcher sees it.

use units::{CardSet, EntityKey, GpuCount, GpuHourPrice, Ppm, RegionId, RegionSet, Span, TrustSet};

/// Which service an order asks for, and a candidate gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Home machines behind a gateway.
    Fizz,
    /// Providers with nodes and trust tiers of their own.
    Provider,
}

/// An order whose bid window has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Who it is: part of the beacon's seed.
    pub key: EntityKey,
    /// The service it asks for.
    pub mode: Mode,
    /// The trust tiers it accepts; read in [`Mode::Provider`] only.
    pub trust_tiers: TrustSet,
    /// Least uptime over the last eras; [`Ppm::ZERO`] for any.
    pub uptime_min: Ppm,
    /// The regions it accepts.
    pub regions: RegionSet,
    /// The providers it refuses.
    pub excluded: Vec<EntityKey>,
    /// The cards that will do.
    pub cards: CardSet,
    /// GPUs it needs, all on one node.
    pub gpus: GpuCount,
    /// The most it pays, in nano-dollars per GPU-hour.
    pub ceiling: GpuHourPrice,
    /// The longest round trip between tenant and machine; none for no bound.
    pub latency_bound: Option<Span>,
    /// Where it is used from: the round trips are taken from there.
    pub tenant_region: RegionId,
}
