//! The cheapest bid.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The lowest bid wins: what the tenants of Akash do by default. Source: protocol.md 9.5.
///
/// ```
/// # use market::{Candidate, Core, LowestPrice, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.bid = price(90);
/// let pick = first_pick(Core::LowestPrice(LowestPrice), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(b.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LowestPrice;

impl Rule for LowestPrice {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| less_is_better(e.candidate.bid.nanos())).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Price]
    }
}
