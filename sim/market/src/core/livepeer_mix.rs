//! Livepeer's default: a mixture of a draw by stake, one by price, and one among all.

use super::{Contest, Entrant, Rule, Virtue};
use crate::beacon::MIXTURE;
use crate::fixed;
use crate::score::DrawKey;
use units::{BasisPoints, GpuHourPrice, Spon};

/// Chance `w_s x stake share + w_p x exp(-price / unit) share + w_r / n`.
///
/// One value of the round says which of the three draws it is; within it the largest `ln w + g`
/// wins. The published defaults are 0.7, 0 and 0.3. A draw by stake where nobody has any is one
/// among all. After a miss the next of the same draw follows, where Livepeer would mix anew.
///
/// Source: `go-livepeer : server/selection_algorithm.go`, by protocol.md 4.4.
///
/// ```
/// # use market::{Candidate, Core, LivepeerMix, Mode, Order, first_pick};
/// # use units::{BasisPoints, EntityKey, GpuHourPrice, Spon};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let poor = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut rich = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// rich.standing.stake = Spon::ONE;
/// let by_stake = LivepeerMix { stake: BasisPoints::WHOLE, ..LivepeerMix::default() };
/// let by_stake = LivepeerMix { random: BasisPoints(0), ..by_stake };
/// let pick = first_pick(Core::LivepeerMix(by_stake), &order, &[poor, rich]);
/// assert_eq!(pick.map(|pick| pick.key), Some(rich.key)); // all of the stake is its own
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LivepeerMix {
    /// Share of the draws by stake.
    pub stake: BasisPoints,
    /// Share of the draws by price.
    pub price: BasisPoints,
    /// Share of the draws among all.
    pub random: BasisPoints,
    /// The price that costs a factor `e` of the chance, in nano-dollars per GPU-hour.
    pub price_unit: GpuHourPrice,
}

impl Default for LivepeerMix {
    /// Stake 0.7, price 0, random 0.3. Livepeer's price unit is 100 of its own (wei per pixel);
    /// here it is 0.10 USD per GPU-hour, which nothing reads at a price share of 0.
    fn default() -> LivepeerMix {
        LivepeerMix {
            stake: BasisPoints(7_000),
            price: BasisPoints(0),
            random: BasisPoints(3_000),
            price_unit: GpuHourPrice::from_nanos(100_000_000),
        }
    }
}

/// Which of the three draws a round is.
enum Part {
    Stake,
    Price,
    Random,
}

impl LivepeerMix {
    fn part(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Part {
        let shares = [self.stake, self.price, self.random].map(|share| u128::from(share.0));
        let [stake, price, random] = shares;
        let [uniform, _] = contest.ticket.pair(0, MIXTURE);
        let place = (u128::from(uniform) * (stake + price + random)) >> 64;
        let has_stake = entrants.iter().any(|e| e.candidate.standing.stake > Spon::ZERO);
        if place < stake {
            return if has_stake { Part::Stake } else { Part::Random };
        }
        if place < stake + price { Part::Price } else { Part::Random }
    }
}

impl Rule for LivepeerMix {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let part = self.part(contest, entrants);
        let key = |e: &Entrant<'_>| match part {
            Part::Stake => match u128::try_from(e.candidate.standing.stake.base()) {
                // Nobody draws who has no stake; among themselves noise decides.
                Ok(0) | Err(_) => DrawKey(i64::MIN / 2 + e.noise),
                Ok(stake) => DrawKey(fixed::ln_whole(stake) + e.noise),
            },
            Part::Price => {
                let unit = u128::from(self.price_unit.nanos().max(1));
                let cost = (u128::from(e.candidate.bid.nanos()) << 32) / unit;
                let cost = i64::try_from(cost).unwrap_or(i64::MAX / 2).min(i64::MAX / 2);
                DrawKey(e.noise - cost)
            }
            Part::Random => DrawKey(e.noise),
        };
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Price, Virtue::Stake]
    }
}
