//! When providers enter and leave, and who is let in.

use super::networks::moving;
use super::pricing::part;
use crate::catalogue::span_range;
use crate::reader::Table;
use crate::validated::{
    Admission, BullRule, Buying, Capital, Check, Entry, EntryRule, Expansion, Expecting,
    HysteresisRule, Investment, LeasesLeft, Leaving, LogitRule, NpvRule,
};
use units::Span;
use units::text::{parse_gpu_hour_price, parse_ppm, parse_span, parse_usd};

/// Most eras between reviews, and most that are remembered: ten years of days.
const ERAS_MAX: u32 = 3_653;
/// Highest yearly rate: money doubles in less than a month.
const RATE_MAX: f64 = 10.0;
/// Longest lead, check, life and payback.
const WAIT_MAX: Span = Span::from_hours(40 * 8_766);
/// Most prospects of a pool.
const PROSPECTS_MAX: u32 = 1_000_000;
/// Most machines that one owner adds.
const ADDED_MAX: u32 = 1_000;

/// What everybody decides by. The numbers of all rules are read and checked.
pub fn investment(root: &Table) -> Investment {
    let expectations = [
        ("naive", Expecting::Naive),
        ("ewma", Expecting::Ewma),
        ("optimistic", Expecting::Optimistic),
        ("rational", Expecting::Rational),
    ];
    let leases = [("drain", LeasesLeft::Drain), ("drop", LeasesLeft::Drop)];
    root.table("investment", |table| Investment {
        review_eras: table.whole("review_eras", 1..=ERAS_MAX),
        window_eras: table.whole("window_eras", 1..=ERAS_MAX),
        expectation: table.word("expectation", &expectations),
        ewma_weight: table.table("ewma", |ewma| part(ewma, "weight").as_f64()),
        optimistic_quantile: table
            .table("optimistic", |one| one.quantity("quantile", parse_ppm).as_f64()),
        leases: table.word("leases", &leases),
        upkeep: table.quantity("upkeep", parse_gpu_hour_price),
        logit: table.table("logit", logit),
        npv: table.table("npv", npv),
        hysteresis: table.table("hysteresis", hysteresis),
        bull: table.table("bull", |bull| BullRule {
            strength: bull.number("strength", 0.0..=1_000.0),
            payback: life(bull, "payback"),
        }),
    })
}

fn logit(table: &Table) -> LogitRule {
    let scale = table.quantity("scale", parse_gpu_hour_price);
    table.require(scale.nanos() > 0, "scale", || {
        "is nothing: no two tastes would differ; write more, or another rule".to_string()
    });
    LogitRule {
        per_month: table.number("per_month", 0.0..=10_000.0),
        scale,
        outside: table.quantity("outside", parse_gpu_hour_price),
    }
}

fn npv(table: &Table) -> NpvRule {
    NpvRule {
        rate: table.number("rate", 0.0..=RATE_MAX),
        decline: table.number("decline", -RATE_MAX..=RATE_MAX),
        life: life(table, "life"),
        salvage: table.quantity("salvage", parse_ppm),
    }
}

fn hysteresis(table: &Table) -> HysteresisRule {
    let rule = HysteresisRule {
        rate: table.number("rate", 0.0..=RATE_MAX),
        drift: table.number("drift", -RATE_MAX..=RATE_MAX),
        sigma: table.number("sigma", 0.01..=RATE_MAX),
        leave_cost: table.quantity("leave_cost", parse_ppm),
    };
    table.require(rule.drift < rule.rate && rule.rate > 0.0, "drift", || {
        "is not below the rate: revenue would be worth more than any amount; lower it".to_string()
    });
    rule
}

fn life(table: &Table, key: &str) -> Span {
    let life = table.span_above_zero(key);
    table.require(life <= WAIT_MAX, key, || "is more than 40 years; shorten it".to_string());
    life
}

/// When a provider kind leaves.
pub fn leaving(table: &Table) -> Leaving {
    let all = [Leaving::Never, Leaving::Logit, Leaving::Hysteresis, Leaving::Margin];
    let words = all.map(|one| (one.name(), Some(one))).into_iter().chain([("move", None)]);
    let chosen = table.word("leaving", &words.collect::<Vec<_>>());
    chosen.unwrap_or_else(|| Leaving::Move(table.table("move", moving)))
}

/// Who may enter a pool.
pub fn entry(table: &Table) -> Entry {
    Entry { prospects: table.whole("prospects", 1..=PROSPECTS_MAX), buying: buying(table) }
}

/// What those may add who are there.
pub fn expansion(table: &Table) -> Expansion {
    Expansion { machines: table.whole("machines", 1..=ADDED_MAX), buying: buying(table) }
}

fn buying(table: &Table) -> Buying {
    use EntryRule::{Bull, Hysteresis, Logit, Npv, Option};
    let (lead_min, lead_max) = table.table("lead_time", span_range);
    table.require(lead_max <= WAIT_MAX, "lead_time", || "is more than 40 years".to_string());
    Buying {
        rule: table.word("rule", &[Logit, Npv, Option, Hysteresis, Bull].map(|r| (r.name(), r))),
        lead_min,
        lead_max,
        per_month: table.whole("per_month", 0..=PROSPECTS_MAX),
        capital: table.optional("capital", capital),
    }
}

fn capital(table: &Table) -> Capital {
    let median = table.quantity("median", parse_usd);
    table.require(median.nanos() > 0, "median", || {
        "is nothing, and nobody could pay; write more, or capital = \"none\"".to_string()
    });
    Capital { median, sigma: table.number("sigma", 0.0..=5.0) }
}

/// The two checks that there are.
#[derive(Clone, Copy)]
pub struct Checks {
    attested: Check,
    kyc: Check,
}

/// What checks cost, and whom they let through. Both are read and checked.
pub fn checks(root: &Table) -> Checks {
    root.table("admission", |table| Checks {
        attested: table.table("attested", check),
        kyc: table.table("kyc", check),
    })
}

fn check(table: &Table) -> Check {
    let delay = table.quantity("delay", parse_span);
    table.require(delay <= WAIT_MAX, "delay", || "is more than 40 years".to_string());
    Check {
        cost: table.quantity("cost", parse_usd),
        delay,
        false_accept: table.quantity("false_accept", parse_ppm),
    }
}

/// Who is let into a pool.
pub fn admission(table: &Table, checks: Checks) -> Admission {
    let words = [Admission::Open, Admission::Attested(checks.attested), Admission::Kyc(checks.kyc)];
    table.word("admission", &words.map(|one| (one.name(), one)))
}
