//! Owners and their machines.

use super::words;
use crate::format::{count, hours, percent};
use crate::summary::Summary;
use crate::table::Table;
use estimate::share;

/// What owners take of their machines, and what computes for tenants of the rest.
pub fn idle(summary: &Summary) -> Table {
    let head = ["pool", "installed", "owners", "busy", "slowed", "owners/inst.", "busy/rest"];
    let mut table = Table::new("Use by owners and by tenants, GPU-hours", &head);
    for (name, group) in summary.pools.iter().filter(|(_, group)| group.gpu_hours.installed > 0.0) {
        let gpu_hours = &group.gpu_hours;
        table.row(vec![
            words(name),
            hours(Some(gpu_hours.installed)),
            hours(Some(gpu_hours.owner)),
            hours(Some(gpu_hours.busy)),
            hours(Some(gpu_hours.slowed)),
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
