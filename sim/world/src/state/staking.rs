//! Who delegates stake, what providers did wrong, and appeals that will be right.

use protocol::Fault;
use units::{EntityKey, ProviderId, SimTime, TenantId};

/// A delegator.
#[derive(Clone, Copy, Debug)]
pub struct Delegator {
    /// Its key.
    pub key: EntityKey,
    /// With whom its stake is.
    pub with: Option<ProviderId>,
}

/// Something that a provider did wrong and that nobody has found yet.
#[derive(Clone, Copy, Debug)]
pub struct Offence {
    /// Its key, which is its evidence.
    pub key: EntityKey,
    /// Who did it.
    pub provider: ProviderId,
    /// What.
    pub fault: Fault,
    /// Since when.
    pub since: SimTime,
    /// Who was harmed.
    pub victim: Option<TenantId>,
}

impl Offence {
    /// Whether it goes on until it is found: what is misreported stays so.
    pub const fn is_lasting(&self) -> bool {
        matches!(self.fault, Fault::MisreportedHardware | Fault::MisreportedRegion)
    }
}

/// An appeal against a false accusation, on its way.
#[derive(Clone, Copy, Debug)]
pub struct Appeal {
    /// What the accusation rests on.
    pub evidence: EntityKey,
    /// Who was accused.
    pub provider: ProviderId,
}
