//! Tenants over the whole run.

use crate::column::table;
use units::{PoolId, SimTime, Span, TenantId, TenantKindId};

table! {
    /// One tenant of one pool, written at the end of the run. It comes with its first
    /// job here and leaves with the first after that which it takes elsewhere by choice, or when it
    /// moves as a regular; jobs that waited here too long and went elsewhere move nobody. Where
    /// every job comes to this network, there is no row.
    TenantRow = "tenants" {
        /// The tenant, by number.
        tenant: TenantId,
        /// How it chooses.
        tenant_kind: TenantKindId,
        /// The pool.
        pool: PoolId,
        /// When it came; zero for who was here from the start.
        came_at_ns: SimTime,
        /// From when it came until it first left, or the end of the run.
        stayed_ns: Span,
        /// Whether it has left, be it that it came back.
        has_left: bool,
    }
}
