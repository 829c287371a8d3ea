//! Misuse by tenants: reservations for nothing, dry escrow, forbidden work, false disputes; what it
//! costs, and bans.

use super::lease::{Bill, require_pair, settle};
use super::order::refund;
use crate::lease::{Lease, LeaseState};
use crate::ledger::{Account, Reason};
use crate::misuse::{Conduct, Forfeit, Misuse};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slots::Handle;
use crate::state::State;
use units::{Base, SimTime, TenantId};

pub(super) fn apply_withdraw(
    state: &mut State,
    order: Handle,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = require_pair(state, order, handle)?;
    state.orders.remove(order);
    state.leases.remove(handle);
    let forfeit = forfeit(state, &lease, lease.surety, params);
    let amount = lease.locked;
    refund(state, lease.tenant, amount, params);
    Ok(Receipt::OrderWithdrawn { amount, forfeit })
}

pub(super) fn apply_dispute_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = state.leases.get_mut(handle).ok_or(Rejection::NoSuchLease)?;
    if !matches!(lease.state, LeaseState::Active { .. } | LeaseState::Paused) {
        return Err(Rejection::WrongState);
    }
    lease.billed = lease.active_span(now.rounded_down(params.block));
    lease.state = LeaseState::Disputed;
    Ok(Receipt::LeaseDisputed)
}

/// What was due is not paid, and the surety goes back; what was paid before stays where it is.
pub(super) fn apply_uphold_dispute(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = *state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    if lease.state != LeaseState::Disputed {
        return Err(Rejection::WrongState);
    }
    let unearned = Bill::of(&lease, now, state.price, params).owed;
    state.leases.remove(handle);
    // A lost dispute counts like a lease that the provider ended (protocol.md 9.4).
    state.registry[lease.provider.index()].reputation.note(false);
    let amount = lease.locked + lease.surety;
    let refund = refund(state, lease.tenant, amount, params);
    Ok(Receipt::DisputeUpheld { unearned, refund, amount })
}

pub(super) fn apply_forfeit_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    misuse: Misuse,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let lease = *state.leases.get(handle).ok_or(Rejection::NoSuchLease)?;
    let is_verdict = misuse == Misuse::FalseDispute;
    let is_disputed = lease.state == LeaseState::Disputed;
    let is_reserved = lease.state == LeaseState::Reserved;
    if misuse == Misuse::Withdrawal || is_reserved || is_disputed != is_verdict {
        return Err(Rejection::WrongState);
    }
    let drains = || Bill::of(&lease, now, state.price, params).drains(&lease);
    if misuse == Misuse::Drain && !drains() {
        return Err(Rejection::NotDrained);
    }
    let settlement = settle(state, now, handle, params);
    let lease = state.leases.remove(handle).expect("it was found");
    state.registry[lease.provider.index()].reputation.note(true);
    let of_rest = if misuse == Misuse::ForbiddenWork {
        params.tenants.forfeit.of_rounded_down(lease.locked)
    } else {
        0
    };
    let forfeit = forfeit(state, &lease, lease.surety + of_rest, params);
    let amount = lease.locked - of_rest;
    let refund = refund(state, lease.tenant, amount, params);
    Ok(Receipt::LeaseForfeited { settlement, refund, amount, forfeit })
}

pub(super) fn apply_enroll(state: &mut State) -> Result<Receipt, Rejection> {
    let number = state.ledger.add_tenant();
    state.conduct.push(Conduct::default());
    let number = u32::try_from(number).expect("fewer than 2^32 wallets are opened");
    Ok(Receipt::Enrolled { tenant: TenantId(number) })
}

/// Takes what a misuse costs out of escrow, and remembers it.
fn forfeit(state: &mut State, lease: &Lease, amount: Base, params: &Params) -> Forfeit {
    let (asset, rules) = (params.rail.asset(), &params.tenants);
    let to_provider = rules.to_provider.of_rounded_down(amount);
    let (from, why) = (Account::Escrow, Reason::Forfeited);
    let provider = Account::Provider(lease.provider);
    state.ledger.transfer(asset, from, provider, to_provider, why);
    state.ledger.transfer(asset, from, Account::Treasury, amount - to_provider, why);
    let is_ban = state.conduct[lease.tenant.index()].note_misuse(rules.strikes);
    Forfeit { amount, to_provider, is_ban }
}
