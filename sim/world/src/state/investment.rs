//! Who is there, and what those saw who decide whether to be.

use crate::invest::{Expectation, Memory};
use record::SupplyReason;
use std::collections::VecDeque;
use units::{NetworkId, SimTime};

/// Whether a provider is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is.
    Here,
    /// It may enter.
    Prospect,
    /// It will join at a known moment, for this reason.
    Expected(SupplyReason),
    /// It was not let in.
    Refused,
    /// It takes no more leases, for this reason, and is gone when it has none.
    Leaving(SupplyReason),
    /// It has left.
    Left,
}

/// Where a provider's machines are, and where it takes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Travel {
    /// The network that they are on; where it has not entered or left otherwise, this one.
    pub network: NetworkId,
    /// The one that it has said it goes to.
    pub next: Option<NetworkId>,
    /// Eras that it still has to stay.
    pub notice_left: u32,
}

impl Travel {
    /// This network.
    pub const HERE: NetworkId = NetworkId(0);

    /// It is where it went.
    pub fn arrive(&mut self) {
        if let Some(next) = self.next.take() {
            self.network = next;
        }
    }
}

/// What somebody expects of a GPU-hour that is there, let or not, in dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Forecast {
    /// Lease income and rewards.
    pub revenue: f64,
    /// What it costs.
    pub cost: f64,
}

/// What a provider earned and spent per GPU-hour, era by era.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Lease income and rewards.
    pub revenue: Memory,
    /// Costs.
    pub cost: Memory,
}

impl Outlook {
    /// What is expected; none before the first era.
    pub fn forecast(&self, by: Expectation) -> Option<Forecast> {
        Some(Forecast { revenue: self.revenue.expect(by)?, cost: self.cost.expect(by)? })
    }
}

/// What a card's GPUs earned in a pool.
#[derive(Clone, Debug, Default)]
pub struct CardMarket {
    /// GPU-microseconds of this era.
    pub gpu_us: u128,
    /// Nano-dollars that came in for them.
    pub revenue: i128,
    /// Dollars per GPU-hour, era by era.
    pub memory: Memory,
}

/// What a pool's providers earned. Sums over providers are integers: in floats they would depend
/// on who is counted first, and decisions with them.
#[derive(Clone, Debug, Default)]
pub struct PoolMarket {
    /// By `CardId`.
    pub cards: Vec<CardMarket>,
    /// The GPU-microseconds of this era, each times the book price of its card in nano-dollars.
    pub book: u128,
    /// GPU-microseconds of this era that were paid for.
    pub paid_gpu_us: u128,
    /// Nano-dollars that this era cost, without upkeep.
    pub cost: i128,
    /// Income over book prices, era by era: for cards that nobody has.
    pub over_book: Memory,
    /// Share of the GPU-hours that were paid for, era by era.
    pub load: Memory,
    /// GPUs, income and cost per hour of the last era, for those who reckon with one another.
    pub crowd: Crowd,
    /// When prospects ordered hardware in the last thirty days, and when owners did.
    pub ordered: [VecDeque<SimTime>; 2],
}

/// A pool of the last era as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Crowd {
    /// GPUs that were there on average.
    pub gpus: f64,
    /// What they earned together in an hour, dollars.
    pub revenue: f64,
    /// What each cost in an hour, dollars.
    pub cost: f64,
}
