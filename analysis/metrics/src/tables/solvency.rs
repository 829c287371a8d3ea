//! Stake against what it secures, and the network's own profit and loss, as a table.

use crate::format::{number, or_dash, usd};
use crate::summary::Summary;
use crate::table::Table;

/// What stake secures, and whether the network pays its way.
pub fn solvency(summary: &Summary) -> Table {
    let mut table = Table::new(
        "Security and solvency, at the end or over the reported eras",
        &["security and solvency", "value"],
    );
    let of = &summary.solvency;
    let mut row = |name: &str, value: String| table.row(vec![name.to_string(), value]);
    let ratio = |value: Option<f64>| or_dash(value, |ratio| number(ratio, 2));
    let whole = |value: Option<u32>| or_dash(value.map(f64::from), |count| number(count, 0));
    let dollars = |value: f64| usd(Some(value));
    row("stake at risk, USD", usd(of.stake_at_risk_usd));
    row("value at risk, USD", usd(of.value_at_risk_usd));
    row("security ratio", ratio(of.security_ratio));
    row("security ratio, lowest of an era", ratio(of.security_ratio_min));
    row(
        "cost over profit of cheating, all providers together, lowest of an era",
        ratio(of.deterrence_min),
    );
    row("providers whom stake did not deter, most in an era", whole(of.undeterred_max));
    row(
        "what the stake could have earned elsewhere (cost of capital), USD",
        dollars(of.capital_cost_usd),
    );
    row("net sell pressure, SPON", number(of.net_sold_spon, 0));
    row("net sell pressure, USD", dollars(of.net_sold_usd));
    row("what came to the foundation less what went, USD", dollars(of.treasury_net_usd));
    row("runway of the foundation, eras; a dash while it gains", whole(of.treasury_runway_eras));
    row("income from payments, USD", dollars(of.income_usd));
    row("income from slashes, USD", dollars(of.slashed_usd));
    row("paid as rewards, and from the vault for leases, USD", dollars(of.rewards_usd));
    row("gas paid, USD", dollars(of.gas_usd));
    row("tokens bought back, USD", dollars(of.buy_back_usd));
    row("profit of the network, USD", dollars(of.profit_usd));
    table
}
