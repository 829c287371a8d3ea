//! Operators: the round of an order, on one shared view, and when its match is signed.

use crate::behaviour::provider::draw_span;
use crate::behaviour::tenant::on_order_failed;
use crate::event::{Event, JobStage};
use crate::observe;
use crate::purpose;
use crate::state::{Job, Shelf};
use crate::world::{Search, Step, World};
use market::{
    Candidate, Core, Order, Reject, Round, RoundInput, SoftFilters, Ticket, first_failing,
    first_failing_until, match_round, match_round_eager,
};
use protocol::{Call, Handle};
use record::UnmatchedReason;
use scenario::LatencyBound;
use units::{GpuHourPrice, SimTime, Span};

/// The bid window of an order closes: the committee draws a provider.
pub fn on_round_closed(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let (order, round) = run_round(world, step, at.job);
    if round.picks.is_empty() {
        let why = world.explain(&order, at.job);
        return fail_order(world, step, at.job, why);
    }
    let attempt = world.attempt_mut(at.job);
    attempt.closed_at = Some(step.now);
    attempt.latency_bound_dropped = round.dropped.latency_bound;
    attempt.picks = round.picks;
    attempt.draws = 1;
    sign_match(world, step, at.job);
}

/// The drawn provider could not serve: the next of the same bids is drawn.
pub fn draw_next(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let attempt = world.attempt_mut(handle);
    if attempt.draws as usize == attempt.picks.len() {
        return fail_order(world, step, handle, UnmatchedReason::DrawsExhausted);
    }
    attempt.draws += 1;
    sign_match(world, step, handle);
}

/// The order ends without a lease; its money goes back.
fn fail_order(world: &mut World, step: &mut Step<'_>, handle: Handle, why: UnmatchedReason) {
    let attempt = world.attempt_mut(handle);
    attempt.closed_at = attempt.closed_at.or(Some(step.now));
    let order = attempt.order.expect("an order that fails is in a block");
    world.call(step.now, Call::CancelOrder { order });
    on_order_failed(world, step, handle, why);
}

/// Plans the block in which the match stands: computed, signed by a quorum, included.
fn sign_match(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let signed_at = step.now + world.draw_committee_latency(handle);
    let block = world.block_at(signed_at);
    let job = world.job_mut(handle);
    job.advance();
    let at = job.stage_of(handle);
    let attempt = world.attempt_mut(handle);
    attempt.signed_at = Some(signed_at);
    attempt.matched_at = None; // What an earlier draw came to is void.
    step.out.at(block, Event::MatchRecorded(at));
}

/// Runs the real matcher on what providers advertise.
fn run_round(world: &World, step: &mut Step<'_>, handle: Handle) -> (Order, Round) {
    let job = world.job(handle);
    let attempt = job.attempt.as_ref().expect("a round has an order");
    let order = world.market_order(job);
    let included_at = attempt.included_at.expect("a round's order is in a block");
    let input = world.round_input(&order, step.now);
    let is_standing = |candidate: &Candidate| {
        let times = world.draw_bid_times(order.key, included_at, candidate);
        world.is_bid_standing(times, step.now, candidate.provider)
    };
    let round = match world.search {
        // Who is not on these shelves would fail for capacity, card or price.
        Search::Lazy => match_round(&input, world.shelved(job, Some(job.ceiling)), is_standing),
        Search::Eager => match_round_eager(&input, world.everybody(job).iter(), is_standing),
    };
    if step.observer.wants_bids() && world.is_sampled(&order) {
        let everybody = world.everybody(job);
        observe::bids(world, step, &input, included_at, &round, everybody.iter());
    }
    (order, round)
}

impl World {
    /// The order as the market sees it.
    fn market_order(&self, job: &Job) -> Order {
        let class = self.class_of(job);
        let attempt = job.attempt.as_ref().expect("only an order on its way is matched");
        Order {
            uptime_min: class.uptime_min,
            cards: job.cards,
            gpus: job.gpus,
            latency_bound: job.latency_bound,
            tenant_region: self.tenants[job.tenant.index()].region,
            ..Order::plain(attempt.key, self.pool(class.pool).rules.mode(), job.ceiling)
        }
    }

    fn round_input<'a>(&'a self, order: &'a Order, now: SimTime) -> RoundInput<'a> {
        // The beacon does not exist before the window closes, and does not contain the bids.
        let beacon = self.draws.at(purpose::BEACON, order.key, 0).word();
        RoundInput {
            order,
            rtt_from_tenant: self.topology.rtt_row(order.tenant_region),
            // The time of the closing block stands for its height, which is the same on a chain
            // with a block for each step and exists on one without blocks, too.
            ticket: Ticket::new(CHAIN_ID, order.key, now.nanos(), &beacon.to_le_bytes()),
            core: Core::default(),
            scoring: &self.scoring,
            draws_max: self.scenario.matching.draws_max,
            soft: SoftFilters {
                latency_bound: self.scenario.matching.latency_bound == LatencyBound::Soft,
                owner_cap: false,
            },
        }
    }

    /// Providers of the job's pool with free GPUs, from the shelves where an accepted card can
    /// lie, and at a price up to `ceiling` if one is given.
    fn shelved<'a>(
        &'a self,
        job: &Job,
        ceiling: Option<GpuHourPrice>,
    ) -> impl Iterator<Item = &'a Candidate> + Clone {
        let pool = &self.pools[self.class_of(job).pool.index()];
        let cards = job.cards;
        let wanted = move |shelf: &&Shelf| {
            cards.contains(shelf.card) && ceiling.is_none_or(|ceiling| shelf.price_min <= ceiling)
        };
        let shelves = pool.shelves.iter().filter(wanted);
        shelves.flat_map(|shelf| shelf.providers.iter().map(|id| &self.candidates[id.index()]))
    }

    /// All providers of the job's pool.
    fn everybody(&self, job: &Job) -> &[Candidate] {
        let pool = &self.pools[self.class_of(job).pool.index()];
        let first = pool.first_provider.index();
        &self.candidates[first..first + pool.providers as usize]
    }

    /// Why nobody was drawn: the first filter that nobody of the whole pool passed.
    ///
    /// Only who has free GPUs of an accepted card can fail later than for lack of capacity, so
    /// those are asked first, and everybody else only until one gets that far.
    fn explain(&self, order: &Order, handle: Handle) -> UnmatchedReason {
        let job = self.job(handle);
        let everybody = self.everybody(job);
        let input = self.round_input(order, SimTime::ZERO);
        let reject = match self.search {
            Search::Eager => first_failing(&input, everybody.iter()),
            Search::Lazy => match first_failing(&input, self.shelved(job, None)) {
                Some(early) if early <= Reject::Capacity => {
                    first_failing_until(&input, everybody.iter(), Some(Reject::Capacity))
                }
                late => late,
            },
        };
        reject.map_or(UnmatchedReason::WindowMissed, observe::reason)
    }

    /// Whether an order's bids are kept as rows: one in so many, by its key.
    fn is_sampled(&self, order: &Order) -> bool {
        order.key.0.is_multiple_of(u64::from(self.scenario.matching.sample_one_in.max(1)))
    }

    /// From the close of the window to the signature that completes the quorum: each operator
    /// hears of the bids, computes and sends its signature; stake counts in order of arrival.
    fn draw_committee_latency(&self, handle: Handle) -> Span {
        let attempt = self.job(handle).attempt.as_ref().expect("a match has an order");
        let committee = &self.scenario.committee;
        if !self.scenario.chain.has_latency {
            return Span::ZERO;
        }
        let mut arrivals: Vec<(Span, u32)> = Vec::with_capacity(committee.operators.len());
        for (number, operator) in (0_u64..).zip(&committee.operators) {
            let ordinal = u64::from(attempt.draws) << 16 | number;
            let mut draw = self.draws.at(purpose::COMMITTEE, attempt.key, ordinal);
            let way = self.topology.one_way(self.scenario.chain.sequencer, operator.region);
            let there = self.draw_delay(way, &mut draw);
            let compute = draw_span(committee.compute, &mut draw);
            let back = self.draw_delay(way, &mut draw);
            arrivals.push((there + compute + back, operator.stake.0));
        }
        arrivals.sort_unstable();
        let mut signed = 0;
        let reaches = |(_, stake): &&(Span, u32)| {
            signed += stake;
            signed >= committee.quorum.0
        };
        let last = arrivals.iter().find(reaches);
        last.expect("validation refuses a quorum above all stake").0
    }
}

/// Separates the rounds of this chain from those of any other. Ours: the digits of the first
/// dedicated network (protocol.md 1.2).
const CHAIN_ID: u64 = 89_138;
