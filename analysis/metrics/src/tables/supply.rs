//! Supply that comes and goes, as tables.

use crate::format::{count, number, or_dash, percent};
use crate::summary::Summary;
use crate::supply::Changes;
use crate::table::Table;

/// Who entered and left, by pool, by provider kind and by reason; no rows where nobody did.
pub fn changes(summary: &Summary) -> Table {
    let head = ["of", "ordered", "refused", "joined", "returned", "left", "GPUs in", "GPUs out"];
    let mut table = Table::new("Providers that entered and left", &head);
    let supply = &summary.supply;
    let pools = supply.pools.iter().map(|(name, group)| (format!("pool {name}"), &group.changes));
    let kinds = supply.kinds.iter().map(|(name, of)| (format!("kind {name}"), of));
    let reasons = supply.reasons.iter().map(|(name, of)| (format!("by {name}"), of));
    let moving = |(_, of): &(String, &Changes)| **of != Changes::default();
    for (name, of) in pools.chain(kinds).chain(reasons).filter(moving) {
        let Changes { ordered, refused, joined, left, returned, gpus_in, gpus_out, .. } = *of;
        let counts = [ordered, refused, joined, returned, left, gpus_in, gpus_out].map(count);
        table.row([vec![name], counts.to_vec()].concat());
    }
    table
}

/// How long providers stay, by pool; no rows where nobody entered or left.
pub fn staying(summary: &Summary) -> Table {
    let head = ["providers of", "there", "left", "after 30 d", "after 90 d", "half gone after, d"];
    let mut table = Table::new("How long providers stay", &head);
    for (name, group) in summary.supply.pools.iter().filter(|_| summary.has_moving_supply()) {
        for (cohort, of) in [("from the start", &group.first), ("later", &group.later)] {
            if of.count > 0 {
                table.row(vec![
                    format!("{name}, {cohort}"),
                    count(of.count),
                    count(of.left),
                    percent(of.after_30_d),
                    percent(of.after_90_d),
                    or_dash(of.median_d, |days| number(days, 1)),
                ]);
            }
        }
    }
    table
}

impl Summary {
    /// Whether anybody entered or left in the reported time.
    pub fn has_moving_supply(&self) -> bool {
        self.supply.all.changes != Changes::default()
    }
}
