//! Owners and their machines.

use super::words;
use crate::format::{count, hours, percent};
use crate::summary::Summary;
use crate::table::Table;
use estimate::share;

/// What leases hold, what computes under them, and what owners take.
pub fn idle(summary: &Summary) -> Table {
    let head = [
        "pool",
        "reserved",
        "paid",
        "busy",
        "owners",
        "slowed",
        "busy/paid",
        "owners/inst.",
        "busy/idle",
    ];
    let title = "Use by tenants and by owners, GPU-hours (idle: installed, less what owners take)";
    let mut table = Table::new(title, &head);
    for (name, group) in summary.pools.iter().filter(|(_, group)| group.gpu_hours.installed > 0.0) {
        let gpu_hours = &group.gpu_hours;
        table.row(vec![
            words(name),
            hours(Some(gpu_hours.reserved)),
            hours(Some(gpu_hours.paid)),
            hours(Some(gpu_hours.busy)),
            hours(Some(gpu_hours.owner)),
            hours(Some(gpu_hours.slowed)),
            percent(share(gpu_hours.busy, gpu_hours.paid)),
            percent(group.owner_of_installed),
            percent(group.busy_of_idle),
        ]);
    }
    table
}

/// Failures under leases that were the owner's wish to have the machine back.
pub fn preemptions(summary: &Summary) -> Table {
    let mut table =
        Table::new("Leases that owners stopped", &["host class", "stopped", "of failures"]);
    let groups = summary.leases.host_classes.iter().filter(|(_, group)| group.preemptions > 0);
    for (class, group) in groups {
        let part = share(group.preemptions as f64, group.interruptions as f64);
        table.row(vec![words(class), count(group.preemptions), percent(part)]);
    }
    table
}
