//! Cards, and what they cost.

use protocol::PoolRules;
use units::{CardLabel, GpuHourPrice, HardwareTier, Ppm, Usd, Watts};

/// A card model.
#[derive(Clone, Debug)]
pub struct Card {
    /// The name.
    pub name: String,
    /// What it is worth.
    pub tier: HardwareTier,
    /// The tier whose band its price lies in.
    pub tier_by_price: HardwareTier,
    /// The network's label of it, if it has one: a step of its tier, unless the tier was declared
    /// to be that of its price.
    pub label: ByRules<Option<CardLabel>>,
    /// Its price new.
    pub price: Usd,
    /// Its memory in GiB.
    pub memory_gib: u32,
    /// Half-precision throughput, in GFLOP/s, without tensor cores.
    pub speed_gflops: u32,
    /// Power under load.
    pub power: Watts,
    /// The reward multiplier, in hundredths.
    pub multiplier_hundredths: ByRules<u32>,
    /// Rent in the scenario's price book.
    pub book_price: GpuHourPrice,
}

/// What the rules of providers and those of Fizz nodes say, where they may differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByRules<T> {
    /// Under provider rules.
    pub provider: T,
    /// Under Fizz rules.
    pub fizz: T,
}

impl<T: Copy> ByRules<T> {
    /// What these rules say.
    pub fn of(&self, rules: PoolRules) -> T {
        match rules {
            PoolRules::Provider => self.provider,
            PoolRules::Fizz => self.fizz,
        }
    }

    /// What both say, which may be the same twice.
    pub fn both(&self) -> [T; 2] {
        [self.provider, self.fizz]
    }
}

/// What owning and running machines costs.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    /// Power of the host around each GPU while it is up, beside the card.
    pub host_power: Watts,
    /// Share of its full power that an idle card draws.
    pub idle_power: Ppm,
    /// What a data centre draws for each watt of its machines, in hundredths.
    pub pue_hundredths: u32,
    /// Share of its price that a card loses in a year of leases.
    pub wear_per_year: Ppm,
    /// What capital costs in a year, as a share of it: what stake could earn elsewhere.
    pub capital_per_year: Ppm,
}
