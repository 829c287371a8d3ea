//! What a fault costs, from whom it is taken, and where it goes.
//!
//! `min(slashable, base + share of the stake + share of the least stake + lost reward + correlated
//! part)` (economics.md 1.10). It is taken from the provider's own stake, from what is delegated
//! and from what was on its way out after the fault, each in proportion. While it can be appealed
//! it is contested; then it is burned, compensates the victim, rewards who proved the fault, and
//! the rest is the foundation's.

use crate::ledger::{Account, Reason};
use crate::params::{FaultRule, Params};
use crate::slash_book::{Charge, Contested, Taken};
use crate::stake::{Exit, Staker, share_rounded_down, unsigned};
use crate::state::State;
use units::{Asset, Base, BasisPoints, EntityKey, ProviderId, SimTime, Spon};

/// Takes what a fault costs and sends it where the rules say, or contests it first.
pub(crate) fn slash(
    state: &mut State,
    now: SimTime,
    charge: &Charge,
    evidence: EntityKey,
    params: &Params,
) -> Taken {
    let price = compute_price_rounded_up(state, charge, params);
    let (taken, exits) = take(state, charge, price);
    if taken.total() == Spon::ZERO {
        return taken;
    }
    state.registry[charge.provider.index()].slashes.push_back(now);
    state.slashes.note_taken(now, taken.total());
    let contested = Contested {
        evidence,
        provider: charge.provider,
        taken,
        exits,
        victim: charge.victim,
        final_at: now + params.slashing.appeal,
    };
    if params.slashing.appeal.is_zero() {
        divide(state, &contested, params);
    } else {
        state.slashes.contest(contested);
    }
    taken
}

/// Divides the slashes whose time for an appeal is over.
pub(crate) fn finish_appeals(state: &mut State, now: SimTime, params: &Params) {
    while let Some(one) = state.slashes.take_final(now) {
        divide(state, &one, params);
    }
}

/// What can be taken for a fault of that moment: what is staked, and what left later.
pub fn slashable(state: &State, provider: ProviderId, happened_at: SimTime) -> Spon {
    let exits = state.stakes[provider.index()].exits();
    let answering = exits.filter(|exit| exit.begun_at >= happened_at);
    answering.fold(state.stake(provider), |sum, exit| sum + exit.amount)
}

/// The price of a fault, a started unit in full, so that a slash never takes too little.
fn compute_price_rounded_up(state: &State, charge: &Charge, params: &Params) -> Spon {
    let rule: &FaultRule = params.slashing.rule(charge.fault);
    let most = slashable(state, charge.provider, charge.happened_at);
    let least = state.registry[charge.provider.index()].stake_min;
    let hundredths = i128::from(rule.lost_reward_hundredths);
    let lost = (charge.lost_reward.base() * hundredths).unsigned_abs().div_ceil(100) as Base;
    let sum = rule.base.base()
        + rule.of_stake.of_rounded_up(most.base())
        + rule.of_minimum.of_rounded_up(least.base())
        + lost
        + compute_correlated_rounded_down(state, rule, most).base();
    Spon::from_base(sum.min(most.base()))
}

/// `slashable x min(1, coefficient x slashed lately / all stake)`: a fault that many share costs
/// more (the form of Ethereum, economics.md 1.10).
fn compute_correlated_rounded_down(state: &State, rule: &FaultRule, most: Spon) -> Spon {
    if rule.correlated_hundredths == 0 {
        return Spon::ZERO;
    }
    let all = state.staked();
    let lately = unsigned(state.slashes.recent_sum()) * u128::from(rule.correlated_hundredths);
    let whole = unsigned(all).saturating_mul(100);
    share_rounded_down(most, lately.min(whole), whole)
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
    for (from, amount) in sources(provider, &taken) {
        let why = Reason::Slashed;
        state.ledger.transfer(Asset::Spon, from, Account::Contested, amount.base(), why);
    }
    (taken, exits)
}

fn sources(provider: ProviderId, taken: &Taken) -> [(Account, Spon); 3] {
    [
        (Account::Stake(provider), taken.own),
        (Account::Delegated(provider), taken.delegated),
        (Account::Unbonding(provider), taken.unbonding),
    ]
}

/// Sends a slash to its ends: `slashed = burned + compensated + bounty + treasury` (K3).
fn divide(state: &mut State, one: &Contested, params: &Params) {
    let ends = &params.slashing.destinations;
    let amount = one.taken.total().base();
    let part = |share: BasisPoints| share.of_rounded_down(amount);
    let victim = one.victim.map_or(0, |_| part(ends.victim));
    let (burned, bounty) = (part(ends.burned), part(ends.bounty));
    let rest = amount - burned - bounty - victim;
    let from = Account::Contested;
    let ledger = &mut state.ledger;
    ledger.burn(Asset::Spon, from, burned, Reason::Slashed);
    ledger.transfer(Asset::Spon, from, Account::Challengers, bounty, Reason::Bounty);
    if let Some(tenant) = one.victim {
        let to = Account::Tenant(tenant);
        ledger.transfer(Asset::Spon, from, to, victim, Reason::Compensation);
    }
    ledger.transfer(Asset::Spon, from, Account::Treasury, rest, Reason::Slashed);
}

/// Gives a contested slash back: stake to stake, and what was on its way out to a new exit of the
/// same owner.
pub(crate) fn give_back(state: &mut State, now: SimTime, one: &Contested, params: &Params) {
    let provider = one.provider;
    for (to, amount) in sources(provider, &one.taken) {
        let from = Account::Contested;
        state.ledger.transfer(Asset::Spon, from, to, amount.base(), Reason::SlashReturned);
    }
    let release_at = now + params.stake.unbonding;
    for (staker, amount) in one.exits.iter().copied().filter(|(_, amount)| *amount > Spon::ZERO) {
        let exit = Exit { staker, amount, begun_at: now, release_at };
        state.stakes[provider.index()].queue(exit);
    }
}
