//! The nearest.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The shortest round trip under the ceiling wins, stake and price unread: Livepeer's live video.
/// Source: protocol.md 4.4.
///
/// ```
/// # use market::{Candidate, Core, LatencyFirst, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.last_mile = Span::from_millis(9);
/// let pick = first_pick(Core::LatencyFirst(LatencyFirst), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(a.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LatencyFirst;

impl Rule for LatencyFirst {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| less_is_better(e.rtt.nanos())).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Nearness]
    }
}
