//! How tenants pay and providers are paid.

use super::share;
use crate::reader::Table;
use crate::validated::{Exchange, TokenSales};
use protocol::{BuyBack, CreditRules, Rail};
use units::BasisPoints;
use units::text::{parse_basis_points, parse_ppm, parse_span, parse_usd};

/// Most that is locked on top of a deposit: ten times as much.
const MARGIN_MAX: BasisPoints = BasisPoints(100_000);
/// Most dollars in a pool.
const DOLLARS_MAX: f64 = 1e9;

/// The rail in force. The numbers of all rails are read and checked.
pub fn payment(root: &Table) -> Rail {
    root.table("payment", |table| {
        let rails = [
            ("stable", Rail::Stable),
            ("native_spot", table.table("native_spot", native_spot)),
            ("native_frozen", Rail::NativeFrozen),
            ("burn_mint", table.table("burn_mint", burn_mint)),
            ("usd_target", table.table("usd_target", usd_target)),
        ];
        table.word("rail", &rails)
    })
}

/// Where tokens are traded. The numbers of the pool are read and checked, traded in or not.
pub fn exchange(root: &Table) -> Exchange {
    root.table("exchange", |table| {
        let dollars = table.quantity("dollars", parse_usd);
        table.require((1.0..=DOLLARS_MAX).contains(&dollars.as_f64()), "dollars", || {
            format!("is not between 1 USD and {DOLLARS_MAX:e} USD; write what the pool holds")
        });
        let fee = table.quantity("fee", parse_ppm);
        table.require(fee.0 <= 500_000, "fee", || {
            "is more than half of what is paid; write at most \"50 %\"".to_string()
        });
        Exchange { dollars, fee, feed_window: table.quantity("feed_window", parse_span) }
    })
}

/// Who sells tokens when an era ends.
pub fn token_sales(root: &Table) -> TokenSales {
    root.table("token_sales", |table| TokenSales {
        providers: share(table, "providers"),
        delegators: share(table, "delegators"),
        holders: share(table, "holders"),
    })
}

fn native_spot(table: &Table) -> Rail {
    let margin = table.quantity("margin", parse_basis_points);
    table.require(margin <= MARGIN_MAX, "margin", || {
        "is more than ten times the deposit; write at most \"1000 %\"".to_string()
    });
    Rail::NativeSpot { margin }
}

fn burn_mint(table: &Table) -> Rail {
    let spread = table.quantity("spread", parse_basis_points);
    table.require(spread <= BasisPoints(5_000), "spread", || {
        "is more than half of what is paid; write at most \"50 %\"".to_string()
    });
    let rules = CreditRules {
        spread,
        warn_below: table.quantity("warn_below", parse_ppm),
        halt_below: table.quantity("halt_below", parse_ppm),
    };
    table.require(rules.halt_below <= rules.warn_below, "halt_below", || {
        "is above warn_below; lower it".to_string()
    });
    Rail::BurnMint(rules)
}

fn usd_target(table: &Table) -> Rail {
    Rail::UsdTarget(buy_back(table))
}

/// What the foundation does with its dollars when an era ends.
pub fn treasury(root: &Table) -> BuyBack {
    root.table("treasury", buy_back)
}

fn buy_back(table: &Table) -> BuyBack {
    BuyBack { share: share(table, "buy_back"), burned: share(table, "burned") }
}
