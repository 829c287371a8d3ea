//! A pass that evaluates everything: slow and obvious, and the only one for most cores.

use super::slate::{Entry, Rank, Slate};
use super::{RoundInput, known_rtt};
use crate::candidate::Candidate;
use crate::core::{Contest, Entrant};
use crate::eligible::Filter;
use crate::noise::Noise;
use std::collections::BTreeSet;
use units::ProviderId;

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
