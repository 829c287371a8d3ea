//! Supply that comes and goes, as rows.

use crate::state::{Forecast, Travel};
use crate::world::{Step, World};
use record::{NetworkRow, Row, SupplyChange, SupplyReason, SupplyRow};
use units::{NetworkId, ProviderId, Usd};

/// Writes what a provider does that enters or leaves, and what it expected.
pub fn supply(
    world: &World,
    step: &mut Step<'_>,
    id: ProviderId,
    change: SupplyChange,
    reason: SupplyReason,
    forecast: Option<Forecast>,
) {
    let provider = &world.providers[id.index()];
    let nanos = |dollars: f64| libm::round(dollars * 1e9) as i64;
    let outlay_nano_usd = match (change, reason) {
        (SupplyChange::Ordered, _) => world.outlay_of(id),
        // Who declared its joining has its machines; a refused one pays for the check all the same.
        (SupplyChange::Joined, SupplyReason::Declared) | (SupplyChange::Refused, _) => {
            world.check_cost(id)
        }
        (SupplyChange::Left | SupplyChange::Moved | SupplyChange::Returned, _) => {
            world.moving_cost(id)
        }
        _ => Usd::ZERO,
    };
    let network = match change {
        SupplyChange::Leaving => provider.travel.next.unwrap_or(Travel::HERE),
        _ => provider.travel.network,
    };
    let row = SupplyRow {
        era: world.chain.eras,
        at_ns: step.now,
        is_reported: step.now >= world.report_start(),
        provider: id,
        provider_kind: provider.kind,
        role: provider.role,
        pool: provider.pool,
        region: provider.region,
        card: provider.card,
        gpus: world.candidates[id.index()].gpus_total,
        change,
        reason,
        network,
        revenue_nano_usd_per_gpu_hour: forecast.map(|one| nanos(one.revenue)),
        cost_nano_usd_per_gpu_hour: forecast.map(|one| nanos(one.cost)),
        outlay_nano_usd,
    };
    step.observer.on_row(Row::Supply(&row));
}

/// What a network came to in an era for those who may move, in dollars.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stay {
    /// Providers that are there.
    pub providers: u64,
    /// Their GPUs.
    pub gpus: u64,
    /// What they earned.
    pub earned: f64,
    /// What they would expect here.
    pub forgone: f64,
    /// What those who are here would expect to earn more there.
    pub missed: f64,
}

/// Writes what a network came to in the era that has ended.
pub fn network(world: &World, step: &mut Step<'_>, network: NetworkId, stay: &Stay) {
    let usd = |dollars: f64| Usd::from_nanos(libm::round(dollars * 1e9) as i64);
    let row = NetworkRow {
        era: world.era_index(true),
        is_reported: world.era_started_at >= world.report_start(),
        network,
        providers: stay.providers,
        gpus: stay.gpus,
        earned_nano_usd: usd(stay.earned),
        forgone_nano_usd: usd(stay.forgone),
        missed_nano_usd: usd(stay.missed),
    };
    step.observer.on_row(Row::Network(&row));
}
