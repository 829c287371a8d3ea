//! What tenants answer with, and how some of them misbehave.

use super::choice::part;
use crate::reader::Table;
use crate::validated::{Comeback, Dispute, Drain, Forbidden, Scenario, Spam, TenantMisuse};
use protocol::TenantRules;
use units::text::{parse_basis_points, parse_gpu_hour_price, parse_span, parse_usd};
use units::{Ppm, Span};

/// Longest surety, and longest wait for anything.
const SPAN_MAX: Span = Span::from_hours(366 * 24);
/// Most orders of a tenant in a day.
const PER_DAY_MAX: f64 = 10_000.0;
/// Most that it costs to come back, in dollars.
const COST_MAX: f64 = 1e6;

/// What tenants answer with, and how often providers look whether escrow pays.
pub fn tenant_rules(root: &Table) -> (TenantRules, Span) {
    root.table("tenant_rules", |table| {
        let part_funding = table.quantity_or_none("part_funding", parse_span);
        table.require(part_funding.is_none_or(|least| !least.is_zero()), "part_funding", || {
            "is zero: nobody would have to pay; write \"none\", or a time above zero".to_string()
        });
        let rules = TenantRules {
            surety: wait(table, "surety"),
            part_funding,
            forfeit: table.quantity("forfeit", parse_basis_points),
            to_provider: table.quantity("to_provider", parse_basis_points),
            strikes: table.whole("strikes", 0..=1_000_000),
        };
        let check = table.span_above_zero("escrow_check");
        (rules, check)
    })
}

/// How some tenants misbehave.
pub fn tenant_misuse(root: &Table, escrow_check: Span) -> TenantMisuse {
    root.table("tenant_misuse", |table| {
        let misuse = TenantMisuse {
            spam: table.table("spam", spam),
            drain: table.table("drain", |table| Drain {
                share: part(table, "share"),
                funds: table.span_above_zero("funds"),
            }),
            forbidden: table.table("forbidden", |table| Forbidden {
                share: part(table, "share"),
                found_after: table.span_above_zero("found_after"),
                gain: table.quantity("gain", parse_gpu_hour_price),
            }),
            dispute: table.table("dispute", |table| Dispute {
                share: part(table, "share"),
                rate: part(table, "rate"),
                verdict_after: wait(table, "verdict_after"),
                errs: part(table, "errs"),
            }),
            comeback: table.table("return", comeback),
            escrow_check,
        };
        let sum: u64 = misuse.shares().iter().map(|share| u64::from(share.0)).sum();
        table.require(sum <= u64::from(Ppm::ONE.0), "", || {
            let percent = sum as f64 / 1e4;
            format!("has shares of {percent} % together; keep them at 100 %, the rest is honest")
        });
        misuse
    })
}

fn spam(table: &Table) -> Spam {
    let (share, per_day) = (part(table, "share"), table.number("per_day", 0.0..=PER_DAY_MAX));
    table.require(share == Ppm::ZERO || per_day > 0.0, "per_day", || {
        "is zero, and nobody would send anything; write a number above zero, or share = \"0 %\""
            .to_string()
    });
    Spam { share, per_day }
}

fn comeback(table: &Table) -> Comeback {
    let cost = table.quantity("cost", parse_usd);
    table.require(cost.as_f64() <= COST_MAX, "cost", || {
        "is above a million dollars; lower it".to_string()
    });
    Comeback { chance: part(table, "chance"), after: wait(table, "after"), cost }
}

fn wait(table: &Table, key: &str) -> Span {
    let wait = table.quantity(key, parse_span);
    table.require(wait <= SPAN_MAX, key, || {
        "is longer than a year; write at most \"366 d\"".to_string()
    });
    wait
}

/// What tenants do wrong is possible, and what it costs them can be taken.
pub fn check_misuse(root: &Table, scenario: &Scenario) {
    let Scenario { tenant_rules: rules, tenant_misuse: misuse, payment: rail, .. } = scenario;
    let drains = misuse.drain.share > Ppm::ZERO;
    root.require(!drains || rules.part_funding.is_some(), "tenant_misuse", || {
        "has tenants who pay for a part of a lease, and under tenant_rules.part_funding nobody may; \
         write a time there, as in \"1 h\", or drain.share = \"0 %\""
            .to_string()
    });
    let least = rules.part_funding.unwrap_or(Span::ZERO);
    root.require(!drains || misuse.drain.funds >= least, "tenant_misuse", || {
        "has drain.funds below tenant_rules.part_funding, and such orders are refused; raise it, or \
         lower part_funding"
            .to_string()
    });
    let returns = misuse.comeback.chance > Ppm::ZERO;
    root.require(!returns || rules.strikes > 0, "tenant_misuse", || {
        "has tenants who come back after a ban, and nobody is banned; set tenant_rules.strikes to 1 \
         or more, or return.chance = \"0 %\""
            .to_string()
    });
    let takes = !rules.surety.is_zero() || rules.forfeit.0 > 0;
    root.require(!takes || rules.to_provider.0 == 0 || rail.name() != "burn_mint", "tenant_rules", || {
        "gives providers what is lost, which is in credits that they cannot use; set to_provider = \
         \"0 %\", or pay by another rail than burn_mint"
            .to_string()
    });
    root.require(takes || rules.to_provider.0 == 0, "tenant_rules", || {
        "divides what is lost, and nothing is; set surety or forfeit above zero, or to_provider = \
         \"0 %\""
            .to_string()
    });
}
