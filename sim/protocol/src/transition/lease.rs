//! Leases: opened, confirmed, paused, settled and closed; escrow pays by the time served.

use super::order::refund;
use crate::call::CloseCause;
use crate::lease::{Lease, LeaseState, OrderState, Parts};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slots::Handle;
use crate::state::State;
use units::{Asset, GpuHourPrice, ProviderId, RegionId, SimTime, Span, Usd};

pub(super) fn apply_open_lease(
    state: &mut State,
    handle: Handle,
    provider: ProviderId,
    region: RegionId,
    price: GpuHourPrice,
) -> Result<Receipt, Rejection> {
    let rules = state.registry.get(provider.index()).ok_or(Rejection::NoSuchProvider)?.rules;
    if !state.ledger.has(Account::Gateway(region)) {
        return Err(Rejection::NoSuchRegion);
    }
    let order = state.orders.get_mut(handle).ok_or(Rejection::NoSuchOrder)?;
    if order.state != OrderState::Open {
        return Err(Rejection::WrongState);
    }
    if price > order.ceiling {
        return Err(Rejection::AboveCeiling);
    }
    let lease = state.leases.insert(Lease {
        key: order.key,
        tenant: order.tenant,
        provider,
        rules,
        region,
        gpus: order.gpus,
        price,
        duration: order.duration,
        locked: order.locked,
        state: LeaseState::Reserved,
        billed: Span::ZERO,
        charged: Usd::ZERO,
        facilitation: Usd::ZERO,
    });
    order.state = OrderState::Matched { lease };
    order.locked = Usd::ZERO;
    Ok(Receipt::LeaseOpened { lease })
}

/// The reserved lease of a matched order, if the two belong together.
fn require_pair(state: &State, order: Handle, handle: Handle) -> Result<Lease, Rejection> {
    let order = state.orders.get(order).ok_or(Rejection::NoSuchOrder)?;
    let lease = *state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    if order.state != (OrderState::Matched { lease: handle }) {
        return Err(Rejection::WrongState);
    }
    assert_eq!(lease.state, LeaseState::Reserved, "a matched order waits for its confirmation");
    Ok(lease)
}

pub(super) fn apply_confirm_lease(
    state: &mut State,
    now: SimTime,
    order: Handle,
    handle: Handle,
) -> Result<Receipt, Rejection> {
    require_pair(state, order, handle)?;
    state.orders.remove(order);
    let lease = state.leases.get_mut(handle).expect("the pair was found");
    lease.state = LeaseState::Active { since: now };
    Ok(Receipt::LeaseConfirmed)
}

pub(super) fn apply_void_lease(
    state: &mut State,
    order: Handle,
    handle: Handle,
) -> Result<Receipt, Rejection> {
    let lease = require_pair(state, order, handle)?;
    let order = state.orders.get_mut(order).expect("the pair was found");
    order.state = OrderState::Open;
    order.locked = lease.locked;
    state.leases.remove(handle);
    state.registry[lease.provider.index()].reputation.note(false);
    Ok(Receipt::LeaseVoided)
}

pub(super) fn apply_pause_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_active(state, handle)?;
    let (payment, parts) = settle(state, now, handle, params);
    let lease = state.leases.get_mut(handle).expect("it was found");
    lease.billed = lease.active_span(now.rounded_down(params.block));
    lease.state = LeaseState::Paused;
    Ok(Receipt::LeasePaused { payment, parts })
}

pub(super) fn apply_resume_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
) -> Result<Receipt, Rejection> {
    let lease = state.leases.get_mut(handle).ok_or(Rejection::NoSuchLease)?;
    if lease.state != LeaseState::Paused {
        return Err(Rejection::WrongState);
    }
    lease.state = LeaseState::Active { since: now };
    Ok(Receipt::LeaseResumed)
}

pub(super) fn apply_settle_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_active(state, handle)?;
    let (payment, parts) = settle(state, now, handle, params);
    Ok(Receipt::LeaseSettled { payment, parts })
}

pub(super) fn apply_close_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    cause: CloseCause,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    if lease.state == LeaseState::Reserved {
        return Err(Rejection::WrongState);
    }
    let (payment, parts) = settle(state, now, handle, params);
    let lease = state.leases.remove(handle).expect("it was found");
    refund(state, lease.tenant, lease.locked);
    let reputation = &mut state.registry[lease.provider.index()].reputation;
    reputation.note(cause == CloseCause::Agreed);
    Ok(Receipt::LeaseClosed { payment, parts, refund: lease.locked })
}

fn require_active(state: &State, handle: Handle) -> Result<(), Rejection> {
    let lease = state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    let is_active = matches!(lease.state, LeaseState::Active { .. });
    if is_active { Ok(()) } else { Err(Rejection::WrongState) }
}

/// Pays what has accrued since the last settlement out of escrow.
fn settle(state: &mut State, now: SimTime, handle: Handle, params: &Params) -> (Usd, Parts) {
    let lease = state.leases.get_mut(handle).expect("callers look first");
    let charge = lease.compute_charge(now.rounded_down(params.block));
    let payment = charge - lease.charged;
    assert!(payment >= Usd::ZERO, "a bill never shrinks");
    let fee_total = Usd::from_base(params.fees.facilitation.of_rounded_down(charge.base()));
    let fee = fee_total - lease.facilitation;
    assert!(payment + fee <= lease.locked, "nobody pays more than was deposited");
    lease.locked = lease.locked - payment - fee;
    lease.charged = charge;
    lease.facilitation = fee_total;
    let parts = Parts::split_rounded_down(payment, lease.rules, &params.fees);
    let lease = *lease;
    pay(state, &lease, &parts, fee);
    (payment, parts)
}

fn pay(state: &mut State, lease: &Lease, parts: &Parts, fee: Usd) {
    let provider = Account::Provider(lease.provider);
    let mut post = |from, to, amount: Usd, why| {
        state.ledger.transfer(Asset::Usd, from, to, amount.base(), why);
    };
    post(Account::Escrow, provider, parts.provider, Reason::LeasePayment);
    post(provider, Account::Treasury, parts.payout_fee, Reason::PayoutFee);
    post(Account::Escrow, Account::Treasury, parts.foundation, Reason::LeaseFee);
    post(Account::Escrow, Account::Gateway(lease.region), parts.gateway, Reason::GatewayFee);
    post(Account::Escrow, Account::Dust, parts.dust, Reason::LeasePayment);
    post(Account::Escrow, Account::Treasury, fee, Reason::FacilitationFee);
}
