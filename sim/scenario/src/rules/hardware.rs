//! How hardware loses value, and which generations come.

use crate::reader::{Names, Table};
use crate::validated::{Generation, Hardware};
use drivers::Ageing;
use units::text::{parse_ppm, parse_span};
use units::{CardId, CardSet, Ppm, Span};

/// Highest rate of loss, and growth of the volume of all cards, a year.
const RATE_MAX: f64 = 10.0;
/// Most generations in a run.
const GENERATIONS_MAX: usize = 1_000;

/// The law in force, ages, and generations of a run that takes `length`. The numbers of all laws
/// are read and checked.
pub fn hardware(root: &Table, cards: &Names, length: Span) -> Hardware {
    root.table("hardware", |table| {
        let laws = [
            ("exponential", table.table("exponential", exponential)),
            ("straight_line", table.table("straight_line", straight_line)),
            ("doubling", table.table("doubling", doubling)),
            ("wright", table.table("wright", wright)),
            ("steps", table.table("steps", steps)),
        ];
        let (age_min, age_max) = table.table("age", crate::catalogue::span_range);
        let mut generations = table.list_of_tables("generations", |one| generation(one, cards));
        let schedule = table.optional("schedule", |one| schedule(one, length));
        generations.extend(schedule.into_iter().flatten());
        generations.sort_by_key(|one| one.at);
        Hardware {
            ageing: table.word("law", &laws),
            life: table.span_above_zero("life"),
            age_min,
            age_max,
            generations,
        }
    })
}

fn exponential(table: &Table) -> Ageing {
    Ageing::Exponential { rate: table.number("rate", 0.0..=RATE_MAX) }
}

fn straight_line(table: &Table) -> Ageing {
    let (life, salvage) = (table.span_above_zero("life"), left(table, "salvage"));
    Ageing::StraightLine { life, salvage: salvage.as_f64() }
}

fn doubling(table: &Table) -> Ageing {
    Ageing::Doubling { every: table.span_above_zero("every") }
}

fn wright(table: &Table) -> Ageing {
    Ageing::Wright {
        progress_ratio: table.number("progress_ratio", 0.01..=1.0),
        growth: table.number("growth", 0.0..=RATE_MAX),
    }
}

fn steps(table: &Table) -> Ageing {
    Ageing::Steps { every: table.span_above_zero("every"), keeps: left(table, "keeps").as_f64() }
}

fn generation(table: &Table, cards: &Names) -> Generation {
    let spares = table.list_of_references("spares", cards);
    let spares = spares.into_iter().map(|place| CardId(place as u16));
    Generation { spares: spares.fold(CardSet::default(), CardSet::with), ..cut(table, "at") }
}

/// The same cut at regular times, as often as the run has room for.
fn schedule(table: &Table, length: Span) -> Vec<Generation> {
    let first = cut(table, "first");
    let every = table.span_above_zero("every");
    let rest = length.saturating_sub(first.at).nanos();
    let more = rest / every.nanos().max(1);
    table.require(more < GENERATIONS_MAX as u64, "every", || {
        format!("makes more than {GENERATIONS_MAX} generations; write a longer time")
    });
    let at = |n: u64| first.at + Span::from_nanos(every.nanos() * n);
    let times = (0..=more.min(GENERATIONS_MAX as u64)).map(at).filter(|at| *at <= length);
    times.map(|at| Generation { at, ..first }).collect()
}

/// What a generation leaves, from the time under `key` on. Rents change when an hour begins.
fn cut(table: &Table, key: &str) -> Generation {
    let at = table.quantity(key, parse_span);
    table.require(at.floored_to(Span::HOUR) == at, key, || {
        "is no whole number of hours; write \"24 h\" or a multiple of an hour".to_string()
    });
    let (rents, resale) = (left(table, "rents"), left(table, "resale"));
    Generation { at, rents, resale, spares: CardSet::default() }
}

/// What is left of a whole: more than nothing.
fn left(table: &Table, key: &str) -> Ppm {
    let left = table.quantity(key, parse_ppm);
    table.require((Ppm(1)..=Ppm::ONE).contains(&left), key, || {
        "is not what is left; write more than \"0 %\" and at most \"100 %\"".to_string()
    });
    left
}
