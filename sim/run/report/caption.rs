//! What the figures of a report show, said in a sentence computed from the same numbers.

use super::pick::{from_escrow, installed, words};
use metrics::{Capacity, Named, PathParts, Series, Summary, millis, number, percent, usd};

/// Said where there is nothing to say.
const NOTHING: &str = "The run has nothing to show here.";

/// The findings that open a report.
pub(super) fn findings(summary: &Summary) -> Vec<String> {
    vec![
        used(summary),
        sent(summary),
        losses(summary),
        earnings(summary),
        to_match(summary),
        ended(summary),
        dollars(summary),
    ]
    .into_iter()
    .filter(|finding| finding != NOTHING)
    .collect()
}

/// How much time is reported, and after how much warm-up.
pub(super) fn reported_time(summary: &Summary) -> String {
    let Some((_, series)) = summary.series.iter().next() else { return "no time".to_string() };
    let (reported, warm_up) = hours(series);
    let span = |hours: f64| millis(Some(hours * 3.6e6));
    let days = |hours: f64| {
        if hours < 48.0 { span(hours) } else { format!("{} days", number(hours / 24.0, 0)) }
    };
    format!("{} reported after {} of warm-up", days(reported), days(warm_up))
}

pub(super) fn utilization(summary: &Summary) -> String {
    let used = used(summary);
    if used == NOTHING {
        return used;
    }
    format!("{used} The lines are hourly; the warm-up is outside every number.")
}

pub(super) fn demand(summary: &Summary) -> String {
    let hours = summary.series.iter().next().map_or(0.0, |(_, series)| hours(series).0);
    if hours <= 0.0 || summary.orders.all.counts.sent == 0 {
        return NOTHING.to_string();
    }
    let rate = summary.orders.all.counts.sent as f64 / hours;
    format!("Tenants sent {} orders an hour in the mean. {}", number(rate, 0), sent(summary))
}

pub(super) fn unmatched(summary: &Summary) -> String {
    let group = &summary.orders.all;
    let reasons = group.unmatched_by_reason.iter().filter(|(_, orders)| **orders > 0);
    let Some((reason, orders)) = reasons.max_by_key(|(_, orders)| **orders) else {
        return "Every decided order found a provider, or none was sent.".to_string();
    };
    let total = group.counts.unmatched;
    let part = percent(Some(*orders as f64 / total as f64));
    format!(
        "{} orders found nobody; {part} of them first failed on {}.",
        metrics::count(total),
        words(reason)
    )
}

pub(super) fn tiers(summary: &Summary) -> String {
    spread(&summary.tiers, "hardware tier")
}

pub(super) fn regions(summary: &Summary) -> String {
    spread(&summary.regions, "region")
}

pub(super) fn earnings(summary: &Summary) -> String {
    let mut medians: Vec<(&str, f64)> =
        summary.earnings.iter().filter_map(|(card, group)| Some((card, group.p50?))).collect();
    medians.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (Some(best), Some(worst)) = (medians.first(), medians.last()) else {
        return NOTHING.to_string();
    };
    let losing = medians.iter().filter(|(_, median)| *median < 0.0).count();
    let cards = match losing {
        0 => "The median GPU-day pays on every card".to_string(),
        _ => format!("The median GPU-day loses money on {losing} of {} cards", medians.len()),
    };
    if medians.len() == 1 {
        return format!("{cards}: {} nets {} USD.", words(best.0), usd(Some(best.1)));
    }
    format!(
        "{cards}: {} nets {} USD, {} {} USD.",
        words(best.0),
        usd(Some(best.1)),
        words(worst.0),
        usd(Some(worst.1))
    )
}

pub(super) fn losses(summary: &Summary) -> String {
    if summary.losses.all.providers == 0 {
        return NOTHING.to_string();
    }
    let all = percent(summary.losses.all.share);
    let regions = summary.losses.regions.iter();
    let mut shares: Vec<_> =
        regions.filter_map(|(region, losses)| Some((region, losses.share?))).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    match (shares.first(), shares.last()) {
        (Some(most), Some(least)) if most.1 > least.1 => format!(
            "{all} of providers lost money; most often in {} ({}), least often in {} ({}).",
            words(most.0),
            percent(Some(most.1)),
            words(least.0),
            percent(Some(least.1))
        ),
        _ => format!("{all} of providers lost money, in every region alike."),
    }
}

/// What other price books would do to the share of providers that lose money.
pub(super) fn price_books(summary: &Summary, in_force: &str) -> String {
    let books = &summary.losses.price_books;
    let Some(share) = books.get(in_force).and_then(|losses| losses.share) else {
        return NOTHING.to_string();
    };
    let (own, name) = (percent(Some(share)), words(in_force));
    let others = books.iter().filter(|(book, _)| *book != in_force);
    let others: Vec<_> = others
        .filter_map(|(book, losses)| {
            Some(format!("{} at those of {}", percent(Some(losses.share?)), words(book)))
        })
        .collect();
    if others.is_empty() {
        return format!("{own} of providers lost money; {name} is the only price book declared.");
    }
    format!(
        "{own} of providers lost money at the prices of {name}; it would be {}. Leases are held \
         fixed and lease income is scaled card by card; which cards tenants could afford under \
         another book only a run with price_book set to it shows.",
        others.join(", ")
    )
}

/// How orders and jobs differ in number.
pub(super) fn jobs(summary: &Summary) -> String {
    let counts = &summary.orders.all.counts;
    if counts.jobs == 0 {
        return NOTHING.to_string();
    }
    format!(
        "An order is one try: a tenant that finds nobody, or loses its place, orders again, so \
         {} jobs placed {} orders, {} each in the mean; the matched share is one of orders, and \
         of the jobs {} ({}) were given up.",
        metrics::count(counts.jobs),
        metrics::count(counts.sent),
        number(counts.sent as f64 / counts.jobs as f64, 2),
        metrics::count(counts.jobs_given_up),
        percent(counts.jobs_given_up_share)
    )
}

pub(super) fn to_match(summary: &Summary) -> String {
    let times = &summary.latency.all;
    if times.r#match.count == 0 {
        return NOTHING.to_string();
    }
    let (part, mean) = longest(&times.parts, false);
    format!(
        "Half of the matched orders were matched within {}, 99 % within {}; the longest part in \
         the mean is {part} ({}).",
        millis(times.r#match.p50),
        millis(times.r#match.p99),
        millis(mean)
    )
}

/// What time and chance cost sampled orders, and how long newcomers waited.
pub(super) fn rounds(summary: &Summary) -> String {
    let (rounds, new) = (&summary.rounds, &summary.newcomers);
    let days = |days: Option<f64>| {
        days.map_or("more days than were seen".to_string(), |days| {
            format!("{} days", number(days, 1))
        })
    };
    let waits = format!(
        " {} providers joined later: half had a lease within {}, nine of ten within {}, and {} had \
         none by the end.",
        metrics::count(new.newcomers),
        days(new.days_p50),
        days(new.days_p90),
        metrics::count(new.waiting)
    );
    let points = |score| metrics::or_dash(score, |score: f64| number(100.0 * score, 1));
    format!(
        "In {} sampled rounds {} of the eligible bid in time; the best of all eligible, late ones \
         too, scored {} points of 100 more than the winner in the mean.{}",
        metrics::count(rounds.sampled),
        percent(rounds.in_time_share),
        points(rounds.regret.mean),
        if new.newcomers > 0 { waits.as_str() } else { "" }
    )
}

pub(super) fn to_start(summary: &Summary) -> String {
    let times = &summary.latency.all;
    if times.start.count == 0 {
        return NOTHING.to_string();
    }
    let (part, mean) = longest(&times.parts, true);
    format!(
        "Half of the matched orders started work within {}, 99 % within {}; the longest part in \
         the mean is {part} ({}).",
        millis(times.start.p50),
        millis(times.start.p99),
        millis(mean)
    )
}

pub(super) fn failures(summary: &Summary) -> String {
    let classes = summary.leases.host_classes.iter();
    let mut rates: Vec<_> = classes
        .filter_map(|(class, group)| Some((class, group.interruptions_per_1000_lease_hours?)))
        .collect();
    rates.sort_by(|a, b| b.1.total_cmp(&a.1));
    let ended = ended(summary);
    match (rates.first(), rates.last()) {
        (Some(most), Some(least)) if rates.len() > 1 => format!(
            "{ended} Per 1,000 lease-hours, machines of class {} failed {} times, of class {} {} \
             times.",
            words(most.0),
            number(most.1, 2),
            words(least.0),
            number(least.1, 2)
        ),
        _ => ended,
    }
}

pub(super) fn dollars(summary: &Summary) -> String {
    let rows = from_escrow(summary);
    let is_spent = |reason: &str| reason != "refund";
    let spent: f64 = rows.iter().filter(|row| is_spent(&row.1)).map(|row| row.2).sum();
    if spent <= 0.0 {
        return NOTHING.to_string();
    }
    let to = |party: &str| -> f64 {
        rows.iter().filter(|row| row.0 == party && is_spent(&row.1)).map(|row| row.2).sum()
    };
    let refund: f64 = rows.iter().filter(|row| !is_spent(&row.1)).map(|row| row.2).sum();
    format!(
        "Tenants paid {} USD for leases: {} went to providers, {} to the treasury, {} to \
         gateways. Each order, also one that is tried again, locks its ceiling until it is \
         decided: {} USD came back so.",
        usd(Some(spent)),
        percent(Some(to("providers") / spent)),
        percent(Some(to("treasury") / spent)),
        percent(Some(to("gateways") / spent)),
        usd(Some(refund))
    )
}

/// How much of the time that they were up GPUs were paid for, by pool.
fn used(summary: &Summary) -> String {
    let shares: Vec<_> = summary
        .pools
        .iter()
        .filter_map(|(pool, group)| {
            let share = percent(Some(group.utilization_of_available?));
            Some(format!("{share} ({})", words(pool)))
        })
        .collect();
    if shares.is_empty() {
        return NOTHING.to_string();
    }
    format!("Of the time that machines were up, their GPUs were paid for {}.", shares.join(", "))
}

/// How many orders found a provider.
fn sent(summary: &Summary) -> String {
    let counts = &summary.orders.all.counts;
    if counts.sent == 0 {
        return NOTHING.to_string();
    }
    format!(
        "Of {} orders, {} were matched ({} of those decided) and {} found nobody.",
        metrics::count(counts.sent),
        metrics::count(counts.matched),
        percent(counts.matched_share),
        metrics::count(counts.unmatched)
    )
}

/// How leases ended.
fn ended(summary: &Summary) -> String {
    let leases = &summary.leases.all;
    if leases.ended == 0 {
        return NOTHING.to_string();
    }
    let ended = metrics::count(leases.ended);
    format!("Of {ended} leases that ended, {} ended as agreed.", percent(leases.agreed_share))
}

/// Which group was used most and least.
fn spread(groups: &Named<Capacity>, kind: &str) -> String {
    let mut shares: Vec<_> = installed(groups)
        .filter_map(|(name, group)| Some((name, group.utilization_of_available?)))
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    match (shares.first(), shares.last()) {
        (Some(most), Some(least)) if shares.len() > 1 => format!(
            "The most used {kind} is {}, paid for {} of its available GPU-hours; the least used \
             is {} with {}.",
            words(most.0),
            percent(Some(most.1)),
            words(least.0),
            percent(Some(least.1))
        ),
        (Some(only), _) => {
            let share = percent(Some(only.1));
            format!("Tenants paid for {share} of the available GPU-hours of {}.", words(only.0))
        }
        _ => NOTHING.to_string(),
    }
}

/// The part with the longest mean, to the match or to the start.
fn longest(parts: &PathParts, to_start: bool) -> (&'static str, Option<f64>) {
    let means = [
        ("propagation", parts.propagation.mean),
        ("the line", parts.line.mean),
        ("the bid window", parts.window.mean),
        ("the committee", parts.committee.mean),
        ("inclusion", parts.inclusion.mean),
        ("ready", parts.ready.mean),
        ("pull and boot", parts.boot.mean),
    ];
    let shown = if to_start { &means[..] } else { &means[..5] };
    let longer = |a: &&(&str, Option<f64>), b: &&(&str, Option<f64>)| {
        a.1.unwrap_or(-1.0).total_cmp(&b.1.unwrap_or(-1.0))
    };
    shown.iter().max_by(longer).copied().expect("there are parts")
}

/// Hours after and before the end of the warm-up.
fn hours(series: &Series) -> (f64, f64) {
    let sum = |is_reported: bool| -> f64 {
        let hours = series.length_hours.iter().zip(&series.is_reported);
        hours.filter(|(_, reported)| **reported == is_reported).map(|(hours, _)| hours).sum()
    };
    (sum(true), sum(false))
}
