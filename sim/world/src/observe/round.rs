//! The row of a round, and the rows of its bids: everybody of the pool is looked at once more.

use crate::world::{Step, World};
use market::{
    Arrival, BidLeaf, Candidate, Order, Reject, Round, RoundInput, bids_root, check_eligible,
};
use protocol::Handle;
use record::{BidRow, RoundRow, Row};
use units::{Ppm, SimTime};

/// A round that is to be written.
pub struct Seen<'a> {
    /// Whose order it is.
    pub handle: Handle,
    /// What it was decided by.
    pub input: &'a RoundInput<'a>,
    /// What it came to.
    pub round: &'a Round,
}

/// What a look at everybody finds.
#[derive(Default)]
struct Tally {
    candidates: u32,
    eligible: u32,
    in_time: u32,
    best_score: Option<Ppm>,
    /// Bids in time, with the moment of arrival.
    bids: Vec<(SimTime, BidLeaf)>,
    /// By the first filter that they fail.
    failed: [u32; Reject::ALL.len()],
}

/// Writes a round if somebody wants it; of a sampled order, also the bids of all who pass the
/// filters that the round held to.
pub fn round(world: &World, step: &mut Step<'_>, seen: &Seen<'_>) {
    if world.job(seen.handle).is_spam {
        return;
    }
    let is_sampled = step.observer.wants_sample() && world.is_sampled(seen.input.order);
    let is_unmatched = seen.round.picks.is_empty() && step.observer.wants_unmatched();
    if is_sampled || is_unmatched {
        write(world, step, seen, is_sampled);
    }
}

fn write(world: &World, step: &mut Step<'_>, seen: &Seen<'_>, is_sampled: bool) {
    let order = held_to(seen);
    let mut tally = Tally::default();
    let job = world.job(seen.handle);
    for candidate in world.everybody(job) {
        let candidate = &world.by_work(job, candidate);
        tally.candidates += 1;
        match check_eligible(&order, candidate, seen.input.rtt_from_tenant) {
            Err(reject) => tally.failed[reject as usize] += 1,
            Ok(()) => {
                let bid = make_bid(world, step.now, seen, &order, candidate);
                tally.note(world, seen.handle, candidate, &bid);
                if is_sampled {
                    step.observer.on_row(Row::Bid(&bid));
                }
            }
        }
    }
    let row = make_row(world, step.now, seen, is_sampled, &mut tally);
    step.observer.on_row(Row::Round(&row));
}

/// The order without the filters that the round dropped.
fn held_to(seen: &Seen<'_>) -> Order {
    let mut order = seen.input.order.clone();
    if seen.round.dropped.latency_bound {
        order.latency_bound = None;
    }
    if seen.round.dropped.owner_cap {
        order.owner_leases_max = None;
    }
    order
}

impl Tally {
    /// Counts an eligible candidate.
    fn note(&mut self, world: &World, handle: Handle, candidate: &Candidate, bid: &BidRow) {
        let arrived_at = bid.arrived_at_ns;
        let grew_at = world.providers[candidate.provider.index()].capacity_grew_at;
        self.eligible += 1;
        if world.is_bid_standing(handle, candidate, grew_at) {
            self.in_time += 1;
            let (provider, number, bid) = (candidate.key, candidate.number, candidate.bid);
            let arrival = Arrival { height: world.height_at(arrived_at), index: 0 };
            self.bids.push((arrived_at, BidLeaf { provider, number, bid, arrival }));
        }
        self.best_score = self.best_score.max(Some(bid.score_ppm));
    }

    /// The root over the bids in time. Blocks take bids in the order of their arrival.
    fn bids_root(&mut self) -> [u8; 32] {
        self.bids.sort_unstable();
        let mut before: Option<Arrival> = None;
        for (_, BidLeaf { arrival, .. }) in &mut self.bids {
            let same_block = before.filter(|before| before.height == arrival.height);
            arrival.index = same_block.map_or(0, |before| before.index + 1);
            before = Some(*arrival);
        }
        bids_root(self.bids.iter().map(|(_, leaf)| *leaf)).0
    }
}

fn make_bid(
    world: &World,
    now: SimTime,
    seen: &Seen<'_>,
    order: &Order,
    candidate: &Candidate,
) -> BidRow {
    let attempt = world.job(seen.handle).attempt.as_ref().expect("a round has an order");
    let called_at = attempt.called_at.expect("a round's order is in a block");
    let times = world.draw_bid_times(order.key, called_at, candidate);
    let rtt = world.round_trip(order.tenant_region, candidate);
    let scoring = seen.input.scoring;
    let first = seen.round.picks.first().map(|pick| pick.provider);
    let (arrived, closes) = (times.arrived_at.nanos() as i64, now.nanos() as i64);
    BidRow {
        order_key: order.key,
        is_reported: now >= world.report_start(),
        provider: candidate.provider,
        region: candidate.region,
        price_nano_usd_per_gpu_hour: candidate.bid,
        learned_at_ns: times.learned_at,
        arrived_at_ns: times.arrived_at,
        margin_ns: closes - arrived,
        score_ppm: scoring.score(scoring.points(&scoring.card(order, candidate, rtt))),
        is_first_draw: first == Some(candidate.provider),
    }
}

fn make_row(
    world: &World,
    now: SimTime,
    seen: &Seen<'_>,
    is_sampled: bool,
    tally: &mut Tally,
) -> RoundRow {
    let picks = &seen.round.picks;
    let (winner, runner_up) = (picks.first(), picks.get(1));
    let score = winner.map(|pick| pick.score);
    let key = winner.map(|pick| pick.draw_key.0);
    let regret = |best: Ppm, score: Ppm| Ppm(best.0 - score.0);
    RoundRow {
        order_key: seen.input.order.key,
        closed_at_ns: now,
        is_reported: now >= world.report_start(),
        is_sampled,
        pool: world.pool_of(seen.handle),
        candidates: tally.candidates,
        eligible: tally.eligible,
        in_time: tally.in_time,
        late: tally.eligible - tally.in_time,
        picks: picks.len() as u32,
        winner: winner.map(|pick| pick.provider),
        winner_score_ppm: score,
        winner_key: key,
        runner_up: runner_up.map(|pick| pick.provider),
        gap: key.zip(runner_up).map(|(key, second)| key.saturating_sub(second.draw_key.0)),
        best_score_ppm: tally.best_score,
        regret_ppm: tally.best_score.zip(score).map(|(best, score)| regret(best, score)),
        latency_bound_dropped: seen.round.dropped.latency_bound,
        owner_cap_dropped: seen.round.dropped.owner_cap,
        bids_root: tally.bids_root(),
        failed_provider_inactive: tally.failed[Reject::Inactive as usize],
        failed_mode: tally.failed[Reject::Mode as usize],
        failed_trust_tier: tally.failed[Reject::TrustTier as usize],
        failed_uptime_minimum: tally.failed[Reject::UptimeMinimum as usize],
        failed_excluded: tally.failed[Reject::Excluded as usize],
        failed_region: tally.failed[Reject::Region as usize],
        failed_law: tally.failed[Reject::Law as usize],
        failed_card: tally.failed[Reject::Card as usize],
        failed_node_size: tally.failed[Reject::NodeSize as usize],
        failed_capacity: tally.failed[Reject::Capacity as usize],
        failed_host: tally.failed[Reject::Host as usize],
        failed_price: tally.failed[Reject::Price as usize],
        failed_stake: tally.failed[Reject::Stake as usize],
        failed_latency: tally.failed[Reject::Latency as usize],
        failed_owner_cap: tally.failed[Reject::OwnerCap as usize],
    }
}
