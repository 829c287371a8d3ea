//! A payment out of escrow, rail by rail: who receives what, in which asset.

use crate::lease::{Lease, Parts};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::rail::{Rail, worth_rounded_down};
use crate::receipt::Way;
use crate::state::State;
use units::{Asset, Base, Usd};

/// What a payment brought the provider, and how it was divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Worth of what the provider received, at the price of the moment.
    pub income: Usd,
    /// The parts, in the asset of the payment.
    pub parts: Parts,
    /// How they came about.
    pub way: Way,
}

/// Pays `amount` of the locked asset for a lease, and the tenant's own `fee`.
pub(crate) fn pay(
    state: &mut State,
    lease: &Lease,
    amount: Base,
    fee: Base,
    params: &Params,
) -> Paid {
    let asset = params.rail.asset();
    state.ledger.transfer(asset, Account::Escrow, Account::Treasury, fee, Reason::FacilitationFee);
    match params.rail {
        Rail::Stable | Rail::NativeSpot { .. } | Rail::NativeFrozen => {
            pay_as_locked(state, lease, amount, params)
        }
        Rail::BurnMint(_) => pay_from_vault(state, lease, amount, params),
        Rail::UsdTarget(_) => pay_what_is_owed(state, lease, amount, params),
    }
}

/// Everybody receives a part of what was locked.
fn pay_as_locked(state: &mut State, lease: &Lease, amount: Base, params: &Params) -> Paid {
    let parts = Parts::split_rounded_down(amount, lease.rules, params);
    let asset = params.rail.asset();
    divide(state, asset, Account::Escrow, lease, &parts);
    Paid {
        income: worth_rounded_down(asset, parts.provider - parts.payout_fee, state.price),
        parts,
        way: Way::AsLocked { asset },
    }
}

/// Credits are burned; everybody receives a part of the tokens that they are worth, which come
/// from the vault and are minted beyond it.
fn pay_from_vault(state: &mut State, lease: &Lease, credits: Base, params: &Params) -> Paid {
    if credits == 0 {
        let (income, parts, way) = (Usd::ZERO, Parts::default(), Way::FromVault { minted: 0 });
        return Paid { income, parts, way };
    }
    state.ledger.burn(Asset::Credit, Account::Escrow, credits, Reason::CreditsSettled);
    let settled = state.vault.settle(Usd::from_base(credits), state.price);
    let settled = settled.expect("credits in escrow are outstanding");
    // What is minted passes through the vault's account on its way.
    let (minted, why) = (settled.minted.base(), Reason::CreditsSettled);
    state.ledger.mint(Asset::Spon, Account::Vault, minted, why);
    let tokens = settled.paid().base();
    let parts = Parts::split_rounded_down(tokens, lease.rules, params);
    divide(state, Asset::Spon, Account::Vault, lease, &parts);
    let income = worth_rounded_down(Asset::Spon, parts.provider, state.price);
    Paid { income, parts, way: Way::FromVault { minted } }
}

/// The provider's part goes into the vault, and the provider receives tokens of the reward pool
/// that are worth it, or the dollars where the pool has too few.
fn pay_what_is_owed(state: &mut State, lease: &Lease, amount: Base, params: &Params) -> Paid {
    let parts = Parts::split_rounded_down(amount, lease.rules, params);
    let others = Parts { provider: 0, ..parts };
    divide(state, Asset::Usd, Account::Escrow, lease, &others);
    let (from, why) = (Account::Escrow, Reason::LeasePayment);
    state.ledger.transfer(Asset::Usd, from, Account::Vault, parts.provider, why);
    let to = Account::Provider(lease.provider);
    let owed = state.price.tokens_rounded_down(Usd::from_base(parts.provider)).base();
    let pool = state.ledger.balance(Asset::Spon, Account::Rewards);
    let tokens = owed.min(pool);
    state.ledger.transfer(Asset::Spon, Account::Rewards, to, tokens, why);
    let short = if tokens == owed {
        0
    } else {
        parts.provider - worth_rounded_down(Asset::Spon, tokens, state.price).base()
    };
    state.ledger.transfer(Asset::Usd, Account::Vault, to, short, why);
    Paid {
        income: worth_rounded_down(Asset::Spon, tokens, state.price) + Usd::from_base(short),
        parts,
        way: Way::FromPool { tokens, dollars: short },
    }
}

fn divide(state: &mut State, asset: Asset, from: Account, lease: &Lease, parts: &Parts) {
    let provider = Account::Provider(lease.provider);
    let mut post = |from, to, amount, why| state.ledger.transfer(asset, from, to, amount, why);
    post(from, provider, parts.provider, Reason::LeasePayment);
    post(provider, Account::Treasury, parts.payout_fee, Reason::PayoutFee);
    post(from, Account::Treasury, parts.foundation, Reason::LeaseFee);
    post(from, Account::Gateway(lease.region), parts.gateway, Reason::GatewayFee);
    post(from, Account::Dust, parts.dust, Reason::LeasePayment);
}
