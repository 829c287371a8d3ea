//! State and behaviour of providers, tenants and operators; the events and their steps.
//!
//! Data (`state`) and verbs (`behaviour`) are apart: a handler sees the whole `World`, data sees
//! nobody. What the matcher is shown (`World::candidates`) is what was advertised and delivered,
//! never the machines themselves.
//!
//! **Invariant:** observers receive rows and cannot write to the world.
//!
//! Modules below may import only modules above them.

mod event;
mod purpose;

mod invest;

mod state;

mod world;

mod observe;

mod behaviour;

mod fill;
mod setup;
mod step;

mod simulation;

pub use observe::names;
pub use simulation::{Options, Outcome, Simulation};
pub use state::{Census, JobCounts, Present};
pub use world::Search;
