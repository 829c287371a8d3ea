//! Orders: how many, what became of them, and why not.

use crate::named::Named;
use estimate::share;
use record::{Names, OrderOutcome, OrderRow, UnmatchedReason};
use serde::Serialize;

/// What became of a group of orders.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OrderCounts {
    /// Orders sent.
    pub sent: u64,
    /// Orders whose lease opened, whether or not the work started.
    pub matched: u64,
    /// Orders whose work started.
    pub started: u64,
    /// Orders that nobody served.
    pub unmatched: u64,
    /// Orders still on their way when the run ended.
    pub open: u64,
    /// `matched / (matched + unmatched)`: of the orders whose fate is known. A tenant that finds
    /// nobody orders again, so this is no share of jobs.
    pub matched_share: Option<f64>,
    /// Jobs that came to this network in the reported time.
    pub jobs: u64,
    /// Of these, those that their tenant gave up before the run ended, whether or not a part of the
    /// work was done before. Jobs of the warm-up that were given up later are in no count.
    pub jobs_given_up: u64,
    /// `jobs_given_up / jobs`; who still waits at the end has not given up.
    pub jobs_given_up_share: Option<f64>,
}

/// Counts, and why orders were not matched.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OrderGroup {
    /// The counts.
    #[serde(flatten)]
    pub counts: OrderCounts,
    /// Unmatched orders by the first filter that nobody passed; every reason is listed.
    pub unmatched_by_reason: Named<u64>,
}

/// All orders sent in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Orders {
    /// Of all pools.
    #[serde(flatten)]
    pub all: OrderGroup,
    /// Draws made.
    pub draws: u64,
    /// Draws per matched order, 1 when the first drawn provider always serves.
    pub draws_per_match: Option<f64>,
    /// Orders whose latency bound was dropped because nobody was near enough.
    pub latency_bound_dropped: u64,
    /// By pool.
    pub pools: Named<OrderGroup>,
    /// By job class.
    pub classes: Named<OrderCounts>,
}

/// Counters of one group.
#[derive(Clone, Copy, Default)]
struct Tally {
    outcomes: [u64; OrderOutcome::ALL.len()],
    reasons: [u64; UnmatchedReason::ALL.len()],
    jobs: u64,
    given_up: u64,
}

impl Tally {
    fn add(&mut self, row: &OrderRow) {
        self.outcomes[row.outcome as usize] += 1;
        if row.outcome == OrderOutcome::Unmatched {
            self.reasons[row.reason as usize] += 1;
        }
        self.jobs += u64::from(row.is_job_reported && row.attempt == 1);
        self.given_up += u64::from(row.is_job_reported && row.is_given_up);
    }

    fn of(&self, outcome: OrderOutcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    fn counts(&self) -> OrderCounts {
        let started = self.of(OrderOutcome::Started);
        let matched = started + self.of(OrderOutcome::LostBeforeStart);
        let unmatched = self.of(OrderOutcome::Unmatched);
        OrderCounts {
            sent: self.outcomes.iter().sum(),
            matched,
            started,
            unmatched,
            open: self.of(OrderOutcome::Open),
            matched_share: share(matched as f64, (matched + unmatched) as f64),
            jobs: self.jobs,
            jobs_given_up: self.given_up,
            jobs_given_up_share: share(self.given_up as f64, self.jobs as f64),
        }
    }

    fn group(&self) -> OrderGroup {
        let reasons = UnmatchedReason::ALL.iter().zip(self.reasons);
        let why = reasons.filter(|(reason, _)| **reason != UnmatchedReason::None);
        let unmatched_by_reason =
            why.map(|(reason, count)| (reason.name().to_string(), count)).collect();
        OrderGroup { counts: self.counts(), unmatched_by_reason }
    }
}

/// Counts orders as they come.
pub(crate) struct OrderTally {
    all: Tally,
    draws: u64,
    dropped: u64,
    pools: Vec<Tally>,
    classes: Vec<Tally>,
}

impl OrderTally {
    pub(crate) fn new(names: &Names) -> OrderTally {
        OrderTally {
            all: Tally::default(),
            draws: 0,
            dropped: 0,
            pools: vec![Tally::default(); names.pools.len()],
            classes: vec![Tally::default(); names.classes.len()],
        }
    }

    pub(crate) fn add(&mut self, row: &OrderRow) {
        if !row.is_reported {
            return;
        }
        self.all.add(row);
        self.pools[row.pool.index()].add(row);
        self.classes[row.class.index()].add(row);
        self.draws += u64::from(row.draws);
        self.dropped += u64::from(row.latency_bound_dropped);
    }

    pub(crate) fn finish(&self, names: &Names) -> Orders {
        let all = self.all.group();
        Orders {
            draws: self.draws,
            draws_per_match: share(self.draws as f64, all.counts.matched as f64),
            latency_bound_dropped: self.dropped,
            pools: Named::zip(&names.pools, self.pools.iter().map(Tally::group)),
            classes: Named::zip(&names.classes, self.classes.iter().map(Tally::counts)),
            all,
        }
    }
}
