//! Where jobs went, and what was wanted, as rows.

use crate::world::{Step, World};
use record::{DemandRow, Row, VenueRow};
use scenario::VenueKind;
use units::ClassId;

/// Writes where jobs went since the era before.
pub fn venues(world: &mut World, step: &mut Step<'_>) {
    let Some(books) = &mut world.choice else { return };
    let sent = std::mem::take(&mut books.sent);
    let list = &world.scenario.venue_list;
    for ((came_in, class, venue, reason), sent) in sent {
        let other = venue.index().checked_sub(1).map(|place| &list[place]);
        let row = VenueRow {
            era: came_in.unwrap_or_default(),
            is_reported: world.is_era_reported(came_in),
            pool: world.scenario.classes[class.index()].pool,
            class,
            venue,
            is_cloud: other.is_some_and(|other| other.kind == VenueKind::Cloud),
            reason,
            jobs: sent.jobs,
            gpu_s: sent.gpu_s,
            spend_nano_usd: sent.spend,
            stayed: sent.stayed,
            surplus_nano_usd: sent.surplus,
        };
        step.observer.on_row(Row::Venue(&row));
    }
}

/// Jobs with a lease that is confirmed, by pool, counted one by one.
pub fn count_running(world: &World) -> Vec<u64> {
    let mut running = vec![0; world.pools.len()];
    for (_, job) in world.jobs.iter() {
        let is_confirmed = job.attempt.as_ref().is_none_or(|one| one.confirmed_at.is_some());
        let pool = world.class_of(job).pool;
        running[pool.index()] += u64::from(job.work.is_some() && is_confirmed);
    }
    running
}

/// Writes what was wanted in the hour that ends, class by class.
pub fn demand(world: &mut World, step: &mut Step<'_>) {
    let (at_ns, report_start) = (world.hour_started_at, world.report_start());
    let Some(books) = &mut world.choice else { return };
    let classes = (0..).map(ClassId).zip(&world.scenario.classes);
    for (class, declared) in classes {
        let Some(curve) = declared.demand_curve else { continue };
        let pool = declared.pool;
        let [jobs_possible, jobs_wanted] = std::mem::take(&mut books.wanted[class.index()]);
        let row = DemandRow {
            at_ns,
            is_reported: at_ns >= report_start,
            pool,
            class,
            price_ppm: books.measured[pool.index()].price_ppm,
            jobs_possible,
            jobs_wanted,
            at_most_ppm: (curve.at_most() * 1e6 + 0.5) as u64,
        };
        step.observer.on_row(Row::Demand(&row));
    }
}
