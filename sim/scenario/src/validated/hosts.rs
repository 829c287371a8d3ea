//! Host classes: when machines are down, and why.

use super::LogNormal;
use engine::distribution::Stretch;
use units::{GpuCount, Ppm, Span};

/// How often the machines of a host class are down.
#[derive(Clone, Debug)]
pub struct HostClass {
    /// The name.
    pub name: String,
    /// Faults, if it has any.
    pub fault: Option<Faults>,
    /// Faults of single GPUs, if it has any: they stop the machine's work but not its processor.
    /// Time up is exponential: then a machine of many fails as often as all of them together.
    pub gpu_fault: Option<UpDown>,
    /// A nightly time off, if it has one.
    pub daily_off: Option<DailyOff>,
    /// Downtime that its providers plan, if they do.
    pub maintenance: Option<Maintenance>,
    /// What it can download, in bits per second.
    pub bandwidth_bits_per_s: u64,
    /// How its machines' owners use them, by its place among the profiles; none for not at all.
    pub owner_use: Option<usize>,
}

/// When a machine is broken.
#[derive(Clone, Debug, PartialEq)]
pub enum Faults {
    /// All machines of the class by one law, each for itself.
    Law(UpDown),
    /// Each provider's machines stand in one of these sites, all as likely as the others.
    Sites(Vec<UpDown>),
    /// Each machine follows one of these recordings, all as likely as the others.
    Traces(Vec<Trace>),
}

/// A recording of one machine, which begins anew where it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Whether it is up in the first stretch.
    pub is_up_first: bool,
    /// Stretches up and down in turn: an even number of them, or one that never ends.
    pub lengths: Vec<Span>,
}

impl Trace {
    /// How long it is until it begins anew.
    pub fn total(&self) -> Span {
        self.lengths.iter().fold(Span::ZERO, |sum, length| sum + *length)
    }

    /// Whether the machine is up in a stretch.
    pub fn is_up(&self, index: usize) -> bool {
        self.is_up_first == index.is_multiple_of(2)
    }

    /// The share of time up.
    pub fn availability(&self) -> f64 {
        let seconds = |index: usize| self.lengths[index].as_secs_f64();
        let up = (0..self.lengths.len()).filter(|index| self.is_up(*index)).map(seconds);
        up.sum::<f64>() / self.total().as_secs_f64()
    }
}

/// Downtime that a provider plans and announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maintenance {
    /// From one beginning to the next.
    pub every: Span,
    /// How long it lasts.
    pub length: Span,
    /// How long before it is announced.
    pub notice: Span,
}

impl Faults {
    /// The share of time up, over all sites.
    pub fn availability(&self) -> f64 {
        match self {
            Faults::Law(law) => law.availability(),
            Faults::Sites(sites) => mean(sites.iter().map(UpDown::availability)),
            Faults::Traces(traces) => mean(traces.iter().map(Trace::availability)),
        }
    }
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

/// Alternating times up and down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpDown {
    /// Time between failures: of the machine, or of one GPU.
    pub up: Stretch,
    /// Time to repair.
    pub down: Stretch,
}

impl UpDown {
    /// The share of time up, by the renewal theorem: whatever the laws, their means decide.
    pub fn availability(&self) -> f64 {
        let (up, down) = (self.up.mean(), self.down.mean());
        up / (up + down)
    }

    /// The law of `units` that fail apart: so much more often. It holds where time up has no
    /// memory.
    #[must_use]
    pub fn of_many(&self, units: u32) -> UpDown {
        UpDown { up: self.up.divided_by(f64::from(units.max(1))), ..*self }
    }
}

impl Maintenance {
    /// The share of time outside it.
    pub fn availability(&self) -> f64 {
        1.0 - self.length.as_secs_f64() / self.every.as_secs_f64()
    }
}

impl HostClass {
    /// The share of time that a machine of so many GPUs is up, by the renewal theorem and
    /// independence.
    ///
    /// `A = (1 - off/24 h) * MTBF/(MTBF+MTTR) * [GPU: same, with n cards failing apart]`, less what
    /// is planned.
    pub fn availability(&self, gpus: GpuCount) -> f64 {
        let daily = self.daily_off.map_or(1.0, |off| 1.0 - off.length.as_secs_f64() / 86_400.0);
        let fault = self.fault.as_ref().map_or(1.0, Faults::availability);
        let gpu = self.gpu_fault.map_or(1.0, |law| law.of_many(gpus.0).availability());
        let planned = self.maintenance.map_or(1.0, |law| law.availability());
        daily * fault * gpu * planned
    }

    /// The recordings that its machines follow, if they do.
    pub fn traces(&self) -> Option<&[Trace]> {
        match &self.fault {
            Some(Faults::Traces(traces)) => Some(traces),
            _ => None,
        }
    }
}

/// A time off each day by local time.
#[derive(Clone, Copy, Debug)]
pub struct DailyOff {
    /// Local time of day when it starts, on average.
    pub start: Span,
    /// Each machine's own start lies within this much of the average, evenly.
    pub spread: Span,
    /// How long it lasts.
    pub length: Span,
}

/// Outages that hit a part of a region at once.
#[derive(Clone, Copy, Debug)]
pub struct RegionOutage {
    /// Mean time between outages in one region; zero for none.
    pub between: Span,
    /// How long one lasts.
    pub length: LogNormal,
    /// Share of the region's machines that it stops, in the mean.
    pub share: Ppm,
    /// How near the share of each outage is to that mean: the sum of both shapes of a beta law;
    /// none for always the same.
    pub concentration: Option<f64>,
}
