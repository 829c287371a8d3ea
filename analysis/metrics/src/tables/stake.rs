//! The tables of stake.

use crate::format::{count, number, or_dash, percent};
use crate::summary::Summary;
use crate::table::Table;

/// How much is staked, and what it brings.
pub fn stakes(summary: &Summary) -> Table {
    let mut table = Table::new("Stake, at the ends of eras on average", &["stake", "value"]);
    let stakes = &summary.stakes;
    let tokens = |value: Option<f64>| or_dash(value, |value| number(value, 0));
    for (name, text) in [
        ("providers' own, SPON", tokens(stakes.own_spon)),
        ("delegated, SPON", tokens(stakes.delegated_spon)),
        ("on its way out, SPON", tokens(stakes.unbonding_spon)),
        ("can be slashed, SPON", tokens(stakes.at_risk_spon)),
        ("delegators' net yield in a year", percent(stakes.delegator_yield_per_year)),
        ("providers short of the least stake", percent(stakes.short_share)),
        ("given back by appeals, SPON", tokens(Some(summary.slashes.returned_spon))),
    ] {
        table.row(vec![name.into(), text]);
    }
    table
}

/// Losses of stake by kind of fault; kinds that did not come up are left out.
pub fn slashes(summary: &Summary) -> Table {
    let head = ["fault", "losses", "SPON", "of them false"];
    let mut table = Table::new("Losses of stake by fault", &head);
    for (kind, sums) in summary.slashes.by_kind.iter().filter(|(_, sums)| sums.count > 0) {
        let [all, wrong] = [sums.count, sums.false_count].map(count);
        table.row(vec![kind.replace('_', " "), all, number(sums.spon, 0), wrong]);
    }
    table
}
