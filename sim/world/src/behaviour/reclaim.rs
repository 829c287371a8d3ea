//! Leases that are taken back: with notice, where leases have one, and never within a term.
//!
//! An owner who wants a machine back whose leases are spot says so and waits until the notice is
//! over; nothing new opens on it meanwhile. One whose machine has a lease for a term does without
//! it this time. Planned maintenance is announced long before, and is notice as well.

use crate::behaviour::owner::apply_session;
use crate::event::Event;
use crate::state::{Cause, Notice, Session};
use crate::world::{Step, World};
use protocol::{Call, Handle, Promise, Receipt};
use units::{MachineId, Ppm, SimTime, Span};

/// An owner turns to something else: what it does at its machine from now on. A session that would
/// stop leases waits for their notice, and is not held at all on a machine that is promised away.
pub fn ask_back(
    world: &mut World,
    step: &mut Step<'_>,
    id: MachineId,
    session: Session,
) -> Session {
    lapse(world, step.now, id);
    let machine = &world.machines[id.index()];
    let is_at_work = machine.causes.is_up() && !machine.jobs.is_empty();
    if !session.stops || !is_at_work {
        return session;
    }
    let waiting = Session { taken: Ppm::ZERO, stops: false, ..session };
    if machine.jobs.iter().any(|job| world.is_promised(*job)) {
        return waiting;
    }
    let notice = world.scenario.contracts.notice;
    if notice.is_zero() {
        return session;
    }
    let due_at = step.now + notice;
    give_notice(world, step.now, id);
    let machine = &mut world.machines[id.index()];
    machine.notice = Some(Notice { session, due_at });
    let provider = machine.provider;
    world.refresh_capacity(step.now, provider);
    step.out.at(due_at, Event::MachineReclaimed(id));
    waiting
}

/// The session is over before its notice was: the leases stay.
fn lapse(world: &mut World, now: SimTime, id: MachineId) {
    let machine = &mut world.machines[id.index()];
    if machine.notice.take().is_none() {
        return;
    }
    let (provider, jobs) = (machine.provider, machine.jobs.clone());
    // What was announced of maintenance still holds.
    let is_planned = world.providers[provider.index()].maintenance_at.is_some();
    for job in jobs.into_iter().filter(|_| !is_planned) {
        if let Some(work) = &mut world.job_mut(job).work
            && !work.is_displaced
        {
            work.noticed_at = None;
        }
    }
    world.refresh_capacity(now, provider);
}

/// The notice is over: the owner has its machine back.
pub fn on_machine_reclaimed(world: &mut World, step: &mut Step<'_>, id: MachineId) {
    let machine = &mut world.machines[id.index()];
    // Another notice than the one that this event ends may run by now.
    if let Some(notice) = machine.notice.take_if(|notice| notice.due_at == step.now) {
        apply_session(world, step, id, notice.session);
    }
}

/// Tells the spot leases of a machine that they will be taken back, where leases have a notice.
pub fn give_notice(world: &mut World, now: SimTime, id: MachineId) {
    if !world.scenario.contracts.has_notice() {
        return;
    }
    for job in world.machines[id.index()].jobs.clone() {
        if world.is_promised(job) || world.work_of(job).0.is_displaced {
            continue;
        }
        let (work, _) = world.work_of(job);
        let receipt = world.call(now, Call::AnnounceReclaim { lease: work.lease });
        assert!(matches!(receipt, Receipt::ReclaimAnnounced { .. }), "a notice is answered");
        world.job_mut(job).work.as_mut().expect("it was found").noticed_at = Some(now);
    }
}

impl World {
    /// Whether a job's lease is for a term.
    fn is_promised(&self, job: Handle) -> bool {
        let (work, _) = self.work_of(job);
        let lease = self.chain.leases.get(work.lease).expect("a job's lease is in force");
        matches!(lease.promise, Promise::Term(_))
    }

    /// Whether a job's machine, which just went down, was taken back, with notice that is over.
    pub fn is_taken_back(&self, now: SimTime, job: Handle) -> bool {
        let (work, _) = self.work_of(job);
        let lease = self.chain.leases.get(work.lease).expect("a job's lease is in force");
        let is_over = work.noticed_at.is_some() && lease.reclaim_at.is_some_and(|at| at <= now);
        is_over && self.is_wanted_back(job)
    }

    /// Whether somebody has a use of its own for a job's machine, or another order goes first.
    pub fn is_wanted_back(&self, job: Handle) -> bool {
        let (work, _) = self.work_of(job);
        let machine = &self.machines[work.machine.index()];
        work.is_displaced || machine.session.stops || machine.causes.has(Cause::Maintenance)
    }

    /// The time of its last stretch that a tenant could not save any more, though it knew that its
    /// machine would be taken; none where it did not know in time.
    pub fn unsaved_at_notice(&self, now: SimTime, job: Handle) -> Option<Span> {
        if !self.is_wanted_back(job) {
            return None;
        }
        let (work, _) = self.work_of(job);
        let contracts = &self.scenario.contracts;
        contracts.saves_within(now.since(work.noticed_at?))
    }
}
