//! One round of matching: who passes, how they rank, and who is next after a miss.
//!
//! [`match_round`] asks as little as it can under the default core: it evaluates a bid's arrival
//! only when the bid would be among the picks, and a draw only when a bound says that it could
//! matter. [`match_round_eager`] evaluates everything and sorts; both give the same round, always.

use crate::beacon::Ticket;
use crate::bounds::TermBounds;
use crate::candidate::Candidate;
use crate::core::{Contest, Core, Entrant};
use crate::eligible::{Filter, SoftFilters};
use crate::factor::Forms;
use crate::noise::Noise;
use crate::order::Order;
use crate::score::{DrawKey, Points, Scoring};
use crate::weights::Weights;
use std::cmp::Reverse;
use std::collections::BTreeSet;
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
    /// How the admitted bids are ranked.
    pub core: Core,
    /// Weights and forms of the factors.
    pub scoring: &'a Scoring,
    /// Draws in all: the first, and the redraws after misses.
    pub draws_max: u32,
    /// Which filters are dropped rather than leave nobody.
    pub soft: SoftFilters,
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
    /// The filters without which the picks were made, because nobody in time met them.
    pub dropped: SoftFilters,
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
/// `bid_in_time` tells whether the bid of a candidate came inside the window. It must not change
/// its mind. Under the default core it is asked only for candidates that would be among the picks,
/// possibly twice: nobody else's bid matters, so the picks are those of asking everybody.
pub fn match_round<'c, C>(
    input: &RoundInput<'_>,
    candidates: C,
    mut bid_in_time: impl FnMut(&Candidate) -> bool,
) -> Round
where
    C: Iterator<Item = &'c Candidate> + Clone,
{
    let Core::WeightedSoftmax(_) = input.core else {
        return match_round_eager(input, candidates, bid_in_time);
    };
    let mut noise = Noise::new(input.ticket);
    decide(input, |filter| scan(input, filter, candidates.clone(), &mut noise, &mut bid_in_time))
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
    decide(input, |filter| {
        sort(input, filter, candidates.clone(), &mut bid_in_time).into_round(input.scoring)
    })
}

/// The pick among `candidates` under balanced weights, with every bid in time, no round trip
/// between regions and a ticket of zeros: for examples and first steps.
pub fn first_pick(core: Core, order: &Order, candidates: &[Candidate]) -> Option<Pick> {
    let forms = Forms::capped_at(50);
    let scoring = Scoring::new(Weights::BALANCED, forms).expect("the default weights score");
    let mut candidates = candidates.to_vec();
    for candidate in &mut candidates {
        candidate.merit = scoring.merit(&candidate.standing);
    }
    let input = RoundInput {
        order,
        rtt_from_tenant: &[Span::ZERO; 64],
        ticket: Ticket::new(0, order.key, 0, &[]),
        core,
        scoring: &scoring,
        draws_max: 1,
        soft: SoftFilters::default(),
    };
    match_round(&input, candidates.iter(), |_| true).picks.first().copied()
}

/// One pass under all filters; while it finds nobody, one without each soft filter that is in
/// force, then without both.
pub(crate) fn decide(input: &RoundInput<'_>, mut pass: impl FnMut(&Filter<'_>) -> Round) -> Round {
    let all = Filter::new(input.order, input.rtt_from_tenant);
    let mut round = pass(&all);
    let is_latency_soft = input.soft.latency_bound && input.order.latency_bound.is_some();
    let is_cap_soft = input.soft.owner_cap && input.order.owner_leases_max.is_some();
    for (latency_bound, owner_cap) in [(true, false), (false, true), (true, true)] {
        if !round.picks.is_empty() {
            break;
        }
        if (latency_bound && !is_latency_soft) || (owner_cap && !is_cap_soft) {
            continue;
        }
        let dropped = SoftFilters { latency_bound, owner_cap };
        round = pass(&all.without(dropped));
        if !round.picks.is_empty() {
            round.dropped = dropped;
        }
    }
    round
}

/// The order of candidates, best first: the larger key; on a tie the lower price, the fewer
/// slashes, the earlier join, the lower identity. Source: protocol.md 9.7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    draw_key: Reverse<DrawKey>,
    price: GpuHourPrice,
    slash_halves: u32,
    joined_at: SimTime,
    key: EntityKey,
}

impl Rank {
    pub(crate) fn new(draw_key: DrawKey, candidate: &Candidate) -> Rank {
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
pub(crate) struct Entry {
    pub(crate) rank: Rank,
    pub(crate) provider: ProviderId,
    pub(crate) points: Points,
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
pub(crate) struct Slate {
    entries: Vec<Entry>,
    size_max: usize,
    best_late: Option<Rank>,
}

impl Slate {
    pub(crate) fn new(draws_max: u32) -> Slate {
        Slate { entries: Vec::new(), size_max: draws_max as usize, best_late: None }
    }

    /// The key below which nobody enters.
    pub(crate) fn threshold(&self) -> DrawKey {
        match self.entries.last() {
            Some(worst) if self.entries.len() == self.size_max => worst.rank.draw_key.0,
            _ => DrawKey(i64::MIN),
        }
    }

    /// The points below which nobody enters when points alone decide.
    pub(crate) fn points_needed(&self) -> Points {
        match self.entries.last() {
            Some(worst) if self.entries.len() == self.size_max => worst.points,
            _ => Points(0),
        }
    }

    /// Whether `rank` is among the best so far.
    pub(crate) fn can_enter(&self, rank: &Rank) -> bool {
        if self.entries.len() < self.size_max {
            return true;
        }
        self.entries.last().is_some_and(|worst| *rank < worst.rank)
    }

    pub(crate) fn insert(&mut self, entry: Entry) {
        let at = self.entries.partition_point(|other| other.rank < entry.rank);
        self.entries.insert(at, entry);
        self.entries.truncate(self.size_max);
    }

    pub(crate) fn note_late(&mut self, rank: Rank) {
        self.best_late = Some(self.best_late.map_or(rank, |best| best.min(rank)));
    }

    /// Whose the entries are, best first.
    pub(crate) fn providers(&self) -> impl Iterator<Item = ProviderId> {
        self.entries.iter().map(|entry| entry.provider)
    }

    /// The entries at `places`, which ascend, alone, on a slate for `size_max`.
    pub(crate) fn keep(self, places: &[usize], size_max: usize) -> Slate {
        let is_kept = |(at, entry)| places.binary_search(&at).is_ok().then_some(entry);
        let entries = self.entries.into_iter().enumerate().filter_map(is_kept).collect();
        Slate { entries, size_max, ..self }
    }

    pub(crate) fn into_round(self, scoring: &Scoring) -> Round {
        let late = self.best_late.is_some_and(|rank| self.can_enter(&rank));
        let picks = self.entries.into_iter().map(|entry| entry.into_pick(scoring)).collect();
        Round { picks, dropped: SoftFilters::default(), late }
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
    noise: &mut Noise,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let bounds = TermBounds::new(input.scoring, input.order, input.rtt_from_tenant);
    let mut slate = Slate::new(input.draws_max);
    let mut batch = [None; BATCH];
    let mut size = 0;
    for candidate in candidates {
        batch[size] = Some(candidate);
        size += usize::from(filter.passes(candidate));
        if size == BATCH {
            draw_batch(input, &bounds, &batch, noise, &mut slate, bid_in_time);
            size = 0;
        }
    }
    draw_batch(input, &bounds, &batch[..size], noise, &mut slate, bid_in_time);
    slate.into_round(input.scoring)
}

/// Bounds the key of each of `batch`, and looks closer at those that could enter the slate.
fn draw_batch(
    input: &RoundInput<'_>,
    bounds: &TermBounds,
    batch: &[Option<&Candidate>],
    noise: &mut Noise,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let is_noisy = input.scoring.is_noisy();
    let mut threshold = slate.threshold();
    for candidate in batch.iter().flatten() {
        let points_max = bounds.points(candidate);
        let noise_max = if is_noisy { noise.bound(candidate.number) } else { 0 };
        if input.scoring.key(points_max, candidate, noise_max) < threshold {
            continue;
        }
        let noise_max = if is_noisy { noise.gumbel_bound(candidate.number) } else { 0 };
        if input.scoring.key(points_max, candidate, noise_max) >= threshold {
            consider(input, candidate, noise, slate, bid_in_time);
            threshold = slate.threshold();
        }
    }
}

/// Puts `candidate` on the slate when it belongs there and its bid came in time.
#[inline(never)]
fn consider(
    input: &RoundInput<'_>,
    candidate: &Candidate,
    noise: &mut Noise,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let rtt = known_rtt(input, candidate);
    let points = input.scoring.points_by_merit(input.order, candidate, rtt);
    let gumbel = if input.scoring.is_noisy() { noise.gumbel(candidate.number) } else { 0 };
    let rank = Rank::new(input.scoring.key(points, candidate, gumbel), candidate);
    if !slate.can_enter(&rank) {
        return;
    }
    if bid_in_time(candidate) {
        slate.insert(Entry { rank, provider: candidate.provider, points });
    } else {
        slate.note_late(rank);
    }
}

fn known_rtt(input: &RoundInput<'_>, candidate: &Candidate) -> Span {
    candidate.rtt(input.rtt_from_tenant).expect("an eligible candidate's region is known")
}

/// Everything evaluated, everybody asked, all sorted.
pub(crate) fn sort<'c>(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Slate {
    let mut noise = Noise::new(input.ticket);
    let eligible = candidates.filter(|candidate| filter.check(candidate).is_ok());
    let (admitted, late): (Vec<_>, Vec<_>) = eligible
        .map(|candidate| evaluate(input, candidate, &mut noise))
        .partition(|entrant| bid_in_time(entrant.candidate));
    let size_max = input.draws_max as usize;
    let entries = rank(input, &admitted).into_iter().take(size_max).collect();
    let mut slate = Slate { entries, size_max, best_late: None };
    if !late.is_empty() {
        // Some cores rank by the whole set: a late bid is ranked as if all late ones had counted.
        let everybody: Vec<Entrant<'_>> = admitted.iter().chain(&late).copied().collect();
        let late: BTreeSet<ProviderId> = late.iter().map(|e| e.candidate.provider).collect();
        let mut ranked = rank(input, &everybody).into_iter();
        let best_late = ranked.find(|entry| late.contains(&entry.provider));
        slate.best_late = best_late.map(|entry| entry.rank);
    }
    slate
}

/// The entrants as the core ranks them, best first.
fn rank(input: &RoundInput<'_>, entrants: &[Entrant<'_>]) -> Vec<Entry> {
    let contest = Contest { order: input.order, ticket: input.ticket, scoring: input.scoring };
    let keys = input.core.keys(&contest, entrants);
    assert_eq!(keys.len(), entrants.len(), "a core gives every entrant a key");
    let mut entries: Vec<Entry> = keys
        .into_iter()
        .zip(entrants)
        .map(|(key, entrant)| Entry {
            rank: Rank::new(key, entrant.candidate),
            provider: entrant.candidate.provider,
            points: entrant.points,
        })
        .collect();
    entries.sort_by_key(|entry| entry.rank);
    entries
}

/// A candidate's whole score card and its noise.
fn evaluate<'c>(
    input: &RoundInput<'_>,
    candidate: &'c Candidate,
    noise: &mut Noise,
) -> Entrant<'c> {
    let rtt = known_rtt(input, candidate);
    let points = input.scoring.points(&input.scoring.card(input.order, candidate, rtt));
    Entrant { candidate, rtt, points, noise: noise.gumbel(candidate.number) }
}
