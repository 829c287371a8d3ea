//! What calls cost who sent them.

use crate::column::table;
use crate::reason::FlowParty;
use units::{Span, Spon, Usd};

table! {
    /// The calls of one party in one era, and what became of their gas. There are no rows where
    /// gas is not charged.
    GasRow = "gas" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// Whether it ran its full length.
        is_complete: bool,
        /// Who sent the calls and pays for them; the treasury for what the committee posts.
        party: FlowParty,
        /// Calls that stand in blocks.
        calls: u64,
        /// Units of gas that they used.
        gas: u64,
        /// The highest fee for a unit of gas that one of them paid, in 10^-18 of a coin.
        fee_max_wei: u64,
        /// The longest that one of them waited for its block behind others.
        queue_max_ns: Span,
        /// What they cost, nano-dollars.
        fees_nano_usd: Usd,
        /// Of that, what the chain below takes for their bytes, nano-dollars.
        data_nano_usd: Usd,
        /// Dollars that were paid for gas at the era's end, nano-dollars.
        paid_nano_usd: Usd,
        /// Tokens that were paid for gas, by who had no dollars.
        paid_spon: Spon,
        /// What these payments counted for, nano-dollars.
        settled_nano_usd: Usd,
        /// What nobody could pay so far, nano-dollars: it stays due.
        owed_nano_usd: Usd,
        /// Settlements that went in a batch.
        batched: u64,
        /// How long they waited for it, all together.
        batch_wait_ns: Span,
    }
}
