//! How much each of the eight factors counts. Presets have names; anything else is written out.

use units::BasisPoints;

/// Weights of the eight factors of the matchmaker, each in basis points.
///
/// The first seven scores are averaged with these weights; the eighth is the temperature of the
/// draw (protocol.md 9.5). Only proportions among the first seven matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Nearness of the provider to the tenant, in basis points.
    pub region: BasisPoints,
    /// How far the bid stays below the ceiling, in basis points.
    pub price: BasisPoints,
    /// Share of challenges answered, in basis points.
    pub uptime: BasisPoints,
    /// Leases that ended as agreed, in basis points.
    pub reputation: BasisPoints,
    /// Room left after placing the order, in basis points.
    pub availability: BasisPoints,
    /// Recent slashes, in basis points.
    pub slash: BasisPoints,
    /// Stake behind the provider, in basis points.
    pub stake: BasisPoints,
    /// Temperature of the draw: 500 is `T = 0.05`, 0 always takes the best score.
    pub randomness: BasisPoints,
}

impl Weights {
    /// The default weights; none are published, these are chosen (protocol.md 9.5).
    pub const BALANCED: Weights = Weights {
        region: BasisPoints(1_800),
        price: BasisPoints(2_200),
        uptime: BasisPoints(1_600),
        reputation: BasisPoints(1_400),
        availability: BasisPoints(800),
        slash: BasisPoints(700),
        stake: BasisPoints(1_000),
        randomness: BasisPoints(500),
    };

    /// Sum of all eight weights. A scenario's set adds up to [`BasisPoints::WHOLE`].
    #[must_use]
    pub fn sum(&self) -> BasisPoints {
        add(&self.all())
    }

    /// Sum of the seven weights that are scored, without randomness.
    #[must_use]
    pub fn scored(&self) -> BasisPoints {
        add(&self.all()[..7])
    }

    /// The eight weights in the order of the fields; randomness comes last.
    #[must_use]
    pub const fn all(&self) -> [BasisPoints; 8] {
        [
            self.region,
            self.price,
            self.uptime,
            self.reputation,
            self.availability,
            self.slash,
            self.stake,
            self.randomness,
        ]
    }
}

fn add(weights: &[BasisPoints]) -> BasisPoints {
    BasisPoints(weights.iter().fold(0, |sum, weight| weight.0.saturating_add(sum)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn balanced_weights_add_up_to_one() {
        assert_eq!(Weights::BALANCED.sum(), BasisPoints::WHOLE);
        assert_eq!(Weights::BALANCED.scored(), BasisPoints(9_500));
    }
}
