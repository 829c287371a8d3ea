//! Supply that comes and goes: who entered and left, why, and how long they stay.

use crate::named::Named;
use crate::staying::Staying;
use estimate::share;
use record::{EraRow, Names, ProviderRole, ProviderRow, SupplyChange, SupplyReason, SupplyRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// How many providers did something in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Changes {
    /// Ordered hardware.
    pub ordered: u64,
    /// Were not let in.
    pub refused: u64,
    /// Joined for the first time.
    pub joined: u64,
    /// Stopped taking leases.
    pub leaving: u64,
    /// Left.
    pub left: u64,
    /// Came back.
    pub returned: u64,
    /// Went from one other network to another.
    pub moved: u64,
    /// Of those who joined, machines that owners added to those that they had.
    pub added: u64,
    /// Their GPUs.
    pub gpus_added: u64,
    /// GPUs of those who joined or came back.
    pub gpus_in: u64,
    /// GPUs of those who left.
    pub gpus_out: u64,
}

/// Supply in one era that ran its full length. GPU-time is told as the mean number of GPUs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EraSupply {
    /// The era.
    pub era: u32,
    /// GPUs registered when it ended.
    pub registered: u64,
    /// GPUs of machines that were up.
    pub active: f64,
    /// GPUs that computed for tenants.
    pub busy: f64,
    /// GPUs of providers that joined or came back in it, by reason.
    pub gpus_in: Named<u64>,
    /// GPUs of providers that left in it, by reason.
    pub gpus_out: Named<u64>,
}

/// Supply of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SupplyGroup {
    /// What providers did.
    #[serde(flatten)]
    pub changes: Changes,
    /// What those paid who entered, for hardware and for being checked, USD.
    pub outlay_usd: f64,
    /// GPUs registered when the first reported era ended.
    pub gpus_at_start: Option<u64>,
    /// When the last one ended that ran its full length.
    pub gpus_at_end: Option<u64>,
    /// The most at the end of any of them.
    pub gpus_peak: Option<u64>,
    /// The mean over their ends.
    pub gpus_mean: Option<f64>,
    /// The most over what there was at the end: above 1 where supply went beyond what lasted.
    pub overshoot: Option<f64>,
    /// How long those stay who were there from the start.
    pub first: Staying,
    /// How long those stay who joined later.
    pub later: Staying,
}

/// Supply of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Supply {
    /// Of everything.
    #[serde(flatten)]
    pub all: SupplyGroup,
    /// By pool.
    pub pools: Named<SupplyGroup>,
    /// By provider kind.
    pub kinds: Named<Changes>,
    /// By reason.
    pub reasons: Named<Changes>,
    /// Era by era; no metrics.
    pub eras: Vec<EraSupply>,
}

impl Changes {
    fn add(&mut self, row: &SupplyRow) {
        let gpus = u64::from(row.gpus.0);
        let count = match row.change {
            SupplyChange::Ordered => &mut self.ordered,
            SupplyChange::Refused => &mut self.refused,
            SupplyChange::Joined => &mut self.joined,
            SupplyChange::Leaving => &mut self.leaving,
            SupplyChange::Left => &mut self.left,
            SupplyChange::Returned => &mut self.returned,
            SupplyChange::Moved => &mut self.moved,
        };
        *count += 1;
        if (row.change, row.role) == (SupplyChange::Joined, ProviderRole::Added) {
            (self.added, self.gpus_added) = (self.added + 1, self.gpus_added + gpus);
        }
        match row.change {
            SupplyChange::Joined | SupplyChange::Returned => self.gpus_in += gpus,
            SupplyChange::Left => self.gpus_out += gpus,
            _ => {}
        }
    }
}

/// What is known of a group.
#[derive(Clone, Default)]
struct Tally {
    changes: Changes,
    outlay_nano_usd: i128,
    /// GPUs by era, in the order of eras.
    gpus: Vec<(u32, u64)>,
    /// How long each was there, in days, and whether it left: from the start, and later.
    stays: [Vec<(f64, bool)>; 2],
}

impl Tally {
    fn add_change(&mut self, row: &SupplyRow) {
        self.changes.add(row);
        self.outlay_nano_usd += row.outlay_nano_usd.base();
    }

    fn add_gpus(&mut self, row: &EraRow) {
        let gpus = u64::from(row.gpus.0);
        match self.gpus.last_mut() {
            Some((era, sum)) if *era == row.era => *sum += gpus,
            _ => self.gpus.push((row.era, gpus)),
        }
    }

    fn add_stay(&mut self, row: &ProviderRow) {
        let days = row.stayed_ns.as_hours_f64() / 24.0;
        let is_later = row.joined_at_ns.nanos() > 0;
        self.stays[usize::from(is_later)].push((days, row.has_left));
    }

    fn group(&self) -> SupplyGroup {
        let gpus = || self.gpus.iter().map(|(_, gpus)| *gpus);
        let (peak, end) = (gpus().max(), gpus().next_back());
        let eras = self.gpus.len() as f64;
        let pair = peak.zip(end).filter(|(_, end)| *end > 0);
        let [first, later] = [0, 1].map(|place| Staying::of(&self.stays[place]));
        SupplyGroup {
            changes: self.changes.clone(),
            outlay_usd: self.outlay_nano_usd as f64 / 1e9,
            gpus_at_start: gpus().next(),
            gpus_at_end: end,
            gpus_peak: peak,
            gpus_mean: (eras > 0.0).then(|| gpus().sum::<u64>() as f64 / eras),
            overshoot: pair.map(|(peak, end)| peak as f64 / end as f64),
            first,
            later,
        }
    }
}

/// What is known of an era.
#[derive(Clone, Copy, Default)]
struct EraTally {
    gpus: u64,
    /// Installed, available and busy GPU-time, GPU-microseconds.
    time: [u128; 3],
    /// GPUs in and out, by reason.
    moved: [[u64; REASONS]; 2],
    /// How long it was: the longest that any of its GPUs was installed, microseconds.
    length: u64,
}

const REASONS: usize = SupplyReason::ALL.len();

impl EraTally {
    fn add(&mut self, row: &EraRow) {
        let gpus = u64::from(row.gpus.0);
        self.gpus += gpus;
        let times = [row.installed_gpu_us, row.available_gpu_us, row.busy_gpu_us];
        self.time.iter_mut().zip(times).for_each(|(sum, time)| *sum += u128::from(time));
        self.length = self.length.max(row.installed_gpu_us.checked_div(gpus).unwrap_or(0));
    }

    fn finish(&self, era: u32) -> EraSupply {
        let mean = |time: u128| share(time as f64, self.length as f64).unwrap_or(0.0);
        let by_reason = |moved: &[u64; REASONS]| {
            let names = SupplyReason::ALL.iter().map(|reason| reason.name().to_string());
            names.zip(moved.iter().copied()).collect()
        };
        EraSupply {
            era,
            registered: self.gpus,
            active: mean(self.time[1]),
            busy: mean(self.time[2]),
            gpus_in: by_reason(&self.moved[0]),
            gpus_out: by_reason(&self.moved[1]),
        }
    }
}

/// Notes what comes and goes.
pub(crate) struct SupplyTally {
    all: Tally,
    pools: Vec<Tally>,
    kinds: Vec<Changes>,
    reasons: [Changes; REASONS],
    eras: BTreeMap<u32, EraTally>,
}

impl SupplyTally {
    pub(crate) fn new(names: &Names) -> SupplyTally {
        SupplyTally {
            all: Tally::default(),
            pools: vec![Tally::default(); names.pools.len()],
            kinds: vec![Changes::default(); names.provider_kinds.len()],
            reasons: Default::default(),
            eras: BTreeMap::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &SupplyRow) {
        if !row.is_reported {
            return;
        }
        self.all.add_change(row);
        self.pools[row.pool.index()].add_change(row);
        self.kinds[row.provider_kind.index()].add(row);
        self.reasons[row.reason as usize].add(row);
        let place = match row.change {
            SupplyChange::Joined | SupplyChange::Returned => 0,
            SupplyChange::Left => 1,
            _ => return,
        };
        let era = self.eras.entry(row.era).or_default();
        era.moved[place][row.reason as usize] += u64::from(row.gpus.0);
    }

    pub(crate) fn add_era(&mut self, row: &EraRow) {
        if row.is_reported && row.is_complete {
            self.all.add_gpus(row);
            self.pools[row.pool.index()].add_gpus(row);
            self.eras.entry(row.era).or_default().add(row);
        }
    }

    pub(crate) fn add_provider(&mut self, row: &ProviderRow) {
        self.all.add_stay(row);
        self.pools[row.pool.index()].add_stay(row);
    }

    pub(crate) fn finish(&self, names: &Names) -> Supply {
        let reasons = SupplyReason::ALL.iter().zip(&self.reasons);
        let reasons = reasons.map(|(reason, of)| (reason.name().to_string(), of.clone()));
        // An era that was cut short has movements and no books.
        let eras = self.eras.iter().filter(|(_, tally)| tally.length > 0);
        let kinds = names.provider_kinds.iter().cloned().zip(self.kinds.iter().cloned());
        Supply {
            all: self.all.group(),
            pools: Named::zip(&names.pools, self.pools.iter().map(Tally::group)),
            kinds: kinds.collect(),
            reasons: reasons.collect(),
            eras: eras.map(|(era, tally)| tally.finish(*era)).collect(),
        }
    }
}
