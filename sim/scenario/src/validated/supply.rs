//! Pools: who offers what, and how much is wanted of it.

use super::{
    Admission, Bursts, DemandCurve, Entry, Expansion, KindWeights, Misconduct, Replay, Wave,
};
use protocol::PoolRules;
use units::{GpuCount, Span};

/// A pool: supply and the demand that is aimed at it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The name.
    pub name: String,
    /// Its rules.
    pub rules: PoolRules,
    /// How many providers.
    pub providers: u32,
    /// Fewest machines of one provider.
    pub machines_min: u32,
    /// Most machines of one provider.
    pub machines_max: u32,
    /// Mean machines of one provider: a geometric number, cut to the two ends.
    pub machines_mean: f64,
    /// GPUs in each machine.
    pub gpus_per_machine: GpuCount,
    /// Weight of each card, by `CardId`.
    pub card_weights: Vec<f64>,
    /// Weight of each region, by `RegionId`.
    pub region_weights: Vec<f64>,
    /// Weight of each host class, by `HostClassId`.
    pub host_class_weights: Vec<f64>,
    /// Weight of each provider kind.
    pub kind_weights: KindWeights,
    /// Log standard deviation of asked prices around the book.
    pub price_sigma: f64,
    /// Whether its providers are spread over the countries of their regions.
    pub is_by_country: bool,
    /// Whether its machines are in homes: household tariff, last mile.
    pub is_home: bool,
    /// Weight of each trust tier at the start, tiers 1 to 7; empty under Fizz rules.
    pub trust_weights: Vec<f64>,
    /// Providers that join later, if any do.
    pub newcomers: Option<Newcomers>,
    /// Owners who may enter, if any may.
    pub entry: Option<Entry>,
    /// What its owners may add, if they may.
    pub expansion: Option<Expansion>,
    /// Whom it lets in.
    pub admission: Admission,
    /// Owners who register under several identities, if any do.
    pub splitting: Option<Splitting>,
    /// What its providers do wrong, if they do.
    pub misconduct: Option<Misconduct>,
    /// What demand aims at.
    pub demand: Demand,
    /// How that answers to the price; none where it does not.
    pub demand_curve: Option<DemandCurve>,
    /// Weight of each tenant kind; none where every job comes to this network.
    pub tenant_kinds: Option<KindWeights>,
    /// Size of the hourly demand multiplier: standard deviation of its logarithm.
    pub demand_sigma: f64,
    /// Its correlation from hour to hour.
    pub demand_correlation: f64,
    /// Multipliers of the 24 local hours; mean 1.
    pub hours: [f64; 24],
    /// Multipliers of the 7 local weekdays from Monday; mean 1.
    pub weekdays: [f64; 7],
    /// Sines of the rate of arrivals, beside its hours.
    pub waves: Vec<Wave>,
    /// How arrivals bunch.
    pub bursts: Bursts,
    /// Jobs of a file, if there is one.
    pub replay: Option<Replay>,
}

/// Providers that join a pool later, without a past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomers {
    /// How many, beyond the pool's providers.
    pub count: u32,
    /// When, from the start of the run.
    pub join: Span,
}

/// Owners who divide their machines and their stake among several identities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Splitting {
    /// How many of the pool's providers do.
    pub owners: u32,
    /// Identities of each; no more than it has machines.
    pub identities: u32,
    /// What each of them stakes in all, in multiples of its minimum.
    pub stake: f64,
}

/// What a pool's demand aims at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    /// A share of the GPU-hours that are up.
    Load(f64),
    /// GPUs wanted at once, whatever the supply.
    Gpus(f64),
}
