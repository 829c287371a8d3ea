//! Whoever has served least in the era.

use super::{Contest, Entrant, Rule, Virtue, less_is_better};
use crate::score::DrawKey;

/// The least GPU-time served in this era, over the uptime, wins: Render's rotation to the node with
/// the lowest workload of the epoch, adjusted for uptime. Source: RNP-019, by protocol.md 4.4; that
/// the adjustment is a division is ours.
///
/// ```
/// # use market::{Candidate, Core, LeastLoaded, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, SimTime, Span};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let a = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut b = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// b.activity.served_in_era = Span::from_hours(2);
/// let pick = first_pick(Core::LeastLoaded(LeastLoaded), &order, &[a, b]);
/// assert_eq!(pick.map(|pick| pick.key), Some(a.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeastLoaded;

impl Rule for LeastLoaded {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        entrants.iter().map(|e| less_is_better(compute_load(e))).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Uptime]
    }
}

/// GPU-time served per time up.
fn compute_load(entrant: &Entrant<'_>) -> u64 {
    let served = u128::from(entrant.candidate.activity.served_in_era.nanos());
    let uptime = u128::from(entrant.candidate.standing.uptime.0.max(1));
    u64::try_from(served * 1_000_000 / uptime).unwrap_or(u64::MAX)
}
