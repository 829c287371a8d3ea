//! What both figures and captions take from a summary.

use metrics::{Capacity, Named, Summary};

/// Groups that have GPUs at all.
pub(super) fn installed(groups: &Named<Capacity>) -> impl Iterator<Item = (&str, &Capacity)> {
    groups.iter().filter(|(_, group)| group.gpu_hours.installed > 0.0)
}

/// Dollars out of escrow by receiver and reason, largest first.
pub(super) fn from_escrow(summary: &Summary) -> Vec<(String, String, f64)> {
    let flows = summary.flows.iter();
    let mut rows: Vec<_> = flows
        .filter(|flow| flow.asset == "USD" && flow.from == "escrow")
        .map(|flow| (words(flow.to), words(flow.reason), flow.amount))
        .collect();
    rows.sort_by(|a, b| b.2.total_cmp(&a.2));
    rows
}

/// A word of ours as people write it.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}
