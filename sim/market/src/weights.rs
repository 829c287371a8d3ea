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

    /// Nearness above all, for inference that a person waits for.
    pub const LATENCY_FIRST: Weights = preset([5_000, 1_000, 1_200, 800, 500, 500, 500]);
    /// Price above all, for work that can wait and start again.
    pub const COST_FIRST: Weights = preset([500, 5_500, 1_000, 1_000, 500, 500, 500]);
    /// A good past above all, for long jobs.
    pub const RELIABILITY_FIRST: Weights = preset([500, 1_000, 3_500, 2_500, 500, 1_000, 500]);
    /// Stake above all: what a network of stakers would vote for.
    pub const STAKE_HEAVY: Weights = preset([800, 1_200, 1_000, 800, 400, 500, 4_800]);

    /// The named presets. None is published: the names are those of protocol.md 9.5, the numbers
    /// are ours; all leave 500 basis points of randomness.
    pub const NAMED: [(&'static str, Weights); 5] = [
        ("balanced", Weights::BALANCED),
        ("latency_first", Weights::LATENCY_FIRST),
        ("cost_first", Weights::COST_FIRST),
        ("reliability_first", Weights::RELIABILITY_FIRST),
        ("stake_heavy", Weights::STAKE_HEAVY),
    ];

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

/// Seven weights in the order of the fields, and 500 basis points of randomness.
const fn preset(scored: [u32; 7]) -> Weights {
    let [region, price, uptime, reputation, availability, slash, stake] = scored;
    Weights {
        region: BasisPoints(region),
        price: BasisPoints(price),
        uptime: BasisPoints(uptime),
        reputation: BasisPoints(reputation),
        availability: BasisPoints(availability),
        slash: BasisPoints(slash),
        stake: BasisPoints(stake),
        randomness: BasisPoints(500),
    }
}

fn add(weights: &[BasisPoints]) -> BasisPoints {
    BasisPoints(weights.iter().fold(0, |sum, weight| weight.0.saturating_add(sum)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_adds_up_to_one() {
        for (name, weights) in Weights::NAMED {
            assert_eq!(weights.sum(), BasisPoints::WHOLE, "{name}");
            assert_eq!(weights.scored(), BasisPoints(9_500), "{name}");
        }
    }
}
