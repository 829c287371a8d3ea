//! Statistics over numbers: sketches, intervals, exposure, survival, inequality, quantiles,
//! investments.
//!
//! This crate knows no row and no market. What has no value (the mean of nothing) is `None`,
//! never not-a-number. Modules below may import only modules above them.

mod sketch;

mod exposure;
mod inequality;
mod interval;
mod investment;
mod line;
mod quantile;
mod survival;

pub use exposure::Exposure;
pub use inequality::{gini, share, top_share};
pub use interval::{Interval, mean_interval, ratio_interval};
pub use investment::Investment;
pub use line::{Slope, log_slope, rate_slope, slope};
pub use quantile::quantile_of_sorted;
pub use sketch::Sketch;
pub use survival::{Step, Survival};
