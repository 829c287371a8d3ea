//! The end of an era: judge, reward, slash, climb. Reads as a table of contents.

use crate::ledger::{Account, Reason};
use crate::params::{Params, PoolRules};
use crate::registry::Registration;
use crate::reward::{
    compute_budget_rounded_down, compute_part_rounded_down, compute_points,
    compute_share_rounded_down, is_rewarded,
};
use crate::state::State;
use units::{Asset, Ppm, ProviderId, SimTime, Span, Spon};

/// What the challenges of an era found of one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EraEvidence {
    /// Share of challenges passed, weighted by kind.
    pub uptime: Ppm,
    /// GPU-time that open leases lost to machines that were down, in GPU-nanoseconds.
    pub downtime_gpu_ns: u64,
}

/// What an era brought one provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EraOutcome {
    /// Points that counted, in millionths.
    pub points_micro: u64,
    /// Reward paid.
    pub reward: Spon,
    /// Stake taken.
    pub slash: Spon,
}

/// What an era did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EraReceipt {
    /// The era that ended.
    pub era: u32,
    /// Tokens set aside for it.
    pub budget: Spon,
    /// Per provider, by `ProviderId`.
    pub outcomes: Vec<EraOutcome>,
}

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
    let budget = compute_era_budget(state, params);
    let mut outcomes = vec![EraOutcome::default(); evidence.len()];
    for rules in [PoolRules::Fizz, PoolRules::Provider] {
        judge(state, rules, budget, evidence, params, &mut outcomes);
    }
    process_rewards(state, &outcomes);
    process_slashes(state, now, params, &mut outcomes);
    process_trust(state, now, evidence, params);
    let era = state.eras;
    state.eras += 1;
    EraReceipt { era, budget: Spon::from_base(budget), outcomes }
}

/// The emission of an era, as long as the pool holds it.
fn compute_era_budget(state: &State, params: &Params) -> i128 {
    let pool = state.ledger.balance(Asset::Spon, Account::Rewards);
    params.rewards.emission.base().min(pool)
}

/// Sets reward and slash of every provider under `rules`; nothing moves yet.
///
/// The budget is divided by the points that count: whoever is below the mark has none, and the
/// others share what it forfeits (protocol.md 3.1, economics.md 1.11).
fn judge(
    state: &State,
    rules: PoolRules,
    budget: i128,
    evidence: &[EraEvidence],
    params: &Params,
    outcomes: &mut [EraOutcome],
) {
    let rewards = &params.rewards;
    let ours = || state.registry.iter().enumerate().filter(move |(_, one)| one.rules == rules);
    let counts = |index: usize, one| is_rewarded(one, evidence[index].uptime, rewards);
    let budget = compute_budget_rounded_down(budget, &state.registry, rules);
    let counted = ours().filter(|(index, one)| counts(*index, one));
    let total: u128 = counted.map(|(_, one)| u128::from(compute_points(one, rewards))).sum();
    for (index, one) in ours() {
        let points = compute_points(one, rewards);
        let is_counted = counts(index, one);
        // What it earns, or would have earned beside the others.
        let total = if is_counted { total } else { total + u128::from(points) };
        let full = compute_share_rounded_down(budget, points, total);
        let outcome = &mut outcomes[index];
        if is_counted {
            outcome.points_micro = points;
            outcome.reward = Spon::from_base(full);
        }
        outcome.slash = compute_slash_rounded_down(one, full, evidence[index], rewards.era);
    }
}

/// The reward of the time that leases lost, whether or not the era was rewarded: the documented
/// price of downtime in a lease. Home machines are warned and banned instead (protocol.md 3.3).
fn compute_slash_rounded_down(
    one: &Registration,
    full: i128,
    seen: EraEvidence,
    era: Span,
) -> Spon {
    let era = u128::from(one.gpus.0) * u128::from(era.nanos());
    if one.rules == PoolRules::Fizz || era == 0 {
        return Spon::ZERO;
    }
    Spon::from_base(compute_part_rounded_down(full, u128::from(seen.downtime_gpu_ns), era))
}

fn process_rewards(state: &mut State, outcomes: &[EraOutcome]) {
    for (id, outcome) in (0..).map(ProviderId).zip(outcomes) {
        let amount = outcome.reward.base();
        let to = Account::Provider(id);
        state.ledger.transfer(Asset::Spon, Account::Rewards, to, amount, Reason::EraReward);
    }
}

/// Takes stake, never more than there is; burns its share and gives the rest to the foundation.
fn process_slashes(state: &mut State, now: SimTime, params: &Params, outcomes: &mut [EraOutcome]) {
    for (id, outcome) in (0..).map(ProviderId).zip(outcomes) {
        let taken = outcome.slash.base().min(state.stake(id).base());
        outcome.slash = Spon::from_base(taken);
        if taken == 0 {
            continue;
        }
        let burned = params.slashing.burned.of_rounded_down(taken);
        let from = Account::Stake(id);
        let kept = taken - burned;
        state.ledger.burn(Asset::Spon, from, burned, Reason::Slashed);
        state.ledger.transfer(Asset::Spon, from, Account::Treasury, kept, Reason::Slashed);
        state.registry[id.index()].slashes.push_back(now);
    }
}

/// Records the uptime, moves along the ladder, lets the past fade.
fn process_trust(state: &mut State, now: SimTime, evidence: &[EraEvidence], params: &Params) {
    for (one, seen) in state.registry.iter_mut().zip(evidence) {
        one.uptime.note(seen.uptime, params.standing.uptime_window_eras);
        one.climb(seen.uptime, &params.rewards.ladder);
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
