//! What moves a market from outside: token price, gas, rents, demand and electricity, together.
//!
//! A driver is a positive number that follows a process in continuous time, kept as its natural
//! logarithm. Steps are exact, not Euler steps: one step of ten days has the law of ten steps of
//! a day. Chance comes from keyed draws, floats stay in here, and what leaves is an integer: the
//! value in billionths of the driver's unit. Rates, drifts and deviations are per year of 365
//! days, because these prices are quoted on all days.
//!
//! ```
//! use drivers::{Correlation, Driver, Gbm, Innovation, Joint, Process};
//! use engine::draws::Draws;
//! use units::{Span, TokenPrice};
//!
//! let (ether, token) = (Gbm::new(3_000.0, 0.0, 0.88)?, Gbm::new(0.03, 0.0, 1.5)?);
//! let drivers = vec![
//!     Driver::new("ether", Process::Gbm(ether), Innovation::GAUSSIAN),
//!     Driver::new("token", Process::Gbm(token), Innovation::student_t(4.0)?),
//! ];
//! let rows = [vec![1.0, 0.45], vec![0.45, 1.0]];
//! let correlation = Correlation::new(&["ether", "token"], &rows)?;
//! let joint = Joint::new(drivers, None, vec![correlation])?;
//!
//! let draws = Draws::new(7);
//! let mut state = joint.begin(&draws);
//! joint.step(&draws, &mut state, Span::DAY);
//! let price = TokenPrice::from_nanos(state.nanos_rounded(1));
//! assert!((20_000_000..40_000_000).contains(&price.nanos()), "0.03 USD, and a day's news");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Magnitudes
//!
//! From daily closes (MiM0ulay/assets_risk_metrics commit 08346dafee81: ETH 2017-11 to 2025-01, HNT
//! 2020-07 to 2025-01, RNDR 2020-07 to 2024-07), log returns of consecutive days, 365 a year:
//!
//! | | days | sigma | excess kurtosis | freedom by kurtosis, by likelihood | worst, best day |
//! |---|---|---|---|---|---|
//! | ETH | 2623 | 0.884 | 10.8 | 4.6, 2.8 | -0.547, 0.232 |
//! | HNT | 1658 | 1.330 | 4.6 | 5.3, 3.9 | -0.301, 0.528 |
//! | RNDR | 1481 | 1.566 | 4.7 | 5.3, 3.0 | -0.457, 0.507 |
//!
//! Phases of ETH that end when it has halved or doubled against its last extreme; 69 % of days are
//! in rising ones. Drift is that of the mean price, and the most that a regime can have, because
//! phases are dated afterwards:
//!
//! | ETH's phases | mean length | its drift, sigma | sigma of HNT, RNDR |
//! |---|---|---|---|
//! | all | | 0.71, 0.88 | 1.33, 1.57 |
//! | 7 rising | 260 d | 2.38, 0.79 | 1.31, 1.47 |
//! | 6 falling | 134 d | -3.09, 1.04 | 1.41, 1.90 |
//!
//! | correlation of log returns | HNT/ETH | RNDR/ETH | RNDR/HNT |
//! |---|---|---|---|
//! | all | 0.45 | 0.43 | 0.31 |
//! | while ETH rises | 0.38 | 0.33 | 0.23 |
//! | while ETH falls | 0.66 | 0.65 | 0.55 |
//!
//! Tokens fall together more than they rise together: a correlation matrix for each regime.
//!
//! Modules below may import only modules above them.

mod purpose;

mod problem;

mod calendar;

mod ageing;

mod nanos;

mod innovation;

mod history;

mod regime;

mod process;

mod correlation;

mod joint;

mod impact;

pub use ageing::Ageing;
pub use calendar::YEAR;
pub use correlation::{Correlation, CorrelationProblem};
pub use history::{Fit, compute_correlation, compute_log_returns};
pub use impact::{Combined, Deviation, Impact, Reversion, compute_quantity_price};
pub use innovation::Innovation;
pub use joint::{Driver, Joint, JointState};
pub use problem::DriverProblem;
pub use process::{Between, Bootstrap, Constant, Gbm, Merton, Mood, OuLog, Path, Process, Regimes};
pub use regime::RegimeChain;
