//! Hours of pools.

use super::{choice, micros};
use crate::world::{Step, World};
use record::{Row, SeriesRow};

/// Writes the hour that ends, pool by pool.
pub fn series(world: &mut World, step: &mut Step<'_>) {
    let (at, now) = (world.hour_started_at, step.now);
    let is_reported = at >= world.report_start();
    let running = choice::count_running(world);
    for (index, pool) in world.pools.iter_mut().enumerate() {
        let time = pool.meter.read(now);
        pool.paid_gpu_us = micros(time.paid);
        let counts = std::mem::take(&mut pool.counts);
        let row = SeriesRow {
            at_ns: at,
            is_reported,
            pool: units::PoolId(index as u16),
            length_ns: now.since(at),
            installed_gpu_us: micros(time.installed),
            available_gpu_us: micros(time.available),
            reserved_gpu_us: micros(time.reserved),
            paid_gpu_us: micros(time.paid),
            busy_gpu_us: micros(time.busy),
            slowed_gpu_us: micros(time.slowed),
            owner_gpu_us: micros(time.owner),
            orders: counts.orders,
            matched: counts.matched,
            unmatched: counts.unmatched,
            jobs_waiting: pool.waiting,
            jobs_running: running[index],
            jobs_arrived: pool.jobs.arrived,
            jobs_done: pool.jobs.done,
            jobs_given_up: pool.jobs.given_up,
            jobs_elsewhere: pool.jobs.elsewhere,
            demand_ppm: pool.demand_ppm,
        };
        step.observer.on_row(Row::Series(&row));
    }
}
