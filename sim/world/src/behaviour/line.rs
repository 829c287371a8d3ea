//! Waiting lines: an order that finds nobody stays open and stands in its pool's line, as in a
//! queue on a chain (Nosana, protocol.md 4.4).
//!
//! Whenever capacity comes free, the first in line who can use it is called: providers are asked
//! for bids on it again, and its round is held by the matcher like any other. One order at a time
//! is called from a line; what becomes of it is followed by the next call. Who can use nothing that
//! is free is passed over, so nobody waits beside capacity that would serve it (economics.md 2.3,
//! C10). Who orders while others stand in line stands behind them.

use crate::behaviour::operator::fail_order;
use crate::event::{Event, JobStage};
use crate::state::{Attempt, Line};
use crate::world::{Step, World};
use protocol::Handle;
use record::UnmatchedReason;
use units::{PoolId, ProviderId, SimTime};

/// Whether others stand in the line where an order would.
pub fn has_line(world: &World, handle: Handle) -> bool {
    world.line_of(handle).is_some_and(|line| line.len() > 0)
}

/// Nobody serves an order now: it waits in line, where there are lines, else it fails.
pub fn find_nobody(world: &mut World, step: &mut Step<'_>, handle: Handle, why: UnmatchedReason) {
    if world.line_of(handle).is_some() {
        stand_in_line(world, step, handle);
    } else {
        fail_order(world, step, handle, why);
    }
}

/// Puts an order into its line, or back to its place; one too many is refused.
pub fn stand_in_line(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let pool = world.pool_of(handle);
    let rank = world.scenario.waiting.rank(world.job(handle).class);
    let limit = world.scenario.waiting.limit;
    let place = world.attempt_mut(handle).queued.place;
    let line = &mut world.lines[pool.index()];
    let place = match place {
        Some(place) => place,
        None if limit.is_some_and(|limit| line.len() >= limit as usize) => {
            return fail_order(world, step, handle, UnmatchedReason::LineFull);
        }
        None => line.join(rank, handle),
    };
    line.called = line.called.filter(|called| *called != place);
    let attempt = world.attempt_mut(handle);
    attempt.queued.place = Some(place);
    attempt.forget_round();
    plan_patience(world, step, handle);
    world.stirred.push(pool);
}

/// Plans the end of a wait, once for each stage of a job and only if the run gets that far.
fn plan_patience(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let end = SimTime::ZERO + world.scenario.clock.total();
    let job = world.job_mut(handle);
    let (at, gives_up_at) = (job.stage_of(handle), job.gives_up_at.max(step.now));
    let queued = &mut job.attempt.as_mut().expect("who waits has an order").queued;
    if queued.patience_of != Some(at.stage) && gives_up_at <= end {
        queued.patience_of = Some(at.stage);
        step.out.at(gives_up_at, Event::PatienceEnded(at));
    }
}

/// A tenant has waited long enough: its order leaves the line, and why nobody serves it now is why
/// it fails.
pub fn on_patience_ended(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let why = world.explain_now(at.job);
    let attempt = world.attempt_mut(at.job);
    (attempt.called_at, attempt.closed_at) = (Some(step.now), Some(step.now));
    fail_order(world, step, at.job, why);
}

/// An order has a provider, or has failed: it stands in line no more, and the next may be called.
pub fn leave_line(world: &mut World, handle: Handle) {
    let Some(place) = world.attempt_mut(handle).queued.place.take() else { return };
    let pool = world.pool_of(handle);
    world.lines[pool.index()].leave(place);
    world.stirred.push(pool);
}

/// Calls from every line that something has happened to.
pub fn serve_lines(world: &mut World, step: &mut Step<'_>) {
    while let Some(pool) = world.stirred.pop() {
        if let Some(handle) = world.next_in_line(pool) {
            let place = world.attempt_mut(handle).queued.place;
            world.lines[pool.index()].called = place;
            call_for_bids(world, step, handle);
        }
    }
}

/// Asks providers for bids on an order from the next block on; its window begins.
pub fn call_for_bids(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let called_at = world.block_at(step.now);
    let grown = world.line_of(handle).map(|line| line.grown);
    let at = world.job(handle).stage_of(handle);
    let attempt = world.attempt_mut(handle);
    attempt.called_at = Some(called_at);
    attempt.queued.tried_at = grown;
    let window = u64::from(world.scenario.chain.bid_window_blocks);
    step.out.at(called_at + world.scenario.chain.block.times(window), Event::RoundClosed(at));
}

impl World {
    /// Capacity of a provider came free.
    pub fn stir(&mut self, id: ProviderId) {
        let pool = self.providers[id.index()].pool;
        if let Some(line) = self.lines.get_mut(pool.index()) {
            line.grown += 1;
            self.stirred.push(pool);
        }
    }

    /// An hour begins: what orders accept, and who accepts them, may have changed.
    pub fn stir_all(&mut self) {
        for (pool, line) in (0u16..).map(PoolId).zip(&mut self.lines) {
            line.grown += 1;
            self.stirred.push(pool);
        }
    }

    /// The line where an order stands or would stand; none where orders do not wait in lines.
    fn line_of(&self, handle: Handle) -> Option<&Line> {
        self.lines.get(self.pool_of(handle).index())
    }

    /// The first in line who has not been tried since capacity last came free and can use some of
    /// it; nobody while another is being matched.
    fn next_in_line(&mut self, pool: PoolId) -> Option<Handle> {
        let line = std::mem::take(&mut self.lines[pool.index()]);
        let mut waiting = line.waiting().map(|(_, handle)| handle);
        let can_be_called = |handle: &Handle| {
            if self.attempt_mut(*handle).queued.tried_at.is_some_and(|at| at >= line.grown) {
                return false;
            }
            let has_room = self.has_room(*handle);
            self.attempt_mut(*handle).queued.tried_at = Some(line.grown);
            has_room
        };
        let next = if line.called.is_some() { None } else { waiting.find(can_be_called) };
        drop(waiting);
        self.lines[pool.index()] = line;
        next
    }

    /// Whether somebody has GPUs for an order, at a price that it accepts. Its round asks the rest.
    fn has_room(&self, handle: Handle) -> bool {
        let job = self.job(handle);
        let serves = |one: &market::Candidate| {
            one.gpus_free_on_node >= job.gpus
                && self.is_affordable(job, one)
                && job.cards.contains(one.card)
        };
        self.shelved(job, Some(job.ceiling)).any(serves)
    }
}

impl Attempt {
    /// Forgets a round that found nobody, so that the next begins anew.
    fn forget_round(&mut self) {
        self.seen.clear();
        self.picks.clear();
        (self.closed_at, self.nobody) = (None, None);
        (self.draws, self.retries) = (0, 0);
    }
}
