//! What was asked, accepted and paid, as a table.

use crate::format::{number, or_dash, percent};
use crate::summary::Summary;
use crate::table::Table;

/// Rents by pool; the last two columns where a rule makes prices.
pub fn rents(summary: &Summary) -> Table {
    let groups = || summary.rents.pools.iter().chain([("all", &summary.rents.all)]);
    let columns = if groups().any(|(_, group)| group.used_of_offered.is_some()) { 7 } else { 5 };
    let head = ["pool", "offered at", "ask", "accepted", "paid", "moves an hour", "used"];
    let mut table = Table::new("Rents, USD per GPU-hour", &head[..columns]);
    for (name, group) in groups() {
        let price = |value: Option<f64>| or_dash(value, |value| number(value, 4));
        let mut cells = vec![
            name.to_string(),
            price(group.offered_usd),
            price(group.ask_usd),
            price(group.accepted_usd),
            price(group.paid_usd),
            or_dash(group.move_per_hour, |share| format!("{} %", number(share * 100.0, 2))),
            percent(group.used_of_offered),
        ];
        cells.truncate(columns);
        table.row(cells);
    }
    table
}
