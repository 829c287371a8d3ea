//! How each value of a record is written and read.
//!
//! | kind | in a record |
//! |---|---|
//! | numbers of at most 32 bits | a number |
//! | numbers of 64 and 128 bits | decimal text: many readers of JSON lose bits beyond the 53rd |
//! | keys, sets of regions and cards | 16 hex digits; 32 for a set of cards beyond the 64th |
//! | hashes, public keys, signatures | hex digits |
//! | closed lists | their names |
//!
//! There is one way to write each value, and nothing else is read.

use super::tree::Tree;
use crate::bytes::Bytes;
use crate::candidate::{Activity, Candidate, Merit, Standing};
use crate::eligible::SoftFilters;
use crate::factor::{
    AvailabilityForm, Forms, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm,
    UptimeForm,
};
use crate::merkle::Arrival;
use crate::order::{Host, Mode, Order};
use crate::score::{DrawKey, ScoreCard};
use crate::weights::Weights;
use crate::wrong::WrongField;
use std::fmt::Display;
use units::{
    BasisPoints, CardId, CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, KeySet, Ppm,
    ProviderId, RegionId, RegionSet, SimTime, Span, Spon, TrustSet, TrustTier,
};

/// What can stand in a record.
pub(super) trait Form: Sized {
    /// The one way to write it.
    fn write(&self) -> Tree;

    /// Reads what `write` wrote.
    ///
    /// # Errors
    /// The first place that is anything else.
    fn read(tree: &Tree) -> Result<Self, WrongField>;
}

/// An error about this very value.
pub(super) fn wrong<T>(expected: impl Display, found: &Tree) -> Result<T, WrongField> {
    Err(WrongField::new("", expected, found))
}

/// Numbers of at most 32 bits: the type, how to make it, how to see into it, the least and most.
macro_rules! numbers {
    ($($type:ty: $make:expr, $see:expr, $least:expr, $most:expr;)*) => {$(
        impl Form for $type {
            fn write(&self) -> Tree {
                Tree::Number(i64::from($see(*self)))
            }

            fn read(tree: &Tree) -> Result<$type, WrongField> {
                match tree {
                    Tree::Number(n) if (i64::from($least)..=i64::from($most)).contains(n) => {
                        Ok($make((*n).try_into().expect("inside the bounds of the type")))
                    }
                    _ => wrong(format!("a number from {} to {}", $least, $most), tree),
                }
            }
        }
    )*};
}

numbers! {
    u32: |n: u32| n, |n: u32| n, u32::MIN, u32::MAX;
    u16: |n: u16| n, |n: u16| n, u16::MIN, u16::MAX;
    i8: |n: i8| n, |n: i8| n, i8::MIN, i8::MAX;
    GpuCount: GpuCount, |n: GpuCount| n.0, u32::MIN, u32::MAX;
    CardShare: CardShare, |n: CardShare| n.0, 0_u16, CardShare::WHOLE.0;
    RegionId: RegionId, |n: RegionId| n.0, 0_u16, 63_u16;
    CardId: CardId, |n: CardId| n.0, 0_u16, CardSet::MAX as u16 - 1;
    BasisPoints: BasisPoints, |n: BasisPoints| n.0, 0_u32, BasisPoints::WHOLE.0;
    Ppm: Ppm, |n: Ppm| n.0, 0_u32, Ppm::ONE.0;
}

/// Longer numbers in decimal text: the type, its integer, how to make it and to see into it.
macro_rules! decimals {
    ($($type:ty: $integer:ty, $make:expr, $see:expr;)*) => {$(
        impl Form for $type {
            fn write(&self) -> Tree {
                Tree::Text($see(*self).to_string())
            }

            fn read(tree: &Tree) -> Result<$type, WrongField> {
                let Tree::Text(text) = tree else {
                    return wrong("a decimal number in quotes", tree);
                };
                match text.parse::<$integer>() {
                    Ok(number) if number.to_string() == *text => Ok($make(number)),
                    _ => wrong("a decimal number", tree),
                }
            }
        }
    )*};
}

decimals! {
    u64: u64, |n: u64| n, |n: u64| n;
    Span: u64, Span::from_nanos, |n: Span| n.nanos();
    SimTime: u64, SimTime::from_nanos, |n: SimTime| n.nanos();
    GpuHourPrice: u64, GpuHourPrice::from_nanos, |n: GpuHourPrice| n.nanos();
    DrawKey: i64, DrawKey, |n: DrawKey| n.0;
    Spon: i128, Spon::from_base, |n: Spon| n.base();
}

/// 64 bits in hex digits.
macro_rules! hexes {
    ($($type:ident)*) => {$(
        impl Form for $type {
            fn write(&self) -> Tree {
                Bytes(self.0.to_be_bytes()).write()
            }

            fn read(tree: &Tree) -> Result<$type, WrongField> {
                let Bytes(bytes) = Bytes::read(tree)?;
                Ok($type(u64::from_be_bytes(bytes)))
            }
        }
    )*};
}

hexes! { EntityKey RegionSet }

/// The first 64 cards in 16 hex digits, or all 128 in 32 where others are in it. A record has one
/// text only, so all ones in the short form stand for every card, and the long form is for what
/// the short one cannot say.
impl Form for CardSet {
    fn write(&self) -> Tree {
        let every = *self == CardSet::ALL;
        let short = if every { Some(u64::MAX) } else { u64::try_from(self.0).ok() };
        match short.filter(|bits| every || *bits != u64::MAX) {
            Some(bits) => Bytes(bits.to_be_bytes()).write(),
            None => Bytes(self.0.to_be_bytes()).write(),
        }
    }

    fn read(tree: &Tree) -> Result<CardSet, WrongField> {
        let short = Bytes::read(tree).map(|Bytes(bytes)| match u64::from_be_bytes(bytes) {
            u64::MAX => CardSet::ALL,
            bits => CardSet(u128::from(bits)),
        });
        let set = short.or_else(|wrong| {
            let long = Bytes::read(tree).map(|Bytes(bytes)| CardSet(u128::from_be_bytes(bytes)));
            long.map_err(|_| wrong)
        })?;
        if set.write() == *tree { Ok(set) } else { wrong("the shortest form of a set", tree) }
    }
}

impl<const N: usize> Form for Bytes<N> {
    fn write(&self) -> Tree {
        Tree::Text(self.to_string())
    }

    fn read(tree: &Tree) -> Result<Bytes<N>, WrongField> {
        let bytes = if let Tree::Text(text) = tree { Bytes::from_hex(text) } else { None };
        bytes.map_or_else(|| wrong(format!("{} hex digits", 2 * N), tree), Ok)
    }
}

/// Closed lists by name, from a table of names and values.
macro_rules! names {
    ($($type:ty: $table:expr;)*) => {$(
        impl Form for $type {
            fn write(&self) -> Tree {
                let named = $table.iter().find(|(_, value)| value == self);
                let (name, _) = named.expect("the table has every value");
                Tree::Text(name.to_string())
            }

            fn read(tree: &Tree) -> Result<$type, WrongField> {
                let is_named = |name: &str| matches!(tree, Tree::Text(text) if text == name);
                let named = $table.iter().find(|(name, _)| is_named(name));
                named.map_or_else(|| wrong("a known name", tree), |(_, value)| Ok(*value))
            }
        }
    )*};
}

names! {
    Mode: Mode::NAMED;
    RegionForm: RegionForm::NAMED;
    PriceForm: PriceForm::NAMED;
    UptimeForm: UptimeForm::NAMED;
    ReputationForm: ReputationForm::NAMED;
    AvailabilityForm: AvailabilityForm::NAMED;
    SlashForm: SlashForm::NAMED;
    StakeForm: StakeForm::NAMED;
}

impl Form for bool {
    fn write(&self) -> Tree {
        Tree::Flag(*self)
    }

    fn read(tree: &Tree) -> Result<bool, WrongField> {
        if let Tree::Flag(flag) = tree { Ok(*flag) } else { wrong("true or false", tree) }
    }
}

impl Form for TrustTier {
    fn write(&self) -> Tree {
        u32::from(self.number()).write()
    }

    fn read(tree: &Tree) -> Result<TrustTier, WrongField> {
        let number =
            if let Tree::Number(number) = tree { u8::try_from(*number).ok() } else { None };
        number.and_then(TrustTier::new).map_or_else(|| wrong("a trust tier, 1 to 7", tree), Ok)
    }
}

/// The accepted tiers, best first.
impl Form for TrustSet {
    fn write(&self) -> Tree {
        let tiers = (1..=7).filter_map(TrustTier::new).filter(|tier| self.contains(*tier));
        tiers.collect::<Vec<_>>().write()
    }

    fn read(tree: &Tree) -> Result<TrustSet, WrongField> {
        let tiers = Vec::<TrustTier>::read(tree)?;
        if !tiers.is_sorted_by(|a, b| a < b) {
            return wrong("trust tiers in order, each once", tree);
        }
        Ok(tiers.into_iter().fold(TrustSet::NONE, TrustSet::with))
    }
}

/// The keys, ascending, each once.
impl Form for KeySet {
    fn write(&self) -> Tree {
        Tree::List(self.as_slice().iter().map(EntityKey::write).collect())
    }

    fn read(tree: &Tree) -> Result<KeySet, WrongField> {
        let keys = Vec::<EntityKey>::read(tree)?;
        if !keys.is_sorted_by(|a, b| a < b) {
            return wrong("keys in order, each once", tree);
        }
        Ok(keys.into_iter().collect())
    }
}

impl<T: Form> Form for Option<T> {
    fn write(&self) -> Tree {
        self.as_ref().map_or(Tree::Nothing, T::write)
    }

    fn read(tree: &Tree) -> Result<Option<T>, WrongField> {
        if let Tree::Nothing = tree { Ok(None) } else { T::read(tree).map(Some) }
    }
}

impl<T: Form> Form for Vec<T> {
    fn write(&self) -> Tree {
        Tree::List(self.iter().map(T::write).collect())
    }

    fn read(tree: &Tree) -> Result<Vec<T>, WrongField> {
        let Tree::List(items) = tree else {
            return wrong("a list", tree);
        };
        let item = |(at, item)| T::read(item).map_err(|wrong: WrongField| wrong.at(at));
        items.iter().enumerate().map(item).collect()
    }
}

/// Declares a type's fields with their names in records, in the order of records. What stands
/// behind `without` is not written, and read as given.
macro_rules! fields {
    ($type:ident {}) => {
        impl $crate::record::form::Form for $type {
            fn write(&self) -> $crate::record::tree::Tree {
                $crate::record::tree::Tree::map([])
            }

            fn read(
                tree: &$crate::record::tree::Tree,
            ) -> Result<$type, $crate::wrong::WrongField> {
                tree.fields(&[]).map(|_| $type)
            }
        }
    };
    ($type:ident {
        $($field:ident = $name:literal),* $(,)?
    } $(without { $($blank:ident: $value:expr),* })?) => {
        impl $crate::record::form::Form for $type {
            fn write(&self) -> $crate::record::tree::Tree {
                $crate::record::tree::Tree::map([
                    $(($name, $crate::record::form::Form::write(&self.$field))),*
                ])
            }

            fn read(
                tree: &$crate::record::tree::Tree,
            ) -> Result<$type, $crate::wrong::WrongField> {
                let fields = tree.fields(&[$($name),*])?;
                Ok($type { $($field: fields.read($name)?,)* $($($blank: $value,)*)? })
            }
        }
    };
}
pub(super) use fields;

fields!(Host {
    cpus = "cpus",
    memory_mib = "memory_mib",
    shared_memory_mib = "shared_memory_mib",
    disk_gib = "disk_gib",
    bandwidth_mbps = "bandwidth_mbps",
});

fields!(Order {
    key = "key",
    mode = "mode",
    trust_tiers = "trust_tiers",
    uptime_min = "uptime_min_ppm",
    regions = "regions",
    lawful = "lawful",
    included = "included",
    excluded = "excluded",
    cards = "cards",
    gpus = "gpus",
    share = "share_milli",
    host = "host",
    ceiling = "ceiling_nano_usd_per_gpu_hour",
    latency_bound = "latency_bound_ns",
    owner_leases_max = "owner_leases_max",
    tenant_region = "tenant_region",
    near = "near",
});

fields!(Candidate {
    key = "key",
    number = "number",
    bid = "bid_nano_usd_per_gpu_hour",
    mode = "mode",
    is_active = "is_active",
    trust_tier = "trust_tier",
    region = "region",
    last_mile = "last_mile_ns",
    card = "card",
    gpus_free = "gpus_free",
    gpus_total = "gpus_total",
    gpus_free_on_node = "gpus_free_on_node",
    gpus_on_node = "gpus_on_node",
    share_free_on_card = "share_free_on_card_milli",
    host = "host",
    joined_at = "joined_at_ns",
    owner_leases = "owner_leases",
    activity = "activity",
    standing = "standing",
} without { merit: Merit::default(), provider: ProviderId(0) });

fields!(Activity {
    idle_since = "idle_since_ns",
    served_in_era = "served_in_era_ns",
    leases = "leases",
    misses = "misses",
});

fields!(Standing {
    uptime = "uptime_ppm",
    good_milli = "good_milli",
    bad_milli = "bad_milli",
    slash_halves = "slash_halves",
    stake = "stake_atto_spon",
    stake_min = "stake_min_atto_spon",
});

fields!(Arrival { height = "height", index = "index" });

fields!(ScoreCard {
    region = "region_ppm",
    price = "price_ppm",
    uptime = "uptime_ppm",
    reputation = "reputation_ppm",
    availability = "availability_ppm",
    slash = "slash_ppm",
    stake = "stake_ppm",
});

fields!(SoftFilters { latency_bound = "latency_bound", owner_cap = "owner_cap" });

fields!(Weights {
    region = "region_bp",
    price = "price_bp",
    uptime = "uptime_bp",
    reputation = "reputation_bp",
    availability = "availability_bp",
    slash = "slash_bp",
    stake = "stake_bp",
    randomness = "randomness_bp",
});

fields!(Forms {
    region = "region",
    price = "price",
    uptime = "uptime",
    reputation = "reputation",
    availability = "availability",
    slash = "slash",
    stake = "stake",
    stake_cap_multiple = "stake_cap_multiple",
    is_weighted_by_capacity = "is_weighted_by_capacity",
});
