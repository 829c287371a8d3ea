//! The token and its supply over time.

use crate::column::table;
use units::{Spon, Usd};

table! {
    /// The token and its supply in one era. The last era of a run may be cut short.
    EconomyRow = "economy" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// Whether it ran its full length, so that tokens were emitted and released.
        is_complete: bool,
        /// The token's price at its end, nano-dollars.
        price_nano_usd_per_spon: u64,
        /// Tokens in the books at its end.
        supply_spon: Spon,
        /// Of these, what is neither staked nor locked nor held back: by the foundation, by vaults,
        /// as the pool that rewards are paid from, or because it is not released.
        circulating_spon: Spon,
        /// Issued in the era, for whatever reason; what is there at the start was not.
        minted_spon: Spon,
        /// Destroyed in the era.
        burned_spon: Spon,
        /// Emitted for rewards in the era, new or out of the pool.
        emitted_spon: Spon,
        /// Paid out of that to providers and delegators.
        distributed_spon: Spon,
        /// What nobody got: it stays in the pool.
        undistributed_spon: Spon,
        /// Granted tokens that were released in the era.
        vested_spon: Spon,
        /// Granted, not released, and not for rewards.
        vesting_spon: Spon,
        /// What the reward pool holds.
        pool_spon: Spon,
        /// Stake of providers, delegators and operators, with what leaves and what is contested.
        staked_spon: Spon,
        /// Tokens of the foundation.
        treasury_spon: Spon,
        /// Dollars of the foundation.
        treasury_nano_usd: Usd,
        /// Tokens in the vault.
        vault_spon: Spon,
        /// Dollars in the vault.
        vault_nano_usd: Usd,
        /// Credits outstanding, dollars.
        credits_nano_usd: Usd,
        /// Paid by tenants for GPUs in the era, before their own fee.
        revenue_nano_usd: Usd,
    }
}
