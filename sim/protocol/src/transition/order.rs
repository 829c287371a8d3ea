//! Orders: money is locked, and goes back when nobody is found.

use crate::lease::{Order, OrderState, Promise};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slots::Handle;
use crate::state::State;
use units::{Base, EntityKey, GpuCount, GpuHourPrice, Span, TenantId, Usd};

/// What an order asks for.
pub(super) struct OrderTerms {
    pub key: EntityKey,
    pub tenant: TenantId,
    pub gpus: GpuCount,
    pub ceiling: GpuHourPrice,
    pub duration: Span,
    pub funded: Option<Span>,
    pub promise: Promise,
}

pub(super) fn apply_open_order(
    state: &mut State,
    terms: OrderTerms,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let OrderTerms { key, tenant, gpus, ceiling, duration, funded, promise } = terms;
    if gpus.0 == 0 {
        return Err(Rejection::NoGpus);
    }
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    if state.conduct[tenant.index()].is_banned {
        return Err(Rejection::Banned);
    }
    let rules = &params.tenants;
    if !Order::can_be_billed(ceiling, gpus, duration.max(rules.surety)) {
        return Err(Rejection::AmountTooLarge);
    }
    if !promise.fits_into(duration) {
        return Err(Rejection::BelowTerm);
    }
    let part = funded.filter(|funded| *funded < duration);
    if part.is_some_and(|part| rules.part_funding.is_none_or(|least| part < least)) {
        return Err(Rejection::Underfunded);
    }
    let deposit = Order::compute_deposit(ceiling, gpus, part.unwrap_or(duration), params);
    let (asset, quote) = (params.rail.asset(), state.price);
    let lock = |amount| params.rail.lock_rounded_up(amount, quote);
    let (locked, surety) = (lock(deposit), lock(Order::compute_surety(ceiling, gpus, params)));
    let (held, needed) = (state.ledger.balance(asset, wallet), locked + surety);
    if held < needed {
        return Err(Rejection::DepositTooSmall { asset, needed, held });
    }
    state.ledger.transfer(asset, wallet, Account::Escrow, needed, Reason::Lock);
    let (is_whole, open) = (part.is_none(), OrderState::Open);
    let order = Order {
        key,
        tenant,
        gpus,
        ceiling,
        duration,
        promise,
        quote,
        locked,
        surety,
        is_whole,
        state: open,
    };
    let order = state.orders.insert(order);
    Ok(Receipt::OrderOpened { order, locked: deposit, asset, amount: locked, surety })
}

pub(super) fn apply_cancel_order(
    state: &mut State,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let order = *state.orders.get(handle).ok_or(Rejection::NoSuchOrder)?;
    if order.state != OrderState::Open {
        return Err(Rejection::WrongState);
    }
    state.orders.remove(handle);
    let amount = order.locked + order.surety;
    let refund = refund(state, order.tenant, amount, params);
    Ok(Receipt::OrderCancelled { refund, amount })
}

/// Gives a tenant back what is left in escrow of an order or a lease that ends: its worth.
pub(super) fn refund(state: &mut State, tenant: TenantId, locked: Base, params: &Params) -> Usd {
    let (asset, wallet) = (params.rail.asset(), Account::Tenant(tenant));
    state.ledger.transfer(asset, Account::Escrow, wallet, locked, Reason::Refund);
    params.rail.value_rounded_down(locked, state.price)
}
