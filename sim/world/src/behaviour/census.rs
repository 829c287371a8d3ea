//! The census: jobs are counted anew, to see that none is lost.

use crate::state::{Census, Job, Present};
use crate::world::World;
use protocol::LeaseState;
use units::SimTime;

impl World {
    /// Where all jobs are, those who are there counted one by one.
    pub fn take_census(&self) -> Census {
        let mut census = Census {
            classes: vec![Present::default(); self.scenario.classes.len()],
            pools: self.pools.iter().map(|pool| (pool.jobs, Present::default())).collect(),
        };
        for (_, job) in self.jobs.iter() {
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

    fn is_served(&self, job: &Job) -> bool {
        let lease = job.work.and_then(|work| self.chain.leases.get(work.lease));
        lease.is_some_and(|lease| lease.state != LeaseState::Reserved)
    }
}
