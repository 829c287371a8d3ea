//! What is wanted at which price: the price-volume curve and its elasticity.

use crate::named::Named;
use estimate::{log_slope, share};
use record::{DemandRow, Names};
use serde::Serialize;
use std::collections::BTreeMap;

/// Prices that differ by less than this part of the book price stand at one point of the curve.
const STEP_PPM: u64 = 25_000;

/// One point of a curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// The price, over the book prices of the start.
    pub price: f64,
    /// What was wanted, as a multiple of what the curve says is wanted at the book prices.
    pub quantity: f64,
    /// Jobs that were wanted.
    pub jobs: u64,
    /// Hours at this price.
    pub hours: u64,
}

/// A pool's demand in the reported hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Demand {
    /// Mean price over the book prices of the start, by hour.
    pub price: Option<f64>,
    /// What was wanted, as a multiple of what is wanted at the book prices.
    pub quantity: Option<f64>,
    /// Per cent of quantity lost for a per cent of price: minus the slope of the logarithms of the
    /// curve's points, weighed by jobs; none where the price did not move.
    pub elasticity: Option<f64>,
    /// Lower end of its 95 % interval; none with fewer than three points.
    pub elasticity_low: Option<f64>,
    /// Upper end of it.
    pub elasticity_high: Option<f64>,
    /// The same of what an onlooker sees: minus the slope of the logarithms of the jobs of an hour
    /// over its price, each hour as much. It takes what moves both for an answer to the price.
    pub elasticity_seen: Option<f64>,
    /// The price-volume curve; no metrics.
    pub curve: Vec<CurvePoint>,
}

/// Sums at one price.
#[derive(Clone, Copy, Default)]
struct Bin {
    hours: u64,
    price_ppm: u64,
    /// Price times jobs that were possible, so that the point stands where the jobs do.
    weighed_ppm: f64,
    possible: u64,
    wanted: u64,
    /// What all that was possible is a multiple of.
    at_most: f64,
}

impl Bin {
    fn point(&self) -> Option<CurvePoint> {
        let wanted = share(self.wanted as f64, self.possible as f64)?;
        Some(CurvePoint {
            price: self.weighed_ppm / self.possible as f64 / 1e6,
            quantity: wanted * self.at_most,
            jobs: self.wanted,
            hours: self.hours,
        })
    }
}

/// Notes demand as hours end.
pub(crate) struct DemandTally {
    pools: Vec<BTreeMap<u64, Bin>>,
    /// Price and jobs of each hour with jobs.
    hours: Vec<Vec<(f64, f64, f64)>>,
}

impl DemandTally {
    pub(crate) fn new(names: &Names) -> DemandTally {
        let count = names.pools.len();
        DemandTally { pools: vec![BTreeMap::new(); count], hours: vec![Vec::new(); count] }
    }

    pub(crate) fn add(&mut self, row: &DemandRow) {
        if !row.is_reported {
            return;
        }
        let bin = self.pools[row.pool.index()].entry(row.price_ppm / STEP_PPM).or_default();
        if row.jobs_wanted > 0 && row.price_ppm > 0 {
            let hour = (row.price_ppm as f64, row.jobs_wanted as f64, 1.0);
            self.hours[row.pool.index()].push(hour);
        }
        bin.hours += 1;
        bin.price_ppm += row.price_ppm;
        bin.weighed_ppm += row.price_ppm as f64 * row.jobs_possible as f64;
        bin.possible += row.jobs_possible;
        bin.wanted += row.jobs_wanted;
        bin.at_most = row.at_most_ppm as f64 / 1e6;
    }

    pub(crate) fn finish(&self, names: &Names) -> Named<Demand> {
        let pools = self.pools.iter().zip(&self.hours);
        Named::zip(&names.pools, pools.map(|(bins, hours)| demand(bins, hours)))
    }
}

fn demand(bins: &BTreeMap<u64, Bin>, hours: &[(f64, f64, f64)]) -> Demand {
    let curve: Vec<CurvePoint> = bins.values().filter_map(Bin::point).collect();
    let sum = |of: fn(&Bin) -> u64| bins.values().map(of).sum::<u64>() as f64;
    let at_most = bins.values().map(|bin| bin.at_most).fold(0.0, f64::max);
    let wanted = share(sum(|bin| bin.wanted), sum(|bin| bin.possible));
    let some = curve.iter().filter(|point| point.jobs > 0 && point.price > 0.0);
    let points: Vec<_> =
        some.map(|point| (point.price, point.quantity, point.jobs as f64)).collect();
    let slope = log_slope(&points);
    let end = |sign: f64| slope.and_then(|slope| Some(sign * slope.half_width? - slope.value));
    Demand {
        price: share(sum(|bin| bin.price_ppm) / 1e6, sum(|bin| bin.hours)),
        quantity: wanted.map(|wanted| wanted * at_most),
        elasticity: slope.map(|slope| -slope.value),
        elasticity_low: end(-1.0),
        elasticity_high: end(1.0),
        elasticity_seen: log_slope(hours).map(|slope| -slope.value),
        curve,
    }
}
