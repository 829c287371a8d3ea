//! Waiting lines: an order that finds nobody stays open and stands in its pool's line, as in a
//! queue on a chain (Nosana, protocol.md 4.4).
//!
//! Whenever capacity comes free, the first in line who can use it is called: providers are asked
//! for bids on it again, and its round is held by the matcher like any other. One order at a time
//! is called from a line; what becomes of it is followed by the next call. Who can use nothing that
//! is free is passed over, so nobody waits beside capacity that would serve it (economics.md 2.3,
//! C10). Who orders while others stand in line stands behind them.
//!
//! Where each provider has a line of its own, an order is matched with a provider first, busy or
//! not, and then waits for that one: what is scarce is a place in its line, and availability says
//! how short the line is. `power_of_d` then looks at a few lines and joins the shortest.

use crate::behaviour::displace::displace;
use crate::behaviour::operator::fail_order;
use crate::event::{Event, JobStage};
use crate::state::{Attempt, Job, Line};
use crate::world::{Step, World};
use market::Candidate;
use protocol::Handle;
use record::UnmatchedReason;
use units::{CardShare, GpuCount, ProviderId, SimTime};

/// Places of a provider's line, as matching sees it: each order in it makes it a little fuller.
const PLACES: u32 = 10_000;

/// Whether others stand in the line where an order would.
pub fn has_line(world: &World, handle: Handle) -> bool {
    world.line_of(handle).is_some_and(|line| line.len() > 0)
}

/// Nobody serves an order now: it waits in its pool's line, where there is one, else it fails.
pub fn find_nobody(world: &mut World, step: &mut Step<'_>, handle: Handle, why: UnmatchedReason) {
    let is_at_provider = world.scenario.waiting.is_at_providers();
    if world.line_of(handle).is_some() && !is_at_provider {
        stand_in_line(world, step, handle);
    } else {
        fail_order(world, step, handle, why);
    }
}

/// Puts an order into its line, or back to its place; one too many is refused.
pub fn stand_in_line(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let index = world.line_index(handle).expect("there is a line to stand in");
    let rank = world.scenario.waiting.rank(world.job(handle).class);
    let limit = world.scenario.waiting.limit;
    let place = world.attempt_mut(handle).queued.place;
    let is_at_provider = world.scenario.waiting.is_at_providers();
    let line = &mut world.lines[index];
    let mut is_new = false;
    let place = match place {
        Some(place) => place,
        None if limit.is_some_and(|limit| line.len() >= limit as usize) => {
            return fail_order(world, step, handle, UnmatchedReason::LineFull);
        }
        None => {
            is_new = true;
            line.join(rank, handle)
        }
    };
    line.called = line.called.filter(|called| *called != place);
    let attempt = world.attempt_mut(handle);
    attempt.queued.place = Some(place);
    if is_at_provider {
        attempt.queued.joined_at.get_or_insert(step.now);
    } else {
        attempt.forget_round();
    }
    plan_patience(world, step, handle);
    if is_new {
        displace(world, step, handle);
    }
    world.stirred.push(index);
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
    if attempt.queued.joined_at.is_none() {
        (attempt.called_at, attempt.closed_at) = (Some(step.now), Some(step.now));
    }
    fail_order(world, step, at.job, why);
}

/// An order has a provider, or has failed: it stands in line no more, and the next may be called.
pub fn leave_line(world: &mut World, now: SimTime, handle: Handle) {
    let queued = &mut world.attempt_mut(handle).queued;
    let Some(place) = queued.place.take() else { return };
    let joined_at = queued.joined_at.take().unwrap_or(now);
    queued.stood += now.since(joined_at);
    let index = world.line_index(handle).expect("who stands in line has one");
    world.lines[index].leave(place);
    world.stirred.push(index);
}

/// Calls from every line that something has happened to.
pub fn serve_lines(world: &mut World, step: &mut Step<'_>) {
    while let Some(index) = world.stirred.pop() {
        let Some(handle) = world.next_in_line(step.now, index) else { continue };
        world.lines[index].called = world.attempt_mut(handle).queued.place;
        if world.scenario.waiting.is_at_providers() {
            let at = world.job(handle).stage_of(handle);
            step.out.at(world.block_at(step.now), Event::MatchRecorded(at));
        } else {
            call_for_bids(world, step, handle);
        }
    }
}

/// Whether an order that is matched with a provider must wait in its line: others stand before it,
/// or there is no room. Never where providers have no lines of their own.
pub fn must_wait(world: &World, now: SimTime, handle: Handle, provider: ProviderId) -> bool {
    if !world.scenario.waiting.is_at_providers() {
        return false;
    }
    let line = &world.lines[provider.index()];
    let job = world.job(handle);
    let place = job.attempt.as_ref().and_then(|attempt| attempt.queued.place);
    let is_next = if line.len() == 0 { true } else { place.is_some() && line.called == place };
    !is_next || world.best_fitting_machine(now, provider, job.gpus).is_none()
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
        let at_pool = self.providers[id.index()].pool.index();
        let index = if self.scenario.waiting.is_at_providers() { id.index() } else { at_pool };
        if let Some(line) = self.lines.get_mut(index) {
            line.grown += 1;
            self.stirred.push(index);
        }
    }

    /// Who takes orders for a job into lines of their own, as matching sees them: a line is as good
    /// as capacity, and has so many places.
    pub fn show_lines(&self, job: &Job) -> Vec<Candidate> {
        let show = |candidate: &Candidate| {
            let bid = self.price_for(job, candidate);
            let standing = self.lines[candidate.provider.index()].len() as u32;
            let taken = candidate.activity.leases + standing;
            Candidate {
                bid,
                gpus_free_on_node: candidate.gpus_on_node,
                gpus_free: GpuCount(PLACES.saturating_sub(taken)),
                gpus_total: GpuCount(PLACES),
                share_free_on_card: CardShare::WHOLE,
                ..*candidate
            }
        };
        self.everybody(job).iter().map(show).collect()
    }

    /// An hour begins: what orders accept, and who accepts them, may have changed.
    pub fn stir_all(&mut self) {
        for (index, line) in self.lines.iter_mut().enumerate() {
            line.grown += 1;
            self.stirred.push(index);
        }
    }

    /// The line where an order stands or would stand; none where orders do not wait in lines.
    fn line_of(&self, handle: Handle) -> Option<&Line> {
        self.lines.get(self.line_index(handle)?)
    }

    /// The place of that line. At providers it is that of the one whom the order is matched with.
    fn line_index(&self, handle: Handle) -> Option<usize> {
        if !self.scenario.waiting.is_line {
            return None;
        }
        if !self.scenario.waiting.is_at_providers() {
            return Some(self.pool_of(handle).index());
        }
        let attempt = self.job(handle).attempt.as_ref()?;
        Some(attempt.picks.get((attempt.draws as usize).checked_sub(1)?)?.provider.index())
    }

    /// The first in line who has not been tried since capacity last came free and can use some of
    /// it; nobody while another is being matched.
    fn next_in_line(&mut self, now: SimTime, index: usize) -> Option<Handle> {
        let line = std::mem::take(&mut self.lines[index]);
        let mut waiting = line.waiting().map(|(_, handle)| handle);
        let can_be_called = |handle: &Handle| {
            if self.attempt_mut(*handle).queued.tried_at.is_some_and(|at| at >= line.grown) {
                return false;
            }
            let has_room = self.has_place(now, index, *handle);
            self.attempt_mut(*handle).queued.tried_at = Some(line.grown);
            has_room
        };
        let next = if line.called.is_some() { None } else { waiting.find(can_be_called) };
        drop(waiting);
        self.lines[index] = line;
        next
    }

    /// Whether an order could be served at once from the line where it stands.
    fn has_place(&self, now: SimTime, index: usize, handle: Handle) -> bool {
        if self.scenario.waiting.is_at_providers() {
            let id = ProviderId(index as u32);
            return self.best_fitting_machine(now, id, self.job(handle).gpus).is_some();
        }
        self.has_room(handle)
    }

    /// Whether somebody with free GPUs passes the filters of an order's round. What it cannot know
    /// before, such as bids that come late, its round finds out.
    pub fn has_room(&self, handle: Handle) -> bool {
        let job = self.job(handle);
        let priced: Vec<Candidate> =
            self.shelved(job, None).map(|one| self.by_work(job, one)).collect();
        self.has_eligible(job, &priced)
    }
}

impl Attempt {
    /// Forgets a round that found nobody, so that the next begins anew. Its signature goes with it:
    /// one that is older than the window would be that of another round.
    fn forget_round(&mut self) {
        self.seen.clear();
        self.picks.clear();
        (self.closed_at, self.nobody) = (None, None);
        (self.asked_at, self.signed_at, self.matched_at) = (None, None, None);
        (self.draws, self.retries) = (0, 0);
    }
}
