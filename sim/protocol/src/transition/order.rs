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
    pub promise: Promise,
}

pub(super) fn apply_open_order(
    state: &mut State,
    terms: OrderTerms,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let OrderTerms { key, tenant, gpus, ceiling, duration, promise } = terms;
    if gpus.0 == 0 {
        return Err(Rejection::NoGpus);
    }
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    if !Order::can_be_billed(ceiling, gpus, duration) {
        return Err(Rejection::AmountTooLarge);
    }
    if !promise.fits_into(duration) {
        return Err(Rejection::BelowTerm);
    }
    let deposit = Order::compute_deposit(ceiling, gpus, duration, params);
    let (asset, quote) = (params.rail.asset(), state.price);
    let locked = params.rail.lock_rounded_up(deposit, quote);
    let held = state.ledger.balance(asset, wallet);
    if held < locked {
        return Err(Rejection::DepositTooSmall { asset, needed: locked, held });
    }
    state.ledger.transfer(asset, wallet, Account::Escrow, locked, Reason::Lock);
    let open = OrderState::Open;
    let order = Order { key, tenant, gpus, ceiling, duration, promise, quote, locked, state: open };
    let order = state.orders.insert(order);
    Ok(Receipt::OrderOpened { order, locked: deposit, asset, amount: locked })
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
    let refund = refund(state, order.tenant, order.locked, params);
    Ok(Receipt::OrderCancelled { refund, amount: order.locked })
}

/// Gives a tenant back what is left in escrow of an order or a lease that ends: its worth.
pub(super) fn refund(state: &mut State, tenant: TenantId, locked: Base, params: &Params) -> Usd {
    let (asset, wallet) = (params.rail.asset(), Account::Tenant(tenant));
    state.ledger.transfer(asset, Account::Escrow, wallet, locked, Reason::Refund);
    params.rail.value_rounded_down(locked, state.price)
}
