//! Tenants: what they need, how they order, retry and give up.

use crate::event::{Event, JobStage};
use crate::observe;
use crate::purpose;
use crate::state::{Attempt, Job, Stream};
use crate::world::{Step, World};
use engine::draws::Draw;
use protocol::{Handle, Payer};
use rand::distr::Distribution;
use record::{OrderOutcome, UnmatchedReason};
use units::{ClassId, EntityKey, GpuHourPrice, Span, TenantId};

/// A tenant needs GPUs.
pub fn on_job_arrived(world: &mut World, step: &mut Step<'_>, stream: u16, ordinal: u64) {
    let stream = world.streams[usize::from(stream)];
    let tenant = world.draw_tenant(&stream, ordinal);
    let mut job = world.draw_job(tenant, stream.class, stream.key.child(ordinal));
    job.waiting_since = step.now;
    world.pools[stream.pool.index()].waiting += 1;
    let handle = world.jobs.insert(job);
    place_order(world, step, handle);
}

/// A tenant orders again.
pub fn on_order_retried(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    place_order(world, step, at.job);
}

/// Sends an order for what is left of a job.
pub fn place_order(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let boot_max = world.scenario.ordering.boot_max;
    let job = world.job_mut(handle);
    assert!(job.attempt.is_none(), "a job has one order at a time");
    assert!(job.work.is_none(), "a job has one lease at a time");
    job.advance();
    let key = job.key.child(u64::from(job.orders));
    job.orders += 1;
    job.attempt = Some(Attempt::new(key, job.remaining + boot_max, step.now));
    let (at, tenant, class) = (job.stage_of(handle), job.tenant, job.class);
    let pool = world.scenario.classes[class.index()].pool;
    world.pools[pool.index()].counts.orders += 1;
    if world.is_gas_too_dear(step.now, handle) {
        world.attempt_mut(handle).closed_at = Some(step.now);
        return on_order_failed(world, step, handle, UnmatchedReason::Gas);
    }
    let region = world.tenants[tenant.index()].region;
    let way = world.topology.one_way(region, world.scenario.chain.sequencer);
    let mut draw = world.draws.at(purpose::SUBMISSION, key, 0);
    let arrived_at = step.now + world.draw_delay(way, &mut draw);
    let included_at = world.included_at(step.now, arrived_at, Payer::Tenant(tenant));
    step.out.at(included_at, Event::OrderIncluded(at));
}

/// An order found nobody: the tenant waits and tries again, or gives the job up.
pub fn on_order_failed(
    world: &mut World,
    step: &mut Step<'_>,
    handle: Handle,
    why: UnmatchedReason,
) {
    observe::order(world, step, handle, OrderOutcome::Unmatched, why);
    let can_retry = world.can_retry(world.job(handle), step.now);
    let retry_every = world.scenario.ordering.retry_every;
    let job = world.job_mut(handle);
    job.attempt = None;
    job.advance();
    let (at, pool) = (job.stage_of(handle), job.class);
    let pool = world.scenario.classes[pool.index()].pool;
    world.pools[pool.index()].counts.unmatched += 1;
    if can_retry {
        step.out.after(retry_every, Event::OrderRetried(at));
    } else {
        world.pools[pool.index()].waiting -= 1;
        world.jobs.remove(handle);
    }
}

/// A job lost its place: its tenant orders the remainder after `delay`.
pub fn order_remainder(world: &mut World, step: &mut Step<'_>, handle: Handle, delay: Span) {
    let job = world.job_mut(handle);
    job.waiting_since = step.now;
    job.advance();
    let (at, class) = (job.stage_of(handle), job.class);
    let pool = world.scenario.classes[class.index()].pool;
    world.pools[pool.index()].waiting += 1;
    if delay.is_zero() {
        place_order(world, step, handle);
    } else {
        step.out.after(delay, Event::OrderRetried(at));
    }
}

impl World {
    fn draw_tenant(&self, stream: &Stream, ordinal: u64) -> TenantId {
        let tenants = &self.tenants_in[stream.region.index()];
        let lot = self.draws.at(purpose::TENANT, stream.key, ordinal).below(tenants.len() as u64);
        tenants[lot as usize]
    }

    /// A new job of `class`. Its key is made of the tenant's and the arrival's, not of how many
    /// jobs the tenant has had: then demand for one pool moves no draw of another's.
    pub fn draw_job(&self, tenant: TenantId, class: ClassId, arrival: EntityKey) -> Job {
        let key = self.tenants[tenant.index()].key.child(arrival.0);
        let declared = &self.scenario.classes[class.index()];
        let laws = &self.laws[class.index()];
        let draw = |purpose| self.draws.at(purpose, key, 0);
        let gpus = declared.sizes[laws.sizes.sample(&mut draw(purpose::SIZE))].0;
        let total = laws.draw_duration(&mut draw(purpose::DURATION));
        let card = laws.draw_card(&mut draw(purpose::CARD_ASKED));
        let ceiling = self.draw_ceiling(card, &mut draw(purpose::CEILING));
        let latency_bound = declared.latency_bound.map(|(low, high)| {
            let width = high.saturating_sub(low).nanos() + 1;
            low + Span::from_nanos(draw(purpose::LATENCY_BOUND).below(width))
        });
        Job {
            key,
            tenant,
            class,
            gpus,
            card,
            cards: self.scenario.cards_at_least(card),
            ceiling,
            latency_bound,
            total,
            remaining: total,
            orders: 0,
            waiting_since: units::SimTime::ZERO,
            stage: 0,
            attempt: None,
            work: None,
        }
    }

    /// The book price of the card asked for, times an even lot between the two multiples.
    fn draw_ceiling(&self, card: units::CardId, draw: &mut Draw) -> GpuHourPrice {
        let ordering = &self.scenario.ordering;
        let width = ordering.ceiling_max - ordering.ceiling_min;
        let multiple = ordering.ceiling_min + width * draw.unit();
        let book = self.book_price(card).nanos();
        GpuHourPrice::from_nanos((book as f64 * multiple + 0.5) as u64)
    }
}
