//! What calls cost, as a table.

use crate::format::{number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

use super::words;

/// What calls cost, in all and by who sent them.
pub fn gas(summary: &Summary) -> Table {
    let mut table = Table::new("Gas of calls over the reported eras", &["gas", "value"]);
    let of = &summary.gas;
    let mut row = |name: &str, value: String| table.row(vec![name.to_string(), value]);
    let fine = |value: Option<f64>| or_dash(value, |dollars| number(dollars, 4));
    row("calls", number(of.calls, 0));
    row("cost, USD", usd(Some(of.fees_usd)));
    row("cost of a call, USD", fine(of.mean_usd));
    row("for bytes on the chain below", percent(of.data_share));
    row("a unit of gas, gwei", fine(of.fee_gwei));
    row("the most that a call paid, gwei", fine(of.fee_gwei_max));
    row("longest wait for a block, s", or_dash(of.queue_s_max, |s| number(s, 1)));
    row("mean wait of a settlement for its batch, s", or_dash(of.batch_wait_s, |s| number(s, 1)));
    row("providers' calls, of their lease income", percent(of.share_of_income));
    row("all calls, of what tenants paid", percent(of.share_of_revenue));
    row("not paid so far, USD", usd(Some(of.owed_usd)));
    for (party, sums) in of.parties.iter() {
        row(&format!("of {}, USD", words(party)), usd(Some(sums.fees_usd)));
    }
    table
}
