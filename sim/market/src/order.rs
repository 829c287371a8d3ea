//! What a tenant asks for, as the matcher sees it.

use units::{
    CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, KeySet, Ppm, RegionId, RegionSet, Span,
    TrustSet,
};

/// Which service an order asks for, and a candidate gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Home machines behind a gateway.
    Fizz,
    /// Providers with nodes and trust tiers of their own.
    Provider,
}

impl Mode {
    /// Both services with their names in snapshots and records.
    pub const NAMED: &[(&str, Mode)] = &[("fizz", Mode::Fizz), ("provider", Mode::Provider)];
}

/// What a node has beside GPUs, or what an order needs of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// Processor units.
    pub cpus: u32,
    /// Memory, in MiB.
    pub memory_mib: u32,
    /// Shared memory, in MiB.
    pub shared_memory_mib: u32,
    /// Disk, in GiB.
    pub disk_gib: u32,
    /// Bandwidth down, in Mbit/s.
    pub bandwidth_mbps: u32,
}

impl Host {
    /// More than anything needs: for markets that do not state it.
    pub const AMPLE: Host = Host {
        cpus: u32::MAX,
        memory_mib: u32::MAX,
        shared_memory_mib: u32::MAX,
        disk_gib: u32::MAX,
        bandwidth_mbps: u32::MAX,
    };

    /// Whether it has everything that `needed` names.
    pub fn covers(&self, needed: &Host) -> bool {
        self.cpus >= needed.cpus
            && self.memory_mib >= needed.memory_mib
            && self.shared_memory_mib >= needed.shared_memory_mib
            && self.disk_gib >= needed.disk_gib
            && self.bandwidth_mbps >= needed.bandwidth_mbps
    }
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
    /// The regions where the law lets its data be.
    pub lawful: RegionSet,
    /// The providers it asks for by name; empty for any.
    pub included: KeySet,
    /// The providers it refuses.
    pub excluded: KeySet,
    /// The cards that will do.
    pub cards: CardSet,
    /// GPUs it needs, all on one node.
    pub gpus: GpuCount,
    /// How much it needs of each; less than the whole only for one GPU.
    pub share: CardShare,
    /// What it needs of the node beside GPUs.
    pub host: Host,
    /// The most it pays, in nano-dollars per GPU-hour.
    pub ceiling: GpuHourPrice,
    /// The longest round trip between tenant and machine; none for no bound.
    pub latency_bound: Option<Span>,
    /// The most open leases of one owner; none for no bound.
    pub owner_leases_max: Option<u32>,
    /// Where it is used from: the round trips are taken from there.
    pub tenant_region: RegionId,
    /// The regions of the tenant's continent.
    pub near: RegionSet,
}

impl Order {
    /// An order for one GPU of any card, anywhere, at up to `ceiling`; the rest can be changed.
    pub fn plain(key: EntityKey, mode: Mode, ceiling: GpuHourPrice) -> Order {
        Order {
            key,
            mode,
            trust_tiers: TrustSet::ANY,
            uptime_min: Ppm::ZERO,
            regions: RegionSet::ALL,
            lawful: RegionSet::ALL,
            included: KeySet::default(),
            excluded: KeySet::default(),
            cards: CardSet::ALL,
            gpus: GpuCount(1),
            share: CardShare::WHOLE,
            host: Host::default(),
            ceiling,
            latency_bound: None,
            owner_leases_max: None,
            tenant_region: RegionId(0),
            near: RegionSet::ALL,
        }
    }
}
