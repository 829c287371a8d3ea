//! A band around what the payer pays: Helium's rewards for delivered data (HIP 149).
//!
//! Providers share a part of the emission. What that is worth per delivered unit is kept between
//! half and three times the price that the payer pays: below, more is emitted, as far as tokens
//! were burned lately; above, the surplus goes to those who stake.

use crate::wide::mul_div_rounded_down;
use units::{BasisPoints, Ppm, Spon, TokenPrice};

/// The band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayerBand {
    /// Lower edge, as a part of the payer's rate.
    pub floor: BasisPoints,
    /// Upper edge, as a multiple of the payer's rate.
    pub ceiling: BasisPoints,
    /// Burned tokens per era that net emissions give back already, in base units: the two ways
    /// share one budget, so that together they never give back more than was burned.
    pub reserved: u128,
}

/// What the band looks at after an era.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The payer's rate in nano-dollars per unit.
    pub rate_nanos: u64,
    /// Units delivered.
    pub units: u64,
    /// Price of the token.
    pub price: TokenPrice,
    /// Emission without the band, in base units.
    pub emission: u128,
    /// The part of any emission that reaches these providers.
    pub share: Ppm,
    /// Smoothed burn per era, in base units.
    pub burned: u128,
}

/// What the band decides, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BandPay {
    /// Emitted on top, to all who share in emissions.
    pub top_up: u128,
    /// What the providers get of emission and top-up.
    pub providers: u128,
    /// What the providers would get above the upper edge; it goes to those who stake.
    pub surplus: u128,
}

impl PayerBand {
    /// Applies the band to an era. All divisions round down, so a top-up never lifts the providers
    /// above the lower edge.
    ///
    /// # Panics
    /// When the token has no price.
    pub fn step(&self, era: &Delivery) -> BandPay {
        let top_up = self.top_up_rounded_down(era);
        let pool = era.part_rounded_down(era.emission + top_up);
        let providers = pool.min(era.edge_rounded_down(self.ceiling));
        BandPay { top_up, providers, surplus: pool - providers }
    }

    fn top_up_rounded_down(&self, era: &Delivery) -> u128 {
        let has = era.part_rounded_down(era.emission);
        let missing = era.edge_rounded_down(self.floor).saturating_sub(has);
        if missing == 0 || era.share == Ppm::ZERO {
            return 0;
        }
        let wanted = mul_div_rounded_down(missing, Ppm::ONE.0.into(), era.share.0.into());
        wanted.min(era.burned.saturating_sub(self.reserved))
    }
}

impl Delivery {
    /// The part of `emission` that reaches the providers.
    fn part_rounded_down(&self, emission: u128) -> u128 {
        mul_div_rounded_down(emission, self.share.0.into(), Ppm::ONE.0.into())
    }

    /// Tokens worth `edge` of what the payer pays for the era.
    fn edge_rounded_down(&self, edge: BasisPoints) -> u128 {
        let paid = u128::from(self.rate_nanos) * u128::from(self.units);
        let paid = paid.checked_mul(edge.0.into()).expect("an era is worth less than 2^96 dollars");
        let price = u128::from(self.price.nanos()) * u128::from(BasisPoints::WHOLE.0);
        mul_div_rounded_down(paid, Spon::ONE.base().unsigned_abs(), price)
    }
}
