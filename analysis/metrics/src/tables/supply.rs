//! Supply that comes and goes, as tables.

use super::words;
use crate::format::{count, number, or_dash, percent};
use crate::named::Named;
use crate::staying::Staying;
use crate::summary::Summary;
use crate::supply::{Changes, EraSupply};
use crate::table::Table;

/// Most rows of a table over eras.
pub const ERAS_MAX: usize = 20;

/// Who entered and left, by pool, by provider kind and by reason; no rows where nobody did.
pub fn changes(summary: &Summary) -> Table {
    let head = [
        "of",
        "ordered",
        "refused",
        "joined",
        "added",
        "returned",
        "left",
        "GPUs in",
        "GPUs added",
        "GPUs out",
    ];
    let title = "Providers that entered and left (added: by owners, of those that joined)";
    let mut table = Table::new(title, &head);
    let supply = &summary.supply;
    let pools = supply.pools.iter().map(|(name, group)| ("pool", name, &group.changes));
    let kinds = supply.kinds.iter().map(|(name, of)| ("kind", name, of));
    let reasons = supply.reasons.iter().map(|(name, of)| ("by", name, of));
    let moving = |(.., of): &(&str, &str, &Changes)| **of != Changes::default();
    for (what, name, of) in pools.chain(kinds).chain(reasons).filter(moving) {
        let went = [of.ordered, of.refused, of.joined, of.added, of.returned, of.left];
        let counts = went.into_iter().chain([of.gpus_in, of.gpus_added, of.gpus_out]).map(count);
        let name = format!("{what} {}", words(name));
        table.row([name].into_iter().chain(counts).collect());
    }
    table
}

/// Supply over time, at most so many rows: GPUs in the mean, those that came and went by reason;
/// no rows where nobody did.
pub fn supply_eras(summary: &Summary) -> Table {
    let eras = &summary.supply.eras;
    let reasons = |of: fn(&EraSupply) -> &Named<u64>| -> Vec<&str> {
        let names = eras.first().into_iter().flat_map(move |era| of(era).iter());
        let moved = |name: &str| eras.iter().any(|era| of(era).get(name).is_some_and(|n| *n > 0));
        names.map(|(name, _)| name).filter(|name| moved(name)).collect()
    };
    let (ins, outs) = (reasons(|era| &era.gpus_in), reasons(|era| &era.gpus_out));
    let named = |what: &str, name: &&str| format!("{what}: {}", words(name));
    let head = ["eras", "registered", "active", "busy"].map(str::to_string).into_iter();
    let head = head.chain(ins.iter().map(|name| named("in", name)));
    let head: Vec<String> = head.chain(outs.iter().map(|name| named("out", name))).collect();
    let title = "GPUs by era: registered at its end, up and computing in the mean, in and out";
    let mut table = Table::new(title, &head.iter().map(String::as_str).collect::<Vec<_>>());
    let every = eras.len().div_ceil(ERAS_MAX).max(1);
    for some in eras.chunks(every).filter(|_| summary.has_moving_supply()) {
        let sum = |of: fn(&EraSupply) -> &Named<u64>, name: &str| {
            count(some.iter().filter_map(|era| of(era).get(name)).sum())
        };
        let last = some[some.len() - 1].registered;
        let mean = |of: fn(&EraSupply) -> f64| {
            number(some.iter().map(of).sum::<f64>() / some.len() as f64, 0)
        };
        let cells = vec![span_of_eras(some[0].era, some.len()), count(last)];
        let means = vec![mean(|era| era.active), mean(|era| era.busy)];
        let came = ins.iter().map(|name| sum(|era| &era.gpus_in, name)).collect();
        let went = outs.iter().map(|name| sum(|era| &era.gpus_out, name)).collect();
        table.row([cells, means, came, went].concat());
    }
    table
}

/// The name of so many eras from one on.
pub fn span_of_eras(first: u32, eras: usize) -> String {
    if eras == 1 { first.to_string() } else { format!("{first}-{}", first + eras as u32 - 1) }
}

/// How long providers stay, by pool; no rows where nobody entered or left.
pub fn staying(summary: &Summary) -> Table {
    let title = "How long providers stay, from when they join to when they first leave";
    let mut table = Table::new(title, &[&["providers of"][..], &STAYING].concat());
    for (name, group) in summary.supply.pools.iter().filter(|_| summary.has_moving_supply()) {
        for (cohort, of) in [("from the start", &group.first), ("later", &group.later)] {
            if of.count > 0 {
                let name = format!("{}, {cohort}", words(name));
                table.row([vec![name], staying_cells(of)].concat());
            }
        }
    }
    table
}

/// What is said of how long those of a cohort stay.
pub const STAYING: [&str; 7] =
    ["there", "left", "after 7 d", "after 30 d", "95 % interval", "after 90 d", "half gone after"];

/// The cells under these heads.
pub fn staying_cells(of: &Staying) -> Vec<String> {
    let ends = of.after_30_d_low.zip(of.after_30_d_high);
    let interval = ends.map_or("-".to_string(), |(low, high)| {
        format!("{} to {}", number(low * 100.0, 1), percent(Some(high)))
    });
    vec![
        count(of.count),
        count(of.left),
        percent(of.after_7_d),
        percent(of.after_30_d),
        interval,
        percent(of.after_90_d),
        or_dash(of.median_d, |days| format!("{} d", number(days, 1))),
    ]
}

impl Summary {
    /// Whether anybody entered or left in the reported time.
    pub fn has_moving_supply(&self) -> bool {
        self.supply.all.changes != Changes::default()
    }
}
