//! The tables of a report, from a summary.

mod capital;
mod committee;
mod contracts;
mod economy;
mod fleet;
mod gas;
mod kinds;
mod misuse;
mod networks;
mod owners;
mod rents;
mod service;
mod solvency;
mod supply;
mod tenants;
mod trades;
mod venues;
mod work;

mod stake;

pub use capital::{capital, net_with_capital};
pub use committee::{censored_bids, censored_orders, operators};
pub use contracts::contracts;
pub use economy::economy;
pub use fleet::{fleet, focus};
pub use gas::gas;
pub use kinds::kinds;
pub use misuse::misuse;
pub use networks::networks;
pub use owners::{idle, preemptions};
pub use rents::rents;
pub use service::service;
pub use solvency::solvency;
pub use stake::{slashes, stakes};
pub use supply::{changes, staying, supply_eras};
pub use tenants::tenants;
pub use trades::trades;
pub use venues::{demand, elasticities, venue_eras, venue_reasons, venue_shares, venues};
pub use work::{work_by_card, work_by_class};

use crate::capacity::Capacity;
use crate::flows::Books;
use crate::format::{count, hours, millis, number, or_dash, percent, usd};
use crate::headline::Replications;
use crate::latency::{PathTimes, Quantiles};
use crate::leases::LeaseGroup;
use crate::named::Named;
use crate::orders::OrderCounts;
use crate::summary::Summary;
use crate::table::Table;
use crate::wins::Spread;
use estimate::share;
use record::{FlowParty, LeaseEnd};

/// The compact report of a run for a terminal, at most 100 characters wide; without the tables that
/// have no rows.
pub fn text_tables(summary: &Summary) -> String {
    all(summary)
        .iter()
        .filter(|table| !table.rows.is_empty())
        .map(Table::text)
        .collect::<Vec<_>>()
        .join("\n")
}

/// All tables of a run, in the order of the report.
pub fn all(summary: &Summary) -> Vec<Table> {
    let [pools, tiers, regions] = capacities(summary);
    let [by_card, by_tier, by_label] = capital(summary);
    vec![
        headline(summary),
        orders(summary),
        unmatched(summary),
        pools,
        tiers,
        regions,
        earnings(summary),
        fleet(summary),
        kinds(summary),
        net_with_capital(summary),
        by_card,
        by_tier,
        by_label,
        concentration(summary),
        roles(summary),
        bids(summary),
        times(summary),
        parts(summary),
        rounds(summary),
        operators(summary),
        censored_orders(summary),
        censored_bids(summary),
        leases(summary),
        ends(summary),
        service(summary),
        misuse(summary),
        contracts(summary),
        changes(summary),
        supply_eras(summary),
        staying(summary),
        networks(summary),
        rents(summary),
        work_by_class(summary),
        work_by_card(summary),
        venues(summary),
        venue_shares(summary),
        venue_reasons(summary),
        venue_eras(summary),
        tenants(summary),
        demand(summary),
        elasticities(summary),
        economy(summary),
        solvency(summary),
        gas(summary),
        stakes(summary),
        slashes(summary),
        trades(summary),
        flows(summary),
        books(summary),
    ]
}

/// GPU-hours by pool, by hardware tier and by region.
pub fn capacities(summary: &Summary) -> [Table; 3] {
    [
        capacity("GPU-hours by pool", "pool", &summary.pools),
        capacity("GPU-hours by hardware tier", "hardware tier", &summary.tiers),
        capacity("GPU-hours by region", "region", &summary.regions),
    ]
}

impl Replications {
    /// Means with the half-width of their 95 % interval, as a table.
    pub fn table(&self, what: &str) -> Table {
        let title = format!("{what} over {} replications, with 95 % intervals", self.runs);
        let mut table = Table::new(&title, &["metric", "mean", "+/-", "low", "high", "n"]);
        for metric in &self.metrics {
            let text = |value| metric.unit.text(value);
            table.row(vec![
                metric.label.clone(),
                text(metric.mean),
                text(metric.half_width),
                text(metric.low),
                text(metric.high),
                metric.n.to_string(),
            ]);
        }
        table
    }
}

/// The metrics that say most.
pub fn headline(summary: &Summary) -> Table {
    let mut table = Table::new("Key metrics", &["metric", "value"]);
    for metric in summary.headline() {
        let text = metric.unit.text(metric.value);
        table.row(vec![metric.label, text]);
    }
    let slashes = &summary.slashes;
    table.row(vec!["losses of stake".into(), count(slashes.count)]);
    table.row(vec!["stake lost, USD".into(), usd(Some(slashes.usd))]);
    table
}

/// Orders by pool and job class.
pub fn orders(summary: &Summary) -> Table {
    let head =
        ["orders", "sent", "matched", "share", "started", "unmatched", "open", "jobs", "given up"];
    let title = "Orders (share: matched of those decided) and the jobs that placed them";
    let mut table = Table::new(title, &head);
    let mut row = |name: String, counts: &OrderCounts| {
        let [sent, matched, started] = [counts.sent, counts.matched, counts.started].map(count);
        let [unmatched, open] = [counts.unmatched, counts.open].map(count);
        let [jobs, given_up] = [counts.jobs, counts.jobs_given_up].map(count);
        table.row(vec![
            name,
            sent,
            matched,
            percent(counts.matched_share),
            started,
            unmatched,
            open,
            jobs,
            given_up,
        ]);
    };
    row("all".into(), &summary.orders.all.counts);
    summary
        .orders
        .pools
        .iter()
        .for_each(|(pool, group)| row(format!("pool {}", words(pool)), &group.counts));
    summary.orders.classes.iter().for_each(|(class, counts)| row(words(class), counts));
    table
}

/// Why orders were not matched, most frequent first.
pub fn unmatched(summary: &Summary) -> Table {
    let orders = &summary.orders;
    let mut table =
        Table::new("Unmatched orders by first failing reason", &["reason", "orders", "share"]);
    let total = orders.all.counts.unmatched as f64;
    let reasons = orders.all.unmatched_by_reason.iter();
    let mut reasons: Vec<_> = reasons.filter(|(_, orders)| **orders > 0).collect();
    reasons.sort_by_key(|(_, orders)| std::cmp::Reverse(**orders));
    for (reason, orders) in reasons {
        table.row(vec![words(reason), count(*orders), percent(share(*orders as f64, total))]);
    }
    table
}

fn capacity(title: &str, first: &str, groups: &Named<Capacity>) -> Table {
    let head =
        [first, "installed", "available", "reserved", "paid", "up", "paid/inst.", "paid/avail."];
    let mut table = Table::new(title, &head);
    for (name, group) in groups.iter().filter(|(_, group)| group.gpu_hours.installed > 0.0) {
        let gpu_hours = &group.gpu_hours;
        table.row(vec![
            words(name),
            hours(Some(gpu_hours.installed)),
            hours(Some(gpu_hours.available)),
            hours(Some(gpu_hours.reserved)),
            hours(Some(gpu_hours.paid)),
            percent(group.availability),
            percent(group.utilization_of_installed),
            percent(group.utilization_of_available),
        ]);
    }
    table
}

/// Net earnings by card, and who loses money.
pub fn earnings(summary: &Summary) -> Table {
    let title = "Net earnings, USD per registered GPU-day, idle ones too; means of its parts";
    let head = [
        "card", "GPU-days", "p10", "p50", "p90", "mean", "leases", "reward", "slash", "power",
        "wear", "gas", "losing",
    ];
    let has_upkeep = summary.earnings_all.upkeep.is_some_and(|upkeep| upkeep < 0.0);
    let upkeep: &[&str] = if has_upkeep { &["upkeep"] } else { &[] };
    let mut table = Table::new(title, &[&head[..12], upkeep, &head[12..]].concat());
    let all = [("all", &summary.earnings_all, &summary.losses.all)];
    let cards = summary.earnings.iter().zip(summary.losses.cards.iter());
    let cards = cards.map(|((card, earnings), (_, losses))| (card, earnings, losses));
    for (card, group, losses) in all.into_iter().chain(cards).filter(|(_, _, l)| l.providers > 0) {
        let mut cells = vec![
            words(card),
            number(group.gpu_days, 0),
            usd(group.p10),
            usd(group.p50),
            usd(group.p90),
            usd(group.mean),
            usd(group.lease_income),
            usd(group.reward),
            usd(group.slash),
            usd(group.electricity),
            usd(group.wear),
            usd(group.gas),
        ];
        cells.extend(has_upkeep.then(|| usd(group.upkeep)));
        cells.push(percent(losses.share));
        table.row(cells);
    }
    table
}

/// How unequally leases and lease income are spread, by pool.
pub fn concentration(summary: &Summary) -> Table {
    let title = "Concentration over providers: Gini coefficient, and the share of the top tenth";
    let head = ["pool", "leases, Gini", "top tenth", "lease income, Gini", "top tenth"];
    let mut table = Table::new(title, &head);
    let mut row = |name: &str, spread: &Spread| {
        let gini = |value| or_dash(value, |gini| number(gini, 2));
        table.row(vec![
            words(name),
            gini(spread.leases_won_gini),
            percent(spread.leases_won_top_10_share),
            gini(spread.lease_income_gini),
            percent(spread.lease_income_top_10_share),
        ]);
    };
    row("all", &summary.concentration.all);
    summary.concentration.pools.iter().for_each(|(pool, spread)| row(pool, spread));
    table
}

/// What the roles of the scenario won; no rows where all providers are alike.
pub fn roles(summary: &Summary) -> Table {
    let title = "Leases won by what providers are to the question (over size: 1 is as others)";
    let mut table = Table::new(title, &["role", "providers", "GPUs", "won", "share", "over size"]);
    let roles: Vec<_> = summary.wins.roles.iter().filter(|(_, won)| won.providers > 0).collect();
    let is_one_of_several = roles.len() > 1;
    for (role, won) in roles.into_iter().filter(|_| is_one_of_several) {
        table.row(vec![
            words(role),
            count(won.providers),
            count(won.gpus),
            count(won.leases),
            percent(won.share),
            or_dash(won.share_over_size, |over| number(over, 2)),
        ]);
    }
    table
}

/// The sampled bids by the region of the provider, and what the region won.
pub fn bids(summary: &Summary) -> Table {
    let title = "Bids on sampled orders by region (margin: before the close, late ones below 0)";
    let head = ["region", "bids", "late", "margin p50", "won", "over size"];
    let mut table = Table::new(title, &head);
    let regions = summary.rounds.regions.iter().zip(summary.wins.regions.iter());
    for ((region, bids), (_, won)) in regions.filter(|(_, (_, won))| won.gpus > 0) {
        table.row(vec![
            words(region),
            count(bids.bids),
            percent(bids.late_share),
            or_dash(bids.margin.p50, |margin| format!("{} ms", number(margin, 0))),
            percent(won.share),
            or_dash(won.share_over_size, |over| number(over, 2)),
        ]);
    }
    table
}

/// Time of an order to its match and to its start, and of a job from its first order (or the loss
/// of its last place) to its start, by pool.
pub fn times(summary: &Summary) -> Table {
    let order = ["orders", "match p50", "match p90", "match p99"];
    let start = ["start p50", "start p90", "start p99", "job p90", "job p99"];
    let title = "Time to match and to start of a matched order, and of its job with all its orders";
    let mut table = Table::new(title, &[&order[..], &start].concat());
    let mut row = |name: &str, times: &PathTimes| {
        let quantiles = |q: &Quantiles| [q.p50, q.p90, q.p99].map(millis);
        let job = [times.job_start.p90, times.job_start.p99].map(millis);
        let orders = [quantiles(&times.r#match), quantiles(&times.start)].concat();
        table.row([vec![name.to_string()], orders, job.to_vec()].concat());
    };
    row("all", &summary.latency.all);
    summary.latency.pools.iter().for_each(|(pool, times)| row(&words(pool), times));
    table
}

/// The parts of the time to start.
pub fn parts(summary: &Summary) -> Table {
    let head = ["part", "orders", "mean", "p50", "p90", "p99"];
    let mut table = Table::new("Parts of the time to start", &head);
    let parts = &summary.latency.all.parts;
    let named = [
        ("propagation", &parts.propagation),
        ("line", &parts.line),
        ("bid window", &parts.window),
        ("committee", &parts.committee),
        ("- its last quorum", &parts.quorum),
        ("inclusion", &parts.inclusion),
        ("ready", &parts.ready),
        ("pull and boot", &parts.boot),
    ];
    for (name, part) in named {
        let [mean, p50, p90, p99] = [part.mean, part.p50, part.p90, part.p99].map(millis);
        table.row(vec![name.to_string(), count(part.count), mean, p50, p90, p99]);
    }
    table
}

/// Rounds of the committee, and those that missed their quorum.
pub fn rounds(summary: &Summary) -> Table {
    let committee = &summary.committee;
    let mut table = Table::new("Rounds that the committee was asked to sign", &["rounds", "value"]);
    let mut row = |name: &str, value: String| table.row(vec![name.to_string(), value]);
    row("asked for", count(committee.rounds));
    row("missed the quorum", count(committee.rounds_missed));
    row("missed, of those asked for", percent(committee.rounds_missed_share));
    row("repeated", count(committee.retries));
    row("orders failed for it", count(committee.orders_failed));
    row("failed, of orders with a round", percent(committee.orders_failed_share));
    table
}

/// Leases by host class.
pub fn leases(summary: &Summary) -> Table {
    let head = [
        "host class",
        "ended",
        "agreed",
        "share",
        "open",
        "failures",
        "lease-hours",
        "per 1,000 h",
    ];
    let mut table =
        Table::new("Leases by host class (failures under leases, per lease-hour)", &head);
    let mut row = |name: &str, group: &LeaseGroup| {
        table.row(vec![
            words(name),
            count(group.ended),
            count(group.agreed),
            percent(group.agreed_share),
            count(group.censored),
            count(group.interruptions),
            hours(Some(group.exposure_hours)),
            or_dash(group.interruptions_per_1000_lease_hours, |rate| number(rate, 2)),
        ]);
    };
    row("all", &summary.leases.all);
    let classes = summary.leases.host_classes.iter();
    classes.filter(|(_, of)| of.ended + of.censored > 0).for_each(|(class, of)| row(class, of));
    table
}

/// Leases by how they ended, as shares of those that ended: a censored one has not.
pub fn ends(summary: &Summary) -> Table {
    let mut table = Table::new("How leases ended", &["end", "leases", "share"]);
    let ended = summary.leases.all.ended as f64;
    for (end, leases) in summary.leases.by_end.iter() {
        let is_ended = end != LeaseEnd::Censored.name();
        let part = if is_ended { share(*leases as f64, ended) } else { None };
        table.row(vec![words(end), count(*leases), percent(part)]);
    }
    table
}

/// Flows of tokens and dollars.
pub fn flows(summary: &Summary) -> Table {
    let head = ["asset", "from", "to", "reason", "postings", "amount"];
    let mut table = Table::new("Flows of the reported eras, in dollars and tokens", &head);
    table.words = 4;
    for flow in &summary.flows {
        table.row(vec![
            flow.asset.to_string(),
            words(flow.from),
            words(flow.to),
            words(flow.reason),
            count(flow.count),
            number(flow.amount, 2),
        ]);
    }
    table
}

/// The books by asset.
pub fn books(summary: &Summary) -> Table {
    let mut table = Table::new(
        "Books: in - out + minted - burned = growth of what all parties hold",
        &["books", "USD", "SPON", "CREDIT"],
    );
    let books: Vec<_> = summary.books.iter().map(|(_, books)| books).collect();
    if books.is_empty() {
        return table;
    }
    let mut row = |name: &str, of: &dyn Fn(&Books) -> f64| {
        let amounts = books.iter().map(|books| number(of(books), 2));
        table.row([words(name)].into_iter().chain(amounts).collect());
    };
    row("in from outside", &|books| books.inflow);
    row("out to outside", &|books| books.outflow);
    row("minted", &|books| books.minted);
    row("burned", &|books| books.burned);
    row("growth of all parties", &|books| books.held_change);
    for party in FlowParty::ALL.iter().map(|party| party.name()) {
        let change = |books: &Books| books.change_by_party.get(party).copied().unwrap_or(0.0);
        if books.iter().any(|books| change(books) != 0.0) {
            row(&format!("growth of {party}"), &change);
        }
    }
    table
}

/// A word of ours as people write it.
fn words(name: &str) -> String {
    name.replace('_', " ")
}
