//! Eras of providers.

use crate::column::table;
use units::{
    CardId, GpuCount, HardwareTier, PoolId, Ppm, ProviderId, ProviderKindId, RegionId, Spon, Usd,
};

table! {
    /// One provider in one era: the books of a day. The last era of a run may be cut short.
    EraRow = "eras" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// Whether it ran its full length, so that it was judged and rewarded.
        is_complete: bool,
        /// The provider, by number.
        provider: ProviderId,
        /// How it behaves.
        provider_kind: ProviderKindId,
        /// The pool.
        pool: PoolId,
        /// Where it is.
        region: RegionId,
        /// The card in its machines.
        card: CardId,
        /// What the card is worth.
        hardware_tier: HardwareTier,
        /// GPUs.
        gpus: GpuCount,
        /// Challenge uptime of the era, millionths; the previous mean when the era was cut short.
        uptime_ppm: Ppm,
        /// Trust tier after the era, 1 to 7; 0 where there is none.
        trust_tier: u8,
        /// Reward points, millionths of a point.
        points_micro: u64,
        /// GPU-time registered, GPU-microseconds.
        installed_gpu_us: u64,
        /// GPU-time with the machine up, GPU-microseconds.
        available_gpu_us: u64,
        /// GPU-time held by open leases, GPU-microseconds.
        reserved_gpu_us: u64,
        /// GPU-time paid for, GPU-microseconds.
        paid_gpu_us: u64,
        /// GPU-time that computed for tenants, GPU-microseconds; a GPU that its owner shares counts
        /// in part.
        busy_gpu_us: u64,
        /// GPU-time that owners took from work that ran, GPU-microseconds.
        slowed_gpu_us: u64,
        /// GPU-time that owners took of machines that were on, GPU-microseconds.
        owner_gpu_us: u64,
        /// Paid by tenants for the GPUs, before their own fee.
        charged_nano_usd: Usd,
        /// Lease income after the shares of foundation and gateway and the payout fee.
        lease_income_nano_usd: Usd,
        /// Reward, tokens.
        reward_spon: Spon,
        /// Reward at the era's token price.
        reward_nano_usd: Usd,
        /// Own stake lost, less what appeals gave back, tokens.
        slash_spon: Spon,
        /// Stake lost at the era's token price.
        slash_nano_usd: Usd,
        /// Electricity.
        electricity_nano_usd: Usd,
        /// Wear of the cards.
        wear_nano_usd: Usd,
        /// Gas of its calls.
        gas_nano_usd: Usd,
        /// Upkeep: rent, staff and network, for as long as the GPUs are registered.
        upkeep_nano_usd: Usd,
        /// Income and rewards less slash, electricity, wear, gas and upkeep.
        net_nano_usd: Usd,
        /// Value that the cards lost with age and to newer ones, and interest on what they were
        /// worth; wear is a part of the loss.
        capital_nano_usd: Usd,
        /// Of that, the interest; the rest is depreciation.
        interest_nano_usd: Usd,
        /// Net with the cost of capital in the place of wear.
        net_with_capital_nano_usd: Usd,
        /// The provider's own stake at the end of the era, tokens.
        own_stake_spon: Spon,
        /// What is delegated to it, tokens.
        delegated_spon: Spon,
        /// Stake on its way out, of both; it can still be slashed.
        unbonding_spon: Spon,
        /// What of the reward went to its delegators, tokens.
        delegator_reward_spon: Spon,
        /// Whether its stake is under the least, so that it is passed over.
        is_short: bool,
        /// GPU-time that earned no points because machines had come back lately, GPU-microseconds.
        cooling_gpu_us: u64,
    }
}
