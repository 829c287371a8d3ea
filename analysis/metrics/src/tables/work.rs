//! What work costs, as tables.

use super::words;
use crate::format::{number, or_dash};
use crate::summary::Summary;
use crate::table::Table;
use crate::work::WorkPrice;

/// Prices of an hour and of the work in it, by class; no rows without leases.
pub fn work_by_class(summary: &Summary) -> Table {
    let work = &summary.work;
    let title = "Price of work by class: USD per GPU-hour, and per GPU-hour of the reference card";
    let head = ["class", "reference", "GPU-hours", "per hour", "work", "per hour of work"];
    let mut table = Table::new(title, &head);
    table.words = 2;
    for (class, of) in work.classes.iter().filter(|(_, of)| of.gpu_hours > 0.0) {
        let reference = work.references.get(class).map_or("any card", String::as_str);
        table.row([vec![words(class), words(reference)], cells(of)].concat());
    }
    table
}

/// The same by card, over the classes whose jobs a faster card does sooner; no rows where there are
/// none.
pub fn work_by_card(summary: &Summary) -> Table {
    let work = &summary.work;
    let reference = words(&work.reference);
    let title =
        format!("Price of work by card, of jobs that scale: work in GPU-hours of an {reference}");
    let mut table =
        Table::new(&title, &["card", "GPU-hours", "per hour", "work", "per hour of work"]);
    for (card, of) in work.cards.iter().filter(|(_, of)| of.gpu_hours > 0.0) {
        table.row([vec![words(card)], cells(of)].concat());
    }
    table
}

fn cells(of: &WorkPrice) -> Vec<String> {
    let price = |usd: Option<f64>| or_dash(usd, |usd| number(usd, 4));
    vec![
        number(of.gpu_hours, 0),
        price(of.usd_per_gpu_hour),
        number(of.work_hours, 0),
        price(of.usd_per_work_hour),
    ]
}
