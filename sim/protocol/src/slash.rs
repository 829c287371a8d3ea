//! What a fault costs, from whom it is taken, and where it goes.
//!
//! `min(slashable, base + share of the stake + share of the least stake + lost reward + correlated
//! part)` (economics.md 1.10). It is taken from the provider's own stake, from what is delegated
//! and from what was on its way out after the fault, each in proportion. While it can be appealed
//! it is contested; then it is burned, compensates the victim, rewards who proved the fault, and
//! the rest is the foundation's.

use crate::fault::Fault;
use crate::lease::Lease;
use crate::ledger::{Account, Ledger, Reason};
use crate::params::{FaultRule, Params};
use crate::receipt::{Ends, Slashed};
use crate::slash_book::{Charge, Contested, Taken};
use crate::stake::{Delegation, Exit, Staker, share_rounded_down, unsigned};
use crate::state::State;
use mechanism::slash::{AtFault, Destinations, SlashRule, SlashWindow};
use units::{Asset, Base, EntityKey, ProviderId, SimTime, Spon, TenantId};

/// What the chain itself saw of a lease costs what its rule says, on the evidence of the lease; its
/// tenant was harmed. Nothing is looked up where the fault is free, as by default.
pub(crate) fn slash_for_lease(
    state: &mut State,
    now: SimTime,
    fault: Fault,
    lease: &Lease,
    params: &Params,
) -> Slashed {
    let provider = lease.provider;
    // Maintenance stops slashing (protocol.md 3.1).
    let is_spared = state.registry[provider.index()].is_in_maintenance;
    if params.slashing.rule(fault).is_free() || is_spared {
        return Slashed::default();
    }
    let evidence = EntityKey::group(fault.name()).child(lease.key.0).child(u64::from(provider.0));
    if state.slashes.is_used(evidence) {
        return Slashed::default();
    }
    state.slashes.note_evidence(now, evidence);
    let (lost_reward, victim) = (Spon::ZERO, Some(lease.tenant));
    let charge = Charge { provider, fault, happened_at: now, lost_reward, victim };
    slash(state, now, &charge, evidence, params)
}

/// Takes what a fault costs and sends it where the rules say, or contests it first; and what a
/// fault brings beside that: no reward in this era, and no leases for a while.
pub(crate) fn slash(
    state: &mut State,
    now: SimTime,
    charge: &Charge,
    evidence: EntityKey,
    params: &Params,
) -> Slashed {
    let rule = params.slashing.rule(charge.fault);
    let one = &mut state.registry[charge.provider.index()];
    one.is_forfeit |= rule.takes_reward;
    if !rule.jail.is_zero() {
        one.jailed_until = one.jailed_until.max(now + rule.jail);
    }
    let price = quote_slash_rounded_up(state, charge, params);
    let (taken, mut exits) = take(state, charge, price);
    if taken.total() == Spon::ZERO {
        return Slashed { taken, ends: None };
    }
    exits.extend(divide_delegated_rounded_down(state, charge.provider, taken.delegated));
    state.registry[charge.provider.index()].slashes.push_back(now);
    state.slashes.note_taken(now, taken.total());
    let contested = Contested {
        evidence,
        provider: charge.provider,
        slashed_at: now,
        taken,
        exits,
        victim: charge.victim,
        final_at: now + params.slashing.appeal,
    };
    if params.slashing.appeal.is_zero() {
        let ends = divide(state, &contested, params);
        return Slashed { taken, ends: Some(ends) };
    }
    state.slashes.contest(contested);
    Slashed { taken, ends: None }
}

/// Whose `amount` of the delegated stake is, by shares: each part rounded down, and the last one
/// what is left.
fn divide_delegated_rounded_down(
    state: &State,
    id: ProviderId,
    amount: Spon,
) -> Vec<(Staker, Spon)> {
    let book = &state.stakes[id.index()];
    let Some((last, others)) = book.delegations().split_last() else { return Vec::new() };
    let part = |one: &Delegation| share_rounded_down(amount, one.shares, book.shares());
    let mut parts: Vec<_> = others.iter().map(|one| (one.delegator, part(one))).collect();
    let rest = parts.iter().fold(amount, |rest, (_, part)| rest - *part);
    parts.push((last.delegator, rest));
    parts.into_iter().map(|(id, part)| (Staker::Delegator(id), part)).collect()
}

/// Divides the slashes whose time for an appeal is over, and answers with where they went.
pub(crate) fn finish_appeals(state: &mut State, now: SimTime, params: &Params) -> Vec<Ends> {
    let mut finished = Vec::new();
    while let Some(one) = state.slashes.take_final(now) {
        finished.push(divide(state, &one, params));
    }
    finished
}

/// What can be taken for a fault of that moment: what is staked, and what left later.
pub fn slashable(state: &State, provider: ProviderId, happened_at: SimTime) -> Spon {
    let exits = state.stakes[provider.index()].exits();
    let answering = exits.filter(|exit| exit.begun_at >= happened_at);
    answering.fold(state.stake(provider), |sum, exit| sum + exit.amount)
}

/// What a fault costs, a started unit in full, so that a slash never takes too little.
pub fn quote_slash_rounded_up(state: &State, charge: &Charge, params: &Params) -> Spon {
    let rule: &FaultRule = params.slashing.rule(charge.fault);
    let most = slashable(state, charge.provider, charge.happened_at);
    let least = state.registry[charge.provider.index()].stake_min;
    let hundredths = i128::from(rule.lost_reward_hundredths);
    let lost = (charge.lost_reward.base() * hundredths).unsigned_abs().div_ceil(100) as Base;
    let of_minimum = rule.of_minimum.of_rounded_up(least.base());
    let base = Spon::from_base(rule.base.base() + of_minimum + lost);
    let rule = SlashRule { base, fraction: rule.of_stake, correlation: rule.correlation };
    let total = if rule.correlation == 0 { Spon::ZERO } else { state.staked() };
    let window = SlashWindow { slashed: state.slashes.recent_sum(), total };
    rule.compute_rounded_up(AtFault { stake: most, slashable: most }, window)
}

/// Moves `amount` from everything that answers for the charge, each in proportion, to the
/// contested account.
fn take(state: &mut State, charge: &Charge, amount: Spon) -> (Taken, Vec<(Staker, Spon)>) {
    let provider = charge.provider;
    let (own, delegated) = (state.own_stake(provider), state.delegated(provider));
    let whole = unsigned(slashable(state, provider, charge.happened_at));
    let part = |held: Spon| share_rounded_down(amount, unsigned(held), whole);
    let book = &mut state.stakes[provider.index()];
    let mut taken = Taken { own: part(own), delegated: part(delegated), unbonding: Spon::ZERO };
    let answering = book.answering_mut(charge.happened_at);
    let mut exits: Vec<_> = answering.map(|exit| (exit.staker, part(exit.amount))).collect();
    taken.unbonding = exits.iter().fold(Spon::ZERO, |sum, (_, amount)| sum + *amount);
    // Every division dropped less than a unit; what is missing is taken where there is more.
    let mut missing = amount - taken.total();
    for (from, held) in [(&mut taken.own, own), (&mut taken.delegated, delegated)] {
        let more = missing.min(held - *from);
        (*from, missing) = (*from + more, missing - more);
    }
    for (exit, (_, of_exit)) in book.answering_mut(charge.happened_at).zip(&mut exits) {
        let more = missing.min(exit.amount - *of_exit);
        (*of_exit, missing) = (*of_exit + more, missing - more);
        taken.unbonding += more;
        exit.amount = exit.amount - *of_exit;
    }
    for (from, amount) in taken.sources(provider) {
        let why = Reason::Slashed;
        state.ledger.transfer(Asset::Spon, from, Account::Contested, amount.base(), why);
    }
    (taken, exits)
}

/// Sends a slash to its ends, once it is final.
fn divide(state: &mut State, one: &Contested, params: &Params) -> Ends {
    let (amount, ends) = (one.taken.total(), &params.slashing.destinations);
    send(&mut state.ledger, Account::Contested, amount, one.victim, ends, Reason::Slashed)
}

/// Sends what was slashed to its ends: `slashed = burned + treasury + compensated + bounty`, and
/// the remainder of these divisions (K3). What nobody was harmed by is the foundation's.
pub(crate) fn send(
    ledger: &mut Ledger,
    from: Account,
    amount: Spon,
    victim: Option<TenantId>,
    ends: &Destinations,
    why: Reason,
) -> Ends {
    let parts = ends.divide_rounded_down(amount);
    let harmed = victim
        .map_or((Account::Treasury, why), |tenant| (Account::Tenant(tenant), Reason::Compensation));
    ledger.burn(Asset::Spon, from, parts.burned.base(), why);
    for ((to, why), part) in [
        ((Account::Treasury, why), parts.treasury),
        (harmed, parts.harmed),
        ((Account::Challengers, Reason::Bounty), parts.bounty),
        ((Account::Dust, why), parts.remainder),
    ] {
        ledger.transfer(Asset::Spon, from, to, part.base(), why);
    }
    Ends { victim, parts }
}

/// Gives a contested slash back: its own stake to the provider, and to delegators and those on
/// their way out a new exit each, for who delegates may be others by now. It is forgotten, and the
/// provider is out of jail unless another slash of it stands.
pub(crate) fn give_back(state: &mut State, now: SimTime, one: &Contested, params: &Params) {
    let provider = one.provider;
    for (to, amount) in one.taken.ways_back(provider) {
        let from = Account::Contested;
        state.ledger.transfer(Asset::Spon, from, to, amount.base(), Reason::SlashReturned);
    }
    let release_at = now + params.stake.unbonding;
    for (staker, amount) in one.exits.iter().copied().filter(|(_, amount)| *amount > Spon::ZERO) {
        let exit = Exit { staker, amount, begun_at: now, release_at };
        state.stakes[provider.index()].queue(exit);
    }
    state.slashes.forget_taken(one.slashed_at, one.taken.total());
    let known = &mut state.registry[provider.index()];
    if let Some(place) = known.slashes.iter().position(|at| *at == one.slashed_at) {
        known.slashes.remove(place);
    }
    if known.slashes.is_empty() {
        known.jailed_until = known.jailed_until.min(now);
        known.is_forfeit = false;
    }
}
