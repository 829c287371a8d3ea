//! What the tenants of a class are promised.

use units::{Ppm, Span};

/// What is promised to the jobs of a class; none of it changes a run, it is what a report holds the
/// run against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ServiceLevel {
    /// How many start how soon.
    pub started: Option<Started>,
    /// How many are done how soon.
    pub finished: Option<Finished>,
    /// For how much of the time from its first start to its end a job is at work.
    pub available: Option<Ppm>,
}

/// A share of the jobs starts within a time after it came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Started {
    /// The share.
    pub share: Ppm,
    /// The time.
    pub within: Span,
}

/// A share of the jobs is done within a multiple of its nominal duration after it came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finished {
    /// The share.
    pub share: Ppm,
    /// The multiple.
    pub times: f64,
}
