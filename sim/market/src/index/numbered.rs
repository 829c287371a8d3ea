//! The candidates by registration number: the same tree as that of the noise.
//!
//! A draw cannot be searched by score alone, for anybody may have drawn the most. But the noise of
//! a round is a tree over numbers, and so are these rows: the bound of a block is its best score
//! and its own noise together, and what has neither is never opened.

use super::Index;
use super::bound::{Question, compute_need};
use super::bucket::{Member, compute_bid_bits, make_row};
use super::columns::{Probe, Ramp, Room, Row, UNIT, WIDTH};
use super::search::{lanes_above, meet};
use super::tree::Tree;
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::noise::{Node, Noise};
use crate::round::{Rank, Round, RoundInput, Slate};
use crate::score::{DrawKey, Points};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use units::{GpuCount, ProviderId};

/// Numbers below this are indexed; a registry counts from zero, so more are a mistake.
const NUMBERS_MAX: u32 = 1 << 26;

/// Candidates by number.
#[derive(Clone, Debug)]
pub(super) struct Numbered {
    tree: Tree,
    bid_bits: u32,
    /// Bucket and slot, by number.
    slots: Vec<Option<(u16, u32)>>,
    /// By provider, for all who were ever here.
    numbers: Vec<u32>,
    /// At least the free GPUs of everybody.
    free_most: GpuCount,
    /// Whose bounds are to be tightened next.
    loose: Option<u32>,
}

impl Numbered {
    /// Nobody yet, but room for bids up to `bid_most` nano-dollars per GPU-hour.
    pub(super) fn new(bid_most: u64) -> Numbered {
        Numbered {
            tree: Tree::new(std::iter::empty()),
            bid_bits: compute_bid_bits(bid_most),
            slots: Vec::new(),
            numbers: Vec::new(),
            free_most: GpuCount(0),
            loose: None,
        }
    }

    /// Puts `member`, who stands at `slot`, in its place.
    pub(super) fn set(&mut self, member: &Member, slot: (u16, u32)) {
        let number = member.candidate.number;
        assert!(number < NUMBERS_MAX, "number {number}: a registry counts from zero");
        let place = number as usize;
        if place >= self.slots.len() {
            self.tree.grow(place + 1);
            self.slots.resize(self.tree.slots(), None);
        }
        let provider = member.candidate.provider.index();
        if provider >= self.numbers.len() {
            self.numbers.resize(provider + 1, 0);
        }
        self.numbers[provider] = number;
        self.slots[place] = Some(slot);
        self.free_most = self.free_most.max(member.candidate.gpus_free);
        self.tree.set_row(place, make_row(member, self.bid_bits));
    }

    /// Forgets `provider`.
    pub(super) fn remove(&mut self, provider: ProviderId) {
        let number = self.numbers[provider.index()] as usize;
        self.slots[number] = None;
        self.tree.set_row(number, Row::NOBODY);
    }

    /// Changes what `provider` offers from `old` to `room`, with `free` GPUs.
    #[inline]
    pub(super) fn set_room(&mut self, provider: ProviderId, free: GpuCount, old: Room, room: Room) {
        self.free_most = self.free_most.max(free);
        let number = self.numbers[provider.index()];
        if self.tree.set_room(number as usize, old, room)
            && let Some(earlier) = self.loose.replace(number)
        {
            self.tree.tighten(earlier as usize);
        }
    }
}

/// A block that waits to be opened, with the noise of its numbers.
struct Open {
    bound: DrawKey,
    level: u32,
    noise: Node,
}

impl Ord for Open {
    fn cmp(&self, other: &Open) -> Ordering {
        self.bound.cmp(&other.bound)
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.bound == other.bound
    }
}

impl Eq for Open {}

/// One pass over the index under `filter`, best score and noise first.
pub(super) fn search(
    index: &Index,
    numbered: &Numbered,
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let mut slate = Slate::new(input.draws_max);
    let mut search = Search::new(index, numbered, input, filter);
    if let Some(probe) = search.ask() {
        search.run(&probe, &mut slate, bid_in_time);
    }
    slate.into_round(input.scoring)
}

struct Search<'a> {
    index: &'a Index,
    numbered: &'a Numbered,
    input: &'a RoundInput<'a>,
    filter: &'a Filter<'a>,
    noise: Noise,
    /// By bucket.
    is_asked: Vec<bool>,
    waiting: BinaryHeap<Open>,
}

impl<'a> Search<'a> {
    fn new(
        index: &'a Index,
        numbered: &'a Numbered,
        input: &'a RoundInput<'a>,
        filter: &'a Filter<'a>,
    ) -> Search<'a> {
        Search {
            index,
            numbered,
            input,
            filter,
            noise: Noise::new(input.ticket),
            is_asked: vec![false; index.buckets.len()],
            waiting: BinaryHeap::new(),
        }
    }

    /// What all rows are asked, with the score of the nearest region; nothing when no bucket has
    /// an answer.
    fn ask(&mut self) -> Option<Probe> {
        let Search { index, input, filter, .. } = *self;
        let statics = index.static_weights(input.scoring);
        let mut question = Question::new(input, filter, statics, index.miles);
        let mut common: Option<Probe> = None;
        for (is_asked, bucket) in self.is_asked.iter_mut().zip(&index.buckets) {
            if let Some(probe) = question.probe(&bucket.place, self.numbered.bid_bits) {
                *is_asked = true;
                let nearest = common.map_or(0, |common| common.region.full);
                let region = Ramp::flat(probe.region.full.max(nearest), i16::MAX);
                common = Some(Probe { region, ..probe });
            }
        }
        common
    }

    fn run(
        &mut self,
        probe: &Probe,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let level = (self.numbered.tree.top() + 1).min(Noise::ROOT as usize);
        for id in 0..self.numbered.tree.level(level - 1).len() as u32 {
            let noise = self.noise.node(level as u32, id);
            let bound = DrawKey(i64::MAX);
            self.waiting.push(Open { bound, level: level as u32, noise });
        }
        while let Some(open) = self.waiting.pop() {
            if open.bound < slate.threshold() {
                break;
            }
            self.open(&open, probe, slate, bid_in_time);
        }
    }

    /// Opens a block: its rows wait with noise of their own, candidates are met.
    fn open(
        &mut self,
        open: &Open,
        probe: &Probe,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let Open { level, noise, .. } = open;
        let need = compute_need(self.points_needed(slate, noise.bound()));
        let block = &self.numbered.tree.level(*level as usize - 1)[noise.id() as usize..][..1];
        let mut sums = [0; WIDTH];
        if self.index.kernel.find(block, probe, need, &mut sums).is_none() {
            return;
        }
        for lane in lanes_above(&sums, need) {
            let points = Points(sums[lane] as u64 * u64::from(UNIT));
            let id = noise.id() * WIDTH as u32 + lane as u32;
            if *level == 1 {
                self.draw(noise, id, points, slate, bid_in_time);
                continue;
            }
            let noise = self.noise.child(noise, level - 1, id);
            let bound = self.bound(points, noise.bound());
            if bound >= slate.threshold() {
                self.waiting.push(Open { bound, level: level - 1, noise });
            }
        }
    }

    /// Meets candidate `number` when its own noise and its bound of points reach the slate.
    fn draw(
        &self,
        block: &Node,
        number: u32,
        points: Points,
        slate: &mut Slate,
        bid_in_time: &mut impl FnMut(&Candidate) -> bool,
    ) {
        let Some((bucket, slot)) = self.numbered.slots[number as usize] else { return };
        if !self.is_asked[bucket as usize] {
            return;
        }
        let gumbel = self.noise.leaf(block, number);
        if self.bound(points, gumbel) < slate.threshold() {
            return;
        }
        if let Some(member) = self.index.member(&self.index.buckets[bucket as usize], slot as usize)
        {
            let rank = |points| {
                Rank::new(
                    self.input.scoring.key(points, &member.candidate, gumbel),
                    &member.candidate,
                )
            };
            meet(self.input, self.filter, &member, rank, slate, bid_in_time);
        }
    }

    /// A key that nobody with at most these points and this noise exceeds.
    fn bound(&self, points: Points, noise: i64) -> DrawKey {
        self.input.scoring.key_most(points, self.numbered.free_most, noise)
    }

    /// The points below which nobody with at most this noise enters the slate.
    fn points_needed(&self, slate: &Slate, noise: i64) -> Points {
        let rest = slate.threshold().0.saturating_sub(self.bound(Points(0), noise).0);
        self.input.scoring.points_reaching(rest)
    }
}
