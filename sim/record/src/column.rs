//! How a row type describes its columns, so that one writer serves all tables.

use crate::names::Names;
use crate::reason::{
    FlowParty, FlowReason, JobEnd, LeaseEnd, MisuseKind, MisuseOutcome, OrderOutcome, ProviderRole,
    Regime, SlashKind, SupplyChange, SupplyReason, UnmatchedReason, VenueReason,
};
use units::{
    Asset, CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, HardwareTier, HostClassId, KwhPrice,
    MachineId, NetworkId, OperatorId, PoolId, Ppm, ProviderId, ProviderKindId, RegionId, SimTime,
    Span, Spon, TenantId, TenantKindId, TokenPrice, Usd, VenueId,
};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A count, a key, or a time in nanoseconds since the start of the run.
    U64,
    /// A signed count; dollars in nano-dollars.
    I64,
    /// Like `I64`, and empty where the thing never happened.
    MaybeI64,
    /// Tokens in units of 10^-18: a decimal of 38 digits, 18 of them behind the point.
    Spon,
    /// Yes or no.
    Bool,
    /// A word from a closed list.
    Text,
    /// A SHA-256: 32 bytes.
    Hash,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name; it ends in the unit.
    pub name: &'static str,
    /// The definition: the doc comment of the field.
    pub doc: &'static str,
    /// What it holds.
    pub kind: Kind,
}

/// One value of a row. Identifiers are resolved to names by whoever writes the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell {
    /// For `Kind::U64`.
    U64(u64),
    /// For `Kind::I64`.
    I64(i64),
    /// For `Kind::MaybeI64`.
    MaybeI64(Option<i64>),
    /// For `Kind::Spon`.
    Spon(i128),
    /// For `Kind::Bool`.
    Bool(bool),
    /// For `Kind::Hash`.
    Hash([u8; 32]),
    /// For `Kind::Text`: a word of ours.
    Text(&'static str),
    /// For `Kind::Text`: the name of a pool.
    Pool(PoolId),
    /// For `Kind::Text`: the name of a region.
    Region(RegionId),
    /// For `Kind::Text`: the name of a card.
    Card(CardId),
    /// For `Kind::Text`: the name of a job class.
    Class(ClassId),
    /// For `Kind::Text`: the name of a host class.
    HostClass(HostClassId),
    /// For `Kind::Text`: the name of a provider kind.
    ProviderKind(ProviderKindId),
    /// For `Kind::Text`: the name of a tenant kind.
    TenantKind(TenantKindId),
    /// For `Kind::Text`: the name of an operator.
    Operator(OperatorId),
    /// For `Kind::Text`: the name of a venue.
    Venue(VenueId),
    /// For `Kind::Text`: the name of a network.
    Network(NetworkId),
}

/// One value as a table's file holds it: identifiers are names there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stored<'a> {
    /// From `Kind::U64`.
    U64(u64),
    /// From `Kind::I64`.
    I64(i64),
    /// From `Kind::MaybeI64`.
    MaybeI64(Option<i64>),
    /// From `Kind::Spon`.
    Spon(i128),
    /// From `Kind::Bool`.
    Bool(bool),
    /// From `Kind::Text`.
    Text(&'a str),
    /// From `Kind::Hash`.
    Hash([u8; 32]),
}

/// A row type that is a table.
pub trait Table: Sized {
    /// The file name without its ending.
    const NAME: &'static str;
    /// What one row is.
    const DOC: &'static str;
    /// The columns, in order.
    const COLUMNS: &'static [Column];
    /// Hands the row's values to `put`, in column order.
    fn cells(&self, put: &mut dyn FnMut(Cell));
    /// The row whose values are `stored`, in column order; none when one of them cannot be.
    fn from_stored(stored: &[Stored<'_>], names: &Names) -> Option<Self>;
}

/// A type that can stand in a row.
pub trait Field: Copy {
    /// What its column holds.
    const KIND: Kind;
    /// Its value.
    fn cell(self) -> Cell;
    /// The field whose value is `stored`, if it can be one.
    fn from_stored(stored: Stored<'_>, names: &Names) -> Option<Self>;
}

macro_rules! fields {
    ($(
        $type:ty, $kind:ident,
        |$value:ident| $cell:expr,
        |$stored:ident, $names:pat_param| $back:expr;
    )*) => {$(
        impl Field for $type {
            const KIND: Kind = Kind::$kind;
            fn cell(self) -> Cell {
                let $value = self;
                $cell
            }
            fn from_stored(stored: Stored<'_>, $names: &Names) -> Option<Self> {
                match stored {
                    Stored::$kind($stored) => $back,
                    _ => None,
                }
            }
        }
    )*};
}

/// Some number that may be missing: the outer option says whether it could be read.
fn maybe<T>(stored: Option<i64>, make: impl Fn(u64) -> Option<T>) -> Option<Option<T>> {
    match stored {
        None => Some(None),
        Some(number) => u64::try_from(number).ok().and_then(make).map(Some),
    }
}

/// The place of `text` in a list of names.
fn place<I: TryFrom<usize>>(names: &[String], text: &str) -> Option<I> {
    names.iter().position(|name| name == text).and_then(|index| I::try_from(index).ok())
}

fields! {
    u64, U64, |v| Cell::U64(v), |s, _| Some(s);
    u32, U64, |v| Cell::U64(u64::from(v)), |s, _| u32::try_from(s).ok();
    u16, U64, |v| Cell::U64(u64::from(v)), |s, _| u16::try_from(s).ok();
    u8, U64, |v| Cell::U64(u64::from(v)), |s, _| u8::try_from(s).ok();
    bool, Bool, |v| Cell::Bool(v), |s, _| Some(s);
    SimTime, U64, |v| Cell::U64(v.nanos()), |s, _| Some(SimTime::from_nanos(s));
    Option<SimTime>, MaybeI64, |v| Cell::MaybeI64(v.map(|t| t.nanos() as i64)),
        |s, _| maybe(s, |n| Some(SimTime::from_nanos(n)));
    Option<Span>, MaybeI64, |v| Cell::MaybeI64(v.map(|t| t.nanos() as i64)),
        |s, _| maybe(s, |n| Some(Span::from_nanos(n)));
    Option<u32>, MaybeI64, |v| Cell::MaybeI64(v.map(i64::from)),
        |s, _| maybe(s, |n| u32::try_from(n).ok());
    Option<i64>, MaybeI64, |v| Cell::MaybeI64(v), |s, _| Some(s);
    Option<Ppm>, MaybeI64, |v| Cell::MaybeI64(v.map(|p| i64::from(p.0))),
        |s, _| maybe(s, |n| u32::try_from(n).ok().map(Ppm));
    Option<GpuHourPrice>, MaybeI64, |v| Cell::MaybeI64(v.map(|p| p.nanos() as i64)),
        |s, _| maybe(s, |n| Some(GpuHourPrice::from_nanos(n)));
    Span, U64, |v| Cell::U64(v.nanos()), |s, _| Some(Span::from_nanos(s));
    EntityKey, U64, |v| Cell::U64(v.0), |s, _| Some(EntityKey(s));
    GpuCount, U64, |v| Cell::U64(u64::from(v.0)),
        |s, _| u32::try_from(s).ok().map(GpuCount);
    GpuHourPrice, U64, |v| Cell::U64(v.nanos()),
        |s, _| Some(GpuHourPrice::from_nanos(s));
    KwhPrice, U64, |v| Cell::U64(v.nanos()),
        |s, _| Some(KwhPrice::from_nanos(s));
    Ppm, U64, |v| Cell::U64(u64::from(v.0)), |s, _| u32::try_from(s).ok().map(Ppm);
    ProviderId, U64, |v| Cell::U64(u64::from(v.0)),
        |s, _| s.try_into().ok().map(ProviderId);
    MachineId, U64, |v| Cell::U64(u64::from(v.0)),
        |s, _| s.try_into().ok().map(MachineId);
    TenantId, U64, |v| Cell::U64(u64::from(v.0)),
        |s, _| s.try_into().ok().map(TenantId);
    Option<ProviderId>, MaybeI64, |v| Cell::MaybeI64(v.map(|p| i64::from(p.0))),
        |s, _| maybe(s, |n| n.try_into().ok().map(ProviderId));
    Usd, I64, |v| Cell::I64(v.nanos()), |s, _| Some(Usd::from_nanos(s));
    i64, I64, |v| Cell::I64(v), |s, _| Some(s);
    Spon, Spon, |v| Cell::Spon(v.base()), |s, _| Some(Spon::from_base(s));
    [u8; 32], Hash, |v| Cell::Hash(v), |s, _| Some(s);
    PoolId, Text, |v| Cell::Pool(v), |s, names| place(&names.pools, s).map(PoolId);
    RegionId, Text, |v| Cell::Region(v),
        |s, names| place(&names.regions, s).map(RegionId);
    CardId, Text, |v| Cell::Card(v), |s, names| place(&names.cards, s).map(CardId);
    ClassId, Text, |v| Cell::Class(v),
        |s, names| place(&names.classes, s).map(ClassId);
    HostClassId, Text, |v| Cell::HostClass(v),
        |s, names| place(&names.host_classes, s).map(HostClassId);
    ProviderKindId, Text, |v| Cell::ProviderKind(v),
        |s, names| place(&names.provider_kinds, s).map(ProviderKindId);
    TenantKindId, Text, |v| Cell::TenantKind(v),
        |s, names| place(&names.tenant_kinds, s).map(TenantKindId);
    OperatorId, Text, |v| Cell::Operator(v),
        |s, names| place(&names.operators, s).map(OperatorId);
    VenueId, Text, |v| Cell::Venue(v),
        |s, names| place(&names.venues, s).map(VenueId);
    NetworkId, Text, |v| Cell::Network(v),
        |s, names| place(&names.networks, s).map(NetworkId);
    HardwareTier, Text, |v| Cell::Text(v.name()),
        |s, _| HardwareTier::ALL.into_iter().find(|tier| tier.name() == s);
    OrderOutcome, Text, |v| Cell::Text(v.name()), |s, _| OrderOutcome::from_name(s);
    UnmatchedReason, Text, |v| Cell::Text(v.name()),
        |s, _| UnmatchedReason::from_name(s);
    ProviderRole, Text, |v| Cell::Text(v.name()), |s, _| ProviderRole::from_name(s);
    JobEnd, Text, |v| Cell::Text(v.name()), |s, _| JobEnd::from_name(s);
    LeaseEnd, Text, |v| Cell::Text(v.name()), |s, _| LeaseEnd::from_name(s);
    MisuseKind, Text, |v| Cell::Text(v.name()), |s, _| MisuseKind::from_name(s);
    MisuseOutcome, Text, |v| Cell::Text(v.name()), |s, _| MisuseOutcome::from_name(s);
    VenueReason, Text, |v| Cell::Text(v.name()), |s, _| VenueReason::from_name(s);
    Regime, Text, |v| Cell::Text(v.name()), |s, _| Regime::from_name(s);
    TokenPrice, U64, |v| Cell::U64(v.nanos()), |s, _| Some(TokenPrice::from_nanos(s));
    SupplyChange, Text, |v| Cell::Text(v.name()), |s, _| SupplyChange::from_name(s);
    SupplyReason, Text, |v| Cell::Text(v.name()), |s, _| SupplyReason::from_name(s);
    SlashKind, Text, |v| Cell::Text(v.name()), |s, _| SlashKind::from_name(s);
    FlowParty, Text, |v| Cell::Text(v.name()), |s, _| FlowParty::from_name(s);
    FlowReason, Text, |v| Cell::Text(v.name()), |s, _| FlowReason::from_name(s);
    // The only free word of a row is the name of an asset.
    &'static str, Text, |v| Cell::Text(v),
        |s, _| Asset::ALL.into_iter().map(Asset::name).find(|name| *name == s);
}

/// Declares a row type and its table in one.
macro_rules! table {
    (
        $(#[doc = $doc:literal])+
        $name:ident = $file:literal {
            $($(#[doc = $field_doc:literal])+ $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $type,)*
        }

        impl crate::column::Table for $name {
            const NAME: &'static str = $file;
            const DOC: &'static str = concat!($($doc),+);
            const COLUMNS: &'static [crate::column::Column] = &[
                $(crate::column::Column {
                    name: stringify!($field),
                    doc: concat!($($field_doc),+),
                    kind: <$type as crate::column::Field>::KIND,
                },)*
            ];
            fn cells(&self, put: &mut dyn FnMut(crate::column::Cell)) {
                $(put(crate::column::Field::cell(self.$field));)*
            }
            fn from_stored(
                stored: &[crate::column::Stored<'_>],
                names: &crate::names::Names,
            ) -> Option<Self> {
                let mut stored = stored.iter();
                let row = $name {
                    $($field: crate::column::Field::from_stored(*stored.next()?, names)?,)*
                };
                stored.next().is_none().then_some(row)
            }
        }
    };
}
pub(crate) use table;
