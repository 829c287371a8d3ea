//! What was asked, accepted and paid, as a table.

use crate::format::{number, or_dash, percent};
use crate::rents::RentGroup;
use crate::summary::Summary;
use crate::table::Table;

/// Rents by pool.
pub fn rents(summary: &Summary) -> Table {
    let head = ["pool", "offered at", "ask", "accepted", "paid", "moves an hour", "used"];
    let mut table = Table::new("Rents, USD per GPU-hour", &head);
    let mut row = |name: &str, group: &RentGroup| {
        let price = |value: Option<f64>| or_dash(value, |value| number(value, 4));
        table.row(vec![
            name.to_string(),
            price(group.offered_usd),
            price(group.ask_usd),
            price(group.accepted_usd),
            price(group.paid_usd),
            or_dash(group.move_per_hour, |share| format!("{} %", number(share * 100.0, 2))),
            percent(group.used_of_offered),
        ]);
    };
    for (name, group) in summary.rents.pools.iter() {
        row(name, group);
    }
    row("all", &summary.rents.all);
    table
}
