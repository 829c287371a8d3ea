//! How long tenants stay, as a table.

use super::supply::{STAYING, staying_cells};
use super::words;
use crate::summary::Summary;
use crate::table::Table;

/// How long tenants stay; no rows where none could go elsewhere.
pub fn tenants(summary: &Summary) -> Table {
    let title =
        "How long tenants stay, from their first job here until they leave for a week or more";
    let mut table = Table::new(title, &[&["tenants"][..], &STAYING].concat());
    let tenants = &summary.tenants;
    let cohorts = [("from the start", &tenants.first), ("who came later", &tenants.later)];
    let cohorts = cohorts.map(|(name, of)| (name.to_string(), of));
    let pools = tenants.pools.iter().map(|(name, of)| (format!("pool {}", words(name)), of));
    let kinds = tenants.kinds.iter().map(|(name, of)| (format!("kind {}", words(name)), of));
    for (name, of) in cohorts.into_iter().chain(pools).chain(kinds) {
        if of.count > 0 {
            table.row([vec![name], staying_cells(of)].concat());
        }
    }
    table
}
