//! What moves from outside.

use drivers::Joint;

/// What moves, in the order in which the joint drivers stand: a new one goes to the end, where it
/// moves no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// The token's price.
    Token,
    /// What GPUs rent for elsewhere: book prices follow.
    Rents,
    /// How much is wanted: arrivals follow.
    Demand,
    /// What electricity costs: tariffs follow.
    Electricity,
    /// What a unit of gas costs on the chain below: the data part of calls follows.
    DataFee,
    /// How much others use the chain: fees and waiting times of calls follow.
    ChainLoad,
}

impl Moved {
    /// All of them.
    pub const ALL: [Moved; 6] = [
        Moved::Token,
        Moved::Rents,
        Moved::Demand,
        Moved::Electricity,
        Moved::DataFee,
        Moved::ChainLoad,
    ];

    /// The word in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            Moved::Token => "token",
            Moved::Rents => "rents",
            Moved::Demand => "demand",
            Moved::Electricity => "electricity",
            Moved::DataFee => "data_fee",
            Moved::ChainLoad => "chain_load",
        }
    }
}

/// What moves from outside, together. Each driver is a factor of what the scenario declares, and
/// stands at 1 at the start.
#[derive(Clone, Debug)]
pub struct Drivers {
    /// The drivers, in the order of [`Moved::ALL`].
    pub joint: Joint,
    /// How each moves, in the same order.
    pub processes: [&'static str; Moved::ALL.len()],
}

impl Drivers {
    /// The least and most that a factor comes to, in billionths: a thousandth, and a thousandfold.
    /// What a run then sums up in money can be counted.
    pub const FACTOR_MIN: u64 = 1_000_000;
    /// See [`Drivers::FACTOR_MIN`].
    pub const FACTOR_MAX: u64 = 1_000_000_000_000;

    /// Whether anything moves at all.
    pub fn is_moving(&self) -> bool {
        self.processes.iter().any(|process| *process != UNMOVED)
    }
}

/// The process of what does not move.
pub const UNMOVED: &str = "constant";
