//! Regions and the latencies between them.
//!
//! The crate knows where things are and how long a message takes; who sends what, and why, is the
//! world's business.
//!
//! Modules below may import only modules above them.

pub mod topology;

pub mod link;
