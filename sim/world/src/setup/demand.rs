//! Tenants, and the streams of jobs that meet the declared demand.

use super::alias;
use crate::behaviour::misuse::draw_misuse;
use crate::purpose;
use crate::state::{Stream, Tenant};
use crate::world::World;
use rand::distr::Distribution;
use units::{EntityKey, PoolId, RegionId, TenantId};

/// Adds the tenants, each in a region of its own drawing.
pub fn add_tenants(world: &mut World) {
    let regions = alias(&world.scenario.tenants.region_weights);
    let group = EntityKey::group("tenants");
    for ordinal in 0..world.scenario.tenants.count {
        let key = group.child(u64::from(ordinal));
        let lot = regions.sample(&mut world.draws.at(purpose::TENANT_REGION, key, 0));
        let region = RegionId(lot as u16);
        world.tenants_in[region.index()].push(TenantId(ordinal));
        let misuse = draw_misuse(world, key);
        let (renamed, spammed, successor) = (0, 0, None);
        world.tenants.push(Tenant { key, region, misuse, renamed, spammed, successor });
    }
}

/// One stream of arrivals per class and region of tenants, at the rates that meet the demand.
pub fn add_streams(world: &mut World) {
    let tenants = world.tenants.len();
    for pool in 0..world.pools.len() {
        let pool = PoolId(pool as u16);
        let loads = scenario::class_loads(&world.scenario, pool, world.gpus_available(pool));
        for load in loads {
            for region in 0..world.scenario.regions.len() {
                let here = world.tenants_in[region].len();
                let key = EntityKey::group(&world.scenario.classes[load.class.index()].name);
                let per_hour = load.arrivals_per_hour * here as f64 / tenants.max(1) as f64;
                if per_hour > 0.0 {
                    let key = key.child(EntityKey::group(&world.scenario.regions[region].name).0);
                    let region = RegionId(region as u16);
                    world.streams.push(Stream { key, pool, class: load.class, region, per_hour });
                }
            }
        }
    }
}
