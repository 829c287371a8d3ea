//! How the rent of a card in a pool is made.

use super::share;
use crate::reader::Table;
use crate::validated::{Pick, Pricing};
use units::text::parse_ppm;
use units::{Ppm, Span};

/// Most that a price follows its utilization: a hundred times the distance.
const GAIN_MAX: f64 = 100.0;
/// Most that a cloud asks, in book prices.
const CLOUD_MAX: f64 = 100.0;

/// The rule in force. The numbers of all rules are read and checked.
pub fn pricing(root: &Table) -> Pricing {
    root.table("pricing", |table| {
        let rules = [
            ("posted", Pricing::Posted),
            ("utilization", table.table("utilization", utilization)),
            ("clearing", table.table("clearing", clearing)),
            ("eip1559", table.table("eip1559", eip1559)),
            ("cloud_discount", table.table("cloud_discount", cloud_discount)),
        ];
        table.word("rule", &rules)
    })
}

fn utilization(table: &Table) -> Pricing {
    Pricing::Utilization {
        every: every(table, "every"),
        target: part(table, "target"),
        gain: Ppm(table.hundredths("gain", 0.0..=GAIN_MAX) * 10_000),
        step_max: part(table, "step_max"),
    }
}

fn clearing(table: &Table) -> Pricing {
    let picks = [("low", Pick::Low), ("middle", Pick::Middle), ("high", Pick::High)];
    Pricing::Clearing { every: every(table, "every"), pick: table.word("pick", &picks) }
}

fn eip1559(table: &Table) -> Pricing {
    Pricing::Eip1559 {
        every: every(table, "every"),
        target: part(table, "target"),
        divisor: table.whole("divisor", 1..=1_000_000),
    }
}

fn cloud_discount(table: &Table) -> Pricing {
    Pricing::CloudDiscount {
        cloud_hundredths: table.hundredths("cloud", 0.01..=CLOUD_MAX),
        discount: share(table, "discount"),
    }
}

/// Prices change when an hour begins.
pub(super) fn every(table: &Table, key: &str) -> Span {
    let every = table.span_above_zero(key);
    table.require(every.floored_to(Span::HOUR) == every, key, || {
        "is no whole number of hours; write \"1 h\" or a multiple of it".to_string()
    });
    every
}

/// A share that is neither nothing nor more than the whole.
pub(super) fn part(table: &Table, key: &str) -> Ppm {
    let part = table.quantity(key, parse_ppm);
    table.require((Ppm(1)..=Ppm::ONE).contains(&part), key, || {
        "is no part of a whole; write more than \"0 %\" and at most \"100 %\"".to_string()
    });
    part
}
