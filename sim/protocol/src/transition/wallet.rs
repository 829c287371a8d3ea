//! Wallets: money and the token's price come from outside, tokens are bought and sold.

use super::{require_amount, require_countable};
use crate::call::Seller;
use crate::exchange::{buy_exact, quote_tokens_rounded_up, sell, trade_outside};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::rail::Rail;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::state::State;
use mechanism::credits::CreditError;
use mechanism::swap_pool::Side;
use units::{Asset, Base, DelegatorId, Spon, TenantId, TokenPrice, Usd};

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
    state.take_in(wallet, amount, Reason::Deposit);
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

/// A tenant buys exactly so many tokens with the dollars in its wallet.
pub(super) fn apply_buy_tokens(
    state: &mut State,
    tenant: TenantId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    require_amount(amount)?;
    require_countable(state, Asset::Spon, amount.base())?;
    let cost = quote_tokens_rounded_up(state, amount).ok_or(Rejection::AmountTooLarge)?;
    let held = state.ledger.balance(Asset::Usd, wallet);
    if held < cost.base() {
        let (asset, needed) = (Asset::Usd, cost.base());
        return Err(Rejection::DepositTooSmall { asset, needed, held });
    }
    buy_exact(state, wallet, amount, cost);
    Ok(Receipt::TokensBought { amount, cost })
}

/// Who holds tokens sells some.
pub(super) fn apply_sell_tokens(
    state: &mut State,
    seller: Seller,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    let wallet = seller.account();
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchSeller);
    }
    require_amount(amount)?;
    let held = Spon::from_base(state.ledger.balance(Asset::Spon, wallet));
    if amount > held {
        return Err(Rejection::NotHeld { held });
    }
    let proceeds = sell(state, wallet, amount).map_err(|_| Rejection::AmountTooLarge)?;
    Ok(Receipt::TokensSold { proceeds })
}

/// Somebody outside trades in the pool.
pub(super) fn apply_trade_outside(
    state: &mut State,
    pays: Side,
    paid: Base,
) -> Result<Receipt, Rejection> {
    if paid < 0 {
        return Err(Rejection::NegativeAmount);
    }
    let asset = if pays == Side::Tokens { Asset::Spon } else { Asset::Usd };
    require_countable(state, asset, paid)?;
    match trade_outside(state, pays, paid) {
        None => Err(Rejection::NoExchange),
        Some(Err(_)) if paid == 0 => Err(Rejection::AmountTooSmall),
        Some(Err(_)) => Err(Rejection::AmountTooLarge),
        Some(Ok(received)) => Ok(Receipt::TradedOutside { received }),
    }
}

/// A tenant's tokens worth `value` go into the vault, and it receives credits for them.
pub(super) fn apply_top_up(
    state: &mut State,
    tenant: TenantId,
    value: Usd,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let Rail::BurnMint(rules) = params.rail else { return Err(Rejection::NoCredits) };
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    require_countable(state, Asset::Credit, value.base())?;
    let held = Spon::from_base(state.ledger.balance(Asset::Spon, wallet));
    let mut vault = state.vault;
    let top_up = match vault.top_up(value, state.price, &rules) {
        Ok(top_up) => top_up,
        Err(CreditError::Halted) => return Err(Rejection::CreditsHalted),
        Err(_) => return Err(Rejection::AmountTooSmall),
    };
    if top_up.locked > held {
        return Err(Rejection::NotHeld { held });
    }
    state.vault = vault;
    let why = Reason::CreditsMinted;
    state.ledger.transfer(Asset::Spon, wallet, Account::Vault, top_up.locked.base(), why);
    state.ledger.mint(Asset::Credit, wallet, top_up.credits.base(), why);
    Ok(Receipt::CreditsMinted { credits: top_up.credits, tokens: top_up.locked })
}
