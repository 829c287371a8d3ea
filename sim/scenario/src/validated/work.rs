//! Jobs: how much of what, how it survives failures, and how it is ordered.

use super::{DemandCurve, Growth, LogNormal, ServiceLevel};
use units::{CardId, GpuCount, Ppm, Span};

/// Who needs GPUs.
#[derive(Clone, Debug)]
pub struct Tenants {
    /// How many.
    pub count: u32,
    /// Weight of each region, by `RegionId`; drawn once for each tenant.
    pub region_weights: Vec<f64>,
}

/// A job class of a pool.
#[derive(Clone, Debug)]
pub struct Class {
    /// The name: `<pool>.<class>`.
    pub name: String,
    /// Its pool.
    pub pool: units::PoolId,
    /// Its share of the pool's GPU-hours.
    pub share: Ppm,
    /// Numbers of GPUs that it asks for, and their weights.
    pub sizes: Vec<(GpuCount, f64)>,
    /// How long its jobs run.
    pub duration: Durations,
    /// The card whose hours its jobs are counted in: they take less on a faster one. None where
    /// they take as long on any card.
    pub reference: Option<CardId>,
    /// Its own multipliers of the 24 local hours, mean 1; none for those of its pool.
    pub hours: Option<[f64; 24]>,
    /// How its demand grows, if it does.
    pub growth: Option<Growth>,
    /// How the quantity that is wanted answers to its pool's price: by its own curve or its
    /// pool's; none where it does not answer.
    pub demand_curve: Option<DemandCurve>,
    /// What its jobs' machines download before they start, if its size counts.
    pub image: Option<Image>,
    /// How its work survives a failure.
    pub progress: Progress,
    /// The share of its jobs whose tenants sign a long contract where that costs them no more.
    pub long_contracts: Ppm,
    /// What its leases declare for a failure.
    pub on_failure: OnFailure,
    /// Least uptime over the last eras that it accepts; zero for none.
    pub uptime_min: Ppm,
    /// The range of its latency bounds; none for no bound.
    pub latency_bound: Option<(Span, Span)>,
    /// What is promised to its jobs.
    pub service_level: ServiceLevel,
}

/// The sizes of a class's images: log-normal, cut off above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Image {
    /// The median, in bytes.
    pub median_bytes: u64,
    /// The standard deviation of the natural logarithm.
    pub sigma: f64,
    /// The largest, in bytes: what is drawn above is as large.
    pub max_bytes: u64,
}

/// How long the jobs of a class run.
#[derive(Clone, Debug, PartialEq)]
pub enum Durations {
    /// By one law, whatever their size.
    Alike(Duration),
    /// By a law for each size, in the order of the sizes: large jobs are not small ones with more
    /// GPUs (data.md 5.2).
    BySize(Vec<Duration>),
}

impl Durations {
    /// The law of a size, by its place.
    pub fn of_size(&self, place: usize) -> &Duration {
        match self {
            Durations::Alike(law) => law,
            Durations::BySize(laws) => &laws[place],
        }
    }
}

/// How long a job runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duration {
    /// The law.
    pub law: DurationLaw,
    /// Shortest.
    pub min: Span,
    /// Longest.
    pub max: Span,
}

/// The law of a duration before it is cut to its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DurationLaw {
    /// Log-normal: median and standard deviation of the natural logarithm.
    LogNormal(LogNormal),
    /// Exponential with this mean.
    Exponential(Span),
    /// Always this long.
    Fixed(Span),
}

/// How work survives a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A service: time served is served.
    Service,
    /// Saved at this interval: what came after the last save is lost.
    Checkpoint(Span),
    /// Nothing is saved: a failure loses all.
    Restart,
}

/// What a lease declares for a failure of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It closes; the tenant orders the remainder after the retry interval.
    Close,
    /// It waits this long for the machine, unpaid, then closes.
    PauseAndResume(Span),
    /// It closes and the remainder is ordered at once.
    Migrate,
}

/// How orders are placed, retried and given up.
#[derive(Clone, Copy, Debug)]
pub struct Ordering {
    /// Time between an order that failed and the next.
    pub retry_every: Span,
    /// Time after which a tenant gives a job up, counted from when it last lost its place.
    pub patience: Span,
    /// Lowest ceiling as a multiple of the book price of the card asked for.
    pub ceiling_min: f64,
    /// Highest ceiling as a multiple of the book price.
    pub ceiling_max: f64,
    /// Time a provider has to confirm a reservation.
    pub ready_timeout: Span,
    /// Shortest image pull and boot.
    pub boot_min: Span,
    /// Longest image pull and boot.
    pub boot_max: Span,
}
