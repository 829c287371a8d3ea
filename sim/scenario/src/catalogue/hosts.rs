//! Host classes and what fails together.

use super::log_normal;
use crate::node::Value;
use crate::reader::{Names, Table, as_number};
use crate::validated::{DailyOff, Faults, HostClass, Maintenance, RegionOutage, Trace, UpDown};
use engine::distribution::{Exponential, LogNormal, Stretch, Weibull};
use units::Ppm;
use units::Span;
use units::text::{parse_bits_per_second, parse_ppm, parse_span};

/// Longest time of day.
const DAY: Span = Span::DAY;

/// The host classes.
pub fn host_classes(root: &Table, profiles: &Names) -> Vec<HostClass> {
    let classes = root.entries("host_class", |name, host| HostClass {
        name: name.to_string(),
        fault: host.optional("fault", faults),
        gpu_fault: host.optional("gpu_fault", gpu_fault),
        daily_off: host.optional("daily_off", daily_off),
        maintenance: host.optional("maintenance", maintenance),
        bandwidth_bits_per_s: bandwidth(host),
        owner_use: owner_use(host, profiles),
    });
    classes.into_iter().map(|(_, class)| class).collect()
}

/// An image of 10 GiB takes a day at this.
const BANDWIDTH_MIN: u64 = 1_000_000;
/// Faults more often than each minute would only be events without end.
const BETWEEN_MIN: Span = Span::from_secs(60);
/// Shapes and spreads beyond these have means that no run would come near.
const SHAPE_MIN: f64 = 0.2;
const SIGMA_MAX: f64 = 4.0;

/// What a host class downloads.
pub fn bandwidth(host: &Table) -> u64 {
    let bits = host.quantity("bandwidth", parse_bits_per_second);
    host.require(!host.is_sound() || bits >= BANDWIDTH_MIN, "bandwidth", || {
        "is less than any image can wait for; write at least \"1 Mbps\"".to_string()
    });
    bits
}

fn maintenance(table: &Table) -> Maintenance {
    let law = Maintenance {
        every: table.span_above_zero("every"),
        length: table.span_above_zero("length"),
        notice: table.quantity("notice", parse_span),
    };
    let fits = law.length + law.notice <= law.every;
    table.require(!table.is_sound() || fits, "every", || {
        "is shorter than notice and length together; lengthen it or shorten them".to_string()
    });
    law
}

/// Recordings, each as a list: 1 or 0 for up or down at first, then seconds until each change.
fn traces(table: &Table) -> Vec<Trace> {
    let lists = match table.node("traces").map(|node| &node.value) {
        Some(Value::List(items)) => &items[..],
        _ => &[],
    };
    let traces: Vec<Option<Trace>> = lists.iter().map(|node| trace(&node.value)).collect();
    table.require(!traces.is_empty() && traces.iter().all(Option::is_some), "traces", || {
        "holds something else; write lists of 1 or 0 and then seconds above zero, or a file as \
         { trace = \"spot.csv\" }"
            .to_string()
    });
    traces.into_iter().flatten().collect()
}

fn trace(value: &Value) -> Option<Trace> {
    let Value::List(items) = value else { return None };
    let numbers: Vec<f64> = items.iter().map(|item| as_number(&item.value)).collect();
    let (first, lengths) = numbers.split_first()?;
    let is_good = |seconds: &f64| (1e-9..=1e10).contains(seconds);
    if ![0.0, 1.0].contains(first) || lengths.is_empty() || !lengths.iter().all(is_good) {
        return None;
    }
    let lengths = lengths.iter().map(|seconds| Span::from_secs_f64_rounded(*seconds));
    let mut trace = Trace { is_up_first: *first > 0.0, lengths: lengths.collect() };
    // Where it begins anew in the state in which it ends, both stretches are one.
    if trace.lengths.len() > 1 && !trace.lengths.len().is_multiple_of(2) {
        let first = trace.lengths.remove(0);
        if let Some(last) = trace.lengths.last_mut() {
            *last += first;
        }
        trace.is_up_first = !trace.is_up_first;
    }
    Some(trace)
}

/// Faults by one law, by that of one of several sites, or as they were recorded.
fn faults(table: &Table) -> Faults {
    if table.has("traces") {
        return Faults::Traces(traces(table));
    }
    if !table.has("sites") {
        return Faults::Law(up_down(table));
    }
    let sites = table.numbered_tables("sites", up_down);
    table.require(!sites.is_empty(), "sites", || {
        "is empty; write the times up and down of at least one site".to_string()
    });
    Faults::Sites(sites)
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

/// The place of the profile that a class's owners have, or `none`.
fn owner_use(host: &Table, profiles: &Names) -> Option<usize> {
    let word = host.node("owner_use").map(|node| &node.value);
    let is_none = matches!(word, Some(Value::Text(word)) if word == "none");
    (!is_none).then(|| host.reference("owner_use", profiles))
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
        let (share, concentration) = outage_share(table);
        let outage = RegionOutage {
            between: table.quantity("between", parse_span),
            length: table.table("length", log_normal),
            share,
            concentration,
        };
        let is_sane = outage.between.is_zero() || outage.between >= BETWEEN_MIN;
        table.require(is_sane, "between", || {
            "is shorter than a minute; write at least \"1 min\", or \"0 s\" for none".to_string()
        });
        outage
    })
}

/// A share, the same for all outages, or a beta law of it (economics.md 1.1).
fn outage_share(table: &Table) -> (Ppm, Option<f64>) {
    if !matches!(table.node("share").map(|node| &node.value), Some(Value::Table(_))) {
        return (table.quantity("share", parse_ppm), None);
    }
    table.table("share", |law| {
        let mean = law.quantity("mean", parse_ppm);
        law.require((1..1_000_000).contains(&mean.0), "mean", || {
            "leaves nothing to draw; write more than 0 % and less than 100 %".to_string()
        });
        (mean, Some(law.number("concentration", 0.01..=1e6)))
    })
}
