//! The best candidates so far, in the order in which they are picked.

use super::{Pick, Round};
use crate::candidate::Candidate;
use crate::eligible::SoftFilters;
use crate::score::{DrawKey, Points, Scoring};
use std::cmp::Reverse;
use units::{EntityKey, GpuHourPrice, ProviderId, SimTime};

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
    pub(super) entries: Vec<Entry>,
    pub(super) size_max: usize,
    pub(super) best_late: Option<Rank>,
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
