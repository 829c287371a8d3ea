//! What leases promised: spot beside long contracts, and how even incomes were.

use estimate::share;
use record::{EraRow, LeaseEnd, LeaseRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// Leases with one promise that closed, or were open at the end, inside the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PromiseGroup {
    /// How many.
    pub leases: u64,
    /// Time served that was paid for, GPU-hours.
    pub gpu_hours: f64,
    /// What was paid for the GPUs, USD.
    pub charged_usd: f64,
    /// What was agreed for an hour of one GPU, in the mean by time, USD.
    pub price_usd_per_gpu_hour: Option<f64>,
    /// What was paid for an hour of one GPU, with what was paid for time that was not served, USD.
    pub charged_usd_per_gpu_hour: Option<f64>,
    /// Interruptions in a thousand hours in force.
    pub interruptions_per_1000_lease_hours: Option<f64>,
    /// Leases that were taken back with notice.
    pub reclaimed: u64,
    /// The notice that these had, in the mean, minutes.
    pub notice_minutes: Option<f64>,
    /// Work that interruptions undid, GPU-hours.
    pub lost_gpu_hours: f64,
    /// `lost_gpu_hours / gpu_hours`.
    pub lost_share: Option<f64>,
    /// Leases that their tenant ended before their term.
    pub terminated: u64,
    /// Time that was paid for and not served, GPU-hours.
    pub forfeit_gpu_hours: f64,
}

/// Spot beside long contracts.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Contracts {
    /// Leases that could be taken back.
    pub spot: PromiseGroup,
    /// Leases for a term.
    pub long: PromiseGroup,
    /// How uneven a provider's lease income of a GPU is from era to era: the standard deviation
    /// over the mean, in the mean of those who had any.
    pub income_variation: Option<f64>,
}

/// Counters of one promise.
#[derive(Clone, Copy, Default)]
struct Tally {
    leases: u64,
    paid_gpu_ns: u128,
    charged: i128,
    /// Nano-dollars per hour times GPU-nanoseconds.
    price_gpu_ns: u128,
    interruptions: u64,
    exposure_ns: u128,
    reclaimed: u64,
    notice_ns: u128,
    lost_gpu_ns: u128,
    terminated: u64,
    forfeit_gpu_ns: u128,
}

impl Tally {
    fn add(&mut self, row: &LeaseRow) {
        let gpus = u128::from(row.gpus.0);
        let of_gpus = |span: units::Span| u128::from(span.nanos()) * gpus;
        let price = u128::from(row.price_nano_usd_per_gpu_hour.nanos());
        let is_reclaimed = row.end == LeaseEnd::Reclaimed;
        self.leases += 1;
        self.paid_gpu_ns += of_gpus(row.paid_ns);
        self.charged += row.charged_nano_usd.base();
        self.price_gpu_ns += price * of_gpus(row.paid_ns);
        self.interruptions += u64::from(row.interruptions);
        self.exposure_ns += u128::from(row.exposure_ns.nanos());
        self.reclaimed += u64::from(is_reclaimed);
        self.notice_ns += if is_reclaimed { u128::from(row.notice_ns.nanos()) } else { 0 };
        self.lost_gpu_ns += of_gpus(row.lost_ns);
        self.terminated += u64::from(row.end == LeaseEnd::Terminated);
        self.forfeit_gpu_ns += of_gpus(row.forfeit_ns);
    }

    fn group(&self) -> PromiseGroup {
        let hours = |nanos: u128| nanos as f64 / 3.6e12;
        let (gpu_hours, lost) = (hours(self.paid_gpu_ns), hours(self.lost_gpu_ns));
        let charged_usd = self.charged as f64 / 1e9;
        let in_force = hours(self.exposure_ns) / 1_000.0;
        PromiseGroup {
            leases: self.leases,
            gpu_hours,
            charged_usd,
            price_usd_per_gpu_hour: share(hours(self.price_gpu_ns) / 1e9, gpu_hours),
            charged_usd_per_gpu_hour: share(charged_usd, gpu_hours),
            interruptions_per_1000_lease_hours: share(self.interruptions as f64, in_force),
            reclaimed: self.reclaimed,
            notice_minutes: share(hours(self.notice_ns) * 60.0, self.reclaimed as f64),
            lost_gpu_hours: lost,
            lost_share: share(lost, gpu_hours),
            terminated: self.terminated,
            forfeit_gpu_hours: hours(self.forfeit_gpu_ns),
        }
    }
}

/// Eras, and the sums of incomes and of their squares: USD per GPU.
#[derive(Clone, Copy, Default)]
struct Incomes {
    eras: f64,
    sum: f64,
    squares: f64,
}

impl Incomes {
    /// The standard deviation over the mean.
    fn variation(&self) -> Option<f64> {
        let mean = share(self.sum, self.eras).filter(|mean| *mean > 0.0)?;
        let variance = share(self.squares - mean * self.sum, self.eras - 1.0)?;
        Some(variance.max(0.0).sqrt() / mean)
    }
}

/// Counts leases and incomes as they come.
#[derive(Clone, Default)]
pub(crate) struct ContractTally {
    spot: Tally,
    long: Tally,
    incomes: BTreeMap<u32, Incomes>,
}

impl ContractTally {
    pub(crate) fn add(&mut self, row: &LeaseRow) {
        if row.is_reported {
            let tally = if row.is_long { &mut self.long } else { &mut self.spot };
            tally.add(row);
        }
    }

    pub(crate) fn add_era(&mut self, row: &EraRow) {
        if row.is_reported && row.is_complete && row.gpus.0 > 0 {
            let income = row.lease_income_nano_usd.as_f64() / f64::from(row.gpus.0);
            let of = self.incomes.entry(row.provider.0).or_default();
            of.eras += 1.0;
            of.sum += income;
            of.squares += income * income;
        }
    }

    pub(crate) fn finish(&self) -> Contracts {
        let variations: Vec<f64> = self.incomes.values().filter_map(Incomes::variation).collect();
        Contracts {
            spot: self.spot.group(),
            long: self.long.group(),
            income_variation: share(variations.iter().sum(), variations.len() as f64),
        }
    }
}
