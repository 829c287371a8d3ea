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
        /// Stake that answers for a fault of this era, of providers with their delegators and of
        /// operators, at the token's price.
        stake_at_risk_nano_usd: Usd,
        /// Worth of what escrow holds for orders and leases: what false matches and work that is
        /// not done could take.
        value_at_risk_nano_usd: Usd,
        /// What cheating would cost all who serve leases: the chance that a challenge of an era
        /// finds it, times what a wrong result is slashed by.
        corruption_cost_nano_usd: Usd,
        /// What it would bring them: what escrow still holds for their leases.
        corruption_profit_nano_usd: Usd,
        /// Providers for whom it would bring more than it costs.
        undeterred: u32,
        /// What all stake could have earned elsewhere in the era, at `costs.capital_per_year`.
        capital_cost_nano_usd: Usd,
        /// Tokens that anybody in the market sold in the era; bought on the market's account comes
        /// off for net sell pressure.
        sold_spon: Spon,
        /// Tokens that anybody in the market bought in the era.
        bought_spon: Spon,
        /// Dollars that sellers received.
        sold_nano_usd: Usd,
        /// Dollars that buyers paid.
        bought_nano_usd: Usd,
        /// What came to the foundation in the era less what went, at the token's price at its end.
        treasury_net_nano_usd: Usd,
        /// Eras that the foundation's means last at the mean net outflow of the last 30 eras, this
        /// one included; none where more came than went.
        treasury_runway_eras: Option<u32>,
        /// What tenants' payments brought the foundation and the vault, at the token's price at the
        /// end of the era.
        income_nano_usd: Usd,
        /// What slashes brought the foundation.
        slashed_nano_usd: Usd,
        /// What the reward pool, the foundation and the vault paid for rewards and for leases.
        rewards_nano_usd: Usd,
        /// What they paid for gas.
        gas_nano_usd: Usd,
        /// What they spent on tokens that were bought back.
        buy_back_nano_usd: Usd,
        /// Income and slashes, less rewards, gas and tokens bought back.
        profit_nano_usd: Usd,
    }
}
