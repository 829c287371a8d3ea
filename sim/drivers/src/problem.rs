//! Why numbers do not make a driver.

use std::fmt;

/// Why numbers do not make a driver; the message carries the remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum DriverProblem {
    /// A number is not what it may be.
    BadNumber {
        /// Which one.
        what: &'static str,
        /// What it was.
        value: f64,
        /// What it may be.
        needed: &'static str,
    },
    /// There are too few of something.
    TooFew {
        /// Of what.
        what: &'static str,
        /// How many there are.
        given: usize,
        /// How many there must be.
        needed: usize,
    },
    /// Two lists that describe the same things differ in length.
    CountsDiffer {
        /// What the first list has.
        what: String,
        /// How many.
        given: usize,
        /// What the second list has.
        other: &'static str,
        /// How many.
        needed: usize,
    },
    /// A point of a path is not later than the point before it.
    OutOfOrder {
        /// Its place, from 1.
        point: usize,
    },
    /// A chain cannot come back to some regime, so no law is its law at a random moment.
    NoStationaryLaw,
    /// A driver follows regimes, and there is no chain that switches them.
    NoChain {
        /// Which driver.
        driver: String,
    },
    /// Two drivers have one name, hence the same innovations.
    SameName {
        /// The name.
        driver: String,
    },
}

impl fmt::Display for DriverProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DriverProblem::BadNumber { what, value, needed } => {
                write!(out, "{what} is {value}; give {needed}")
            }
            DriverProblem::TooFew { what, given, needed } => {
                write!(out, "there are {given} {what}; give at least {needed}")
            }
            DriverProblem::CountsDiffer { what, given, other, needed } => {
                write!(out, "there are {given} {what} for {needed} {other}; give one for each")
            }
            DriverProblem::OutOfOrder { point } => {
                write!(out, "point {point} is not later than the one before it; sort the points")
            }
            DriverProblem::NoStationaryLaw => write!(
                out,
                "a regime is never reached again; declare the first regime, or give a rate back"
            ),
            DriverProblem::NoChain { driver } => write!(
                out,
                "{driver} follows regimes and nothing switches them; declare the rates of switching"
            ),
            DriverProblem::SameName { driver } => write!(
                out,
                "two drivers are called {driver} and would draw the same; rename one of them"
            ),
        }
    }
}

impl std::error::Error for DriverProblem {}

/// A finite number.
pub fn check_finite(what: &'static str, value: f64) -> Result<(), DriverProblem> {
    check(value.is_finite(), what, value, "a finite number")
}

/// A finite number that is not negative.
pub fn check_not_negative(what: &'static str, value: f64) -> Result<(), DriverProblem> {
    let needed = "a finite number that is not negative";
    check(value.is_finite() && value >= 0.0, what, value, needed)
}

/// A finite number above zero.
pub fn check_positive(what: &'static str, value: f64) -> Result<(), DriverProblem> {
    check(value.is_finite() && value > 0.0, what, value, "a finite number above zero")
}

/// What holds, or the problem that it does not.
pub fn check(
    holds: bool,
    what: &'static str,
    value: f64,
    needed: &'static str,
) -> Result<(), DriverProblem> {
    if holds { Ok(()) } else { Err(DriverProblem::BadNumber { what, value, needed }) }
}

/// At least `needed` of something.
pub fn check_count(what: &'static str, given: usize, needed: usize) -> Result<(), DriverProblem> {
    if given >= needed { Ok(()) } else { Err(DriverProblem::TooFew { what, given, needed }) }
}
