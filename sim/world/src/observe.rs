//! From the world's words to rows: the only place that knows both.

mod solvency;

mod choice;
mod economy;
mod flow;
mod gas;
mod job;
mod misuse;
mod names;
mod rent;
mod round;
mod series;
mod supply;
mod tenant;

pub use choice::{demand, venues};
pub use economy::economy;
pub use gas::gas;
pub use job::job;
pub use misuse::{Misused, misuse};
pub use names::names;
pub use rent::rents;
pub use round::{Seen, round};
pub use series::series;
pub use supply::{Stay, network, supply};
pub use tenant::tenants;

use crate::state::{Answers, GasBooks, Totals};
use crate::world::{Step, World};
use flow::{flow_reason, party};
use market::Reject;
use protocol::{Account, EraEvidence, EraOutcome, Fault, Handle, Lease, Promise, Taken};
use record::{
    EraRow, FlowRow, LeaseEnd, LeaseRow, OperatorRow, OrderOutcome, OrderRow, PriceRow,
    ProviderRow, Regime, Row, SlashKind, SlashRow, UnmatchedReason,
};
use scenario::Moved;
use units::{Asset, HardwareTier, OperatorId, ProviderId, SimTime, Span, Spon, Usd};

/// Writes the row of a job's order, whose fate is known.
pub fn order(
    world: &World,
    step: &mut Step<'_>,
    handle: Handle,
    outcome: OrderOutcome,
    reason: UnmatchedReason,
) {
    let job = world.job(handle);
    if job.is_spam {
        return; // It has a row of its own.
    }
    let attempt = job.attempt.as_ref().expect("only an order on its way has a row");
    let pick = match outcome {
        OrderOutcome::Unmatched | OrderOutcome::Open if attempt.confirmed_at.is_none() => None,
        _ => attempt.picks.get((attempt.draws as usize).wrapping_sub(1)),
    };
    let between = |from: Option<SimTime>, to: Option<SimTime>| Some(to?.since(from?));
    let is_started = outcome == OrderOutcome::Started;
    let is_given_up = outcome == OrderOutcome::Unmatched && !world.can_retry(job, step.now, reason);
    let is_given_up = is_given_up && !world.falls_back(job);
    let submitted_at = Some(attempt.submitted_at);
    let line = attempt.included_at.zip(attempt.called_at);
    let line = line.map_or(Span::ZERO, |(from, to)| to.since(from));
    let stood = attempt.queued.stood;
    let row = OrderRow {
        order_key: attempt.key,
        job_key: job.key,
        attempt: job.orders,
        tenant: job.tenant,
        tenant_region: world.tenants[job.tenant.index()].region,
        pool: world.class_of(job).pool,
        class: job.class,
        gpus: job.gpus,
        card: job.card,
        ceiling_nano_usd_per_gpu_hour: job.ceiling,
        duration_ns: attempt.duration,
        submitted_at_ns: attempt.submitted_at,
        is_reported: attempt.submitted_at >= world.report_start(),
        outcome,
        reason,
        is_given_up,
        is_job_reported: world.is_era_reported(job.came_in),
        provider: pick.map(|pick| pick.provider),
        price_nano_usd_per_gpu_hour: pick.map(|pick| pick.price),
        draws: attempt.draws,
        latency_bound_dropped: attempt.latency_bound_dropped,
        waited_ns: attempt.submitted_at.since(job.waiting_since),
        propagation_ns: between(submitted_at, attempt.included_at),
        line_ns: line + stood,
        window_ns: between(attempt.called_at, attempt.closed_at),
        committee_ns: between(attempt.closed_at, attempt.signed_at),
        quorum_ns: between(attempt.asked_at, attempt.signed_at),
        rounds: attempt.rounds,
        retries: attempt.retries,
        refused_stake_ppm: attempt.censorship.refused,
        hidden_stake_ppm: attempt.censorship.hidden,
        is_bid_excluded: attempt.is_bid_excluded(),
        inclusion_ns: between(attempt.signed_at, attempt.matched_at)
            .map(|span| span.saturating_sub(stood)),
        ready_ns: between(attempt.matched_at, attempt.confirmed_at),
        boot_ns: if is_started { between(attempt.confirmed_at, Some(step.now)) } else { None },
    };
    step.observer.on_row(Row::Order(&row));
}

/// Writes the row of a lease that closed, or is open at the end of the run.
pub fn lease(
    world: &World,
    step: &mut Step<'_>,
    handle: Handle,
    lease: &Lease,
    end: LeaseEnd,
    refund: Usd,
) {
    let job = world.job(handle);
    let work = job.work.expect("a lease's row has a lease");
    let machine = &world.machines[work.machine.index()];
    let provider = &world.providers[machine.provider.index()];
    let tenant_region = world.tenants[job.tenant.index()].region;
    let candidate = &world.candidates[machine.provider.index()];
    let paused = work.paused_since.map_or(Span::ZERO, |since| step.now.since(since));
    let at = world.chain_time(step.now);
    let is_terminated = end == LeaseEnd::Terminated;
    let termination = world.params.contract.termination;
    let forfeit =
        if is_terminated { lease.forfeit_rounded_down(at, termination) } else { Span::ZERO };
    let row = LeaseRow {
        order_key: work.order_key,
        job_key: job.key,
        tenant: job.tenant,
        tenant_region,
        provider: machine.provider,
        machine: work.machine,
        region: provider.region,
        pool: provider.pool,
        class: job.class,
        host_class: provider.host_class,
        provider_kind: provider.kind,
        card: provider.card,
        gpus: job.gpus,
        ask_nano_usd_per_gpu_hour: work.ask,
        price_nano_usd_per_gpu_hour: lease.price,
        opened_at_ns: work.opened_at,
        closed_at_ns: step.now,
        is_long: lease.promise != Promise::Spot,
        end,
        is_reported: step.now >= world.report_start(),
        exposure_ns: step.now.saturating_since(work.opened_at.max(world.report_start())),
        agreed_ns: lease.duration,
        paid_ns: lease.active_span(step.now),
        paused_ns: work.paused + paused,
        interruptions: work.interruptions,
        preemptions: work.preemptions,
        lost_ns: work.lost,
        notice_ns: work.noticed_at.map_or(Span::ZERO, |at| step.now.since(at)),
        forfeit_ns: forfeit,
        charged_nano_usd: work.charged,
        outlay_nano_usd: work.outlay,
        provider_nano_usd: work.provider_income,
        unpaid_nano_usd: work.unpaid,
        refund_nano_usd: refund,
        rtt_ns: world.round_trip(tenant_region, candidate),
    };
    step.observer.on_row(Row::Lease(&row));
}

/// Writes a provider's books of an era, and its slash if there was one.
pub fn era(
    world: &World,
    step: &mut Step<'_>,
    id: ProviderId,
    evidence: EraEvidence,
    is_complete: bool,
    outcome: &EraOutcome,
    sums: &Totals,
) {
    let provider = &world.providers[id.index()];
    let one = &world.chain.registry[id.index()];
    let is_reported = world.era_started_at >= world.report_start();
    let row = EraRow {
        era: world.era_index(is_complete),
        is_reported,
        is_complete,
        provider: id,
        provider_kind: provider.kind,
        pool: provider.pool,
        region: provider.region,
        card: provider.card,
        hardware_tier: world.hardware_tier(id),
        gpus: one.gpus,
        uptime_ppm: evidence.uptime,
        trust_tier: one.trust.map_or(0, |tier| tier.number()),
        points_micro: outcome.points_micro,
        installed_gpu_us: micros(sums.time.installed),
        available_gpu_us: micros(sums.time.available),
        reserved_gpu_us: micros(sums.time.reserved),
        paid_gpu_us: micros(sums.time.paid),
        busy_gpu_us: micros(sums.time.busy),
        slowed_gpu_us: micros(sums.time.slowed),
        owner_gpu_us: micros(sums.time.owner),
        charged_nano_usd: provider.books.charged,
        lease_income_nano_usd: sums.income,
        reward_spon: outcome.reward,
        reward_nano_usd: sums.reward,
        slash_spon: provider.books.own_slash(outcome),
        slash_nano_usd: sums.slash,
        electricity_nano_usd: sums.electricity,
        wear_nano_usd: sums.wear,
        gas_nano_usd: sums.gas,
        upkeep_nano_usd: sums.upkeep,
        net_nano_usd: sums.net(),
        capital_nano_usd: sums.capital,
        interest_nano_usd: sums.interest,
        net_with_capital_nano_usd: sums.net_with_capital(),
        own_stake_spon: world.chain.own_stake(id),
        delegated_spon: world.chain.delegated(id),
        unbonding_spon: Spon::from_base(
            world.chain.ledger.balance(Asset::Spon, Account::Unbonding(id)),
        ),
        delegator_reward_spon: outcome.delegators,
        is_short: world.missing_stake(id) > Spon::ZERO,
        cooling_gpu_us: evidence.cooling_gpu_ns / 1_000,
    };
    step.observer.on_row(Row::Era(&row));
    if outcome.slash > Spon::ZERO {
        downtime(world, step, &row, evidence, outcome);
    }
}

/// Writes the slash of an era.
fn downtime(
    world: &World,
    step: &mut Step<'_>,
    era: &EraRow,
    evidence: EraEvidence,
    outcome: &EraOutcome,
) {
    let row = SlashRow {
        era: era.era,
        is_reported: era.is_reported,
        provider: era.provider,
        kind: SlashKind::DowntimeInLease,
        is_false: false,
        downtime_gpu_us: evidence.downtime_gpu_ns / 1_000,
        amount_spon: outcome.slash,
        amount_nano_usd: outcome.slash.value_rounded_down(world.chain.price),
        delegated_spon: outcome.slash_delegated,
    };
    step.observer.on_row(Row::Slash(&row));
}

/// Writes a slash that came before the end of the era.
pub fn slash(
    world: &World,
    step: &mut Step<'_>,
    id: ProviderId,
    fault: Fault,
    taken: Taken,
    is_false: bool,
) {
    let row = SlashRow {
        era: world.era_index(false),
        is_reported: world.era_started_at >= world.report_start(),
        provider: id,
        kind: slash_kind(fault),
        is_false,
        downtime_gpu_us: 0,
        amount_spon: taken.total(),
        amount_nano_usd: taken.total().value_rounded_down(world.chain.price),
        delegated_spon: taken.delegated,
    };
    step.observer.on_row(Row::Slash(&row));
}

fn slash_kind(fault: Fault) -> SlashKind {
    match fault {
        Fault::DowntimeInLease => SlashKind::DowntimeInLease,
        Fault::AbandonedLease => SlashKind::AbandonedLease,
        Fault::NoShow => SlashKind::NoShow,
        Fault::MisreportedHardware => SlashKind::MisreportedHardware,
        Fault::MisreportedRegion => SlashKind::MisreportedRegion,
        Fault::DataMisuse => SlashKind::DataMisuse,
        Fault::WrongResult => SlashKind::WrongResult,
    }
}

/// Writes what every operator answered in the era that closes.
pub fn operators(world: &mut World, step: &mut Step<'_>, is_reported: bool, is_complete: bool) {
    let era = world.era_index(is_complete);
    for number in 0..world.operators.len() {
        let operator = OperatorId(number as u16);
        let answers = world.take_answers(operator);
        let Answers { signed, deviating, late, absent, refused, .. } = answers;
        let row = OperatorRow {
            era,
            is_reported,
            operator,
            region: world.scenario.committee.operators[number].region,
            stake_spon: world.chain.operator_stake(operator),
            stake_ppm: world.stake_share_rounded_down(|id| id == operator),
            asked: signed + deviating + late + absent + refused,
            signed,
            deviating,
            late,
            absent,
            refused,
            wrong: answers.wrong,
            slashes: answers.slashes,
            slash_spon: answers.slashed,
        };
        step.observer.on_row(Row::Operator(&row));
    }
}

/// Writes what moved in the era that closes.
pub fn flows(world: &mut World, step: &mut Step<'_>, is_reported: bool, is_complete: bool) {
    let era = world.era_index(is_complete);
    for ((asset, from, to, why), flow) in world.chain.ledger.take_flows() {
        let row = FlowRow {
            era,
            is_reported,
            asset: asset.name(),
            from: party(from),
            to: party(to),
            reason: flow_reason(why),
            count: flow.count,
            amount: Spon::from_base(flow.amount * asset.scale()),
        };
        step.observer.on_row(Row::Flow(&row));
    }
}

/// Writes what prices and demand have come to in the hour that begins.
pub fn prices(world: &World, step: &mut Step<'_>) {
    let row = PriceRow {
        at_ns: step.now,
        is_reported: step.now >= world.report_start(),
        token_nano_usd: world.chain.price,
        traded_nano_usd: world.token_price_traded(),
        rents_nano: world.factor(Moved::Rents),
        demand_nano: world.factor(Moved::Demand),
        electricity_nano: world.factor(Moved::Electricity),
        data_fee_nano: world.factor(Moved::DataFee),
        chain_load_nano: world.factor(Moved::ChainLoad),
        gas_fee_wei: world.gas.as_ref().map_or(0, GasBooks::fee_wei),
        regime: Regime::ALL[world.drivers.regime()],
    };
    step.observer.on_row(Row::Price(&row));
}

/// Writes a provider over the reported time.
pub fn provider(world: &World, step: &mut Step<'_>, id: ProviderId) {
    let provider = &world.providers[id.index()];
    let one = &world.chain.registry[id.index()];
    let totals = &provider.totals;
    let held = world.held_by(Account::Provider(id));
    let row = ProviderRow {
        provider: id,
        provider_key: provider.key,
        owner_key: provider.owner_key,
        role: provider.role,
        joined_at_ns: provider.joined_at,
        stayed_ns: provider.left_at.unwrap_or(step.now).since(provider.joined_at),
        has_left: provider.left_at.is_some(),
        leases_won: provider.leases_won,
        first_lease_at_ns: provider.first_lease_at,
        pool: provider.pool,
        region: provider.region,
        tariff_nano_usd_per_kwh: provider.tariff,
        host_class: provider.host_class,
        provider_kind: provider.kind,
        card: provider.card,
        hardware_tier: world.hardware_tier(id),
        machines: provider.machines,
        gpus: one.gpus,
        ask_nano_usd_per_gpu_hour: world.ask_of(id),
        trust_tier: one.trust.map_or(0, |tier| tier.number()),
        uptime_ppm: one.uptime_mean(&world.params),
        stake_spon: world.chain.stake(id),
        held_spon: held,
        held_nano_usd: held.value_rounded_down(world.chain.price),
        installed_gpu_s: (totals.time.installed / 1_000_000) as u64,
        available_gpu_s: (totals.time.available / 1_000_000) as u64,
        reserved_gpu_s: (totals.time.reserved / 1_000_000) as u64,
        paid_gpu_s: (totals.time.paid / 1_000_000) as u64,
        busy_gpu_s: (totals.time.busy / 1_000_000) as u64,
        owner_gpu_s: (totals.time.owner / 1_000_000) as u64,
        lease_income_nano_usd: totals.income,
        reward_nano_usd: totals.reward,
        slash_nano_usd: totals.slash,
        electricity_nano_usd: totals.electricity,
        wear_nano_usd: totals.wear,
        gas_nano_usd: totals.gas,
        upkeep_nano_usd: totals.upkeep,
        net_nano_usd: totals.net(),
        capital_nano_usd: totals.capital,
        interest_nano_usd: totals.interest,
        net_with_capital_nano_usd: totals.net_with_capital(),
    };
    step.observer.on_row(Row::Provider(&row));
}

/// The GPU-time of an era or an hour as rows hold it.
fn micros(gpu_time: u128) -> u64 {
    u64::try_from(gpu_time).expect("validation bounds the GPU-time of an era and of an hour")
}

/// The matcher's reason as a word of the tables.
pub fn reason(reject: Reject) -> UnmatchedReason {
    match reject {
        Reject::Inactive => UnmatchedReason::ProviderInactive,
        Reject::Mode => UnmatchedReason::Mode,
        Reject::TrustTier => UnmatchedReason::TrustTier,
        Reject::UptimeMinimum => UnmatchedReason::UptimeMinimum,
        Reject::Excluded => UnmatchedReason::Excluded,
        Reject::Region => UnmatchedReason::Region,
        Reject::Law => UnmatchedReason::Law,
        Reject::Card => UnmatchedReason::Card,
        Reject::NodeSize => UnmatchedReason::NodeSize,
        Reject::Capacity => UnmatchedReason::Capacity,
        Reject::Host => UnmatchedReason::Host,
        Reject::Price => UnmatchedReason::Price,
        Reject::Stake => UnmatchedReason::Stake,
        Reject::Latency => UnmatchedReason::Latency,
        Reject::OwnerCap => UnmatchedReason::OwnerCap,
    }
}

impl World {
    /// The number of the era that closes. The chain counts it as ended before its rows are
    /// written; an era that the run cuts short it never counts.
    fn era_index(&self, is_complete: bool) -> u32 {
        if is_complete { self.chain.eras - 1 } else { self.chain.eras }
    }

    /// Whether jobs that came in an era count in reports; those that were there before never do.
    fn is_era_reported(&self, came_in: Option<u32>) -> bool {
        let first = self.scenario.clock.warm_up.nanos() / self.scenario.rewards.era.nanos();
        came_in.is_some_and(|era| u64::from(era) >= first)
    }

    fn hardware_tier(&self, id: ProviderId) -> HardwareTier {
        let card = self.providers[id.index()].card;
        self.scenario.cards[usize::from(card.0)].tier
    }
}
