//! A price that a settlement can trust: the mean over a window, agreed among several feeds.
//!
//! Akash takes the mean over 30 minutes and ignores feeds that are more than 1.5 % off the median
//! (economics.md 1.7). Both numbers are arguments here.

use std::collections::VecDeque;
use units::{BasisPoints, SimTime, Span, TokenPrice};

/// One feed: its prices of the last while, each of which holds until the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    window: Span,
    observed: VecDeque<(SimTime, TokenPrice)>,
}

impl Feed {
    /// A feed that has seen nothing yet and remembers `window`.
    pub const fn new(window: Span) -> Feed {
        Feed { window, observed: VecDeque::new() }
    }

    /// From `at` on the price is `price`; what left the window is forgotten.
    ///
    /// # Panics
    /// When `at` is before the last observation: time never runs backwards.
    pub fn observe(&mut self, at: SimTime, price: TokenPrice) {
        if let Some((last, _)) = self.observed.back() {
            assert!(*last <= at, "time never runs backwards");
        }
        self.observed.push_back((at, price));
        while self.observed.get(1).is_some_and(|(next, _)| at.since(*next) >= self.window) {
            self.observed.pop_front();
        }
    }

    /// The price weighted by how long it held, over the window that ends `now`, or over what was
    /// observed of it; none before the first observation.
    pub fn mean_rounded_down(&self, now: SimTime) -> Option<TokenPrice> {
        let ends = self.observed.iter().skip(1).map(|(at, _)| *at).chain([now]);
        let (mut sum, mut time) = (0_u128, 0_u128);
        for ((from, price), to) in self.observed.iter().zip(ends) {
            // Of the time since an observation, what lies within the window.
            let since = now.since(*from).nanos().min(self.window.nanos());
            let held = u128::from(since.saturating_sub(now.since(to).nanos()));
            sum += u128::from(price.nanos()) * held;
            time += held;
        }
        let latest = self.observed.back().map(|(_, price)| *price);
        let mean = || u64::try_from(sum / time).expect("a mean is at most the largest price");
        if time == 0 { latest } else { Some(TokenPrice::from_nanos(mean())) }
    }
}

/// The median of `prices` after those more than `tolerance` off their median are ignored; none when
/// none is left, because then the feeds disagree. The middle of two is rounded down.
///
/// ```
/// # use mechanism::feed::agreed_price;
/// # use units::{BasisPoints, TokenPrice};
/// let nanos = |prices: [u64; 3]| prices.map(TokenPrice::from_nanos);
/// let agreed = agreed_price(&nanos([1_000, 1_010, 2_000]), BasisPoints(150));
/// assert_eq!(agreed, Some(TokenPrice::from_nanos(1_005)));
/// ```
pub fn agreed_price(prices: &[TokenPrice], tolerance: BasisPoints) -> Option<TokenPrice> {
    let mut sorted: Vec<u64> = prices.iter().map(|price| price.nanos()).collect();
    sorted.sort_unstable();
    let median = median_rounded_down(&sorted)?;
    let allowed = u128::from(median) * u128::from(tolerance.0);
    sorted.retain(|price| u128::from(price.abs_diff(median)) * 10_000 <= allowed);
    median_rounded_down(&sorted).map(TokenPrice::from_nanos)
}

fn median_rounded_down(sorted: &[u64]) -> Option<u64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = sorted[(sorted.len() - 1) / 2];
    Some(lower + (upper - lower) / 2)
}
