//! Tenants: what they need, how they order, retry and give up.

use crate::behaviour::arrivals::plan_followers;
use crate::behaviour::choice::{comes_here, is_wanted, send_elsewhere};
use crate::behaviour::line::leave_line;
use crate::behaviour::misuse::end_spam;
use crate::event::{Event, JobStage};
use crate::observe;
use crate::purpose;
use crate::state::{Attempt, Job, Stream};
use crate::world::{Step, World};
use engine::distribution::{Exponential, LogNormal};
use engine::draws::Draw;
use protocol::{Handle, Payer};
use rand::distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;
use record::{JobEnd, OrderOutcome, UnmatchedReason};
use scenario::{DemandCurve, ReplayJob};
use units::{CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, PoolId, SimTime, Span, TenantId};

/// A tenant needs GPUs.
pub fn on_job_arrived(world: &mut World, step: &mut Step<'_>, index: u16, ordinal: u64) {
    let stream = world.streams[usize::from(index)];
    let tenant = world.draw_tenant(&stream, ordinal);
    let job = world.draw_job(tenant, stream.class, stream.key.child(ordinal));
    plan_followers(world, step, index, ordinal);
    begin_job(world, step, stream.pool, job);
}

/// A tenant needs what a job of a pool's file needed. Any tenant: files do not say where theirs
/// are.
pub fn on_job_replayed(world: &mut World, step: &mut Step<'_>, pool: PoolId, job: u32, copy: u16) {
    let replay = world.pool(pool).replay.as_ref().expect("only a file's jobs are replayed");
    let job = replay.jobs[job as usize];
    let key = world.pools[pool.index()].key.child(u64::from(job.line)).child(u64::from(copy));
    let all = u64::from(world.scenario.tenants.count);
    let lot = world.draws.at(purpose::TENANT, key, 0).below(all);
    let tenant = world.known_as(TenantId(lot as u32));
    let job = world.draw_replayed(tenant, pool, key, &job);
    begin_job(world, step, pool, job);
}

/// A job comes, unless it is not wanted at the price or its tenant takes it elsewhere.
fn begin_job(world: &mut World, step: &mut Step<'_>, pool: PoolId, mut job: Job) {
    if !is_wanted(world, &job) {
        return;
    }
    job.came_in = Some(world.chain.eras);
    world.pools[pool.index()].jobs.arrived += 1;
    if !comes_here(world, step.now, &job) {
        world.pools[pool.index()].jobs.elsewhere += 1;
        return;
    }
    (job.came_at, job.waiting_since) = (Some(step.now), step.now);
    job.gives_up_at = world.draw_end_of_patience(step.now, &job);
    world.pools[pool.index()].waiting += 1;
    let handle = world.jobs.insert(job);
    place_order(world, step, handle);
}

/// A tenant orders again.
pub fn on_order_retried(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    place_order(world, step, at.job);
}

/// Sends an order for what is left of a job.
pub fn place_order(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let beside = world.scenario.ordering.boot_max + world.pull_at_most(world.job(handle));
    let job = world.job(handle);
    let length = world.order_length(job, beside).max(job.term_left);
    let job = world.job_mut(handle);
    assert!(job.attempt.is_none(), "a job has one order at a time");
    assert!(job.work.is_none(), "a job has one lease at a time");
    job.advance();
    let key = job.key.child(u64::from(job.orders));
    job.orders += 1;
    job.attempt = Some(Attempt::new(key, length, step.now));
    let (at, tenant, class) = (job.stage_of(handle), job.tenant, job.class);
    let is_meant = !job.is_spam;
    let pool = world.scenario.classes[class.index()].pool;
    world.pools[pool.index()].counts.orders += u64::from(is_meant);
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
    leave_line(world, step.now, handle);
    if world.job(handle).is_spam {
        return end_spam(world, step, handle, why);
    }
    observe::order(world, step, handle, OrderOutcome::Unmatched, why);
    let can_retry = world.can_retry(world.job(handle), step.now, why);
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
        give_up(world, step, handle, pool);
    }
}

/// Nobody waits any longer: the job is given up, or goes elsewhere.
fn give_up(world: &mut World, step: &mut Step<'_>, handle: Handle, pool: PoolId) {
    world.note_wait(step.now, handle);
    world.note_failure(step.now, handle, false);
    let goes_elsewhere = world.falls_back(world.job(handle));
    if goes_elsewhere {
        send_elsewhere(world, step.now, handle);
    }
    let pool = &mut world.pools[pool.index()];
    pool.waiting -= 1;
    pool.jobs.given_up += u64::from(!goes_elsewhere);
    pool.jobs.elsewhere += u64::from(goes_elsewhere);
    let end = if goes_elsewhere { JobEnd::Elsewhere } else { JobEnd::GivenUp };
    observe::job(world, step, handle, end);
    world.jobs.remove(handle);
}

/// A job lost its place: its tenant orders the remainder after `delay`.
pub fn order_remainder(world: &mut World, step: &mut Step<'_>, handle: Handle, delay: Span) {
    let gives_up_at = world.draw_end_of_patience(step.now, world.job(handle));
    let job = world.job_mut(handle);
    (job.waiting_since, job.gives_up_at) = (step.now, gives_up_at);
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

/// What a job needs.
struct Need {
    gpus: GpuCount,
    duration: Span,
    card: CardId,
    ceiling: GpuHourPrice,
}

impl World {
    fn draw_tenant(&self, stream: &Stream, ordinal: u64) -> TenantId {
        let tenants = &self.tenants_in[stream.region.index()];
        let lot = self.draws.at(purpose::TENANT, stream.key, ordinal).below(tenants.len() as u64);
        tenants[lot as usize]
    }

    /// When the tenant of a job that is without a place from `now` on gives it up.
    fn draw_end_of_patience(&self, now: SimTime, job: &Job) -> SimTime {
        let mut patience = self.scenario.ordering.patience;
        if self.scenario.waiting.is_patience_exponential {
            let law = Exponential::new(patience.as_secs_f64());
            let mut draw = self.draws.at(purpose::PATIENCE, job.key, u64::from(job.orders));
            patience = Span::from_secs_f64_rounded(draw.sample(&law));
        }
        now + patience
    }

    /// A new job of `class`. Its key is made of the tenant's and the arrival's, not of how many
    /// jobs the tenant has had: then demand for one pool moves no draw of another's.
    pub fn draw_job(&self, tenant: TenantId, class: ClassId, arrival: EntityKey) -> Job {
        let laws = &self.laws[class.index()];
        self.draw_job_of(tenant, class, arrival, [&laws.sizes, &laws.cards]).0
    }

    /// A job that is found at work, whose length is still to be drawn, and the place of its size.
    pub fn draw_found_job(
        &self,
        tenant: TenantId,
        class: ClassId,
        found: EntityKey,
    ) -> (Job, usize) {
        let laws = &self.laws[class.index()];
        self.draw_job_of(tenant, class, found, [&laws.sizes_found, &laws.cards_found])
    }

    /// A new job whose size and card are drawn from these. The size comes first, because the
    /// length may depend on it (data.md 5.2).
    fn draw_job_of(
        &self,
        tenant: TenantId,
        class: ClassId,
        arrival: EntityKey,
        [sizes, cards]: [&WeightedAliasIndex<f64>; 2],
    ) -> (Job, usize) {
        let key = self.tenants[tenant.index()].key.child(arrival.0);
        let laws = &self.laws[class.index()];
        let draw = |purpose| self.draws.at(purpose, key, 0);
        let size = sizes.sample(&mut draw(purpose::SIZE));
        let card = CardId(cards.sample(&mut draw(purpose::CARD_ASKED)) as u16);
        let need = Need {
            gpus: self.scenario.classes[class.index()].sizes[size].0,
            duration: laws.draw_duration(size, &mut draw(purpose::DURATION)),
            card,
            ceiling: self.draw_ceiling(class, card, &mut draw(purpose::CEILING)),
        };
        (self.new_job(key, tenant, class, need), size)
    }

    /// A job of a file: what the file leaves open is drawn as for any other.
    fn draw_replayed(&self, who: TenantId, pool: PoolId, at: EntityKey, row: &ReplayJob) -> Job {
        let key = self.tenants[who.index()].key.child(at.0);
        let own = (0u16..).map(ClassId).zip(&self.scenario.classes);
        let mut own = own.filter(|(_, class)| class.pool == pool);
        let (class, _) = own.nth(usize::from(row.class)).expect("validation found the class");
        let draw = |purpose| self.draws.at(purpose, key, 0);
        let cards = &self.laws[class.index()].cards;
        let drawn = || CardId(cards.sample(&mut draw(purpose::CARD_ASKED)) as u16);
        let card = row.card.unwrap_or_else(drawn);
        let ceiling = || self.draw_ceiling(class, card, &mut draw(purpose::CEILING));
        let ceiling = row.ceiling.unwrap_or_else(ceiling);
        let need = Need { gpus: row.gpus, duration: row.duration, card, ceiling };
        self.new_job(key, who, class, need)
    }

    fn new_job(&self, key: EntityKey, tenant: TenantId, class: ClassId, need: Need) -> Job {
        let Need { gpus, duration, card, ceiling } = need;
        let total = self.work_on(class, card, duration);
        let declared = &self.scenario.classes[class.index()];
        let latency_bound = declared.latency_bound.map(|(low, high)| {
            let width = high.saturating_sub(low).nanos() + 1;
            let lot = self.draws.at(purpose::LATENCY_BOUND, key, 0).below(width);
            low + Span::from_nanos(lot)
        });
        let mut job = Job {
            key,
            tenant,
            class,
            is_spam: false,
            gpus,
            card,
            cards: self.scenario.cards_at_least(card),
            ceiling,
            latency_bound,
            total,
            remaining: total,
            came_at: None,
            started_at: None,
            worked: Span::ZERO,
            term_left: Span::ZERO,
            orders: 0,
            came_in: None,
            waiting_since: SimTime::ZERO,
            gives_up_at: SimTime::ZERO,
            stage: 0,
            attempt: None,
            work: None,
        };
        job.term_left = self.draw_term(&job);
        job
    }

    /// The book price of the card asked for, times a multiple: an even lot between the two ends, or
    /// what the class's demand curve says of reservation prices.
    fn draw_ceiling(&self, class: ClassId, card: CardId, draw: &mut Draw) -> GpuHourPrice {
        let ordering = &self.scenario.ordering;
        let width = ordering.ceiling_max - ordering.ceiling_min;
        let multiple = match self.scenario.classes[class.index()].demand_curve {
            Some(DemandCurve::Reservation { median, sigma }) => {
                draw.sample(&LogNormal::new(median, sigma))
            }
            _ => ordering.ceiling_min + width * draw.unit(),
        };
        let book = self.book_price(card).nanos();
        GpuHourPrice::from_nanos((book as f64 * multiple + 0.5) as u64)
    }
}
