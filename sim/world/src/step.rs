//! The one match: every event to its handler.

use crate::behaviour::{
    chain, committee, displace, era, fault, hour, job, line, maintenance, misconduct, misuse,
    operator, owner, provider, reclaim, tenant,
};
use crate::event::{Event, JobStage};
use crate::state::Cause;
use crate::world::{Step, World};
use units::PoolId;

/// Lets one event happen.
pub fn happen(world: &mut World, step: &mut Step<'_>, event: Event) {
    match event {
        Event::MachineFaulted(id) => fault::on_fault(world, step, id, Cause::Fault),
        Event::MachineRepaired(id) => fault::on_repaired(world, step, id, Cause::Fault),
        Event::GpuFaulted(id) => fault::on_fault(world, step, id, Cause::Gpu),
        Event::GpuRepaired(id) => fault::on_repaired(world, step, id, Cause::Gpu),
        Event::DailyOff(id) => fault::on_daily_off(world, step, id),
        Event::DailyOn(id) => fault::on_daily_on(world, step, id),
        Event::OwnerSwitched(id) => owner::on_owner_switched(world, step, id),
        Event::JobDisplaced(job) => displace::on_job_displaced(world, step, job),
        Event::MachineReclaimed(id) => reclaim::on_machine_reclaimed(world, step, id),
        Event::MaintenanceAnnounced(id) => {
            maintenance::on_maintenance_announced(world, step, id);
        }
        Event::MaintenanceStarted(id) => maintenance::on_maintenance_started(world, step, id),
        Event::MaintenanceEnded(id) => maintenance::on_maintenance_ended(world, step, id),
        Event::RegionOutageStarted(region) => fault::on_outage_started(world, step, region),
        Event::RegionOutageEnded(region) => fault::on_outage_ended(world, step, region),
        Event::EraEnded => era::on_era_ended(world, step),
        Event::ProviderJoined(id) => provider::on_provider_joined(world, step, id),
        Event::HourStarted => hour::on_hour_started(world, step),
        Event::JobArrived { stream, ordinal } => {
            tenant::on_job_arrived(world, step, stream, ordinal);
        }
        Event::JobReplayed { pool, job, copy } => {
            tenant::on_job_replayed(world, step, PoolId(pool), job, copy);
        }
        Event::Challenged(id) => era::on_challenged(world, id),
        Event::OrderIncluded(at) => current(world, step, at, chain::on_order_included),
        Event::RoundClosed(at) => current(world, step, at, operator::on_round_closed),
        Event::QuorumMissed(at) => current(world, step, at, operator::on_quorum_missed),
        Event::DeviationProven(evidence) => committee::on_deviation_proven(world, step, evidence),
        Event::AppealUpheld(appeal) => misconduct::on_appeal_upheld(world, step, appeal),
        Event::JailEnded(id) => world.refresh_capacity(step.now, id),
        Event::MatchRecorded(at) => current(world, step, at, chain::on_match_recorded),
        Event::LeaseConfirmed(at) => current(world, step, at, chain::on_lease_confirmed),
        Event::ReadyExpired(at) => current(world, step, at, chain::on_ready_expired),
        Event::LeaseExpired(at) => current(world, step, at, job::on_lease_expired),
        Event::GraceExpired(at) => current(world, step, at, job::on_grace_expired),
        Event::EscrowChecked(at) => current(world, step, at, job::on_escrow_checked),
        Event::ForbiddenFound(at) => current(world, step, at, job::on_forbidden_found),
        Event::VerdictGiven(at) => current(world, step, at, job::on_verdict_given),
        Event::SpamOrdered(id) => misuse::on_spam_ordered(world, step, id),
        Event::TenantReturned(id) => misuse::on_tenant_returned(world, step, id),
        Event::PatienceEnded(at) => current(world, step, at, line::on_patience_ended),
        Event::OrderRetried(at) => current(world, step, at, tenant::on_order_retried),
        Event::WorkStarted(at) => current(world, step, at, job::on_work_started),
    }
    line::serve_lines(world, step);
}

/// Calls the handler unless the job has moved on since the event was planned.
fn current(
    world: &mut World,
    step: &mut Step<'_>,
    at: JobStage,
    handler: fn(&mut World, &mut Step<'_>, JobStage),
) {
    if world.jobs.get(at.job).is_some_and(|job| job.stage == at.stage) {
        handler(world, step, at);
    }
}
