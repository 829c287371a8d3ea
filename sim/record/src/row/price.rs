//! What moves from outside, hour by hour.

use crate::column::table;
use crate::reason::Regime;
use units::{SimTime, TokenPrice};

table! {
    /// What prices and demand came to from an hour on, and hold until the next.
    PriceRow = "prices" {
        /// When the hour began.
        at_ns: SimTime,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// What the chain's feed says that a token costs, nano-dollars.
        token_nano_usd: TokenPrice,
        /// What a token costs where it is traded, nano-dollars.
        traded_nano_usd: TokenPrice,
        /// Rents elsewhere, billionths of what they were at the start.
        rents_nano: u64,
        /// Demand from outside, billionths of what it was at the start.
        demand_nano: u64,
        /// Electricity, billionths of what it cost at the start.
        electricity_nano: u64,
        /// What a unit of gas costs on the chain below, billionths of what it cost at the start.
        data_fee_nano: u64,
        /// How much others use the chain, billionths of what they did at the start.
        chain_load_nano: u64,
        /// What a unit of gas costs, in 10^-18 of a coin; zero where gas is not charged.
        gas_fee_wei: u64,
        /// The regime that all drivers share.
        regime: Regime,
    }
}
