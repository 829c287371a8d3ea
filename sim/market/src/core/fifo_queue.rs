//! Whoever has been idle for longest.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The longest idle wins: Nosana's queue of hosts for each GPU market. Source: protocol.md 4.4.
///
/// ```
/// # use market::{Candidate, Core, FifoQueue, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.activity.idle_since = SimTime::from_nanos(5);
/// let pick = first_pick(Core::FifoQueue(FifoQueue), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(a.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FifoQueue;

impl Rule for FifoQueue {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| less_is_better(e.candidate.activity.idle_since.nanos())).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[]
    }
}
