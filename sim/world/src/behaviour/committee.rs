//! The committee: what each operator signs, and when a quorum has signed the same.
//!
//! Every operator recomputes a round on its own view, which may be stale or lack whom the operator
//! censors; the draws are the same, so views that agree on the bids agree on the picks (protocol.md
//! 9.7). Staleness is no fault; signing what one's own view does not give is.

use crate::behaviour::provider::draw_span;
use crate::event::Event;
use crate::purpose;
use crate::state::{Answers, Attempt, Censorship, Evidence};
use crate::world::{Search, Step, World};
use market::{Pick, SoftFilters, quorum_stake};
use protocol::{Call, DecisionDigest, Handle, Receipt, Signature, find_quorum};
use units::{EntityKey, OperatorId, Ppm, SimTime, Span, Spon};

/// What came of asking the committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A quorum signed this, and the last signature that it needed came then.
    Signed {
        /// What was signed.
        digest: DecisionDigest,
        /// When.
        at: SimTime,
    },
    /// No quorum signed the same, and that was known then.
    Missed {
        /// When.
        at: SimTime,
    },
}

/// What operators sign: the order, which draw it is, the soft filters that were dropped, who
/// serves at which price.
///
/// The decision, not all that it was made from: a digest over every bid would make each bid that
/// one operator heard of later than another a deviation, whether or not it could have won.
pub fn digest(
    order: EntityKey,
    draws: u32,
    pick: Option<Pick>,
    dropped: SoftFilters,
) -> DecisionDigest {
    let dropped = u64::from(dropped.latency_bound) | u64::from(dropped.owner_cap) << 1;
    let head = DecisionDigest(order.0).with(u64::from(draws) << 2 | dropped);
    pick.map_or(head, |pick| head.with(pick.key.0).with(pick.price.nanos()))
}

/// Asks every operator to sign. `digests` is what each view gives, the full and present one first.
pub fn ask(
    world: &mut World,
    step: &mut Step<'_>,
    handle: Handle,
    digests: &[DecisionDigest],
) -> Outcome {
    let full = digests[0];
    let mut answers: Vec<Answer> = Vec::with_capacity(world.operators.len());
    for number in 0..world.operators.len() {
        let id = OperatorId(number as u16);
        let own = digests[world.operators[number].view];
        answers.extend(world.draw_answer(handle, id, own));
    }
    world.draw_answer_delays(handle, &mut answers, full);
    let mut arrived: Vec<(Span, Signature)> = Vec::with_capacity(answers.len());
    for Answer { operator, own, delay, signature } in answers {
        if signature.digest != own {
            world.operators[operator.index()].answers.wrong += 1;
            let evidence = Evidence { operator, signed: signature.digest, recomputed: own };
            let block = world.block_at(step.now + delay);
            step.out.at(block, Event::DeviationProven(world.evidence.insert(evidence)));
        }
        let answers = &mut world.operators[operator.index()].answers;
        if delay > world.scenario.committee.deadline {
            answers.late += 1;
            continue;
        }
        let is_full = signature.digest == full;
        *if is_full { &mut answers.signed } else { &mut answers.deviating } += 1;
        arrived.push((delay, signature));
    }
    // At the same moment the order of operators decides: a stable sort.
    arrived.sort_by_key(|(delay, _)| *delay);
    world.decide(step.now, &arrived, digests)
}

/// A signature that its operator's view does not give is on the chain: stake is taken, as long as
/// there is any.
pub fn on_deviation_proven(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let evidence = world.evidence.remove(handle).expect("evidence is shown once");
    let Evidence { operator, signed, recomputed } = evidence;
    if world.chain.operators[operator.index()].magnitude() == 0 {
        return;
    }
    let receipt = world.call(step.now, Call::SlashOperator { operator, signed, recomputed });
    let Receipt::OperatorSlashed { amount, .. } = receipt else {
        unreachable!("a slash answers with what was taken");
    };
    let answers = &mut world.operators[operator.index()].answers;
    answers.slashes += 1;
    answers.slashed += amount;
}

/// One operator's answer.
#[derive(Clone, Copy)]
struct Answer {
    operator: OperatorId,
    /// What its view gives.
    own: DecisionDigest,
    /// When its signature is back, after the committee was asked.
    delay: Span,
    signature: Signature,
}

/// Ordinals of draws of one order: the draw, the retry in six bits, the operator in ten.
fn ordinal(attempt: &Attempt, id: OperatorId) -> u64 {
    u64::from(attempt.draws) << 16 | u64::from(attempt.retries) << 10 | u64::from(id.0)
}

impl World {
    /// Whether an operator signs, and what; `own` is what its view gives.
    fn draw_answer(
        &mut self,
        handle: Handle,
        id: OperatorId,
        own: DecisionDigest,
    ) -> Option<Answer> {
        let attempt = self.job(handle).attempt.as_ref().expect("a match has an order");
        let (key, ordinal) = (attempt.key, ordinal(attempt, id));
        let operator = &self.scenario.committee.operators[id.index()];
        let (mut is_absent, mut is_wrong) = (false, false);
        if operator.offline > Ppm::ZERO || operator.wrong_digest > Ppm::ZERO {
            let mut draw = self.draws.at(purpose::OPERATOR_FAULT, key, ordinal);
            let mut happens = |share: Ppm| draw.below(1_000_000) < u64::from(share.0);
            (is_absent, is_wrong) = (happens(operator.offline), happens(operator.wrong_digest));
        }
        if self.refuses(id, handle) {
            self.operators[id.index()].answers.refused += 1;
            return None;
        }
        if is_absent {
            self.operators[id.index()].answers.absent += 1;
            return None;
        }
        let digest = if is_wrong { own.with(ordinal) } else { own };
        let signature = Signature { digest, stake: self.chain.operator_stake(id) };
        Some(Answer { operator: id, own, delay: Span::ZERO, signature })
    }

    /// When the signatures are back. As a rule all sign the same in good time: then the delay that
    /// counts is that of who completes the quorum, and for who is surely before or after that, a
    /// bound will do.
    fn draw_answer_delays(&self, handle: Handle, answers: &mut [Answer], full: DecisionDigest) {
        if !self.scenario.chain.has_latency {
            return;
        }
        let attempt = self.job(handle).attempt.as_ref().expect("a match has an order");
        let exact = |id| self.draw_answer_delay(id, attempt);
        let is_usual = answers.iter().all(|one| one.signature.digest == full && one.own == full);
        let bounds = || -> Vec<[Span; 2]> {
            answers.iter().map(|one| self.bound_answer_delay(one.operator, attempt)).collect()
        };
        let bounds = if self.search == Search::Lazy && is_usual { bounds() } else { Vec::new() };
        let in_time = |[_, most]: &[Span; 2]| *most <= self.scenario.committee.deadline;
        let window = bounds.iter().all(in_time).then(|| self.bound_quorum(answers, &bounds));
        let Some([earliest, latest]) = window.flatten() else {
            answers.iter_mut().for_each(|one| one.delay = exact(one.operator));
            return;
        };
        for (one, [least, most]) in answers.iter_mut().zip(bounds) {
            one.delay = match () {
                () if most < earliest => most,
                () if least > latest => least,
                () => exact(one.operator),
            };
        }
    }

    /// Between which moments a quorum is complete when answers are back between `bounds`; none when
    /// there is no quorum.
    fn bound_quorum(&self, answers: &[Answer], bounds: &[[Span; 2]]) -> Option<[Span; 2]> {
        let needed = quorum_stake(self.committee_stake(), self.scenario.committee.quorum);
        let stakes = answers.iter().map(|one| one.signature.stake);
        let reached_at = |end: usize| {
            let delays = bounds.iter().map(|delays| delays[end]);
            let mut arrived: Vec<(Span, Spon)> = delays.zip(stakes.clone()).collect();
            arrived.sort_unstable();
            let mut signed = Spon::ZERO;
            let mut completes = |(_, stake): &(Span, Spon)| {
                signed += *stake;
                signed > Spon::ZERO && signed >= needed
            };
            arrived.into_iter().find(|one| completes(one)).map(|(delay, _)| delay)
        };
        Some([reached_at(0)?, reached_at(1)?])
    }

    /// Each operator hears of the bids, computes, and sends its signature.
    fn draw_answer_delay(&self, id: OperatorId, attempt: &Attempt) -> Span {
        let committee = &self.scenario.committee;
        let operator = &committee.operators[id.index()];
        let mut draw = self.draws.at(purpose::COMMITTEE, attempt.key, ordinal(attempt, id));
        let way = self.topology.one_way(self.scenario.chain.sequencer, operator.region);
        let there = self.draw_delay(way, &mut draw);
        let compute = draw_span(committee.compute, &mut draw);
        let back = self.draw_delay(way, &mut draw);
        there + operator.slow.slow_down(compute) + back
    }

    /// What [`World::draw_answer_delay`] is neither below nor above, for a small part of its cost.
    fn bound_answer_delay(&self, id: OperatorId, attempt: &Attempt) -> [Span; 2] {
        let operator = &self.scenario.committee.operators[id.index()];
        let mut draw = self.draws.at(purpose::COMMITTEE, attempt.key, ordinal(attempt, id));
        let way = self.topology.one_way(self.scenario.chain.sequencer, operator.region);
        let there = self.jitter.delay_bounds(way, &mut draw);
        let compute = self.computing_bounds.draw_both(&mut draw).map(Span::from_secs_f64_rounded);
        let back = self.jitter.delay_bounds(way, &mut draw);
        [0, 1].map(|end| there[end] + operator.slow.slow_down(compute[end]) + back[end])
    }

    /// What signatures in order of arrival come to. A digest that no view gives has no record
    /// behind it and makes no match, whoever signed it. That a quorum is missed is known when
    /// everybody has signed, or else at the deadline.
    fn decide(
        &self,
        now: SimTime,
        arrived: &[(Span, Signature)],
        digests: &[DecisionDigest],
    ) -> Outcome {
        let committee = &self.scenario.committee;
        let signatures: Vec<Signature> = arrived.iter().map(|(_, signature)| *signature).collect();
        let verdict = find_quorum(&signatures, self.committee_stake(), committee.quorum);
        match verdict.filter(|verdict| digests.contains(&verdict.digest)) {
            Some(verdict) => {
                let at = now + arrived[verdict.completed_by].0;
                Outcome::Signed { digest: verdict.digest, at }
            }
            None if arrived.len() == self.operators.len() => {
                Outcome::Missed { at: now + arrived.last().map_or(Span::ZERO, |last| last.0) }
            }
            None => Outcome::Missed { at: now + committee.deadline },
        }
    }

    /// All stake of the committee, what was slashed taken off.
    pub fn committee_stake(&self) -> Spon {
        let ids = (0..self.operators.len()).map(|number| OperatorId(number as u16));
        ids.fold(Spon::ZERO, |sum, id| sum + self.chain.operator_stake(id))
    }

    /// The share of the committee's stake held by operators of whom `holds` is true.
    pub fn stake_share_rounded_down(&self, holds: impl Fn(OperatorId) -> bool) -> Ppm {
        let ids = (0..self.operators.len()).map(|number| OperatorId(number as u16));
        let held = ids
            .filter(|id| holds(*id))
            .fold(0, |sum, id| sum + self.chain.operator_stake(id).base());
        let all = self.committee_stake().base().max(1);
        Ppm(u32::try_from(held * 1_000_000 / all).expect("a part is at most the whole"))
    }

    /// Whether an operator refuses to sign for a job's tenant.
    fn refuses(&self, id: OperatorId, handle: Handle) -> bool {
        let Some(censors) = self.scenario.committee.operators[id.index()].censors else {
            return false;
        };
        let tenant = &self.tenants[self.job(handle).tenant.index()];
        censors.tenants_from.contains(tenant.region) || self.is_listed(tenant.key, censors.tenants)
    }

    /// Whether an address is on the list that holds `share` of all. The lot is the address's own:
    /// lists of different length begin with the same addresses.
    pub fn is_listed(&self, address: EntityKey, share: Ppm) -> bool {
        let lot = || self.draws.at(purpose::CENSORED, address, 0).below(1_000_000);
        share > Ppm::ZERO && lot() < u64::from(share.0)
    }

    /// How much stake is against an order, and against whom the full view draws first.
    pub fn weigh_censorship(&self, handle: Handle) -> Censorship {
        let operators = &self.scenario.committee.operators;
        if operators.iter().all(|operator| operator.censors.is_none()) {
            return Censorship::default();
        }
        let hides = |id: OperatorId, provider| {
            let view = self.operators[id.index()].view.checked_sub(1);
            view.is_some_and(|view| self.views[view].hides(provider))
        };
        let attempt = self.job(handle).attempt.as_ref().expect("a round has an order");
        let first = attempt.seen[0].picks.first().map(|pick| pick.provider);
        let hidden =
            first.map_or(Ppm::ZERO, |first| self.stake_share_rounded_down(|id| hides(id, first)));
        Censorship {
            refused: self.stake_share_rounded_down(|id| self.refuses(id, handle)),
            hidden,
            first: first.filter(|_| hidden > Ppm::ZERO),
        }
    }

    /// Takes the answers of the era that ends.
    pub fn take_answers(&mut self, id: OperatorId) -> Answers {
        std::mem::take(&mut self.operators[id.index()].answers)
    }
}
