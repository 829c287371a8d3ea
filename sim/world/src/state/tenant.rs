//! A tenant: needs GPUs, funds escrow, and may misbehave.

use record::MisuseKind;
use units::{EntityKey, RegionId, TenantId};

/// A tenant: a wallet on the chain and who is behind it.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    /// Who is behind it.
    pub key: EntityKey,
    /// Where it is.
    pub region: RegionId,
    /// How it misbehaves, if it does.
    pub misuse: Option<MisuseKind>,
    /// Names that it had before this one.
    pub renamed: u64,
    /// Orders of it that nobody meant.
    pub spammed: u64,
    /// The wallet that is used now, since this one was banned.
    pub successor: Option<TenantId>,
}
