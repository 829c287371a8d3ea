//! Kalypso's present rule: cheap, fast, and few misses.

use super::{Contest, Entrant, Rule, Virtue};
use crate::fixed;
use crate::score::DrawKey;
use units::Span;

/// Chance in proportion to `1 / (cost / max) x 1 / (time / max) x 2^-misses`.
///
/// The two maxima are the same for all and drop out of the chances. The time is the round trip,
/// counted from one millisecond; the misses are those of the last 48 hours.
///
/// Source: Kalypso's documents, by protocol.md 4.4. No code was found, so no test of theirs is
/// repeated here.
///
/// ```
/// # use market::{Candidate, Core, KalypsoProduct, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let good = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut bad = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// bad.activity.misses = 60; // 2^-60
/// let pick = first_pick(Core::KalypsoProduct(KalypsoProduct), &order, &[bad, good]);
/// assert_eq!(pick.map(|pick| pick.key), Some(good.key));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KalypsoProduct;

/// The natural logarithm of two in Q32.32.
const LN_2: i64 = fixed::ln(2 * fixed::ONE);

impl Rule for KalypsoProduct {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let key = |e: &Entrant<'_>| {
            let time = e.rtt.max(Span::from_millis(1));
            let weight = fixed::ln_whole(u128::from(e.candidate.bid.nanos()))
                + fixed::ln_whole(u128::from(time.nanos()));
            // Beyond a million misses the chance is nothing in any case.
            let misses = i64::from(e.candidate.activity.misses.min(1_000_000)) * LN_2;
            DrawKey(e.noise - weight - misses)
        };
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Price, Virtue::Nearness]
    }
}
