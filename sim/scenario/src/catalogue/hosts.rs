//! Host classes and what fails together.

use super::log_normal;
use crate::reader::Table;
use crate::validated::{DailyOff, Faults, HostClass, RegionOutage, UpDown};
use engine::distribution::{Exponential, LogNormal, Stretch, Weibull};
use units::Span;
use units::text::{parse_ppm, parse_span};

/// Longest time of day.
const DAY: Span = Span::DAY;

/// The host classes.
pub fn host_classes(root: &Table) -> Vec<HostClass> {
    let classes = root.entries("host_class", |name, host| HostClass {
        name: name.to_string(),
        fault: host.optional("fault", faults),
        gpu_fault: host.optional("gpu_fault", gpu_fault),
        daily_off: host.optional("daily_off", daily_off),
    });
    classes.into_iter().map(|(_, class)| class).collect()
}

/// Faults more often than each minute would only be events without end.
const BETWEEN_MIN: Span = Span::from_secs(60);
/// Shapes and spreads beyond these have means that no run would come near.
const SHAPE_MIN: f64 = 0.2;
const SIGMA_MAX: f64 = 4.0;

/// Faults by one law, or by that of one of several zones.
fn faults(table: &Table) -> Faults {
    if !table.has("zones") {
        return Faults::Law(up_down(table));
    }
    let zones = table.numbered_tables("zones", up_down);
    table.require(!zones.is_empty(), "zones", || {
        "is empty; write the times up and down of at least one zone".to_string()
    });
    Faults::Zones(zones)
}

/// Times up and down: two means without memory, or two laws.
fn up_down(table: &Table) -> UpDown {
    if !table.has("up") && !table.has("down") {
        let mean = |key: &str| exponential(table.quantity(key, parse_span));
        return check_up(table, "between", UpDown { up: mean("between"), down: mean("repair") });
    }
    for key in ["between", "repair"] {
        table.require(!table.has(key), key, || {
            "stands beside up and down, which say the same; remove it, or extend a class without it"
                .to_string()
        });
    }
    let law = UpDown { up: table.table("up", stretch), down: table.table("down", stretch) };
    check_up(table, "up", law)
}

fn check_up(table: &Table, key: &str, law: UpDown) -> UpDown {
    let is_rare = !table.is_sound() || law.up.mean() >= BETWEEN_MIN.as_secs_f64();
    table.require(is_rare, key, || {
        "is shorter than a minute in the mean; write at least \"1 min\"".to_string()
    });
    law
}

/// Faults of single GPUs: the faults of many are a law of the same form only without memory.
fn gpu_fault(table: &Table) -> UpDown {
    let law = up_down(table);
    table.require(matches!(law.up, Stretch::Exponential(_)), "up", || {
        "is not exponential, so many GPUs have no law of their own; write law = \"exponential\""
            .to_string()
    });
    law
}

fn exponential(mean: Span) -> Stretch {
    Stretch::Exponential(Exponential::new(mean.as_secs_f64()))
}

/// A law of lengths of time.
fn stretch(table: &Table) -> Stretch {
    #[derive(Clone, Copy)]
    enum Law {
        Exponential,
        Weibull,
        LogNormal,
    }
    let words = [
        ("exponential", Law::Exponential),
        ("weibull", Law::Weibull),
        ("lognormal", Law::LogNormal),
    ];
    match table.word("law", &words) {
        Law::Exponential => exponential(table.quantity("mean", parse_span)),
        Law::Weibull => {
            let scale = table.quantity("scale", parse_span).as_secs_f64();
            let shape = table.number("shape", SHAPE_MIN..=100.0);
            Stretch::Weibull(Weibull::new(scale, shape.max(SHAPE_MIN)))
        }
        Law::LogNormal => {
            let median = table.quantity("median", parse_span).as_secs_f64();
            let sigma = table.number("sigma", 0.0..=SIGMA_MAX);
            Stretch::LogNormal(LogNormal::new(median, sigma.clamp(0.0, SIGMA_MAX)))
        }
    }
}

fn daily_off(table: &Table) -> DailyOff {
    let off = DailyOff {
        start: table.quantity("start", parse_span),
        spread: table.quantity("spread", parse_span),
        length: table.quantity("length", parse_span),
    };
    let short = || "is a day or more; write less than \"24 h\"".to_string();
    table.require(off.start < DAY, "start", short);
    table.require(off.length < DAY, "length", short);
    table.require(off.spread.nanos() <= DAY.nanos() / 2, "spread", || {
        "is above half a day; write at most \"12 h\"".to_string()
    });
    off
}

/// Outages that hit a part of a region at once.
pub fn region_outage(root: &Table) -> RegionOutage {
    root.table("region_outage", |table| {
        let outage = RegionOutage {
            between: table.quantity("between", parse_span),
            length: table.table("length", log_normal),
            share: table.quantity("share", parse_ppm),
        };
        let is_sane = outage.between.is_zero() || outage.between >= BETWEEN_MIN;
        table.require(is_sane, "between", || {
            "is shorter than a minute; write at least \"1 min\", or \"0 s\" for none".to_string()
        });
        outage
    })
}
