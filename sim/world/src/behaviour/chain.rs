//! The path of an order through the chain: included, matched, confirmed, or void.

use crate::behaviour::line::{call_for_bids, has_line, leave_line, must_wait, stand_in_line};
use crate::behaviour::misuse::{note_refusal, plan_escrow_check, withdraw};
use crate::behaviour::operator::{draw_next, fail_order, fail_with_nobody};
use crate::behaviour::stake::note_slash;
use crate::event::{Event, JobStage};
use crate::observe;
use crate::purpose;
use crate::state::{Attempt, Job, Work};
use crate::world::{Step, World};
use engine::distribution::LogNormal;
use protocol::{Call, Fault, Handle, Order, Payer, Promise, Receipt, Rejection};
use record::{LeaseEnd, UnmatchedReason};
use units::{EntityKey, GpuCount, GpuHourPrice, ProviderId, SimTime, Span, TenantId, Usd};

/// An order is in a block: the tenant brings what is missing and the deposit is locked.
pub fn on_order_included(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let job = world.job(at.job);
    let attempt = job.attempt.as_ref().expect("an order is on its way");
    let (key, tenant, gpus, ceiling) = (attempt.key, job.tenant, job.gpus, job.ceiling);
    let (duration, promise) = (attempt.duration, job.promise());
    let funded = world.funds_of(job);
    let terms = OrderTerms { key, tenant, gpus, ceiling, duration, funded, promise };
    let order = world.open_order(step.now, terms);
    let attempt = world.attempt_mut(at.job);
    attempt.order = order.ok();
    attempt.included_at = Some(step.now);
    if let Err(why) = order {
        if why == UnmatchedReason::Banned {
            note_refusal(world, step, at.job);
        }
        return fail_order(world, step, at.job, why);
    }
    if has_line(world, at.job) {
        return stand_in_line(world, step, at.job);
    }
    call_for_bids(world, step, at.job);
}

/// A signed match is in a block: the lease opens, unless the GPUs are gone by now.
pub fn on_match_recorded(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let job = world.job(at.job);
    let attempt = job.attempt.as_ref().expect("a match has an order");
    let Some(pick) = attempt.picks.get(attempt.draws as usize - 1).copied() else {
        return fail_with_nobody(world, step, at.job);
    };
    if must_wait(world, step.now, at.job, pick.provider) {
        return stand_in_line(world, step, at.job);
    }
    let Some(machine) = world.best_fitting_machine(step.now, pick.provider, job.gpus) else {
        world.count_miss(step.now, pick.provider);
        return draw_next(world, step, at.job);
    };
    let order = attempt.order.expect("a matched order is in a block");
    let order_key = attempt.key;
    let beside = world.scenario.ordering.boot_max + world.pull_at_most(job);
    let (pace, agreed) = world.pace_of_lease(job, pick.provider, beside);
    let price = world.price_of_promise_rounded_up(job, pick.price);
    let terms = LeaseTerms { provider: pick.provider, price, agreed };
    let lease = world.open_lease(step.now, order, terms);
    // A bid holds though the rents have moved since.
    let ask = world.ask_of(pick.provider).min(price);
    leave_line(world, step.now, at.job);
    let work = Work { pace, ..Work::new(lease, order_key, machine, ask, step.now) };
    reserve(world, step, at.job, work);
    world.attempt_mut(at.job).matched_at = Some(step.now);
    plan_confirmation(world, step, at.job, pick.provider);
}

/// The provider hears of its lease, prepares, and confirms within the time it has, which begins
/// when the match is as final as leases need it.
fn plan_confirmation(world: &mut World, step: &mut Step<'_>, handle: Handle, id: ProviderId) {
    let job = world.job(handle);
    let key = job.attempt.as_ref().expect("a match has an order").key;
    let at = job.stage_of(handle);
    if job.is_spam {
        // A provider waits for what it is to run, and for nothing.
        return step.out.at(world.ready_deadline(step.now), Event::ReadyExpired(at));
    }
    let mut draw = world.draws.at(purpose::CONFIRMATION, key, u64::from(job.stage));
    let way = world.one_way_to_sequencer(&world.candidates[id.index()]);
    let there = world.draw_delay(way, &mut draw);
    let delay = there + world.draw_thinking(&mut draw) + world.draw_delay(way, &mut draw);
    let final_at = world.scenario.chain.finality.reached_at(step.now);
    let block = world.included_at(step.now, final_at + delay, Payer::Provider(id));
    let deadline = world.ready_deadline(step.now);
    if block <= deadline {
        step.out.at(block, Event::LeaseConfirmed(at));
    } else {
        step.out.at(deadline, Event::ReadyExpired(at));
    }
}

/// The confirmation is in a block: charging begins, the tenant's image is pulled and booted.
pub fn on_lease_confirmed(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let (work, gpus) = world.work_of(at.job);
    let machine = &world.machines[work.machine.index()];
    if !machine.causes.is_up() {
        // It went down before it could confirm; the chain only sees silence.
        let deadline = world.ready_deadline(work.opened_at);
        return step.out.at(deadline.max(step.now), Event::ReadyExpired(at));
    }
    let provider = machine.provider;
    let attempt = world.attempt_mut(at.job);
    let order = attempt.order.take().expect("a matched order is in a block");
    attempt.confirmed_at = Some(step.now);
    world.call(step.now, Call::ConfirmLease { order, lease: work.lease });
    world.change_usage(step.now, provider, |usage| usage.paid += gpus);
    world.count_win(step.now, provider);
    let pool = world.pool_of(at.job);
    world.note_wait(step.now, at.job);
    world.pools[pool.index()].waiting -= 1;
    world.pools[pool.index()].counts.matched += 1;
    plan_start(world, step, at.job, provider);
    plan_escrow_check(world, step, at.job);
}

/// The tenant sends its manifest; the image is pulled and booted.
pub fn plan_start(world: &mut World, step: &mut Step<'_>, handle: Handle, id: ProviderId) {
    let job = world.job(handle);
    let at = job.stage_of(handle);
    let ordering = &world.scenario.ordering;
    let mut draw = world.draws.at(purpose::BOOT, job.key, u64::from(job.stage));
    let width = ordering.boot_max.saturating_sub(ordering.boot_min).nanos();
    let boot = ordering.boot_min + Span::from_nanos(draw.below(width + 1));
    let host = world.providers[id.index()].host_class;
    let bandwidth = world.scenario.host_classes[host.index()].bandwidth_bits_per_s;
    let pull = compute_pull_rounded_up(world.draw_image_bytes(job), bandwidth);
    let tenant = world.tenants[job.tenant.index()].region;
    let round_trip = world.round_trip(tenant, &world.candidates[id.index()]);
    let manifest = world.draw_delay(Span::from_nanos(round_trip.nanos() / 2), &mut draw);
    step.out.after(manifest + pull + boot, Event::WorkStarted(at));
}

/// How long an image of so many bytes takes.
fn compute_pull_rounded_up(bytes: u64, bits_per_s: u64) -> Span {
    let nanos = u128::from(bytes) * 8 * u128::from(Span::SECOND.nanos());
    Span::from_nanos(u64::try_from(nanos.div_ceil(u128::from(bits_per_s))).unwrap_or(u64::MAX))
}

/// The provider stayed silent: the lease is void and the next of the same bids is drawn.
pub fn on_ready_expired(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    if world.job(at.job).is_spam {
        return withdraw(world, step, at.job);
    }
    let (work, _) = world.work_of(at.job);
    let provider = world.machines[work.machine.index()].provider;
    let order = world.attempt_mut(at.job).order.expect("a matched order is in a block");
    let lease = *world.chain.leases.get(work.lease).expect("a job's lease is in force");
    observe::lease(world, step, at.job, &lease, LeaseEnd::NoShow, Usd::ZERO);
    let receipt = world.call(step.now, Call::VoidLease { order, lease: work.lease });
    let Receipt::LeaseVoided { slashed } = receipt else {
        unreachable!("a void lease answers with what it cost");
    };
    release(world, step, at.job);
    world.job_mut(at.job).work = None;
    world.count_miss(step.now, provider);
    note_slash(world, step, provider, Fault::NoShow, slashed.taken, false);
    world.refresh_standing(step.now, provider);
    draw_next(world, step, at.job);
}

/// Takes the job's GPUs on the machine of `work`.
pub fn reserve(world: &mut World, step: &mut Step<'_>, handle: Handle, work: Work) {
    let job = world.job_mut(handle);
    job.work = Some(work);
    job.advance();
    let gpus = job.gpus();
    let machine = &mut world.machines[work.machine.index()];
    assert!(u64::from(machine.gpus_free) >= gpus, "a lease opens on GPUs that are free");
    machine.gpus_free -= gpus as u32;
    machine.jobs.push(handle);
    let provider = machine.provider;
    world.change_usage(step.now, provider, |usage| usage.reserved += gpus);
    world.count_lease(provider, true);
    world.refresh_capacity(step.now, provider);
}

/// Gives the job's GPUs back. Whether they were paid for has been noted before.
pub fn release(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, gpus) = world.work_of(handle);
    let machine = &mut world.machines[work.machine.index()];
    machine.gpus_free += gpus as u32;
    assert!(machine.gpus_free <= machine.gpus, "no GPU is given back twice");
    machine.jobs.retain(|job| *job != handle);
    let provider = machine.provider;
    world.change_usage(step.now, provider, |usage| usage.reserved -= gpus);
    world.count_lease(provider, false);
    world.refresh_capacity(step.now, provider);
}

/// What an order asks of the chain.
#[derive(Clone, Copy, Debug)]
pub struct OrderTerms {
    /// Its key.
    pub key: EntityKey,
    /// Who asks.
    pub tenant: TenantId,
    /// GPUs asked for.
    pub gpus: GpuCount,
    /// Highest price accepted.
    pub ceiling: GpuHourPrice,
    /// Agreed length of the lease.
    pub duration: Span,
    /// How much of it is paid for; none for all of it.
    pub funded: Option<Span>,
    /// What the lease gives beside GPUs.
    pub promise: Promise,
}

/// What a match comes to.
#[derive(Clone, Copy, Debug)]
pub struct LeaseTerms {
    /// Who serves.
    pub provider: ProviderId,
    /// What it bid for an hour.
    pub price: GpuHourPrice,
    /// The length agreed on, if its card needs less than the order says.
    pub agreed: Option<Span>,
}

impl World {
    /// The size of a job's image, the same on every machine; nothing where sizes do not count.
    fn draw_image_bytes(&self, job: &Job) -> u64 {
        let Some(image) = self.class_of(job).image else { return 0 };
        let law = LogNormal::new(image.median_bytes as f64, image.sigma);
        let bytes = self.draws.at(purpose::IMAGE, job.key, 0).sample(&law);
        ((bytes + 0.5) as u64).min(image.max_bytes)
    }

    /// The longest that a job's image can take where its pool's machines are: a tenant does not
    /// know yet who will serve.
    pub fn pull_at_most(&self, job: &Job) -> Span {
        let slowest = self.pools[self.class_of(job).pool.index()].bandwidth_min;
        compute_pull_rounded_up(self.draw_image_bytes(job), slowest)
    }

    /// Opens an order; the tenant brings what its wallet lacks for the deposit.
    ///
    /// # Errors
    /// Why there is none: its tenant is banned, or what the rail asks for cannot be had.
    pub fn open_order(
        &mut self,
        now: SimTime,
        terms: OrderTerms,
    ) -> Result<Handle, UnmatchedReason> {
        let OrderTerms { key, tenant, gpus, ceiling, duration, funded, promise } = terms;
        let call = Call::OpenOrder { key, tenant, gpus, ceiling, duration, funded, promise };
        if self.chain.conduct[tenant.index()].is_banned {
            assert_eq!(self.ask(now, call), Err(Rejection::Banned), "nobody serves it any more");
            return Err(UnmatchedReason::Banned);
        }
        let paid_for = funded.map_or(duration, |funded| funded.min(duration));
        let deposit = Order::compute_deposit(ceiling, gpus, paid_for, &self.params);
        let surety = Order::compute_surety(ceiling, gpus, &self.params);
        if !self.fill_wallet(now, tenant, &[deposit, surety]) {
            return Err(UnmatchedReason::Payment);
        }
        match self.call(now, call) {
            Receipt::OrderOpened { order, .. } => Ok(order),
            other => unreachable!("an open order answers with its place, not {other:?}"),
        }
    }

    /// Opens the lease of an order with a provider at the price that it bid.
    pub fn open_lease(&mut self, now: SimTime, order: Handle, terms: LeaseTerms) -> Handle {
        let LeaseTerms { provider, price, agreed } = terms;
        let region = self.candidates[provider.index()].region;
        match self.call(now, Call::OpenLease { order, provider, region, price, agreed }) {
            Receipt::LeaseOpened { lease } => lease,
            other => unreachable!("an open lease answers with its place, not {other:?}"),
        }
    }

    /// Until when a provider may confirm a lease that opened at `opened_at`.
    fn ready_deadline(&self, opened_at: SimTime) -> SimTime {
        let final_at = self.scenario.chain.finality.reached_at(opened_at);
        final_at + self.scenario.ordering.ready_timeout
    }

    /// The order on its way of a job.
    pub fn attempt_mut(&mut self, handle: Handle) -> &mut Attempt {
        self.job_mut(handle).attempt.as_mut().expect("the job has an order on its way")
    }

    /// The lease in force of a job, and its GPUs.
    pub fn work_of(&self, handle: Handle) -> (Work, u64) {
        let job = self.job(handle);
        (job.work.expect("the job has a lease"), job.gpus())
    }

    /// The pool of a job.
    pub fn pool_of(&self, handle: Handle) -> units::PoolId {
        self.class_of(self.job(handle)).pool
    }
}
