//! Other networks, as a table.

use crate::format::{count, number, usd};
use crate::networks::NetworkGroup;
use crate::summary::Summary;
use crate::table::Table;

/// Who went to other networks and came back; no rows of networks that nobody could go to.
pub fn networks(summary: &Summary) -> Table {
    let head = [
        "network",
        "came",
        "GPUs came",
        "came back",
        "GPUs back",
        "GPUs there, mean",
        "earned there, USD",
        "given up here, USD",
        "missed by who stayed, USD",
    ];
    let mut table = Table::new("Machines on other networks", &head);
    let moving = |(_, of): &(&str, &NetworkGroup)| **of != NetworkGroup::default();
    for (name, of) in summary.networks.iter().filter(moving) {
        table.row(vec![
            name.to_string(),
            count(of.came),
            count(of.gpus_came),
            count(of.returned),
            count(of.gpus_returned),
            number(of.gpus_mean, 1),
            usd(Some(of.earned_usd)),
            usd(Some(of.forgone_usd)),
            usd(Some(of.missed_usd)),
        ]);
    }
    table
}
