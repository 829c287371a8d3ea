//! How a row type describes its columns, so that one writer serves all tables.

use units::{CardId, ClassId, HostClassId, PoolId, RegionId};

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
}

/// A row type that is a table.
pub trait Table {
    /// The file name without its ending.
    const NAME: &'static str;
    /// What one row is.
    const DOC: &'static str;
    /// The columns, in order.
    const COLUMNS: &'static [Column];
    /// Hands the row's values to `put`, in column order.
    fn cells(&self, put: &mut dyn FnMut(Cell));
}

/// A type that can stand in a row.
pub trait Field: Copy {
    /// What its column holds.
    const KIND: Kind;
    /// Its value.
    fn cell(self) -> Cell;
}

macro_rules! fields {
    ($($type:ty, $kind:ident, |$value:ident| $cell:expr;)*) => {$(
        impl Field for $type {
            const KIND: Kind = Kind::$kind;
            fn cell(self) -> Cell {
                let $value = self;
                $cell
            }
        }
    )*};
}

fields! {
    u64, U64, |v| Cell::U64(v);
    u32, U64, |v| Cell::U64(u64::from(v));
    u16, U64, |v| Cell::U64(u64::from(v));
    u8, U64, |v| Cell::U64(u64::from(v));
    bool, Bool, |v| Cell::Bool(v);
    units::SimTime, U64, |v| Cell::U64(v.nanos());
    Option<units::SimTime>, MaybeI64, |v| Cell::MaybeI64(v.map(|t| t.nanos() as i64));
    Option<units::Span>, MaybeI64, |v| Cell::MaybeI64(v.map(|t| t.nanos() as i64));
    Option<u32>, MaybeI64, |v| Cell::MaybeI64(v.map(i64::from));
    Option<units::GpuHourPrice>, MaybeI64, |v| Cell::MaybeI64(v.map(|p| p.nanos() as i64));
    units::Span, U64, |v| Cell::U64(v.nanos());
    units::EntityKey, U64, |v| Cell::U64(v.0);
    units::GpuCount, U64, |v| Cell::U64(u64::from(v.0));
    units::GpuHourPrice, U64, |v| Cell::U64(v.nanos());
    units::Ppm, U64, |v| Cell::U64(u64::from(v.0));
    units::ProviderId, U64, |v| Cell::U64(u64::from(v.0));
    units::MachineId, U64, |v| Cell::U64(u64::from(v.0));
    units::TenantId, U64, |v| Cell::U64(u64::from(v.0));
    Option<units::ProviderId>, MaybeI64, |v| Cell::MaybeI64(v.map(|p| i64::from(p.0)));
    units::Usd, I64, |v| Cell::I64(v.nanos());
    i64, I64, |v| Cell::I64(v);
    units::Spon, Spon, |v| Cell::Spon(v.base());
    units::PoolId, Text, |v| Cell::Pool(v);
    units::RegionId, Text, |v| Cell::Region(v);
    units::CardId, Text, |v| Cell::Card(v);
    units::ClassId, Text, |v| Cell::Class(v);
    units::HostClassId, Text, |v| Cell::HostClass(v);
    units::HardwareTier, Text, |v| Cell::Text(v.name());
    crate::OrderOutcome, Text, |v| Cell::Text(v.name());
    crate::UnmatchedReason, Text, |v| Cell::Text(v.name());
    crate::LeaseEnd, Text, |v| Cell::Text(v.name());
    crate::SlashKind, Text, |v| Cell::Text(v.name());
    crate::FlowParty, Text, |v| Cell::Text(v.name());
    crate::FlowReason, Text, |v| Cell::Text(v.name());
    &'static str, Text, |v| Cell::Text(v);
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
        }
    };
}
pub(crate) use table;
