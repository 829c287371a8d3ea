//! What owners do with their consumer machines, hour by hour of the week.

use units::{Ppm, Span};

/// Hours of a week.
pub const WEEK_HOURS: usize = 7 * 24;

/// How the owners of a host class use its machines.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnerProfile {
    /// The name.
    pub name: String,
    /// The share of the GPU from which on a session stops leases; below it, it slows them.
    pub preempts_from: Ppm,
    /// The machine is on and nobody sits at it: the rest of every hour.
    pub idle: Activity,
    /// What its owner does else.
    pub activities: Vec<Activity>,
}

/// One thing that an owner does.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// The name.
    pub name: String,
    /// Least share of the GPU that a session takes.
    pub use_min: Ppm,
    /// Most; each session's share lies evenly between the two.
    pub use_max: Ppm,
    /// Mean length of a session, while the hour's shares stay what they are.
    pub session: Span,
    /// The share of owners at it in each local hour of the week, from Monday.
    pub shares: Vec<f64>,
}

impl OwnerProfile {
    /// Idling and all else, idling first.
    pub fn all(&self) -> impl Iterator<Item = &Activity> + Clone {
        std::iter::once(&self.idle).chain(&self.activities)
    }

    /// The share of the week in which machines are free of sessions that stop leases.
    pub fn availability(&self) -> f64 {
        let stopped = |one: &Activity| one.mean_share() * one.chance_from(self.preempts_from);
        1.0 - self.all().map(stopped).sum::<f64>()
    }

    /// What owners take of their GPUs over the week, in the mean.
    pub fn mean_use(&self) -> f64 {
        let used =
            |one: &Activity| one.mean_share() * (one.use_min.as_f64() + one.use_max.as_f64()) / 2.0;
        self.all().map(used).sum()
    }
}

impl Activity {
    fn mean_share(&self) -> f64 {
        self.shares.iter().sum::<f64>() / WEEK_HOURS as f64
    }

    /// The chance that a session takes at least `least` of the GPU.
    fn chance_from(&self, least: Ppm) -> f64 {
        if self.use_min >= least {
            return 1.0;
        }
        let above = self.use_max.0.saturating_sub(least.0);
        f64::from(above) / f64::from((self.use_max.0 - self.use_min.0).max(1))
    }
}
