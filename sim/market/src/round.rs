//! One round of matching: who passes, how they rank, and who is next after a miss.
//!
//! [`match_round`] asks as little as it can under the default core: it evaluates a bid's arrival
//! only when the bid would be among the picks, and a draw only when a bound says that it could
//! matter. [`match_round_eager`] evaluates everything and sorts; both give the same round, always.

mod slate;

mod scan;

mod sort;

pub(crate) use slate::{Entry, Rank, Slate};
pub(crate) use sort::sort;

use crate::beacon::Ticket;
use crate::candidate::Candidate;
use crate::core::Core;
use crate::eligible::{Filter, SoftFilters};
use crate::factor::Forms;
use crate::noise::Noise;
use crate::order::Order;
use crate::score::{DrawKey, Scoring};
use crate::weights::Weights;
use scan::scan;
use units::{EntityKey, GpuHourPrice, Ppm, ProviderId, Span};

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

fn known_rtt(input: &RoundInput<'_>, candidate: &Candidate) -> Span {
    candidate.rtt(input.rtt_from_tenant).expect("an eligible candidate's region is known")
}
