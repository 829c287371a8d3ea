//! Operators: the round of an order, and what becomes of it when it is signed or not.

use crate::behaviour::committee::{Outcome, ask, digest};
use crate::behaviour::line::find_nobody;
use crate::behaviour::tenant::on_order_failed;
use crate::event::{Event, JobStage};
use crate::observe;
use crate::purpose;
use crate::state::{Job, Shelf};
use crate::world::{Search, Step, World};
use market::{
    Candidate, Order, Reject, Round, RoundInput, Ticket, first_failing, first_failing_until,
    match_round, match_round_eager,
};
use protocol::{Call, DecisionDigest, Handle, Payer};
use record::{ProviderRole, UnmatchedReason};
use units::{EntityKey, GpuHourPrice, SimTime};

/// The bid window of an order closes: the committee draws a provider.
pub fn on_round_closed(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    world.attempt_mut(at.job).closed_at = Some(step.now);
    hold_round(world, step, at.job);
}

/// The drawn provider could not serve: the next of the same bids is drawn.
pub fn draw_next(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let draws_max = world.scenario.matching.draws_max;
    let attempt = world.attempt_mut(handle);
    if attempt.draws == draws_max || world.sees_nobody(handle) {
        return find_nobody(world, step, handle, UnmatchedReason::DrawsExhausted);
    }
    world.attempt_mut(handle).draws += 1;
    sign_draw(world, step, handle);
}

/// The quorum of a round was missed: the committee tries again, as often as it may. A first draw
/// is made anew, on what operators see by now; later ones are from the bids that stand.
pub fn on_quorum_missed(world: &mut World, step: &mut Step<'_>, at: JobStage) {
    let retries_max = world.scenario.committee.retries_max;
    let attempt = world.attempt_mut(at.job);
    if attempt.retries == retries_max {
        return fail_order(world, step, at.job, UnmatchedReason::QuorumMissed);
    }
    attempt.retries += 1;
    if attempt.draws == 1 {
        hold_round(world, step, at.job);
    } else {
        sign_draw(world, step, at.job);
    }
}

/// That nobody serves is signed and in a block.
pub fn fail_with_nobody(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let why = world.attempt_mut(handle).nobody.expect("a signed match has a provider, or a reason");
    find_nobody(world, step, handle, why);
}

/// Every operator computes the round on its view. With nobody in any view there is nothing to sign.
fn hold_round(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let seen = run_round(world, step, handle);
    world.attempt_mut(handle).seen = seen;
    if world.sees_nobody(handle) {
        let why = world.explain_nobody(handle);
        return find_nobody(world, step, handle, why);
    }
    let censorship = world.weigh_censorship(handle);
    let attempt = world.attempt_mut(handle);
    attempt.draws = 1;
    attempt.censorship = censorship;
    sign_draw(world, step, handle);
}

/// Operators sign whom each draws now; what a quorum signed is the match.
fn sign_draw(world: &mut World, step: &mut Step<'_>, handle: Handle) {
    let attempt = world.attempt_mut(handle);
    let sign = |round: &Round| {
        let next = attempt.next_pick(round);
        digest(attempt.key, attempt.draws, next, round.dropped)
    };
    let digests: Vec<DecisionDigest> = attempt.seen.iter().map(sign).collect();
    let Some(signed) = ask_to_sign(world, step, handle, &digests) else { return };
    let place = digests.iter().position(|digest| *digest == signed);
    let place = place.expect("a match is of a digest that a view gives");
    let attempt = world.attempt_mut(handle);
    let next = attempt.next_pick(&attempt.seen[place]);
    attempt.latency_bound_dropped = attempt.seen[place].dropped.latency_bound;
    attempt.picks.extend(next);
    if next.is_none() {
        let is_first = attempt.draws == 1;
        let why =
            if is_first { world.explain_nobody(handle) } else { UnmatchedReason::DrawsExhausted };
        world.attempt_mut(handle).nobody = Some(why);
    }
}

/// The order ends without a lease; its money, if any was locked, goes back.
pub fn fail_order(world: &mut World, step: &mut Step<'_>, handle: Handle, why: UnmatchedReason) {
    let attempt = world.attempt_mut(handle);
    attempt.closed_at = attempt.closed_at.or(Some(step.now));
    if let Some(order) = attempt.order {
        world.call(step.now, Call::CancelOrder { order });
    }
    on_order_failed(world, step, handle, why);
}

/// Asks the committee, and plans the block in which the match stands, or the next after its quorum
/// was missed. What was signed, if anything was.
fn ask_to_sign(
    world: &mut World,
    step: &mut Step<'_>,
    handle: Handle,
    digests: &[DecisionDigest],
) -> Option<DecisionDigest> {
    let job = world.job_mut(handle);
    job.advance();
    let at = job.stage_of(handle);
    let attempt = world.attempt_mut(handle);
    attempt.asked_at = Some(step.now);
    attempt.rounds += 1;
    (attempt.signed_at, attempt.matched_at) = (None, None); // What came before is void.
    match ask(world, step, handle, digests) {
        Outcome::Signed { digest, at: signed_at } => {
            world.attempt_mut(handle).signed_at = Some(signed_at);
            let recorded_at = world.included_at(step.now, signed_at, Payer::Foundation);
            step.out.at(recorded_at, Event::MatchRecorded(at));
            Some(digest)
        }
        Outcome::Missed { at: missed_at } => {
            step.out.at(world.block_at(missed_at), Event::QuorumMissed(at));
            None
        }
    }
}

/// Runs the real matcher on what providers advertise, and on what each operator sees of it.
fn run_round(world: &World, step: &mut Step<'_>, handle: Handle) -> Vec<Round> {
    let job = world.job(handle);
    let attempt = job.attempt.as_ref().expect("a round has an order");
    let order = world.market_order(job);
    let closed_at = attempt.closed_at.expect("a round is held when the window has closed");
    let mut input = world.round_input(&order, closed_at);
    let stands = |candidate: &Candidate| {
        let provider = &world.providers[candidate.provider.index()];
        world.is_bid_standing(handle, candidate, provider.capacity_grew_at)
    };
    let shown = world.bids_on(job);
    let draw = |input: &RoundInput<'_>| match (world.search, &shown) {
        // Who is not on these shelves would fail for capacity, card or price.
        (Search::Lazy, None) => match_round(input, world.shelved(job, Some(job.ceiling)), stands),
        (Search::Lazy, Some(bids)) => match_round(input, bids.iter(), stands),
        (Search::Eager, None) => match_round_eager(input, world.everybody(job).iter(), stands),
        (Search::Eager, Some(bids)) => match_round_eager(input, bids.iter(), stands),
    };
    let mut round = draw(&input);
    // Who can choose the beacon takes the first value that makes somebody win whom it favours.
    for value in 1..world.scenario.matching.beacon_tries() {
        if round.picks.is_empty() || world.is_favoured(&round) {
            break;
        }
        let other = RoundInput { ticket: world.ticket(order.key, closed_at, value), ..input };
        let ground = draw(&other);
        if world.is_favoured(&ground) {
            (input, round) = (other, ground);
        }
    }
    if attempt.retries == 0 && !world.scenario.waiting.is_at_providers() {
        observe::round(world, step, &observe::Seen { handle, input: &input, round: &round });
    }
    let mut seen = world.see_round(step.now, handle, &input, round);
    world.restore_prices(job, &mut seen);
    seen
}

impl World {
    /// The order as the market sees it.
    fn market_order(&self, job: &Job) -> Order {
        let class = self.class_of(job);
        let attempt = job.attempt.as_ref().expect("only an order on its way is matched");
        let tenant_region = self.tenants[job.tenant.index()].region;
        Order {
            uptime_min: class.uptime_min,
            cards: job.cards,
            gpus: job.gpus,
            latency_bound: job.latency_bound,
            owner_leases_max: self.scenario.matching.owner_leases_max,
            tenant_region,
            near: self.near[tenant_region.index()],
            ..Order::plain(attempt.key, self.pool(class.pool).rules.mode(), job.ceiling)
        }
    }

    fn round_input<'a>(&'a self, order: &'a Order, now: SimTime) -> RoundInput<'a> {
        RoundInput {
            order,
            rtt_from_tenant: self.topology.rtt_row(order.tenant_region),
            ticket: self.ticket(order.key, now, 0),
            core: self.scenario.matching.core,
            scoring: &self.scoring,
            draws_max: self.scenario.matching.draws_max,
            soft: self.scenario.matching.soft,
        }
    }

    /// The randomness of a round that closes at `now`, under one value of the beacon: the first,
    /// unless somebody chose another.
    ///
    /// The beacon does not exist before the window closes, and does not contain the bids. The time
    /// of the closing block stands for its height, which is the same on a chain with a block for
    /// each step and exists on one without blocks, too.
    fn ticket(&self, order: EntityKey, now: SimTime, value: u32) -> Ticket {
        let beacon = self.draws.at(purpose::BEACON, order, u64::from(value)).word();
        Ticket::new(CHAIN_ID, order, now.nanos(), &beacon.to_le_bytes())
    }

    /// Whether the winner of a round is one whom a sequencer would have win.
    fn is_favoured(&self, round: &Round) -> bool {
        let winner = round.picks.first().map(|pick| &self.providers[pick.provider.index()]);
        winner.is_some_and(|winner| winner.role == ProviderRole::Favoured)
    }

    /// Providers of the job's pool with free GPUs, from the shelves where an accepted card can
    /// lie, and at a price up to `ceiling` if one is given. That leaves nobody out for a job of
    /// work, which compares other prices than shelves do.
    pub fn shelved<'a>(
        &'a self,
        job: &Job,
        ceiling: Option<GpuHourPrice>,
    ) -> impl Iterator<Item = &'a Candidate> + Clone {
        let pool = &self.pools[self.class_of(job).pool.index()];
        let ceiling = ceiling.filter(|_| !self.is_of_work(job));
        let cards = job.cards;
        let wanted = move |shelf: &&Shelf| {
            cards.contains(shelf.card) && ceiling.is_none_or(|ceiling| shelf.price_min <= ceiling)
        };
        let shelves = pool.shelves.iter().filter(wanted);
        shelves.flat_map(|shelf| shelf.listed.iter())
    }

    /// Whoever may serve a job, where that is not what is advertised: lines of providers, or prices
    /// of work.
    fn bids_on(&self, job: &Job) -> Option<Vec<Candidate>> {
        if self.scenario.waiting.is_at_providers() {
            return Some(self.show_lines(job));
        }
        let priced = |candidate: &Candidate| self.by_work(job, candidate);
        self.is_of_work(job).then(|| match self.search {
            // Whether a price is within the ceiling is not known before it is one of work.
            Search::Lazy => self.shelved(job, None).map(priced).collect(),
            Search::Eager => self.everybody(job).iter().map(priced).collect(),
        })
    }

    /// All providers of the job's pool.
    pub fn everybody(&self, job: &Job) -> &[Candidate] {
        let pool = &self.pools[self.class_of(job).pool.index()];
        let first = pool.first_provider.index();
        &self.candidates[first..first + pool.providers as usize]
    }

    /// Whether somebody of these, who bid prices of work, passes all filters of a job's order.
    pub fn has_eligible(&self, job: &Job, priced: &[Candidate]) -> bool {
        let order = self.market_order(job);
        first_failing(&self.round_input(&order, SimTime::ZERO), priced.iter()).is_none()
    }

    /// Why nobody serves an order at this moment.
    pub fn explain_now(&self, handle: Handle) -> UnmatchedReason {
        self.explain(&self.market_order(self.job(handle)), handle)
    }

    /// Why a round has nobody. Where a full and present view had somebody, the views are why.
    fn explain_nobody(&self, handle: Handle) -> UnmatchedReason {
        let job = self.job(handle);
        let attempt = job.attempt.as_ref().expect("a round has an order");
        let is_unseen = !attempt.seen[0].picks.is_empty();
        if is_unseen {
            UnmatchedReason::Unseen
        } else {
            self.explain(&self.market_order(job), handle)
        }
    }

    /// Why nobody was drawn: the first filter that nobody of the whole pool passed.
    ///
    /// Only who has free GPUs of an accepted card can fail later than for lack of capacity, so
    /// those are asked first, and everybody else only until one gets that far.
    fn explain(&self, order: &Order, handle: Handle) -> UnmatchedReason {
        let job = self.job(handle);
        let everybody = self.everybody(job);
        let input = self.round_input(order, SimTime::ZERO);
        if self.is_of_work(job) {
            let priced: Vec<Candidate> =
                everybody.iter().map(|candidate| self.by_work(job, candidate)).collect();
            let reject = first_failing(&input, priced.iter());
            return reject.map_or(UnmatchedReason::WindowMissed, observe::reason);
        }
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

    /// Whether an order's round and bids are kept as rows: one in so many, by its key.
    pub fn is_sampled(&self, order: &Order) -> bool {
        order.key.0.is_multiple_of(u64::from(self.scenario.matching.sample_one_in.max(1)))
    }
}

/// Separates the rounds of this chain from those of any other. Ours: the digits of the first
/// dedicated network (protocol.md 1.2).
const CHAIN_ID: u64 = 89_138;
