//! One row type per table, and the observer that receives them.
//!
//! A row type *is* the definition of its table: the doc comment of a field is the definition of
//! the column, the name ends in the unit. Results can be read without the code that made them.
//! Rows carry reason codes of their own, so that no reader needs the simulator.

mod names;
mod reason;

mod column;

mod row;

mod observer;

pub use column::{Cell, Column, Kind, Stored, Table};
pub use names::{Names, key_of_declared};
pub use observer::{Observer, Row};
pub use reason::{
    FlowParty, FlowReason, JobEnd, LeaseEnd, MisuseKind, MisuseOutcome, OrderOutcome, ProviderRole,
    Regime, SlashKind, SupplyChange, SupplyReason, UnmatchedReason, VenueReason,
};
pub use row::{
    BidRow, DemandRow, EconomyRow, EraRow, FlowRow, GasRow, JobRow, LeaseRow, MisuseRow,
    NetworkRow, OperatorRow, OrderRow, PriceRow, ProviderRow, RentRow, RoundRow, SeriesRow,
    SlashRow, SupplyRow, TenantRow, VenueRow,
};
