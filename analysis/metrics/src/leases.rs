//! Leases: how they ended, and how often machines failed under them.

use crate::latency::{Quantiles, quantiles};
use crate::named::Named;
use estimate::{Exposure, Sketch, share};
use record::{LeaseEnd, LeaseRow, Names};
use serde::Serialize;

/// What became of a group of leases. Leases still open at the end of the run are censored:
/// they add exposure and interruptions, and to no share of endings.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LeaseGroup {
    /// Leases that ended.
    pub ended: u64,
    /// Leases still open when the run ended.
    pub censored: u64,
    /// Leases whose agreed time was served.
    pub agreed: u64,
    /// `agreed / ended`.
    pub agreed_share: Option<f64>,
    /// Failures of machines under leases.
    pub interruptions: u64,
    /// Of these, those by the owner of the machine, who wanted it back.
    pub preemptions: u64,
    /// Time in force inside the reported time, lease-hours.
    pub exposure_hours: f64,
    /// `1000 * interruptions / exposure_hours`.
    pub interruptions_per_1000_lease_hours: Option<f64>,
    /// Lower end of the exact 95 % interval of that rate, failures being independent.
    pub interruptions_per_1000_lease_hours_low: Option<f64>,
    /// Upper end of it.
    pub interruptions_per_1000_lease_hours_high: Option<f64>,
}

/// All leases that closed, or were open at the end, inside the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Leases {
    /// Of all host classes.
    #[serde(flatten)]
    pub all: LeaseGroup,
    /// Leases by how they ended; every ending is listed.
    pub by_end: Named<u64>,
    /// Round trip between tenant and provider without jitter, milliseconds.
    pub rtt: Quantiles,
    /// Time for which tenants paid, lease-hours.
    pub paid_hours: f64,
    /// Time paused within the grace, lease-hours.
    pub paused_hours: f64,
    /// Work that failures undid, lease-hours.
    pub lost_hours: f64,
    /// Paid by tenants for the GPUs, USD.
    pub charged_usd: f64,
    /// Paid by tenants for an hour of one GPU in the mean, USD.
    pub charged_usd_per_gpu_hour: Option<f64>,
    /// Due, and more than escrow could pay, USD.
    pub unpaid_usd: f64,
    /// Returned to tenants when leases closed, USD.
    pub refund_usd: f64,
    /// By host class.
    pub host_classes: Named<LeaseGroup>,
}

/// Counters of one group.
#[derive(Clone, Copy, Default)]
struct Tally {
    ends: [u64; LeaseEnd::ALL.len()],
    interruptions: u64,
    preemptions: u64,
    exposure_ns: u128,
}

impl Tally {
    fn add(&mut self, row: &LeaseRow) {
        self.ends[row.end as usize] += 1;
        self.interruptions += u64::from(row.interruptions);
        self.preemptions += u64::from(row.preemptions);
        self.exposure_ns += u128::from(row.exposure_ns.nanos());
    }

    fn group(&self) -> LeaseGroup {
        let censored = self.ends[LeaseEnd::Censored as usize];
        let ended = self.ends.iter().sum::<u64>() - censored;
        let agreed = self.ends[LeaseEnd::Agreed as usize];
        let exposure_hours = hours(self.exposure_ns);
        let rate = Exposure { events: self.interruptions, exposure: exposure_hours / 1000.0 };
        let interval = rate.rate_interval();
        LeaseGroup {
            ended,
            censored,
            agreed,
            agreed_share: share(agreed as f64, ended as f64),
            interruptions: self.interruptions,
            preemptions: self.preemptions,
            exposure_hours,
            interruptions_per_1000_lease_hours: rate.rate(),
            interruptions_per_1000_lease_hours_low: interval.map(|(low, _)| low),
            interruptions_per_1000_lease_hours_high: interval.map(|(_, high)| high),
        }
    }
}

/// Counts leases as they come.
pub(crate) struct LeaseTally {
    all: Tally,
    host_classes: Vec<Tally>,
    rtt: Sketch,
    /// Paid, paused and lost, nanoseconds.
    spans: [u128; 3],
    /// Time paid times GPUs, GPU-nanoseconds.
    paid_gpu_ns: u128,
    /// Charged, unpaid and refunded, nano-dollars.
    sums: [i128; 3],
}

impl LeaseTally {
    pub(crate) fn new(names: &Names) -> LeaseTally {
        LeaseTally {
            all: Tally::default(),
            host_classes: vec![Tally::default(); names.host_classes.len()],
            rtt: Sketch::new(),
            spans: [0; 3],
            paid_gpu_ns: 0,
            sums: [0; 3],
        }
    }

    pub(crate) fn add(&mut self, row: &LeaseRow) {
        if !row.is_reported {
            return;
        }
        self.all.add(row);
        self.host_classes[row.host_class.index()].add(row);
        self.rtt.add(row.rtt_ns.nanos() as f64 / 1e6);
        let spans = [row.paid_ns, row.paused_ns, row.lost_ns];
        self.spans.iter_mut().zip(spans).for_each(|(sum, span)| *sum += u128::from(span.nanos()));
        self.paid_gpu_ns += u128::from(row.paid_ns.nanos()) * u128::from(row.gpus.0);
        self.sums[0] += row.charged_nano_usd.base();
        self.sums[1] += row.unpaid_nano_usd.base();
        self.sums[2] += row.refund_nano_usd.base();
    }

    pub(crate) fn finish(&self, names: &Names) -> Leases {
        let ends = LeaseEnd::ALL.iter().zip(self.all.ends);
        let [paid_hours, paused_hours, lost_hours] = self.spans.map(hours);
        let [charged_usd, unpaid_usd, refund_usd] = self.sums.map(|sum| sum as f64 / 1e9);
        Leases {
            all: self.all.group(),
            by_end: ends.map(|(end, count)| (end.name().to_string(), count)).collect(),
            rtt: quantiles(&self.rtt),
            paid_hours,
            paused_hours,
            lost_hours,
            charged_usd,
            charged_usd_per_gpu_hour: share(charged_usd, hours(self.paid_gpu_ns)),
            unpaid_usd,
            refund_usd,
            host_classes: Named::zip(
                &names.host_classes,
                self.host_classes.iter().map(Tally::group),
            ),
        }
    }
}

fn hours(nanos: u128) -> f64 {
    nanos as f64 / 3.6e12
}
