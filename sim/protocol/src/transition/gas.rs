//! Gas: what calls cost is paid out of the wallet of who sent them.
//!
//! What is due is worked out where blocks are built; here it only changes hands.

use crate::gas_book::Payer;
use crate::ledger::{Account, Reason};
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::state::State;
use units::{Asset, Base};

pub(super) fn apply_pay_gas(
    state: &mut State,
    payer: Payer,
    asset: Asset,
    amount: Base,
) -> Result<Receipt, Rejection> {
    let wallet = payer.account();
    if !state.ledger.has(wallet) || asset == Asset::Credit {
        return Err(Rejection::NoSuchPayer);
    }
    if amount < 0 {
        return Err(Rejection::NegativeAmount);
    }
    if amount == 0 {
        return Err(Rejection::AmountTooSmall);
    }
    let held = state.ledger.balance(asset, wallet);
    if amount > held {
        return Err(Rejection::DepositTooSmall { asset, needed: amount, held });
    }
    state.ledger.transfer(asset, wallet, Account::Sequencer, amount, Reason::Gas);
    state.gas.note(asset, amount);
    Ok(Receipt::GasPaid { payer, asset, amount })
}
