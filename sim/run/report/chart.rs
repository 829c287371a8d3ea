//! The figures of a report, from a summary.

use super::pick::{from_escrow, installed, words};
use figures::{
    Arrangement, BarChart, BarSeries, Format, IntervalChart, IntervalRow, Line, LineChart, Shade,
    Spacing,
};
use metrics::{Capacity, PathParts, PathTimes, Series, Summary};

/// Earnings beyond this, in USD per GPU-day, call for an axis that also shows the small ones.
const WIDE_EARNINGS_USD: f64 = 10.0;

/// Utilization of available GPUs over time, by pool.
pub(super) fn utilization(summary: &Summary) -> String {
    let line = |(pool, series): (&str, &Series)| Line {
        name: words(pool),
        points: days(series).zip(series.utilization_of_available()).collect(),
    };
    LineChart {
        time_title: "time since the start of the run, days".into(),
        value_title: "GPU-hours paid for, of those available".into(),
        format: Format::Percent,
        lines: summary.series.iter().map(line).collect(),
        shade: warm_up(summary),
    }
    .svg()
}

/// Orders over time, all pools together.
pub(super) fn demand(summary: &Summary) -> String {
    let line = |name: &str, counts: &dyn Fn(&Series) -> &[u64]| Line {
        name: name.into(),
        points: per_hour(summary, counts),
    };
    LineChart {
        time_title: "time since the start of the run, days".into(),
        value_title: "orders per hour".into(),
        format: Format::Number,
        lines: vec![
            line("sent", &|series| &series.orders),
            line("served by nobody", &|series| &series.unmatched),
        ],
        shade: warm_up(summary),
    }
    .svg()
}

/// Unmatched orders by reason, a colour per pool.
pub(super) fn unmatched(summary: &Summary) -> String {
    let reasons = summary.orders.all.unmatched_by_reason.iter();
    let mut reasons: Vec<_> = reasons.filter(|(_, orders)| **orders > 0).collect();
    reasons.sort_by_key(|(_, orders)| std::cmp::Reverse(**orders));
    let series = summary.orders.pools.iter().map(|(pool, group)| BarSeries {
        name: words(pool),
        values: reasons
            .iter()
            .map(|(reason, _)| group.unmatched_by_reason.get(reason).map(|n| *n as f64))
            .collect(),
    });
    BarChart {
        value_title: "orders that nobody served, by the first filter that nobody passed".into(),
        format: Format::Number,
        arrangement: Arrangement::Stacked,
        groups: reasons.iter().map(|(reason, _)| words(reason)).collect(),
        series: series.collect(),
    }
    .svg()
}

/// GPU-hours available, reserved and paid, by hardware tier.
pub(super) fn tiers(summary: &Summary) -> String {
    let tiers: Vec<_> = installed(&summary.tiers).collect();
    let series = |name: &str, value: fn(&Capacity) -> f64| BarSeries {
        name: name.into(),
        values: tiers.iter().map(|(_, tier)| Some(value(tier))).collect(),
    };
    BarChart {
        value_title: "GPU-hours".into(),
        format: Format::Number,
        arrangement: Arrangement::Grouped,
        groups: tiers.iter().map(|(name, _)| words(name)).collect(),
        series: vec![
            series("available", |tier| tier.gpu_hours.available),
            series("reserved by leases", |tier| tier.gpu_hours.reserved),
            series("paid for", |tier| tier.gpu_hours.paid),
        ],
    }
    .svg()
}

/// Utilization of available GPUs by region.
pub(super) fn regions(summary: &Summary) -> String {
    let rows = installed(&summary.regions)
        .map(|(name, region)| (words(name), region.utilization_of_available));
    let title = "GPU-hours paid for, of those available, by region of the provider";
    BarChart::simple(title, Format::Percent, rows).svg()
}

/// Net earnings per GPU-day by card, best median first.
pub(super) fn earnings(summary: &Summary) -> String {
    let row = |(card, group): (&str, &metrics::Earnings)| {
        let (low, middle, high) = (group.p10?, group.p50?, group.p90?);
        Some(IntervalRow { name: words(card), low, middle, high })
    };
    let mut rows: Vec<IntervalRow> = summary.earnings.iter().filter_map(row).collect();
    rows.sort_by(|a, b| b.middle.total_cmp(&a.middle));
    let widest = rows.iter().map(|row| row.high.abs().max(row.low.abs())).fold(0.0, f64::max);
    let (spacing, axis) = if widest > WIDE_EARNINGS_USD {
        (Spacing::SymmetricLog { linear_to: 1.0 }, " (logarithmic beyond 1)")
    } else {
        (Spacing::Linear, "")
    };
    IntervalChart {
        value_title: format!("net earnings, USD per registered GPU-day{axis}"),
        format: Format::Number,
        spacing,
        interval_name: "10 % to 90 % of GPU-days".into(),
        middle_name: "median".into(),
        rows,
    }
    .svg()
}

/// The share of providers that lose money, by region, highest first.
pub(super) fn losses(summary: &Summary) -> String {
    let mut rows: Vec<_> = summary
        .losses
        .regions
        .iter()
        .filter_map(|(region, losses)| Some((words(region), losses.share?)))
        .collect();
    rows.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rows = rows.into_iter().map(|(region, share)| (region, Some(share)));
    BarChart::simple("providers with net earnings below zero, by region", Format::Percent, rows)
        .svg()
}

/// The share of providers that would lose money, by price book, as the scenario lists them.
pub(super) fn price_books(summary: &Summary, in_force: &str) -> String {
    let rows = summary.losses.price_books.iter().map(|(book, losses)| {
        let mark = if book == in_force { " (in force)" } else { "" };
        (format!("{}{mark}", words(book)), losses.share)
    });
    BarChart::simple("providers that lose money, by price book", Format::Percent, rows).svg()
}

/// Mean parts of the time to match, by pool.
pub(super) fn to_match(summary: &Summary) -> String {
    let parts: [Part; 5] = [
        ("propagation", |parts| parts.propagation.mean),
        ("line", |parts| parts.line.mean),
        ("bid window", |parts| parts.window.mean),
        ("committee", |parts| parts.committee.mean),
        ("inclusion", |parts| parts.inclusion.mean),
    ];
    stacked(summary, "mean time from order to match, milliseconds", 1.0, &parts)
}

/// Mean parts of the time to start, by pool.
pub(super) fn to_start(summary: &Summary) -> String {
    let parts: [Part; 3] = [
        ("match", |parts| {
            let chain = [&parts.committee, &parts.inclusion];
            let path = [&parts.propagation, &parts.line, &parts.window].into_iter().chain(chain);
            path.map(|part| part.mean).sum()
        }),
        ("ready", |parts| parts.ready.mean),
        ("pull and boot", |parts| parts.boot.mean),
    ];
    stacked(summary, "mean time from order to start of work, seconds", 1e3, &parts)
}

/// Failures under leases by host class.
pub(super) fn failures(summary: &Summary) -> String {
    let rows = summary
        .leases
        .host_classes
        .iter()
        .filter(|(_, group)| group.exposure_hours > 0.0)
        .map(|(class, group)| (words(class), group.interruptions_per_1000_lease_hours));
    BarChart::simple("machine failures per 1,000 lease-hours", Format::Number, rows).svg()
}

/// Dollars that were spent out of escrow, by who received them and why, largest first. Refunds are
/// many times as much, and are told in the caption.
pub(super) fn dollars(summary: &Summary) -> String {
    let rows = from_escrow(summary)
        .into_iter()
        .filter(|(_, reason, usd)| reason != "refund" && *usd >= 0.5)
        .map(|(to, reason, usd)| (format!("{to}: {reason}"), Some(usd)));
    BarChart::simple("USD spent out of escrow", Format::Number, rows).svg()
}

/// A part of an order's way and its mean in milliseconds.
type Part = (&'static str, fn(&PathParts) -> Option<f64>);

fn stacked(summary: &Summary, title: &str, millis: f64, parts: &[Part]) -> String {
    let is_used = |(_, times): &(&str, &PathTimes)| times.r#match.count > 0;
    let pools: Vec<_> = summary.latency.pools.iter().filter(is_used).collect();
    let series = parts.iter().map(|(name, mean)| BarSeries {
        name: (*name).into(),
        values: pools.iter().map(|(_, times)| mean(&times.parts).map(|m| m / millis)).collect(),
    });
    BarChart {
        value_title: title.into(),
        format: Format::Number,
        arrangement: Arrangement::Stacked,
        groups: pools.iter().map(|(pool, _)| words(pool)).collect(),
        series: series.collect(),
    }
    .svg()
}

/// The middle of each point, in days.
fn days(series: &Series) -> impl Iterator<Item = f64> + '_ {
    let middle = |(at, length): (&f64, &f64)| (at + length / 2.0) / 24.0;
    series.at_hours.iter().zip(&series.length_hours).map(middle)
}

/// A count of all pools per hour. Pools have the same hours.
fn per_hour(summary: &Summary, counts: &dyn Fn(&Series) -> &[u64]) -> Vec<(f64, Option<f64>)> {
    let Some((_, first)) = summary.series.iter().next() else { return Vec::new() };
    let sum = |place: usize| {
        let of_pool = |(_, pool): (&str, &Series)| counts(pool).get(place).copied().unwrap_or(0);
        summary.series.iter().map(of_pool).sum::<u64>() as f64
    };
    let rate = |place: usize| {
        let hours = first.length_hours[place];
        (hours > 0.0).then(|| sum(place) / hours)
    };
    days(first).enumerate().map(|(place, day)| (day, rate(place))).collect()
}

/// The warm-up, when there was one.
fn warm_up(summary: &Summary) -> Option<Shade> {
    let (_, series) = summary.series.iter().next()?;
    let first = series.is_reported.iter().position(|is_reported| *is_reported)?;
    (first > 0).then(|| Shade {
        from: 0.0,
        to: series.at_hours[first] / 24.0,
        name: "warm-up, not reported".into(),
    })
}
