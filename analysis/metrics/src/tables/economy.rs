//! The token and its supply, as a table.

use crate::format::{number, or_dash, percent, usd};
use crate::summary::Summary;
use crate::table::Table;

/// The token and its supply.
pub fn economy(summary: &Summary) -> Table {
    let mut table = Table::new(
        "Token and supply, at the end or over the reported eras",
        &["token and supply", "value"],
    );
    let of = &summary.economy;
    let mut row = |name: &str, value: String| table.row(vec![name.to_string(), value]);
    let spon = |value: Option<f64>| or_dash(value, |tokens| number(tokens, 0));
    let price = |value: Option<f64>| or_dash(value, |dollars| number(dollars, 6));
    row("price at the start, USD", price(of.price_usd_at_start));
    row("price at the end, USD", price(of.price_usd));
    row("supply, SPON", spon(of.supply_spon));
    row("circulating, SPON", spon(of.circulating_spon));
    row("circulating, of the supply", percent(of.circulating_share));
    row("staked, SPON", spon(of.staked_spon));
    row("of the foundation, SPON", spon(of.treasury_spon));
    row("of the foundation, USD", usd(of.treasury_usd));
    row("in the reward pool, SPON", spon(of.pool_spon));
    row("issued, SPON", number(of.minted_spon, 0));
    row("burned, SPON", number(of.burned_spon, 0));
    row("emitted for rewards, SPON", number(of.emitted_spon, 0));
    row("paid of that, SPON", number(of.distributed_spon, 0));
    row("left of that, SPON", number(of.undistributed_spon, 0));
    row("released by vesting, SPON", number(of.vested_spon, 0));
    row("rewards for a dollar of leases, USD", usd(of.subsidy_per_revenue));
    table
}
