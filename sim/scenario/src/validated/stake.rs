//! Stake, what is taken of it, who adds to it, and who watches.

use protocol::{Destinations, Fault, FaultRule, Pledge};
use units::{BasisPoints, Ppm, Span, Spon};

/// What must be staked.
#[derive(Clone, Copy, Debug)]
pub struct Stake {
    /// The form of the least stake, with its numbers.
    pub pledge: Pledge,
    /// Eras between reviews of everybody's least stake; zero for none.
    pub review_eras: u32,
    /// What providers do whose stake fell under the least.
    pub top_up: TopUp,
    /// Lowest stake at the start, in multiples of the minimum.
    pub initial_min: f64,
    /// Highest stake at the start, in multiples of the minimum.
    pub initial_max: f64,
    /// How long stake waits on its way out.
    pub unbonding: Span,
}

/// What a provider does at the end of an era when its stake is under the least: it brings what is
/// missing, or serves nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopUp {
    /// It always brings it.
    Always,
    /// It never does.
    Never,
    /// It does while it has earned more than it lost since the start, costs and slashes counted.
    IfItPays,
}

/// What a fault costs, and where that goes.
#[derive(Clone, Debug)]
pub struct Slashing {
    /// The price of each fault, in the order of [`Fault::ALL`].
    pub faults: [FaultRule; Fault::ALL.len()],
    /// Where it goes.
    pub destinations: Destinations,
    /// How long a slash can be appealed before it is final.
    pub appeal: Span,
    /// How old a fault may be when it comes before the chain.
    pub evidence_max_age: Span,
    /// How long a slash is remembered, by the slash factor of matching and by correlated slashes.
    pub window: Span,
}

/// Who delegates stake to providers, and how they choose.
#[derive(Clone, Copy, Debug)]
pub struct Delegation {
    /// How many; zero for none.
    pub delegators: u32,
    /// What each brings at the start.
    pub tokens: Spon,
    /// Part of its delegators' rewards that every provider keeps.
    pub commission: BasisPoints,
    /// Eras between one choice and the next.
    pub every_eras: u32,
    /// How much a higher yield counts: a delegator compares this many times the yearly net yield,
    /// added to a taste of its own for each provider (a logit).
    pub sensitivity: f64,
}

/// How often the providers of a pool do wrong, each of them, in a year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Misconduct {
    /// Rates, in the order of [`Misconduct::FAULTS`].
    pub per_year: [f64; Misconduct::FAULTS.len()],
    /// Share of the providers who do; the others never do wrong.
    pub cheats: Ppm,
}

impl Misconduct {
    /// What is done on purpose.
    pub const FAULTS: [Fault; 4] = [
        Fault::MisreportedHardware,
        Fault::MisreportedRegion,
        Fault::DataMisuse,
        Fault::WrongResult,
    ];
}

/// Who finds what providers do wrong.
#[derive(Clone, Copy, Debug)]
pub struct Challengers {
    /// Chance that honest challengers find an offence in an era.
    pub detection: Ppm,
    /// Chance that honest challengers accuse a provider who did nothing, in an era.
    pub wrong: Ppm,
    /// Share of challengers who collude: they keep silent of offences.
    pub colluding: Ppm,
    /// Chance that colluding challengers accuse a provider who did nothing, in an era, were they
    /// all.
    pub framing: Ppm,
    /// Chance that an appeal of a false accusation is right; where slashes can be appealed.
    pub upheld: Ppm,
}
