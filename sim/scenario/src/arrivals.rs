//! When jobs arrive: waves, bursts, growth, and jobs of a file.

use crate::node::Value;
use crate::reader::{Names, Table};
use crate::replay::{FORMATS, Place, read_jobs};
use crate::validated::{Bursts, Growth, Replay, Wave};
use units::text::parse_span;
use units::{GpuCount, Span};

/// Most copies of a job of a file.
const SCALE_MAX: f64 = 1_000.0;

/// The sines of a pool's rate; together they never take it below zero.
pub fn waves(table: &Table) -> Vec<Wave> {
    match table.node("waves").map(|node| &node.value) {
        Some(Value::List(_)) => {}
        Some(Value::Text(word)) if word == "none" => return Vec::new(),
        None => return Vec::new(),
        Some(_) => {
            table.problem("waves", "is no list of waves; write [[...waves]], or \"none\"");
            return Vec::new();
        }
    }
    let waves = table.list_of_tables("waves", |wave| Wave {
        amplitude: wave.number("amplitude", 0.0..=1.0),
        period: wave.span_above_zero("period"),
        rises_at: wave.quantity("rises_at", parse_span),
    });
    let sum: f64 = waves.iter().map(|wave| wave.amplitude).sum();
    table.require(sum <= 1.0, "waves", || {
        format!("has amplitudes that add up to {sum}: the rate would fall below zero; lower them")
    });
    waves
}

/// How arrivals bunch: one of three ways, each a table of its own, or none.
pub fn bursts(table: &Table) -> Bursts {
    let ways = ["mmpp", "hawkes", "batches"];
    table
        .optional("bursts", |bursts| {
            let written: Vec<&str> = ways.into_iter().filter(|way| bursts.has(way)).collect();
            let is_one = written.len() == 1 || bursts.keys().any(|key| !ways.contains(&key));
            bursts.require(is_one, "", || {
                format!("names {} ways; write one of: {}", written.len(), ways.join(", "))
            });
            match written.first() {
                Some(&"mmpp") => bursts.table("mmpp", mmpp),
                Some(&"hawkes") => bursts.table("hawkes", hawkes),
                Some(_) => bursts.table("batches", |batches| Bursts::Batches {
                    mean: batches.number("mean", 1.0..=1e4),
                }),
                None => Bursts::None,
            }
        })
        .unwrap_or(Bursts::None)
}

fn mmpp(table: &Table) -> Bursts {
    Bursts::Mmpp {
        times: table.number("times", 1.0..=1e4),
        calm: span_of_state(table, "calm"),
        burst: span_of_state(table, "burst"),
    }
}

fn span_of_state(table: &Table, key: &str) -> Span {
    let span = table.quantity(key, parse_span);
    table.require(span >= Span::SECOND, key, || {
        "is shorter than a second; write at least \"1 s\"".to_string()
    });
    span
}

/// Each arrival may bring about less than one other: else there is no end of them.
fn hawkes(table: &Table) -> Bursts {
    Bursts::Hawkes {
        branching: table.number("branching", 0.0..=0.99),
        delay: table.span_above_zero("delay"),
    }
}

/// How a class's demand grows.
pub fn growth(table: &Table) -> Option<Growth> {
    table.optional("growth", |growth| {
        let rate = |table: &Table| table.number("per_year", -100.0..=100.0);
        let breaks = growth.list_of_tables("breaks", |one| (one.span_above_zero("at"), rate(one)));
        growth.require(breaks.is_sorted_by(|a, b| a.0 < b.0), "breaks", || {
            "are not in the order of their times; sort them, each at a time of its own".to_string()
        });
        let mut stretches = vec![(Span::ZERO, rate(growth))];
        stretches.extend(breaks);
        Growth { stretches }
    })
}

/// A class's own hours, or none for the word `pool`.
pub fn hours(table: &Table) -> Option<[f64; 24]> {
    match table.peek("hours").map(|node| &node.value) {
        Some(Value::Text(word)) if word == "pool" => None,
        _ => Some(table.multipliers("hours")),
    }
}

/// What the jobs of a pool's file are held against.
pub struct Surroundings<'a> {
    /// The classes of the pool.
    pub classes: Names,
    /// The cards.
    pub cards: &'a Names,
    /// GPUs of one machine of the pool.
    pub gpus_max: GpuCount,
    /// How long a run takes.
    pub length: Span,
}

/// The jobs of a pool's file.
pub fn replay(table: &Table, around: &Surroundings) -> Option<Replay> {
    table.optional("replay", |replay| {
        let class = replay.reference("class", &around.classes);
        let place = Place {
            format: replay.word("format", &FORMATS),
            classes: &around.classes,
            class: u16::try_from(class).unwrap_or(u16::MAX),
            cards: around.cards,
            gpus_max: around.gpus_max,
            from: replay.quantity("from", parse_span),
        };
        let scale = replay.number("scale", 0.0..=SCALE_MAX);
        let text = replay.text("text");
        if !replay.is_sound() {
            return Replay { scale, jobs: Vec::new(), parts: 0 };
        }
        let found = read_jobs(&text, &place).unwrap_or_else(|(line, message)| {
            replay.problem_in_text("text", line, message);
            Default::default()
        });
        let left_out = found.left_out;
        if left_out > 0 {
            replay.warning(
                "",
                format!("has {left_out} jobs that cannot run here; they are left out"),
            );
        }
        let comes = |job: &crate::validated::ReplayJob| job.arrives_at < around.length;
        if replay.is_sound() && !found.jobs.iter().any(comes) {
            replay.warning("", "has no job within the run; move from, or lengthen the run");
        }
        Replay { scale, jobs: found.jobs, parts: found.parts }
    })
}
