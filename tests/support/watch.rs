//! What tests of arrivals and of work look at: hours, orders, leases, and published files.
//!
//! The files are in the folder that `ORRERY_DATA` names, or in `../shared/data` beside the
//! repository; where that folder is not, a test says so and passes. A file that is there must be
//! sound, and in a folder that was named each must be there.

use super::{project, run};
use record::{LeaseRow, Observer, OrderRow, Row, SeriesRow};
use scenario::Scenario;
use std::path::PathBuf;
use world::Options;

/// The hours of one pool, and all orders if they are wanted.
#[derive(Default)]
pub struct Watch {
    /// The pool.
    pub pool: u16,
    /// Its reported hours.
    pub hours: Vec<SeriesRow>,
    /// All orders, if they are wanted.
    pub orders: Option<Vec<OrderRow>>,
    /// All leases, if orders are wanted.
    pub leases: Vec<LeaseRow>,
}

impl Observer for Watch {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Series(row) if row.pool.0 == self.pool && row.is_reported => {
                self.hours.push(*row);
            }
            Row::Lease(row) if self.orders.is_some() => self.leases.push(*row),
            Row::Order(row) => self.orders.iter_mut().for_each(|orders| orders.push(*row)),
            _ => {}
        }
    }
}

/// Jobs that arrive in each reported hour of a market where each job is one order.
pub fn arrivals(market: &Scenario, pool: u16, seed: u64) -> Vec<f64> {
    let mut watch = Watch { pool, ..Watch::default() };
    run(market, seed, Options { is_unaudited: true, ..Options::default() }, &mut watch);
    watch.hours.iter().map(|hour| hour.orders as f64).collect()
}

pub fn orders(market: &Scenario, seed: u64) -> Vec<OrderRow> {
    let mut watch = Watch { orders: Some(Vec::new()), ..Watch::default() };
    run(market, seed, Options::default(), &mut watch);
    watch.orders.expect("they were wanted")
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean product of what two values an hour apart differ from the mean by; with no hours
/// between, the variance.
pub fn covariance(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let pairs = values.iter().zip(&values[lag..]);
    pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / values.len() as f64
}

/// A market that nobody serves: every job is one order.
pub const NOBODY: [&str; 2] = ["pool.servers.providers=0", "clock.warm_up=0 d"];

/// A file of the data, unpacked; none when it is not there.
pub fn unpacked(name: &str) -> Option<String> {
    let named = std::env::var_os("ORRERY_DATA").map(PathBuf::from);
    let path = named.clone().unwrap_or_else(|| project("../shared/data")).join(name);
    if !path.exists() {
        assert!(named.is_none(), "{} is not there, and ORRERY_DATA says it is", path.display());
        println!("{} is not there: it was left out", path.display());
        return None;
    }
    let output = std::process::Command::new("gzip").arg("-dc").arg(&path).output();
    let output = output.expect("gzip can be run");
    assert!(output.status.success(), "{} cannot be unpacked", path.display());
    Some(String::from_utf8(output.stdout).expect("a text"))
}

pub const PHILLY: &str = "philly/philly_jobs_to_2017-10-29.csv.gz";

/// The rows of a file below its head, as numbers; what is none is not a number.
pub fn numbers(text: &str) -> impl Iterator<Item = Vec<f64>> {
    let row = |line: &str| line.split(',').map(|field| field.parse().unwrap_or(f64::NAN)).collect();
    text.lines().skip(1).map(row)
}
