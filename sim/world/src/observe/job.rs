//! Jobs, as rows.

use crate::world::{Step, World};
use protocol::Handle;
use record::{JobEnd, JobRow, Row};
use units::{SimTime, Span};

/// Writes what became of a job.
pub fn job(world: &World, step: &mut Step<'_>, handle: Handle, end: JobEnd) {
    let job = world.job(handle);
    let running = job.work.and_then(|work| work.running_since);
    let came_at = job.came_at.unwrap_or(SimTime::ZERO);
    let row = JobRow {
        job_key: job.key,
        tenant: job.tenant,
        pool: world.class_of(job).pool,
        class: job.class,
        gpus: job.gpus,
        card: job.card,
        is_reported: job.came_at.is_some_and(|at| at >= world.report_start()),
        came_at_ns: came_at,
        nominal_ns: job.total,
        start_ns: job.started_at.map(|at| at.since(came_at)),
        ended_at_ns: step.now,
        worked_ns: job.worked + running.map_or(Span::ZERO, |since| step.now.since(since)),
        end,
    };
    step.observer.on_row(Row::Job(&row));
}
