//! Leases: opened, confirmed, paused, settled and closed; escrow pays by the time served.

use super::order::refund;
use crate::call::CloseCause;
use crate::fault::Fault;
use crate::lease::{Lease, LeaseState, OrderState, Promise};
use crate::ledger::Account;
use crate::params::Params;
use crate::payment::{Paid, pay};
use crate::rail::Rail;
use crate::receipt::{Receipt, Settlement, Slashed};
use crate::rejection::Rejection;
use crate::slash::slash_for_lease;
use crate::slots::Handle;
use crate::state::State;
use units::{Base, GpuHourPrice, ProviderId, RegionId, SimTime, Span, TokenPrice, Usd};

/// What a match says of its lease.
pub(super) struct LeaseTerms {
    pub(super) provider: ProviderId,
    pub(super) region: RegionId,
    pub(super) price: GpuHourPrice,
    pub(super) agreed: Option<Span>,
}

pub(super) fn apply_open_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    terms: LeaseTerms,
) -> Result<Receipt, Rejection> {
    let LeaseTerms { provider, region, price, agreed } = terms;
    let one = state.registry.get(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    let rules = one.rules;
    if !one.may_serve(now) {
        return Err(Rejection::MayNotServe);
    }
    if !state.ledger.has(Account::Gateway(region)) {
        return Err(Rejection::NoSuchRegion);
    }
    let order = state.orders.get_mut(handle).ok_or(Rejection::NoSuchOrder)?;
    if order.state != OrderState::Open {
        return Err(Rejection::WrongState);
    }
    let duration = agreed.unwrap_or(order.duration);
    if !order.covers(price, duration) {
        return Err(Rejection::AboveCeiling);
    }
    if !order.promise.fits_into(duration) {
        return Err(Rejection::BelowTerm);
    }
    let lease = state.leases.insert(Lease {
        key: order.key,
        tenant: order.tenant,
        provider,
        rules,
        region,
        gpus: order.gpus,
        price,
        duration,
        quote: order.quote,
        locked: order.locked,
        surety: order.surety,
        is_whole: order.is_whole,
        state: LeaseState::Reserved,
        promise: order.promise,
        reclaim_at: None,
        billed: Span::ZERO,
        charged: Usd::ZERO,
        facilitation: Usd::ZERO,
        unpaid: Usd::ZERO,
    });
    order.state = OrderState::Matched { lease };
    (order.locked, order.surety) = (0, 0);
    Ok(Receipt::LeaseOpened { lease })
}

/// The reserved lease of a matched order, if the two belong together.
pub(super) fn require_pair(
    state: &State,
    order: Handle,
    handle: Handle,
) -> Result<Lease, Rejection> {
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

pub(super) fn apply_void(
    state: &mut State,
    now: SimTime,
    order: Handle,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = require_pair(state, order, handle)?;
    let order = state.orders.get_mut(order).expect("the pair was found");
    order.state = OrderState::Open;
    (order.locked, order.surety) = (lease.locked, lease.surety);
    state.leases.remove(handle);
    state.registry[lease.provider.index()].reputation.note(false);
    let slashed = slash_for_lease(state, now, Fault::NoShow, &lease, params);
    Ok(Receipt::LeaseVoided { slashed })
}

pub(super) fn apply_pause_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_active(state, handle)?;
    let settlement = settle(state, now, handle, params);
    let lease = state.leases.get_mut(handle).expect("it was found");
    lease.billed = lease.active_span(now.rounded_down(params.block));
    lease.state = LeaseState::Paused;
    Ok(Receipt::LeasePaused { settlement })
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

pub(super) fn apply_announce_reclaim(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = state.leases.get_mut(handle).ok_or(Rejection::NoSuchLease)?;
    if lease.promise != Promise::Spot {
        return Err(Rejection::UnderContract);
    }
    let due_at = now + params.contract.notice;
    lease.reclaim_at = Some(due_at);
    Ok(Receipt::ReclaimAnnounced { due_at })
}

pub(super) fn apply_settle_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_active(state, handle)?;
    let settlement = settle(state, now, handle, params);
    Ok(Receipt::LeaseSettled { settlement })
}

pub(super) fn apply_close_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    cause: CloseCause,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = state.leases.get_mut(handle).ok_or(Rejection::NoSuchLease)?;
    if matches!(lease.state, LeaseState::Reserved | LeaseState::Disputed) {
        return Err(Rejection::WrongState);
    }
    match cause {
        CloseCause::Reclaimed => require_notice(lease, now)?,
        CloseCause::Agreed => {
            let at = now.rounded_down(params.block);
            lease.billed += lease.forfeit_rounded_down(at, params.contract.termination);
        }
        CloseCause::ProviderFailed | CloseCause::EscrowEmpty => {}
    }
    let settlement = settle(state, now, handle, params);
    let lease = state.leases.remove(handle).expect("it was found");
    let amount = lease.locked + lease.surety;
    let refund = refund(state, lease.tenant, amount, params);
    // Who takes a lease back as it may has neither served it to the end nor failed it.
    if cause != CloseCause::Reclaimed {
        let reputation = &mut state.registry[lease.provider.index()].reputation;
        reputation.note(cause != CloseCause::ProviderFailed);
    }
    let slashed = if cause == CloseCause::ProviderFailed {
        slash_for_lease(state, now, Fault::AbandonedLease, &lease, params)
    } else {
        Slashed::default()
    };
    Ok(Receipt::LeaseClosed { settlement, refund, amount, slashed })
}

/// A provider takes a lease back only when its notice is over (economics.md 2.1, L6).
fn require_notice(lease: &Lease, now: SimTime) -> Result<(), Rejection> {
    match lease.reclaim_at {
        None => Err(Rejection::WrongState),
        Some(due_at) if now < due_at => Err(Rejection::NoticeRuns { due_at }),
        Some(_) => Ok(()),
    }
}

fn require_active(state: &State, handle: Handle) -> Result<(), Rejection> {
    let lease = state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    let is_active = matches!(lease.state, LeaseState::Active { .. });
    if is_active { Ok(()) } else { Err(Rejection::WrongState) }
}

/// What is due of a lease at a moment, in dollars and in the asset that was locked.
pub(super) struct Bill {
    /// For the GPUs in all, and the tenant's own fee on it.
    charge: Usd,
    fee: Usd,
    /// Of both, what was not asked for before.
    pub(super) owed: Usd,
    fee_owed: Usd,
    /// The same in the locked asset.
    due: Base,
    fee_due: Base,
}

impl Bill {
    pub(super) fn of(lease: &Lease, now: SimTime, price: TokenPrice, params: &Params) -> Bill {
        let charge = lease.compute_charge(now.rounded_down(params.block));
        let fee = Usd::from_base(params.facilitation().of_rounded_down(charge.base()));
        let (owed, fee_owed) = (charge - lease.charged, fee - lease.facilitation);
        assert!(owed >= Usd::ZERO, "a bill never shrinks");
        let amount =
            |before, part| params.rail.amount_rounded_down(before, part, lease.quote, price);
        let (due, fee_due) = (amount(lease.charged, owed), amount(lease.facilitation, fee_owed));
        Bill { charge, fee, owed, fee_owed, due, fee_due }
    }

    /// Whether it takes all that is left of what a tenant funded in part.
    pub(super) fn drains(&self, lease: &Lease) -> bool {
        !lease.is_whole && self.due + self.fee_due >= lease.locked
    }
}

/// Whether a lease has used up what its tenant paid for a part of it.
pub fn is_drained(state: &State, now: SimTime, handle: Handle, params: &Params) -> bool {
    let lease = state.leases.get(handle);
    lease.is_some_and(|lease| Bill::of(lease, now, state.price, params).drains(lease))
}

/// Pays what has accrued since the last settlement out of escrow.
pub(super) fn settle(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Settlement {
    let (rail, price) = (&params.rail, state.price);
    let lease = state.leases.get_mut(handle).expect("callers look first");
    let Bill { charge, fee, owed, fee_owed, due, fee_due } = Bill::of(lease, now, price, params);
    let paid = due.min(lease.locked);
    let fee_paid = fee_due.min(lease.locked - paid);
    let is_whole = (paid, fee_paid) == (due, fee_due);
    let can_fall_short = matches!(rail, Rail::NativeSpot { .. }) || !lease.is_whole;
    assert!(is_whole || can_fall_short, "nobody pays more than was deposited");
    let value = |amount| rail.value_rounded_down(amount, price);
    let payment = if paid == due { owed } else { value(paid).min(owed) };
    let fee_payment = if fee_paid == fee_due { fee_owed } else { value(fee_paid).min(fee_owed) };
    let unpaid = owed - payment + (fee_owed - fee_payment);
    lease.locked -= paid + fee_paid;
    lease.charged = charge;
    lease.facilitation = fee;
    lease.unpaid += unpaid;
    let lease = *lease;
    let Paid { income, parts, way } = pay(state, &lease, paid, fee_paid, params);
    state.registry[lease.provider.index()].era.note(payment, lease.price.nanos());
    let outlay = value(paid + fee_paid);
    Settlement { payment, unpaid, outlay, income, parts, paid, fee: fee_paid, way }
}
