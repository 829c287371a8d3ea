//! The hour: demand is drawn, the last hour's books close.

use crate::behaviour::outside::{ONE, move_drivers};
use crate::event::Event;
use crate::observe;
use crate::purpose;
use crate::state::Stream;
use crate::world::{Step, World};
use engine::distribution::{Exponential, Normal};
use scenario::Moved;
use units::{PoolId, RegionId, SimTime, Span};

/// An hour begins.
pub fn on_hour_started(world: &mut World, step: &mut Step<'_>) {
    if step.now > world.hour_started_at {
        observe::series(world, step);
    }
    world.hour_started_at = step.now;
    move_drivers(world, step);
    world.forget_misses(step.now);
    for pool in 0..world.pools.len() {
        draw_demand(world, step.now, PoolId(pool as u16));
    }
    for index in 0..world.streams.len() {
        draw_arrivals(world, step, index as u16);
    }
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

/// Draws a stream's arrivals in the hour that begins: a Poisson process at the hour's rate.
fn draw_arrivals(world: &mut World, step: &mut Step<'_>, index: u16) {
    let stream = world.streams[usize::from(index)];
    let per_hour = world.rate_of(&stream, step.now);
    if per_hour <= 0.0 {
        return;
    }
    let law = Exponential::new(3600.0 / per_hour);
    let hour = step.now.nanos() / Span::HOUR.nanos();
    let mut at = 0.0;
    for number in 0..1 << ARRIVALS_BITS {
        let ordinal = hour << ARRIVALS_BITS | number;
        at += world.draws.at(purpose::ARRIVAL, stream.key, ordinal).sample(&law);
        if at >= 3600.0 {
            return;
        }
        let delay = Span::from_secs_f64_rounded(at);
        step.out.after(delay, Event::JobArrived { stream: index, ordinal });
    }
    panic!("validation bounds demand below {} arrivals an hour", 1_u64 << ARRIVALS_BITS);
}

/// Bits of an arrival's ordinal that count within an hour.
const ARRIVALS_BITS: u32 = 32;

impl World {
    /// A stream's arrivals per hour at `now`: its rate times the multipliers of local hour,
    /// local weekday and demand.
    fn rate_of(&self, stream: &Stream, now: SimTime) -> f64 {
        let pool = self.pool(stream.pool);
        let (hour, weekday) = self.local_hour(stream.region, now);
        let demand = self.pools[stream.pool.index()].demand_ppm as f64 / 1e6;
        stream.per_hour * pool.hours[hour] * pool.weekdays[weekday] * demand
    }

    /// Hour of the day and day of the week in a region.
    fn local_hour(&self, region: RegionId, now: SimTime) -> (usize, usize) {
        let minutes = (now.nanos() / (60 * Span::SECOND.nanos())) as i64;
        let start = i64::from(self.scenario.clock.start_weekday) * 1440;
        let offset = i64::from(self.scenario.regions[region.index()].utc_offset_minutes);
        let local = (start + minutes + offset).rem_euclid(7 * 1440);
        ((local / 60 % 24) as usize, (local / 1440) as usize)
    }
}
