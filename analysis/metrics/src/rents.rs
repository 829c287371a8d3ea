//! Rents: what was asked, what was accepted, what was paid, and how restless a rule's prices were.

use crate::named::Named;
use estimate::share;
use record::{LeaseRow, Names, ProviderRow, RentRow};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{CardId, PoolId, ProviderKindId};

/// The rents of a group, USD per GPU-hour. What concerns leases is over those that closed, or were
/// open at the end, inside the reported time, and weighs them by the time that was paid for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct RentGroup {
    /// Asked at the end of the run by everybody, weighed by the GPU-time that was up.
    pub offered_usd: Option<f64>,
    /// Asked by those who got the leases.
    pub ask_usd: Option<f64>,
    /// GPU-days that leases were paid for: the volume at these prices.
    pub leased_gpu_days: f64,
    /// Agreed in the leases.
    pub accepted_usd: Option<f64>,
    /// Left escrow for them, the tenants' own fee with it.
    pub paid_usd: Option<f64>,
    /// The mean move of a rule's price, up or down, from hour to hour; none where no rule sets
    /// prices.
    pub move_per_hour: Option<f64>,
    /// Share of what was offered at a rule's price that leases held, in the mean over hours and
    /// cards by what was offered.
    pub used_of_offered: Option<f64>,
}

/// The rents of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rents {
    /// Of everything.
    #[serde(flatten)]
    pub all: RentGroup,
    /// By pool.
    pub pools: Named<RentGroup>,
    /// By provider kind; the prices of a rule are nobody's kind.
    pub kinds: Named<RentGroup>,
}

/// Sums of one pool.
#[derive(Clone, Default)]
struct Tally {
    /// Asks times GPU-time up, nano-dollars times seconds; and that time.
    offered: [u128; 2],
    /// Ask, price and outlay of leases; the first two times GPU-nanoseconds.
    leases: [u128; 3],
    /// GPU-time that leases were paid for, nanoseconds.
    paid_gpu_ns: u128,
    moves: f64,
    /// Prices that had one an hour before.
    hours: u64,
    /// GPUs of all hours and cards: offered, used.
    gpus: [u64; 2],
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        for (sum, more) in self.offered.iter_mut().zip(other.offered) {
            *sum += more;
        }
        for (sum, more) in self.leases.iter_mut().zip(other.leases) {
            *sum += more;
        }
        for (sum, more) in self.gpus.iter_mut().zip(other.gpus) {
            *sum += more;
        }
        self.paid_gpu_ns += other.paid_gpu_ns;
        self.moves += other.moves;
        self.hours += other.hours;
    }

    fn group(&self) -> RentGroup {
        let mean = |sum: u128, over: u128| share(sum as f64 / 1e9, over as f64);
        RentGroup {
            offered_usd: mean(self.offered[0], self.offered[1]),
            ask_usd: mean(self.leases[0], self.paid_gpu_ns),
            leased_gpu_days: self.paid_gpu_ns as f64 / (24.0 * 3.6e12),
            accepted_usd: mean(self.leases[1], self.paid_gpu_ns),
            paid_usd: share(self.leases[2] as f64 / 1e9, self.paid_gpu_ns as f64 / 3.6e12),
            move_per_hour: share(self.moves, self.hours as f64),
            used_of_offered: share(self.gpus[1] as f64, self.gpus[0] as f64),
        }
    }
}

/// Notes leases, providers and prices as they come.
pub(crate) struct RentTally {
    pools: Vec<Tally>,
    kinds: Vec<Tally>,
    last: BTreeMap<(PoolId, CardId), u64>,
}

impl RentTally {
    pub(crate) fn new(names: &Names) -> RentTally {
        RentTally {
            pools: vec![Tally::default(); names.pools.len()],
            kinds: vec![Tally::default(); names.provider_kinds.len()],
            last: BTreeMap::new(),
        }
    }

    pub(crate) fn add_lease(&mut self, row: &LeaseRow) {
        if !row.is_reported {
            return;
        }
        let time = u128::from(row.paid_ns.nanos()) * u128::from(row.gpus.0);
        let times = |price: units::GpuHourPrice| u128::from(price.nanos()) * time;
        for group in self.groups(row.pool, row.provider_kind) {
            group.leases[0] += times(row.ask_nano_usd_per_gpu_hour);
            group.leases[1] += times(row.price_nano_usd_per_gpu_hour);
            group.leases[2] += row.outlay_nano_usd.base().unsigned_abs();
            group.paid_gpu_ns += time;
        }
    }

    pub(crate) fn add_provider(&mut self, row: &ProviderRow) {
        let time = u128::from(row.available_gpu_s);
        for group in self.groups(row.pool, row.provider_kind) {
            group.offered[0] += u128::from(row.ask_nano_usd_per_gpu_hour.nanos()) * time;
            group.offered[1] += time;
        }
    }

    /// The groups of a provider.
    fn groups(&mut self, pool: PoolId, kind: ProviderKindId) -> [&mut Tally; 2] {
        [&mut self.pools[pool.index()], &mut self.kinds[kind.index()]]
    }

    pub(crate) fn add_rent(&mut self, row: &RentRow) {
        let price = row.price_nano_usd_per_gpu_hour.nanos();
        let last = self.last.insert((row.pool, row.card), price);
        if !row.is_reported {
            return;
        }
        let pool = &mut self.pools[row.pool.index()];
        pool.gpus[0] += row.offered_gpus;
        pool.gpus[1] += row.used_gpus;
        if let Some(last) = last.filter(|last| *last > 0) {
            pool.moves += (price as f64 / last as f64 - 1.0).abs();
            pool.hours += 1;
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> Rents {
        let mut all = Tally::default();
        self.pools.iter().for_each(|pool| all.add(pool));
        let pools = self.pools.iter().map(Tally::group);
        let kinds = self.kinds.iter().map(Tally::group);
        Rents {
            all: all.group(),
            pools: Named::zip(&names.pools, pools),
            kinds: Named::zip(&names.provider_kinds, kinds),
        }
    }
}
