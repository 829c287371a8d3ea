//! What comes from outside: money, and the token's price.

use super::require_countable;
use crate::ledger::{Account, Reason};
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::state::State;
use units::{Asset, DelegatorId, Spon, TenantId, TokenPrice, Usd};

pub(super) fn apply_deposit(
    state: &mut State,
    tenant: TenantId,
    amount: Usd,
) -> Result<Receipt, Rejection> {
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    require_countable(state, Asset::Usd, amount.base())?;
    state.ledger.inflow(Asset::Usd, wallet, amount.base(), Reason::Deposit);
    Ok(Receipt::Deposited { amount })
}

pub(super) fn apply_fund(
    state: &mut State,
    delegator: DelegatorId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    let wallet = Account::Delegator(delegator);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchDelegator);
    }
    require_countable(state, Asset::Spon, amount.base())?;
    state.ledger.inflow(Asset::Spon, wallet, amount.base(), Reason::Deposit);
    Ok(Receipt::Funded { amount })
}

/// The feed says what a token costs.
pub(super) fn apply_report_price(
    state: &mut State,
    price: TokenPrice,
) -> Result<Receipt, Rejection> {
    if price.nanos() == 0 {
        return Err(Rejection::NoPrice);
    }
    state.price = price;
    Ok(Receipt::PriceReported)
}
