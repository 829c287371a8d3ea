//! Rows to start from: tests change the fields that they are about.
#![allow(dead_code, reason = "each test file uses its part")]

use metrics::{Summary, SummaryBuilder};
use record::{
    BidRow, EraRow, FlowParty, FlowReason, FlowRow, JobEnd, JobRow, LeaseEnd, LeaseRow, Names,
    Observer, OrderOutcome, OrderRow, ProviderRole, ProviderRow, RoundRow, Row, SeriesRow,
    SlashKind, SlashRow, TenantRow, UnmatchedReason,
};
use units::{
    CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, HardwareTier, HostClassId, KwhPrice,
    MachineId, PoolId, Ppm, ProviderId, ProviderKindId, RegionId, SimTime, Span, Spon, TenantId,
    TenantKindId, Usd,
};

/// GPU-nanoseconds of a GPU-hour.
pub const HOUR: u64 = 3_600_000_000_000;

/// A GPU-hour in GPU-microseconds.
pub const GPU_HOUR: u64 = 3_600_000_000;

/// Dollars from cents.
pub fn cents(cents: i64) -> Usd {
    Usd::from_nanos(cents * 10_000_000)
}

pub fn names() -> Names {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_string()).collect();
    Names {
        pools: list(&["community", "secured"]),
        regions: list(&["nae", "euc"]),
        cards: list(&["rtx_4090", "h100"]),
        classes: list(&["inference", "training"]),
        host_classes: list(&["home", "data_centre"]),
        provider_kinds: list(&["posted", "learning"]),
        tenant_kinds: list(&["thrifty", "loyal"]),
        fleet: Vec::new(),
        operators: list(&["nae", "euc"]),
        venues: list(&["here", "aws", "vast"]),
        networks: list(&["here", "vast", "akash"]),
    }
}

pub fn summary(rows: &[Row<'_>]) -> Summary {
    let mut builder = SummaryBuilder::new(names());
    rows.iter().for_each(|row| builder.on_row(*row));
    builder.finish()
}

pub fn order() -> OrderRow {
    OrderRow {
        order_key: EntityKey(1),
        job_key: EntityKey(1),
        attempt: 1,
        tenant: TenantId(0),
        tenant_region: RegionId(0),
        pool: PoolId(0),
        class: ClassId(0),
        gpus: GpuCount(1),
        card: CardId(0),
        ceiling_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(300_000_000),
        duration_ns: Span::HOUR,
        submitted_at_ns: SimTime::ZERO,
        is_reported: true,
        outcome: OrderOutcome::Started,
        reason: UnmatchedReason::None,
        is_given_up: false,
        is_job_reported: true,
        provider: Some(ProviderId(0)),
        price_nano_usd_per_gpu_hour: Some(GpuHourPrice::from_nanos(200_000_000)),
        draws: 1,
        latency_bound_dropped: false,
        waited_ns: Span::from_secs(600),
        propagation_ns: Some(Span::from_millis(100)),
        line_ns: Span::ZERO,
        window_ns: Some(Span::from_millis(500)),
        committee_ns: Some(Span::from_millis(150)),
        quorum_ns: Some(Span::from_millis(150)),
        rounds: 1,
        retries: 0,
        refused_stake_ppm: Ppm::ZERO,
        hidden_stake_ppm: Ppm::ZERO,
        is_bid_excluded: false,
        inclusion_ns: Some(Span::from_millis(250)),
        ready_ns: Some(Span::from_millis(2_000)),
        boot_ns: Some(Span::from_millis(60_000)),
    }
}

pub fn unmatched(reason: UnmatchedReason) -> OrderRow {
    OrderRow {
        outcome: OrderOutcome::Unmatched,
        reason,
        provider: None,
        price_nano_usd_per_gpu_hour: None,
        draws: 0,
        committee_ns: None,
        quorum_ns: None,
        rounds: 0,
        inclusion_ns: None,
        ready_ns: None,
        boot_ns: None,
        ..order()
    }
}

pub fn lease() -> LeaseRow {
    LeaseRow {
        order_key: EntityKey(1),
        job_key: EntityKey(1),
        tenant: TenantId(0),
        tenant_region: RegionId(0),
        provider: ProviderId(0),
        machine: MachineId(0),
        region: RegionId(0),
        pool: PoolId(0),
        class: ClassId(0),
        host_class: HostClassId(0),
        provider_kind: ProviderKindId(0),
        card: CardId(0),
        gpus: GpuCount(1),
        ask_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(180_000_000),
        price_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(200_000_000),
        opened_at_ns: SimTime::ZERO,
        closed_at_ns: SimTime::from_nanos(10 * HOUR),
        end: LeaseEnd::Agreed,
        unpaid_nano_usd: Usd::ZERO,
        is_reported: true,
        exposure_ns: Span::from_hours(10),
        agreed_ns: Span::from_hours(10),
        paid_ns: Span::from_hours(10),
        paused_ns: Span::ZERO,
        interruptions: 0,
        preemptions: 0,
        lost_ns: Span::ZERO,
        notice_ns: Span::ZERO,
        forfeit_ns: Span::ZERO,
        is_long: false,
        charged_nano_usd: cents(200),
        outlay_nano_usd: cents(204),
        provider_nano_usd: cents(160),
        refund_nano_usd: Usd::ZERO,
        rtt_ns: Span::from_millis(40),
    }
}

/// A job that came after so many hours, started half an hour later and was done ten hours after.
pub fn job(hour: u64) -> JobRow {
    JobRow {
        job_key: EntityKey(1),
        tenant: TenantId(0),
        pool: PoolId(0),
        class: ClassId(0),
        gpus: GpuCount(1),
        card: CardId(0),
        is_reported: true,
        came_at_ns: SimTime::ZERO + Span::from_hours(hour),
        nominal_ns: Span::from_hours(10),
        start_ns: Some(Span::from_secs(1_800)),
        ended_at_ns: SimTime::ZERO + Span::from_hours(hour) + Span::from_secs(37_800),
        worked_ns: Span::from_hours(10),
        end: JobEnd::Done,
    }
}

/// A tenant that was here from the start to the end of so many days.
pub fn tenant(days: u64) -> TenantRow {
    TenantRow {
        tenant: TenantId(0),
        tenant_kind: TenantKindId(0),
        pool: PoolId(0),
        came_at_ns: SimTime::ZERO,
        stayed_ns: Span::DAY.times(days),
        has_left: false,
    }
}

pub fn provider() -> ProviderRow {
    ProviderRow {
        provider: ProviderId(0),
        provider_key: EntityKey(9),
        owner_key: EntityKey(9),
        role: ProviderRole::Ordinary,
        joined_at_ns: SimTime::ZERO,
        stayed_ns: Span::DAY,
        has_left: false,
        leases_won: 4,
        first_lease_at_ns: Some(SimTime::from_nanos(HOUR)),
        pool: PoolId(0),
        region: RegionId(0),
        tariff_nano_usd_per_kwh: KwhPrice::from_nanos(139_000_000),
        host_class: HostClassId(0),
        provider_kind: ProviderKindId(0),
        card: CardId(0),
        hardware_tier: HardwareTier::Low,
        machines: 1,
        gpus: GpuCount(1),
        ask_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(200_000_000),
        trust_tier: 0,
        uptime_ppm: Ppm::ONE,
        stake_spon: Spon::ONE,
        held_spon: Spon::ZERO,
        held_nano_usd: Usd::ZERO,
        installed_gpu_s: 24 * 3_600,
        available_gpu_s: 20 * 3_600,
        reserved_gpu_s: 12 * 3_600,
        paid_gpu_s: 10 * 3_600,
        busy_gpu_s: 9 * 3_600,
        owner_gpu_s: 3_600,
        lease_income_nano_usd: cents(100),
        reward_nano_usd: cents(50),
        slash_nano_usd: Usd::ZERO,
        electricity_nano_usd: cents(40),
        wear_nano_usd: cents(10),
        gas_nano_usd: Usd::ZERO,
        upkeep_nano_usd: Usd::ZERO,
        net_nano_usd: cents(100),
        capital_nano_usd: cents(150),
        interest_nano_usd: cents(30),
        net_with_capital_nano_usd: cents(-40),
    }
}

pub fn era() -> EraRow {
    EraRow {
        era: 2,
        is_reported: true,
        is_complete: true,
        provider: ProviderId(0),
        provider_kind: ProviderKindId(0),
        pool: PoolId(0),
        region: RegionId(0),
        card: CardId(0),
        hardware_tier: HardwareTier::Low,
        gpus: GpuCount(1),
        uptime_ppm: Ppm::ONE,
        trust_tier: 0,
        points_micro: 0,
        installed_gpu_us: 24 * GPU_HOUR,
        available_gpu_us: 20 * GPU_HOUR,
        reserved_gpu_us: 12 * GPU_HOUR,
        paid_gpu_us: 10 * GPU_HOUR,
        busy_gpu_us: 9 * GPU_HOUR,
        slowed_gpu_us: GPU_HOUR / 2,
        owner_gpu_us: 4 * GPU_HOUR,
        charged_nano_usd: cents(125),
        lease_income_nano_usd: cents(100),
        reward_spon: Spon::ONE,
        reward_nano_usd: cents(50),
        slash_spon: Spon::ZERO,
        slash_nano_usd: Usd::ZERO,
        electricity_nano_usd: cents(40),
        wear_nano_usd: cents(10),
        gas_nano_usd: Usd::ZERO,
        upkeep_nano_usd: Usd::ZERO,
        net_nano_usd: cents(100),
        capital_nano_usd: cents(150),
        interest_nano_usd: cents(30),
        net_with_capital_nano_usd: cents(-40),
        own_stake_spon: Spon::ONE,
        delegated_spon: Spon::ZERO,
        unbonding_spon: Spon::ZERO,
        delegator_reward_spon: Spon::ZERO,
        is_short: false,
        cooling_gpu_us: 0,
    }
}

pub fn slash() -> SlashRow {
    SlashRow {
        era: 2,
        is_reported: true,
        provider: ProviderId(0),
        kind: SlashKind::DowntimeInLease,
        is_false: false,
        downtime_gpu_us: GPU_HOUR,
        amount_spon: Spon::ONE,
        amount_nano_usd: cents(3),
        delegated_spon: Spon::ZERO,
    }
}

pub fn hour(number: u64) -> SeriesRow {
    SeriesRow {
        at_ns: SimTime::from_nanos(number * HOUR),
        is_reported: number >= 2,
        pool: PoolId(0),
        length_ns: Span::HOUR,
        installed_gpu_us: 10 * GPU_HOUR,
        available_gpu_us: 8 * GPU_HOUR,
        reserved_gpu_us: 6 * GPU_HOUR,
        paid_gpu_us: 4 * GPU_HOUR,
        busy_gpu_us: 3 * GPU_HOUR,
        slowed_gpu_us: 0,
        owner_gpu_us: GPU_HOUR,
        orders: 7,
        matched: 5,
        unmatched: 1,
        jobs_running: 0,
        jobs_arrived: 0,
        jobs_done: 0,
        jobs_given_up: 0,
        jobs_elsewhere: 0,
        jobs_waiting: number,
        demand_ppm: 1_500_000,
    }
}

pub fn round() -> RoundRow {
    RoundRow {
        order_key: EntityKey(1),
        closed_at_ns: SimTime::ZERO,
        is_reported: true,
        is_sampled: true,
        pool: PoolId(0),
        candidates: 12,
        eligible: 10,
        in_time: 8,
        late: 2,
        picks: 4,
        winner: Some(ProviderId(0)),
        winner_score_ppm: Some(Ppm(700_000)),
        winner_key: Some(5),
        runner_up: Some(ProviderId(1)),
        gap: Some(2),
        best_score_ppm: Some(Ppm(800_000)),
        regret_ppm: Some(Ppm(100_000)),
        latency_bound_dropped: false,
        owner_cap_dropped: false,
        bids_root: [0; 32],
        failed_provider_inactive: 2,
        failed_mode: 0,
        failed_trust_tier: 0,
        failed_uptime_minimum: 0,
        failed_excluded: 0,
        failed_region: 0,
        failed_law: 0,
        failed_card: 0,
        failed_node_size: 0,
        failed_capacity: 0,
        failed_host: 0,
        failed_price: 0,
        failed_stake: 0,
        failed_latency: 0,
        failed_owner_cap: 0,
    }
}

/// A bid of a provider in `region` that came so many milliseconds before the close.
pub fn bid(region: u16, margin_ms: i64) -> BidRow {
    BidRow {
        order_key: EntityKey(1),
        is_reported: true,
        provider: ProviderId(0),
        region: RegionId(region),
        price_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(200_000_000),
        learned_at_ns: SimTime::ZERO,
        arrived_at_ns: SimTime::ZERO,
        margin_ns: margin_ms * 1_000_000,
        score_ppm: Ppm(700_000),
        is_first_draw: false,
    }
}

pub fn flow(from: FlowParty, to: FlowParty, reason: FlowReason, dollars: i128) -> FlowRow {
    FlowRow {
        era: 2,
        is_reported: true,
        asset: "USD",
        from,
        to,
        reason,
        count: 1,
        amount: Spon::from_base(dollars * Spon::ONE.base()),
    }
}
