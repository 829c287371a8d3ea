//! The rules of a snapshot: the core with its parameters, weights, forms, draws.

use crate::matching::read_weights;
use crate::node::Value;
use crate::reader::Table;
use market::factor::{
    AvailabilityForm, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm, UptimeForm,
};
use market::{
    Core, Forms, KalypsoLinear, LavaProduct, LivepeerMix, PowerOfD, Scoring, SoftFilters, Weights,
};
use units::BasisPoints;
use units::text::{parse_basis_points, parse_gpu_hour_price};

/// What a round is decided by beside order, candidates and beacon.
pub struct Rules {
    /// The core.
    pub core: Core,
    /// The scoring; none when the weights cannot score.
    pub scoring: Option<Scoring>,
    /// Draws in all.
    pub draws_max: u32,
    /// Filters that may be dropped.
    pub soft: SoftFilters,
}

/// How many are drawn when nothing else is said: a first draw and two redraws.
const DRAWS: u32 = 3;
/// Stake counts up to this many times its minimum (protocol.md 9.4).
const STAKE_CAP_MULTIPLE: u32 = 50;

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            core: Core::default(),
            scoring: Scoring::new(Weights::BALANCED, Forms::capped_at(STAKE_CAP_MULTIPLE)).ok(),
            draws_max: DRAWS,
            soft: SoftFilters::default(),
        }
    }
}

/// Reads the rules.
pub fn read(t: &Table) -> Rules {
    // Scores go by the proportions of weights, so a round alone needs no sum of the whole.
    let read = |t: &Table, key: &str| read_weights(t, key, |_, _| ());
    let weights = t.or("weights", Weights::BALANCED, read);
    let stake_cap =
        t.or("stake_cap_multiple", STAKE_CAP_MULTIPLE, |t, key| t.whole(key, 1..=u32::MAX));
    let default = Forms::capped_at(stake_cap.max(1));
    let forms = t.or("forms", default, |t, key| t.table(key, |t| read_forms(t, default)));
    let is_weighted_by_capacity = t.or("capacity_weighted", false, |t, key| t.flag(key));
    let scoring = Scoring::new(weights, Forms { is_weighted_by_capacity, ..forms });
    Rules {
        core: t.or("core", Core::default(), read_core),
        scoring: scoring.map_err(|error| t.problem("weights", error.to_string())).ok(),
        draws_max: t.or("draws_max", DRAWS, |t, key| t.whole(key, 1..=10_000)),
        soft: t.or("soft", SoftFilters::default(), read_soft),
    }
}

fn read_soft(table: &Table, key: &str) -> SoftFilters {
    let mut soft = SoftFilters::default();
    table.each_text(key, |name| {
        match name {
            "latency_bound" => soft.latency_bound = true,
            "owner_cap" => soft.owner_cap = true,
            _ => return Err("is no soft filter; write latency_bound or owner_cap".to_string()),
        }
        Ok(())
    });
    soft
}

fn read_forms(t: &Table, default: Forms) -> Forms {
    fn form<T: Copy>(t: &Table, key: &str, named: &[(&str, T)]) -> T {
        t.or(key, named[0].1, |t, key| t.word(key, named))
    }
    Forms {
        region: form(t, "region", RegionForm::NAMED),
        price: form(t, "price", PriceForm::NAMED),
        uptime: form(t, "uptime", UptimeForm::NAMED),
        reputation: form(t, "reputation", ReputationForm::NAMED),
        availability: form(t, "availability", AvailabilityForm::NAMED),
        slash: form(t, "slash", SlashForm::NAMED),
        stake: form(t, "stake", StakeForm::NAMED),
        ..default
    }
}

/// A core by name, or a table with its name and those of its parameters that differ.
fn read_core(table: &Table, key: &str) -> Core {
    let cores: Vec<(&str, Core)> = Core::all().collect();
    if let Some(Value::Text(_)) = table.peek(key).map(|node| &node.value) {
        return table.word(key, &cores);
    }
    table.table(key, |t| read_parameters(t, t.word("name", &cores)))
}

fn read_parameters(t: &Table, core: Core) -> Core {
    let points = |key: &str, default: BasisPoints| {
        t.or(key, default, |t, key| t.quantity(key, parse_basis_points))
    };
    match core {
        Core::LivepeerMix(own) => Core::LivepeerMix(LivepeerMix {
            stake: points("stake", own.stake),
            price: points("price", own.price),
            random: points("random", own.random),
            price_unit: t
                .or("price_unit", own.price_unit, |t, key| t.quantity(key, parse_gpu_hour_price)),
        }),
        Core::LavaProduct(own) => Core::LavaProduct(LavaProduct {
            stake_exponent_milli: thousandths(t, "stake_exponent_milli", own.stake_exponent_milli),
            geo_exponent_milli: thousandths(t, "geo_exponent_milli", own.geo_exponent_milli),
        }),
        Core::KalypsoLinear(own) => Core::KalypsoLinear(KalypsoLinear {
            successes: coefficient(t, "successes", own.successes),
            slashes: coefficient(t, "slashes", own.slashes),
            price: coefficient(t, "price", own.price),
            time: coefficient(t, "time", own.time),
            leases: coefficient(t, "leases", own.leases),
        }),
        Core::PowerOfD(own) => Core::PowerOfD(PowerOfD {
            choices: t.or("choices", own.choices, |t, key| t.whole(key, 1..=u32::MAX)),
        }),
        other => other,
    }
}

fn thousandths(t: &Table, key: &str, default: u16) -> u16 {
    let read = |t: &Table, key: &str| u16::try_from(t.whole(key, 0..=u32::from(u16::MAX)));
    t.or(key, default, |t, key| read(t, key).expect("the range is one of u16"))
}

fn coefficient(t: &Table, key: &str, default: i8) -> i8 {
    t.or(key, default, |t, key| {
        let value = t.integer(key, i128::from(i8::MIN)..=i128::from(i8::MAX));
        value.map_or(0, |value| i8::try_from(value).expect("the range is one of i8"))
    })
}
