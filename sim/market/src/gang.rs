//! Groups of nodes for one order: drawn without replacement, near to each other, all or nothing.
//!
//! The order says what each member must be (GPUs on its node, card, price); the gang says how
//! many, and how near to each other. Members are drawn as the redraws of a round are: in the order
//! of their keys, which is a draw without replacement. A provider gives one node to a gang, never
//! two, because a candidate says only what its best node has free.
//!
//! To find the best group in which everybody is near to everybody is the clique problem, which has
//! no quick answer. The rule here is greedy, the same on every machine: each ranked candidate in
//! turn leads, and the others join in rank order when they are within the bound of all who have
//! joined. The first lead with enough members has the gang. It never breaks the bound, and finds
//! the best of the ranking whenever all are near; a group that only an exhaustive search finds, it
//! may miss (`tests/gangs.rs` counts how often).
//!
//! Source: protocol.md 9.7. There the pairwise term lowers a score; the bound is ours, because a
//! job that exchanges gradients waits for its farthest pair (economics.md 1.14).

use crate::candidate::Candidate;
use crate::eligible::SoftFilters;
use crate::round::{Pick, Round, RoundInput, decide, sort};
use std::collections::BTreeMap;
use units::{ProviderId, Span};

/// What a group of nodes must be, beside what the order asks of each.
#[derive(Clone, Copy, Debug)]
pub struct GangInput<'a> {
    /// How many nodes, each of a provider of its own; at least one.
    pub members: u32,
    /// The longest round trip between two members; none for no bound. Not read for one member.
    pub pairwise_rtt_max: Option<Span>,
    /// Round trips between regions, a row for each `RegionId`.
    pub rtt_between: &'a [&'a [Span]],
}

impl GangInput<'_> {
    /// Whether two members may work together: the way between their regions and both last miles
    /// are within the bound. A region without a row is near to nobody.
    fn can_join(&self, a: &Candidate, b: &Candidate) -> bool {
        let Some(bound) = self.pairwise_rtt_max else { return true };
        let row = self.rtt_between.get(a.region.index());
        let Some(between_regions) = row.and_then(|row| row.get(b.region.index())) else {
            return false;
        };
        let last_miles = a.last_mile.nanos().saturating_add(b.last_mile.nanos());
        between_regions.nanos().saturating_add(last_miles) <= bound.nanos()
    }
}

/// The outcome of a round for a gang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GangRound {
    /// All members, best key first; or nobody.
    pub members: Vec<Pick>,
    /// Who stands in after misses, in this order, at most one less than the draws in all. Members
    /// and spares are all within the bound of each other, so that any spare can take any place,
    /// whoever else has been replaced.
    pub spares: Vec<Pick>,
    /// The filters without which the gang was found, because with them there was none.
    pub dropped: SoftFilters,
    /// Whether a bid that ranks among the members and spares, or any at all where there are too
    /// few of these, came after the window had closed.
    pub late: bool,
}

/// Draws a gang for an order: all members or none.
///
/// `input.draws_max` counts the first draw, of all members, and each redraw of one. A gang of one
/// is the round of `match_round`.
///
/// ```
/// # use market::{
/// #     Candidate, Core, Forms, GangInput, LowestPrice, Mode, Order, RoundInput, Scoring,
/// #     SoftFilters, Ticket, Weights, match_gang,
/// # };
/// # use units::{EntityKey, GpuHourPrice, RegionId, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let scoring = Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("they score");
/// let candidates = [(0, 100), (1, 110), (0, 120)].map(|(region, bid)| {
///     let mut c = Candidate::plain(EntityKey(bid), bid as u32, Mode::Fizz, price(bid));
///     c.region = RegionId(region);
///     c.merit = scoring.merit(&c.standing);
///     c
/// });
/// let [near, far] = [2, 80].map(Span::from_millis);
/// let input = RoundInput {
///     order: &order,
///     rtt_from_tenant: &[near, far],
///     ticket: Ticket::new(1, order.key, 7, b"beacon"),
///     core: Core::LowestPrice(LowestPrice),
///     scoring: &scoring,
///     draws_max: 3,
///     soft: SoftFilters::default(),
/// };
/// let two = GangInput {
///     members: 2,
///     pairwise_rtt_max: Some(Span::from_millis(10)),
///     rtt_between: &[&[near, far], &[far, near]],
/// };
/// let round = match_gang(&input, &two, candidates.iter(), |_| true);
/// let prices: Vec<_> = round.members.iter().map(|pick| pick.price.nanos()).collect();
/// assert_eq!(prices, [100, 120]); // the second cheapest is an ocean away
/// let three = GangInput { members: 3, ..two };
/// assert!(match_gang(&input, &three, candidates.iter(), |_| true).members.is_empty());
/// ```
///
/// # Panics
/// When the gang has no members.
pub fn match_gang<'c, C>(
    input: &RoundInput<'_>,
    gang: &GangInput<'_>,
    candidates: C,
    mut bid_in_time: impl FnMut(&Candidate) -> bool,
) -> GangRound
where
    C: Iterator<Item = &'c Candidate> + Clone,
{
    assert!(gang.members > 0, "a gang has members");
    let members = gang.members as usize;
    let redraws = input.draws_max.saturating_sub(1) as usize;
    let size_max = if input.draws_max == 0 { 0 } else { members.saturating_add(redraws) };
    let everybody = RoundInput { draws_max: u32::MAX, ..*input };
    let mut round = decide(&everybody, |filter| {
        let ranked = sort(&everybody, filter, candidates.clone(), &mut bid_in_time);
        let places = if is_free(gang) {
            (0..ranked.providers().count().min(size_max)).collect()
        } else {
            let of = by_provider(candidates.clone());
            let ranking: Vec<&Candidate> = ranked.providers().map(|id| of[&id]).collect();
            gather(gang, &ranking, size_max)
        };
        let places = if places.len() < members { Vec::new() } else { places };
        ranked.keep(&places, size_max).into_round(input.scoring)
    });
    let spares = round.picks.split_off(members.min(round.picks.len()));
    let Round { picks: members, dropped, late } = round;
    GangRound { members, spares, dropped, late }
}

/// Whether any members can work together.
fn is_free(gang: &GangInput<'_>) -> bool {
    gang.members == 1 || gang.pairwise_rtt_max.is_none()
}

fn by_provider<'c>(
    candidates: impl Iterator<Item = &'c Candidate>,
) -> BTreeMap<ProviderId, &'c Candidate> {
    candidates.map(|candidate| (candidate.provider, candidate)).collect()
}

/// The places in `ranking`, ascending, of the gang of the first lead that has one, and of as many
/// spares as `size_max` leaves room for.
fn gather(gang: &GangInput<'_>, ranking: &[&Candidate], size_max: usize) -> Vec<usize> {
    for lead in 0..ranking.len() {
        let mut places = vec![lead];
        for at in (0..ranking.len()).filter(|at| *at != lead) {
            if places.len() >= size_max {
                break;
            }
            if places.iter().all(|other| gang.can_join(ranking[*other], ranking[at])) {
                places.push(at);
            }
        }
        if places.len() >= gang.members as usize {
            places.sort_unstable();
            return places;
        }
    }
    Vec::new()
}
