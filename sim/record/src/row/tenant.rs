//! Tenants over the whole run.

use crate::column::table;
use units::{PoolId, SimTime, Span, TenantId, TenantKindId};

table! {
    /// One tenant of one pool, written at the end of the run. It comes with its first job here, and
    /// has left when it takes jobs elsewhere by choice and brings none here for 7 days; a regular
    /// goes where it moves. What is known of it ends 7 days before the run. Who came later, or
    /// never, has no row; where every job comes to this network, nobody has.
    TenantRow = "tenants" {
        /// The tenant, by number.
        tenant: TenantId,
        /// How it chooses.
        tenant_kind: TenantKindId,
        /// The pool.
        pool: PoolId,
        /// When it came; zero for who was here from the start.
        came_at_ns: SimTime,
        /// From when it came until it first left, or until 7 days before the end of the run.
        stayed_ns: Span,
        /// Whether it has left, be it that it came back.
        has_left: bool,
    }
}
