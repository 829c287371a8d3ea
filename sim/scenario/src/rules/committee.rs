//! The committee: its operators, and the faults that a scenario gives them.

use super::region;
use crate::catalogue::log_normal;
use crate::reader::{Names, Table};
use crate::validated::{Censors, Committee, Operator, Slow};
use units::text::{parse_basis_points, parse_ppm, parse_span, parse_spon};
use units::{Ppm, RegionId, RegionSet, Span};

/// Most operators of the committee: their numbers have ten bits in the ordinals of draws.
const OPERATORS_MAX: usize = 1_000;
/// Most retries of a round: their numbers have six bits.
const RETRIES_MAX: u32 = 60;
/// The oldest view: changes are kept for that long.
const VIEW_LAG_MAX: Span = Span::HOUR;
/// The longest deadline (protocol.md 4.6: half the delay of a deallocation).
const DEADLINE_MAX: Span = Span::from_hours(7 * 24);

/// The committee that signs matches.
pub fn committee(root: &Table, regions: &Names) -> Committee {
    root.table("committee", |table| {
        let view_lag = lag(table);
        Committee {
            operators: table
                .table("operator", |operators| read_operators(operators, regions, view_lag)),
            stake: table.quantity("stake", parse_spon),
            quorum: table.quantity("quorum", parse_basis_points),
            compute: table.table("compute", log_normal),
            deadline: deadline(table),
            retries_max: table.whole("retries_max", 0..=RETRIES_MAX),
            slash_fraction: table.quantity("slash_fraction", parse_basis_points),
        }
    })
}

fn deadline(table: &Table) -> Span {
    let deadline = table.span_above_zero("deadline");
    table.require(deadline <= DEADLINE_MAX, "deadline", || {
        "is longer than a week; write at most \"7 d\"".to_string()
    });
    deadline
}

fn lag(table: &Table) -> Span {
    let lag = table.quantity("view_lag", parse_span);
    table.require(lag <= VIEW_LAG_MAX, "view_lag", || {
        "is longer than an hour; write at most \"1 h\"".to_string()
    });
    lag
}

fn read_operators(table: &Table, regions: &Names, view_lag: Span) -> Vec<Operator> {
    let operators = table.all_entries(|_, table| operator(table, regions, view_lag));
    let named = |(name, operator)| Operator { name, ..operator };
    let operators: Vec<Operator> = operators.into_iter().map(named).collect();
    let count = operators.len();
    table.require((1..=OPERATORS_MAX).contains(&count), "", || {
        format!("has {count} operators; write 1 to {OPERATORS_MAX}")
    });
    table.whole_share(operators.iter().map(|operator| f64::from(operator.stake.0) / 1e4).sum());
    operators
}

/// An operator: where it stands and its stake are declared of everybody, faults of those that
/// have them.
fn operator(table: &Table, regions: &Names, view_lag: Span) -> Operator {
    Operator {
        name: String::new(),
        region: region(table, "region", regions),
        stake: table.quantity("stake", parse_basis_points),
        view_lag: if table.peek("view_lag").is_some() { lag(table) } else { view_lag },
        offline: share(table, "offline"),
        wrong_digest: share(table, "wrong_digest"),
        slow: table.peek("slow").map_or(Slow::NOT, |_| table.table("slow", slow)),
        censors: table.peek("censors").map(|_| table.table("censors", |t| censors(t, regions))),
    }
}

fn share(table: &Table, key: &str) -> Ppm {
    table.peek(key).map_or(Ppm::ZERO, |_| table.quantity(key, parse_ppm))
}

fn slow(table: &Table) -> Slow {
    let slow = Slow {
        factor_hundredths: match table.peek("factor") {
            Some(_) => table.hundredths("factor", 1.0..=10_000.0),
            None => Slow::NOT.factor_hundredths,
        },
        delay: table.peek("delay").map_or(Span::ZERO, |_| table.quantity("delay", parse_span)),
    };
    table.require(slow.factor_hundredths > 100 || !slow.delay.is_zero(), "", || {
        "slows nothing down; write a factor above 1, a delay, or remove it".to_string()
    });
    slow
}

fn censors(table: &Table, regions: &Names) -> Censors {
    let set = |key: &str| -> RegionSet {
        let places = table.list_of_references(key, regions);
        let ids = places.into_iter().map(|place| RegionId(place as u16));
        ids.fold(RegionSet::default(), RegionSet::with)
    };
    let censors = Censors {
        tenants_from: set("tenants_from"),
        providers_from: set("providers_from"),
        tenants: share(table, "tenants"),
        providers: share(table, "providers"),
    };
    table.require(censors != Censors::NOBODY, "", || {
        "censors nobody; write tenants_from, providers_from, tenants, providers, or remove it"
            .to_string()
    });
    censors
}
