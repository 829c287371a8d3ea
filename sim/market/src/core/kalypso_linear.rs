//! Kalypso's retired rule: a linear score over the set, shifted positive.

use super::{Contest, Entrant, Rule, Virtue};
use crate::fixed;
use crate::score::DrawKey;

/// Chance in proportion to `w - min(w) + 1`, with `w` the sum of each feature over its largest in
/// the set, in units of 10^-18, times its coefficient.
///
/// Features: leases that ended as agreed, slashes (in halves), the bid, the round trip, leases at
/// present. A feature that nobody has counts nothing.
///
/// Source: Kalypso's code, by protocol.md 4.4. Every maximum is over the set, so what one
/// candidate does moves the others: no claim of being monotone is made.
///
/// ```
/// # use market::{Candidate, Core, KalypsoLinear, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let worst = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(290));
/// let mut better = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(290));
/// better.standing.good_milli = 3_000;
/// let core = Core::KalypsoLinear(KalypsoLinear::default());
/// let pick = first_pick(core, &order, &[worst, better]);
/// assert_eq!(pick.map(|pick| pick.key), Some(better.key)); // 15 x 10^18 + 1 against 1
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KalypsoLinear {
    /// For leases that ended as agreed.
    pub successes: i8,
    /// For slashes.
    pub slashes: i8,
    /// For the bid.
    pub price: i8,
    /// For the round trip.
    pub time: i8,
    /// For leases at present.
    pub leases: i8,
}

impl Default for KalypsoLinear {
    /// 15, -15, -3, -3, -2.
    fn default() -> KalypsoLinear {
        KalypsoLinear { successes: 15, slashes: -15, price: -3, time: -3, leases: -2 }
    }
}

/// What a feature reads of an entrant.
type Feature = fn(&Entrant<'_>) -> u64;

/// What the largest of a feature counts.
const SCALE: i128 = 1_000_000_000_000_000_000;

impl Rule for KalypsoLinear {
    fn keys(&self, _: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let features: [(i8, Feature); 5] = [
            (self.successes, |e| e.candidate.standing.good_milli),
            (self.slashes, |e| u64::from(e.candidate.standing.slash_halves)),
            (self.price, |e| e.candidate.bid.nanos()),
            (self.time, |e| e.rtt.nanos()),
            (self.leases, |e| u64::from(e.candidate.activity.leases)),
        ];
        let mut sums = vec![0_i128; entrants.len()];
        for (coefficient, feature) in features {
            let most = entrants.iter().map(feature).max().unwrap_or(0).max(1);
            for (sum, entrant) in sums.iter_mut().zip(entrants) {
                let scaled = i128::from(feature(entrant)) * SCALE / i128::from(most);
                *sum += scaled * i128::from(coefficient);
            }
        }
        let least = sums.iter().copied().min().unwrap_or(0);
        let weights = sums.into_iter().map(|sum| (sum - least).unsigned_abs() + 1);
        let key = |(weight, e): (u128, &Entrant<'_>)| DrawKey(fixed::ln_whole(weight) + e.noise);
        weights.zip(entrants).map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[]
    }
}
