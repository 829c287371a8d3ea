//! A pass that looks at each candidate only as closely as the picks so far ask for.

use super::slate::{Entry, Rank, Slate};
use super::{Round, RoundInput, known_rtt};
use crate::bounds::TermBounds;
use crate::candidate::Candidate;
use crate::eligible::Filter;
use crate::noise::{Noise, TOGETHER};
use crate::score::DrawKey;

/// One pass over the candidates that stops at each as early as the picks allow.
///
/// Filtering fills a batch without a branch on the outcome, then the batch is drawn: a processor
/// guesses neither wrong, and works on several draws at a time.
pub(super) fn scan<'c>(
    input: &RoundInput<'_>,
    filter: &Filter<'_>,
    candidates: impl Iterator<Item = &'c Candidate>,
    noise: &mut Noise,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) -> Round {
    let bounds = TermBounds::new(input.scoring, input.order, input.rtt_from_tenant);
    let mut slate = Slate::new(input.draws_max);
    let mut batch = [None; TOGETHER];
    let mut size = 0;
    for candidate in candidates {
        batch[size] = Some(candidate);
        size += usize::from(filter.passes(candidate));
        if size == TOGETHER {
            draw_batch(input, &bounds, &batch, noise, &mut slate, bid_in_time);
            size = 0;
        }
    }
    draw_batch(input, &bounds, &batch[..size], noise, &mut slate, bid_in_time);
    slate.into_round(input.scoring)
}

/// Bounds the key of each of `batch`, and looks closer at those that could enter the slate.
fn draw_batch(
    input: &RoundInput<'_>,
    bounds: &TermBounds,
    batch: &[Option<&Candidate>],
    noise: &mut Noise,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let is_noisy = input.scoring.is_noisy();
    let mut numbers = [0; TOGETHER];
    for (number, candidate) in numbers.iter_mut().zip(batch.iter().flatten()) {
        *number = candidate.number;
    }
    let of_blocks = if is_noisy { noise.bounds(&numbers[..batch.len()]) } else { [0; TOGETHER] };
    // Who could enter by the noise of its block.
    let threshold = slate.threshold();
    let mut near = [(0, 0); TOGETHER];
    let mut size = 0;
    for (at, candidate) in batch.iter().flatten().enumerate() {
        let key_max = input.scoring.key(bounds.points(candidate), candidate, 0).0;
        near[size] = (at, key_max);
        numbers[size] = candidate.number;
        size += usize::from(DrawKey(key_max + of_blocks[at]) >= threshold);
    }
    let own = if is_noisy { noise.gumbel_bounds(&numbers[..size]) } else { [0; TOGETHER] };
    for ((at, key_max), noise_max) in near[..size].iter().zip(own) {
        if let Some(candidate) = batch[*at]
            && DrawKey(key_max + noise_max) >= slate.threshold()
        {
            consider(input, candidate, noise, slate, bid_in_time);
        }
    }
}

/// Puts `candidate` on the slate when it belongs there and its bid came in time.
#[inline(never)]
fn consider(
    input: &RoundInput<'_>,
    candidate: &Candidate,
    noise: &mut Noise,
    slate: &mut Slate,
    bid_in_time: &mut impl FnMut(&Candidate) -> bool,
) {
    let rtt = known_rtt(input, candidate);
    let points = input.scoring.points_by_merit(input.order, candidate, rtt);
    let gumbel = if input.scoring.is_noisy() { noise.gumbel(candidate.number) } else { 0 };
    let rank = Rank::new(input.scoring.key(points, candidate, gumbel), candidate);
    if !slate.can_enter(&rank) {
        return;
    }
    if bid_in_time(candidate) {
        slate.insert(Entry { rank, provider: candidate.provider, points });
    } else {
        slate.note_late(rank);
    }
}
