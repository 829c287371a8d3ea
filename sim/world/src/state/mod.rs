//! Data of the world's actors: no verbs, no knowledge of one another.

mod bidder;
mod census;
mod choice;
mod crews;
mod gas;
mod investment;
mod job;
mod laws;
mod line;
mod machine;
mod meter;
mod operator;
mod pace;
mod pool;
mod provider;
mod staking;
mod tenant;

pub use bidder::{Bidder, Lessons, Past};
pub use census::{Census, Present};
pub use choice::{ChoiceBooks, Measured, Memory};
pub use crews::Crews;
pub use gas::{COIN, Charge, GasBooks, PARTIES, charge_of, party_of};
pub use investment::{Crowd, Forecast, Outlook, PoolMarket, Presence, Travel};
pub use job::{Attempt, Censorship, Job, Work};
pub use laws::ClassLaws;
pub use line::Line;
pub use machine::{Breach, Cause, Causes, Machine, Notice, Session};
pub use meter::{GpuTime, Meter, Usage};
pub use operator::{Advertised, Answers, Change, Evidence, Operator, View, ViewLog};
pub use pace::Pace;
pub use pool::{BurstState, HourCounts, JobCounts, PoolState, Shelf, Stand, Stream};
pub use provider::{Books, Provider, Totals};
pub use staking::{Appeal, Delegator, Offence};
pub use tenant::Tenant;
