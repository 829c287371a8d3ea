//! Where things are, and how far from one another.

use super::LogNormal;
use units::{KwhPrice, Ppm, RegionId, Span};

/// A region: a place with law and latency.
#[derive(Clone, Debug)]
pub struct Region {
    /// The name.
    pub name: String,
    /// The city that stands for it: latencies were measured from there.
    pub city: String,
    /// The continent: regions of one continent count as near when no position is known.
    pub continent: String,
    /// Local time less UTC, in minutes.
    pub utc_offset_minutes: i32,
    /// What a household pays.
    pub household_tariff: KwhPrice,
    /// What a business pays.
    pub business_tariff: KwhPrice,
}

/// A country: a part of a region that pays another price for electricity.
#[derive(Clone, Debug)]
pub struct Country {
    /// The name.
    pub name: String,
    /// The region that it is in.
    pub region: RegionId,
    /// Its share of the region's providers; who is in no country pays the region's tariffs.
    pub share: Ppm,
    /// What a household pays; none where the region's tariff holds.
    pub household_tariff: Option<KwhPrice>,
    /// What a business pays; none where the region's tariff holds.
    pub business_tariff: Option<KwhPrice>,
}

/// How far regions are from one another.
#[derive(Clone, Debug)]
pub struct Latency {
    /// Round trips between regions in microseconds, by row and column; symmetric.
    pub rtt_us: Vec<Vec<u32>>,
    /// Shortest last mile of a home, added to its round trips.
    pub last_mile_min: Span,
    /// Longest last mile of a home.
    pub last_mile_max: Span,
    /// Median of the relative jitter of one message.
    pub jitter_median: Ppm,
    /// Log standard deviation of the jitter.
    pub jitter_sigma: f64,
    /// Time a provider thinks before it bids.
    pub thinking: LogNormal,
}
