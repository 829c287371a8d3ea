//! The rows. Times are nanoseconds since the start of the run, dollars are nano-dollars.

mod economy;
mod gas;
mod price;
mod rent;
mod slash;

pub use economy::EconomyRow;
pub use gas::GasRow;
pub use price::PriceRow;
pub use rent::RentRow;
pub use slash::SlashRow;

use crate::column::table;
use crate::reason::{FlowParty, FlowReason, LeaseEnd, OrderOutcome, ProviderRole, UnmatchedReason};
use units::{
    CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, HardwareTier, HostClassId, MachineId,
    OperatorId, PoolId, Ppm, ProviderId, RegionId, SimTime, Span, Spon, TenantId, Usd,
};

table! {
    /// One order, written when its fate is known: the work has started, or nobody will do it.
    OrderRow = "orders" {
        /// The order's key.
        order_key: EntityKey,
        /// The key of the job that the order is for; retries and re-orders share it.
        job_key: EntityKey,
        /// How many orders this job has placed so far, this one included.
        attempt: u32,
        /// The tenant, by number.
        tenant: TenantId,
        /// Where the tenant is.
        tenant_region: RegionId,
        /// The pool that the order goes to.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// GPUs asked for, all on one node.
        gpus: GpuCount,
        /// The card asked for; better ones are accepted.
        card: CardId,
        /// Highest price accepted, nano-dollars per GPU-hour.
        ceiling_nano_usd_per_gpu_hour: GpuHourPrice,
        /// Work asked for: the agreed length of the lease.
        duration_ns: Span,
        /// When the tenant sent it.
        submitted_at_ns: SimTime,
        /// Whether it was sent after the warm-up, and so counts in reports.
        is_reported: bool,
        /// Its fate.
        outcome: OrderOutcome,
        /// Why it was not matched.
        reason: UnmatchedReason,
        /// Whether the tenant gave the job up after it.
        is_given_up: bool,
        /// The provider whose lease started, or that was drawn last.
        provider: Option<ProviderId>,
        /// The price of the lease, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: Option<GpuHourPrice>,
        /// Draws made: 1 when the first drawn provider served.
        draws: u32,
        /// Whether the latency bound had to be dropped because nobody was near enough.
        latency_bound_dropped: bool,
        /// How long its job had been without a place when it was sent: since its first order, or
        /// since it lost its last place.
        waited_ns: Span,
        /// From sending to inclusion in a block.
        propagation_ns: Option<Span>,
        /// From inclusion to the close of the bid window.
        window_ns: Option<Span>,
        /// From the close of the window to the signed match of the last draw: rounds that missed
        /// their quorum and drawn providers that did not serve are in it.
        committee_ns: Option<Span>,
        /// The end of that: from when the operators were last asked for their signatures to the
        /// one that completed the quorum.
        quorum_ns: Option<Span>,
        /// How often the operators were asked for signatures: once for each draw and each retry.
        rounds: u32,
        /// How often a round was repeated because its quorum was missed.
        retries: u32,
        /// Share of the committee's stake that refuses to sign this order, millionths.
        refused_stake_ppm: Ppm,
        /// Share of the committee's stake that leaves the provider out of its view whom a full and
        /// present view draws first, millionths.
        hidden_stake_ppm: Ppm,
        /// Whether what was signed leaves out that provider's bid.
        is_bid_excluded: bool,
        /// From the signed match to its block.
        inclusion_ns: Option<Span>,
        /// From the match's block to the provider's confirmation.
        ready_ns: Option<Span>,
        /// From the confirmation to the start of the work: image pull and boot.
        boot_ns: Option<Span>,
    }
}

table! {
    /// One lease, written when it closes, or at the end of the run when it is still open.
    LeaseRow = "leases" {
        /// The key of the order that it answers; of the job for a lease in force at the start.
        order_key: EntityKey,
        /// The key of the job that it serves.
        job_key: EntityKey,
        /// The tenant, by number.
        tenant: TenantId,
        /// Where the tenant is.
        tenant_region: RegionId,
        /// The provider, by number.
        provider: ProviderId,
        /// The machine, by number.
        machine: MachineId,
        /// Where the provider is.
        region: RegionId,
        /// The pool.
        pool: PoolId,
        /// The job class.
        class: ClassId,
        /// The host class of the machine.
        host_class: HostClassId,
        /// The card.
        card: CardId,
        /// GPUs held.
        gpus: GpuCount,
        /// What its provider asked when it opened, nano-dollars per GPU-hour; no more than the
        /// price.
        ask_nano_usd_per_gpu_hour: GpuHourPrice,
        /// The price accepted, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: GpuHourPrice,
        /// When it opened; zero for a lease in force at the start.
        opened_at_ns: SimTime,
        /// When it closed, or the end of the run.
        closed_at_ns: SimTime,
        /// How it ended.
        end: LeaseEnd,
        /// Whether it closed, or was open at the end, inside the reported time.
        is_reported: bool,
        /// Time in force inside the reported time: the exposure of its statistics.
        exposure_ns: Span,
        /// Agreed length.
        agreed_ns: Span,
        /// Time for which the tenant paid.
        paid_ns: Span,
        /// Time paused within the grace.
        paused_ns: Span,
        /// How often the machine failed under it inside the reported time.
        interruptions: u32,
        /// Work that failures undid.
        lost_ns: Span,
        /// Paid by the tenant for the GPUs, before the tenant's own fee; nano-dollars.
        charged_nano_usd: Usd,
        /// Left escrow, the tenant's own fee with it, at the token's price of each payment;
        /// nano-dollars.
        outlay_nano_usd: Usd,
        /// Went to the provider; nano-dollars.
        provider_nano_usd: Usd,
        /// Due, and more than escrow could pay, the tenant's own fee with it; nano-dollars.
        unpaid_nano_usd: Usd,
        /// Went back to the tenant at the close; nano-dollars.
        refund_nano_usd: Usd,
        /// Round trip between tenant and provider as the network stands, without jitter.
        rtt_ns: Span,
    }
}

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
        /// What it is to the question of the scenario.
        role: ProviderRole,
        /// When it joined; zero for who was there from the start.
        joined_at_ns: SimTime,
        /// Leases that it confirmed in the reported time.
        leases_won: u64,
        /// When it confirmed its first lease of the run; empty while it has none.
        first_lease_at_ns: Option<SimTime>,
        /// The pool.
        pool: PoolId,
        /// Where it is.
        region: RegionId,
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
        /// Asked price, nano-dollars per GPU-hour.
        bid_nano_usd_per_gpu_hour: GpuHourPrice,
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
        /// Income and rewards less slash, electricity, wear and gas.
        net_nano_usd: Usd,
    }
}

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
        /// Income and rewards less slash, electricity, wear and gas.
        net_nano_usd: Usd,
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

table! {
    /// One operator of the committee in one era. The last era of a run may be cut short. The kinds
    /// of answers exclude one another; what is wrong may be late.
    OperatorRow = "operators" {
        /// The era, from 0.
        era: u32,
        /// Whether it lies after the warm-up.
        is_reported: bool,
        /// The operator.
        operator: OperatorId,
        /// Where it stands.
        region: RegionId,
        /// Its stake at the end of the era, tokens.
        stake_spon: Spon,
        /// Its share of the committee's stake then, millionths.
        stake_ppm: Ppm,
        /// Rounds that it was asked to sign.
        asked: u64,
        /// Signed in time what a full and present view gives.
        signed: u64,
        /// Signed something else in time: its view was stale or lacked somebody, or it was wrong.
        deviating: u64,
        /// Signed after the deadline.
        late: u64,
        /// Did not answer.
        absent: u64,
        /// Refused, because it censors the order.
        refused: u64,
        /// Signed what its own view does not give, in time or late.
        wrong: u64,
        /// Losses of stake.
        slashes: u64,
        /// Stake lost, tokens.
        slash_spon: Spon,
    }
}

table! {
    /// One pool in one hour. The last hour of a run may be cut short.
    SeriesRow = "series" {
        /// When the hour began.
        at_ns: SimTime,
        /// Whether the hour lies after the warm-up.
        is_reported: bool,
        /// The pool.
        pool: PoolId,
        /// Length of the hour as far as the run went.
        length_ns: Span,
        /// GPU-time registered, GPU-microseconds.
        installed_gpu_us: u64,
        /// GPU-time with the machine up, GPU-microseconds.
        available_gpu_us: u64,
        /// GPU-time held by open leases, GPU-microseconds.
        reserved_gpu_us: u64,
        /// GPU-time paid for, GPU-microseconds.
        paid_gpu_us: u64,
        /// Orders sent.
        orders: u64,
        /// Orders whose lease was confirmed.
        matched: u64,
        /// Orders that nobody took.
        unmatched: u64,
        /// Jobs that waited for a lease when the hour ended.
        jobs_waiting: u64,
        /// The hour's multiplier of the arrival rate, millionths.
        demand_ppm: u64,
    }
}

table! {
    /// What moved between two parties for one reason in one era.
    FlowRow = "flows" {
        /// The era, from 0; what happened before the first is in era 0.
        era: u32,
        /// Whether the era lies after the warm-up.
        is_reported: bool,
        /// The asset: USD or SPON.
        asset: &'static str,
        /// Who paid.
        from: FlowParty,
        /// Who received.
        to: FlowParty,
        /// Why.
        reason: FlowReason,
        /// How many postings.
        count: u64,
        /// How much, in the asset; dollars as whole dollars, not nano-dollars.
        amount: Spon,
    }
}

table! {
    /// One round: of a sampled order, and of every order that nobody was drawn for.
    RoundRow = "rounds" {
        /// The order's key.
        order_key: EntityKey,
        /// When the bid window closed.
        closed_at_ns: SimTime,
        /// Whether it closed after the warm-up.
        is_reported: bool,
        /// Whether the order is of the sample, one in `matching.sample_one_in` by key; the other
        /// rows are there because nobody was drawn.
        is_sampled: bool,
        /// The pool.
        pool: PoolId,
        /// Providers of the pool.
        candidates: u32,
        /// Of these, who passes every filter that the round held to.
        eligible: u32,
        /// Of the eligible, whose bid stood when the window closed.
        in_time: u32,
        /// Of the eligible, whose bid came late or was for less than is free now.
        late: u32,
        /// Drawn, best first; after a miss the next of them is taken.
        picks: u32,
        /// Who was drawn first.
        winner: Option<ProviderId>,
        /// The winner's score, millionths.
        winner_score_ppm: Option<Ppm>,
        /// What the winner was ranked by, in the units of the core: for a draw, Q32.32.
        winner_key: Option<i64>,
        /// Who was drawn second.
        runner_up: Option<ProviderId>,
        /// How far the runner-up's key is below the winner's.
        gap: Option<i64>,
        /// The best score of all that are eligible, late ones too: full information, no chance.
        best_score_ppm: Option<Ppm>,
        /// That less the winner's score, millionths: what time and chance cost the order.
        regret_ppm: Option<Ppm>,
        /// Whether the latency bound was dropped because it left nobody.
        latency_bound_dropped: bool,
        /// Whether the cap for one owner was dropped because it left nobody.
        owner_cap_dropped: bool,
        /// Merkle root over the bids in time, as `market::bids_root` makes it; the place of a bid
        /// is that in order of arrival.
        bids_root: [u8; 32],
        /// Candidates that first fail here: who was not active.
        failed_provider_inactive: u32,
        /// Candidates that first fail here: who gives the other service.
        failed_mode: u32,
        /// Candidates that first fail here: who has none of the asked trust tiers.
        failed_trust_tier: u32,
        /// Candidates that first fail here: who has too little uptime.
        failed_uptime_minimum: u32,
        /// Candidates that first fail here: who is refused by name, or not asked for.
        failed_excluded: u32,
        /// Candidates that first fail here: who is in none of the asked regions.
        failed_region: u32,
        /// Candidates that first fail here: who is where the law does not let the data be.
        failed_law: u32,
        /// Candidates that first fail here: who has a card that will not do.
        failed_card: u32,
        /// Candidates that first fail here: who has no node with that many GPUs, free or not.
        failed_node_size: u32,
        /// Candidates that first fail here: who has no node with that many GPUs free.
        failed_capacity: u32,
        /// Candidates that first fail here: who has too little beside GPUs.
        failed_host: u32,
        /// Candidates that first fail here: who bids above the ceiling.
        failed_price: u32,
        /// Candidates that first fail here: who has too little stake.
        failed_stake: u32,
        /// Candidates that first fail here: who is too far away.
        failed_latency: u32,
        /// Candidates that first fail here: whose owner has as many open leases as one may.
        failed_owner_cap: u32,
    }
}

table! {
    /// One provider that could serve a sampled order, and when its bid came.
    BidRow = "bids" {
        /// The order's key.
        order_key: EntityKey,
        /// Whether the window closed after the warm-up.
        is_reported: bool,
        /// The provider, by number.
        provider: ProviderId,
        /// Where it is.
        region: RegionId,
        /// Asked price, nano-dollars per GPU-hour.
        price_nano_usd_per_gpu_hour: GpuHourPrice,
        /// When the provider learned of the order.
        learned_at_ns: SimTime,
        /// When its bid reached the sequencer.
        arrived_at_ns: SimTime,
        /// How far before the close of the window it came; negative when late.
        margin_ns: i64,
        /// The weighted score of the seven factors, millionths.
        score_ppm: Ppm,
        /// Whether it was drawn first.
        is_first_draw: bool,
    }
}
