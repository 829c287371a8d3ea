//! Identifiers: places in vectors, and keys that do not depend on a place.

use crate::counter::philox4x32;

/// Declares an index type: the place of an entity in its vector, valid within one run only.
macro_rules! index {
    ($(#[$doc:meta] $name:ident($inner:ty);)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl $name {
            /// The place in a vector.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

index! {
    /// A provider: offers GPUs, posts stake, is paid.
    ProviderId(u32);
    /// A machine of a provider: one node with its GPUs.
    MachineId(u32);
    /// A tenant: needs GPUs, funds escrow.
    TenantId(u32);
    /// A delegator: stakes tokens with providers and takes a part of their rewards.
    DelegatorId(u32);
    /// An operator: computes and signs matches, by its place in the scenario's committee.
    OperatorId(u16);
    /// A card model, by its place in the scenario's catalogue.
    CardId(u16);
    /// A pool of supply and its demand.
    PoolId(u16);
    /// A venue: 0 is this network, the others follow in the order of the scenario.
    VenueId(u16);
    /// A network of providers: 0 is this one, the others follow in the order of the scenario.
    NetworkId(u16);
    /// A job class within the scenario.
    ClassId(u16);
    /// A host class: how often machines are down.
    HostClassId(u16);
    /// A region: a place with law and latency.
    RegionId(u16);
    /// A provider kind: how some of the providers of a pool behave.
    ProviderKindId(u16);
    /// A tenant kind: how some of the tenants of a pool choose.
    TenantKindId(u16);
}

/// A set of regions; a scenario has at most 64.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionSet(pub u64);

impl RegionSet {
    /// Every region.
    pub const ALL: RegionSet = RegionSet(u64::MAX);

    /// This set and `region`.
    #[must_use]
    pub fn with(self, region: RegionId) -> RegionSet {
        assert!(region.0 < 64, "validation refuses more than 64 regions");
        RegionSet(self.0 | 1 << region.0)
    }

    /// Whether `region` is in it.
    pub const fn contains(self, region: RegionId) -> bool {
        self.0 >> region.0 & 1 == 1
    }
}

/// What an entity is, whatever its place: draws, beacons and ties use it.
///
/// A key is a hash of the name of the entity's group and its ordinal in the group (for an order,
/// of its tenant's key and the tenant's own ordinal), so one more provider in one group changes
/// no other key, and therefore no other draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntityKey(pub u64);

impl EntityKey {
    /// The key of a named group. FNV-1a, 64 bits, then mixed.
    pub fn group(name: &str) -> EntityKey {
        let fnv = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        EntityKey(0).child(fnv)
    }

    /// The key of the `ordinal`-th member of this entity.
    ///
    /// ```
    /// # use units::EntityKey;
    /// let pool = EntityKey::group("community");
    /// assert_ne!(pool.child(0), pool.child(1));
    /// assert_ne!(pool.child(0), EntityKey::group("secured").child(0));
    /// ```
    #[must_use]
    pub fn child(self, ordinal: u64) -> EntityKey {
        let words = [ordinal as u32, (ordinal >> 32) as u32, 0x6b65_7973, 0];
        let [low, high, ..] = philox4x32(words, [self.0 as u32, (self.0 >> 32) as u32]);
        EntityKey(u64::from(low) | u64::from(high) << 32)
    }
}

/// Entities by their keys: ascending, each once, so that a long list costs a look by halves.
///
/// ```
/// # use units::{EntityKey, KeySet};
/// let keys: KeySet = [3, 1, 3].map(EntityKey).into_iter().collect();
/// assert_eq!(keys.as_slice(), [EntityKey(1), EntityKey(3)]);
/// assert!(keys.contains(EntityKey(3)) && !keys.contains(EntityKey(2)));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet(Vec<EntityKey>);

impl KeySet {
    /// Whether nobody is in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `key` is in it.
    pub fn contains(&self, key: EntityKey) -> bool {
        self.0.binary_search(&key).is_ok()
    }

    /// The keys, ascending.
    pub fn as_slice(&self) -> &[EntityKey] {
        &self.0
    }
}

impl FromIterator<EntityKey> for KeySet {
    fn from_iter<I: IntoIterator<Item = EntityKey>>(keys: I) -> KeySet {
        let mut keys: Vec<EntityKey> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        KeySet(keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_million_keys_do_not_collide() {
        let pool = EntityKey::group("community");
        let keys: BTreeSet<_> = (0..1_000_000).map(|n| pool.child(n)).collect();
        assert_eq!(keys.len(), 1_000_000);
    }
}
