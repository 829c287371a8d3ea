//! When it pays to enter a market or to leave it: formulas, which know nobody (economics.md 1.12).
//!
//! Floats, as in every decision of a person here: what leaves is a chance that a keyed lot is held
//! against, or a yes. All through `libm`, so that a decision is the same on every platform.

mod chance;
mod expectation;
mod trigger;
mod value;

pub use chance::{Deciding, chance_within, logistic, solve_crowd};
pub use expectation::{Expectation, Memory};
pub use trigger::{Triggers, Wandering};
pub use value::Project;
