//! What provider kinds ask, are paid and earn.

use super::words;
use crate::format::{count, number, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

/// What provider kinds ask, are paid and earn; no rows where all providers are of one.
pub fn kinds(summary: &Summary) -> Table {
    let title = "Provider kinds: USD per GPU-hour asked by all at the end, asked and accepted in \
                 leases, their volume; net USD per registered GPU-day";
    let head = [
        "kind",
        "providers",
        "asked",
        "of leases",
        "accepted",
        "GPU-days",
        "p10",
        "p50",
        "p90",
        "mean",
        "losing",
    ];
    let mut table = Table::new(title, &head);
    let earnings = summary.earnings_by_kind.iter().zip(summary.losses.kinds.iter());
    let all = summary.rents.kinds.iter().zip(earnings);
    let some = all.filter(|(_, (_, (_, losses)))| losses.providers > 0);
    let rows: Vec<_> = some.collect();
    let is_mixture = rows.len() > 1;
    for ((kind, rents), ((_, earnings), (_, losses))) in rows.into_iter().filter(|_| is_mixture) {
        table.row(vec![
            words(kind),
            count(losses.providers),
            usd(rents.offered_usd),
            usd(rents.ask_usd),
            usd(rents.accepted_usd),
            number(rents.leased_gpu_days, 0),
            usd(earnings.p10),
            usd(earnings.p50),
            usd(earnings.p90),
            usd(earnings.mean),
            percent(losses.share),
        ]);
    }
    table
}
