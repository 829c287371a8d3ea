//! The names that tables hold in place of identifiers.

use units::{
    CardId, ClassId, EntityKey, HostClassId, NetworkId, OperatorId, PoolId, ProviderKindId,
    RegionId, TenantKindId, VenueId,
};

/// The names behind the identifiers in rows, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Pools.
    pub pools: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Cards.
    pub cards: Vec<String>,
    /// Job classes.
    pub classes: Vec<String>,
    /// Host classes.
    pub host_classes: Vec<String>,
    /// Provider kinds.
    pub provider_kinds: Vec<String>,
    /// Tenant kinds.
    pub tenant_kinds: Vec<String>,
    /// Operators.
    pub operators: Vec<String>,
    /// Providers that were declared one by one.
    pub fleet: Vec<String>,
    /// Venues; the first is this network.
    pub venues: Vec<String>,
    /// Networks of providers; the first is this one.
    pub networks: Vec<String>,
}

/// The key of a provider that was declared under a name: who else is declared, and in which
/// order, moves none of its draws.
pub fn key_of_declared(name: &str) -> EntityKey {
    EntityKey::group("fleet").child(EntityKey::group(name).0)
}

impl Names {
    /// The name of a pool.
    pub fn pool(&self, id: PoolId) -> &str {
        &self.pools[id.index()]
    }

    /// The name of a region.
    pub fn region(&self, id: RegionId) -> &str {
        &self.regions[id.index()]
    }

    /// The name of a card.
    pub fn card(&self, id: CardId) -> &str {
        &self.cards[id.index()]
    }

    /// The name of a job class.
    pub fn class(&self, id: ClassId) -> &str {
        &self.classes[id.index()]
    }

    /// The name of a host class.
    pub fn host_class(&self, id: HostClassId) -> &str {
        &self.host_classes[id.index()]
    }

    /// The name of a provider kind.
    pub fn provider_kind(&self, id: ProviderKindId) -> &str {
        &self.provider_kinds[id.index()]
    }

    /// The name of a tenant kind.
    pub fn tenant_kind(&self, id: TenantKindId) -> &str {
        &self.tenant_kinds[id.index()]
    }

    /// The name of a venue.
    pub fn venue(&self, id: VenueId) -> &str {
        &self.venues[id.index()]
    }

    /// The name of a network.
    pub fn network(&self, id: NetworkId) -> &str {
        &self.networks[id.index()]
    }

    /// The name of an operator.
    pub fn operator(&self, id: OperatorId) -> &str {
        &self.operators[id.index()]
    }
}
