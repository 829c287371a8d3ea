//! What the market itself buys and sells of the token, as a table.

use crate::format::{number, or_dash};
use crate::summary::Summary;
use crate::table::Table;

/// The range of the token's price, and the market's own trades.
pub fn trades(summary: &Summary) -> Table {
    let token = &summary.token;
    let head = ["token", "SPON", "USD"];
    let mut table = Table::new("Own trades of the token over the reported eras", &head);
    let mut row = |name: &str, tokens: String, dollars: String| {
        table.row(vec![name.to_string(), tokens, dollars]);
    };
    let price = |value: Option<f64>| or_dash(value, |value| number(value, 6));
    row("lowest price of an hour", "1".to_string(), price(token.min_usd));
    row("highest price of an hour", "1".to_string(), price(token.max_usd));
    for (name, tokens, dollars) in [
        ("bought", token.bought_spon, token.bought_usd),
        ("sold", token.sold_spon, token.sold_usd),
        ("net sell pressure", token.net_sold_spon, token.net_sold_usd),
    ] {
        row(name, number(tokens, 2), number(dollars, 2));
    }
    table
}
