//! What tenants did wrong, as rows.

use crate::state::Job;
use crate::world::{Step, World};
use protocol::Forfeit;
use record::{MisuseOutcome, MisuseRow, Row};
use units::{ClassId, EntityKey, GpuCount, PoolId, ProviderId, Span, TenantId, Usd};

/// A misuse that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Misused {
    /// Who did it.
    pub tenant: TenantId,
    /// What came of it.
    pub outcome: MisuseOutcome,
    /// The order's key.
    pub key: EntityKey,
    /// The class of its job; none for a tenant who comes back.
    pub class: Option<ClassId>,
    /// GPUs.
    pub gpus: GpuCount,
    /// Who served, or would have.
    pub provider: Option<ProviderId>,
    /// How long GPUs were reserved for nothing.
    pub reserved: Span,
    /// Left escrow.
    pub paid: Usd,
    /// Due, and not paid.
    pub unpaid: Usd,
    /// Price of the time that was not served.
    pub cut_short: Usd,
    /// What it was worth.
    pub gain: Usd,
    /// What it cost.
    pub forfeit: Forfeit,
}

impl Misused {
    /// A misuse by way of a job's order, which nothing else is known of.
    pub fn of_order(job: &Job, outcome: MisuseOutcome) -> Misused {
        Misused {
            tenant: job.tenant,
            outcome,
            key: job.attempt.as_ref().map_or(job.key, |attempt| attempt.key),
            class: Some(job.class),
            gpus: job.gpus,
            provider: None,
            reserved: Span::ZERO,
            paid: Usd::ZERO,
            unpaid: Usd::ZERO,
            cut_short: Usd::ZERO,
            gain: Usd::ZERO,
            forfeit: Forfeit::default(),
        }
    }

    /// A banned tenant's return under this name.
    pub fn of_comeback(world: &World, tenant: TenantId) -> Misused {
        Misused {
            tenant,
            outcome: MisuseOutcome::Returned,
            key: world.tenants[tenant.index()].key,
            class: None,
            gpus: GpuCount(0),
            provider: None,
            reserved: Span::ZERO,
            paid: Usd::ZERO,
            unpaid: Usd::ZERO,
            cut_short: Usd::ZERO,
            gain: Usd::ZERO,
            forfeit: Forfeit::default(),
        }
    }
}

/// Writes what a tenant did wrong. What was lost counts at the price of the moment.
pub fn misuse(world: &World, step: &mut Step<'_>, of: &Misused) {
    let worth = |amount| world.params.rail.value_rounded_down(amount, world.chain.price);
    let is_comeback = of.outcome == MisuseOutcome::Returned;
    let cost = world.scenario.tenant_misuse.comeback.cost;
    let pool = |class: ClassId| world.scenario.classes[class.index()].pool;
    let kind = world.tenants[of.tenant.index()].misuse;
    let row = MisuseRow {
        at_ns: step.now,
        is_reported: step.now >= world.report_start(),
        tenant: of.tenant,
        kind: kind.expect("who does wrong is of a kind that does"),
        outcome: of.outcome,
        order_key: of.key,
        pool: of.class.map_or(PoolId(0), pool),
        gpus: of.gpus,
        provider: of.provider,
        reserved_ns: of.reserved,
        paid_nano_usd: of.paid,
        unpaid_nano_usd: of.unpaid,
        cut_short_nano_usd: of.cut_short,
        gain_nano_usd: of.gain,
        forfeited_nano_usd: worth(of.forfeit.amount),
        to_provider_nano_usd: worth(of.forfeit.to_provider),
        is_ban: of.forfeit.is_ban,
        comeback_nano_usd: if is_comeback { cost } else { Usd::ZERO },
    };
    step.observer.on_row(Row::Misuse(&row));
}
