//! Where tenants went, and what they wanted at which price, as tables.

use crate::demand::Demand;
use crate::format::{count, number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;
use crate::venues::VenueGroup;

/// Most eras that a table lists.
const ERAS_MAX: usize = 20;

/// What each venue got; no rows where nobody chooses.
pub fn venues(summary: &Summary) -> Table {
    let head = ["venue", "jobs", "share", "GPU-hours", "spend, USD", "stayed", "had waited here"];
    let mut table = Table::new("Where tenants took their jobs", &head);
    for (name, venue) in summary.venues.by_venue.iter().filter(|(_, venue)| venue.jobs > 0) {
        table.row(vec![
            name.to_string(),
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
        ["of", "jobs", "here", "networks", "clouds", "here, hours", "clouds, hours", "surplus"];
    let mut table = Table::new("Shares of this network, other networks and central clouds", &head);
    let venues = &summary.venues;
    let groups = venues.classes.iter().chain(venues.pools.iter());
    let groups = groups.chain([("all", &venues.all)]);
    for (name, group) in groups.filter(|(_, group)| group.jobs > 0) {
        table.row(shares(name, group));
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
    let mut table = Table::new("What decided", &["reason", "came here", "went elsewhere"]);
    let venues = &summary.venues;
    for (reason, elsewhere) in venues.elsewhere_by_reason.iter() {
        let here = venues.here_by_reason.get(reason).copied().unwrap_or(0);
        if here + elsewhere > 0 {
            table.row(vec![reason.to_string(), count(here), count(*elsewhere)]);
        }
    }
    table
}

/// Shares over time, in at most so many rows.
pub fn venue_eras(summary: &Summary) -> Table {
    let mut table = Table::new("Shares by era", &["era", "jobs", "here", "networks", "clouds"]);
    let eras = &summary.venues.eras;
    for era in eras.iter().step_by(eras.len().div_ceil(ERAS_MAX).max(1)) {
        let cells = [era.here, era.networks, era.clouds].map(|share| percent(Some(share)));
        table.row([vec![era.era.to_string(), count(era.jobs)], cells.to_vec()].concat());
    }
    table
}

/// The price-volume curves; no rows where demand does not answer to the price.
pub fn demand(summary: &Summary) -> Table {
    let head = ["of", "price / book", "wanted / at book", "jobs", "hours", "elasticity"];
    let mut table = Table::new("What was wanted at which price", &head);
    for (pool, demand) in summary.demand.iter() {
        for point in &demand.curve {
            table.row(vec![
                pool.to_string(),
                number(point.price, 3),
                number(point.quantity, 3),
                count(point.jobs),
                count(point.hours),
                String::new(),
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
    let name = format!("{name}, all");
    table.row([vec![name], mean.to_vec(), vec![some(demand.elasticity)]].concat());
}
