//! Supply that comes and goes, as rows.

use crate::state::Forecast;
use crate::world::{Step, World};
use record::{Row, SupplyChange, SupplyReason, SupplyRow};
use units::{ProviderId, Usd};

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
        _ => Usd::ZERO,
    };
    let row = SupplyRow {
        era: world.chain.eras,
        at_ns: step.now,
        is_reported: step.now >= world.report_start(),
        provider: id,
        provider_kind: provider.kind,
        pool: provider.pool,
        region: provider.region,
        card: provider.card,
        gpus: world.candidates[id.index()].gpus_total,
        change,
        reason,
        revenue_nano_usd_per_gpu_hour: forecast.map(|one| nanos(one.revenue)),
        cost_nano_usd_per_gpu_hour: forecast.map(|one| nanos(one.cost)),
        outlay_nano_usd,
    };
    step.observer.on_row(Row::Supply(&row));
}
