//! Rounds and bids of the sampled orders: what time and chance cost, and whose bids come late.
//!
//! The sample is one order in `matching.sample_one_in` by key: shares and quantiles are those of
//! the sample, and nothing is scaled up.

use crate::latency::{Quantiles, quantiles};
use crate::named::Named;
use estimate::{Sketch, share};
use record::{BidRow, Names, RoundRow};
use serde::Serialize;

/// The rounds of sampled orders in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rounds {
    /// Rounds, whether or not they found anybody.
    pub sampled: u64,
    /// Rounds in which somebody was drawn.
    pub matched: u64,
    /// Eligible providers of a round in the mean.
    pub eligible_mean: Option<f64>,
    /// Bids that stood at the close of the window, of all eligible providers.
    pub in_time_share: Option<f64>,
    /// The best score of all eligible, late ones too, less the winner's; points of score, 0 to 1,
    /// over rounds in which somebody was drawn. What a full look without chance would have gained.
    pub regret: Quantiles,
    /// Bids by the region of the provider.
    pub regions: Named<RegionBids>,
}

/// Bids of one region's eligible providers on sampled orders.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RegionBids {
    /// Bids.
    pub bids: u64,
    /// Bids that came after the window had closed.
    pub late: u64,
    /// `late / bids`.
    pub late_share: Option<f64>,
    /// How far before the close they came, milliseconds; negative when late.
    pub margin: Quantiles,
}

#[derive(Clone, Default)]
struct RegionTally {
    late: u64,
    margin: Sketch,
}

/// Notes rounds and bids as they come.
pub(crate) struct RoundTally {
    sampled: u64,
    matched: u64,
    eligible: u64,
    in_time: u64,
    regret: Sketch,
    regions: Vec<RegionTally>,
}

impl RoundTally {
    pub(crate) fn new(names: &Names) -> RoundTally {
        RoundTally {
            sampled: 0,
            matched: 0,
            eligible: 0,
            in_time: 0,
            regret: Sketch::new(),
            regions: vec![RegionTally::default(); names.regions.len()],
        }
    }

    pub(crate) fn add(&mut self, row: &RoundRow) {
        if !(row.is_reported && row.is_sampled) {
            return;
        }
        self.sampled += 1;
        self.matched += u64::from(row.winner.is_some());
        self.eligible += u64::from(row.eligible);
        self.in_time += u64::from(row.in_time);
        if let Some(regret) = row.regret_ppm {
            self.regret.add(regret.as_f64());
        }
    }

    pub(crate) fn add_bid(&mut self, row: &BidRow) {
        if row.is_reported {
            let region = &mut self.regions[row.region.index()];
            region.late += u64::from(row.margin_ns < 0);
            region.margin.add(row.margin_ns as f64 / 1e6);
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> Rounds {
        let region = |tally: &RegionTally| {
            let bids = tally.margin.count();
            RegionBids {
                bids,
                late: tally.late,
                late_share: share(tally.late as f64, bids as f64),
                margin: quantiles(&tally.margin),
            }
        };
        Rounds {
            sampled: self.sampled,
            matched: self.matched,
            eligible_mean: share(self.eligible as f64, self.sampled as f64),
            in_time_share: share(self.in_time as f64, self.eligible as f64),
            regret: quantiles(&self.regret),
            regions: Named::zip(&names.regions, self.regions.iter().map(region)),
        }
    }
}
