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
}

/// When a machine is broken.
#[derive(Clone, Debug, PartialEq)]
pub enum Faults {
    /// All machines of the class by one law, each for itself.
    Law(UpDown),
    /// Each provider's machines stand in one of these zones, all as likely as the others.
    Zones(Vec<UpDown>),
}

impl Faults {
    /// The share of time up, over all zones.
    pub fn availability(&self) -> f64 {
        match self {
            Faults::Law(law) => law.availability(),
            Faults::Zones(zones) => {
                zones.iter().map(UpDown::availability).sum::<f64>() / zones.len() as f64
            }
        }
    }
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

impl HostClass {
    /// The share of time that a machine of so many GPUs is up, by the renewal theorem and
    /// independence.
    ///
    /// `A = (1 - off/24 h) * MTBF/(MTBF+MTTR) * [GPU: same, with n cards failing apart]`.
    pub fn availability(&self, gpus: GpuCount) -> f64 {
        let daily = self.daily_off.map_or(1.0, |off| 1.0 - off.length.as_secs_f64() / 86_400.0);
        let fault = self.fault.as_ref().map_or(1.0, Faults::availability);
        let gpu = self.gpu_fault.map_or(1.0, |law| law.of_many(gpus.0).availability());
        daily * fault * gpu
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
    /// Share of the region's machines that it stops.
    pub share: Ppm,
}
