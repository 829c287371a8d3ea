//! What classes promised, and how far it was kept, as a table.

use super::words;
use crate::format::{count, number, or_dash, percent};
use crate::service::Attainment;
use crate::summary::Summary;
use crate::table::Table;

/// Promises by class; no rows where no class with jobs promises anything.
pub fn service(summary: &Summary) -> Table {
    let head = [
        "class",
        "promise",
        "bound",
        "target",
        "attained",
        "95 % interval",
        "missed by",
        "jobs",
        "target at",
    ];
    let mut table = Table::new("Service levels: what was promised, and how far it was kept", &head);
    table.words = 2;
    for (class, service) in summary.service.iter() {
        for (promise, of) in service.all() {
            if of.target.is_some() && of.jobs > 0 {
                table.row([vec![words(class), promise.to_string()], cells(promise, of)].concat());
            }
        }
    }
    table
}

fn cells(promise: &str, of: &Attainment) -> Vec<String> {
    let interval = of.attained_low.zip(of.attained_high).map_or("-".to_string(), |(low, high)| {
        format!("{} to {}", number(low * 100.0, 1), percent(Some(high)))
    });
    let missed = of.missed_by.filter(|missed| *missed > 0.0);
    vec![
        bound(promise, of.bound),
        percent(of.target),
        percent(of.attained),
        interval,
        or_dash(missed, |missed| format!("{} pp", number(missed * 100.0, 1))),
        count(of.jobs),
        bound(promise, of.needed),
    ]
}

/// A bound in its unit: a time for starts, multiples of the nominal duration for ends.
fn bound(promise: &str, bound: Option<f64>) -> String {
    or_dash(bound, |bound| match promise {
        "started" => crate::format::millis(Some(bound * 3.6e6)),
        _ => format!("{} x", number(bound, 2)),
    })
}
