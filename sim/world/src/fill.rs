//! The leases in progress at the start: pools begin filled to their load, not empty.
//!
//! Jobs found in progress are the long ones (length-biased), and what is left of each is evenly
//! somewhere between nothing and all of it.

use crate::behaviour::chain::{LeaseTerms, OrderTerms, reserve};
use crate::behaviour::job::run_on;
use crate::purpose;
use crate::state::{Job, Work};
use crate::world::{Step, World};
use engine::draws::Draw;
use protocol::Call;
use units::{ClassId, EntityKey, PoolId, ProviderId, SimTime, Span, TenantId};

/// Providers tried for a job before it is left out.
const TRIES: u64 = 256;

/// Fills every pool to its load.
pub fn fill_pools(world: &mut World, step: &mut Step<'_>) {
    for pool in 0..world.pools.len() {
        let pool = PoolId(pool as u16);
        if world.tenants.is_empty() || world.pools[pool.index()].founders == 0 {
            continue;
        }
        let available = world.gpus_available(pool);
        for load in scenario::class_loads(&world.scenario, pool, available) {
            fill_class(world, step, load.class, load.gpus_in_progress);
        }
    }
}

/// Places jobs of a class until their GPUs reach `target`.
fn fill_class(world: &mut World, step: &mut Step<'_>, class: ClassId, target: f64) {
    let mut placed = 0.0;
    let key = EntityKey::group(&world.scenario.classes[class.index()].name);
    for ordinal in 0.. {
        let mut draw = world.draws.at(purpose::FILL, key, ordinal);
        let tenant = TenantId(draw.below(world.tenants.len() as u64) as u32);
        let job = world.draw_job_in_progress(tenant, class, key.child(ordinal));
        placed += f64::from(job.gpus.0);
        // The last job is placed when more than half of it still fits.
        if placed - f64::from(job.gpus.0) / 2.0 >= target {
            return;
        }
        if let Some(provider) = find_provider(world, &job, &mut draw) {
            place(world, step, job, provider);
        }
    }
}

/// A provider with room for the job, tried in random order; none when luck runs out.
fn find_provider(world: &World, job: &Job, draw: &mut Draw) -> Option<ProviderId> {
    let class = world.class_of(job);
    let pool = &world.pools[class.pool.index()];
    let fits = |id: &ProviderId| {
        let candidate = &world.candidates[id.index()];
        job.cards.contains(candidate.card)
            && world.is_affordable(job, candidate)
            && candidate.standing.uptime >= class.uptime_min
            && world.best_fitting_machine(SimTime::ZERO, *id, job.gpus).is_some()
    };
    (0..TRIES)
        .map(|_| ProviderId(pool.first_provider.0 + draw.below(u64::from(pool.founders)) as u32))
        .find(fits)
}

/// Opens, confirms and runs the lease through the chain, like any other.
fn place(world: &mut World, step: &mut Step<'_>, job: Job, provider: ProviderId) {
    let now = step.now;
    let (key, gpus) = (job.key, job.gpus);
    let (tenant, ceiling, promise) = (job.tenant, job.ceiling, job.promise());
    let duration = world.order_length(&job, Span::ZERO).max(job.term_left);
    let terms = OrderTerms { key, tenant, gpus, ceiling, duration, funded: None, promise };
    let Ok(order) = world.open_order(now, terms) else { return };
    let bid = world.candidates[provider.index()].bid;
    let price = world.price_of_promise_rounded_up(&job, bid);
    let (pace, agreed) = world.pace_of_lease(&job, provider, Span::ZERO);
    let lease = world.open_lease(now, order, LeaseTerms { provider, price, agreed });
    world.call(now, Call::ConfirmLease { order, lease });
    let machine =
        world.best_fitting_machine(now, provider, gpus).expect("the provider was just found");
    let pool = world.class_of(&job).pool;
    world.pools[pool.index()].jobs.arrived += 1;
    world.note_regular(job.tenant, pool);
    let handle = world.jobs.insert(job);
    reserve(world, step, handle, Work { pace, ..Work::new(lease, key, machine, price, now) });
    let paid = u64::from(gpus.0);
    world.change_usage(now, provider, |usage| usage.paid += paid);
    run_on(world, step, handle);
}

impl World {
    /// A job of `class` as one finds it at a random moment.
    fn draw_job_in_progress(&self, tenant: TenantId, class: ClassId, found: EntityKey) -> Job {
        let (mut job, size) = self.draw_found_job(tenant, class, found);
        let law = self.laws[class.index()].durations[size].length_biased();
        let mut draw = self.draws.at(purpose::RESIDUAL, job.key, 0);
        let total = Span::from_secs_f64_rounded(draw.sample(&law)).max(Span::from_nanos(1));
        let total = self.work_on(class, job.card, total);
        job.total = total;
        job.remaining = Span::from_nanos(draw.below(total.nanos()) + 1);
        let served = total.saturating_sub(job.remaining);
        job.term_left = job.term_left.saturating_sub(served);
        job
    }
}
