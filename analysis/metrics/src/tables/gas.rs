//! What calls cost, as a table.

use crate::format::{number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

use super::words;

/// What calls cost, in all and by who sent them; no rows where they are free.
pub fn gas(summary: &Summary) -> Table {
    let mut table = Table::new("Gas of calls over the reported eras", &["gas", "value"]);
    let of = &summary.gas;
    if of.calls == 0.0 {
        return table;
    }
    let mut row = |name: &str, value: String| table.row(vec![name.to_string(), value]);
    let fine = |value: Option<f64>| or_dash(value, |dollars| number(dollars, 4));
    row("calls", number(of.calls, 0));
    row("cost, USD", usd(Some(of.fees_usd)));
    row("cost of a call, USD", fine(of.mean_usd));
    row("part of it for bytes on the chain below", percent(of.data_share));
    row("fee of a unit of gas, gwei, mean over hours", fine(of.fee_gwei));
    row("fee of a unit of gas, gwei, highest", fine(of.fee_gwei_max));
    row("longest wait of a call for its block, s", or_dash(of.queue_s_max, |s| number(s, 1)));
    row("mean wait of a settlement for its batch, s", or_dash(of.batch_wait_s, |s| number(s, 1)));
    row("cost of providers' calls, of their lease income", percent(of.share_of_income));
    row("cost of all calls, of what tenants paid for GPUs", percent(of.share_of_revenue));
    row("billed and not paid, USD", usd(Some(of.owed_usd)));
    for (party, sums) in of.parties.iter().filter(|(_, sums)| sums.fees_usd > 0.0) {
        row(&format!("cost of calls by {}, USD", words(party)), usd(Some(sums.fees_usd)));
    }
    table
}
