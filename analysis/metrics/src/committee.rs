//! The committee: rounds that missed their quorum, what operators answered, what censors reach.

use crate::named::Named;
use estimate::share;
use record::{Names, OperatorRow, OrderRow, UnmatchedReason};
use serde::Serialize;
use units::{Base, Ppm, Span};

/// What the committee did over the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Committee {
    /// Rounds that operators were asked to sign: one for each draw, one for each retry.
    pub rounds: u64,
    /// Rounds whose quorum was missed.
    pub rounds_missed: u64,
    /// `rounds_missed / rounds`.
    pub rounds_missed_share: Option<f64>,
    /// Rounds that were repeated.
    pub retries: u64,
    /// Orders that failed because the quorum was missed to the last.
    pub orders_failed: u64,
    /// `orders_failed` of the orders with a round.
    pub orders_failed_share: Option<f64>,
    /// What each operator answered.
    pub operators: Named<OperatorSums>,
    /// Orders with a round, by the stake that refuses to sign them; without those whose first bid
    /// somebody leaves out, so that the two effects stand apart.
    pub orders_by_refusing_stake: Named<AgainstOrders>,
    /// Orders with a round that nobody refuses to sign, by the stake that leaves out the provider
    /// whom a full and present view draws first.
    pub orders_by_hiding_stake: Named<AgainstBids>,
}

/// What one operator answered; the first five add up to `asked`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OperatorSums {
    /// Signed in time what a full and present view gives.
    pub signed: u64,
    /// Signed something else in time.
    pub deviating: u64,
    /// Signed after the deadline.
    pub late: u64,
    /// Did not answer.
    pub absent: u64,
    /// Refused.
    pub refused: u64,
    /// Rounds that it was asked to sign.
    pub asked: u64,
    /// Signed what its own view does not give.
    pub wrong: u64,
    /// Losses of stake.
    pub slashes: u64,
    /// Stake lost, whole tokens.
    pub slashed_spon: f64,
    /// Its share of the committee's stake after the last reported era.
    pub stake_share: Option<f64>,
}

/// Orders against which some stake stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AgainstOrders {
    /// Orders with a round.
    pub orders: u64,
    /// Orders that failed because the quorum was missed to the last.
    pub failed: u64,
    /// `failed / orders`.
    pub failed_share: Option<f64>,
    /// Mean time in the committee of those with a signed match, milliseconds.
    pub committee_ms: Option<f64>,
    /// That, less the mean of orders against which no stake stands, milliseconds.
    pub delay_ms: Option<f64>,
}

/// Orders whose first bid some stake leaves out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AgainstBids {
    /// The orders.
    #[serde(flatten)]
    pub orders: AgainstOrders,
    /// Orders whose signed match leaves that bid out.
    pub excluded: u64,
    /// `excluded / orders`.
    pub excluded_share: Option<f64>,
}

/// Names of the bands of stake. A third can stop what two thirds sign, two thirds decide alone.
const BANDS: [&str; 4] = ["none", "up_to_a_third", "a_third_to_two_thirds", "above_two_thirds"];

fn band(stake: Ppm) -> usize {
    match stake.0 {
        0 => 0,
        1..=333_333 => 1,
        333_334..=666_666 => 2,
        _ => 3,
    }
}

/// Sums of one band.
#[derive(Clone, Copy, Default)]
struct Band {
    orders: u64,
    failed: u64,
    excluded: u64,
    signed: u64,
    committee: Span,
}

impl Band {
    fn add(&mut self, row: &OrderRow) {
        self.orders += 1;
        self.failed += u64::from(row.reason == UnmatchedReason::QuorumMissed);
        self.excluded += u64::from(row.is_bid_excluded);
        if let Some(committee) = row.committee_ns {
            self.signed += 1;
            self.committee += committee;
        }
    }

    fn mean_ms(&self) -> Option<f64> {
        share(self.committee.nanos() as f64 / 1e6, self.signed as f64)
    }

    fn orders(&self, free: &Band) -> AgainstOrders {
        let committee_ms = self.mean_ms();
        AgainstOrders {
            orders: self.orders,
            failed: self.failed,
            failed_share: share(self.failed as f64, self.orders as f64),
            committee_ms,
            delay_ms: committee_ms.zip(free.mean_ms()).map(|(ours, free)| ours - free),
        }
    }

    fn bids(&self, free: &Band) -> AgainstBids {
        AgainstBids {
            orders: self.orders(free),
            excluded: self.excluded,
            excluded_share: share(self.excluded as f64, self.orders as f64),
        }
    }
}

/// Sums of one operator.
#[derive(Clone, Default)]
struct Tally {
    sums: OperatorSums,
    slashed: Base,
}

/// Adds up rounds and answers as they come.
pub(crate) struct CommitteeTally {
    rounds: u64,
    retries: u64,
    all: Band,
    refusing: [Band; BANDS.len()],
    hiding: [Band; BANDS.len()],
    operators: Vec<Tally>,
}

impl CommitteeTally {
    pub(crate) fn new(names: &Names) -> CommitteeTally {
        CommitteeTally {
            rounds: 0,
            retries: 0,
            all: Band::default(),
            refusing: Default::default(),
            hiding: Default::default(),
            operators: vec![Tally::default(); names.operators.len()],
        }
    }

    pub(crate) fn add_order(&mut self, row: &OrderRow) {
        if !row.is_reported || row.rounds == 0 {
            return;
        }
        self.rounds += u64::from(row.rounds);
        self.retries += u64::from(row.retries);
        self.all.add(row);
        if row.hidden_stake_ppm == Ppm::ZERO {
            self.refusing[band(row.refused_stake_ppm)].add(row);
        }
        if row.refused_stake_ppm == Ppm::ZERO {
            self.hiding[band(row.hidden_stake_ppm)].add(row);
        }
    }

    pub(crate) fn add_operator(&mut self, row: &OperatorRow) {
        if !row.is_reported {
            return;
        }
        let Tally { sums, slashed } = &mut self.operators[row.operator.index()];
        sums.asked += row.asked;
        sums.signed += row.signed;
        sums.deviating += row.deviating;
        sums.late += row.late;
        sums.absent += row.absent;
        sums.refused += row.refused;
        sums.wrong += row.wrong;
        sums.slashes += row.slashes;
        sums.stake_share = Some(row.stake_ppm.as_f64());
        *slashed += row.slash_spon.base();
    }

    pub(crate) fn finish(&self, names: &Names) -> Committee {
        let Band { orders, failed, .. } = self.all;
        // A retry follows a missed quorum, and a failed order missed one more.
        let missed = self.retries + failed;
        let bands = || BANDS.map(str::to_string).into_iter();
        let operators = self.operators.iter().map(|tally| OperatorSums {
            slashed_spon: tally.slashed as f64 / 1e18,
            ..tally.sums.clone()
        });
        Committee {
            rounds: self.rounds,
            rounds_missed: missed,
            rounds_missed_share: share(missed as f64, self.rounds as f64),
            retries: self.retries,
            orders_failed: failed,
            orders_failed_share: share(failed as f64, orders as f64),
            operators: Named::zip(&names.operators, operators),
            orders_by_refusing_stake: bands()
                .zip(self.refusing.iter().map(|band| band.orders(&self.refusing[0])))
                .collect(),
            orders_by_hiding_stake: bands()
                .zip(self.hiding.iter().map(|band| band.bids(&self.hiding[0])))
                .collect(),
        }
    }
}
