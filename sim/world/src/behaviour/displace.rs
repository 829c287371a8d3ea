//! Who goes first in line need not wait for who comes after it: a lease of theirs is taken back.
//!
//! An order that comes to its pool's line and finds no room displaces one spot lease of a class
//! that is served later, with the notice that leases have. What is left of the displaced work is
//! ordered anew and stands in line. Of several leases the one of the last class goes, and of these
//! the one that has served the shortest time.

use crate::behaviour::job::interrupt_job;
use crate::event::Event;
use crate::state::Job;
use crate::world::{Step, World};
use protocol::{Call, Handle, Lease, LeaseState, Promise, Receipt};
use std::cmp::Reverse;

/// Takes a lease back for an order that has just come to its line, if that gives it room.
pub fn displace(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let Some(other) = world.find_displaced(handle) else { return };
    let (work, _) = world.work_of(other);
    let receipt = world.call(step.now, Call::AnnounceReclaim { lease: work.lease });
    assert!(matches!(receipt, Receipt::ReclaimAnnounced { .. }), "a notice is answered");
    let work = world.job_mut(other).work.as_mut().expect("it was found by its lease");
    (work.noticed_at, work.is_displaced) = (Some(step.now), true);
    let notice = world.scenario.contracts.notice;
    if notice.is_zero() {
        interrupt_job(world, step, other);
    } else {
        step.out.after(notice, Event::JobDisplaced(other));
    }
}

/// The notice of a lease is over that another order displaces; unless the lease ended before, and
/// its job is served by another, or paused.
pub fn on_job_displaced(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let work = world.jobs.get(handle).and_then(|job| job.work);
    let is_ours = work.is_some_and(|work| work.is_displaced && work.running_since.is_some());
    if is_ours && world.is_taken_back(step.now, handle) {
        interrupt_job(world, step, handle);
    }
}

impl World {
    /// The lease that makes room for an order, if one does and nothing else has it.
    fn find_displaced(&self, handle: Handle) -> Option<Handle> {
        let order = self.job(handle);
        let waiting = &self.scenario.waiting;
        let rank = waiting.rank(order.class);
        if !waiting.displaces || rank as usize == waiting.first.len() || self.has_room(handle) {
            return None;
        }
        let can_go = |(other, job): (Handle, &Job)| {
            let work = job.work?;
            let lease = self.chain.leases.get(work.lease)?;
            let is_running = work.running_since.is_some() && work.noticed_at.is_none();
            let is_later = waiting.rank(job.class) > rank;
            let is_free = is_running && is_later && is_spot(lease);
            (is_free && self.makes_room(order, job))
                .then(|| ((waiting.rank(job.class), work.opened_at, Reverse(job.key)), other))
        };
        self.jobs.iter().filter_map(can_go).max_by_key(|(order, _)| *order).map(|(_, job)| job)
    }

    /// Whether an order could be served where a job is, were that not there.
    fn makes_room(&self, order: &Job, job: &Job) -> bool {
        let machine = &self.machines[job.work.expect("it is served").machine.index()];
        let candidate = &self.candidates[machine.provider.index()];
        let class = self.class_of(order);
        class.pool == self.class_of(job).pool
            && machine.causes.is_up()
            && machine.gpus_free + job.gpus.0 >= order.gpus.0
            && order.cards.contains(candidate.card)
            && candidate.standing.uptime >= class.uptime_min
            && self.is_affordable(order, candidate)
    }
}

fn is_spot(lease: &Lease) -> bool {
    lease.promise == Promise::Spot && matches!(lease.state, LeaseState::Active { .. })
}
