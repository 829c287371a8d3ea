//! Operators: what they did in an era, what each sees, and the log of changes that views read.

use protocol::DecisionDigest;
use std::collections::{BTreeMap, VecDeque};
use units::{CardShare, GpuCount, OperatorId, ProviderId, SimTime, Span, Spon};

/// What an operator answered in an era. The first five exclude one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Signed in time what a full and present view gives.
    pub signed: u64,
    /// Signed something else in time.
    pub deviating: u64,
    /// Signed after the deadline.
    pub late: u64,
    /// Did not answer.
    pub absent: u64,
    /// Refused, because it censors the order.
    pub refused: u64,
    /// Signed what its own view does not give, in time or late.
    pub wrong: u64,
    /// Losses of stake.
    pub slashes: u64,
    /// Stake lost.
    pub slashed: Spon,
}

/// An operator.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    /// Its view: 0 is the full and present one, 1 the first of `World::views`.
    pub view: usize,
    /// What it answered in this era.
    pub answers: Answers,
}

/// A way to see the market that some operators share: late, or without some providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// How old what it knows of capacity is.
    pub lag: Span,
    /// Whom it lacks, by `ProviderId`; empty when it lacks nobody.
    pub hidden: Vec<bool>,
}

impl View {
    /// Whether it lacks a provider.
    pub fn hides(&self, id: ProviderId) -> bool {
        self.hidden.get(id.index()).copied().unwrap_or(false)
    }
}

/// A signature that its operator's view does not give, on its way to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Who signed.
    pub operator: OperatorId,
    /// What.
    pub signed: DecisionDigest,
    /// What its view gives.
    pub recomputed: DecisionDigest,
}

/// What a provider advertises that changes from moment to moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advertised {
    /// The largest number of GPUs free on one node.
    pub gpus_free_on_node: GpuCount,
    /// Free GPUs on all its nodes.
    pub gpus_free: GpuCount,
    /// The largest share free on one card.
    pub share_free_on_card: CardShare,
    /// Whether it serves.
    pub is_active: bool,
    /// When it last had more to offer than the moment before: since then its place in the queue of
    /// the idle counts, too.
    pub capacity_grew_at: SimTime,
}

/// One change of what a provider advertises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: SimTime,
    /// Whose.
    pub provider: ProviderId,
    /// What it advertised before.
    pub before: Advertised,
}

/// Changes in order of time, as far back as the oldest view reaches. Without old views it is empty.
#[derive(Clone, Debug, Default)]
pub struct ViewLog {
    kept: Span,
    changes: VecDeque<Change>,
}

impl ViewLog {
    /// A log that reaches back for `kept`.
    pub fn new(kept: Span) -> ViewLog {
        ViewLog { kept, changes: VecDeque::new() }
    }

    /// Notes a change, unless no view is old; forgets what no view reaches any more.
    pub fn note(&mut self, change: Change) {
        if self.kept.is_zero() {
            return;
        }
        let is_past = |old: &Change| change.at.saturating_since(old.at) >= self.kept;
        while self.changes.front().is_some_and(is_past) {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
    }

    /// The changes after `seen_at`, the latest first.
    pub fn since(&self, seen_at: SimTime) -> impl Iterator<Item = &Change> {
        self.changes.iter().rev().take_while(move |change| change.at > seen_at)
    }

    /// What those who changed after `seen_at` advertised then.
    pub fn advertised_at(&self, seen_at: SimTime) -> BTreeMap<ProviderId, Advertised> {
        // Later entries of the map replace earlier ones: the first change is what counts.
        self.since(seen_at).map(|change| (change.provider, change.before)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + Span::from_secs(seconds)
    }

    fn change(seconds: u64, provider: u32, free: u32) -> Change {
        let before = Advertised {
            gpus_free_on_node: GpuCount(free),
            gpus_free: GpuCount(free),
            share_free_on_card: CardShare::WHOLE,
            is_active: true,
            capacity_grew_at: SimTime::ZERO,
        };
        Change { at: at(seconds), provider: ProviderId(provider), before }
    }

    #[test]
    fn a_view_has_what_stood_before_the_first_change_that_it_missed() {
        let mut log = ViewLog::new(Span::from_secs(10));
        [change(1, 7, 4), change(2, 7, 3), change(3, 8, 1)].into_iter().for_each(|c| log.note(c));
        let free = |seen: u64| -> Vec<(u32, u32)> {
            let advertised = log.advertised_at(at(seen));
            advertised.iter().map(|(id, old)| (id.0, old.gpus_free.0)).collect()
        };
        assert_eq!(free(0), [(7, 4), (8, 1)]);
        assert_eq!(free(1), [(7, 3), (8, 1)], "a change of the moment itself is seen");
        assert_eq!(free(2), [(8, 1)]);
        assert_eq!(free(3), []);
    }

    #[test]
    fn the_log_keeps_what_the_oldest_view_needs_and_no_more() {
        let mut log = ViewLog::new(Span::from_secs(5));
        (0..100).for_each(|second| log.note(change(second, 1, second as u32)));
        assert_eq!(log.changes.len(), 5);
        // Now is 99 s: a view of 5 s ago has seen the change of 94 s, and lacks that of 95 s.
        assert_eq!(log.advertised_at(at(94))[&ProviderId(1)].gpus_free, GpuCount(95));
        let mut none = ViewLog::default();
        none.note(change(1, 1, 1));
        assert_eq!(none.changes.len(), 0, "without old views nothing is kept");
    }
}
