//! How an era's budget is shared. The rules only; what they come to is worked out in `reward`.

use units::{BasisPoints, GpuHourPrice, Ppm};

/// What decides how much of an era's budget is paid, and who gets how much of that
/// (economics.md 1.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewardMode {
    /// Nothing is emitted and nothing is paid.
    Off,
    /// All of it, in proportion to points.
    Points,
    /// Each provider is lifted to so many dollars for an hour of a proven GPU of multiplier 1,
    /// leases counted, as far as the budget reaches.
    UsdFloor {
        /// The floor.
        per_gpu_hour: GpuHourPrice,
    },
    /// Each provider gets a part of what tenants paid for its GPUs on top, as far as the budget
    /// reaches.
    RevenueMatch {
        /// The part.
        share: BasisPoints,
    },
    /// The less of the proven GPU-time is paid for, the more of the budget goes to points: all of
    /// it when none is, nothing from this share on.
    UtilizationGap {
        /// The share.
        full_at: Ppm,
    },
    /// Points share what is worth no less than a part and no more than a multiple of what tenants
    /// paid in the era; burned tokens come back to reach the part.
    PayerBand {
        /// The part.
        floor: BasisPoints,
        /// The multiple.
        ceiling: BasisPoints,
    },
}

impl RewardMode {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            RewardMode::Off => "off",
            RewardMode::Points => "points",
            RewardMode::UsdFloor { .. } => "usd_floor",
            RewardMode::RevenueMatch { .. } => "revenue_match",
            RewardMode::UtilizationGap { .. } => "utilization_gap",
            RewardMode::PayerBand { .. } => "payer_band",
        }
    }
}

/// A prize for a run of good eras, shared by points among those who complete it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestone {
    /// An era counts from this mark on.
    pub mark: Ppm,
    /// So many eras in a row complete it; then the count starts anew.
    pub eras: u32,
    /// The part of each era's budget that is set aside for those who complete it then.
    pub share: BasisPoints,
}

/// How much an era's budget each kind of rules gets; the two are the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolSplit {
    /// Under provider rules.
    pub provider: BasisPoints,
    /// Under Fizz rules.
    pub fizz: BasisPoints,
}
