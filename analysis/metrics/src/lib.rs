//! One function per metric, fed by rows: what a run amounts to.
//!
//! [`SummaryBuilder`] observes a run, or is fed the rows of its tables again, and keeps only
//! counters and sketches: its memory does not grow with the length of the run. [`Summary`] is
//! what `summary.json` holds. Only rows marked as reported count, so the warm-up is outside every
//! figure. What has no value is `None` and `null`, never not-a-number.
//!
//! Modules below may import only modules above them.

mod format;
mod meaning;
mod named;
mod staying;

mod capacity;
mod capital;
mod committee;
mod contracts;
mod demand;
mod earnings;
mod economy;
mod fleet;
mod flows;
mod gas;
mod latency;
mod leases;
mod misuse;
mod networks;
mod orders;
mod providers;
mod rents;
mod rounds;
mod series;
mod service;
mod solvency;
mod stakes;
mod supply;
mod tenants;
mod token;
mod trust;
mod venues;
mod wins;
mod work;

mod summary;

mod headline;
mod table;

pub mod tables;

pub use capacity::{Capacity, GpuHours};
pub use capital::{Capital, Capitals, CardFacts};
pub use committee::{AgainstBids, AgainstOrders, Committee, OperatorSums};
pub use contracts::{Contracts, PromiseGroup};
pub use demand::{CurvePoint, Demand};
pub use earnings::Earnings;
pub use economy::Economy;
pub use fleet::FleetEarnings;
pub use flows::{Books, Flow, Flows};
pub use format::{count, hours, millis, number, or_dash, percent, usd};
pub use gas::{Gas, PartyGas};
pub use headline::{Headline, Replicated, Replications, Unit};
pub use latency::{Latency, PathParts, PathTimes, Quantiles};
pub use leases::{LeaseGroup, Leases};
pub use meaning::Metric;
pub use misuse::{Misuse, MisuseGroup};
pub use named::Named;
pub use networks::NetworkGroup;
pub use orders::{OrderCounts, OrderGroup, Orders};
pub use providers::{LossShares, Losses};
pub use rents::{RentGroup, Rents};
pub use rounds::{RegionBids, Rounds};
pub use series::{POINTS_MAX, Series};
pub use service::{Attainment, Promise, Service};
pub use solvency::Solvency;
pub use stakes::{SlashSum, Slashes, Stakes};
pub use staying::{Staying, StayingPoint};
pub use summary::{Summary, SummaryBuilder};
pub use supply::{Changes, EraSupply, Supply, SupplyGroup};
pub use table::Table;
pub use tables::text_tables;
pub use tenants::Tenants;
pub use token::Token;
pub use trust::Trust;
pub use venues::{EraShares, VenueGroup, VenueShare, Venues};
pub use wins::{Concentration, NewcomerWaits, Spread, Winnings, Wins};
pub use work::{WorkFacts, WorkPrice, WorkPrices};
