//! Whether cards pay, as tables.

use super::words;
use crate::capital::Capital;
use crate::format::{number, or_dash, percent, usd};
use crate::named::Named;
use crate::summary::Summary;
use crate::table::Table;

/// Cards, hardware tiers and labels as investments, those that anybody has.
pub fn capital(summary: &Summary) -> [Table; 3] {
    let capitals = &summary.capital;
    [
        investments("Cards as an investment, USD at the rate of the run", "card", &capitals.cards),
        investments("Hardware tiers as an investment", "hardware tier", &capitals.tiers),
        investments("Labels of the network as an investment", "label", &capitals.labels),
    ]
}

fn investments(title: &str, first: &str, groups: &Named<Capital>) -> Table {
    let head = [
        first,
        "price",
        "capital/GPU-h",
        "net/GPU-day",
        "with capital",
        "cash/year",
        "payback, years",
        "IRR",
    ];
    let mut table = Table::new(title, &head);
    for (name, group) in groups.iter().filter(|(_, group)| group.price_usd.is_some()) {
        let or_never = |text: String| if text == "-" { "never".to_string() } else { text };
        table.row(vec![
            words(name),
            usd(group.price_usd),
            or_dash(group.capital_usd_per_gpu_hour, |cost| number(cost, 4)),
            usd(group.net_usd_per_gpu_day),
            usd(group.net_with_capital_usd_per_gpu_day),
            usd(group.cash_usd_per_gpu_year),
            or_never(or_dash(group.payback_years, |years| number(years, 1))),
            or_never(percent(group.irr)),
        ]);
    }
    table
}
