//! When providers enter a market and leave it, and who is let in (economics.md 1.12).

use super::Moving;
use units::{GpuHourPrice, Ppm, Span, Usd};

/// What providers know and want when they decide whether to be there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Investment {
    /// Eras between one decision and the next.
    pub review_eras: u32,
    /// Eras that are remembered.
    pub window_eras: u32,
    /// What is expected from what was seen.
    pub expectation: Expecting,
    /// Weight of an era in a mean that forgets.
    pub ewma_weight: f64,
    /// The quantile of the remembered eras that optimists expect.
    pub optimistic_quantile: f64,
    /// What becomes of a provider's leases when it leaves.
    pub leases: LeasesLeft,
    /// What a GPU costs for each hour that it is there, beside electricity, gas and slashes.
    pub upkeep: GpuHourPrice,
    /// Numbers of the rule `logit`.
    pub logit: LogitRule,
    /// Numbers of the rules `npv` and `option`.
    pub npv: NpvRule,
    /// Numbers of the rules `hysteresis` and `option`.
    pub hysteresis: HysteresisRule,
    /// Numbers of the rule `bull`.
    pub bull: BullRule,
}

/// What is expected of the eras to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expecting {
    /// The last era again.
    Naive,
    /// A mean that forgets.
    Ewma,
    /// A quantile of the eras that are remembered.
    Optimistic,
    /// What there will be to earn when all who decide expect the same.
    Rational,
}

/// What becomes of the leases of a provider that leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeasesLeft {
    /// It takes no more, and stays until those that it has have ended.
    Drain,
    /// It switches off; they fail, with what that costs.
    Drop,
}

/// People whose tastes differ: the better it pays, the more of them are there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogitRule {
    /// How often each thinks about it, per month.
    pub per_month: f64,
    /// How much tastes differ.
    pub scale: GpuHourPrice,
    /// What the hardware could earn elsewhere.
    pub outside: GpuHourPrice,
}

/// The net present value of new hardware. Rates are continuous, per year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NpvRule {
    /// What money costs.
    pub rate: f64,
    /// How fast rents are expected to fall.
    pub decline: f64,
    /// For how long the hardware is let.
    pub life: Span,
    /// What it sells for after that, as a share of its price.
    pub salvage: Ppm,
}

/// Rents that wander, and the band that waiting opens. Rates are continuous, per year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HysteresisRule {
    /// What money costs.
    pub rate: f64,
    /// Expected growth of rents; less than the rate.
    pub drift: f64,
    /// Standard deviation of a year's relative change.
    pub sigma: f64,
    /// What leaving costs, as a share of the hardware's price.
    pub leave_cost: Ppm,
}

/// A boom: the sooner hardware pays itself back, the more is bought (protocol.md 10).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BullRule {
    /// Chance per month to enter for each unit of gain: the rate `e`.
    pub strength: f64,
    /// The time to pay back at which nobody is drawn in. Half of it is a gain of 1.
    pub payback: Span,
}

/// When a provider kind leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// Never.
    Never,
    /// By chance, the more likely the less it pays; it comes back likewise.
    Logit,
    /// When revenue falls below the lower trigger; it comes back above the upper one.
    Hysteresis,
    /// When the cash of the remembered eras together is below zero, for good.
    Margin,
    /// When its machines earn more on another network; it comes back when they earn more here.
    Move(Moving),
}

impl Leaving {
    /// The word in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Leaving::Never => "never",
            Leaving::Logit => "logit",
            Leaving::Hysteresis => "hysteresis",
            Leaving::Margin => "margin",
            Leaving::Move(_) => "move",
        }
    }
}

/// Owners who may enter a pool later.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// How many, beyond the pool's providers and newcomers.
    pub prospects: u32,
    /// When they buy.
    pub buying: Buying,
}

/// Owners of the start who may add machines to those that they have, one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expansion {
    /// The most that each adds.
    pub machines: u32,
    /// When they buy; what they have to spend grows by what they earn.
    pub buying: Buying,
}

/// When hardware is bought, and what limits that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Buying {
    /// When it is.
    pub rule: EntryRule,
    /// Shortest time from an order of hardware to its first bid.
    pub lead_min: Span,
    /// Longest.
    pub lead_max: Span,
    /// For how many of them hardware can be had, in 30 days.
    pub per_month: u32,
    /// What each has to spend; as much as it takes where it is not said.
    pub capital: Option<Capital>,
}

/// A log-normal amount of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capital {
    /// The median.
    pub median: Usd,
    /// The standard deviation of the natural logarithm.
    pub sigma: f64,
}

/// When somebody buys hardware to be there with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryRule {
    /// By chance, the more likely the more it pays, what hardware costs over its life reckoned in.
    Logit,
    /// When new hardware is worth more than it costs.
    Npv,
    /// When it is worth so many times what it costs that waiting is not better.
    Option,
    /// When revenue rises above the upper trigger.
    Hysteresis,
    /// By chance, the more likely the sooner hardware pays itself back.
    Bull,
}

impl EntryRule {
    /// The word in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            EntryRule::Logit => "logit",
            EntryRule::Npv => "npv",
            EntryRule::Option => "option",
            EntryRule::Hysteresis => "hysteresis",
            EntryRule::Bull => "bull",
        }
    }
}

/// Who is let into a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Anybody, at once.
    Open,
    /// Whose hardware is attested.
    Attested(Check),
    /// Whose owner is known.
    Kyc(Check),
}

impl Admission {
    /// The word in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Admission::Open => "open",
            Admission::Attested(_) => "attested",
            Admission::Kyc(_) => "kyc",
        }
    }

    /// What is checked; nothing where it is open.
    pub const fn check(self) -> Option<Check> {
        match self {
            Admission::Open => None,
            Admission::Attested(check) | Admission::Kyc(check) => Some(check),
        }
    }
}

/// A check before somebody is let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it costs each identity.
    pub cost: Usd,
    /// How long it takes.
    pub delay: Span,
    /// Chance that somebody who would cheat passes.
    pub false_accept: Ppm,
}
