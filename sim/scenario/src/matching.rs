//! How a provider is chosen: the keys of `[matching]`.
//! What decides a round is read in `round_rules`, with the rules of snapshots.

use crate::reader::Table;
use crate::round_rules::{self, owner_leases_max};
use market::{Core, Forms, Rules, SoftFilters, Weights};
use units::text::parse_ppm;
use units::{Ppm, Span};

/// How a provider is chosen.
#[derive(Clone, Debug)]
pub struct Matching {
    /// How admitted bids are ranked, with its parameters.
    pub core: Core,
    /// Weights of the eight factors.
    pub weights: Weights,
    /// The form of each factor, and what the forms share.
    pub forms: Forms,
    /// Which filters are dropped, and the order flagged, when they leave nobody.
    pub soft: SoftFilters,
    /// The most open leases of one owner; none for no bound.
    pub owner_leases_max: Option<u32>,
    /// Where the randomness of a round comes from.
    pub beacon: BeaconKind,
    /// What a sequencer does with a beacon that it can choose.
    pub grinding: Grinding,
    /// Draws in all before an order counts as unmatched; the first and the redraws after misses.
    pub draws_max: u32,
    /// A newcomer's uptime before it has a record.
    pub uptime_prior: Ppm,
    /// How many eras the prior is worth.
    pub uptime_prior_eras: u32,
    /// Eras in the uptime window.
    pub uptime_window_eras: u32,
    /// Half-life of good and bad lease endings.
    pub reputation_half_life: Span,
    /// One order in this many keeps its round and its bids as rows.
    pub sample_one_in: u32,
}

/// Where the randomness of a round comes from (protocol.md 9.6). In a run its value is drawn from
/// seed and order; the kinds differ in who could have had another value. A snapshot adds the
/// evidence, which makes a `market::Beacon` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeaconKind {
    /// A threshold signature of the operators: it has one value, which nobody chooses.
    AvsThreshold,
    /// The hash of the closing block: the sequencer may try other blocks before it publishes one.
    BlockHash,
    /// Values that operators commit to and reveal: who reveals last may also keep silent, so it
    /// chooses between two.
    CommitReveal,
}

/// What a sequencer, or the last to reveal, does with a beacon that it can choose: it looks at the
/// winners under several values and publishes the first that makes a provider win whom it favours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grinding {
    /// Values that it can try in the time that it has.
    pub tries: u32,
    /// The share of providers that it favours, drawn by key.
    pub favoured: Ppm,
}

impl BeaconKind {
    /// Every kind by its name in scenarios and snapshots.
    pub const NAMED: &[(&str, BeaconKind)] = &[
        ("avs_threshold", BeaconKind::AvsThreshold),
        ("block_hash", BeaconKind::BlockHash),
        ("commit_reveal", BeaconKind::CommitReveal),
    ];
}

impl Matching {
    /// Values of the beacon among which somebody chooses; one where nobody does.
    pub fn beacon_tries(&self) -> u32 {
        let Grinding { tries, favoured } = self.grinding;
        match self.beacon {
            _ if favoured == Ppm::ZERO => 1,
            BeaconKind::AvsThreshold => 1,
            BeaconKind::BlockHash => tries,
            BeaconKind::CommitReveal => tries.min(2),
        }
    }
}

/// Most values of a beacon that one tries: each is a whole round.
const TRIES_MAX: u32 = 10_000;

/// How a provider is chosen.
pub fn matching(root: &Table) -> Matching {
    root.table("matching", |table| {
        let Rules { core, weights, forms, soft, draws_max } = round_rules::read(table);
        Matching {
            core,
            weights,
            forms,
            soft,
            draws_max,
            owner_leases_max: owner_leases_max(table),
            beacon: table.word("beacon", BeaconKind::NAMED),
            grinding: table.table("grinding", |grinding| Grinding {
                tries: grinding.whole("tries", 1..=TRIES_MAX),
                favoured: grinding.quantity("favoured", parse_ppm),
            }),
            uptime_prior: table.quantity("uptime_prior", parse_ppm),
            uptime_prior_eras: table.whole("uptime_prior_eras", 0..=366),
            uptime_window_eras: table.whole("uptime_window_eras", 1..=366),
            reputation_half_life: table.span_above_zero("reputation_half_life"),
            sample_one_in: table.whole("sample_one_in", 1..=u32::MAX),
        }
    })
}
