//! The first in the registry.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The lowest registration number with room wins: the textbook rule for packing.
///
/// ```
/// # use market::{Candidate, Core, FirstFit, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.number = 9;
/// let pick = first_pick(Core::FirstFit(FirstFit), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(a.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstFit;

impl Rule for FirstFit {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| less_is_better(u64::from(e.candidate.number))).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[]
    }
}
