//! Who wins: how unequally leases and their income are spread, where they go, and how long
//! newcomers wait.

use crate::named::Named;
use estimate::{gini, quantile_of_sorted, share, top_share};
use record::{Names, ProviderRole, ProviderRow};
use serde::Serialize;

/// How unequally a group's leases and lease income are spread over its providers.
///
/// A Gini coefficient is 0 when all hold the same and near 1 when one holds all; the top share is
/// that of the tenth of providers that hold most, their number rounded up. Income is that of the
/// complete reported eras, leases are those confirmed in the reported time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Gini coefficient of lease income.
    pub lease_income_gini: Option<f64>,
    /// The share of lease income of the best-earning tenth of providers.
    pub lease_income_top_10_share: Option<f64>,
    /// Gini coefficient of leases won.
    pub leases_won_gini: Option<f64>,
    /// The share of leases of the tenth of providers that won most.
    pub leases_won_top_10_share: Option<f64>,
}

/// How unequally leases are spread over providers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Concentration {
    /// Over all providers.
    #[serde(flatten)]
    pub all: Spread,
    /// Over those of each pool.
    pub pools: Named<Spread>,
}

/// What a group of providers won.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Winnings {
    /// Providers.
    pub providers: u64,
    /// Their GPUs.
    pub gpus: u64,
    /// Leases that they confirmed in the reported time.
    pub leases: u64,
    /// Their share of all such leases.
    pub share: Option<f64>,
    /// That share over their share of the GPUs: 1 when they win as much as anybody of their size.
    pub share_over_size: Option<f64>,
}

/// Who won the leases of the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Wins {
    /// By the region of the provider.
    pub regions: Named<Winnings>,
    /// By what a provider is to the question of the scenario.
    pub roles: Named<Winnings>,
}

/// How long providers that join a running market wait for their first lease.
///
/// Quantiles are over all newcomers, who still waits being longer than any: where a quantile falls
/// among those, it has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct NewcomerWaits {
    /// Providers that joined after the start.
    pub newcomers: u64,
    /// Of these, who had no lease by the end of the run.
    pub waiting: u64,
    /// The median of the days from joining to the first lease.
    pub days_p50: Option<f64>,
    /// The 90 % quantile of the days from joining to the first lease.
    pub days_p90: Option<f64>,
}

/// One group's holdings: a number for each provider, so memory follows their number.
#[derive(Clone, Default)]
struct Holdings {
    incomes: Vec<f64>,
    leases: Vec<f64>,
}

impl Holdings {
    fn add(&mut self, row: &ProviderRow) {
        self.leases.push(row.leases_won as f64);
        // Without a complete era nothing can be said of its earnings.
        if row.installed_gpu_s > 0 {
            self.incomes.push(row.lease_income_nano_usd.as_f64());
        }
    }

    fn spread(&self) -> Spread {
        Spread {
            lease_income_gini: gini(&self.incomes),
            lease_income_top_10_share: top_share(&self.incomes, 0.1),
            leases_won_gini: gini(&self.leases),
            leases_won_top_10_share: top_share(&self.leases, 0.1),
        }
    }
}

impl Winnings {
    fn add(&mut self, row: &ProviderRow) {
        self.providers += 1;
        self.gpus += u64::from(row.gpus.0);
        self.leases += row.leases_won;
    }

    fn of(self, all: &Winnings) -> Winnings {
        let won = share(self.leases as f64, all.leases as f64);
        let size = share(self.gpus as f64, all.gpus as f64).filter(|size| *size > 0.0);
        let share_over_size = won.zip(size).map(|(won, size)| won / size);
        Winnings { share: won, share_over_size, ..self }
    }
}

/// Notes providers as they come.
pub(crate) struct WinTally {
    all: Holdings,
    pools: Vec<Holdings>,
    total: Winnings,
    regions: Vec<Winnings>,
    roles: [Winnings; ProviderRole::ALL.len()],
    /// Days from joining to the first lease; infinite for who still waits.
    waits: Vec<f64>,
}

/// Nanoseconds of a day.
const DAY: f64 = 86_400e9;

impl WinTally {
    pub(crate) fn new(names: &Names) -> WinTally {
        WinTally {
            all: Holdings::default(),
            pools: vec![Holdings::default(); names.pools.len()],
            total: Winnings::default(),
            regions: vec![Winnings::default(); names.regions.len()],
            roles: Default::default(),
            waits: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &ProviderRow) {
        self.all.add(row);
        self.pools[row.pool.index()].add(row);
        self.total.add(row);
        self.regions[row.region.index()].add(row);
        self.roles[row.role as usize].add(row);
        if row.role == ProviderRole::Newcomer {
            let wait = row.first_lease_at_ns.map(|at| at.saturating_since(row.joined_at_ns));
            self.waits.push(wait.map_or(f64::INFINITY, |wait| wait.nanos() as f64 / DAY));
        }
    }

    pub(crate) fn concentration(&self, names: &Names) -> Concentration {
        Concentration {
            all: self.all.spread(),
            pools: Named::zip(&names.pools, self.pools.iter().map(Holdings::spread)),
        }
    }

    pub(crate) fn wins(&self, names: &Names) -> Wins {
        let of = |groups: &[Winnings]| {
            groups.iter().map(|group| group.of(&self.total)).collect::<Vec<_>>()
        };
        let roles = ProviderRole::ALL.iter().map(|role| role.name().to_string());
        Wins {
            regions: Named::zip(&names.regions, of(&self.regions)),
            roles: roles.zip(of(&self.roles)).collect(),
        }
    }

    pub(crate) fn newcomers(&self) -> NewcomerWaits {
        let mut waits = self.waits.clone();
        waits.sort_by(f64::total_cmp);
        let quantile = |q| quantile_of_sorted(&waits, q).filter(|days| days.is_finite());
        NewcomerWaits {
            newcomers: waits.len() as u64,
            waiting: waits.iter().filter(|days| days.is_infinite()).count() as u64,
            days_p50: quantile(0.5),
            days_p90: quantile(0.9),
        }
    }
}
