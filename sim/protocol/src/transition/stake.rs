//! Providers register and post stake; delegators add theirs; both take it out again.

use super::{require_amount, require_countable};
use crate::lease::{Lease, LeaseState};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::pledge::{compute_power, compute_stake_min};
use crate::receipt::Receipt;
use crate::registry::Registration;
use crate::rejection::Rejection;
use crate::stake::{Exit, Staker};
use crate::state::State;
use units::{Asset, BasisPoints, DelegatorId, GpuCount, ProviderId, SimTime, Spon, TrustTier};

pub(super) fn apply_post_stake(
    state: &mut State,
    provider: ProviderId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    require_provider(state, provider)?;
    require_countable(state, Asset::Spon, amount.base())?;
    state.take_in(Account::Stake(provider), amount, Reason::StakePosted);
    Ok(Receipt::StakePosted { amount })
}

pub(super) fn apply_register(
    state: &mut State,
    provider: ProviderId,
    gpus: GpuCount,
    multiplier_hundredths: u32,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let known = state.registry.get(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    if known.gpus.0 > 0 {
        return Err(Rejection::IsRegistered);
    }
    if gpus.0 == 0 {
        return Err(Rejection::NoGpus);
    }
    let trust = known.trust.map(|_| TrustTier::NEWCOMER);
    let mut one = Registration {
        slashes: known.slashes.clone(),
        jailed_until: known.jailed_until,
        reputation: known.reputation,
        ..Registration::new(known.rules, gpus, multiplier_hundredths, trust)
    };
    let others: u128 = state.registry.iter().map(compute_power).sum();
    let network = others + compute_power(&one);
    one.stake_min = compute_stake_min(&one, network, state.price, params);
    let stake_min = one.stake_min;
    state.registry[provider.index()] = one;
    Ok(Receipt::Registered { stake_min })
}

/// The provider's GPUs leave the chain; its stake stays until it takes it out.
pub(super) fn apply_deregister(
    state: &mut State,
    provider: ProviderId,
) -> Result<Receipt, Rejection> {
    let known = state.registry.get(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    if known.gpus.0 == 0 {
        return Err(Rejection::NotRegistered);
    }
    if is_serving(state, provider) {
        return Err(Rejection::IsServing);
    }
    let one = &mut state.registry[provider.index()];
    (one.gpus, one.stake_min, one.is_in_maintenance) = (GpuCount(0), Spon::ZERO, false);
    Ok(Receipt::Deregistered)
}

/// The provider's own stake starts on its way out; while it serves, the least stake stays.
pub(super) fn apply_unstake(
    state: &mut State,
    now: SimTime,
    provider: ProviderId,
    amount: Spon,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_provider(state, provider)?;
    require_amount(amount)?;
    let held = state.own_stake(provider);
    if amount > held {
        return Err(Rejection::NotStaked { held });
    }
    let left = state.stake(provider) - amount;
    if is_serving(state, provider) && left < state.registry[provider.index()].stake_min {
        return Err(Rejection::StakeInUse);
    }
    let from = Account::Stake(provider);
    Ok(unbond(state, now, provider, Staker::Provider, from, amount, params))
}

/// A delegator's tokens go into stake with a provider.
pub(super) fn apply_delegate(
    state: &mut State,
    delegator: DelegatorId,
    provider: ProviderId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    require_provider(state, provider)?;
    let wallet = require_delegator(state, delegator)?;
    require_amount(amount)?;
    let held = Spon::from_base(state.ledger.balance(Asset::Spon, wallet));
    if amount > held {
        return Err(Rejection::NotHeld { held });
    }
    let delegated = state.delegated(provider);
    let book = &mut state.stakes[provider.index()];
    if delegated == Spon::ZERO && book.shares() > 0 {
        // Everything was slashed. While that can be appealed, it may still come back.
        if state.slashes.is_contested(provider) {
            return Err(Rejection::IsContested);
        }
        book.wipe_delegations();
    }
    let shares = book.delegate(delegator, amount, delegated);
    shares.ok_or(Rejection::AmountTooSmall)?;
    let to = Account::Delegated(provider);
    state.ledger.transfer(Asset::Spon, wallet, to, amount.base(), Reason::Delegated);
    Ok(Receipt::StakeDelegated { amount })
}

/// A delegator's stake starts on its way out.
pub(super) fn apply_undelegate(
    state: &mut State,
    now: SimTime,
    delegator: DelegatorId,
    provider: ProviderId,
    amount: Spon,
    params: &Params,
) -> Result<Receipt, Rejection> {
    require_provider(state, provider)?;
    require_delegator(state, delegator)?;
    require_amount(amount)?;
    let delegated = state.delegated(provider);
    let book = &mut state.stakes[provider.index()];
    let held = book.worth_rounded_down(delegator, delegated);
    if amount > held {
        return Err(Rejection::NotStaked { held });
    }
    book.undelegate(delegator, amount, delegated);
    let (staker, from) = (Staker::Delegator(delegator), Account::Delegated(provider));
    Ok(unbond(state, now, provider, staker, from, amount, params))
}

/// The provider says which part of its delegators' rewards it keeps.
pub(super) fn apply_set_commission(
    state: &mut State,
    provider: ProviderId,
    commission: BasisPoints,
) -> Result<Receipt, Rejection> {
    require_provider(state, provider)?;
    if commission > BasisPoints::WHOLE {
        return Err(Rejection::AboveWhole);
    }
    state.stakes[provider.index()].commission = commission;
    Ok(Receipt::CommissionSet)
}

/// The provider says whether its machines are in maintenance: it takes no leases then, and downtime
/// costs no stake (protocol.md 3.1).
pub(super) fn apply_set_maintenance(
    state: &mut State,
    provider: ProviderId,
    is_on: bool,
) -> Result<Receipt, Rejection> {
    let one = state.registry.get_mut(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    one.is_in_maintenance = is_on;
    Ok(Receipt::MaintenanceSet)
}

fn unbond(
    state: &mut State,
    now: SimTime,
    provider: ProviderId,
    staker: Staker,
    from: Account,
    amount: Spon,
    params: &Params,
) -> Receipt {
    let to = Account::Unbonding(provider);
    state.ledger.transfer(Asset::Spon, from, to, amount.base(), Reason::Unbonded);
    let release_at = now + params.stake.unbonding;
    state.stakes[provider.index()].queue(Exit { staker, amount, begun_at: now, release_at });
    Receipt::Unbonding { amount, release_at }
}

fn is_serving(state: &State, provider: ProviderId) -> bool {
    // What waits for a verdict is served.
    let is_open = |lease: &Lease| lease.provider == provider && lease.state != LeaseState::Disputed;
    state.leases.iter().any(|(_, lease)| is_open(lease))
}

fn require_provider(state: &State, provider: ProviderId) -> Result<(), Rejection> {
    if provider.index() < state.registry.len() { Ok(()) } else { Err(Rejection::NoSuchProvider) }
}

fn require_delegator(state: &State, delegator: DelegatorId) -> Result<Account, Rejection> {
    let wallet = Account::Delegator(delegator);
    if state.ledger.has(wallet) { Ok(wallet) } else { Err(Rejection::NoSuchDelegator) }
}
