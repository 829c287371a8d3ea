//! How a provider is chosen: the keys of `[matching]`.
//!
//! Parameters of all cores are declared side by side, as chain profiles are; those of the chosen
//! core are in force. So a core is changed with one key and keeps its published parameters.

use crate::node::{Node, Value};
use crate::reader::Table;
use market::factor::{
    AvailabilityForm, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm, UptimeForm,
};
use market::{
    Core, Forms, KalypsoLinear, LavaProduct, LivepeerMix, PowerOfD, SoftFilters, Weights,
};
use units::text::{parse_basis_points, parse_gpu_hour_price, parse_ppm};
use units::{BasisPoints, Ppm, Span};

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
/// Largest exponent of Lava's product.
const EXPONENT_MAX: f64 = 10.0;

/// How a provider is chosen.
pub fn matching(root: &Table) -> Matching {
    root.table("matching", |table| Matching {
        core: core(table),
        weights: weights(table),
        forms: forms(table),
        soft: SoftFilters {
            latency_bound: is_soft(table, "latency_bound"),
            owner_cap: is_soft(table, "owner_cap"),
        },
        owner_leases_max: whole_or_none(table, "owner_leases_max"),
        beacon: table.word("beacon", BeaconKind::NAMED),
        grinding: table.table("grinding", |grinding| Grinding {
            tries: grinding.whole("tries", 1..=TRIES_MAX),
            favoured: grinding.quantity("favoured", parse_ppm),
        }),
        draws_max: table.whole("draws_max", 1..=1_000),
        uptime_prior: table.quantity("uptime_prior", parse_ppm),
        uptime_prior_eras: table.whole("uptime_prior_eras", 0..=366),
        uptime_window_eras: table.whole("uptime_window_eras", 1..=366),
        reputation_half_life: table.span_above_zero("reputation_half_life"),
        sample_one_in: table.whole("sample_one_in", 1..=u32::MAX),
    })
}

/// Whether a filter gives way when it leaves nobody.
fn is_soft(table: &Table, key: &str) -> bool {
    table.word(key, &[("soft", true), ("hard", false)])
}

/// A whole number from 1, or the word `none`.
fn whole_or_none(table: &Table, key: &str) -> Option<u32> {
    match table.peek(key).map(|node| &node.value) {
        Some(Value::Text(word)) if word == "none" => None,
        _ => Some(table.whole(key, 1..=u32::MAX)),
    }
}

/// The core in force with its parameters. Those of all cores are read and checked.
fn core(table: &Table) -> Core {
    let names: Vec<(&str, Core)> = Core::all().collect();
    let core = table.word("core", &names);
    table.table("core_parameters", |all| {
        let declared = [
            Core::LivepeerMix(all.table("livepeer_mix", livepeer_mix)),
            Core::LavaProduct(all.table("lava_product", lava_product)),
            Core::KalypsoLinear(all.table("kalypso_linear", kalypso_linear)),
            Core::PowerOfD(PowerOfD {
                choices: all.table("power_of_d", |table| table.whole("choices", 1..=1_000_000)),
            }),
        ];
        for other in declared.iter().filter(|other| other.name() != core.name()) {
            refuse_set(all, other.name(), core.name());
        }
        declared.into_iter().find(|one| one.name() == core.name()).unwrap_or(core)
    })
}

/// Refuses `--set` of a parameter that nothing reads: it was meant to change the run.
fn refuse_set(all: &Table, name: &str, chosen: &str) {
    let is_set = |node: &Node| &*node.origin.file == "--set";
    let parameters = all.peek(name).map_or(&[][..], Node::entries);
    if parameters.iter().any(|(_, node)| is_set(node)) {
        let message = format!(
            "is set, but the core is {chosen}; choose matching.core = \"{name}\" or leave it"
        );
        all.problem(name, message);
    }
}

fn livepeer_mix(table: &Table) -> LivepeerMix {
    let share = |key: &str| table.quantity(key, parse_basis_points);
    let mix = LivepeerMix {
        stake: share("stake"),
        price: share("price"),
        random: share("random"),
        price_unit: table.quantity("price_unit", parse_gpu_hour_price),
    };
    let sum = [mix.stake, mix.price, mix.random].map(|share| f64::from(share.0) / 1e4);
    table.whole_share(sum.iter().sum());
    mix
}

fn lava_product(table: &Table) -> LavaProduct {
    let milli = |key: &str| libm::round(table.number(key, 0.0..=EXPONENT_MAX) * 1e3) as u16;
    LavaProduct {
        stake_exponent_milli: milli("stake_exponent"),
        geo_exponent_milli: milli("geo_exponent"),
    }
}

fn kalypso_linear(table: &Table) -> KalypsoLinear {
    let coefficient = |key: &str| {
        let whole = table.integer(key, -100..=100).unwrap_or(0);
        i8::try_from(whole).expect("the range is inside that of i8")
    };
    KalypsoLinear {
        successes: coefficient("successes"),
        slashes: coefficient("slashes"),
        price: coefficient("price"),
        time: coefficient("time"),
        leases: coefficient("leases"),
    }
}

/// Weights as a scenario may have them: all of a whole, and not all of it chance.
fn weights(table: &Table) -> Weights {
    read_weights(table, "weights", |table, weights| {
        let sum = weights.sum().0;
        table.require(weights.sum() == BasisPoints::WHOLE, "", || {
            format!("adds up to {sum} bp; make the eight weights add up to 10000 bp")
        });
        table.require(weights.scored().0 > 0, "", || {
            "scores nothing; give one of the first seven factors a weight".to_string()
        });
    })
}

/// A preset by its name, or the eight weights, which `check` looks at.
pub fn read_weights(table: &Table, key: &str, check: impl FnOnce(&Table, &Weights)) -> Weights {
    if let Some(Value::Text(_)) = table.peek(key).map(|node| &node.value) {
        return table.word(key, &Weights::NAMED);
    }
    table.table(key, |table| {
        let weight = |key: &str| table.quantity(key, parse_basis_points);
        let weights = Weights {
            region: weight("region"),
            price: weight("price"),
            uptime: weight("uptime"),
            reputation: weight("reputation"),
            availability: weight("availability"),
            slash: weight("slash"),
            stake: weight("stake"),
            randomness: weight("randomness"),
        };
        check(table, &weights);
        weights
    })
}

fn forms(table: &Table) -> Forms {
    let stake_cap_multiple = table.whole("stake_cap_multiple", 1..=1_000_000);
    let is_weighted_by_capacity = table.flag("is_weighted_by_capacity");
    table.table("forms", |forms| Forms {
        region: forms.word("region", RegionForm::NAMED),
        price: forms.word("price", PriceForm::NAMED),
        uptime: forms.word("uptime", UptimeForm::NAMED),
        reputation: forms.word("reputation", ReputationForm::NAMED),
        availability: forms.word("availability", AvailabilityForm::NAMED),
        slash: forms.word("slash", SlashForm::NAMED),
        stake: forms.word("stake", StakeForm::NAMED),
        stake_cap_multiple,
        is_weighted_by_capacity,
    })
}
