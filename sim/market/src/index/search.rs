//! Best bound first, until no bound reaches the worst pick.

use super::Index;
use super::bound::{Question, asks, compute_need};
use super::bucket::{Bucket, Member};
use super::columns::{self, Found, Probe, Sums, WIDTH};
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::round::{Entry, Rank, Round, RoundInput, Slate};
use crate::score::Points;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Blocks that are opened side by side, so that their memory is waited for once: one miss takes as
/// long as several at a time.
const FRONT: usize = 4;

/// Blocks that are open at a time, as a rule: those few, on four levels. They stand on the stack,
/// for a search is so short that a few allocations were a seventh of it.
const OPEN: usize = 4 * FRONT;

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
    while search.advance(&mut slate, bid_in_time) {}
    meet_waiting(index, input, filter, &mut slate, bid_in_time);
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
            let found = index.kernel.find(rest, &probe, need, &mut sums);
            let Some(Found { place, .. }) = found else { break };
            for lane in lanes_above(&sums, need) {
                let member = index.settled(bucket, (at + place) * WIDTH + lane);
                if sums[lane] >= compute_need(slate.points_needed())
                    && let Some(member) = member
                {
                    consider(input, filter, &member, &mut slate, bid_in_time);
                }
            }
            at += place + 1;
        }
    }
    meet_waiting(index, input, filter, &mut slate, bid_in_time);
    slate.into_round(input.scoring)
}

/// A bucket that is asked.
struct Probed<'a> {
    bucket: &'a Bucket,
    probe: Probe,
    /// The row of its root with the best bound.
    best: usize,
}

/// A block that is open.
#[derive(Clone, Copy)]
struct Opened {
    node: Node,
    /// The place of its bounds among the sums; those of the roots come first.
    sums: usize,
    /// The row with the best of them.
    best: usize,
}

struct Search<'a> {
    index: &'a Index,
    input: &'a RoundInput<'a>,
    filter: &'a Filter<'a>,
    probed: SmallVec<[Probed<'a>; 4]>,
    waiting: BinaryHeap<Node>,
    sums: SmallVec<[Sums; OPEN]>,
    opened: SmallVec<[Opened; OPEN]>,
}

impl<'a> Search<'a> {
    /// The roots of all buckets that can hold an answer.
    fn new(index: &'a Index, input: &'a RoundInput<'a>, filter: &'a Filter<'a>) -> Search<'a> {
        let statics = index.static_weights(input.scoring);
        let mut question = Question::new(input, filter, statics, index.miles);
        let mut probed = SmallVec::new();
        let mut roots = Vec::with_capacity(32);
        let mut all_sums = SmallVec::new();
        let mut sums = [0; WIDTH];
        for bucket in index.buckets_in(filter.places()) {
            let Some(probe) = question.probe(&bucket.place, bucket.bid_bits) else { continue };
            let level = bucket.tree.top();
            let found = index.kernel.find(bucket.tree.level(level), &probe, 0, &mut sums);
            if let Some(Found { lane: best, bound, .. }) = found {
                let (level, probes) = (level as u32, probed.len() as u32);
                roots.push(Node { bound, level, place: 0, probed: probes });
                probed.push(Probed { bucket, probe, best });
                all_sums.push(sums);
            }
        }
        Search {
            index,
            input,
            filter,
            probed,
            waiting: BinaryHeap::from(roots),
            sums: all_sums,
            opened: SmallVec::new(),
        }
    }

    /// Opens the best that waits, a few side by side and each all the way down to its best row;
    /// says whether there was any. The rest of what they hold waits until those rows have been
    /// met, for little of it can win then.
    fn advance(
        &mut self,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) -> bool {
        let need = compute_need(slate.points_needed());
        let mut is_done = true;
        self.opened.clear();
        self.sums.truncate(self.probed.len());
        while self.opened.len() < FRONT
            && let Some(node) = self.waiting.peek()
            && node.bound >= need
        {
            let node = *node;
            self.waiting.pop();
            is_done = false;
            self.open(node, need);
        }
        let mut at = 0;
        while let Some(opened) = self.opened.get(at) {
            if opened.node.level > 0 {
                self.open(self.child(opened, opened.best), need);
            }
            at += 1;
        }
        self.meet_leaves(slate, bid_in_time);
        let need = compute_need(slate.points_needed());
        for opened in &self.opened {
            if opened.node.level > 0 {
                let others = lanes_above(&self.sums[opened.sums], need).without(opened.best);
                for lane in others {
                    let node = self.child(opened, lane);
                    self.waiting.push(node);
                }
            }
        }
        !is_done
    }

    /// Opens a block, unless no row of it reaches `need` after all.
    #[inline]
    fn open(&mut self, node: Node, need: i32) {
        let Probed { bucket, probe, best } = &self.probed[node.probed as usize];
        if node.level as usize == bucket.tree.top() {
            self.opened.push(Opened { node, sums: node.probed as usize, best: *best });
            return;
        }
        let block = &bucket.tree.level(node.level as usize)[node.place as usize..][..1];
        let mut sums = [0; WIDTH];
        let found = self.index.kernel.find(block, probe, need, &mut sums);
        if let Some(Found { lane: best, bound, .. }) = found {
            let node = Node { bound, ..node };
            self.opened.push(Opened { node, sums: self.sums.len(), best });
            self.sums.push(sums);
        }
    }

    /// The block that row `lane` of an open one stands for.
    #[inline]
    fn child(&self, opened: &Opened, lane: usize) -> Node {
        let Node { level, place, probed, .. } = opened.node;
        let place = place * WIDTH as u32 + lane as u32;
        Node { bound: self.sums[opened.sums][lane], level: level - 1, place, probed }
    }

    /// Meets the candidates of the open blocks of rows, the best block first.
    fn meet_leaves(&mut self, slate: &mut Slate, bid_in_time: &mut impl FnMut(&Candidate) -> bool) {
        let mut reached = i32::MAX;
        loop {
            let need = compute_need(slate.points_needed());
            let leaves = self.opened.iter().filter(|opened| opened.node.level == 0);
            let bounds = leaves.map(|leaf| leaf.node.bound);
            let next = bounds.filter(|bound| *bound < reached && *bound >= need).max();
            let Some(bound) = next else { return };
            for leaf in &self.opened {
                if leaf.node.level == 0 && leaf.node.bound == bound {
                    self.meet(leaf, slate, bid_in_time);
                }
            }
            reached = bound;
        }
    }

    /// Meets the candidates of a block whose bounds reach the slate, the best bound first.
    fn meet(
        &self,
        leaf: &Opened,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let bucket = self.probed[leaf.node.probed as usize].bucket;
        let sums = &self.sums[leaf.sums];
        let mut meet = |lane: usize, slate: &mut Slate| {
            let slot = leaf.node.place as usize * WIDTH + lane;
            if let Some(member) = self.index.settled(bucket, slot) {
                consider(self.input, self.filter, &member, slate, bid_in_time);
            }
        };
        meet(leaf.best, slate);
        let need = compute_need(slate.points_needed());
        for lane in lanes_above(sums, need).without(leaf.best) {
            if sums[lane] >= compute_need(slate.points_needed()) {
                meet(lane, slate);
            }
        }
    }
}

/// Meets those whose rows do not hold yet what they have free.
fn meet_waiting(
    index: &Index,
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    for member in index.waiting(|place| asks(input, filter, place)) {
        consider(input, filter, &member, slate, bid_in_time);
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

/// The rows whose bound reaches `need`.
#[inline]
pub(super) fn lanes_above(sums: &Sums, need: i32) -> Lanes {
    Lanes(columns::lanes_above(sums, need))
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
