//! The end of an era: judge, reward, slash, climb. Reads as a table of contents.

use crate::era_receipt::{BoughtBack, EraMoves, EraReceipt};
use crate::evidence::{EraEvidence, EraOutcome};
use crate::exchange::buy_for;
use crate::fault::Fault;
use crate::issue::{process_emission, process_vesting};
use crate::ledger::{Account, Reason};
use crate::milestone::{compute_set_aside_rounded_down, process_milestones};
use crate::params::{Params, PoolRules};
use crate::pledge::review;
use crate::rail::{BuyBack, Rail};
use crate::receipt::{Ends, Slashed};
use crate::registry::{EraSums, Registration};
use crate::reward::{Pot, compute_points, is_rewarded};
use crate::reward_mode::RewardMode;
use crate::slash::{finish_appeals, slash};
use crate::slash_book::Charge;
use crate::stake::{Staker, share_rounded_down, unsigned};
use crate::state::State;
use mechanism::wide::mul_div_rounded_down;
use units::{Asset, Base, DelegatorId, EntityKey, ProviderId, SimTime, Span, Spon, Usd};

/// Closes the era at `now` on the evidence of its challenges.
///
/// # Panics
/// When the evidence is not one entry per registered provider.
pub fn process_era(
    state: &mut State,
    now: SimTime,
    evidence: &[EraEvidence],
    params: &Params,
) -> EraReceipt {
    assert_eq!(evidence.len(), state.registry.len(), "evidence is given for every provider");
    let mut outcomes = vec![EraOutcome::default(); evidence.len()];
    let issue = process_emission(state, evidence, params);
    let shared = issue.budget - compute_set_aside_rounded_down(issue.budget, params);
    for rules in [PoolRules::Fizz, PoolRules::Provider] {
        judge(state, now, rules, shared, evidence, params, &mut outcomes);
    }
    check_points(state, now, &outcomes, params);
    let (rewards, delegators) = process_rewards(state, &mut outcomes);
    let prizes = process_milestones(state, now, issue.budget, evidence, params, &mut outcomes);
    let distributed = rewards + prizes;
    assert!(distributed <= issue.budget, "K7, more is paid than the era's budget");
    state.emission.note_distributed(distributed.unsigned_abs());
    let vested = process_vesting(state);
    let slashes = process_slashes(state, now, evidence, params, &mut outcomes);
    let appeals = process_appeals(state, now, params);
    let exits = process_exits(state, now);
    let bought_back = process_buy_back(state, params);
    let treasury_bought = process_treasury(state, params);
    process_trust(state, now, evidence, params);
    let era = state.eras;
    state.eras += 1;
    process_stake_reviews(state, params);
    let [minted, from_treasury] = [issue.minted, issue.from_treasury].map(Spon::from_base);
    let moves = EraMoves {
        minted,
        from_treasury,
        delegators,
        vested,
        slashes,
        appeals,
        exits,
        bought_back,
        treasury_bought,
    };
    let [emitted, distributed] = [issue.emitted, distributed].map(Spon::from_base);
    EraReceipt { era, emitted, distributed, outcomes, moves }
}

/// Sets reward and slash of every provider under `rules`; nothing moves yet.
///
/// The pot is divided by the claims that count: whoever is below the mark has none, and the
/// others share what it forfeits (protocol.md 3.1, economics.md 1.11).
fn judge(
    state: &State,
    now: SimTime,
    rules: PoolRules,
    budget: i128,
    evidence: &[EraEvidence],
    params: &Params,
    outcomes: &mut [EraOutcome],
) {
    let rewards = &params.rewards;
    let ours = || state.registry.iter().enumerate().filter(move |(_, one)| one.rules == rules);
    let rule = params.slashing.rule(Fault::DowntimeInLease);
    let is_lost =
        |index: usize, one: &Registration| rule.takes_reward && has_downtime(one, evidence[index]);
    let counts = |index: usize, one: &Registration| {
        !one.is_barred(now)
            && !is_lost(index, one)
            && is_rewarded(one, evidence[index].uptime, rewards)
    };
    let points_of = |index: usize, one: &Registration| {
        let points = compute_points(one, rewards);
        warm_part_rounded_down(points, one, evidence[index], rewards.era)
    };
    let uptimes = evidence.iter().map(|seen| seen.uptime);
    let pot = Pot::of(budget, state.price, &state.registry, uptimes, rules, params);
    let claim_of = |index: usize, one: &Registration| {
        pot.claim_rounded_down(one, points_of(index, one), evidence[index].uptime)
    };
    let counted = ours().filter(|(index, one)| counts(*index, one));
    let total: u128 = counted.map(|(index, one)| claim_of(index, one)).sum();
    for (index, one) in ours() {
        let (points, claim) = (points_of(index, one), claim_of(index, one));
        let is_counted = counts(index, one);
        // What it earns, or would have earned beside the others.
        let total = if is_counted { total } else { total + claim };
        let full = pot.share_rounded_down(claim, total);
        let outcome = &mut outcomes[index];
        if is_counted {
            outcome.points_micro = points;
            outcome.reward = Spon::from_base(full);
        }
        outcome.slash = compute_lost_reward_rounded_down(one, full, evidence[index], rewards.era);
    }
}

/// Who is to be rewarded has GPUs, is not barred, and has points, no more than its GPUs give (K8).
///
/// # Panics
/// When somebody has not.
pub(crate) fn check_points(state: &State, now: SimTime, outcomes: &[EraOutcome], params: &Params) {
    for ((id, one), outcome) in (0..).map(ProviderId).zip(&state.registry).zip(outcomes) {
        let (points, reward) = (outcome.points_micro, outcome.reward);
        assert!(points == 0 || !one.is_barred(now), "{id:?}: K8, {points} points while barred");
        let most = if one.gpus.0 == 0 { 0 } else { compute_points(one, &params.rewards) };
        assert!(points <= most, "{id:?}: K8, {points} points, {most} at most");
        let is_owed = params.rewards.mode == RewardMode::Points && points == 0;
        assert!(!is_owed || reward == Spon::ZERO, "{id:?}: K8, {reward:?} for no points");
    }
}

/// Whether leases lost time for which stake answers. Home machines are warned and banned instead
/// (protocol.md 3.3), and maintenance stops it (3.1), even when it was announced after the fact.
fn has_downtime(one: &Registration, seen: EraEvidence) -> bool {
    seen.downtime_gpu_ns > 0 && one.rules == PoolRules::Provider && !one.is_in_maintenance
}

/// The reward of the time that leases lost, whether or not the era was rewarded: the documented
/// price of downtime in a lease.
fn compute_lost_reward_rounded_down(
    one: &Registration,
    full: i128,
    seen: EraEvidence,
    era: Span,
) -> Spon {
    let era = u128::from(one.gpus.0) * u128::from(era.nanos());
    if era == 0 || !has_downtime(one, seen) {
        return Spon::ZERO;
    }
    share_rounded_down(Spon::from_base(full), u128::from(seen.downtime_gpu_ns), era)
}

/// Points for the time that does not cool down after a reconnection (protocol.md 3.1).
fn warm_part_rounded_down(points: u64, one: &Registration, seen: EraEvidence, era: Span) -> u64 {
    let all = u128::from(one.gpus.0) * u128::from(era.nanos());
    let cold = u128::from(seen.cooling_gpu_ns).min(all);
    if cold == 0 {
        points
    } else {
        mul_div_rounded_down(u128::from(points), all - cold, all) as u64
    }
}

/// Pays the rewards: delegators get their part less the provider's commission, by their shares.
/// Answers with what was paid in all, and to which delegators.
fn process_rewards(
    state: &mut State,
    outcomes: &mut [EraOutcome],
) -> (Base, Vec<(DelegatorId, Spon)>) {
    let (mut paid, mut delegators) = (0, Vec::new());
    for (id, outcome) in (0..).map(ProviderId).zip(outcomes) {
        paid += outcome.reward.base();
        outcome.delegators = pay_delegators(state, id, outcome.reward, &mut delegators);
        outcome.reward = outcome.reward - outcome.delegators;
        let (amount, to) = (outcome.reward.base(), Account::Provider(id));
        state.ledger.transfer(Asset::Spon, Account::Rewards, to, amount, Reason::EraReward);
    }
    (paid, delegators)
}

/// What the delegators of a provider get of its reward: `reward x delegated / stake`, less the
/// commission. Every part is rounded down; what that leaves is the provider's.
fn pay_delegators(
    state: &mut State,
    id: ProviderId,
    reward: Spon,
    parts: &mut Vec<(DelegatorId, Spon)>,
) -> Spon {
    let (delegated, all) = (state.delegated(id), state.stake(id));
    if delegated == Spon::ZERO || reward == Spon::ZERO {
        return Spon::ZERO;
    }
    let book = &state.stakes[id.index()];
    let gross = share_rounded_down(reward, unsigned(delegated), unsigned(all));
    let kept = book.commission.of_rounded_up(gross.base());
    let net = gross - Spon::from_base(kept);
    let mut paid = Spon::ZERO;
    for one in book.delegations() {
        let part = share_rounded_down(net, one.shares, book.shares());
        let to = Account::Delegator(one.delegator);
        let (from, why) = (Account::Rewards, Reason::DelegatorReward);
        state.ledger.transfer(Asset::Spon, from, to, part.base(), why);
        parts.push((one.delegator, part));
        paid += part;
    }
    paid
}

/// Takes what downtime under leases costs.
fn process_slashes(
    state: &mut State,
    now: SimTime,
    evidence: &[EraEvidence],
    params: &Params,
    outcomes: &mut [EraOutcome],
) -> Vec<(ProviderId, Slashed)> {
    let mut slashes = Vec::new();
    let began =
        SimTime::ZERO + now.saturating_since(SimTime::ZERO).saturating_sub(params.rewards.era);
    let of_era = EntityKey::group("downtime in an era").child(u64::from(state.eras));
    for (provider, outcome) in (0..).map(ProviderId).zip(outcomes) {
        let lost_reward = outcome.slash;
        let index = provider.index();
        if !has_downtime(&state.registry[index], evidence[index]) {
            continue;
        }
        let fault = Fault::DowntimeInLease;
        let charge = Charge { provider, fault, happened_at: began, lost_reward, victim: None };
        let evidence = of_era.child(u64::from(provider.0));
        let slashed = slash(state, now, &charge, evidence, params);
        let taken = slashed.taken;
        (outcome.slash, outcome.slash_delegated) = (taken.total(), taken.delegated);
        slashes.push((provider, slashed));
    }
    slashes
}

/// Sends contested slashes on whose time for an appeal is over, and forgets the old ones.
fn process_appeals(state: &mut State, now: SimTime, params: &Params) -> Vec<Ends> {
    let finished = finish_appeals(state, now, params);
    state.slashes.forget(now, params);
    finished
}

/// Pays out stake that has waited long enough, first in, first out.
fn process_exits(state: &mut State, now: SimTime) -> Vec<(ProviderId, Staker, Spon)> {
    let mut released = Vec::new();
    for (id, book) in (0..).map(ProviderId).zip(&mut state.stakes) {
        while let Some(exit) = book.release(now) {
            let to = match exit.staker {
                Staker::Provider => Account::Provider(id),
                Staker::Delegator(delegator) => Account::Delegator(delegator),
            };
            let (from, amount) = (Account::Unbonding(id), exit.amount.base());
            state.ledger.transfer(Asset::Spon, from, to, amount, Reason::Released);
            released.push((id, exit.staker, exit.amount));
        }
    }
    released
}

/// The vault of pay in dollars buys tokens back; what it does not burn refills the reward pool.
fn process_buy_back(state: &mut State, params: &Params) -> BoughtBack {
    let Rail::UsdTarget(rules) = params.rail else { return BoughtBack::default() };
    buy_back(state, Account::Vault, rules, Account::Rewards)
}

/// The foundation buys tokens back, and keeps what it does not burn.
fn process_treasury(state: &mut State, params: &Params) -> BoughtBack {
    buy_back(state, Account::Treasury, params.buy_back, Account::Treasury)
}

/// Spends the declared part of an account's dollars on tokens; a part of these is burned, the rest
/// goes `to` where it is kept.
fn buy_back(state: &mut State, from: Account, rules: BuyBack, to: Account) -> BoughtBack {
    let dollars = state.ledger.balance(Asset::Usd, from);
    let spent = Usd::from_base(rules.share.of_rounded_down(dollars));
    if spent == Usd::ZERO {
        return BoughtBack::default();
    }
    // Less than a token's smallest unit is worth buys nothing, and more than the pool has neither.
    let Ok(bought) = buy_for(state, from, spent) else { return BoughtBack::default() };
    let (burned, why) = (rules.burned.of_rounded_down(bought.base()), Reason::BuyBack);
    state.ledger.burn(Asset::Spon, from, burned, why);
    if from != to {
        state.ledger.transfer(Asset::Spon, from, to, bought.base() - burned, why);
    }
    BoughtBack { spent, bought, burned: Spon::from_base(burned) }
}

/// Works out all least stakes anew, every so many eras: the price has moved, or the network grew.
fn process_stake_reviews(state: &mut State, params: &Params) {
    let every = params.stake.review_eras;
    if every > 0 && state.eras.is_multiple_of(every) {
        review(&mut state.registry, state.price, params);
    }
}

/// Records the uptime, moves along the ladder, lets the past fade.
fn process_trust(state: &mut State, now: SimTime, evidence: &[EraEvidence], params: &Params) {
    for (one, seen) in state.registry.iter_mut().zip(evidence) {
        one.uptime.note(seen.uptime, params.standing.uptime_window_eras);
        one.climb(seen.uptime, &params.rewards.ladder);
        one.is_forfeit = false;
        one.era = EraSums::default();
        one.reputation.fade(params.rewards.era, params.standing.reputation_half_life);
        while one
            .slashes
            .front()
            .is_some_and(|at| now.saturating_since(*at) >= params.slashing.window)
        {
            one.slashes.pop_front();
        }
    }
}
