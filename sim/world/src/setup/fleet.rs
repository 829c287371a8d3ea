//! Providers that a user declared one by one.

use crate::state::Provider;
use crate::world::World;
use scenario::{FleetProvider, Scenario};
use units::{CardId, CardSet, GpuHourPrice, KwhPrice, PoolId, RegionId};

/// The declared providers of a pool, by their places in the scenario.
pub fn of_pool(scenario: &Scenario, pool: PoolId) -> Vec<usize> {
    let is_ours = |place: &usize| scenario.fleet[*place].pool == pool;
    (0..scenario.fleet.len()).filter(is_ours).collect()
}

/// Cards that providers of a pool may have. It follows from what is declared, not from lots: one
/// provider more of the mix changes no bound that is taken over them.
pub fn cards_in(scenario: &Scenario, pool: PoolId) -> CardSet {
    let drawn = used(&scenario.pools[pool.index()].card_weights).map(|card| CardId(card as u16));
    let declared = of_pool(scenario, pool).into_iter().map(|place| scenario.fleet[place].card);
    drawn.chain(declared).fold(CardSet::default(), CardSet::with)
}

/// The slowest line among host classes that providers of a pool may have, in bits per second.
pub fn bandwidth_min_in(scenario: &Scenario, pool: PoolId) -> u64 {
    let drawn = used(&scenario.pools[pool.index()].host_class_weights);
    let declared = of_pool(scenario, pool).into_iter();
    let declared = declared.map(|place| scenario.fleet[place].host_class.index());
    let lines = drawn.chain(declared).map(|host| scenario.host_classes[host].bandwidth_bits_per_s);
    lines.min().expect("validation refuses weights that are all zero")
}

/// Places with a weight.
fn used(weights: &[f64]) -> impl Iterator<Item = usize> {
    weights.iter().enumerate().filter(|(_, weight)| **weight > 0.0).map(|(place, _)| place)
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
