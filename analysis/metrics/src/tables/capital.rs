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
        investments("Cards as an investment, at the rate of the run", "card", &capitals.cards),
        investments("Hardware tiers as an investment", "hardware tier", &capitals.tiers),
        investments("Labels of the network as an investment", "label", &capitals.labels),
    ]
}

/// Net earnings before and after capital; no rows where nobody has a card whose price is known.
pub fn net_with_capital(summary: &Summary) -> Table {
    let title = "Net before and after capital, means in USD per registered GPU-day";
    let head = [
        "card",
        "income",
        "running",
        "cash",
        "wear",
        "net",
        "depreciation",
        "interest",
        "after capital",
        "losing",
    ];
    let mut table = Table::new(title, &head);
    let cards = summary.earnings.iter().zip(summary.capital.cards.iter());
    let cards = cards.filter(|(_, (_, capital))| capital.price_usd.is_some()).map(|(one, _)| one);
    let is_any = summary.capital.all.price_usd.is_some();
    let all = is_any.then_some(("all", &summary.earnings_all));
    for (card, of) in all.into_iter().chain(cards) {
        let sum = |parts: &[Option<f64>]| parts.iter().copied().sum::<Option<f64>>();
        table.row(vec![
            words(card),
            usd(sum(&[of.lease_income, of.reward])),
            usd(sum(&[of.slash, of.electricity, of.gas, of.upkeep])),
            usd(of.cash),
            usd(of.wear),
            usd(of.mean),
            usd(of.depreciation),
            usd(of.interest),
            usd(of.with_capital),
            percent(of.losing_with_capital),
        ]);
    }
    table
}

fn investments(title: &str, first: &str, groups: &Named<Capital>) -> Table {
    let head = [
        first,
        "price, USD",
        "capital, USD/GPU-h",
        "cash, USD/year",
        "payback, years",
        "IRR, % a year",
    ];
    let mut table = Table::new(title, &head);
    for (name, group) in groups.iter().filter(|(_, group)| group.price_usd.is_some()) {
        let or_never = |text: String| if text == "-" { "never".to_string() } else { text };
        table.row(vec![
            words(name),
            usd(group.price_usd),
            or_dash(group.capital_usd_per_gpu_hour, |cost| number(cost, 4)),
            usd(group.cash_usd_per_gpu_year),
            or_never(or_dash(group.payback_years, |years| number(years, 1))),
            or_never(percent(group.irr)),
        ]);
    }
    table
}
