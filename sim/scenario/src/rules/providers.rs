//! Provider kinds: what a pool's providers are a mixture of.

use super::investment::leaving;
use super::pricing::{every, part};
use crate::reader::{Names, Table};
use crate::validated::{
    Bidding, CostPlus, Learning, ProviderKind, ScriptTable, Undercut, UtilizationFeedback,
};
use units::text::{parse_ppm, parse_usd};
use units::{GpuHourPrice, Ppm, Span, Usd};

/// Hours of a month, in hundredths: a twelfth of 365.25 days.
const MONTH_HOURS_HUNDREDTHS: i128 = 73_050;
/// Most that is asked, in book prices.
const MULTIPLE_MAX: f64 = 100.0;
/// Most multiples that somebody tries.
const MULTIPLES_MAX: usize = 64;
/// Most parts of a machine that a GPU may come with.
const PARTS_MAX: u32 = 10_000;
/// Most dollars of a part for a month.
const MONTH_MAX: f64 = 1e5;

/// All kinds, in the order of the file.
pub fn provider_kinds(root: &Table, cards: &Names, era: Span) -> Vec<ProviderKind> {
    let kinds = root.entries("provider_kind", |name, table| ProviderKind {
        name: name.to_string(),
        bidding: bidding(table, cards, era),
        leaving: leaving(table),
        keeps_electricity: table.word("reserve", &[("none", false), ("electricity", true)]),
    });
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

/// A way to ask; its numbers stand in a table of its name, and those of no other are there.
fn bidding(table: &Table, cards: &Names, era: Span) -> Bidding {
    let words =
        ["posted", "script_table", "cost_plus", "utilization_feedback", "undercut", "learning"];
    match table.word("bidding", &words.map(|word| (word, word))) {
        "script_table" => Bidding::ScriptTable(table.table("script_table", |t| script(t, cards))),
        "cost_plus" => Bidding::CostPlus(table.table("cost_plus", cost_plus)),
        "utilization_feedback" => {
            Bidding::UtilizationFeedback(table.table("utilization_feedback", feedback))
        }
        "undercut" => Bidding::Undercut(table.table("undercut", undercut)),
        "learning" => Bidding::Learning(table.table("learning", |t| learning(t, era))),
        _ => Bidding::Posted,
    }
}

/// What is charged for a GPU of each card and what comes with it, from dollars a month, rounded up.
fn script(table: &Table, cards: &Names) -> ScriptTable {
    let part = |price: &str, count: &str| {
        month(table, price).base() * i128::from(table.whole(count, 0..=PARTS_MAX))
    };
    let parts = part("thread", "threads_per_gpu")
        + part("memory_gib", "memory_gib_per_gpu")
        + part("disk_gib", "disk_gib_per_gpu");
    let gpus = table.table("gpu", |gpu| {
        let default = month(gpu, "default");
        let unknown = gpu.keys().filter(|name| *name != "default" && cards.index(name).is_none());
        unknown.filter(|_| cards.len() > 0).for_each(|name| {
            gpu.peek(name);
            gpu.problem(name, cards.unknown(name));
        });
        let of = |card: &str| gpu.or(card, default, |gpu, card| month(gpu, card));
        cards.iter().map(of).collect::<Vec<_>>()
    });
    let price = |gpu: &Usd| {
        let month = (gpu.base() + parts).max(0).unsigned_abs();
        let nanos = (month * 100).div_ceil(MONTH_HOURS_HUNDREDTHS.unsigned_abs());
        GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    };
    ScriptTable { prices: gpus.iter().map(price).collect() }
}

fn month(table: &Table, key: &str) -> Usd {
    let price = table.quantity(key, parse_usd);
    table.require((0.0..=MONTH_MAX).contains(&price.as_f64()), key, || {
        "is no price of a month; write 0 to 100000 USD".to_string()
    });
    price
}

fn cost_plus(table: &Table) -> CostPlus {
    CostPlus {
        review: every(table, "review"),
        rented: part(table, "rented"),
        margin: table.quantity("margin", parse_ppm),
    }
}

fn feedback(table: &Table) -> UtilizationFeedback {
    let multiple = |key: &str| table.hundredths(key, 0.01..=MULTIPLE_MAX);
    let rule = UtilizationFeedback {
        review: every(table, "review"),
        raise_above: table.quantity("raise_above", parse_ppm),
        lower_below: table.quantity("lower_below", parse_ppm),
        step: table.quantity("step", parse_ppm),
        min_hundredths: multiple("min"),
        max_hundredths: multiple("max"),
    };
    table.require(rule.lower_below <= rule.raise_above, "lower_below", || {
        "is above raise_above; lower it, or raise the other".to_string()
    });
    table.require(rule.step < Ppm::ONE, "step", || {
        "leaves nothing of the price; write less than \"100 %\"".to_string()
    });
    table.require(rule.min_hundredths <= rule.max_hundredths, "min", || {
        "is above max; lower min or raise max".to_string()
    });
    rule
}

fn undercut(table: &Table) -> Undercut {
    let by = table.quantity("by", parse_ppm);
    table.require(by < Ppm::ONE, "by", || {
        "leaves nothing of the price; write less than \"100 %\"".to_string()
    });
    Undercut { review: every(table, "review"), rank: table.whole("rank", 1..=1_000), by }
}

fn learning(table: &Table, era: Span) -> Learning {
    // Earnings are known at the ends of eras.
    let eras = u64::from(table.whole("review_eras", 1..=1_000));
    Learning {
        review: Span::from_nanos(era.nanos() * eras),
        multiples_hundredths: multiples(table),
        explore: part(table, "explore"),
        rate: table.quantity("rate", parse_ppm),
    }
}

/// Multiples of the book price, with at most two decimals.
fn multiples(table: &Table) -> Vec<u32> {
    let numbers = table.positive_numbers("multiples");
    let hundredths: Vec<u32> = numbers.iter().map(|n| libm::round(n * 100.0) as u32).collect();
    let is_fit = |(number, whole): (&f64, &u32)| {
        *number <= MULTIPLE_MAX && libm::fabs(number * 100.0 - f64::from(*whole)) < 1e-6
    };
    table.require(numbers.iter().zip(&hundredths).all(is_fit), "multiples", || {
        format!("holds something else; write up to {MULTIPLE_MAX}, with at most two decimals")
    });
    table.require(hundredths.is_sorted_by(|low, high| low < high), "multiples", || {
        "is not ascending; sort it and write each once".to_string()
    });
    table.require((2..=MULTIPLES_MAX).contains(&hundredths.len()), "multiples", || {
        format!("leaves nothing to learn, or too much; write 2 to {MULTIPLES_MAX} of them")
    });
    hundredths
}
