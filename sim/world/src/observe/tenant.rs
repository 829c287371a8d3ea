//! Tenants over the whole run, as rows.

use crate::world::{Step, World};
use record::{Row, TenantRow};
use units::{PoolId, TenantId, TenantKindId};

/// Writes every tenant that ever brought a job here, pool by pool.
pub fn tenants(world: &World, step: &mut Step<'_>) {
    let Some(books) = &world.choice else { return };
    for (pool, memories) in (0..).map(PoolId).zip(&books.memories) {
        for (tenant, memory) in (0..).map(TenantId).zip(memories) {
            let Some((came_at_ns, stayed_ns, has_left)) = memory.stay(step.now) else { continue };
            let row = TenantRow {
                tenant,
                tenant_kind: TenantKindId(memory.kind),
                pool,
                came_at_ns,
                stayed_ns,
                has_left,
            };
            step.observer.on_row(Row::Tenant(&row));
        }
    }
}
