//! Stake: how much there is, what it brings its delegators, and what is taken of it.

use crate::capacity::GPU_HOUR;
use crate::flows::whole;
use crate::named::Named;
use record::{EraRow, FlowReason, FlowRow, SlashKind, SlashRow};
use serde::Serialize;
use std::collections::BTreeSet;
use units::Base;

/// Losses of stake of one kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SlashSum {
    /// How many.
    pub count: u64,
    /// Stake lost, whole tokens.
    pub spon: f64,
    /// How many of them hit a provider that had done nothing.
    pub false_count: u64,
}

/// Stake lost in the reported eras.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Slashes {
    /// Losses of stake.
    pub count: u64,
    /// Stake lost, whole tokens.
    pub spon: f64,
    /// Stake lost at the token's price of each era, USD.
    pub usd: f64,
    /// Downtime under leases that was judged, GPU-hours.
    pub downtime_gpu_hours: f64,
    /// Of the tokens lost, what was delegated.
    pub delegated_spon: f64,
    /// Losses of providers that had done nothing.
    pub false_count: u64,
    /// What they lost, whole tokens.
    pub false_spon: f64,
    /// What appeals that were right gave back, whole tokens.
    pub returned_spon: f64,
    /// By kind of fault.
    pub by_kind: Named<SlashSum>,
}

/// Stake over the reported eras that ran their full length.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stakes {
    /// Providers' own at the ends of eras, on average, whole tokens.
    pub own_spon: Option<f64>,
    /// Delegated, likewise.
    pub delegated_spon: Option<f64>,
    /// On its way out, likewise.
    pub unbonding_spon: Option<f64>,
    /// What can be slashed: the three together.
    pub at_risk_spon: Option<f64>,
    /// What delegators received of the rewards, whole tokens.
    pub delegator_reward_spon: f64,
    /// What a delegated token brought in a year, slashes taken off, as a share of it.
    pub delegator_yield_per_year: Option<f64>,
    /// Providers whose stake is under the least, of all, on average.
    pub short_share: Option<f64>,
    /// The same at the end of the last era.
    pub short_share_at_end: Option<f64>,
    /// GPU-time that earned no points because machines had come back lately, of the GPU-time up.
    pub cooling_share: Option<f64>,
}

/// Counts of providers: all, and those whose stake is short.
#[derive(Clone, Copy, Default)]
struct Short {
    all: u64,
    short: u64,
}

impl Short {
    fn add(&mut self, is_short: bool) {
        self.all += 1;
        self.short += u64::from(is_short);
    }

    fn share(self) -> Option<f64> {
        (self.all > 0).then(|| self.short as f64 / self.all as f64)
    }
}

/// Microseconds of a year.
const YEAR_MICROS: f64 = 365.0 * 24.0 * 3.6e9;

/// Adds up stake and slashes as they come; tokens in units of 10^-18, exact.
#[derive(Default)]
pub(crate) struct StakeTally {
    kinds: [(u64, Base, u64); SlashKind::ALL.len()],
    slashed_nano_usd: Base,
    slashed_gpu_us: u128,
    slashed_delegated: Base,
    slashed_false: Base,
    returned: Base,
    eras: BTreeSet<u32>,
    /// Sums of own, delegated and leaving stake.
    sums: [Base; 3],
    delegator_reward: Base,
    /// Delegated tokens times years.
    token_years: f64,
    short: Short,
    short_at_end: (u32, Short),
    cooling_gpu_us: u128,
    available_gpu_us: u128,
}

impl StakeTally {
    pub(crate) fn add_slash(&mut self, row: &SlashRow) {
        if !row.is_reported {
            return;
        }
        let (count, spon, false_count) = &mut self.kinds[row.kind as usize];
        *count += 1;
        *spon += row.amount_spon.base();
        *false_count += u64::from(row.is_false);
        self.slashed_nano_usd += row.amount_nano_usd.base();
        self.slashed_gpu_us += u128::from(row.downtime_gpu_us);
        self.slashed_delegated += row.delegated_spon.base();
        if row.is_false {
            self.slashed_false += row.amount_spon.base();
        }
    }

    pub(crate) fn add_flow(&mut self, row: &FlowRow) {
        if row.is_reported && row.reason == FlowReason::SlashReturned {
            self.returned += row.amount.base();
        }
    }

    pub(crate) fn add_era(&mut self, row: &EraRow) {
        if !row.is_reported || !row.is_complete {
            return;
        }
        self.eras.insert(row.era);
        let parts = [row.own_stake_spon, row.delegated_spon, row.unbonding_spon];
        for (sum, part) in self.sums.iter_mut().zip(parts) {
            *sum += part.base();
        }
        self.delegator_reward += row.delegator_reward_spon.base();
        if row.gpus.0 > 0 {
            let years = row.installed_gpu_us as f64 / f64::from(row.gpus.0) / YEAR_MICROS;
            self.token_years += whole(row.delegated_spon.base()) * years;
        }
        if self.short_at_end.0 != row.era {
            self.short_at_end = (row.era, Short::default());
        }
        self.short.add(row.is_short);
        self.short_at_end.1.add(row.is_short);
        self.cooling_gpu_us += u128::from(row.cooling_gpu_us);
        self.available_gpu_us += u128::from(row.available_gpu_us);
    }

    pub(crate) fn slashes(&self) -> Slashes {
        let by_kind = SlashKind::ALL.iter().zip(&self.kinds).map(|(kind, sums)| {
            let (count, spon, false_count) = *sums;
            (kind.name().to_string(), SlashSum { count, spon: whole(spon), false_count })
        });
        Slashes {
            count: self.kinds.iter().map(|kind| kind.0).sum(),
            spon: whole(self.kinds.iter().map(|kind| kind.1).sum()),
            usd: self.slashed_nano_usd as f64 / 1e9,
            downtime_gpu_hours: self.slashed_gpu_us as f64 / GPU_HOUR,
            delegated_spon: whole(self.slashed_delegated),
            false_count: self.kinds.iter().map(|kind| kind.2).sum(),
            false_spon: whole(self.slashed_false),
            returned_spon: whole(self.returned),
            by_kind: by_kind.collect(),
        }
    }

    pub(crate) fn stakes(&self) -> Stakes {
        let eras = self.eras.len() as f64;
        let mean = |sum: Base| (eras > 0.0).then(|| whole(sum) / eras);
        let net = whole(self.delegator_reward - self.slashed_delegated);
        let up = self.available_gpu_us as f64;
        Stakes {
            own_spon: mean(self.sums[0]),
            delegated_spon: mean(self.sums[1]),
            unbonding_spon: mean(self.sums[2]),
            at_risk_spon: mean(self.sums.iter().sum()),
            delegator_reward_spon: whole(self.delegator_reward),
            delegator_yield_per_year: (self.token_years > 0.0).then(|| net / self.token_years),
            short_share: self.short.share(),
            short_share_at_end: self.short_at_end.1.share(),
            cooling_share: (up > 0.0).then(|| self.cooling_gpu_us as f64 / up),
        }
    }
}
