//! The best of a few drawn evenly.

use super::{Contest, Entrant, Rule, Virtue};
use crate::beacon::SELECTION;
use crate::score::DrawKey;

/// `d` candidates are drawn evenly, and the best score among them wins: two choices serve nearly
/// as well as all, at a fraction of the messages. After misses the rest of the sample follows,
/// then the others in the order of their draw.
///
/// Source: economics.md 1.3.
///
/// ```
/// # use market::{Candidate, Core, Mode, Order, PowerOfD, first_pick};
/// # use units::{EntityKey, GpuHourPrice};
/// let price = GpuHourPrice::from_nanos;
/// let order = Order::plain(EntityKey(7), Mode::Fizz, price(300));
/// let dear = Candidate::plain(EntityKey(1), 0, Mode::Fizz, price(290));
/// let cheap = Candidate::plain(EntityKey(2), 1, Mode::Fizz, price(120));
/// let pick = first_pick(Core::PowerOfD(PowerOfD { choices: 2 }), &order, &[dear, cheap]);
/// assert_eq!(pick.map(|pick| pick.key), Some(cheap.key)); // both were drawn
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerOfD {
    /// How many are drawn.
    pub choices: u32,
}

impl Default for PowerOfD {
    /// Two choices.
    fn default() -> PowerOfD {
        PowerOfD { choices: 2 }
    }
}

impl Rule for PowerOfD {
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
        let uniform = |e: &Entrant<'_>| contest.ticket.uniform(e.candidate.key, SELECTION);
        let mut drawn: Vec<u64> = entrants.iter().map(uniform).collect();
        drawn.sort_unstable_by(|a, b| b.cmp(a));
        let last = (self.choices as usize).clamp(1, drawn.len().max(1)) - 1;
        let least_drawn = drawn.get(last).copied().unwrap_or(0);
        let key = |e: &Entrant<'_>| {
            let drawn = uniform(e);
            if drawn >= least_drawn {
                return DrawKey(i64::try_from(e.points.0).expect("points need 47 bits"));
            }
            DrawKey((drawn >> 1) as i64 - i64::MAX - 1) // Below every score.
        };
        entrants.iter().map(key).collect()
    }

    fn monotone_in(&self) -> &'static [Virtue] {
        Virtue::ALL
    }
}
