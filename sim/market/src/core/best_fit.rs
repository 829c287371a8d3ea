//! The fullest node with room.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The node that is left with the fewest free GPUs wins: the textbook rule for packing, which keeps
/// large nodes whole for large orders.
///
/// ```
/// # use market::{Candidate, Core, BestFit, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.gpus_free_on_node.0 = 8;
/// let pick = first_pick(Core::BestFit(BestFit), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(a.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BestFit;

impl Rule for BestFit {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants
            .iter()
            .map(|e| {
                less_is_better(u64::from(
                    e.candidate.gpus_free_on_node.0.saturating_sub(contest.order.gpus.0),
                ))
            })
            .collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[]
    }
}
