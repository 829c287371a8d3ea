//! The hour: demand is drawn, the last hour's books close.

use crate::behaviour::arrivals::plan_arrivals;
use crate::behaviour::choice;
use crate::behaviour::outside::{ONE, move_drivers};
use crate::event::Event;
use crate::observe;
use crate::purpose;
use crate::world::{Step, World};
use engine::distribution::Normal;
use scenario::Moved;
use units::{PoolId, SimTime, Span};

/// An hour begins.
pub fn on_hour_started(world: &mut World, step: &mut Step<'_>) {
    if step.now > world.hour_started_at {
        observe::series(world, step);
        observe::demand(world, step);
    }
    world.hour_started_at = step.now;
    move_drivers(world, step);
    choice::on_hour(world, step.now);
    world.forget_misses(step.now);
    world.stir_all();
    for pool in 0..world.pools.len() {
        draw_demand(world, step.now, PoolId(pool as u16));
    }
    plan_arrivals(world, step);
    step.out.after(Span::HOUR, Event::HourStarted);
}

/// Moves the pool's demand multiplier on by an hour: a log-normal of mean 1 whose logarithm
/// follows a first-order autoregression (data.md 5.1), times what moves the demand of all pools.
fn draw_demand(world: &mut World, now: SimTime, id: PoolId) {
    let (sigma, correlation) = (world.pool(id).demand_sigma, world.pool(id).demand_correlation);
    let key = world.pools[id.index()].key;
    let outside = world.factor(Moved::Demand) as f64 / ONE as f64;
    let hour = now.nanos() / Span::HOUR.nanos();
    let shock = world.draws.at(purpose::DEMAND, key, hour).sample(&Normal::new(0.0, 1.0));
    let pool = &mut world.pools[id.index()];
    pool.demand_state = if hour == 0 {
        shock
    } else {
        correlation * pool.demand_state + (1.0 - correlation * correlation).sqrt() * shock
    };
    let multiplier = libm::exp(sigma * pool.demand_state - sigma * sigma / 2.0);
    // Rounded before it meets the rate, so that tables show exactly what was used.
    pool.demand_ppm = (multiplier * outside * 1e6 + 0.5) as u64;
}
