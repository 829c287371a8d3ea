//! Clock, chain and the rules of the protocol: committee, fees, stake, rewards, supply, costs.

mod choice;

mod committee;

mod contract;

mod drivers;

mod gas;

mod hardware;

mod payment;

mod pricing;

mod investment;

mod misuse;
mod networks;

mod providers;

mod rewards;

mod emission;

mod stake;

mod service;

mod supply;

mod waiting;

pub use choice::{check_choice, class_curve, demand_curve, tenant_kinds, venue_list, venues};
pub use committee::committee;
pub use contract::{check_contracts, contracts, long_share};
pub use drivers::{drivers, impact, token};
pub use emission::emission;
pub use gas::gas;
pub use hardware::hardware;
pub use investment::{Checks, admission, checks, entry, expansion, investment};
pub use misuse::{check_misuse, tenant_misuse, tenant_rules};
pub use networks::{check_networks, other_networks};
pub use payment::{exchange, payment, token_sales, treasury};
pub use pricing::pricing;
pub use providers::provider_kinds;
pub use rewards::rewards;
pub use service::service_level;
pub use stake::{challengers, delegation, slashing, stake};
pub use supply::supply;
pub use waiting::repair_crews;

use crate::reader::{Names, Table, as_number};
use crate::validated::{Chain, Class, Clock, Costs, Expect, Fees, Finality, Ordering, Waiting};
use units::text::{parse_basis_points, parse_ppm, parse_span, parse_watts};
use units::{BasisPoints, RegionId, Span};

const WEEKDAYS: [(&str, u32); 7] = [
    ("monday", 0),
    ("tuesday", 1),
    ("wednesday", 2),
    ("thursday", 3),
    ("friday", 4),
    ("saturday", 5),
    ("sunday", 6),
];
/// Longest run: 20 years.
const TOTAL_MAX: Span = Span::from_hours(20 * 8_766);

/// When a scenario runs and for how long; the warm-up is a whole number of eras.
pub fn clock(root: &Table, era: Span) -> Clock {
    root.table("clock", |table| {
        let clock = Clock {
            seed: table
                .integer("seed", 0..=i128::from(i64::MAX))
                .map_or(0, |seed| u64::try_from(seed).expect("the range is one of u64")),
            start_weekday: table.word("start_weekday", &WEEKDAYS),
            warm_up: table.quantity("warm_up", parse_span),
            horizon: table.span_above_zero("horizon"),
        };
        check_clock(table, &clock, era);
        clock
    })
}

fn check_clock(table: &Table, clock: &Clock, era: Span) {
    table.require(clock.total() <= TOTAL_MAX, "horizon", || {
        "is more than 20 years with the warm-up; shorten it".to_string()
    });
    table.require(clock.warm_up.floored_to(era) == clock.warm_up, "warm_up", || {
        let hours = era.as_hours_f64();
        format!("is no whole number of eras; write a multiple of rewards.era ({hours} h)")
    });
}

/// The chain profile in force. All declared profiles are checked.
pub fn chain(root: &Table, regions: &Names) -> Chain {
    let profiles = root.entries("chain_profile", profile);
    let names = profiles.iter().map(|(name, _)| name.clone()).collect();
    let names = Names::new("chain_profile", names);
    root.table("chain", |table| {
        let chosen = table.reference("profile", &names);
        let sequencer = region(table, "sequencer", regions);
        let is_awaited = table.word("lease_waits_for", &[("soft", false), ("hard", true)]);
        let (name, profile) = profiles.into_iter().nth(chosen).unwrap_or_default();
        let finality = Finality { is_awaited, ..profile.finality };
        Chain { profile: name, sequencer, finality, ..profile }
    })
}

/// A profile as a chain that stands nowhere yet.
fn profile(_: &str, table: &Table) -> Chain {
    let block = table.quantity("block", parse_span);
    table.require(block.is_zero() || block >= Span::from_millis(1), "block", || {
        "is shorter than a millisecond; write at least \"1 ms\", or \"0 s\" for no blocks"
            .to_string()
    });
    Chain {
        block,
        bid_window_blocks: table.whole("bid_window_blocks", 0..=1_000),
        has_latency: table.flag("has_latency"),
        gas: gas::chain_gas(table, block),
        finality: gas::finality(table),
        ..Chain::default()
    }
}

fn region(table: &Table, key: &str, regions: &Names) -> RegionId {
    let place = table.reference(key, regions);
    RegionId(u16::try_from(place).unwrap_or(0))
}

/// How orders are placed, retried and given up, and how they wait.
pub fn ordering(root: &Table, classes: &[Class]) -> (Ordering, Waiting) {
    root.table("ordering", |table| {
        let (ceiling_min, ceiling_max) = table.table("ceiling", |t| number_range(t, 1_000.0));
        let (boot_min, boot_max) = table.table("boot", crate::catalogue::span_range);
        let retry_every = table.quantity("retry_every", parse_span);
        table.require(retry_every >= Span::SECOND, "retry_every", || {
            "is shorter than a second; write at least \"1 s\"".to_string()
        });
        let ordering = Ordering {
            retry_every,
            patience: waiting::patience(table),
            ceiling_min,
            ceiling_max,
            ready_timeout: table.quantity("ready_timeout", parse_span),
            boot_min,
            boot_max,
        };
        (ordering, waiting::waiting(table, classes))
    })
}

fn number_range(table: &Table, most: f64) -> (f64, f64) {
    let (min, max) = (table.number("min", 0.0..=most), table.number("max", 0.0..=most));
    table.require(min <= max, "min", || "is above max; lower min or raise max".to_string());
    (min, max)
}

/// A part of a whole.
fn share(table: &Table, key: &str) -> BasisPoints {
    let share = table.quantity(key, parse_basis_points);
    table.require(share <= BasisPoints::WHOLE, key, || {
        "is more than the whole; write at most \"100 %\"".to_string()
    });
    share
}

/// What a lease costs beyond its price.
pub fn fees(root: &Table) -> Fees {
    root.table("fees", |table| {
        let fee = |key: &str| table.quantity(key, parse_basis_points);
        let fees = Fees {
            provider_foundation: fee("provider_foundation"),
            fizz_foundation: fee("fizz_foundation"),
            fizz_gateway: fee("fizz_gateway"),
            facilitation: fee("facilitation"),
            payout: fee("payout"),
        };
        let most = fees.fizz_foundation.0 + fees.fizz_gateway.0 + fees.payout.0;
        let most = most.max(fees.provider_foundation.0 + fees.payout.0);
        table.require(most <= 10_000, "", || {
            format!(
                "takes up to {most} bp of a payment; keep the fees of a lease at 10000 bp or less"
            )
        });
        fees
    })
}

/// What owning and running machines costs.
pub fn costs(root: &Table) -> Costs {
    root.table("costs", |table| Costs {
        host_power: table.quantity("host_power", parse_watts),
        idle_power: table.quantity("idle_power", parse_ppm),
        pue_hundredths: table.hundredths("pue", 1.0..=10.0),
        wear_per_year: table.quantity("wear_per_year", parse_ppm),
        capital_per_year: table.quantity("capital_per_year", parse_ppm),
    })
}

/// What `check` holds the results against; a scenario may expect nothing.
pub fn expects(root: &Table) -> Vec<Expect> {
    root.list_of_tables("expect", |table| {
        let bound = |key: &str| table.peek(key).map(|node| as_number(&node.value));
        let (min, max) = (bound("min"), bound("max"));
        check_bounds(table, min, max);
        let origin = table.peek("metric").map(|node| &node.origin);
        let (file, line) = origin.map_or((String::new(), 0), |at| (at.file.to_string(), at.line));
        let variant = table.peek("variant").map(|_| table.text("variant"));
        Expect { metric: table.text("metric"), variant, min, max, file, line }
    })
}

fn check_bounds(table: &Table, min: Option<f64>, max: Option<f64>) {
    for (key, bound) in [("min", min), ("max", max)] {
        if bound.is_some_and(|bound| !bound.is_finite()) {
            table.problem(key, "is no finite number; write a number");
        }
    }
    if min.is_none() && max.is_none() {
        table.problem("metric", "has no bound; write min, max or both");
    }
    if min.zip(max).is_some_and(|(min, max)| min > max) {
        table.problem("min", "is above max; lower min or raise max");
    }
}
