//! The token table: who was granted how much of the supply, and when it is released.

use crate::reader::Table;
use crate::validated::SupplyBook;
use mechanism::vesting::{Allocation, Stage};
use protocol::{Beneficiary, Grant};
use units::text::{parse_ppm, parse_span, parse_spon};
use units::{Ppm, Span, Spon};

/// Most tokens, and the longest wait or release.
const TOTAL_MAX: f64 = 1e11;
const WAIT_MAX: Span = Span::from_hours(100 * 8_766);

/// The supply, as old as its launch is. The grants are read and checked even where the supply is
/// not declared.
pub fn supply(root: &Table, era: Span) -> SupplyBook {
    root.table("supply", |table| {
        let total = table.quantity("total", parse_spon);
        table.require(total.as_f64() <= TOTAL_MAX, "total", || {
            format!("is above {TOTAL_MAX:e} SPON; lower it")
        });
        let mut shares = 0.0;
        let grants = table.entries("allocation", |_, entry| {
            let (share, grant) = grant(entry, total, era);
            shares += f64::from(share.0) / 1e6;
            grant
        });
        table.require((shares - 1.0).abs() < 1e-9, "allocation", || {
            let percent = libm::round(shares * 1e6) / 1e4;
            format!("adds up to {percent} %; make the shares add up to 100 %")
        });
        let is_declared = table.flag("is_declared");
        let grants = grants.into_iter().map(|(_, grant)| grant);
        let grants = if is_declared { grants.collect() } else { Vec::new() };
        SupplyBook { grants, age: eras(table, "age", era) }
    })
}

/// A share of the total and what becomes of it.
fn grant(table: &Table, total: Spon, era: Span) -> (Ppm, Grant) {
    let words = [
        ("holders", Beneficiary::Holders),
        ("treasury", Beneficiary::Treasury),
        ("rewards", Beneficiary::Rewards),
    ];
    let share = table.quantity("share", parse_ppm);
    let at_start = table.quantity("at_start", parse_ppm);
    table.require(at_start <= Ppm::ONE, "at_start", || {
        "is more than the grant; write at most \"100 %\"".to_string()
    });
    let granted = part_rounded_down(total.base().unsigned_abs(), share);
    let at_start = part_rounded_down(granted, at_start).min(granted);
    let stage = Stage {
        amount: granted - at_start,
        wait_eras: eras(table, "wait", era),
        release_eras: eras(table, "release", era),
    };
    let allocation = Allocation { at_start, stages: vec![stage] };
    (share, Grant { beneficiary: table.word("to", &words), allocation })
}

fn part_rounded_down(amount: u128, share: Ppm) -> u128 {
    amount * u128::from(share.0) / u128::from(Ppm::ONE.0)
}

fn eras(table: &Table, key: &str, era: Span) -> u64 {
    let span = table.quantity(key, parse_span);
    table.require(span <= WAIT_MAX, key, || {
        "is longer than a hundred years; shorten it".to_string()
    });
    span.nanos() / era.nanos().max(1)
}
