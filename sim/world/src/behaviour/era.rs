//! The end of an era: leases settle, machines are judged by their challenges, books close.

use crate::behaviour::cool_down::last_return;
use crate::behaviour::cost::{compute_upkeep_rounded_up, compute_wear_rounded_up};
use crate::behaviour::delegation::reallocate;
use crate::behaviour::entry::review_supply;
use crate::behaviour::job::end_unpaid;
use crate::behaviour::misconduct::judge_misconduct;
use crate::behaviour::stake::{top_up_stakes, watch_jail};
use crate::event::Event;
use crate::observe;
use crate::purpose;
use crate::state::{Causes, Machine, Totals};
use crate::world::{Search, Step, World};
use engine::digest::StateHasher;
use protocol::{
    Call, EraEvidence, EraOutcome, EraReceipt, Handle, LeaseState, Receipt, check_books,
    process_era,
};
use std::ops::Add;
use units::{Asset, MachineId, Ppm, ProviderId, SimTime, Span, Spon, Usd};

/// An accounting period ends.
pub fn on_era_ended(world: &mut World, step: &mut Step<'_>) {
    settle_leases(world, step);
    judge_misconduct(world, step);
    let evidence = world.collect_evidence(step.now);
    let receipt = process_era(&mut world.chain, step.now, &evidence, &world.params);
    world.note_era(step.now, &evidence, &receipt);
    if let Some(audit) = &mut world.audit {
        audit.note_era(&receipt);
    }
    world.net_bought += receipt.moves.bought_back.spent + receipt.moves.treasury_bought.spent;
    world.charge_claims(step.now, &receipt);
    top_up_stakes(world, step);
    world.sell_delegators_rewards(step.now, &receipt);
    reallocate(world, step, &receipt);
    world.pay_gas(step.now);
    world.sell_tokens(step.now);
    close_books(world, step, &evidence, Some(&receipt));
    for (id, outcome) in (0..).map(ProviderId).zip(&receipt.outcomes) {
        if outcome.slash > Spon::ZERO {
            watch_jail(world, step, id);
        }
        world.refresh_standing(step.now, id);
    }
    review_supply(world, step);
    world.check_money();
    world.check_activity();
    world.check_census();
    world.seal_era(receipt.era);
    begin_era(world, step);
}

/// Plans the end of the era that begins now.
pub fn begin_era(world: &mut World, step: &mut Step<'_>) {
    world.era_started_at = step.now;
    for candidate in &mut world.candidates {
        candidate.activity.served_in_era = Span::ZERO;
    }
    for machine in &mut world.machines {
        machine.back_at = last_return(machine);
        machine.causes_at_era = machine.causes;
        machine.trail.clear();
        machine.eager_challenges = [0; 3];
    }
    step.out.after(world.scenario.rewards.era, Event::EraEnded);
    if world.search == Search::Eager {
        plan_challenges(world, step);
    }
}

/// Closes an era that the end of the run cuts short: money is settled, nobody is judged.
pub fn close_partial_era(world: &mut World, step: &mut Step<'_>) {
    settle_leases(world, step);
    if step.now > world.era_started_at {
        world.pay_gas(step.now);
        let evidence = world.collect_downtime(step.now);
        close_books(world, step, &evidence, None);
    }
    world.check_money();
    let era = world.chain.eras;
    world.seal_era(era);
}

/// Pays what has accrued on every lease, so that each era's income is its own.
fn settle_leases(world: &mut World, step: &mut Step<'_>) {
    let is_active = |handle: &Handle| {
        let lease = world.jobs.get(*handle).and_then(|job| job.work).map(|work| work.lease);
        let lease = lease.and_then(|lease| world.chain.leases.get(lease));
        lease.is_some_and(|lease| matches!(lease.state, LeaseState::Active { .. }))
    };
    let active: Vec<Handle> = world.jobs.iter().map(|(job, _)| job).filter(is_active).collect();
    for handle in active {
        let (work, _) = world.work_of(handle);
        let receipt = world.call(step.now, Call::SettleLease { lease: work.lease });
        let Receipt::LeaseSettled { settlement } = receipt else {
            unreachable!("a settlement answers with a payment");
        };
        let provider = world.machines[work.machine.index()].provider;
        world.note_income(handle, provider, &settlement);
        if settlement.unpaid > Usd::ZERO {
            end_unpaid(world, step, handle);
        }
    }
}

/// Writes the rows of the era and adds it to the reported sums.
fn close_books(
    world: &mut World,
    step: &mut Step<'_>,
    evidence: &[EraEvidence],
    receipt: Option<&EraReceipt>,
) {
    let is_reported = world.era_started_at >= world.report_start();
    let is_weighed = receipt.is_some() && !world.scenario.deciding_by().is_empty();
    let charged = world.providers.iter().map(|one| one.books.charged).fold(Usd::ZERO, Add::add);
    for (index, seen) in evidence.iter().enumerate() {
        let id = ProviderId(index as u32);
        let outcome = receipt.map_or(EraOutcome::default(), |receipt| receipt.outcomes[index]);
        let sums = world.close_provider(step.now, id, &outcome);
        world.providers[index].net += sums.net();
        world.note_past(id, sums.past());
        if is_weighed {
            world.note_outlook(id, &sums);
        }
        if !world.providers[index].is_possible() {
            observe::era(world, step, id, *seen, receipt.is_some(), &outcome, &sums);
        }
        if is_reported && receipt.is_some() {
            world.providers[index].totals.add(&sums);
        }
        world.providers[index].books = crate::state::Books::default();
        world.providers[index].downtime_gpu_ns = 0;
    }
    observe::operators(world, step, is_reported, receipt.is_some());
    observe::venues(world, step);
    observe::economy(world, step, is_reported, receipt, charged);
    observe::gas(world, step, is_reported, receipt.is_some());
    observe::flows(world, step, is_reported, receipt.is_some());
}

/// Every challenge as an event: the slow and obvious way, to check the other.
fn plan_challenges(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.machines.len() {
        let id = MachineId(index as u32);
        for number in 0..world.scenario.rewards.challenges {
            let at = world.draw_challenge(&world.machines[index], number);
            step.out.at(at, Event::Challenged(id));
        }
    }
}

/// A challenge reaches a machine; only the eager reference gets here.
pub fn on_challenged(world: &mut World, id: MachineId) {
    let machine = &mut world.machines[id.index()];
    count(&mut machine.eager_challenges, machine.causes);
}

impl World {
    /// Evaluates the era's challenges from the trail of each machine.
    fn collect_evidence(&mut self, now: SimTime) -> Vec<EraEvidence> {
        let mut evidence = self.collect_downtime(now);
        for (index, seen) in evidence.iter_mut().enumerate() {
            let id = ProviderId(index as u32);
            seen.uptime = self.compute_uptime(id);
            seen.cooling_gpu_ns = self.compute_cooling(now, id);
        }
        evidence
    }

    /// What open leases lost, and the uptime that stood before.
    fn collect_downtime(&mut self, now: SimTime) -> Vec<EraEvidence> {
        for machine in 0..self.machines.len() {
            self.carry_breaches(now, MachineId(machine as u32));
        }
        let registry = &self.chain.registry;
        let pairs = self.providers.iter().zip(registry);
        let evidence = pairs.map(|(provider, one)| EraEvidence {
            uptime: one.uptime_mean(&self.params),
            downtime_gpu_ns: provider.downtime_gpu_ns,
            cooling_gpu_ns: 0,
        });
        evidence.collect()
    }

    /// Share of challenges passed: GPU part and processor part by weight, machines by GPUs.
    fn compute_uptime(&self, id: ProviderId) -> Ppm {
        let weight = u64::from(self.scenario.rewards.gpu_weight.0);
        let (mut passed, mut all) = (0, 0);
        for machine in self.providers[id.index()].machine_ids() {
            let machine = &self.machines[machine.index()];
            let [seen, gpu, processor] = self.count_challenges(machine);
            let gpus = u64::from(machine.gpus.max(1));
            passed += gpus * (weight * u64::from(gpu) + (10_000 - weight) * u64::from(processor));
            all += gpus * 10_000 * u64::from(seen);
        }
        Ppm::ratio_rounded_down(passed, all)
    }

    /// Challenges of the era: sent, passed by the GPU, passed by the processor.
    fn count_challenges(&self, machine: &Machine) -> [u32; 3] {
        let mut counts = [0; 3];
        let mut causes = machine.causes_at_era;
        let mut trail = machine.trail.iter().peekable();
        for number in 0..self.scenario.rewards.challenges {
            let at = self.draw_challenge(machine, number);
            while let Some((_, next)) = trail.next_if(|(changed_at, _)| *changed_at <= at) {
                causes = *next;
            }
            count(&mut counts, causes);
        }
        if self.search == Search::Eager {
            assert_eq!(counts, machine.eager_challenges, "lazy and eager challenges differ");
        }
        counts
    }

    /// The moment of a challenge: evenly somewhere in its slot of the era.
    fn draw_challenge(&self, machine: &Machine, number: u32) -> SimTime {
        let slots = u64::from(self.scenario.rewards.challenges.max(1));
        let slot = self.scenario.rewards.era.nanos() / slots;
        let ordinal = u64::from(self.chain.eras) * slots + u64::from(number);
        let lot = self.draws.at(purpose::CHALLENGE, machine.key, ordinal).below(slot.max(1));
        self.era_started_at + Span::from_nanos(slot * u64::from(number) + lot)
    }

    /// The provider's sums of the era: time, money, electricity, wear.
    fn close_provider(&mut self, now: SimTime, id: ProviderId, outcome: &EraOutcome) -> Totals {
        let time = self.read_meter(now, id);
        let provider = &self.providers[id.index()];
        let card = &self.scenario.cards[usize::from(provider.card.0)];
        let wear_per_year = self.scenario.costs.wear_per_year;
        let [loss, interest] = self.capital_cost(id, now, time.installed);
        let upkeep = self.scenario.investment.upkeep;
        let value = |tokens: Spon| tokens.value_rounded_down(self.chain.price);
        Totals {
            time,
            income: provider.books.income,
            reward: value(outcome.reward),
            slash: value(provider.books.own_slash(outcome)),
            electricity: self.electricity_rounded_up(provider, &time),
            wear: compute_wear_rounded_up(time.paid, card.price, wear_per_year),
            gas: provider.books.gas,
            upkeep: compute_upkeep_rounded_up(time.installed, upkeep),
            capital: loss + interest,
            interest,
        }
    }

    /// Holds the books against themselves, and against the auditor's.
    fn check_money(&mut self) {
        check_books(&self.chain);
        if let Some(audit) = &mut self.audit {
            audit.compare(&self.chain);
        }
    }

    /// Adds the outcome of an era to the digest.
    fn note_era(&mut self, now: SimTime, evidence: &[EraEvidence], receipt: &EraReceipt) {
        let mut bytes = now.nanos().to_le_bytes().to_vec();
        for (seen, outcome) in evidence.iter().zip(&receipt.outcomes) {
            bytes.extend_from_slice(&seen.uptime.0.to_le_bytes());
            bytes.extend_from_slice(&seen.downtime_gpu_ns.to_le_bytes());
            bytes.extend_from_slice(&seen.cooling_gpu_ns.to_le_bytes());
            bytes.extend_from_slice(&outcome.points_micro.to_le_bytes());
            bytes.extend_from_slice(&outcome.reward.base().to_le_bytes());
            bytes.extend_from_slice(&outcome.slash.base().to_le_bytes());
        }
        self.digest.receipt(&bytes);
    }

    /// Seals the era with a hash of the state that matters: all balances, every provider's
    /// standing, every machine's causes, what is open.
    fn seal_era(&mut self, era: u32) {
        let mut hasher = StateHasher::new();
        for asset in Asset::ALL {
            for (party, number, balance) in self.chain.ledger.holdings(asset) {
                hasher.u64((party as u64) << 32 | number as u64);
                hasher.i128(balance);
            }
        }
        for one in &self.chain.registry {
            hasher.u64(u64::from(one.uptime_mean(&self.params).0));
            hasher.u64(u64::from(one.trust.map_or(0, |tier| tier.number())));
            hasher.u64(one.reputation.good_milli);
            hasher.u64(one.reputation.bad_milli);
        }
        for machine in &self.machines {
            hasher.u64(u64::from(machine.causes.0) << 32 | u64::from(machine.gpus_free));
        }
        hasher.u64(self.chain.orders.len() as u64);
        hasher.u64(self.chain.leases.len() as u64);
        self.digest.seal_era(era, &hasher.finish());
    }
}

fn count(counts: &mut [u32; 3], causes: Causes) {
    counts[0] += 1;
    counts[1] += u32::from(causes.is_up());
    counts[2] += u32::from(causes.is_answering());
}
