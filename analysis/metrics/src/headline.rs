//! The few metrics that say most, in one run and over replications.

use crate::format::{count, millis, number, or_dash, percent, usd};
use crate::summary::Summary;
use estimate::mean_interval;
use serde::Serialize;

/// What a headline metric is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A number of things.
    Count,
    /// A part of a whole, 0 to 1.
    Share,
    /// USD.
    Usd,
    /// Milliseconds.
    Millis,
    /// A number without unit.
    Ratio,
}

impl Unit {
    /// A value for people.
    pub fn text(self, value: Option<f64>) -> String {
        match self {
            Unit::Count => or_dash(value, |value| {
                if value.fract().abs() < 1e-9 { count(value as u64) } else { number(value, 1) }
            }),
            Unit::Share => percent(value),
            Unit::Usd => usd(value),
            Unit::Millis => millis(value),
            Unit::Ratio => or_dash(value, |value| number(value, 2)),
        }
    }
}

/// One headline metric of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Headline {
    /// Where it stands in the summary.
    pub path: String,
    /// What it is, in words.
    pub label: String,
    /// What it is measured in.
    pub unit: Unit,
    /// Its value.
    pub value: Option<f64>,
}

/// The headline metrics of the whole market.
const MARKET: [(&str, &str, Unit); 14] = [
    ("orders.sent", "orders sent", Unit::Count),
    ("orders.matched_share", "orders matched, of those decided", Unit::Share),
    ("orders.jobs_given_up_share", "jobs given up, of those that came", Unit::Share),
    ("market.utilization_of_installed", "utilization of installed GPUs", Unit::Share),
    ("market.utilization_of_available", "utilization of available GPUs", Unit::Share),
    ("earnings_all.p50", "net earnings per GPU-day, median, USD", Unit::Usd),
    ("earnings_all.mean", "net earnings per GPU-day, mean, USD", Unit::Usd),
    ("losses.all.share", "providers that lose money", Unit::Share),
    ("latency.match.p50", "time to match, median", Unit::Millis),
    ("latency.match.p99", "time to match, 99 %", Unit::Millis),
    ("latency.start.p50", "time to start, median", Unit::Millis),
    ("latency.job_start.p99", "wait of a job for its start, 99 %", Unit::Millis),
    ("leases.agreed_share", "leases that ended as agreed", Unit::Share),
    ("concentration.lease_income_gini", "Gini of lease income", Unit::Ratio),
];

impl Summary {
    /// The few metrics that say most, each pool's utilization among them.
    pub fn headline(&self) -> Vec<Headline> {
        let metrics = self.metrics();
        let value = |path: &str| {
            metrics.iter().find(|(other, _)| other == path).and_then(|(_, value)| *value)
        };
        let market = MARKET.map(|(path, label, unit)| (path.to_string(), label.to_string(), unit));
        let pools = self.pools.iter().map(|(pool, _)| {
            let label = format!("utilization of available GPUs, {pool}");
            (format!("pools.{pool}.utilization_of_available"), label, Unit::Share)
        });
        let (before, after) = market.split_at(5);
        before
            .iter()
            .cloned()
            .chain(pools)
            .chain(after.iter().cloned())
            .map(|(path, label, unit)| Headline { value: value(&path), path, label, unit })
            .collect()
    }
}

/// What is said of a declared provider: its own figures first, then those of its peers.
const FOCUS: [(&str, &str, Unit); 17] = [
    ("gpus", "GPUs at the end", Unit::Count),
    ("gpu_days", "GPU-days on this network", Unit::Count),
    ("availability", "time up", Unit::Share),
    ("utilization_of_available", "time at work while up", Unit::Share),
    ("lease_income_usd_per_gpu_day", "lease income per GPU-day, USD", Unit::Usd),
    ("reward_usd_per_gpu_day", "rewards per GPU-day, USD", Unit::Usd),
    ("electricity_usd_per_gpu_day", "electricity per GPU-day, USD", Unit::Usd),
    ("wear_usd_per_gpu_day", "wear per GPU-day, USD", Unit::Usd),
    ("slash_and_gas_usd_per_gpu_day", "slashes and gas per GPU-day, USD", Unit::Usd),
    ("net_usd_per_gpu_day", "net per GPU-day, USD", Unit::Usd),
    ("net_usd", "net in all, USD", Unit::Usd),
    ("lost_money", "chance of loss (one run: 0 % or 100 %)", Unit::Share),
    ("peers", "peers: same pool, same card", Unit::Count),
    ("peers_net_p50", "net per GPU-day of the median peer, USD", Unit::Usd),
    ("peers_net_p25", "of the peer at 25 %, USD", Unit::Usd),
    ("peers_net_p75", "of the peer at 75 %, USD", Unit::Usd),
    ("peers_losing_share", "peers that lose money", Unit::Share),
];

impl Summary {
    /// What a provider that was declared under `name` came to, beside its peers.
    pub fn focus(&self, name: &str) -> Vec<Headline> {
        let of = |(field, label, unit): (&str, &str, Unit)| {
            let path = format!("fleet.{name}.{field}");
            Headline { value: self.get(&path), path, label: label.to_string(), unit }
        };
        FOCUS.map(of).into()
    }
}

/// One headline metric over replications.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replicated {
    /// Where it stands in the summary.
    pub path: String,
    /// What it is, in words.
    pub label: String,
    /// What it is measured in.
    pub unit: Unit,
    /// Runs in which it has a value.
    pub n: usize,
    /// The mean over them.
    pub mean: Option<f64>,
    /// Half the width of the 95 % interval by Student's t.
    pub half_width: Option<f64>,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end of the interval.
    pub high: Option<f64>,
}

/// Headline metrics over runs that differ only by seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Replications {
    /// Runs.
    pub runs: usize,
    /// The metrics, in the order of the headline.
    pub metrics: Vec<Replicated>,
}

impl Replications {
    /// Means and intervals over `summaries` of one scenario, in seed order.
    pub fn of(summaries: &[Summary]) -> Replications {
        Replications::over(summaries.iter().map(Summary::headline).collect())
    }

    /// The same of a declared provider.
    pub fn of_focus(summaries: &[Summary], name: &str) -> Replications {
        Replications::over(summaries.iter().map(|summary| summary.focus(name)).collect())
    }

    fn over(headlines: Vec<Vec<Headline>>) -> Replications {
        let first = headlines.first().map_or(&[][..], Vec::as_slice);
        let metrics = first.iter().enumerate().map(|(place, metric)| {
            let values: Vec<f64> =
                headlines.iter().filter_map(|headline| headline.get(place)?.value).collect();
            replicate(metric, &values)
        });
        Replications { runs: headlines.len(), metrics: metrics.collect() }
    }
}

fn replicate(metric: &Headline, values: &[f64]) -> Replicated {
    let interval = mean_interval(values);
    // The t interval knows no bounds; a share does.
    let within = |end: f64| if metric.unit == Unit::Share { end.clamp(0.0, 1.0) } else { end };
    Replicated {
        path: metric.path.clone(),
        label: metric.label.clone(),
        unit: metric.unit,
        n: values.len(),
        mean: interval.map(|interval| interval.mean),
        half_width: interval.and_then(|interval| interval.half_width),
        low: interval.and_then(|interval| interval.low()).map(within),
        high: interval.and_then(|interval| interval.high()).map(within),
    }
}
