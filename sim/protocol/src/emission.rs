//! How many tokens an era brings: the schedule under way, burned tokens that come back, and what
//! became of all of it.

use mechanism::emission::{Facts, MeanBurn, NetEmission, Schedule};
use units::{GpuHourPrice, Spon};

/// How tokens are emitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmissionRules {
    /// The schedule at the start of the run.
    pub schedule: Schedule,
    /// Eras of the schedule that lie before the run.
    pub first_era: u64,
    /// Burned tokens that come back, if any do.
    pub net: Option<NetEmission>,
    /// Owed for an hour of a proven GPU of multiplier 1, where pay is owed in dollars.
    pub owed_per_gpu_hour: GpuHourPrice,
}

impl EmissionRules {
    /// What the first era of the run emits, where the calendar alone tells; else nothing.
    pub fn first_rounded_down(&self) -> Spon {
        let until = |era| self.schedule.cumulative(era);
        let (before, after) = (until(self.first_era), until(self.first_era + 1));
        let first = before.zip(after).map_or(0, |(before, after)| after - before);
        Spon::from_base(i128::try_from(first).expect("a supply has less than 2^127 units"))
    }
}

/// The emission of a run, in base units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmissionBook {
    schedule: Schedule,
    first_era: u64,
    net: Option<NetEmission>,
    mean_burn: MeanBurn,
    totals: Totals,
}

/// What the eras of the run brought in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    /// Eras so far.
    eras: u64,
    /// Due by the schedule.
    scheduled: u128,
    /// Due by the schedule, and not there.
    short: u128,
    /// Burned tokens that came back.
    given_back: u128,
    /// Burned.
    burned: u128,
    /// Paid out of what was emitted.
    distributed: u128,
}

/// What an era brings, in base units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Due {
    /// By the schedule.
    pub scheduled: u128,
    /// Burned tokens that come back.
    pub given_back: u128,
    /// Mean of what the last eras burned.
    pub mean_burn: u128,
}

/// Whether what a schedule emits is new; else it comes out of what there is.
pub(crate) const fn is_minted(schedule: &Schedule) -> bool {
    !matches!(schedule, Schedule::None | Schedule::LinearPool(_) | Schedule::UsdTarget(_))
}

impl EmissionBook {
    /// The emission before the first era of the run.
    pub(crate) fn new(rules: &EmissionRules) -> EmissionBook {
        EmissionBook {
            schedule: rules.schedule.clone(),
            first_era: rules.first_era,
            net: rules.net,
            mean_burn: MeanBurn::default(),
            totals: Totals::default(),
        }
    }

    /// The schedule as it stands.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Of what an era burns, the part that net emission may give back: what else gives burned
    /// tokens back leaves it alone.
    pub(crate) fn reserved(&self) -> u128 {
        self.net.map_or(0, |net| net.limit)
    }

    /// The era of the schedule that comes next.
    pub(crate) fn next_era(&self) -> u64 {
        self.first_era + self.totals.eras
    }

    /// Moves on by an era; `burned` is all that was burned in the run so far.
    pub(crate) fn step(&mut self, facts: &Facts, burned: u128) -> Due {
        let scheduled = self.schedule.emit(facts);
        let fresh = burned - self.totals.burned;
        let given_back = self.net.as_mut().map_or(0, |net| net.step(fresh));
        self.totals.eras += 1;
        self.totals.burned = burned;
        self.totals.scheduled += scheduled;
        self.totals.given_back += given_back;
        Due { scheduled, given_back, mean_burn: self.mean_burn.step(fresh) }
    }

    /// So much of what was due is not there.
    pub(crate) fn note_short(&mut self, short: u128) {
        self.totals.short += short;
    }

    /// So much of what was burned comes back on top.
    pub(crate) fn note_top_up(&mut self, amount: u128) {
        self.totals.given_back += amount;
    }

    /// So much was paid out.
    pub(crate) fn note_distributed(&mut self, amount: u128) {
        self.totals.distributed += amount;
    }

    /// Holds the sums against the schedule and the ledger, which issued `minted` for emission
    /// (T5, T9).
    ///
    /// # Panics
    /// When an era emitted something else than its schedule says.
    pub(crate) fn check(&self, minted: u128) {
        let Totals { eras, scheduled, short, given_back, burned, distributed } = self.totals;
        let before = self.schedule.cumulative(self.first_era);
        let after = self.schedule.cumulative(self.first_era + eras);
        if let (Some(before), Some(after)) = (before, after) {
            assert_eq!(scheduled, after - before, "T5, emission is not what the schedule says");
        }
        if let Some(cap) = self.schedule.cap() {
            let all = before.unwrap_or(0) + scheduled;
            assert!(all <= cap, "T5, more is emitted than the schedule ever does");
        }
        let new = if is_minted(&self.schedule) { scheduled } else { 0 };
        assert_eq!(minted, new + given_back, "T5, the ledger issued something else");
        assert!(given_back <= burned, "T9, more came back than was burned");
        let emitted = scheduled - short + given_back;
        assert!(distributed <= emitted, "K7, more is paid out than was emitted");
    }

    /// Counts an emission that never was, so that a test can see the check fail.
    #[cfg(test)]
    pub(crate) fn sabotage(&mut self, scheduled: u128, given_back: u128, distributed: u128) {
        self.totals.scheduled += scheduled;
        self.totals.given_back += given_back;
        self.totals.distributed += distributed;
    }
}
