//! The census: jobs are counted anew, to see that none is lost.

use crate::state::{Census, Job, Presence, Present, Work};
use crate::world::World;
use protocol::{Lease, LeaseState};
use units::{SimTime, Span};

impl World {
    /// Where all jobs are, those who are there counted one by one.
    pub fn take_census(&self) -> Census {
        let mut census = Census {
            classes: vec![Present::default(); self.scenario.classes.len()],
            pools: self.pools.iter().map(|pool| (pool.jobs, Present::default())).collect(),
        };
        for (_, job) in self.jobs.iter().filter(|(_, job)| !job.is_spam) {
            let pool = self.class_of(job).pool.index();
            for present in [&mut census.classes[job.class.index()], &mut census.pools[pool].1] {
                if self.is_served(job) {
                    present.serving += 1;
                } else {
                    present.waiting += 1;
                }
            }
        }
        census
    }

    /// Holds the census against what came and left, and against what pools say of their waiting.
    ///
    /// # Panics
    /// When a job is lost, or counted twice.
    pub fn check_census(&self) {
        let census = self.take_census();
        assert!(census.is_complete(), "C3: jobs are lost: {census:?}");
        for (pool, (_, present)) in self.pools.iter().zip(&census.pools) {
            assert_eq!(pool.waiting, present.waiting, "C3: jobs that wait");
        }
    }

    /// How many jobs wait though a machine with room would take them: none, wherever orders stand
    /// in line and nothing takes time (economics.md 2.3, C10).
    pub fn count_wrongly_waiting(&self, now: SimTime) -> u64 {
        let waiting = self.jobs.iter().map(|(_, job)| job).filter(|job| !self.is_served(job));
        waiting.filter(|job| job.work.is_none() && self.has_machine(now, job)).count() as u64
    }

    /// Whether some provider of the pool would serve a job, asked of the machines themselves.
    fn has_machine(&self, now: SimTime, job: &Job) -> bool {
        let class = self.class_of(job);
        self.everybody(job).iter().any(|candidate| {
            job.cards.contains(candidate.card)
                && self.is_affordable(job, candidate)
                && candidate.standing.uptime >= class.uptime_min
                && self.best_fitting_machine(now, candidate.provider, job.gpus).is_some()
        })
    }

    /// How many jobs are served by whom they should not be: none, ever (economics.md 2.3, C2).
    pub fn count_wrongly_served(&self, now: SimTime) -> u64 {
        let is_wrong = |job: &&Job| {
            let Some(work) = job.work else { return false };
            let lease = self.chain.leases.get(work.lease).expect("a job's lease is in force");
            !self.is_rightly_served(now, job, &work, lease)
        };
        self.jobs.iter().map(|(_, job)| job).filter(is_wrong).count() as u64
    }

    fn is_rightly_served(&self, now: SimTime, job: &Job, work: &Work, lease: &Lease) -> bool {
        let machine = &self.machines[work.machine.index()];
        let provider = &self.providers[lease.provider.index()];
        let is_asked_for = machine.provider == lease.provider
            && provider.pool == self.class_of(job).pool
            && job.cards.contains(provider.card);
        let may_serve = self.chain.registry[lease.provider.index()].may_serve(now);
        let is_up = machine.causes.is_up();
        is_asked_for
            && may_stand(now, (lease.state, lease.billed), provider.presence, is_up, may_serve)
    }

    fn is_served(&self, job: &Job) -> bool {
        let lease = job.work.and_then(|work| self.chain.leases.get(work.lease));
        lease.is_some_and(|lease| lease.state != LeaseState::Reserved)
    }
}

/// Whether a lease may stand as it does: its provider is there, its machine is up while it is
/// charged, and nobody begins to serve in jail or in maintenance. Who served before may go on.
fn may_stand(
    now: SimTime,
    lease: (LeaseState, Span),
    presence: Presence,
    is_up: bool,
    may_serve: bool,
) -> bool {
    let (is_charged, begins) = match lease {
        (LeaseState::Active { since }, billed) => (true, since == now && billed.is_zero()),
        (LeaseState::Reserved | LeaseState::Paused, _) => (false, false),
        (LeaseState::Disputed, _) => return true, // It is over, and waits for a verdict.
    };
    let is_there = matches!(presence, Presence::Here | Presence::Leaving(_));
    is_there && (is_up || !is_charged) && (may_serve || !begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c2_notices_each_way_to_be_served_wrongly() {
        let [before, now] = [1, 2].map(SimTime::from_nanos);
        let begun = (LeaseState::Active { since: now }, Span::ZERO);
        let running = (LeaseState::Active { since: before }, Span::ZERO);
        let paused = (LeaseState::Paused, Span::SECOND);
        let stands =
            |lease, presence, is_up, may_serve| may_stand(now, lease, presence, is_up, may_serve);
        assert!(stands(begun, Presence::Here, true, true));
        assert!(!stands(begun, Presence::Here, true, false), "begun in jail");
        assert!(stands(running, Presence::Here, true, false), "begun before it");
        assert!(!stands(running, Presence::Here, false, true), "charged while down");
        assert!(stands(paused, Presence::Here, false, true), "paused while down");
        assert!(!stands(running, Presence::Left, true, true), "by nobody");
        let disputed = (LeaseState::Disputed, Span::SECOND);
        assert!(stands(disputed, Presence::Left, false, false), "over before its provider left");
    }
}
