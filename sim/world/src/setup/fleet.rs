//! Providers that a user declared one by one.

use crate::state::Provider;
use crate::world::World;
use scenario::{FleetProvider, Scenario};
use units::{GpuHourPrice, KwhPrice, PoolId, RegionId};

/// The declared providers of a pool, by their places in the scenario.
pub fn of_pool(scenario: &Scenario, pool: PoolId) -> Vec<usize> {
    let is_ours = |place: &usize| scenario.fleet[*place].pool == pool;
    (0..scenario.fleet.len()).filter(is_ours).collect()
}

/// A drawn provider with what was declared of it in the place of what was drawn.
pub fn as_declared(
    drawn: Provider,
    declared: &FleetProvider,
    tariff_of: impl Fn(RegionId) -> KwhPrice,
) -> Provider {
    Provider {
        card: declared.card,
        region: declared.region,
        host_class: declared.host_class,
        kind: declared.kind.unwrap_or(drawn.kind),
        tariff: declared.tariff.unwrap_or_else(|| tariff_of(declared.region)),
        ..drawn
    }
}

/// What a declared provider asks at the start: its own price, or the book's.
pub fn ask(world: &World, declared: &FleetProvider) -> GpuHourPrice {
    let card = &world.scenario.cards[usize::from(declared.card.0)];
    declared.bid.unwrap_or(card.book_price)
}
