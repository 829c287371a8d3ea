//! Economic mechanisms in integers: each is a small state and a step, and knows no chain.
//!
//! A mechanism says what is due: how much an era emits, what a swap gives for a payment, what a
//! block's gas costs. Who pays and who receives is the business of `protocol`, where alone money
//! moves. There is no float, no clock and no randomness here, and every division names its
//! rounding, because the order of truncation is a part of a mechanism.
//!
//! Modules below may import only modules above them.

pub mod wide;

pub mod burn_mint;
pub mod credits;
pub mod feed;
pub mod gas;
pub mod pledge;
pub mod slash;
pub mod swap_pool;

pub mod rent;

pub mod q128;

pub mod split;

pub mod emission;

pub mod supply;
pub mod vesting;
