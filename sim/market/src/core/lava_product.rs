//! Lava's pairing: a draw without replacement by stake times nearness.

use super::{Contest, Entrant, Rule, Virtue};
use crate::fixed;
use crate::score::DrawKey;
use units::Span;

/// Chance in proportion to `stake^a x geo^b`, with `geo` 10,000 in the tenant's own region and
/// 10,000 over the milliseconds of the round trip elsewhere (1 where nothing is left of it).
///
/// Stake counts in base units, as one when it is not positive. Lava's exponents are 1; another
/// exponent of the stake is the lottery of economics.md 1.3, whose answers on splitting an
/// identity are row I4 of economics.md 3.3.
///
/// Source: `lavanet/lava : x/pairing/keeper/scores`, by protocol.md 4.4. A region that Lava has
/// no latency for scores 1; here every region has one.
///
/// ```
/// # use market::{Candidate, Core, LavaProduct, Mode, Order, first_pick};
/// # use units::{EntityKey, GpuHourPrice, Spon};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let poor = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(100));
/// let mut rich = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(100));
/// rich.standing.stake = Spon::ONE; // 10^18 against 1
/// let pick = first_pick(Core::LavaProduct(LavaProduct::default()), &order, &[poor, rich]);
/// assert_eq!(pick.map(|pick| pick.key), Some(rich.key));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LavaProduct {
    /// Exponent of the stake, in thousandths.
    pub stake_exponent_milli: u16,
    /// Exponent of nearness, in thousandths.
    pub geo_exponent_milli: u16,
}

impl Default for LavaProduct {
    /// Both exponents 1.
    fn default() -> LavaProduct {
        LavaProduct { stake_exponent_milli: 1_000, geo_exponent_milli: 1_000 }
    }
}

/// What a place in the same region scores.
const GEO_SAME: u64 = 10_000;

impl Rule for LavaProduct {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let key = |e: &Entrant<'_>| {
            let stake = u128::try_from(e.candidate.standing.stake.base()).unwrap_or(1).max(1);
            let is_same = e.candidate.region == contest.order.tenant_region;
            let geo = if is_same { GEO_SAME } else { nearness(e.rtt) };
            let weight = power(stake, self.stake_exponent_milli)
                + power(u128::from(geo), self.geo_exponent_milli);
            DrawKey(weight + e.noise)
        };
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        &[Virtue::Stake, Virtue::Nearness]
    }
}

/// `10,000 / milliseconds`, rounded down, at least 1.
fn nearness(rtt: Span) -> u64 {
    let millis = rtt.nanos() / Span::from_millis(1).nanos();
    (GEO_SAME / millis.max(1)).max(1)
}

/// The logarithm of `base ^ (milli / 1000)`, in Q32.32.
fn power(base: u128, milli: u16) -> i64 {
    let product = i128::from(fixed::ln_whole(base)) * i128::from(milli) / 1_000;
    i64::try_from(product).expect("89 times 66, in Q32.32")
}
