//! The transition function: one call, one receipt, or a rejection that changes nothing.

use crate::call::{Call, CloseCause, Receipt, Rejection};
use crate::committee::DecisionDigest;
use crate::lease::{Lease, LeaseState, Order, OrderState, Parts};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::registry::Registration;
use crate::slots::Handle;
use crate::state::State;
use units::{
    Asset, Base, EntityKey, GpuCount, GpuHourPrice, OperatorId, ProviderId, RegionId, SimTime,
    Span, Spon, TenantId, TrustTier, Usd,
};

/// Applies `call` in the block at `now`.
///
/// # Errors
/// A [`Rejection`] says why the call was refused; the state is then as it was.
///
/// # Panics
/// When `now` runs backwards under a lease: blocks come in order.
pub fn apply(
    state: &mut State,
    now: SimTime,
    call: Call,
    params: &Params,
) -> Result<Receipt, Rejection> {
    match call {
        Call::Deposit { tenant, amount } => apply_deposit(state, tenant, amount),
        Call::PostStake { provider, amount } => apply_post_stake(state, provider, amount),
        Call::Register { provider, gpus, multiplier_hundredths } => {
            apply_register(state, provider, gpus, multiplier_hundredths, params)
        }
        Call::OpenOrder { key, tenant, gpus, ceiling, duration } => {
            apply_open_order(state, OrderTerms { key, tenant, gpus, ceiling, duration }, params)
        }
        Call::CancelOrder { order } => apply_cancel_order(state, order),
        Call::OpenLease { order, provider, region, price } => {
            apply_open_lease(state, order, provider, region, price)
        }
        Call::ConfirmLease { order, lease } => apply_confirm_lease(state, now, order, lease),
        Call::VoidLease { order, lease } => apply_void_lease(state, order, lease),
        Call::PauseLease { lease } => apply_pause_lease(state, now, lease, params),
        Call::ResumeLease { lease } => apply_resume_lease(state, now, lease),
        Call::SettleLease { lease } => apply_settle_lease(state, now, lease, params),
        Call::CloseLease { lease, cause } => apply_close_lease(state, now, lease, cause, params),
        Call::SlashOperator { operator, signed, recomputed } => {
            apply_slash_operator(state, operator, signed, recomputed, params)
        }
    }
}

struct OrderTerms {
    key: EntityKey,
    tenant: TenantId,
    gpus: GpuCount,
    ceiling: GpuHourPrice,
    duration: Span,
}

fn apply_deposit(state: &mut State, tenant: TenantId, amount: Usd) -> Result<Receipt, Rejection> {
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    require_countable(state, Asset::Usd, amount.base())?;
    state.ledger.inflow(Asset::Usd, wallet, amount.base(), Reason::Deposit);
    Ok(Receipt::Deposited { amount })
}

fn apply_post_stake(
    state: &mut State,
    provider: ProviderId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    if provider.index() >= state.registry.len() {
        return Err(Rejection::NoSuchProvider);
    }
    require_countable(state, Asset::Spon, amount.base())?;
    state.ledger.inflow(Asset::Spon, Account::Stake(provider), amount.base(), Reason::StakePosted);
    Ok(Receipt::StakePosted { amount })
}

fn apply_register(
    state: &mut State,
    provider: ProviderId,
    gpus: GpuCount,
    multiplier_hundredths: u32,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let known = state.registry.get_mut(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    if known.gpus.0 > 0 {
        return Err(Rejection::IsRegistered);
    }
    if gpus.0 == 0 {
        return Err(Rejection::NoGpus);
    }
    let trust = known.trust.map(|_| TrustTier::NEWCOMER);
    *known = Registration::new(known.rules, gpus, multiplier_hundredths, trust, params);
    Ok(Receipt::Registered { stake_min: known.stake_min })
}

fn require_countable(state: &State, asset: Asset, amount: Base) -> Result<(), Rejection> {
    if amount < 0 {
        return Err(Rejection::NegativeAmount);
    }
    if state.ledger.can_take_in(asset, amount) { Ok(()) } else { Err(Rejection::AmountTooLarge) }
}

fn apply_open_order(
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

fn apply_cancel_order(state: &mut State, handle: Handle) -> Result<Receipt, Rejection> {
    let order = *state.orders.get(handle).ok_or(Rejection::NoSuchOrder)?;
    if order.state != OrderState::Open {
        return Err(Rejection::WrongState);
    }
    refund(state, order.tenant, order.locked);
    state.orders.remove(handle);
    Ok(Receipt::OrderCancelled { refund: order.locked })
}

fn apply_open_lease(
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

fn apply_confirm_lease(
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

fn apply_void_lease(
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

fn apply_pause_lease(
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

fn apply_resume_lease(
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

fn apply_settle_lease(
    state: &mut State,
    now: SimTime,
    handle: Handle,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_active(state, handle)?;
    let (payment, parts) = settle(state, now, handle, params);
    Ok(Receipt::LeaseSettled { payment, parts })
}

fn apply_close_lease(
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

/// Gives a tenant back what is left in escrow of an order or a lease that ends.
fn refund(state: &mut State, tenant: TenantId, locked: Usd) {
    let wallet = Account::Tenant(tenant);
    state.ledger.transfer(Asset::Usd, Account::Escrow, wallet, locked.base(), Reason::Refund);
}

/// Lowers an operator's magnitude by the declared fraction, and takes the tokens that its stake is
/// then worth less: a share is burned, the rest is the foundation's.
fn apply_slash_operator(
    state: &mut State,
    operator: OperatorId,
    signed: DecisionDigest,
    recomputed: DecisionDigest,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let stake = state.operators.get_mut(operator.index()).ok_or(Rejection::NoSuchOperator)?;
    if signed == recomputed {
        return Err(Rejection::NoDeviation);
    }
    if stake.magnitude() == 0 {
        return Err(Rejection::NothingToSlash);
    }
    let before = stake.value_rounded_down();
    stake.slash(params.operator_slash);
    let amount = before - stake.value_rounded_down();
    let magnitude = stake.magnitude();
    let burned = params.slash_burned.of_rounded_down(amount.base());
    let (from, kept) = (Account::OperatorStake(operator), amount.base() - burned);
    state.ledger.burn(Asset::Spon, from, burned, Reason::OperatorSlashed);
    state.ledger.transfer(Asset::Spon, from, Account::Treasury, kept, Reason::OperatorSlashed);
    Ok(Receipt::OperatorSlashed { amount, magnitude })
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
