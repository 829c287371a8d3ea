//! Clock, event queue, keyed draws and their distributions, digest; knows no market.
//!
//! A simulator built on this crate owns its state and a small `Copy` event; the crate owns time,
//! order, chance and the proof that two runs were the same. Nothing here reads a wall clock, asks
//! the operating system for randomness or starts a thread.
//!
//! ```
//! use engine::draws::{Draws, Purpose};
//! use engine::distribution::Exponential;
//! use engine::run_loop::{Clockwork, Progress};
//! use engine::outbox::Ranked;
//! use units::{EntityKey, SimTime, Span};
//!
//! const GAP: Purpose = Purpose(1);
//!
//! #[derive(Clone, Copy)]
//! struct Arrival(u64);
//! impl Ranked for Arrival {
//!     fn rank(&self) -> u8 { 0 }
//! }
//!
//! let (draws, door) = (Draws::new(7), EntityKey::group("door"));
//! let mut clockwork = Clockwork::new();
//! clockwork.schedule(SimTime::ZERO, Arrival(0));
//! let hour = SimTime::ZERO + Span::HOUR;
//! let progress = clockwork.advance(hour, u64::MAX, |_, Arrival(n), out| {
//!     let gap = draws.at(GAP, door, n).sample(&Exponential::new(60.0));
//!     out.after(Span::from_secs_f64_rounded(gap), Arrival(n + 1));
//! });
//! assert_eq!(progress, Progress::Reached);
//! assert!((30..=90).contains(&clockwork.popped()), "about one a minute");
//! ```
//!
//! Modules below may import only modules above them.

pub mod draws;

pub mod distribution;

pub mod queue;

pub mod outbox;

pub mod digest;

pub mod run_loop;
