//! A tenant: needs GPUs, funds escrow.

use units::{EntityKey, RegionId};

/// A tenant.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    /// Its key.
    pub key: EntityKey,
    /// Where it is.
    pub region: RegionId,
}
