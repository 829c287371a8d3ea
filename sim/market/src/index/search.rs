//! Best bound first, until no bound reaches the worst pick.

use super::Index;
use super::bound::{Question, compute_need};
use super::bucket::{Bucket, Member};
use super::columns::{Probe, Sums, WIDTH};
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::round::{Entry, Rank, Round, RoundInput, Slate};
use crate::score::Points;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A block that waits to be opened, ordered by its bound.
#[derive(Clone, Copy)]
struct Node {
    bound: i32,
    level: u32,
    place: u32,
    /// Which of the probed buckets.
    probed: u32,
}

impl Ord for Node {
    #[inline]
    fn cmp(&self, other: &Node) -> Ordering {
        self.bound.cmp(&other.bound)
    }
}

impl PartialOrd for Node {
    #[inline]
    fn partial_cmp(&self, other: &Node) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Node) -> bool {
        self.bound == other.bound
    }
}

impl Eq for Node {}

/// One pass over the index under `filter`.
pub(super) fn search(
    index: &Index,
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let mut slate = Slate::new(input.draws_max);
    if input.draws_max == 0 {
        return slate.into_round(input.scoring);
    }
    let mut search = Search::new(index, input, filter);
    while let Some(node) = search.waiting.pop() {
        if node.bound < compute_need(slate.points_needed()) {
            break;
        }
        search.open(node, &mut slate, bid_in_time);
    }
    slate.into_round(input.scoring)
}

/// One pass over all rows of the buckets that can hold an answer.
pub(super) fn scan_buckets(
    index: &Index,
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let mut slate = Slate::new(input.draws_max);
    let mut question =
        Question::new(input, filter, index.static_weights(input.scoring), index.miles);
    let mut sums = [0; WIDTH];
    for bucket in index.buckets_in(filter.places()) {
        let Some(probe) = question.probe(&bucket.place, bucket.bid_bits) else { continue };
        let mut at = 0;
        loop {
            let need = compute_need(slate.points_needed());
            let rest = &bucket.tree.level(0)[at..];
            let Some((place, _)) = index.kernel.find(rest, &probe, need, &mut sums) else { break };
            for lane in lanes_above(&sums, need) {
                let member = index.member(bucket, (at + place) * WIDTH + lane);
                if sums[lane] >= compute_need(slate.points_needed())
                    && let Some(member) = member
                {
                    consider(input, filter, &member, &mut slate, bid_in_time);
                }
            }
            at += place + 1;
        }
    }
    slate.into_round(input.scoring)
}

/// A bucket that is asked, and the bounds of the rows of its root.
#[derive(Clone, Copy)]
struct Probed<'a> {
    bucket: &'a Bucket,
    probe: Probe,
    sums: Sums,
}

struct Search<'a> {
    index: &'a Index,
    input: &'a RoundInput<'a>,
    filter: &'a Filter<'a>,
    probed: Vec<Probed<'a>>,
    waiting: BinaryHeap<Node>,
}

impl<'a> Search<'a> {
    /// The roots of all buckets that can hold an answer.
    fn new(index: &'a Index, input: &'a RoundInput<'a>, filter: &'a Filter<'a>) -> Search<'a> {
        let statics = index.static_weights(input.scoring);
        let mut question = Question::new(input, filter, statics, index.miles);
        let mut probed = Vec::with_capacity(4);
        let mut roots = Vec::with_capacity(32);
        let mut sums = [0; WIDTH];
        for bucket in index.buckets_in(filter.places()) {
            let Some(probe) = question.probe(&bucket.place, bucket.bid_bits) else { continue };
            let level = bucket.tree.top();
            if let Some((_, bound)) =
                index.kernel.find(bucket.tree.level(level), &probe, 0, &mut sums)
            {
                let (level, probes) = (level as u32, probed.len() as u32);
                roots.push(Node { bound, level, place: 0, probed: probes });
                probed.push(Probed { bucket, probe, sums });
            }
        }
        Search { index, input, filter, probed, waiting: BinaryHeap::from(roots) }
    }

    /// Opens a block: its best row at once and all the way down, the others in their turn. They
    /// wait until the best has been met, for few of them can win then.
    fn open(
        &mut self,
        node: Node,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let Probed { bucket, probe, mut sums } = self.probed[node.probed as usize];
        let need = compute_need(slate.points_needed());
        let mut most = node.bound;
        if (node.level as usize) < bucket.tree.top() {
            let block = &bucket.tree.level(node.level as usize)[node.place as usize..][..1];
            let found = self.index.kernel.find(block, &probe, need, &mut sums);
            let Some((_, bound)) = found else { return };
            most = bound;
        }
        if node.level == 0 {
            return self.meet((bucket, node.place), &sums, [need, most], slate, bid_in_time);
        }
        let child = |lane: usize| Node {
            bound: sums[lane],
            level: node.level - 1,
            place: node.place * WIDTH as u32 + lane as u32,
            probed: node.probed,
        };
        let best = lane_of(&sums, most);
        self.open(child(best), slate, bid_in_time);
        let need = compute_need(slate.points_needed());
        self.waiting.extend(lanes_above(&sums, need).without(best).map(child));
    }

    /// Meets the candidates of a block whose bounds reach the slate, the best bound first.
    fn meet(
        &self,
        (bucket, place): (&Bucket, u32),
        sums: &Sums,
        [need, most]: [i32; 2],
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let best = lane_of(sums, most);
        for lane in std::iter::once(best).chain(lanes_above(sums, need).without(best)) {
            if sums[lane] < compute_need(slate.points_needed()) {
                continue;
            }
            if let Some(member) = self.index.member(bucket, place as usize * WIDTH + lane) {
                consider(self.input, self.filter, &member, slate, bid_in_time);
            }
        }
    }
}

/// Meets a candidate whose points alone decide.
#[inline]
pub(super) fn consider(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    member: &Member,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let candidate = &member.candidate;
    let rank = |points| Rank::new(input.scoring.key(points, candidate, 0), candidate);
    meet(input, filter, member, rank, slate, bid_in_time);
}

/// Puts a candidate on the slate when it belongs there and its bid came in time.
pub(super) fn meet(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    member: &Member,
    rank: impl Fn(Points) -> Rank,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let Member { candidate, statics, .. } = member;
    if !filter.passes(candidate) {
        return;
    }
    let Some(rtt) = candidate.rtt(input.rtt_from_tenant) else { return };
    let points = input.scoring.points_by_statics(input.order, candidate, rtt, *statics);
    let rank = rank(points);
    if !slate.can_enter(&rank) {
        return;
    }
    if bid_in_time(candidate) {
        slate.insert(Entry { rank, provider: candidate.provider, points });
    } else {
        slate.note_late(rank);
    }
}

/// The rows whose bound reaches `need`, as bits.
#[inline]
pub(super) fn lanes_above(sums: &Sums, need: i32) -> Lanes {
    let mut bits = 0;
    for (lane, sum) in sums.iter().enumerate() {
        bits |= u32::from(*sum >= need) << lane;
    }
    Lanes(bits)
}

/// Rows of a block, as bits, from the lowest.
#[derive(Clone, Copy)]
pub(super) struct Lanes(u32);

impl Lanes {
    /// All but `lane`.
    fn without(self, lane: usize) -> Lanes {
        Lanes(self.0 & !(1 << lane))
    }
}

impl Iterator for Lanes {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let lane = self.0.trailing_zeros();
        self.0 &= self.0.wrapping_sub(1);
        (lane < u32::BITS).then_some(lane as usize)
    }
}

/// The row with the bound `most`, which one of them has.
#[inline]
fn lane_of(sums: &Sums, most: i32) -> usize {
    lanes_above(sums, most).next().expect("the largest is among them")
}
