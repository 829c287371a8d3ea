//! Integer quantities, identifiers, keyed counters and text forms with units.
//!
//! Everything that is counted has a type of its own, so that seconds are never added to dollars
//! and every division says how it rounds. This crate knows no market and no simulator.
//!
//! Modules below may import only modules above them.

mod counter;
mod id;
mod ratio;
mod time;

mod gpu;

mod money;

pub mod text;

pub use counter::{Philox, philox4x32};
pub use gpu::{CardLabel, CardSet, CardShare, GpuCount, HardwareTier, TrustSet, TrustTier};
pub use id::{
    CardId, ClassId, DelegatorId, EntityKey, HostClassId, KeySet, MachineId, NetworkId, OperatorId,
    PoolId, ProviderId, ProviderKindId, RegionId, RegionSet, TenantId, TenantKindId, VenueId,
};
pub use money::{Asset, Base, GpuHourPrice, KwhPrice, Spon, TokenPrice, Usd, Watts};
pub use ratio::{BasisPoints, Ppm};
pub use time::{SimTime, Span};
