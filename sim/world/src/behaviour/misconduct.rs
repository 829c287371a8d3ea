//! What providers do wrong on purpose, who finds it, and who is accused for nothing.
//!
//! All of it is judged at the end of an era. Every lot has a purpose and a key of its own, so that
//! a higher rate of one adds to what happens at a lower one and moves nothing else.

use crate::behaviour::stake::note_slash;
use crate::event::Event;
use crate::purpose;
use crate::state::{Appeal, Offence};
use crate::world::{Step, World};
use protocol::{Call, Fault, Handle, Receipt, Taken};
use scenario::Misconduct;
use units::{EntityKey, Ppm, ProviderId, SimTime, Span, Spon, TenantId};

const YEAR: Span = Span::from_hours(365 * 24);

/// An accusation before the chain.
struct Accusation {
    provider: ProviderId,
    fault: Fault,
    happened_at: SimTime,
    victim: Option<TenantId>,
    evidence: EntityKey,
    is_false: bool,
}

/// What was done in the era that ends is done, found, or invented.
pub fn judge_misconduct(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.providers.len() {
        commit(world, ProviderId(index as u32));
    }
    accuse_innocent(world, step);
    find_offences(world, step);
}

/// Draws what a provider did wrong in the era.
fn commit(world: &mut World, id: ProviderId) {
    let provider = &world.providers[id.index()];
    let Some(misconduct) = world.pool(provider.pool).misconduct else { return };
    if world.chain.registry[id.index()].gpus.0 == 0 || !world.is_cheat(id) {
        return; // It is not there, or honest.
    }
    let (key, years) =
        (provider.key, world.scenario.rewards.era.as_secs_f64() / YEAR.as_secs_f64());
    for (place, (fault, rate)) in (0..).zip(Misconduct::FAULTS.into_iter().zip(misconduct.per_year))
    {
        let ordinal = u64::from(world.chain.eras) * Misconduct::FAULTS.len() as u64 + place;
        let chance = -libm::expm1(-rate * years);
        let is_open = |one: &Offence| one.provider == id && one.fault == fault;
        let lot = world.draws.at(purpose::MISCONDUCT, key, ordinal).unit();
        if lot < chance && !world.offences.iter().any(is_open) {
            let (since, victim) = (world.era_started_at, world.first_tenant(id));
            let key = EntityKey::group("offence").child(key.0).child(ordinal);
            world.offences.push(Offence { key, provider: id, fault, since, victim });
        }
    }
}

/// Challengers who are wrong, or collude, accuse providers who did nothing.
fn accuse_innocent(world: &mut World, step: &mut Step<'_>) {
    let challengers = world.scenario.challengers;
    let [wrong, colluding, framing] =
        [challengers.wrong, challengers.colluding, challengers.framing].map(Ppm::as_f64);
    let chance = wrong * (1.0 - colluding) + framing * colluding;
    if chance <= 0.0 {
        return;
    }
    let era = u64::from(world.chain.eras);
    for index in 0..world.providers.len() {
        let provider = ProviderId(index as u32);
        let is_guilty = world.offences.iter().any(|one| one.provider == provider);
        if is_guilty || world.chain.registry[index].gpus.0 == 0 {
            continue;
        }
        let key = world.providers[index].key;
        let mut draw = world.draws.at(purpose::ACCUSATION, key, era);
        if draw.unit() < chance {
            let fault = Misconduct::FAULTS[draw.below(Misconduct::FAULTS.len() as u64) as usize];
            let evidence = EntityKey::group("accusation").child(key.0).child(era);
            let (happened_at, victim, is_false) = (world.era_started_at, None, true);
            let accusation =
                Accusation { provider, fault, happened_at, victim, evidence, is_false };
            report(world, step, &accusation);
        }
    }
}

/// Honest challengers find some of what is open; what is too old to be proven is forgotten.
fn find_offences(world: &mut World, step: &mut Step<'_>) {
    let challengers = world.scenario.challengers;
    let honest = 1.0 - challengers.colluding.as_f64();
    let chance = challengers.detection.as_f64() * honest;
    let age_max = world.params.slashing.evidence_max_age;
    let era = u64::from(world.chain.eras);
    for offence in std::mem::take(&mut world.offences) {
        let Offence { key: evidence, provider, fault, since, victim } = offence;
        let happened_at = if offence.is_lasting() { world.era_started_at } else { since };
        if step.now.since(happened_at) > age_max {
            continue;
        }
        if world.draws.at(purpose::DETECTION, evidence, era).unit() < chance {
            let is_false = false;
            let accusation =
                Accusation { provider, fault, happened_at, victim, evidence, is_false };
            report(world, step, &accusation);
        } else {
            world.offences.push(offence);
        }
    }
}

fn report(world: &mut World, step: &mut Step<'_>, accusation: &Accusation) {
    let Accusation { provider, fault, happened_at, victim, evidence, is_false } = *accusation;
    let is_timely = step.now.since(happened_at) <= world.params.slashing.evidence_max_age;
    if !is_timely {
        return;
    }
    let call = Call::ReportFault { provider, fault, happened_at, victim, evidence };
    let Receipt::FaultProven { slashed } = world.call(step.now, call) else {
        unreachable!("a report answers with what was taken");
    };
    let taken = slashed.taken;
    note_slash(world, step, provider, fault, taken, is_false);
    world.refresh_standing(step.now, provider);
    if is_false && taken.total() > Spon::ZERO {
        plan_appeal(world, step, Appeal { evidence, provider });
    }
}

/// Who is accused for nothing appeals, where one can; some are heard.
fn plan_appeal(world: &mut World, step: &mut Step<'_>, appeal: Appeal) {
    let window = world.params.slashing.appeal;
    if window.is_zero() {
        return;
    }
    let mut draw = world.draws.at(purpose::APPEAL, appeal.evidence, 0);
    if draw.unit() < world.scenario.challengers.upheld.as_f64() {
        let delay = Span::from_nanos(draw.below(window.nanos()));
        step.out.after(delay, Event::AppealUpheld(world.appeals.insert(appeal)));
    }
}

/// An appeal was right: what was taken goes back, and the provider serves again.
pub fn on_appeal_upheld(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let Appeal { evidence, provider } = world.appeals.remove(handle).expect("it is heard once");
    let Receipt::SlashReturned { taken, .. } =
        world.call(step.now, Call::UpholdAppeal { evidence })
    else {
        unreachable!("an appeal answers with what went back");
    };
    let Taken { delegated, .. } = taken;
    let books = &mut world.providers[provider.index()].books;
    books.slashed = books.slashed - taken.total();
    books.slashed_delegated = books.slashed_delegated - delegated;
    world.refresh_standing(step.now, provider);
    world.refresh_capacity(step.now, provider);
}

impl World {
    /// The tenant of the first lease on a provider's machines, if there is one.
    fn first_tenant(&self, id: ProviderId) -> Option<TenantId> {
        let machines = self.providers[id.index()].machine_ids();
        let jobs = machines.flat_map(|machine| self.machines[machine.index()].jobs.first());
        jobs.map(|job| self.job(*job).tenant).next()
    }
}
