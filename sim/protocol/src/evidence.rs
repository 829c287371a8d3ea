//! What the end of an era is judged by, and what it brings a provider.

use units::{Ppm, Spon};

/// What the challenges of an era found of one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EraEvidence {
    /// Share of challenges passed, weighted by kind.
    pub uptime: Ppm,
    /// GPU-time that open leases lost to machines that were down, in GPU-nanoseconds.
    pub downtime_gpu_ns: u64,
    /// GPU-time of machines that had come back lately and earn nothing yet, in GPU-nanoseconds.
    pub cooling_gpu_ns: u64,
}

/// What an era brought one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EraOutcome {
    /// Points that counted, in millionths.
    pub points_micro: u64,
    /// Reward paid to the provider.
    pub reward: Spon,
    /// Reward paid to its delegators.
    pub delegators: Spon,
    /// Stake taken.
    pub slash: Spon,
    /// Of it, what was delegated.
    pub slash_delegated: Spon,
}
