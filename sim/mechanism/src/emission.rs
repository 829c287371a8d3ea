//! How many tokens an era emits, by a declared schedule.
//!
//! Five schedules are functions of the calendar: each says how much it has emitted after any
//! number of eras, and an era emits the difference, so remainders are never lost and a step of a
//! thousand eras is a thousand steps of one. The others look at the market. Beside the schedules
//! stand two ways of giving burned tokens back.

mod baseline;
mod bonding;
mod bonding_pull;
mod damped;
mod exponential;
mod halving;
mod linear_pool;
mod net_emission;
mod payer_band;
mod table;
mod usd_target;

pub use baseline::{Baseline, BaselineTerms, Minting, compute_theta};
pub use bonding::{BILLION, Bonding};
pub use bonding_pull::{BondingPull, WHOLE};
pub use damped::Damped;
pub use exponential::Exponential;
pub use halving::Halving;
pub use linear_pool::LinearPool;
pub use net_emission::{MeanBurn, NetEmission, SMOOTHING_ERAS};
pub use payer_band::{BandPay, Delivery, PayerBand};
pub use table::Table;
pub use usd_target::{UsdTarget, VaultPay, pay_rounded_down, sustainability_ppm};

use units::{TokenPrice, Usd};

/// How emission is scheduled, with what has moved so far (economics.md 1.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Nothing is emitted.
    None,
    /// A pool in equal parts.
    LinearPool(LinearPool),
    /// Half as much after every period.
    Halving(Halving),
    /// A little less every era.
    Exponential(Exponential),
    /// A fixed part of the period before.
    Damped(Damped),
    /// A list.
    Table(Table),
    /// As proven capacity keeps up with a target that doubles.
    Baseline(Baseline),
    /// A part of the supply that moves until enough is at stake.
    Bonding(Bonding),
    /// A part of the supply that is pulled the harder, the more is missing at stake.
    BondingPull(BondingPull),
    /// What is owed in dollars, from vaults.
    UsdTarget(UsdTarget),
}

/// What a schedule may look at when an era ends; amounts in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The number of the era that ends, the first is zero.
    pub era: u64,
    /// Tokens in existence.
    pub supply: u128,
    /// Tokens at stake.
    pub staked: u128,
    /// Proven capacity, in the unit of the baseline.
    pub capacity: u128,
    /// Dollars owed to providers for the era.
    pub owed: Usd,
    /// Price of the token.
    pub price: TokenPrice,
    /// Tokens in the reward vault.
    pub reward_vault: u128,
    /// Tokens in the vault of fees.
    pub fee_vault: u128,
}

impl Schedule {
    /// What is due for the era that ends.
    ///
    /// # Panics
    /// When pay is owed in dollars and the token has no price.
    pub fn emit(&mut self, facts: &Facts) -> u128 {
        match self {
            Schedule::Baseline(baseline) => baseline.step(facts.capacity),
            Schedule::Bonding(bonding) => bonding.step(facts.supply, facts.staked),
            Schedule::BondingPull(pull) => pull.step(facts.supply, facts.staked),
            Schedule::UsdTarget(_) => {
                let Facts { owed, price, reward_vault, fee_vault, .. } = *facts;
                pay_rounded_down(owed, price, reward_vault, fee_vault).total()
            }
            calendar => {
                let emitted = |eras| calendar.cumulative(eras).expect("the others stand above");
                emitted(facts.era + 1) - emitted(facts.era)
            }
        }
    }

    /// Emitted in the first `eras`, where that is a function of the calendar alone.
    pub fn cumulative(&self, eras: u64) -> Option<u128> {
        match self {
            Schedule::None => Some(0),
            Schedule::LinearPool(pool) => Some(pool.cumulative(eras)),
            Schedule::Halving(halving) => Some(halving.cumulative(eras)),
            Schedule::Exponential(exponential) => Some(exponential.cumulative(eras)),
            Schedule::Damped(damped) => Some(damped.cumulative(eras)),
            Schedule::Table(table) => Some(table.cumulative(eras)),
            Schedule::Baseline(_)
            | Schedule::Bonding(_)
            | Schedule::BondingPull(_)
            | Schedule::UsdTarget(_) => None,
        }
    }

    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Schedule::None => "none",
            Schedule::LinearPool(_) => "linear_pool",
            Schedule::Halving(_) => "halving",
            Schedule::Exponential(_) => "exponential",
            Schedule::Damped(_) => "damped",
            Schedule::Table(_) => "table",
            Schedule::Baseline(_) => "baseline",
            Schedule::Bonding(_) => "bonding",
            Schedule::BondingPull(_) => "bonding_pull",
            Schedule::UsdTarget(_) => "usd_target",
        }
    }

    /// What all eras together never exceed; none where no bound is declared.
    pub fn cap(&self) -> Option<u128> {
        match self {
            Schedule::None => Some(0),
            Schedule::LinearPool(pool) => Some(pool.pool),
            Schedule::Halving(halving) => Some(halving.cap()),
            Schedule::Exponential(exponential) => Some(exponential.total),
            Schedule::Damped(damped) => Some(damped.cap()),
            Schedule::Table(table) => Some(table.cap()),
            Schedule::Baseline(baseline) => Some(baseline.cap()),
            Schedule::Bonding(_) | Schedule::BondingPull(_) | Schedule::UsdTarget(_) => None,
        }
    }
}
