//! The matching cores: from the admitted bids of one order to the keys that rank them.
//!
//! Filters, bids, ties, misses and records are the same for all; a core only says how the admitted
//! are ranked, largest key first. A core that draws adds the noise of the round to the logarithm
//! of a weight: the largest of `ln w + g` is a draw with chances in proportion to `w`, and the
//! next-largest a draw among the rest. Each core is one file with its source, one row of the table
//! below, and one line in the tables of README.
//!
//! | name | rule | source |
//! |---|---|---|
//! | `weighted_softmax` | draw, chances by `exp(A / T)` | protocol.md 9.5 |
//! | `additive_uniform` | best of `A + w u` | protocol.md 9.5 |
//! | `livepeer_mix` | draw by stake, by price or evenly | protocol.md 4.4 |
//! | `lava_product` | draw by stake times nearness | protocol.md 4.4 |
//! | `kalypso_product` | draw by cheap, fast, few misses | protocol.md 4.4, from documents only |
//! | `kalypso_linear` | draw by a shifted linear score | protocol.md 4.4 |
//! | `lowest_price` | the cheapest | protocol.md 9.5 (Akash tenants) |
//! | `fifo_queue` | the longest idle | protocol.md 4.4 (Nosana) |
//! | `least_loaded` | the least work in the era | protocol.md 4.4 (Render) |
//! | `latency_first` | the nearest | protocol.md 4.4 (Livepeer live video) |
//! | `random` | anybody | textbook |
//! | `first_fit` | the earliest registered | textbook |
//! | `best_fit` | the fullest node that has room | textbook |
//! | `power_of_d` | the best of `d` drawn evenly | economics.md 1.3 |

mod additive_uniform;
mod best_fit;
mod fifo_queue;
mod first_fit;
mod kalypso_linear;
mod kalypso_product;
mod latency_first;
mod lava_product;
mod least_loaded;
mod livepeer_mix;
mod lowest_price;
mod power_of_d;
mod random;
mod weighted_softmax;

use crate::beacon::Ticket;
use crate::candidate::Candidate;
use crate::order::Order;
use crate::score::{DrawKey, Points, Scoring};
use units::Span;

/// What all admitted bids of a round share.
#[derive(Clone, Copy, Debug)]
pub struct Contest<'a> {
    /// The order.
    pub order: &'a Order,
    /// The randomness.
    pub ticket: Ticket,
    /// Weights and forms, for cores that score.
    pub scoring: &'a Scoring,
}

/// An admitted bid: it passed the filters and came in time.
#[derive(Clone, Copy, Debug)]
pub struct Entrant<'c> {
    /// Whose it is.
    pub candidate: &'c Candidate,
    /// The round trip to the tenant.
    pub rtt: Span,
    /// Its weighted score.
    pub points: Points,
    /// Its Gumbel variate in this round, in Q32.32.
    pub noise: i64,
}

/// What a better candidate is better in, all else equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Virtue {
    /// Nearer to the tenant.
    Nearness,
    /// A lower bid.
    Price,
    /// More challenges answered.
    Uptime,
    /// A better record of leases.
    Reputation,
    /// More room.
    Availability,
    /// Fewer slashes.
    Slashes,
    /// More stake.
    Stake,
}

impl Virtue {
    /// All virtues: what a core that scores all seven factors claims.
    pub const ALL: &'static [Virtue] = &[
        Virtue::Nearness,
        Virtue::Price,
        Virtue::Uptime,
        Virtue::Reputation,
        Virtue::Availability,
        Virtue::Slashes,
        Virtue::Stake,
    ];
}

/// How a core ranks.
trait Rule {
    /// The key of each of `entrants`, in their order.
    fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey>;

    /// In what a candidate may become better, all else equal, and never loses a draw for it (with
    /// the default forms of the factors).
    fn monotone_in(&self) -> &'static [Virtue];
}

/// Declares the cores: variant, rule, name in scenarios and snapshots.
macro_rules! cores {
    ($($(#[$doc:meta])* $core:ident($rule:path) = $name:literal,)*) => {
        /// A matching core with its parameters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Core { $($(#[$doc])* $core($rule),)* }

        impl Core {
            /// Every core with its published or default parameters, by name.
            pub fn all() -> impl Iterator<Item = (&'static str, Core)> {
                [$(($name, Core::$core(Default::default())),)*].into_iter()
            }

            /// The name in scenarios, snapshots and records.
            pub const fn name(&self) -> &'static str {
                match self { $(Core::$core(_) => $name,)* }
            }

            /// The key of each of `entrants`, in their order; the largest wins.
            pub fn keys(&self, contest: &Contest<'_>, entrants: &[Entrant<'_>]) -> Vec<DrawKey> {
                match self { $(Core::$core(rule) => rule.keys(contest, entrants),)* }
            }

            /// In what a candidate may become better, all else equal, and never loses a draw for
            /// it, with the default forms of the factors.
            pub fn monotone_in(&self) -> &'static [Virtue] {
                match self { $(Core::$core(rule) => rule.monotone_in(),)* }
            }
        }
    };
}

cores! {
    /// A draw with chances in proportion to `exp(A / T)`: the default.
    WeightedSoftmax(weighted_softmax::WeightedSoftmax) = "weighted_softmax",
    /// The best of `A + w u`.
    AdditiveUniform(additive_uniform::AdditiveUniform) = "additive_uniform",
    /// Livepeer's mixture of a draw by stake, one by price and one among all.
    LivepeerMix(livepeer_mix::LivepeerMix) = "livepeer_mix",
    /// Lava's draw by stake times nearness.
    LavaProduct(lava_product::LavaProduct) = "lava_product",
    /// Kalypso's draw by price, time and misses.
    KalypsoProduct(kalypso_product::KalypsoProduct) = "kalypso_product",
    /// Kalypso's retired draw by a linear score.
    KalypsoLinear(kalypso_linear::KalypsoLinear) = "kalypso_linear",
    /// The cheapest bid.
    LowestPrice(lowest_price::LowestPrice) = "lowest_price",
    /// Whoever has been idle for longest.
    FifoQueue(fifo_queue::FifoQueue) = "fifo_queue",
    /// Whoever has served least in the era.
    LeastLoaded(least_loaded::LeastLoaded) = "least_loaded",
    /// The nearest.
    LatencyFirst(latency_first::LatencyFirst) = "latency_first",
    /// Anybody, with equal chances.
    Random(random::Random) = "random",
    /// The first in the registry.
    FirstFit(first_fit::FirstFit) = "first_fit",
    /// The fullest node with room.
    BestFit(best_fit::BestFit) = "best_fit",
    /// The best of a few drawn evenly.
    PowerOfD(power_of_d::PowerOfD) = "power_of_d",
}

pub use {
    additive_uniform::AdditiveUniform, best_fit::BestFit, fifo_queue::FifoQueue,
    first_fit::FirstFit, kalypso_linear::KalypsoLinear, kalypso_product::KalypsoProduct,
    latency_first::LatencyFirst, lava_product::LavaProduct, least_loaded::LeastLoaded,
    livepeer_mix::LivepeerMix, lowest_price::LowestPrice, power_of_d::PowerOfD, random::Random,
    weighted_softmax::WeightedSoftmax,
};

impl Default for Core {
    fn default() -> Core {
        Core::WeightedSoftmax(WeightedSoftmax)
    }
}

impl Core {
    /// The core of that name with its published or default parameters.
    pub fn from_name(name: &str) -> Option<Core> {
        Core::all().find(|(known, _)| *known == name).map(|(_, core)| core)
    }
}

/// The key of a quantity of which less is better.
fn less_is_better(quantity: u64) -> DrawKey {
    DrawKey(-i64::try_from(quantity).unwrap_or(i64::MAX))
}
