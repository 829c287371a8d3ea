//! The committee as declared: who signs, how fast, and what is wrong with it.

use crate::validated::LogNormal;
use units::{BasisPoints, Ppm, RegionId, RegionSet, Span, Spon};

/// The committee that signs matches.
#[derive(Clone, Debug)]
pub struct Committee {
    /// The operators, by `OperatorId`.
    pub operators: Vec<Operator>,
    /// What all of them posted.
    pub stake: Spon,
    /// Stake that must sign.
    pub quorum: BasisPoints,
    /// Time an operator computes.
    pub compute: LogNormal,
    /// How long after it was asked for a signature still counts.
    pub deadline: Span,
    /// How often a round is repeated because the quorum was missed, before its order fails.
    pub retries_max: u32,
    /// Part of its magnitude that an operator loses for a proven deviation.
    pub slash_fraction: BasisPoints,
}

/// One operator of the committee. What is wrong with it is nothing unless it is declared.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub region: RegionId,
    /// Its share of the committee's stake.
    pub stake: BasisPoints,
    /// How old what it knows of providers' capacity is.
    pub view_lag: Span,
    /// Share of rounds in which it is silent.
    pub offline: Ppm,
    /// Share of rounds in which it signs what its view does not give.
    pub wrong_digest: Ppm,
    /// What makes it slow.
    pub slow: Slow,
    /// What it censors.
    pub censors: Option<Censors>,
}

/// What an operator's computing takes more than that of the others.
#[derive(Clone, Copy, Debug)]
pub struct Slow {
    /// How many times as long, in hundredths.
    pub factor_hundredths: u32,
    /// Added to that.
    pub delay: Span,
}

/// Whom an operator does not serve: it signs no round of a censored order, and its view lacks
/// censored providers. Addresses are listed by lot, the same for all operators: whoever lists the
/// smaller share lists a part of the larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Censors {
    /// Orders from these regions.
    pub tenants_from: RegionSet,
    /// Providers in these regions.
    pub providers_from: RegionSet,
    /// Share of the tenants' addresses.
    pub tenants: Ppm,
    /// Share of the providers' addresses.
    pub providers: Ppm,
}

impl Slow {
    /// Like everybody.
    pub const NOT: Slow = Slow { factor_hundredths: 100, delay: Span::ZERO };

    /// How long what takes others `compute` takes a slow operator.
    pub fn slow_down(self, compute: Span) -> Span {
        let nanos = compute.nanos().saturating_mul(u64::from(self.factor_hundredths)) / 100;
        Span::from_nanos(nanos) + self.delay
    }
}

impl Censors {
    /// Serves everybody.
    pub const NOBODY: Censors = Censors {
        tenants_from: RegionSet(0),
        providers_from: RegionSet(0),
        tenants: Ppm::ZERO,
        providers: Ppm::ZERO,
    };
}

impl Committee {
    /// What one operator posted. Shares of a stake in whole tokens are exact.
    pub fn posted_rounded_down(&self, operator: &Operator) -> Spon {
        Spon::from_base(operator.stake.of_rounded_down(self.stake.base()))
    }
}
