//! Where tenants went, and what they wanted at which price, as tables.

use super::supply::{ERAS_MAX, span_of_eras};
use super::words;
use crate::demand::Demand;
use crate::format::{count, number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;
use crate::venues::{EraShares, VenueGroup};
use estimate::share;

/// What each venue got; no rows where nobody chooses.
pub fn venues(summary: &Summary) -> Table {
    let head = ["venue", "jobs", "share", "GPU-hours", "spend, USD", "stayed", "waited here"];
    let title = "Where tenants took their jobs (stayed: of these, the last one was there too)";
    let mut table = Table::new(title, &head);
    for (name, venue) in summary.venues.by_venue.iter().filter(|(_, venue)| venue.jobs > 0) {
        table.row(vec![
            words(name),
            count(venue.jobs),
            percent(venue.share),
            number(venue.gpu_hours, 0),
            usd(Some(venue.spend_usd)),
            percent(venue.stay_share),
            count(venue.jobs_waited),
        ]);
    }
    table
}

/// Shares by pool and job class.
pub fn venue_shares(summary: &Summary) -> Table {
    let head =
        ["of", "jobs", "here", "networks", "clouds", "here, h", "clouds, h", "surplus, USD/GPU-h"];
    let title =
        "Shares of this network, other networks and central clouds, of jobs and of GPU-hours";
    let mut table = Table::new(title, &head);
    let venues = &summary.venues;
    let groups = venues.classes.iter().chain(venues.pools.iter());
    let groups = groups.chain([("all", &venues.all)]);
    for (name, group) in groups.filter(|(_, group)| group.jobs > 0) {
        table.row(shares(&words(name), group));
    }
    table
}

fn shares(name: &str, group: &VenueGroup) -> Vec<String> {
    vec![
        name.to_string(),
        count(group.jobs),
        percent(group.here_share),
        percent(group.networks_share),
        percent(group.clouds_share),
        percent(group.here_share_of_hours),
        percent(group.clouds_share_of_hours),
        or_dash(group.surplus_usd, |surplus| number(surplus, 3)),
    ]
}

/// What decided, here and elsewhere.
pub fn venue_reasons(summary: &Summary) -> Table {
    let mut table = Table::new("What decided, in jobs", &["reason", "came here", "went elsewhere"]);
    let venues = &summary.venues;
    for (reason, elsewhere) in venues.elsewhere_by_reason.iter() {
        let here = venues.here_by_reason.get(reason).copied().unwrap_or(0);
        if here + elsewhere > 0 {
            table.row(vec![words(reason), count(here), count(*elsewhere)]);
        }
    }
    table
}

/// Shares over time, in at most so many rows.
pub fn venue_eras(summary: &Summary) -> Table {
    let mut table = Table::new("Shares by era", &["eras", "jobs", "here", "networks", "clouds"]);
    let eras = &summary.venues.eras;
    let every = eras.len().div_ceil(ERAS_MAX).max(1);
    for some in eras.chunks(every) {
        let jobs: u64 = some.iter().map(|era| era.jobs).sum();
        let mean = |of: fn(&EraShares) -> f64| {
            let sum: f64 = some.iter().map(|era| of(era) * era.jobs as f64).sum();
            percent(share(sum, jobs as f64))
        };
        let shares = [mean(|era| era.here), mean(|era| era.networks), mean(|era| era.clouds)];
        let cells = vec![span_of_eras(some[0].era, some.len()), count(jobs)];
        table.row([cells, shares.to_vec()].concat());
    }
    table
}

/// The price-volume curves; no rows where demand does not answer to the price.
pub fn demand(summary: &Summary) -> Table {
    let head = ["of", "price / book", "wanted / at book", "jobs", "hours"];
    let mut table = Table::new("What was wanted at which price", &head);
    for (pool, demand) in summary.demand.iter() {
        for point in &demand.curve {
            table.row(vec![
                words(pool),
                number(point.price, 3),
                number(point.quantity, 3),
                count(point.jobs),
                count(point.hours),
            ]);
        }
        all_of_a_curve(&mut table, pool, demand);
    }
    for (class, demand) in summary.demand_by_class.iter() {
        all_of_a_curve(&mut table, class, demand);
    }
    table
}

/// What was wanted over all prices, if demand answers to them.
fn all_of_a_curve(table: &mut Table, name: &str, demand: &Demand) {
    if demand.curve.is_empty() {
        return;
    }
    let some = |value| or_dash(value, |value| number(value, 3));
    let jobs = demand.curve.iter().map(|point| point.jobs).sum();
    let hours = demand.curve.iter().map(|point| point.hours).sum();
    let mean = [some(demand.price), some(demand.quantity), count(jobs), count(hours)];
    table.row([vec![format!("{}, all", words(name))], mean.to_vec()].concat());
}

/// The elasticities of these curves, by pool and by class.
pub fn elasticities(summary: &Summary) -> Table {
    let title = "Price elasticity of demand: per cent of quantity lost for a per cent of price";
    let head = ["of", "elasticity", "95 % interval", "points", "as seen from outside"];
    let mut table = Table::new(title, &head);
    let curves = summary.demand.iter().chain(summary.demand_by_class.iter());
    for (name, demand) in curves.filter(|(_, demand)| !demand.curve.is_empty()) {
        let some = |value| or_dash(value, |value| number(value, 2));
        let ends = demand.elasticity_low.zip(demand.elasticity_high);
        let interval = ends.map_or("-".to_string(), |(low, high)| {
            format!("{} to {}", number(low, 2), number(high, 2))
        });
        let points = count(demand.curve.len() as u64);
        let cells = [some(demand.elasticity), interval, points, some(demand.elasticity_seen)];
        table.row([vec![words(name)], cells.to_vec()].concat());
    }
    table
}
