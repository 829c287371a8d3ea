//! The committee and what is censored, as tables.

use super::words;
use crate::format::{count, millis, number, percent};
use crate::summary::Summary;
use crate::table::Table;

/// What every operator answered.
pub fn operators(summary: &Summary) -> Table {
    let head = [
        "operator",
        "stake",
        "asked",
        "signed",
        "deviating",
        "late",
        "absent",
        "refused",
        "wrong",
        "slashes",
        "lost SPON",
    ];
    let mut table = Table::new("Signatures by operator (stake: share at the end)", &head);
    for (name, sums) in summary.committee.operators.iter() {
        let counts = [
            sums.asked,
            sums.signed,
            sums.deviating,
            sums.late,
            sums.absent,
            sums.refused,
            sums.wrong,
            sums.slashes,
        ];
        let mut row = vec![words(name), percent(sums.stake_share)];
        row.extend(counts.map(count));
        row.push(number(sums.slashed_spon, 0));
        table.row(row);
    }
    table
}

/// Orders by the stake that refuses to sign them; no rows where nobody refuses any.
pub fn censored_orders(summary: &Summary) -> Table {
    let title = "Orders by the stake that refuses to sign them, their first bid hidden by nobody";
    let head = ["refusing stake", "orders", "no quorum", "share", "committee", "delay"];
    let mut table = Table::new(title, &head);
    let groups = || summary.committee.orders_by_refusing_stake.iter();
    let is_any = groups().skip(1).any(|(_, group)| group.orders > 0);
    for (stake, group) in groups().filter(|_| is_any) {
        table.row(vec![
            words(stake),
            count(group.orders),
            count(group.failed),
            percent(group.failed_share),
            millis(group.committee_ms),
            millis(group.delay_ms),
        ]);
    }
    table
}

/// Orders by the stake that hides the provider whom a full view draws first; no rows where nobody
/// hides any.
pub fn censored_bids(summary: &Summary) -> Table {
    let title =
        "Orders refused by nobody, by the stake that leaves out the bid that would come first";
    let head = ["hiding stake", "orders", "bid out", "share", "no quorum", "committee", "delay"];
    let mut table = Table::new(title, &head);
    let groups = || summary.committee.orders_by_hiding_stake.iter();
    let is_any = groups().skip(1).any(|(_, group)| group.orders.orders > 0);
    for (stake, group) in groups().filter(|_| is_any) {
        table.row(vec![
            words(stake),
            count(group.orders.orders),
            count(group.excluded),
            percent(group.excluded_share),
            count(group.orders.failed),
            millis(group.orders.committee_ms),
            millis(group.orders.delay_ms),
        ]);
    }
    table
}
