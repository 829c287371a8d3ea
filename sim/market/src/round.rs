//! One round of matching: who passes, how they rank, and who is next after a miss.
//!
//! [`match_round`] asks as little as it can: it evaluates a bid's arrival only when the bid would
//! be among the picks, and the logarithms of a draw only when a bound says they could matter.
//! [`match_round_eager`] evaluates everything and sorts; both give the same round, always.

use crate::beacon::{SELECTION, Ticket};
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::order::Order;
use crate::score::{DrawKey, Points, Scoring};
use std::cmp::Reverse;
use units::{EntityKey, GpuHourPrice, Ppm, ProviderId, SimTime, Span};

/// What one round is decided by, apart from the candidates.
#[derive(Clone, Copy, Debug)]
pub struct RoundInput<'a> {
    /// The order.
    pub order: &'a Order,
    /// Round trips between the tenant's region and each region, by `RegionId`.
    pub rtt_from_tenant: &'a [Span],
    /// The randomness.
    pub ticket: Ticket,
    /// The weights.
    pub scoring: &'a Scoring,
    /// Draws in all: the first, and the redraws after misses.
    pub draws_max: u32,
    /// Whether the latency bound is dropped when nobody meets it.
    pub is_latency_soft: bool,
}

/// The outcome of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The drawn candidates, best key first, at most `draws_max`.
    ///
    /// The first wins. After its k-th miss an order takes the next of the same bids. The keys of
    /// the largest Gumbel values are a draw without replacement: given who is gone, the next one
    /// has the chances it would have in a fresh draw among those that are left.
    pub picks: Vec<Pick>,
    /// Whether nobody in time met the latency bound, and the picks were made without it.
    pub latency_bound_dropped: bool,
    /// Candidates that passed the filters, in time or not.
    pub eligible: u32,
    /// Whether a bid that would be among the picks came after the window had closed. With no
    /// picks and somebody eligible, every bid was late.
    pub late: bool,
}

/// A drawn candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its place in the caller's vector.
    pub provider: ProviderId,
    /// Who it is.
    pub key: EntityKey,
    /// Its bid, in nano-dollars per GPU-hour: the price of the lease.
    pub price: GpuHourPrice,
    /// Its score `A`.
    pub score: Ppm,
    /// What it was ranked by.
    pub draw_key: DrawKey,
}

/// Picks candidates for an order.
///
/// `bid_in_time` tells whether the bid of a candidate came inside the window. It is asked only for
/// candidates that would be among the picks, possibly twice, and must not change its mind. Nobody
/// else's bid matters, so the picks are those of asking everybody.
pub fn match_round<'c, C>(
    input: &RoundInput<'_>,
    candidates: C,
    mut bid_in_time: impl FnMut(&Candidate) -> bool,
) -> Round
where
    C: Iterator<Item = &'c Candidate> + Clone,
{
    decide(input, |filter| scan(input, filter, candidates.clone(), &mut bid_in_time))
}

/// The same round by evaluating every bid, every score card and every draw, then sorting.
pub fn match_round_eager<'c, C>(
    input: &RoundInput<'_>,
    candidates: C,
    mut bid_in_time: impl FnMut(&Candidate) -> bool,
) -> Round
where
    C: Iterator<Item = &'c Candidate> + Clone,
{
    decide(input, |filter| sort(input, filter, candidates.clone(), &mut bid_in_time))
}

/// One pass under all filters; when it finds nobody and the latency bound is soft, one without it.
fn decide(input: &RoundInput<'_>, mut pass: impl FnMut(&Filter<'_>) -> Round) -> Round {
    let filter = Filter::new(input.order, input.rtt_from_tenant);
    let round = pass(&filter);
    if !can_drop_bound(input, &round) {
        return round;
    }
    let unbounded = pass(&filter.without_latency_bound());
    Round { latency_bound_dropped: !unbounded.picks.is_empty(), ..unbounded }
}

fn can_drop_bound(input: &RoundInput<'_>, round: &Round) -> bool {
    round.picks.is_empty() && input.is_latency_soft && input.order.latency_bound.is_some()
}

/// The order of candidates, best first: the larger key; on a tie the lower price, the fewer
/// slashes, the earlier join, the lower identity. Source: protocol.md 9.7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    draw_key: Reverse<DrawKey>,
    price: GpuHourPrice,
    slash_halves: u32,
    joined_at: SimTime,
    key: EntityKey,
}

impl Rank {
    fn new(draw_key: DrawKey, candidate: &Candidate) -> Rank {
        Rank {
            draw_key: Reverse(draw_key),
            price: candidate.bid,
            slash_halves: candidate.standing.slash_halves,
            joined_at: candidate.joined_at,
            key: candidate.key,
        }
    }
}

/// A candidate on its way to the picks.
struct Entry {
    rank: Rank,
    provider: ProviderId,
    points: Points,
}

impl Entry {
    fn into_pick(self, scoring: &Scoring) -> Pick {
        Pick {
            provider: self.provider,
            key: self.rank.key,
            price: self.rank.price,
            score: scoring.score(self.points),
            draw_key: self.rank.draw_key.0,
        }
    }
}

/// The best candidates in time so far.
struct Slate {
    entries: Vec<Entry>,
    size_max: usize,
    best_late: Option<Rank>,
}

impl Slate {
    fn new(draws_max: u32) -> Slate {
        Slate { entries: Vec::new(), size_max: draws_max as usize, best_late: None }
    }

    /// The key below which nobody enters.
    fn threshold(&self) -> DrawKey {
        match self.entries.last() {
            Some(worst) if self.entries.len() == self.size_max => worst.rank.draw_key.0,
            _ => DrawKey(i64::MIN),
        }
    }

    /// Whether `rank` is among the best so far.
    fn can_enter(&self, rank: &Rank) -> bool {
        if self.entries.len() < self.size_max {
            return true;
        }
        self.entries.last().is_some_and(|worst| *rank < worst.rank)
    }

    fn insert(&mut self, entry: Entry) {
        let at = self.entries.partition_point(|other| other.rank < entry.rank);
        self.entries.insert(at, entry);
        self.entries.truncate(self.size_max);
    }

    fn note_late(&mut self, rank: Rank) {
        self.best_late = Some(self.best_late.map_or(rank, |best| best.min(rank)));
    }

    fn into_round(self, scoring: &Scoring, eligible: u32) -> Round {
        let late = self.best_late.is_some_and(|rank| self.can_enter(&rank));
        let picks = self.entries.into_iter().map(|entry| entry.into_pick(scoring)).collect();
        Round { picks, latency_bound_dropped: false, eligible, late }
    }
}

/// Eligible candidates that wait for their draw; enough to keep a processor busy.
const BATCH: usize = 32;

/// One pass over the candidates that stops at each as early as the picks allow.
///
/// Filtering fills a batch without a branch on the outcome, then the batch is drawn: a processor
/// guesses neither wrong, and works on several draws at a time.
fn scan<'c>(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let mut slate = Slate::new(input.draws_max);
    let mut batch = [None; BATCH];
    let (mut size, mut eligible) = (0, 0);
    for candidate in candidates {
        batch[size] = Some(candidate);
        size += usize::from(filter.passes(candidate));
        if size == BATCH {
            draw_batch(input, &batch, &mut slate, bid_in_time);
            eligible += BATCH;
            size = 0;
        }
    }
    draw_batch(input, &batch[..size], &mut slate, bid_in_time);
    let eligible = u32::try_from(eligible + size).expect("fewer than 2^32 candidates");
    slate.into_round(input.scoring, eligible)
}

/// Draws for each of `batch`, and looks closer at those that could enter the slate.
fn draw_batch(
    input: &RoundInput<'_>,
    batch: &[Option<&Candidate>],
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let mut threshold = slate.threshold();
    for candidate in batch.iter().flatten() {
        let uniform = input.scoring.draw(input.ticket, candidate);
        let points_max = input.scoring.points_max(candidate.merit);
        if input.scoring.key_bound(points_max, uniform) >= threshold {
            consider(input, candidate, uniform, slate, bid_in_time);
            threshold = slate.threshold();
        }
    }
}

/// Puts `candidate` on the slate when it belongs there and its bid came in time.
#[inline(never)]
fn consider(
    input: &RoundInput<'_>,
    candidate: &Candidate,
    uniform: u64,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let rtt =
        candidate.rtt(input.rtt_from_tenant).expect("an eligible candidate's region is known");
    let points = input.scoring.points_by_merit(input.order, candidate, rtt);
    if input.scoring.key_bound(points, uniform) < slate.threshold() {
        return;
    }
    let rank = Rank::new(input.scoring.key(points, uniform), candidate);
    if !slate.can_enter(&rank) {
        return;
    }
    if bid_in_time(candidate) {
        slate.insert(Entry { rank, provider: candidate.provider, points });
    } else {
        slate.note_late(rank);
    }
}

/// Everything evaluated, everybody asked, all sorted.
fn sort<'c>(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let mut entries: Vec<(Entry, bool)> = candidates
        .filter(|candidate| filter.check(candidate).is_ok())
        .map(|candidate| (evaluate(input, candidate), bid_in_time(candidate)))
        .collect();
    entries.sort_by_key(|(entry, _)| entry.rank);

    let eligible = u32::try_from(entries.len()).expect("fewer than 2^32 candidates");
    let best_late = entries.iter().find(|(_, in_time)| !in_time).map(|(entry, _)| entry.rank);
    let in_time = entries.into_iter().filter(|(_, in_time)| *in_time).map(|(entry, _)| entry);
    let size_max = input.draws_max as usize;
    Slate { entries: in_time.take(size_max).collect(), size_max, best_late }
        .into_round(input.scoring, eligible)
}

/// A candidate's rank by its whole score card.
fn evaluate(input: &RoundInput<'_>, candidate: &Candidate) -> Entry {
    let rtt =
        candidate.rtt(input.rtt_from_tenant).expect("an eligible candidate's region is known");
    let points = input.scoring.points(&input.scoring.card(input.order, candidate, rtt));
    let draw_key = input.scoring.key(points, input.ticket.uniform(candidate.key, SELECTION));
    Entry { rank: Rank::new(draw_key, candidate), provider: candidate.provider, points }
}
