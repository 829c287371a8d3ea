//! The candidates of one place: same service, region, card and trust tier. A tree of blocks, 32
//! to one, over slots in which like stands beside like.

use super::cluster;
use super::columns::{FULL, Row, UNIT, WIDTH};
use super::post::Post;
use super::tree::Tree;
use crate::candidate::Candidate;
use crate::order::Mode;
use crate::score::{Scoring, score_standing};
use units::{CardId, Ppm, RegionId, TrustTier};

/// Steps of the last mile: 2^16 ns, so that 15 bits reach two seconds.
pub(crate) const LAST_MILE_BITS: u32 = 16;

/// What all candidates of a bucket share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) mode: Mode,
    pub(crate) region: RegionId,
    pub(crate) card: CardId,
    pub(crate) trust_tier: Option<TrustTier>,
}

impl Place {
    pub(crate) fn of(candidate: &Candidate) -> Place {
        let Candidate { mode, region, card, trust_tier, .. } = *candidate;
        Place { mode, region, card, trust_tier }
    }

    /// Places sort by this.
    pub(crate) fn key(self) -> (bool, u16, u16, u8) {
        let tier = self.trust_tier.map_or(0, TrustTier::number);
        (self.mode == Mode::Provider, self.region.0, self.card.0, tier)
    }
}

/// A candidate with its static scores.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) candidate: Candidate,
    /// Uptime, reputation, slash, stake: exact.
    pub(crate) statics: [Ppm; 4],
    /// What the columns hold for them, rounded up.
    pub(crate) columns: [i16; 4],
}

impl Member {
    /// A candidate with a column for each static score.
    pub(crate) fn new(candidate: Candidate, scoring: &Scoring) -> Member {
        let statics = score_standing(&candidate.standing, scoring.forms());
        Member { candidate, statics, columns: statics.map(|score| compute_units(score, 0)) }
    }
}

/// The candidates of one place.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    pub(crate) place: Place,
    /// A bid in the columns is in steps of 2 to this power, in nano-dollars per GPU-hour.
    pub(crate) bid_bits: u32,
    /// A row for each slot.
    pub(crate) tree: Tree,
    /// By slot. Their free GPUs may be old: what they are now stands in their posts.
    members: Vec<Option<Member>>,
    vacant: Vec<u32>,
}

impl Bucket {
    /// A bucket of `members`, at least one; `scales` say how much each static column and the bid
    /// count in the sense of likeness.
    pub(crate) fn new(mut members: Vec<Member>, scales: &cluster::Scales) -> Bucket {
        let first = members.first().expect("a bucket is made for somebody");
        let place = Place::of(&first.candidate);
        let bids = members.iter().map(|member| member.candidate.bid.nanos());
        let bid_bits = compute_bid_bits(bids.max().unwrap_or(0));
        cluster::arrange(&mut members, |member, axis| match member.columns.get(axis) {
            Some(column) => i32::from(*column) * scales.statics[axis],
            None => i32::from(compute_step(member.candidate.bid.nanos(), bid_bits)) * scales.bid,
        });
        Bucket {
            place,
            bid_bits,
            tree: Tree::new(members.iter().map(|member| make_row(member, bid_bits))),
            members: members.into_iter().map(Some).collect(),
            vacant: Vec::new(),
        }
    }

    /// Who stands in `slot`.
    #[inline]
    pub(crate) fn member(&self, slot: usize) -> Option<&Member> {
        self.members[slot].as_ref()
    }

    /// Everybody with their slots.
    pub(crate) fn members(&self) -> impl Iterator<Item = (u32, &Member)> {
        let slots = 0..self.members.len() as u32;
        slots.zip(&self.members).filter_map(|(slot, member)| Some((slot, member.as_ref()?)))
    }

    /// Puts `member`, who belongs here, into `slot`, or takes away who is there.
    pub(crate) fn set(&mut self, slot: u32, member: Option<Member>) {
        if member.is_none() {
            self.vacant.push(slot);
        }
        let row = member.as_ref().map_or(Row::NOBODY, |member| make_row(member, self.bid_bits));
        self.members[slot as usize] = member;
        self.tree.set_row(slot as usize, row);
    }

    /// Finds a slot for `member`, who belongs here.
    pub(crate) fn insert(&mut self, member: Member) -> u32 {
        if self.vacant.is_empty() {
            self.grow();
        }
        let slot = self.vacant.pop().expect("a grown bucket has room");
        self.set(slot, Some(member));
        slot
    }

    /// Room for a block more.
    fn grow(&mut self) {
        let slots = (self.members.len() + 1).next_multiple_of(WIDTH);
        self.vacant.extend((self.members.len() as u32..slots as u32).rev());
        self.members.resize(slots, None);
        self.tree.grow(slots);
    }
}

/// What the columns hold of `member`. Who cannot have any order at all is nobody.
pub(crate) fn make_row(member: &Member, bid_bits: u32) -> Row {
    let Member { candidate: c, columns, .. } = member;
    if !c.is_active || !c.merit.is_staked {
        return Row::NOBODY;
    }
    Row {
        statics: *columns,
        bid: compute_step(c.bid.nanos(), bid_bits),
        last_mile: compute_step(c.last_mile.nanos(), LAST_MILE_BITS),
        room: Post::new(member, 0, 0).room(),
    }
}

/// A score in units, rounded up, `slack` millionths added before.
#[inline]
pub(crate) fn compute_units(score: Ppm, slack: u32) -> i16 {
    i16::try_from((score.0 + slack).div_ceil(UNIT)).unwrap_or(FULL).min(FULL)
}

/// `value` in steps of `2^bits`, rounded down.
pub(crate) fn compute_step(value: u64, bits: u32) -> i16 {
    i16::try_from(value >> bits).unwrap_or(i16::MAX)
}

/// The least power whose steps hold `most` in 15 bits.
pub(crate) fn compute_bid_bits(most: u64) -> u32 {
    (u64::BITS - most.leading_zeros()).saturating_sub(15)
}
