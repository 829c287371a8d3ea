//! What classes promised, and how far it was kept.

use crate::named::Named;
use estimate::{Sketch, ratio_interval, share};
use record::{JobEnd, JobRow, Names};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{SimTime, Span};

/// What a class promises; none where it promises nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Promise {
    /// Such a share of the jobs starts within so many hours after it came.
    pub started: Option<(f64, f64)>,
    /// Such a share of the jobs is done within so many times its nominal duration after it came.
    pub finished: Option<(f64, f64)>,
    /// A job is at work for such a share of the time from its first start to its end.
    pub available: Option<f64>,
}

/// How far one promise was kept. A job is judged when the time in which it could be kept was over
/// before the run ended; whoever gave up or went elsewhere before did not get what was promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Attainment {
    /// The share that was promised.
    pub target: Option<f64>,
    /// Jobs that were judged.
    pub jobs: u64,
    /// Of these, jobs that got what was promised.
    pub kept: u64,
    /// The share that was attained.
    pub attained: Option<f64>,
    /// Lower end of its 95 % interval, days of arrival taken as independent.
    pub attained_low: Option<f64>,
    /// Upper end of it.
    pub attained_high: Option<f64>,
    /// Share by which it was missed; zero where it was kept.
    pub missed_by: Option<f64>,
    /// The bound: hours to the start, or multiples of the nominal duration to the end.
    pub bound: Option<f64>,
    /// The bound within which the share that was promised came; none where no bound would do.
    pub needed: Option<f64>,
}

/// The service of a class in the reported time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Service {
    /// Jobs that came.
    pub jobs: u64,
    /// Of the jobs, those that start in time.
    pub started: Attainment,
    /// Of the jobs, those that are done in time.
    pub finished: Attainment,
    /// Of the time from their first starts to their ends, what jobs were at work.
    pub available: Attainment,
}

impl Service {
    /// Its promises by name.
    pub fn all(&self) -> [(&'static str, &Attainment); 3] {
        [("started", &self.started), ("done", &self.finished), ("at work", &self.available)]
    }
}

/// Sums of one promise: the parts and wholes of each day, and the times of those who came through.
#[derive(Clone, Default)]
struct Tally {
    days: BTreeMap<u64, (f64, f64)>,
    jobs: u64,
    kept: u64,
    times: Sketch,
}

impl Tally {
    fn add(&mut self, day: u64, (part, whole): (f64, f64), is_kept: bool) {
        let sums = self.days.entry(day).or_default();
        *sums = (sums.0 + part, sums.1 + whole);
        self.jobs += 1;
        self.kept += u64::from(is_kept);
    }

    /// A job that either got there after `time` or never.
    fn add_job(&mut self, day: u64, time: Option<f64>, bound: f64) {
        let is_kept = time.is_some_and(|time| time <= bound);
        self.add(day, (f64::from(u8::from(is_kept)), 1.0), is_kept);
        if let Some(time) = time {
            self.times.add(time);
        }
    }

    fn finish(&self, target: Option<f64>, bound: Option<f64>) -> Attainment {
        let days: Vec<(f64, f64)> = self.days.values().copied().collect();
        let ratio = ratio_interval(&days);
        let attained = ratio.map(|ratio| ratio.mean);
        // The t interval knows no bounds; a share does.
        let end = |end: Option<f64>| end.map(|end| end.clamp(0.0, 1.0));
        let through = share(self.times.count() as f64, self.jobs as f64);
        let rank = target.zip(through).map(|(target, through)| target / through);
        let rank = rank.filter(|rank| *rank <= 1.0 && bound.is_some());
        Attainment {
            target,
            jobs: self.jobs,
            kept: self.kept,
            attained,
            attained_low: end(ratio.and_then(|ratio| ratio.low())),
            attained_high: end(ratio.and_then(|ratio| ratio.high())),
            missed_by: target.zip(attained).map(|(target, is)| (target - is).max(0.0)),
            bound,
            needed: rank.and_then(|rank| self.times.quantile(rank)),
        }
    }
}

/// Notes jobs as their fates are known.
pub(crate) struct ServiceTally {
    promises: Vec<Promise>,
    /// When the run ends that was asked for.
    end: SimTime,
    jobs: Vec<u64>,
    /// Started, finished, at work; by `ClassId`.
    classes: Vec<[Tally; 3]>,
}

impl ServiceTally {
    pub(crate) fn new(names: &Names) -> ServiceTally {
        let count = names.classes.len();
        ServiceTally {
            promises: vec![Promise::default(); count],
            end: SimTime::ZERO,
            jobs: vec![0; count],
            classes: vec![Default::default(); count],
        }
    }

    /// Learns what is promised, by `ClassId`, and when the run is to end.
    pub(crate) fn learn(&mut self, promises: Vec<Promise>, end: SimTime) {
        (self.promises, self.end) = (promises, end);
    }

    pub(crate) fn add(&mut self, row: &JobRow) {
        if !row.is_reported || row.end == JobEnd::Misused {
            return; // Nothing was promised to those who misuse it.
        }
        let class = row.class.index();
        self.jobs[class] += 1;
        let promise = self.promises[class];
        let day = row.came_at_ns.nanos() / Span::DAY.nanos();
        let [started, finished, available] = &mut self.classes[class];
        let left_s = (self.end.nanos() as f64 - row.came_at_ns.nanos() as f64) / 1e9;
        let seen_s = row.ended_at_ns.since(row.came_at_ns).as_secs_f64();
        // Open jobs of a run that was stopped were not seen until the end that was asked for.
        let is_judged =
            |bound_s: f64| bound_s <= left_s && (row.end != JobEnd::Open || bound_s <= seen_s);
        if let Some((_, hours)) = promise.started
            && is_judged(hours * 3_600.0)
        {
            let time = row.start_ns.map(|start| start.as_hours_f64());
            started.add_job(day, time, hours);
        }
        let nominal = row.nominal_ns.as_secs_f64();
        if let Some((_, times)) = promise.finished
            && is_judged(times * nominal)
        {
            let is_done = row.end == JobEnd::Done;
            finished.add_job(day, is_done.then(|| seen_s / nominal), times);
        }
        if let (Some(target), Some(start)) = (promise.available, row.start_ns) {
            let (part, whole) = (row.worked_ns.as_secs_f64(), seen_s - start.as_secs_f64());
            available.add(day, (part, whole), part >= target * whole);
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> Named<Service> {
        let all = self.promises.iter().zip(&self.classes).zip(&self.jobs);
        let services = all.map(|((promise, tallies), &jobs)| {
            let finish = |tally: &Tally, of: Option<(f64, f64)>| {
                tally.finish(of.map(|(target, _)| target), of.map(|(_, bound)| bound))
            };
            Service {
                jobs,
                started: finish(&tallies[0], promise.started),
                finished: finish(&tallies[1], promise.finished),
                available: tallies[2].finish(promise.available, None),
            }
        });
        Named::zip(&names.classes, services)
    }
}
