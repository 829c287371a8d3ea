//! Providers over the whole run.

use crate::column::table;
use crate::reason::ProviderRole;
use units::{
    CardId, EntityKey, GpuCount, GpuHourPrice, HardwareTier, HostClassId, KwhPrice, PoolId, Ppm,
    ProviderId, ProviderKindId, RegionId, SimTime, Span, Spon, Usd,
};

table! {
    /// One provider over the complete reported eras, written at the end of the run; a newcomer that
    /// has not joined by then has no row.
    ProviderRow = "providers" {
        /// The provider, by number.
        provider: ProviderId,
        /// The provider's key.
        provider_key: EntityKey,
        /// The key of its owner: its own, unless the owner has several identities.
        owner_key: EntityKey,
        /// How it behaves.
        provider_kind: ProviderKindId,
        /// What it is to the question of the scenario.
        role: ProviderRole,
        /// When it joined; zero for who was there from the start.
        joined_at_ns: SimTime,
        /// From when it joined until it first left, or the end of the run.
        stayed_ns: Span,
        /// Whether it has left, be it that it came back.
        has_left: bool,
        /// Leases that it confirmed in the reported time.
        leases_won: u64,
        /// When it confirmed its first lease of the run; empty while it has none.
        first_lease_at_ns: Option<SimTime>,
        /// The pool.
        pool: PoolId,
        /// Where it is.
        region: RegionId,
        /// What a kilowatt-hour costs it at the start, nano-dollars.
        tariff_nano_usd_per_kwh: KwhPrice,
        /// The host class of its machines.
        host_class: HostClassId,
        /// The card in its machines.
        card: CardId,
        /// What the card is worth.
        hardware_tier: HardwareTier,
        /// Machines.
        machines: u32,
        /// GPUs.
        gpus: GpuCount,
        /// What it asks at the end, nano-dollars per GPU-hour.
        ask_nano_usd_per_gpu_hour: GpuHourPrice,
        /// Trust tier at the end, 1 to 7; 0 where there is none.
        trust_tier: u8,
        /// Mean challenge uptime of the last eras at the end, millionths.
        uptime_ppm: Ppm,
        /// Stake at the end.
        stake_spon: Spon,
        /// Tokens in its wallet at the end.
        held_spon: Spon,
        /// What they are worth at the token's price then.
        held_nano_usd: Usd,
        /// GPU-time registered, whole GPU-seconds.
        installed_gpu_s: u64,
        /// GPU-time with the machine up, whole GPU-seconds.
        available_gpu_s: u64,
        /// GPU-time held by open leases, whole GPU-seconds.
        reserved_gpu_s: u64,
        /// GPU-time paid for, whole GPU-seconds.
        paid_gpu_s: u64,
        /// GPU-time that computed for tenants, whole GPU-seconds.
        busy_gpu_s: u64,
        /// GPU-time that its owner took, whole GPU-seconds.
        owner_gpu_s: u64,
        /// Lease income after the shares of foundation and gateway and the payout fee.
        lease_income_nano_usd: Usd,
        /// Rewards at the token's price of each era.
        reward_nano_usd: Usd,
        /// Stake lost, at the token's price of each era.
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
    }
}
