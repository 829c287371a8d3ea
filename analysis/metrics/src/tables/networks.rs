//! Other networks, as a table.

use crate::format::{count, number, usd};
use crate::networks::NetworkGroup;
use crate::summary::Summary;
use crate::table::Table;

/// Who went to other networks and came back; no rows of networks that nobody could go to.
pub fn networks(summary: &Summary) -> Table {
    let head = [
        "network",
        "went",
        "GPUs",
        "back",
        "GPUs back",
        "GPUs there",
        "earned, USD",
        "given up, USD",
        "missed, USD",
    ];
    let title = "Machines on other networks: in the mean there, what they earned there and gave up \
                 here, and what those missed who stayed";
    let mut table = Table::new(title, &head);
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
