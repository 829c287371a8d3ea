//! The rows. Times are nanoseconds since the start of the run, dollars are nano-dollars.

mod economy;
mod era;
mod flow;
mod gas;
mod job;
mod lease;
mod misuse;
mod operator;
mod order;
mod price;
mod provider;
mod rent;
mod round;
mod series;
mod slash;
mod supply;
mod tenant;
mod venue;

pub use economy::EconomyRow;
pub use era::EraRow;
pub use flow::FlowRow;
pub use gas::GasRow;
pub use job::JobRow;
pub use lease::LeaseRow;
pub use misuse::MisuseRow;
pub use operator::OperatorRow;
pub use order::OrderRow;
pub use price::PriceRow;
pub use provider::ProviderRow;
pub use rent::RentRow;
pub use round::{BidRow, RoundRow};
pub use series::SeriesRow;
pub use slash::SlashRow;
pub use supply::{NetworkRow, SupplyRow};
pub use tenant::TenantRow;
pub use venue::{DemandRow, VenueRow};
