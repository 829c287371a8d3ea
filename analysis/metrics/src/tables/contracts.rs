//! Spot leases beside long contracts.

use crate::contracts::PromiseGroup;
use crate::format::{count, hours, number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

/// What leases promised and kept; no rows where all are spot and none was taken back.
pub fn contracts(summary: &Summary) -> Table {
    let head = [
        "promise",
        "leases",
        "GPU-hours",
        "agreed, USD/h",
        "paid, USD/h",
        "failures/1000 h",
        "taken back",
        "notice, min",
        "work lost",
        "ended early",
        "paid, not served, h",
    ];
    let mut table = Table::new("Spot leases and long contracts", &head);
    let of = &summary.contracts;
    if of.long.leases == 0 && of.spot.reclaimed == 0 {
        return table;
    }
    let mut row = |name: &str, group: &PromiseGroup| {
        table.row(vec![
            name.to_string(),
            count(group.leases),
            hours(Some(group.gpu_hours)),
            usd(group.price_usd_per_gpu_hour),
            usd(group.charged_usd_per_gpu_hour),
            or_dash(group.interruptions_per_1000_lease_hours, |rate| number(rate, 2)),
            count(group.reclaimed),
            or_dash(group.notice_minutes, |minutes| number(minutes, 2)),
            percent(group.lost_share),
            count(group.terminated),
            hours(Some(group.forfeit_gpu_hours)),
        ]);
    };
    row("spot", &of.spot);
    row("long", &of.long);
    table
}
