//! Where tenants take their jobs: shares of this network, other networks and central clouds.

use crate::named::Named;
use estimate::share;
use record::{Names, VenueReason, VenueRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// Where a group of jobs went. Without tenants who choose, there are none.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VenueGroup {
    /// Jobs whose tenants chose, each where it went in the end: one that was taken elsewhere after
    /// it had waited here too long counts there, for the era in which it came.
    pub jobs: u64,
    /// Share of the jobs that came to this network and stayed.
    pub here_share: Option<f64>,
    /// Share that went to other networks.
    pub networks_share: Option<f64>,
    /// Share that went to central clouds.
    pub clouds_share: Option<f64>,
    /// GPU-hours of their work.
    pub gpu_hours: f64,
    /// Share of the GPU-hours that came to this network and stayed.
    pub here_share_of_hours: Option<f64>,
    /// Share of the GPU-hours that went to central clouds.
    pub clouds_share_of_hours: Option<f64>,
    /// What is spent elsewhere, USD.
    pub spend_elsewhere_usd: f64,
    /// Share of the jobs that first went where their tenant's last one did.
    pub stay_share: Option<f64>,
    /// Mean consumer surplus of a choice, `ln(sum exp U)/alpha`, USD per GPU-hour: what it is worth
    /// to have the venues, up to a constant. Jobs that waited and those of regulars, who do not
    /// compare are left out.
    pub surplus_usd: Option<f64>,
}

/// What a venue got.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VenueShare {
    /// Jobs. At this network without those that left again.
    pub jobs: u64,
    /// Share of all jobs.
    pub share: Option<f64>,
    /// GPU-hours of their work, and at this network of what it did of those that left again.
    pub gpu_hours: f64,
    /// What its tenants spend, at the price that they saw, USD. At this network with what those
    /// meant to spend who left again.
    pub spend_usd: f64,
    /// Share of the jobs that came whose tenant was there with the last one.
    pub stay_share: Option<f64>,
    /// Of its jobs, those that had waited at this network too long.
    pub jobs_waited: u64,
}

/// Shares of the jobs that came in one era.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct EraShares {
    /// The era.
    pub era: u32,
    /// Jobs.
    pub jobs: u64,
    /// Share of this network.
    pub here: f64,
    /// Share of other networks.
    pub networks: f64,
    /// Share of central clouds.
    pub clouds: f64,
}

/// Where the jobs of the reported eras went.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Venues {
    /// Of all pools.
    #[serde(flatten)]
    pub all: VenueGroup,
    /// By pool.
    pub pools: Named<VenueGroup>,
    /// By job class.
    pub classes: Named<VenueGroup>,
    /// By venue; `here` is this network.
    pub by_venue: Named<VenueShare>,
    /// Jobs that came here, by what decided.
    pub here_by_reason: Named<u64>,
    /// Jobs that went elsewhere, by what decided.
    pub elsewhere_by_reason: Named<u64>,
    /// Share of this network in the first week of the reported eras, jobs of all its days together.
    pub here_share_first_week: Option<f64>,
    /// The same in the last week.
    pub here_share_last_week: Option<f64>,
    /// Eras until the first seven eras in a row whose share together is within a hundredth of that
    /// of the last week. With few jobs that happens by luck before it does for good.
    pub recovery_eras: Option<f64>,
    /// Era by era; no metrics.
    pub eras: Vec<EraShares>,
}

const REASONS: usize = VenueReason::ALL.len();
/// Places of the three kinds: this network, other networks, central clouds.
const HERE: usize = 0;
const CLOUDS: usize = 2;
/// Eras of a week.
const WEEK: usize = 7;
const COUNTED: &str = "a job leaves that was counted when it came";

#[derive(Clone, Copy, Default)]
struct Tally {
    jobs: [u64; 3],
    gpu_s: [u64; 3],
    spend: [f64; 3],
    stayed: u64,
    surplus: f64,
    compared: u64,
}

impl Tally {
    fn add(&mut self, row: &VenueRow) {
        let kind = kind_of(row);
        self.jobs[kind] += row.jobs;
        self.gpu_s[kind] += row.gpu_s;
        self.spend[kind] += row.spend_nano_usd.as_f64();
        if row.reason == VenueReason::Waited {
            // It came here first, in the same era: whoever leaves is counted once.
            let less = |from: &mut u64, part| *from = from.checked_sub(part).expect(COUNTED);
            less(&mut self.jobs[HERE], row.jobs);
            less(&mut self.gpu_s[HERE], row.gpu_s);
            return;
        }
        self.stayed += row.stayed;
        if row.reason != VenueReason::Regular {
            self.surplus += row.surplus_nano_usd as f64 / 1e9;
            self.compared += row.jobs;
        }
    }

    fn group(&self) -> VenueGroup {
        let jobs: u64 = self.jobs.iter().sum();
        let gpu_s: u64 = self.gpu_s.iter().sum();
        let of_jobs = |kind: usize| share(self.jobs[kind] as f64, jobs as f64);
        let of_hours = |kind: usize| share(self.gpu_s[kind] as f64, gpu_s as f64);
        VenueGroup {
            jobs,
            here_share: of_jobs(HERE),
            networks_share: of_jobs(1),
            clouds_share: of_jobs(CLOUDS),
            gpu_hours: gpu_s as f64 / 3600.0,
            here_share_of_hours: of_hours(HERE),
            clouds_share_of_hours: of_hours(CLOUDS),
            spend_elsewhere_usd: self.spend[1] + self.spend[CLOUDS],
            stay_share: share(self.stayed as f64, jobs as f64),
            surplus_usd: share(self.surplus, self.compared as f64),
        }
    }
}

/// One venue's part.
#[derive(Clone, Copy, Default)]
struct Part {
    jobs: u64,
    gpu_s: u64,
    spend: f64,
    stayed: u64,
    waited: u64,
}

/// Counts where jobs went as eras close.
pub(crate) struct VenueTally {
    all: Tally,
    pools: Vec<Tally>,
    classes: Vec<Tally>,
    parts: Vec<Part>,
    /// Jobs here and elsewhere, by reason.
    reasons: [[u64; REASONS]; 2],
    /// Jobs that came here first and left, and the GPU-seconds that they took along.
    left: [u64; 2],
    eras: BTreeMap<u32, Tally>,
}

impl VenueTally {
    pub(crate) fn new(names: &Names) -> VenueTally {
        VenueTally {
            all: Tally::default(),
            pools: vec![Tally::default(); names.pools.len()],
            classes: vec![Tally::default(); names.classes.len()],
            parts: vec![Part::default(); names.venues.len()],
            reasons: [[0; REASONS]; 2],
            left: [0; 2],
            eras: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &VenueRow) {
        if !row.is_reported {
            return;
        }
        let groups = [
            &mut self.all,
            &mut self.pools[row.pool.index()],
            &mut self.classes[row.class.index()],
            self.eras.entry(row.era).or_default(),
        ];
        groups.into_iter().for_each(|tally| tally.add(row));
        let part = &mut self.parts[row.venue.index()];
        part.jobs += row.jobs;
        part.gpu_s += row.gpu_s;
        part.spend += row.spend_nano_usd.as_f64();
        part.stayed += row.stayed;
        if row.reason == VenueReason::Waited {
            part.waited += row.jobs;
            self.left[0] += row.jobs;
            self.left[1] += row.gpu_s;
        }
        self.reasons[usize::from(row.venue.0 > 0)][row.reason as usize] += row.jobs;
    }

    pub(crate) fn finish(&self, names: &Names) -> Venues {
        let all = self.all.group();
        let jobs = all.jobs as f64;
        let of_venue = |(place, part): (usize, &Part)| {
            let left = if place == HERE { self.left } else { [0; 2] };
            let own = part.jobs - left[0];
            VenueShare {
                jobs: own,
                share: share(own as f64, jobs),
                gpu_hours: (part.gpu_s - left[1]) as f64 / 3600.0,
                spend_usd: part.spend,
                stay_share: share(part.stayed as f64, part.jobs as f64),
                jobs_waited: part.waited,
            }
        };
        let by_reason = |counts: &[u64; REASONS]| {
            let words = VenueReason::ALL.iter().map(|reason| reason.name().to_string());
            words.zip(counts.iter().copied()).collect()
        };
        let eras: Vec<EraShares> = self.eras.iter().filter_map(era_shares).collect();
        let tallies: Vec<Tally> = self.eras.values().copied().collect();
        let last_week = here_share(tallies.iter().rev().take(WEEK));
        let is_back = |week: &[Tally]| {
            let both = here_share(week.iter()).zip(last_week);
            both.is_some_and(|(share, last)| (share - last).abs() <= 0.01)
        };
        let recovery_eras = tallies.windows(WEEK).position(is_back).map(|eras| eras as f64);
        let groups = |tallies: &[Tally]| tallies.iter().map(Tally::group).collect::<Vec<_>>();
        Venues {
            pools: Named::zip(&names.pools, groups(&self.pools)),
            classes: Named::zip(&names.classes, groups(&self.classes)),
            by_venue: Named::zip(&names.venues, self.parts.iter().enumerate().map(of_venue)),
            here_by_reason: by_reason(&self.reasons[0]),
            elsewhere_by_reason: by_reason(&self.reasons[1]),
            here_share_first_week: here_share(tallies.iter().take(WEEK)),
            here_share_last_week: last_week,
            recovery_eras,
            eras,
            all,
        }
    }
}

/// This network's share of some eras, together.
fn here_share<'a>(eras: impl Iterator<Item = &'a Tally>) -> Option<f64> {
    let jobs = eras.fold([0, 0], |[here, all], tally| {
        [here + tally.jobs[HERE], all + tally.jobs.iter().sum::<u64>()]
    });
    share(jobs[0] as f64, jobs[1] as f64)
}

fn era_shares((era, tally): (&u32, &Tally)) -> Option<EraShares> {
    let group = tally.group();
    Some(EraShares {
        era: *era,
        jobs: group.jobs,
        here: group.here_share?,
        networks: group.networks_share?,
        clouds: group.clouds_share?,
    })
}

fn kind_of(row: &VenueRow) -> usize {
    match (row.venue.0, row.is_cloud) {
        (0, _) => HERE,
        (_, false) => 1,
        (_, true) => CLOUDS,
    }
}
