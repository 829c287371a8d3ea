//! Cards, and what they cost.

use units::{GpuHourPrice, HardwareTier, Ppm, Usd, Watts};

/// A card model.
#[derive(Clone, Debug)]
pub struct Card {
    /// The name.
    pub name: String,
    /// What it is worth.
    pub tier: HardwareTier,
    /// Its price new.
    pub price: Usd,
    /// Its memory in GiB.
    pub memory_gib: u32,
    /// Half-precision throughput, in GFLOP/s, without tensor cores.
    pub speed_gflops: u32,
    /// Power under load.
    pub power: Watts,
    /// The reward multiplier, in hundredths.
    pub multiplier_hundredths: u32,
    /// Rent in the scenario's price book.
    pub book_price: GpuHourPrice,
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
