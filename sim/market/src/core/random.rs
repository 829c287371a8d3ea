//! Anybody, with equal chances.

use super::{Contest, Entrant, Rule, Virtue};
use crate::score::DrawKey;

/// The largest noise wins: the floor that every rule is compared with.
///
/// ```
/// # use market::{Candidate, Core, Random, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.bid = price(299); // what nobody reads
/// let pick = first_pick(Core::Random(Random), &order, &[a, b]);
/// assert!(pick.is_some());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Random;

impl Rule for Random {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| DrawKey(e.noise)).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        Virtue::ALL
    }
}
