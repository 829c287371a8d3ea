//! One run: a world and its clockwork.

use crate::behaviour::{delegation, era, fault, misuse};
use crate::event::Event;
use crate::fill;
use crate::observe;
use crate::setup;
use crate::state::{Census, Presence};
use crate::step::happen;
use crate::world::{Search, Step, World};
use engine::digest::DigestReport;
use engine::outbox::Outbox;
use engine::run_loop::{Clockwork, Progress};
use protocol::{Audit, Call, Finding, Handle, LeaseState, check_books};
use record::{JobEnd, LeaseEnd, Observer, OrderOutcome, UnmatchedReason};
use scenario::Scenario;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use units::{ProviderId, SimTime, Usd};

/// How a run is carried out. Nothing here changes its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How bids and challenges are evaluated.
    pub search: Search,
    /// Whether the books are counted anew after every event, not only at the end of every era.
    pub audit_every_event: bool,
    /// Whether the second set of books is left out, which is kept from receipts.
    pub is_unaudited: bool,
}

/// What a run comes to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What happened, as one number, with its seals.
    pub digest: DigestReport,
    /// Events that happened.
    pub events: u64,
    /// Events at the same time and rank as the one before.
    pub ties: u64,
    /// How far the run went.
    pub ended_at: SimTime,
    /// Whether it was stopped before its end.
    pub is_partial: bool,
    /// Receipts that the auditor read.
    pub audited: u64,
    /// What it found: nothing, unless money went a way that no receipt tells of.
    pub findings: Vec<Finding>,
}

/// One run in progress.
pub struct Simulation {
    world: World,
    clockwork: Clockwork<Event>,
    options: Options,
    end: SimTime,
    seed: u64,
    /// The event at hand, for who reports that a check failed.
    at: Option<(SimTime, Event)>,
}

impl Simulation {
    /// A run of `scenario` under `seed`, ready to start.
    pub fn new(scenario: &Scenario, seed: u64, options: Options) -> Simulation {
        let mut world = setup::build(scenario, seed, options.search);
        world.audit = (!options.is_unaudited).then(|| Audit::open(&world.chain));
        let mut clockwork = Clockwork::new();
        let mut out = Outbox::new(SimTime::ZERO);
        let mut step = Step { now: SimTime::ZERO, out: &mut out, observer: &mut () };
        start(&mut world, &mut step);
        for (time, event) in out.events() {
            clockwork.schedule(*time, *event);
        }
        let end = SimTime::ZERO + scenario.clock.total();
        Simulation { world, clockwork, options, end, seed, at: None }
    }

    /// Lets up to `events_max` events happen; true once the end is reached.
    ///
    /// # Panics
    /// When a check fails, with the seed and the event that repeat it.
    pub fn advance(&mut self, events_max: u64, observer: &mut dyn Observer) -> bool {
        let Simulation { world, clockwork, options, end, seed, at } = self;
        let audit = options.audit_every_event;
        let advance = || {
            clockwork.advance(*end, events_max, |now, event, out| {
                *at = Some((now, event));
                let mut step = Step { now, out, observer };
                happen(world, &mut step, event);
                if audit || cfg!(debug_assertions) {
                    world.chain.ledger.check_totals();
                }
                if audit {
                    check_books(&world.chain);
                }
            })
        };
        let progress = catch_unwind(AssertUnwindSafe(advance));
        progress.unwrap_or_else(|cause| fail(*seed, *at, &*cause)) == Progress::Reached
    }

    /// How far the run is.
    pub fn now(&self) -> SimTime {
        self.clockwork.now()
    }

    /// When it ends.
    pub fn end(&self) -> SimTime {
        self.end
    }

    /// Which machines are up, in the order of their identifiers.
    pub fn machines_up(&self) -> impl Iterator<Item = bool> {
        self.world.machines.iter().map(|machine| machine.causes.is_up())
    }

    /// How much is open at once: jobs that are not done and events to come.
    pub fn open(&self) -> u64 {
        self.world.jobs.len() as u64 + self.clockwork.queue().len()
    }

    /// Where all jobs are: who came, who is there, who left.
    pub fn census(&self) -> Census {
        self.world.check_census();
        self.world.take_census()
    }

    /// How many jobs wait for want of a match, not of a machine: some provider with room would
    /// serve them.
    pub fn wrongly_waiting(&self) -> u64 {
        self.world.count_wrongly_waiting(self.now())
    }

    /// How many jobs are served where they should not be: by a machine that is down, a provider
    /// that has left or may not serve, in another pool or on another card than they asked for.
    pub fn wrongly_served(&self) -> u64 {
        self.world.count_wrongly_served(self.now())
    }

    /// Closes the books at the present moment, be it the end or not, and writes the last rows.
    ///
    /// # Panics
    /// When a check fails, with the seed that repeats it.
    pub fn finish(mut self, observer: &mut dyn Observer) -> Outcome {
        let now = self.now();
        let mut out = Outbox::new(now);
        let mut step = Step { now, out: &mut out, observer };
        let close = || close(&mut self.world, &mut step);
        let closed = catch_unwind(AssertUnwindSafe(close));
        closed.unwrap_or_else(|cause| fail(self.seed, self.at, &*cause));
        let audit = self.world.audit;
        Outcome {
            digest: self.world.digest.finish(),
            events: self.clockwork.popped(),
            ties: self.clockwork.queue().ties(),
            ended_at: now,
            is_partial: now < self.end,
            audited: audit.as_ref().map_or(0, Audit::receipts),
            findings: audit.map_or(Vec::new(), |audit| audit.findings().to_vec()),
        }
    }
}

/// Says of a check that failed which run and event repeat it.
fn fail(seed: u64, at: Option<(SimTime, Event)>, cause: &(dyn Any + Send)) -> ! {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
    match at {
        Some((now, event)) => panic!("seed {seed}, {event:?} at {now:?}: {text}"),
        None => panic!("seed {seed}, before the first event: {text}"),
    }
}

/// Everything that stands before the first event.
fn start(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.providers.len() {
        let id = ProviderId(index as u32);
        if world.providers[index].presence != Presence::Here {
            if let Presence::Expected(_) = world.providers[index].presence {
                step.out.at(world.providers[index].joined_at, Event::ProviderJoined(id));
            }
            continue;
        }
        let amount = world.draw_stake(id);
        world.call(step.now, Call::PostStake { provider: id, amount });
        world.refresh_standing(step.now, id);
    }
    fault::plan_first_faults(world, step);
    for index in 0..world.providers.len() {
        world.refresh_capacity(step.now, ProviderId(index as u32));
    }
    delegation::start_delegation(world, step);
    fill::fill_pools(world, step);
    era::begin_era(world, step);
    misuse::plan_first_spam(world, step);
    step.out.at(step.now, Event::HourStarted);
    world.open_gas(step.now);
}

/// Everything that stands after the last event.
fn close(world: &mut World, step: &mut Step<'_>) {
    if step.now > world.hour_started_at {
        observe::series(world, step);
        observe::demand(world, step);
    }
    era::close_partial_era(world, step);
    let open: Vec<Handle> = world.jobs.iter().map(|(handle, _)| handle).collect();
    for handle in open {
        let job = world.job(handle);
        if !job.is_spam && !misuse::is_over(world, job) {
            observe::job(world, step, handle, JobEnd::Open);
        }
        close_job(world, step, handle);
    }
    observe::tenants(world, step);
    // Who would have joined later is no provider of this run: it neither waits nor earns nothing.
    for index in 0..world.providers.len() {
        let joined_at = world.providers[index].joined_at;
        if joined_at == SimTime::ZERO || joined_at < step.now {
            observe::provider(world, step, ProviderId(index as u32));
        }
    }
}

/// An order on its way is open, a lease in force is censored.
fn close_job(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    if world.job(handle).attempt.is_some() {
        observe::order(world, step, handle, OrderOutcome::Open, UnmatchedReason::None);
    }
    if let Some(work) = world.job(handle).work {
        let lease = *world.chain.leases.get(work.lease).expect("a job's lease is in force");
        if lease.state == LeaseState::Reserved {
            return; // Its order is open; there is no lease in force yet.
        }
        observe::lease(world, step, handle, &lease, LeaseEnd::Censored, Usd::ZERO);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "seed 7, HourStarted at SimTime(5): T3, USD: a debt")]
    fn a_check_that_fails_names_the_run_and_the_event() {
        let at = Some((SimTime::from_nanos(5), Event::HourStarted));
        fail(7, at, &"T3, USD: a debt".to_string());
    }
}
