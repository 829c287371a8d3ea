//! Orders: money is locked, and goes back when nobody is found.

use crate::lease::{Order, OrderState};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slots::Handle;
use crate::state::State;
use units::{Asset, EntityKey, GpuCount, GpuHourPrice, Span, TenantId, Usd};

/// What an order asks for.
pub(super) struct OrderTerms {
    pub key: EntityKey,
    pub tenant: TenantId,
    pub gpus: GpuCount,
    pub ceiling: GpuHourPrice,
    pub duration: Span,
}

pub(super) fn apply_open_order(
    state: &mut State,
    terms: OrderTerms,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let OrderTerms { key, tenant, gpus, ceiling, duration } = terms;
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
    let locked = Order::compute_deposit(ceiling, gpus, duration, &params.fees);
    let held = state.ledger.balance(Asset::Usd, wallet);
    if held < locked.base() {
        let held = Usd::from_base(held);
        return Err(Rejection::DepositTooSmall { needed: locked, held });
    }
    state.ledger.transfer(Asset::Usd, wallet, Account::Escrow, locked.base(), Reason::Lock);
    let open = OrderState::Open;
    let order = Order { key, tenant, gpus, ceiling, duration, locked, state: open };
    Ok(Receipt::OrderOpened { order: state.orders.insert(order), locked })
}

pub(super) fn apply_cancel_order(state: &mut State, handle: Handle) -> Result<Receipt, Rejection> {
    let order = *state.orders.get(handle).ok_or(Rejection::NoSuchOrder)?;
    if order.state != OrderState::Open {
        return Err(Rejection::WrongState);
    }
    refund(state, order.tenant, order.locked);
    state.orders.remove(handle);
    Ok(Receipt::OrderCancelled { refund: order.locked })
}

/// Gives a tenant back what is left in escrow of an order or a lease that ends.
pub(super) fn refund(state: &mut State, tenant: TenantId, locked: Usd) {
    let wallet = Account::Tenant(tenant);
    state.ledger.transfer(Asset::Usd, Account::Escrow, wallet, locked.base(), Reason::Refund);
}
