//! Prizes for a run of good eras, out of the budget of the era in which it is complete.

use crate::evidence::{EraEvidence, EraOutcome};
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::registry::Reputation;
use crate::reward::compute_points;
use crate::reward_mode::Milestone;
use crate::state::{State, signed};
use mechanism::split::split_rounded_down;
use units::{Asset, Base, Ppm, ProviderId, SimTime, Spon};

/// What is set aside of a budget for both milestones.
pub(crate) fn compute_set_aside_rounded_down(budget: Base, params: &Params) -> Base {
    milestones(params).map(|milestone| milestone.share.of_rounded_down(budget)).iter().sum()
}

/// Counts the era, pays who completed a run, and answers with what was paid.
pub(crate) fn process_milestones(
    state: &mut State,
    now: SimTime,
    budget: Base,
    evidence: &[EraEvidence],
    params: &Params,
    outcomes: &mut [EraOutcome],
) -> Base {
    let mut paid = 0;
    for (number, milestone) in milestones(params).into_iter().enumerate() {
        if milestone.share.0 == 0 {
            continue;
        }
        let shares = count_era(state, now, number, &milestone, evidence, params);
        let prize = milestone.share.of_rounded_down(budget);
        let split = split_rounded_down(prize.unsigned_abs(), &shares);
        for (id, part) in (0..).map(ProviderId).zip(split.parts) {
            let (to, part) = (Account::Provider(id), signed(part));
            state.ledger.transfer(Asset::Spon, Account::Rewards, to, part, Reason::Milestone);
            outcomes[id.index()].reward += Spon::from_base(part);
            paid += part;
        }
    }
    paid
}

fn milestones(params: &Params) -> [Milestone; 2] {
    [params.rewards.milestones.uptime, params.rewards.milestones.quality]
}

/// The points of those who complete the run with this era; nothing for all others. Who is barred
/// from rewards starts anew.
fn count_era(
    state: &mut State,
    now: SimTime,
    number: usize,
    milestone: &Milestone,
    evidence: &[EraEvidence],
    params: &Params,
) -> Vec<u128> {
    let mut shares = Vec::with_capacity(evidence.len());
    for (one, seen) in state.registry.iter_mut().zip(evidence) {
        let quality = || compute_quality_rounded_down(one.reputation);
        let score = if number == 0 { Some(seen.uptime) } else { quality() };
        let is_good = !one.is_barred(now) && score.is_some_and(|score| score >= milestone.mark);
        let streak = &mut one.streaks[number];
        *streak = if is_good { *streak + 1 } else { 0 };
        let is_complete = *streak > 0 && *streak >= milestone.eras;
        if is_complete {
            *streak = 0;
        }
        let points = if is_complete { compute_points(one, &params.rewards) } else { 0 };
        shares.push(points.into());
    }
    shares
}

/// The share of remembered leases that ended well; none while no lease has ended.
fn compute_quality_rounded_down(past: Reputation) -> Option<Ppm> {
    let all = past.good_milli + past.bad_milli;
    (all > 0).then(|| Ppm::ratio_rounded_down(past.good_milli, all))
}
