//! Why an order found nobody.

use crate::candidate::Candidate;
use crate::eligible::{Filter, Reject};
use crate::round::RoundInput;

/// The first filter, in the fixed order, that left nobody of all `candidates`; none when somebody
/// passes all of them (then every bid came late). Takes the input of the round that failed, so
/// that a soft filter, which the round dropped, is never named.
///
/// The set is empty after the deepest filter that anybody reached, hence one pass: the largest,
/// over the candidates, of the first filter that each fails.
pub fn first_failing<'c>(
    input: &RoundInput<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
) -> Option<Reject> {
    first_failing_until(input, candidates, None)
}

/// Like [`first_failing`] for a caller who knows that nobody of `candidates` gets beyond `limit`:
/// stops at the first who gets that far.
pub fn first_failing_until<'c>(
    input: &RoundInput<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    limit: Option<Reject>,
) -> Option<Reject> {
    let filter = Filter::new(input.order, input.rtt_from_tenant).without(input.soft);
    let deepest_possible = limit.map_or(Reject::ALL.len(), |reject| reject as usize);
    let mut deepest = 0;
    for candidate in candidates {
        let failures = filter.failures(candidate);
        let reached =
            if failures == 0 { Reject::ALL.len() } else { failures.trailing_zeros() as usize };
        deepest = deepest.max(reached);
        if deepest >= deepest_possible {
            break;
        }
    }
    Reject::ALL.get(deepest).copied()
}
