//! Tokens against dollars: in a pool on the chain, or with the outside at the feed's price.
//!
//! With a pool the market's own flows move the price; without one the price comes from outside and
//! whoever trades is too small to move it.

use crate::ledger::{Account, Reason};
use crate::state::State;
use mechanism::swap_pool::{Side, SwapError};
use units::{Asset, Base, Spon, Usd};

/// Nano-dollars for exactly `amount`; none when there are not so many to be had.
pub fn quote_tokens_rounded_up(state: &State, amount: Spon) -> Option<Usd> {
    if amount == Spon::ZERO {
        return Some(Usd::ZERO);
    }
    let Some(pool) = &state.exchange else {
        let product = amount.base().checked_mul(i128::from(state.price.nanos()))?;
        let nanos = product / Spon::ONE.base() + i128::from(product % Spon::ONE.base() != 0);
        return i64::try_from(nanos).ok().map(Usd::from_nanos);
    };
    let paid = pool.quote_exact_rounded_up(Side::Dollars, amount.base()).ok()?;
    i64::try_from(paid).ok().map(Usd::from_nanos)
}

/// Buys exactly `amount`, which costs `cost`: callers asked for a quote and looked at the wallet.
pub(crate) fn buy_exact(state: &mut State, who: Account, amount: Spon, cost: Usd) {
    let why = Reason::TokensBought;
    let Some(pool) = &mut state.exchange else {
        state.ledger.outflow(Asset::Usd, who, cost.base(), why);
        return state.take_in(who, amount, why);
    };
    let paid = pool.apply_swap_exact(Side::Dollars, amount.base());
    assert_eq!(paid, Ok(cost.base()), "a quote holds until the next swap");
    state.ledger.transfer(Asset::Usd, who, Account::Exchange, cost.base(), why);
    state.ledger.transfer(Asset::Spon, Account::Exchange, who, amount.base(), why);
}

/// Spends `dollars` on tokens, and answers with how many.
pub(crate) fn buy_for(state: &mut State, who: Account, dollars: Usd) -> Result<Spon, SwapError> {
    let why = Reason::TokensBought;
    let Some(pool) = &mut state.exchange else {
        let amount = state.price.tokens_rounded_down(dollars);
        state.ledger.outflow(Asset::Usd, who, dollars.base(), why);
        state.take_in(who, amount, why);
        return Ok(amount);
    };
    let bought = pool.apply_swap(Side::Dollars, dollars.base())?;
    state.ledger.transfer(Asset::Usd, who, Account::Exchange, dollars.base(), why);
    state.ledger.transfer(Asset::Spon, Account::Exchange, who, bought, why);
    Ok(Spon::from_base(bought))
}

/// Somebody outside pays into the pool and takes out what that buys: news moves the price.
pub(crate) fn trade_outside(
    state: &mut State,
    pays: Side,
    paid: Base,
) -> Option<Result<Base, SwapError>> {
    let pool = state.exchange.as_mut()?;
    let received = match pool.apply_swap(pays, paid) {
        Ok(received) => received,
        Err(why) => return Some(Err(why)),
    };
    let (account, why) = (Account::Exchange, Reason::OutsideTrade);
    match pays {
        Side::Tokens => {
            state.take_in(account, Spon::from_base(paid), why);
            state.ledger.outflow(Asset::Usd, account, received, why);
        }
        Side::Dollars => {
            state.ledger.inflow(Asset::Usd, account, paid, why);
            state.let_out(account, Spon::from_base(received), why);
        }
    }
    Some(Ok(received))
}

/// Sells `amount`, and answers with what it brought.
pub(crate) fn sell(state: &mut State, who: Account, amount: Spon) -> Result<Usd, SwapError> {
    let why = Reason::TokensSold;
    let Some(pool) = &mut state.exchange else {
        let dollars = amount.value_rounded_down(state.price);
        state.let_out(who, amount, why);
        state.ledger.inflow(Asset::Usd, who, dollars.base(), why);
        return Ok(dollars);
    };
    let dollars: Base = pool.apply_swap(Side::Tokens, amount.base())?;
    state.ledger.transfer(Asset::Spon, who, Account::Exchange, amount.base(), why);
    state.ledger.transfer(Asset::Usd, Account::Exchange, who, dollars, why);
    Ok(Usd::from_base(dollars))
}
