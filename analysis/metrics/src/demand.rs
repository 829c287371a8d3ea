//! What is wanted at which price: the price-volume curve and its elasticity.

use crate::named::Named;
use estimate::{log_slope, rate_slope, share};
use record::{DemandRow, Names};
use serde::Serialize;
use std::collections::BTreeMap;
use units::SimTime;

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

/// The demand of a class, or of a pool's classes together, in the reported hours.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Demand {
    /// Mean price over the book prices of the start, by hour.
    pub price: Option<f64>,
    /// What was wanted, as a multiple of what is wanted at the book prices.
    pub quantity: Option<f64>,
    /// Per cent of quantity lost for a per cent of price: minus the most likely power of the price
    /// for the jobs of the curve's points, with those at which nobody came; none where the price
    /// did not move.
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
    /// Jobs that are wanted at the book prices, in the mean.
    at_book: f64,
}

impl Bin {
    fn point(&self) -> Option<CurvePoint> {
        let quantity = share(self.wanted as f64, self.at_book)?;
        Some(CurvePoint {
            price: self.weighed_ppm / self.possible as f64 / 1e6,
            quantity,
            jobs: self.wanted,
            hours: self.hours,
        })
    }
}

/// What is noted of a class or a pool.
#[derive(Clone, Default)]
struct Tally {
    bins: BTreeMap<u64, Bin>,
    /// The last hour that was noted: a pool's classes have a row each.
    last: Option<SimTime>,
    /// Price and jobs of each hour.
    hours: Vec<(u64, u64)>,
}

impl Tally {
    fn add(&mut self, row: &DemandRow) {
        let is_next = self.last.replace(row.at_ns) != Some(row.at_ns);
        let bin = self.bins.entry(row.price_ppm / STEP_PPM).or_default();
        if is_next {
            bin.hours += 1;
            bin.price_ppm += row.price_ppm;
            self.hours.push((row.price_ppm, 0));
        }
        if let Some((_, jobs)) = self.hours.last_mut() {
            *jobs += row.jobs_wanted;
        }
        bin.weighed_ppm += row.price_ppm as f64 * row.jobs_possible as f64;
        bin.possible += row.jobs_possible;
        bin.wanted += row.jobs_wanted;
        bin.at_book += row.jobs_possible as f64 / (row.at_most_ppm as f64 / 1e6);
    }

    /// Price and jobs of the hours that had both, each as weighty as the other.
    fn seen(&self) -> Vec<(f64, f64, f64)> {
        let has_both = |(price, jobs): &&(u64, u64)| *price > 0 && *jobs > 0;
        let hours = self.hours.iter().filter(has_both);
        hours.map(|(price, jobs)| (*price as f64, *jobs as f64, 1.0)).collect()
    }
}

/// Notes demand as hours end.
pub(crate) struct DemandTally {
    pools: Vec<Tally>,
    classes: Vec<Tally>,
}

impl DemandTally {
    pub(crate) fn new(names: &Names) -> DemandTally {
        DemandTally {
            pools: vec![Tally::default(); names.pools.len()],
            classes: vec![Tally::default(); names.classes.len()],
        }
    }

    pub(crate) fn add(&mut self, row: &DemandRow) {
        if !row.is_reported {
            return;
        }
        self.pools[row.pool.index()].add(row);
        self.classes[row.class.index()].add(row);
    }

    /// By pool.
    pub(crate) fn of_pools(&self, names: &Names) -> Named<Demand> {
        Named::zip(&names.pools, self.pools.iter().map(demand))
    }

    /// By class.
    pub(crate) fn of_classes(&self, names: &Names) -> Named<Demand> {
        Named::zip(&names.classes, self.classes.iter().map(demand))
    }
}

fn demand(tally: &Tally) -> Demand {
    let bins = &tally.bins;
    let curve: Vec<CurvePoint> = bins.values().filter_map(Bin::point).collect();
    let sum = |of: fn(&Bin) -> u64| bins.values().map(of).sum::<u64>() as f64;
    let point = |bin: &Bin| (bin.weighed_ppm / bin.possible as f64, bin.wanted as f64, bin.at_book);
    let points: Vec<_> = bins.values().filter(|bin| bin.possible > 0).map(point).collect();
    let slope = rate_slope(&points);
    let end = |sign: f64| slope.and_then(|slope| Some(sign * slope.half_width? - slope.value));
    Demand {
        price: share(sum(|bin| bin.price_ppm) / 1e6, sum(|bin| bin.hours)),
        quantity: share(sum(|bin| bin.wanted), bins.values().map(|bin| bin.at_book).sum()),
        elasticity: slope.map(|slope| -slope.value),
        elasticity_low: end(-1.0),
        elasticity_high: end(1.0),
        elasticity_seen: log_slope(&tally.seen()).map(|slope| -slope.value),
        curve,
    }
}
