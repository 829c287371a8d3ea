//! What operators see: the round of each view, which may be older than the present or lack whom
//! its operators hide.

use crate::state::{Advertised, View};
use crate::world::{Search, World};
use market::{Activity, Candidate, Core, Pick, Round, RoundInput};
use market::{match_round, match_round_eager};
use protocol::Handle;
use units::{ProviderId, SimTime};

impl World {
    /// The round in every view, given the one in the full and present view, which comes first.
    pub fn see_round(
        &self,
        now: SimTime,
        handle: Handle,
        input: &RoundInput<'_>,
        full: Round,
    ) -> Vec<Round> {
        let mut seen = vec![full];
        for view in &self.views {
            seen.push(match self.search {
                Search::Lazy => self.see_changes(now, handle, input, view, &seen[0]),
                Search::Eager => self.see_everything(now, handle, input, view),
            });
        }
        seen
    }

    /// Whether the job's order has nobody left in the view of any operator.
    pub fn sees_nobody(&self, handle: Handle) -> bool {
        let attempt = self.job(handle).attempt.as_ref().expect("a round has an order");
        let left = |view: usize| attempt.next_pick(&attempt.seen[view]);
        self.operators.iter().all(|operator| left(operator.view).is_none())
    }

    /// The round of a view from the full one: only providers that changed since, and those that the
    /// view lacks, can make a difference.
    fn see_changes(
        &self,
        now: SimTime,
        handle: Handle,
        input: &RoundInput<'_>,
        view: &View,
        full: &Round,
    ) -> Round {
        let then = self.view_log.advertised_at(seen_at(now, view));
        let job = self.job(handle);
        let pool = self.everybody(job);
        let (Some(first), Some(last)) = (pool.first(), pool.last()) else { return full.clone() };
        let differs = |id: ProviderId| view.hides(id) || then.contains_key(&id);
        let old: Vec<Candidate> = then
            .range(first.provider..=last.provider)
            .filter(|(id, _)| !view.hides(**id))
            .map(|(id, then)| self.by_work(job, &then.show(&self.candidates[id.index()])))
            .collect();
        let stands = |candidate: &Candidate| {
            let now = &self.providers[candidate.provider.index()].capacity_grew_at;
            let grew_at = then.get(&candidate.provider).map_or(*now, |then| then.capacity_grew_at);
            self.is_bid_standing(handle, candidate, grew_at)
        };
        // Only where nobody's key depends on who else is there do the best of all stay the best.
        let is_absolute = matches!(input.core, Core::WeightedSoftmax(_));
        if !is_absolute || full.picks.iter().any(|pick| differs(pick.provider)) {
            let same = self.shelved(job, Some(job.ceiling));
            let same = same.filter(|candidate| !differs(candidate.provider));
            if self.is_of_work(job) {
                let same: Vec<Candidate> = same.map(|one| self.by_work(job, one)).collect();
                return match_round(input, same.iter().chain(&old), stands);
            }
            return match_round(input, same.chain(&old), stands);
        }
        // Nobody who was drawn is another in this view: they stay the best of all that are the
        // same, and only those who were different then can come before them.
        let pick = |pick: &Pick| self.by_work(job, &self.candidates[pick.provider.index()]);
        let picks: Vec<Candidate> = full.picks.iter().map(pick).collect();
        match_round(input, picks.iter().chain(&old), stands)
    }

    /// The same round the obvious way: a copy of the whole pool, every change undone, everybody
    /// evaluated.
    fn see_everything(
        &self,
        now: SimTime,
        handle: Handle,
        input: &RoundInput<'_>,
        view: &View,
    ) -> Round {
        let mut pool = self.everybody(self.job(handle)).to_vec();
        let first = pool.first().map_or(0, |candidate| candidate.provider.0);
        let grew_at = |one: &Candidate| self.providers[one.provider.index()].capacity_grew_at;
        let mut grew_at: Vec<SimTime> = pool.iter().map(grew_at).collect();
        for change in self.view_log.since(seen_at(now, view)) {
            let Some(place) = change.provider.0.checked_sub(first).map(|place| place as usize)
            else {
                continue;
            };
            if place < pool.len() {
                pool[place] = change.before.show(&pool[place]);
                grew_at[place] = change.before.capacity_grew_at;
            }
        }
        let stands = |candidate: &Candidate| {
            let grew_at = grew_at[(candidate.provider.0 - first) as usize];
            self.is_bid_standing(handle, candidate, grew_at)
        };
        let seen = pool.iter().filter(|candidate| !view.hides(candidate.provider));
        let seen: Vec<Candidate> =
            seen.map(|candidate| self.by_work(self.job(handle), candidate)).collect();
        match_round_eager(input, seen.iter(), stands)
    }
}

/// The moment whose state a view shows.
fn seen_at(now: SimTime, view: &View) -> SimTime {
    SimTime::from_nanos(now.nanos().saturating_sub(view.lag.nanos()))
}

impl Advertised {
    /// The candidate as it was when it advertised this.
    fn show(&self, candidate: &Candidate) -> Candidate {
        Candidate {
            gpus_free_on_node: self.gpus_free_on_node,
            gpus_free: self.gpus_free,
            share_free_on_card: self.share_free_on_card,
            is_active: self.is_active,
            activity: Activity { idle_since: self.capacity_grew_at, ..candidate.activity },
            ..*candidate
        }
    }
}
