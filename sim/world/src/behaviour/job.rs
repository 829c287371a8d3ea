//! Work under a lease: it starts, is interrupted, resumes, ends.

use crate::behaviour::chain::{plan_start, release};
use crate::behaviour::misuse::{
    close_on_chain, dispute, disputes, draw_verdict, has_drained, is_released, note_lease,
    plan_discovery, plan_escrow_check,
};
use crate::behaviour::stake::note_slash;
use crate::behaviour::tenant::order_remainder;
use crate::event::{Event, JobStage};
use crate::observe;
use crate::state::{Breach, Cause};
use crate::world::{Step, World};
use protocol::{Call, Fault, Handle, LeaseState, Receipt, Settlement};
use record::{JobEnd, LeaseEnd, OrderOutcome, UnmatchedReason};
use scenario::{OnFailure, Progress};
use units::{Ppm, ProviderId, Span, Usd};

/// The image is there and booted: the order's path is complete.
pub fn on_work_started(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    if world.job(at.job).attempt.is_some() {
        observe::order(world, step, at.job, OrderOutcome::Started, UnmatchedReason::None);
    }
    let job = world.job_mut(at.job);
    job.attempt = None;
    run_on(world, step, at.job);
}

/// The work runs from now until it is done, the agreed time is used up, or it is interrupted.
pub fn run_on(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    run_from(world, step, handle, Span::ZERO);
}

/// The machine's owner turns to something else that lets the work go on: what is left to it may be
/// another share.
pub fn change_share(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, _) = world.work_of(handle);
    let share = world.machines[work.machine.index()].share_left();
    if work.running_since.is_some() && share != work.share {
        let done = halt(world, step, handle);
        run_from(world, step, handle, done);
    }
}

/// The work runs on what its machine's owner leaves it, after `done` of the card's time since it
/// last began.
fn run_from(world: &mut World, step: &mut Step<'_>, handle: Handle, done: Span) {
    let (work, gpus) = world.work_of(handle);
    let machine = &world.machines[work.machine.index()];
    let (provider, share) = (machine.provider, machine.share_left());
    let lease = world.chain.leases.get(work.lease).expect("a job's lease is in force");
    let agreed = lease.duration.saturating_sub(lease.active_span(step.now));
    let job = world.job_mut(handle);
    job.advance();
    job.started_at = job.started_at.or(Some(step.now));
    let (at, remaining) = (job.stage_of(handle), job.remaining);
    let work = job.work.as_mut().expect("work runs under a lease");
    (work.running_since, work.share, work.done) = (Some(step.now), share, done);
    let left = work.pace.time_rounded_up(remaining).saturating_sub(done);
    let ends_at = world.block_at(step.now + compute_time_rounded_up(left, share).min(agreed));
    world.change_usage(step.now, provider, |usage| {
        usage.busy += gpus * u64::from(share.0);
        usage.slowed += gpus * u64::from(Ppm::ONE.0 - share.0);
    });
    step.out.at(ends_at, Event::LeaseExpired(at));
    plan_escrow_check(world, step, handle);
    plan_discovery(world, step, handle, ends_at);
}

/// The work stops, if it runs; the time of its whole card that it had since it last began.
fn halt(world: &mut World, step: &mut Step<'_>, handle: Handle) -> Span {
    let job = world.job_mut(handle);
    let gpus = job.gpus();
    let work = job.work.as_mut().expect("work runs under a lease");
    let Some(since) = work.running_since.take() else { return Span::ZERO };
    job.worked += step.now.since(since);
    let (share, machine) = (work.share, work.machine);
    let done = work.done + compute_part_rounded_down(step.now.since(since), share);
    let provider = world.machines[machine.index()].provider;
    world.change_usage(step.now, provider, |usage| {
        usage.busy -= gpus * u64::from(share.0);
        usage.slowed -= gpus * u64::from(Ppm::ONE.0 - share.0);
    });
    done
}

/// The time of a whole card that a share of it comes to.
fn compute_part_rounded_down(time: Span, share: Ppm) -> Span {
    let nanos = u128::from(time.nanos()) * u128::from(share.0) / u128::from(Ppm::ONE.0);
    Span::from_nanos(u64::try_from(nanos).expect("no share is above the whole"))
}

/// The time in which a share of a card comes to a time of the whole.
fn compute_time_rounded_up(whole: Span, share: Ppm) -> Span {
    let nanos = (u128::from(whole.nanos()) * u128::from(Ppm::ONE.0)).div_ceil(u128::from(share.0));
    Span::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// What an owner's share left of a job is ordered anew from a minute on: orders for ever smaller
/// rests, each of them slowed again, would have no end.
const REMAINDER_MIN: Span = Span::from_secs(60);

/// The lease ends as agreed. Where failures undid work, the agreed time was too short for it, and
/// the tenant orders the rest.
pub fn on_lease_expired(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let time = halt(world, step, at.job);
    let job = world.job_mut(at.job);
    let work = job.work.as_ref().expect("work runs under a lease");
    let done = work.pace.work_rounded_down(time);
    let is_shared = work.share < Ppm::ONE;
    job.remaining = job.remaining.saturating_sub(done);
    if is_shared && job.remaining < REMAINDER_MIN {
        job.remaining = Span::ZERO;
    }
    end_as_agreed(world, step, at.job);
}

/// Closes a lease that did what was agreed; what is left of the job is ordered anew.
fn end_as_agreed(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let is_done = world.job(handle).remaining.is_zero();
    if is_done && disputes(world, handle) {
        observe::job(world, step, handle, JobEnd::Done);
        return dispute(world, step, handle);
    }
    let end =
        if world.ends_early(step.now, handle) { LeaseEnd::Terminated } else { LeaseEnd::Agreed };
    let is_misuse = close_lease(world, step, handle, end);
    if is_done {
        finish_job(world, step, handle);
    } else if is_misuse {
        stop_job(world, step, handle);
    } else {
        order_remainder(world, step, handle, Span::ZERO);
    }
}

/// All work of a job is done.
fn finish_job(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    observe::job(world, step, handle, JobEnd::Done);
    leave_as_done(world, handle);
}

/// A job leaves of which it has been said that its work is done.
fn leave_as_done(world: &mut World, handle: Handle) {
    let pool = world.pool_of(handle);
    world.pools[pool.index()].jobs.done += 1;
    world.jobs.remove(handle);
}

/// A job whose lease ended because of misuse is not ordered anew.
fn stop_job(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let pool = world.pool_of(handle);
    world.pools[pool.index()].jobs.given_up += 1;
    observe::job(world, step, handle, JobEnd::Misused);
    world.jobs.remove(handle);
}

/// A provider looks whether the escrow of a lease still pays, which was paid for in part.
pub fn on_escrow_checked(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    if has_drained(world, step.now, at.job) {
        end_unpaid(world, step, at.job);
    } else {
        plan_escrow_check(world, step, at.job);
    }
}

/// What a lease runs is forbidden: it ends at once.
pub fn on_forbidden_found(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    halt(world, step, at.job);
    close_lease(world, step, at.job, LeaseEnd::Forbidden);
    stop_job(world, step, at.job);
}

/// The verdict on a lease that is over: its provider is paid, or is not.
pub fn on_verdict_given(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let end = draw_verdict(world, at.job);
    close_lease(world, step, at.job, end);
    leave_as_done(world, at.job);
}

/// A machine went down under a job.
pub fn interrupt_job(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, _) = world.work_of(handle);
    let lease = world.chain.leases.get(work.lease).expect("a job's lease is in force");
    if lease.state == LeaseState::Reserved {
        return; // It will not be confirmed; see `on_lease_confirmed`.
    }
    stop_work(world, step, handle);
    let job = world.job(handle);
    if job.remaining.is_zero() {
        return end_as_agreed(world, step, handle); // It was done, and only waited for its block.
    }
    world.note_failure(step.now, handle, true);
    if world.is_taken_back(step.now, handle) {
        return end_reclaimed(world, step, handle);
    }
    match world.class_of(world.job(handle)).on_failure {
        OnFailure::Close => {
            let delay = world.scenario.ordering.retry_every;
            break_lease(world, step, handle, LeaseEnd::ProviderDown, delay);
        }
        OnFailure::Migrate => {
            break_lease(world, step, handle, LeaseEnd::Migrated, Span::ZERO);
        }
        OnFailure::PauseAndResume(grace) => pause_lease(world, step, handle, grace),
    }
}

/// A lease was taken back with notice; its tenant orders the rest as after a failure.
fn end_reclaimed(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let delay = match world.class_of(world.job(handle)).on_failure {
        OnFailure::Close => world.scenario.ordering.retry_every,
        OnFailure::Migrate | OnFailure::PauseAndResume(_) => Span::ZERO,
    };
    break_lease(world, step, handle, LeaseEnd::Reclaimed, delay);
}

/// A machine is back under a job: a paused lease goes on.
pub fn resume_job(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let (work, gpus) = world.work_of(handle);
    let Some(since) = work.paused_since else { return };
    world.call(step.now, Call::ResumeLease { lease: work.lease });
    let provider = world.machines[work.machine.index()].provider;
    world.change_usage(step.now, provider, |usage| usage.paid += gpus);
    let job = world.job_mut(handle);
    let work = job.work.as_mut().expect("the job has a lease");
    work.paused_since = None;
    work.paused += step.now.since(since);
    job.advance();
    if job.attempt.is_some() {
        plan_start(world, step, handle, provider);
    } else {
        run_on(world, step, handle);
    }
}

/// A paused lease's machine did not come back in time.
pub fn on_grace_expired(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    break_lease(world, step, at.job, LeaseEnd::GraceExpired, Span::ZERO);
}

/// Counts what the stretch that just ended brought and what the failure undid, and notes until
/// when the machine is in breach.
fn stop_work(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let progress = world.class_of(world.job(handle)).progress;
    let is_reported = step.now >= world.report_start();
    let (work, _) = world.work_of(handle);
    let is_owner = world.machines[work.machine.index()].session.stops;
    let is_taken_back = world.is_taken_back(step.now, handle);
    let unsaved = world.unsaved_at_notice(step.now, handle);
    let served = halt(world, step, handle);
    let job = world.job_mut(handle);
    let gpus = job.gpus.0;
    let work = job.work.as_mut().expect("the job has a lease");
    work.interruptions += u32::from(is_reported);
    work.preemptions += u32::from(is_reported && is_owner);
    let machine = work.machine;
    let left = work.pace.time_rounded_up(job.remaining);
    let served = served.min(left);
    let until = step.now + left.saturating_sub(served);
    let kept = compute_kept(progress, served, left, unsaved);
    work.lost += served.saturating_sub(kept);
    let done = work.pace.work_rounded_down(kept);
    let is_undone = progress == Progress::Restart && kept < left;
    job.remaining = if is_undone { job.total } else { job.remaining.saturating_sub(done) };
    let machine = &mut world.machines[machine.index()];
    // Downtime in maintenance costs no stake (protocol.md 3.1), nor does a lease that its provider
    // took back as it may.
    if !machine.causes.has(Cause::Maintenance) && !is_taken_back {
        machine.breaches.push(Breach { gpus, since: step.now, until });
    }
}

/// What survives a failure of the work served in one stretch. Work that is done survives always.
/// Who knew of it saved once more at the end, all but `unsaved`.
fn compute_kept(progress: Progress, served: Span, remaining: Span, unsaved: Option<Span>) -> Span {
    let at_the_end = unsaved.map_or(Span::ZERO, |unsaved| served.saturating_sub(unsaved));
    match progress {
        _ if served == remaining => served,
        Progress::Service => served,
        Progress::Checkpoint(interval) => served.floored_to(interval).max(at_the_end),
        Progress::Restart => Span::ZERO,
    }
}

fn pause_lease(world: &mut World, step: &mut Step<'_>, handle: Handle, grace: Span) {
    let (work, gpus) = world.work_of(handle);
    let receipt = world.call(step.now, Call::PauseLease { lease: work.lease });
    let Receipt::LeasePaused { settlement } = receipt else {
        unreachable!("a pause answers with a payment");
    };
    let provider = world.machines[work.machine.index()].provider;
    world.change_usage(step.now, provider, |usage| usage.paid -= gpus);
    world.note_income(handle, provider, &settlement);
    if settlement.unpaid > Usd::ZERO {
        return break_lease(world, step, handle, LeaseEnd::EscrowEmpty, Span::ZERO);
    }
    let job = world.job_mut(handle);
    job.work.as_mut().expect("the job has a lease").paused_since = Some(step.now);
    job.advance();
    let at = job.stage_of(handle);
    step.out.after(grace, Event::GraceExpired(at));
}

/// Escrow could not pay what was due: the lease closes at that settlement and nobody serves for
/// nothing (economics.md 2.1, L5). What was served counts; the tenant orders the rest.
pub fn end_unpaid(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let served = halt(world, step, handle);
    let job = world.job_mut(handle);
    let work = job.work.as_ref().expect("a settlement has a lease");
    job.remaining = job.remaining.saturating_sub(work.pace.work_rounded_down(served));
    if job.remaining.is_zero() {
        close_lease(world, step, handle, LeaseEnd::EscrowEmpty);
        finish_job(world, step, handle);
    } else {
        break_lease(world, step, handle, LeaseEnd::EscrowEmpty, Span::ZERO);
    }
}

/// Closes a lease that ends early; the tenant orders the remainder after `delay`.
fn break_lease(world: &mut World, step: &mut Step<'_>, handle: Handle, end: LeaseEnd, delay: Span) {
    if world.job(handle).attempt.is_some() {
        let outcome = OrderOutcome::LostBeforeStart;
        observe::order(world, step, handle, outcome, UnmatchedReason::None);
        world.job_mut(handle).attempt = None;
    }
    if close_lease(world, step, handle, end) {
        // It waits no more for anything.
        stop_job(world, step, handle);
    } else {
        order_remainder(world, step, handle, delay);
    }
}

/// Pays, sends the rest back, frees the GPUs, writes the rows. Whether the lease ended because its
/// tenant misused it.
fn close_lease(world: &mut World, step: &mut Step<'_>, handle: Handle, end: LeaseEnd) -> bool {
    let (work, gpus) = world.work_of(handle);
    let lease = *world.chain.leases.get(work.lease).expect("a job's lease is in force");
    let closed = close_on_chain(world, step.now, work.lease, end);
    if matches!(lease.state, LeaseState::Active { .. }) {
        world.change_usage(step.now, lease.provider, |usage| usage.paid -= gpus);
    }
    if let Some(settlement) = &closed.settlement {
        world.note_income(handle, lease.provider, settlement);
    }
    let job = world.job_mut(handle);
    job.work.as_mut().expect("the job has a lease").unpaid += closed.unearned;
    observe::lease(world, step, handle, &lease, closed.end, closed.refund);
    note_lease(world, step, handle, &lease, &closed);
    if !is_released(&lease) {
        release(world, step, handle);
    }
    let job = world.job_mut(handle);
    job.work = None;
    job.term_left = job.term_left.saturating_sub(lease.active_span(step.now));
    let taken = closed.slashed.taken;
    note_slash(world, step, lease.provider, Fault::AbandonedLease, taken, false);
    world.refresh_standing(step.now, lease.provider);
    closed.forfeit.is_some()
}

impl World {
    /// Enters a payment into the books of provider and lease.
    pub fn note_income(&mut self, handle: Handle, provider: ProviderId, settled: &Settlement) {
        let books = &mut self.providers[provider.index()].books;
        books.charged += settled.payment;
        books.income += settled.income;
        let work = self.job_mut(handle).work.as_mut().expect("a payment has a lease");
        work.charged += settled.payment;
        work.outlay += settled.outlay;
        work.provider_income += settled.income;
        work.unpaid += settled.unpaid;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_survives_a_failure_is_what_was_saved() {
        let (served, remaining) = (Span::from_secs(9_000), Span::from_hours(10));
        let kept = |progress| compute_kept(progress, served, remaining, None);
        assert_eq!(kept(Progress::Service), served);
        assert_eq!(kept(Progress::Checkpoint(Span::HOUR)), Span::from_hours(2));
        assert_eq!(kept(Progress::Restart), Span::ZERO);
        let done = compute_kept(Progress::Restart, remaining, remaining, None);
        assert_eq!(done, remaining);
    }

    #[test]
    fn who_knows_of_it_saves_all_but_what_saving_takes() {
        let (served, remaining) = (Span::from_secs(9_000), Span::from_hours(10));
        let kept = |progress, unsaved| {
            compute_kept(progress, served, remaining, Some(Span::from_secs(unsaved)))
        };
        let hourly = Progress::Checkpoint(Span::HOUR);
        assert_eq!(kept(hourly, 60), Span::from_secs(8_940));
        assert_eq!(kept(hourly, 3_600), Span::from_hours(2), "the last one is as good");
        assert_eq!(kept(hourly, 10_000), Span::from_hours(2));
        assert_eq!(kept(Progress::Restart, 60), Span::ZERO, "it saves nothing, ever");
    }
}
