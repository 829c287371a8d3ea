//! Time from an order to its match and to the start of its work.

use crate::named::Named;
use estimate::Sketch;
use record::{Names, OrderOutcome, OrderRow};
use serde::Serialize;
use units::Span;

/// Quantiles of a time in milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    /// How many times were measured.
    pub count: u64,
    /// The mean.
    pub mean: Option<f64>,
    /// The median.
    pub p50: Option<f64>,
    /// The 90 % quantile.
    pub p90: Option<f64>,
    /// The 99 % quantile.
    pub p99: Option<f64>,
}

/// The parts of an order's way, each over the matched orders that have it. Means add up,
/// quantiles do not.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathParts {
    /// From sending to inclusion in a block.
    pub propagation: Quantiles,
    /// In line: from inclusion to the call that was its last.
    pub line: Quantiles,
    /// From inclusion, or that call, to the close of the bid window.
    pub window: Quantiles,
    /// From the close of the window to the signed match of the last draw.
    pub committee: Quantiles,
    /// The end of that, no part of its own: from when the operators were last asked to the
    /// signature that completed the quorum.
    pub quorum: Quantiles,
    /// From the signed match to its block.
    pub inclusion: Quantiles,
    /// From the match's block to the provider's confirmation.
    pub ready: Quantiles,
    /// From the confirmation to the start of the work: image pull and boot.
    pub boot: Quantiles,
}

/// How long orders of a group took.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PathTimes {
    /// Propagation, line, window, committee and inclusion together, over matched orders.
    pub r#match: Quantiles,
    /// The match, ready and boot together, over orders whose work started.
    pub start: Quantiles,
    /// The wait of the job before this order and the start together: from when the job was first
    /// ordered, or lost its last place, to its work.
    pub job_start: Quantiles,
    /// The parts.
    pub parts: PathParts,
}

/// How long reported orders took.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Latency {
    /// Of all pools.
    #[serde(flatten)]
    pub all: PathTimes,
    /// By pool.
    pub pools: Named<PathTimes>,
}

/// Sketches of one group, milliseconds.
#[derive(Clone, Default)]
struct Tally {
    to_match: Sketch,
    to_start: Sketch,
    job_to_start: Sketch,
    parts: [Sketch; 7],
    quorum: Sketch,
}

impl Tally {
    fn add(&mut self, row: &OrderRow) {
        let parts = [
            row.propagation_ns,
            Some(row.line_ns),
            row.window_ns,
            row.committee_ns,
            row.inclusion_ns,
            row.ready_ns,
            row.boot_ns,
        ];
        for (sketch, part) in self.parts.iter_mut().zip(parts) {
            add_some(sketch, part);
        }
        add_some(&mut self.quorum, row.quorum_ns);
        add_some(&mut self.to_match, total(&parts[..5]));
        if row.outcome == OrderOutcome::Started {
            add_some(&mut self.to_start, total(&parts));
            add_some(&mut self.job_to_start, total(&parts).map(|start| row.waited_ns + start));
        }
    }

    fn merge(&mut self, other: &Tally) {
        self.to_match.merge(&other.to_match);
        self.quorum.merge(&other.quorum);
        self.to_start.merge(&other.to_start);
        self.job_to_start.merge(&other.job_to_start);
        self.parts.iter_mut().zip(&other.parts).for_each(|(part, more)| part.merge(more));
    }

    fn finish(&self) -> PathTimes {
        let [propagation, line, window, committee, inclusion, ready, boot] =
            self.parts.each_ref().map(quantiles);
        PathTimes {
            r#match: quantiles(&self.to_match),
            start: quantiles(&self.to_start),
            job_start: quantiles(&self.job_to_start),
            parts: PathParts {
                propagation,
                line,
                window,
                committee,
                quorum: quantiles(&self.quorum),
                inclusion,
                ready,
                boot,
            },
        }
    }
}

/// Notes the times of orders as they come.
pub(crate) struct LatencyTally {
    pools: Vec<Tally>,
}

impl LatencyTally {
    pub(crate) fn new(names: &Names) -> LatencyTally {
        LatencyTally { pools: vec![Tally::default(); names.pools.len()] }
    }

    pub(crate) fn add(&mut self, row: &OrderRow) {
        let is_matched =
            matches!(row.outcome, OrderOutcome::Started | OrderOutcome::LostBeforeStart);
        if row.is_reported && is_matched {
            self.pools[row.pool.index()].add(row);
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> Latency {
        let mut all = Tally::default();
        self.pools.iter().for_each(|pool| all.merge(pool));
        Latency {
            all: all.finish(),
            pools: Named::zip(&names.pools, self.pools.iter().map(Tally::finish)),
        }
    }
}

/// The quantiles of a sketch.
pub(crate) fn quantiles(sketch: &Sketch) -> Quantiles {
    Quantiles {
        count: sketch.count(),
        mean: sketch.mean(),
        p50: sketch.quantile(0.5),
        p90: sketch.quantile(0.9),
        p99: sketch.quantile(0.99),
    }
}

/// The parts together; none when one is missing.
fn total(parts: &[Option<Span>]) -> Option<Span> {
    parts.iter().try_fold(Span::ZERO, |sum, part| part.map(|part| sum + part))
}

fn add_some(sketch: &mut Sketch, span: Option<Span>) {
    if let Some(span) = span {
        sketch.add(span.nanos() as f64 / 1e6);
    }
}
