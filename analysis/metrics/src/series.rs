//! How a pool went over time, for figures.

use crate::capacity::GpuTime;
use crate::named::Named;
use estimate::share;
use record::{Names, SeriesRow};
use serde::Serialize;

/// One hour in nanoseconds.
const HOUR_NS: f64 = 3.6e12;

/// Most points kept per pool; longer runs have neighbours merged.
pub const POINTS_MAX: usize = 2_000;

/// One pool over time: columns of equal length, the warm-up included and marked.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Series {
    /// When each point begins, hours since the start of the run.
    pub at_hours: Vec<f64>,
    /// How long each point is, hours.
    pub length_hours: Vec<f64>,
    /// Whether all of it lies after the warm-up.
    pub is_reported: Vec<bool>,
    /// GPU-hours registered.
    pub installed: Vec<f64>,
    /// GPU-hours with the machine up.
    pub available: Vec<f64>,
    /// GPU-hours held by open leases.
    pub reserved: Vec<f64>,
    /// GPU-hours paid for.
    pub paid: Vec<f64>,
    /// GPU-hours that computed for tenants.
    pub busy: Vec<f64>,
    /// GPU-hours that owners took.
    pub owner: Vec<f64>,
    /// Orders sent.
    pub orders: Vec<u64>,
    /// Orders whose lease opened.
    pub matched: Vec<u64>,
    /// Orders that nobody took.
    pub unmatched: Vec<u64>,
    /// Jobs that waited for a lease when the point ended.
    pub jobs_waiting: Vec<u64>,
    /// Mean multiplier of the arrival rate.
    pub demand: Vec<f64>,
}

impl Series {
    /// `paid / available` at each point; none where nothing was up.
    pub fn utilization_of_available(&self) -> Vec<Option<f64>> {
        self.paid.iter().zip(&self.available).map(|(paid, up)| share(*paid, *up)).collect()
    }

    /// Orders sent per hour at each point.
    pub fn orders_per_hour(&self) -> Vec<Option<f64>> {
        let rate = |(orders, hours): (&u64, &f64)| share(*orders as f64, *hours);
        self.orders.iter().zip(&self.length_hours).map(rate).collect()
    }
}

/// One or more hours of a pool.
#[derive(Clone, Copy)]
struct Point {
    /// Hours merged.
    rows: u64,
    at_ns: u64,
    length_ns: u64,
    is_reported: bool,
    gpus: GpuTime,
    orders: [u64; 3],
    jobs_waiting: u64,
    demand_ppm: u64,
}

impl Point {
    fn new(row: &SeriesRow) -> Point {
        Point {
            rows: 1,
            at_ns: row.at_ns.nanos(),
            length_ns: row.length_ns.nanos(),
            is_reported: row.is_reported,
            gpus: GpuTime::of([
                row.installed_gpu_us,
                row.available_gpu_us,
                row.reserved_gpu_us,
                row.paid_gpu_us,
                row.busy_gpu_us,
                row.slowed_gpu_us,
                row.owner_gpu_us,
            ]),
            orders: [row.orders, row.matched, row.unmatched],
            jobs_waiting: row.jobs_waiting,
            demand_ppm: row.demand_ppm,
        }
    }

    /// Takes in the point that follows.
    fn merge(&mut self, next: &Point) {
        self.rows += next.rows;
        self.length_ns += next.length_ns;
        self.is_reported &= next.is_reported;
        self.gpus.add(next.gpus);
        self.orders.iter_mut().zip(next.orders).for_each(|(sum, orders)| *sum += orders);
        self.jobs_waiting = next.jobs_waiting;
        self.demand_ppm += next.demand_ppm;
    }
}

/// The points of one pool, thinned as they grow.
#[derive(Clone)]
struct Thinner {
    points: Vec<Point>,
    rows_per_point: u64,
}

impl Thinner {
    fn add(&mut self, point: Point) {
        match self.points.last_mut() {
            Some(last) if last.rows < self.rows_per_point => last.merge(&point),
            _ => self.points.push(point),
        }
        if self.points.len() > POINTS_MAX {
            self.halve();
        }
    }

    /// Merges neighbours two by two; a last point without one fills up later.
    fn halve(&mut self) {
        let pairs = self.points.chunks(2).map(|pair| {
            let mut merged = pair[0];
            pair[1..].iter().for_each(|next| merged.merge(next));
            merged
        });
        self.points = pairs.collect();
        self.rows_per_point *= 2;
    }

    fn finish(&self) -> Series {
        let mut series = Series::default();
        for point in &self.points {
            series.at_hours.push(point.at_ns as f64 / HOUR_NS);
            series.length_hours.push(point.length_ns as f64 / HOUR_NS);
            series.is_reported.push(point.is_reported);
            let hours = point.gpus.capacity().gpu_hours;
            series.installed.push(hours.installed);
            series.available.push(hours.available);
            series.reserved.push(hours.reserved);
            series.paid.push(hours.paid);
            series.busy.push(hours.busy);
            series.owner.push(hours.owner);
            let [orders, matched, unmatched] = point.orders;
            series.orders.push(orders);
            series.matched.push(matched);
            series.unmatched.push(unmatched);
            series.jobs_waiting.push(point.jobs_waiting);
            series.demand.push(point.demand_ppm as f64 / 1e6 / point.rows as f64);
        }
        series
    }
}

/// Notes the hours of pools as they come.
pub(crate) struct SeriesTally {
    pools: Vec<Thinner>,
}

impl SeriesTally {
    pub(crate) fn new(names: &Names) -> SeriesTally {
        let empty = Thinner { points: Vec::new(), rows_per_point: 1 };
        SeriesTally { pools: vec![empty; names.pools.len()] }
    }

    pub(crate) fn add(&mut self, row: &SeriesRow) {
        self.pools[row.pool.index()].add(Point::new(row));
    }

    pub(crate) fn finish(&self, names: &Names) -> Named<Series> {
        Named::zip(&names.pools, self.pools.iter().map(Thinner::finish))
    }
}
