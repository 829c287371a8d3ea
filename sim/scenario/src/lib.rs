//! Declared TOML to a validated scenario, with every problem and its remedy.
//!
//! [`load`] reads a file and what it extends through a loader that the caller hands in, merges
//! them, checks everything and returns a [`validated::Scenario`] that all other code trusts, or
//! every problem at once. No value is invented here: what is missing is a problem.
//!
//! Modules below may import only modules above them.

pub mod problem;

mod node;
mod parse;
mod print;

mod places;
mod reader;
mod variant;

mod chain;

mod csv;
mod trace;

mod round_rules;

mod matching;
mod price_book;

mod snapshot;

pub mod validated;

mod replay;

mod arrivals;

mod in_force;

pub mod load_sheet;

mod doubts;

mod effort;

mod catalogue;
mod rules;

mod pools;

mod fleet;

mod validate;

mod load;

pub mod sources;

pub use chain::{LoadError, Loader};
pub use load::{Loaded, load};
pub use load_sheet::{ClassLoad, LoadSheet, ReplaySheet, class_loads};
pub use problem::Problem;
pub use snapshot::Snapshot;
pub use sources::{Source, Sources, Standing};
pub use validated::*;
pub use variant::{Column, Comparison, Variant};
