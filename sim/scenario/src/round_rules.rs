//! What decides a round beside order, candidates and beacon: the keys that `[matching]` of a
//! scenario and `rules` of a snapshot share. One reader gives each of them one spelling, one
//! meaning and one bound.
//!
//! Parameters of all cores are declared side by side, as chain profiles are; those of the chosen
//! core are in force. So a core is changed with one key and keeps its published parameters.

use crate::node::{Node, Value};
use crate::reader::Table;
use market::factor::{
    AvailabilityForm, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm, UptimeForm,
};
use market::{
    Core, Forms, KalypsoLinear, LavaProduct, LivepeerMix, PowerOfD, Rules, SoftFilters, Weights,
};
use units::BasisPoints;
use units::text::{parse_basis_points, parse_gpu_hour_price};

/// Most draws for one order.
const DRAWS_MAX: u32 = 1_000;
/// Largest multiple of the minimum up to which stake counts.
const STAKE_CAP_MULTIPLE_MAX: u32 = 1_000_000;
/// Largest exponent of Lava's product, in thousandths.
const EXPONENT_MILLI_MAX: u32 = 10_000;
/// Most candidates among which the best is taken.
const CHOICES_MAX: u32 = 1_000_000;
/// The largest cap of leases for one owner.
const OWNER_LEASES_MAX: u32 = 1_000_000;

/// Reads the rules; each key must be there.
pub fn read(table: &Table) -> Rules {
    Rules {
        core: core(table),
        weights: weights(table),
        forms: forms(table),
        soft: soft(table),
        draws_max: table.whole("draws_max", 1..=DRAWS_MAX),
    }
}

/// The most open leases of one owner: a whole number, or the word `none`. A scenario declares it
/// for all orders, a snapshot for its one.
pub fn owner_leases_max(table: &Table) -> Option<u32> {
    let key = "owner_leases_max";
    match table.peek(key).map(|node| &node.value) {
        Some(Value::Text(word)) if word == "none" => None,
        _ => Some(table.whole(key, 1..=OWNER_LEASES_MAX)),
    }
}

/// The filters that give way when they leave nobody; all others are hard.
fn soft(table: &Table) -> SoftFilters {
    let mut soft = SoftFilters::default();
    table.each_text("soft", |name| {
        match name {
            "latency_bound" => soft.latency_bound = true,
            "owner_cap" => soft.owner_cap = true,
            _ => return Err("is no soft filter; write latency_bound or owner_cap".to_string()),
        }
        Ok(())
    });
    soft
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
                choices: all.table("power_of_d", |table| table.whole("choices", 1..=CHOICES_MAX)),
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
    let milli = |key: &str| {
        let whole = table.whole(key, 0..=EXPONENT_MILLI_MAX);
        u16::try_from(whole).expect("the range is inside that of u16")
    };
    LavaProduct {
        stake_exponent_milli: milli("stake_exponent_milli"),
        geo_exponent_milli: milli("geo_exponent_milli"),
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

/// A preset by its name, or the eight weights: all of a whole, and not all of it chance.
fn weights(table: &Table) -> Weights {
    if let Some(Value::Text(_)) = table.peek("weights").map(|node| &node.value) {
        return table.word("weights", &Weights::NAMED);
    }
    table.table("weights", |table| {
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
        check_weights(table, &weights);
        weights
    })
}

fn check_weights(table: &Table, weights: &Weights) {
    let sum = weights.sum();
    table.require(sum == BasisPoints::WHOLE, "", || {
        format!("adds up to {} bp; make the eight weights add up to 10000 bp", sum.0)
    });
    table.require(weights.scored() > BasisPoints(0), "", || {
        "scores nothing; give one of the first seven factors a weight".to_string()
    });
}

fn forms(table: &Table) -> Forms {
    let stake_cap_multiple = table.whole("stake_cap_multiple", 1..=STAKE_CAP_MULTIPLE_MAX);
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
