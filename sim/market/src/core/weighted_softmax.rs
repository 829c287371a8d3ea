//! The default: a draw with chances in proportion to `exp(A / T)`.

use super::{Contest, Entrant, Rule, Virtue};
use crate::score::DrawKey;

/// The largest `A / T + g` wins; `T = 0` takes the best score. Source: protocol.md 9.5.
///
/// ```
/// # use market::{Candidate, Core, Mode, Order, WeightedSoftmax, first_pick};
/// # use units::{EntityKey, GpuHourPrice};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let dear = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(290));
/// let cheap = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(120));
/// let pick = first_pick(Core::WeightedSoftmax(WeightedSoftmax), &order, &[dear, cheap]);
/// assert_eq!(pick.map(|pick| pick.key), Some(cheap.key)); // 0.23 better at T = 0.05
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightedSoftmax;

impl Rule for WeightedSoftmax {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let key = |e: &Entrant<'_>| contest.scoring.key(e.points, e.candidate, e.noise);
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        Virtue::ALL
    }
}
