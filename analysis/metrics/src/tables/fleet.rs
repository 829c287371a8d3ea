//! Providers that were declared one by one, as tables.

use crate::format::{count, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

/// What each of them earns, beside the median of its peers.
pub fn fleet(summary: &Summary) -> Table {
    let title =
        "Declared providers: net per GPU-day, USD, beside all others of their pool and card";
    let head = ["provider", "GPUs", "up", "at work", "income", "reward", "net", "peers", "losing"];
    let mut table = Table::new(title, &head);
    for (name, own) in summary.fleet.iter() {
        table.row(vec![
            name.to_string(),
            count(own.gpus),
            percent(own.availability),
            percent(own.utilization_of_available),
            usd(own.lease_income_usd_per_gpu_day),
            usd(own.reward_usd_per_gpu_day),
            usd(own.net_usd_per_gpu_day),
            usd(own.peers_net_p50),
            percent(own.peers_losing_share),
        ]);
    }
    table
}

/// One of them with all that is known of it.
pub fn focus(summary: &Summary, name: &str) -> Table {
    let mut table = Table::new(&format!("{name}, beside its peers"), &["metric", "value"]);
    for metric in summary.focus(name) {
        let text = metric.unit.text(metric.value);
        table.row(vec![metric.label, text]);
    }
    table
}
