//! The best of `A + w u`: noise as the eighth summand.

use super::{Contest, Entrant, Rule, Virtue};
use crate::beacon::SELECTION;
use crate::score::DrawKey;

/// The largest `A + w u` wins, `w` the weight of randomness and `u` uniform by identity.
///
/// Source: protocol.md 9.5. Unlike a softmax it has an end: who is more than `w` behind the best
/// never wins.
///
/// ```
/// # use market::{AdditiveUniform, Candidate, Core, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let dear = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(290));
/// let cheap = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(120));
/// let pick = first_pick(Core::AdditiveUniform(AdditiveUniform), &order, &[dear, cheap]);
/// assert_eq!(pick.map(|pick| pick.key), Some(cheap.key)); // 0.22 better, w = 0.05
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AdditiveUniform;

impl Rule for AdditiveUniform {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let weights = contest.scoring.weights();
        let whole = u128::from(weights.scored().0) * 1_000_000;
        let key = |e: &Entrant<'_>| {
            let mean = (u128::from(e.points.0) << 32).checked_div(whole).unwrap_or(0);
            let uniform = u128::from(contest.ticket.uniform(e.candidate.key, SELECTION));
            let noise = (uniform * u128::from(weights.randomness.0) / 10_000) >> 32;
            DrawKey(i64::try_from(mean + noise).expect("two values of at most one in Q32.32"))
        };
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        Virtue::ALL
    }
}
