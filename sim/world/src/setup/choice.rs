//! What tenants know before they choose, where they do.

use crate::purpose;
use crate::state::{ChoiceBooks, Measured, Memory};
use crate::world::World;
use std::collections::BTreeMap;
use units::{PoolId, RegionId, SimTime, Span, VenueId};

/// Opens the books of demand that answers to price and of tenants who choose, where there are any.
pub fn add_choice(world: &mut World) {
    let (pools, classes) = (&world.scenario.pools, &world.scenario.classes);
    let answers = classes.iter().any(|class| class.demand_curve.is_some());
    if !answers && pools.iter().all(|pool| pool.tenant_kinds.is_none()) {
        return;
    }
    let ids = || (0..world.pools.len()).map(|pool| PoolId(pool as u16));
    world.choice = Some(ChoiceBooks {
        memories: ids().map(|pool| memories(world, pool)).collect(),
        measured: vec![Measured::default(); world.pools.len()],
        round_trips: ids().map(|pool| round_trips(world, pool)).collect(),
        sent: BTreeMap::new(),
        wanted: vec![[0; 2]; world.scenario.classes.len()],
    });
}

/// What a pool's tenants remember: each has its kind, and regulars of one venue begin here.
fn memories(world: &World, pool: PoolId) -> Vec<Memory> {
    let Some(weights) = &world.pool(pool).tenant_kinds else { return Vec::new() };
    let of = |tenant: &crate::state::Tenant| {
        let key = tenant.key.child(world.pools[pool.index()].key.0);
        let lot = || world.draws.at(purpose::TENANT_KIND, key, 0).unit();
        let kind = weights.only().unwrap_or_else(|| weights.at(lot()));
        let declared = &world.scenario.tenant_kinds[kind.index()];
        let failures_micro = (declared.failures_before * 1e6 + 0.5) as u64;
        let mut memory = Memory::new(kind.0, failures_micro);
        if declared.churn.is_some() {
            memory.go_to(SimTime::ZERO, VenueId(0));
        }
        memory
    };
    world.tenants.iter().map(of).collect()
}

/// By the tenants' region.
fn round_trips(world: &World, pool: PoolId) -> Vec<Span> {
    let regions = (0..world.scenario.regions.len()).map(|region| RegionId(region as u16));
    regions.map(|from| mean_round_trip(world, from, pool)).collect()
}

/// The round trip from a region to a pool's providers, in the mean by their regions.
fn mean_round_trip(world: &World, from: RegionId, pool: PoolId) -> Span {
    let weights = (0u16..).map(RegionId).zip(&world.pool(pool).region_weights);
    let sum: f64 =
        weights.map(|(to, weight)| weight * world.topology.rtt(from, to).as_secs_f64()).sum();
    Span::from_secs_f64_rounded(sum)
}
