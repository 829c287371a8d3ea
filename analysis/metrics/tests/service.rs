//! Service levels, on a few jobs whose answers are known by hand.

mod rows;

use metrics::{Promise, Service, Summary, SummaryBuilder, tables};
use record::{JobEnd, JobRow, Observer, Row};
use rows::{job, names, summary};
use units::{ClassId, SimTime, Span};

fn promised(promise: Promise, rows: &[JobRow]) -> Summary {
    let end = SimTime::ZERO + Span::DAY.times(10);
    let promises = vec![promise, Promise::default()];
    let mut builder = SummaryBuilder::new(names()).with_promises(promises, end);
    rows.iter().for_each(|row| builder.on_row(Row::Job(row)));
    builder.finish()
}

fn of(summary: &Summary) -> &Service {
    summary.service.get("inference").expect("the class is there")
}

fn near(found: Option<f64>, expected: f64) {
    assert!((found.expect("a value") - expected).abs() < 1e-9, "{found:?}, not {expected}");
}

fn started(hour: u64, minutes: u64) -> JobRow {
    JobRow { start_ns: Some(Span::from_secs(60 * minutes)), ..job(hour) }
}

/// Day 0: one of three in time, one of them never; day 1: both. Two are not counted.
#[test]
fn starts_are_held_against_the_bound_of_jobs_whose_time_was_over() {
    let never = JobRow { start_ns: None, end: JobEnd::GivenUp, ..job(3) };
    let early = JobRow { is_reported: false, ..job(1) };
    let too_late = JobRow { start_ns: None, end: JobEnd::Open, ..job(239) };
    let too_late = JobRow { came_at_ns: too_late.came_at_ns + Span::SECOND, ..too_late };
    let rows =
        [started(1, 30), started(2, 120), never, started(30, 15), started(31, 60), early, too_late];
    let promise = Promise { started: Some((0.9, 1.0)), ..Promise::default() };
    let found = promised(promise, &rows);
    let (service, starts) = (of(&found), of(&found).started);
    assert_eq!((service.jobs, starts.jobs, starts.kept), (6, 5, 3));
    near(starts.attained, 0.6);
    near(starts.missed_by, 0.3);
    // Each day is off by .8 of a job: half the width is 12.7062 * .32, far beyond a share's ends.
    near(starts.attained_low, 0.0);
    near(starts.attained_high, 1.0);
    assert_eq!(starts.needed, None, "four of five started at all");
    let eased = Promise { started: Some((0.8, 1.0)), ..Promise::default() };
    let needed = of(&promised(eased, &rows)).started.needed.expect("four of five do");
    assert!((needed / 2.0 - 1.0).abs() < 0.01, "the fourth started after two hours: {needed}");
    let table = tables::service(&found);
    let row = ["inference", "started", "60.0 min", "90.0 %", "60.0 %", "0.0 to 100.0 %"];
    assert_eq!(table.rows[0][..6], row);
    assert_eq!(table.rows[0][6..], ["30.0 pp", "5", "-"]);
}

/// Bound: twice ten hours. Of what is judged, one is done in time, one too late, one elsewhere.
#[test]
fn ends_are_held_against_the_nominal_duration() {
    let ended = |hour: u64, after: u64, end| JobRow {
        ended_at_ns: SimTime::ZERO + Span::from_hours(hour + after),
        end,
        ..job(hour)
    };
    let rows = [
        ended(0, 15, JobEnd::Done),
        ended(0, 25, JobEnd::Done),
        ended(0, 1, JobEnd::Elsewhere),
        // Its time was not over when the run was stopped, or would end.
        ended(0, 19, JobEnd::Open),
        ended(221, 11, JobEnd::Done),
    ];
    let promise = Promise { finished: Some((0.3, 2.0)), ..Promise::default() };
    let ends = of(&promised(promise, &rows)).finished;
    assert_eq!((ends.jobs, ends.kept), (3, 1));
    near(ends.attained, 1.0 / 3.0);
    near(ends.missed_by, 0.0);
    assert_eq!((ends.attained_low, ends.attained_high), (None, None), "one day says nothing");
    let needed = ends.needed.expect("two of three are done");
    assert!((needed / 1.5 - 1.0).abs() < 0.01, "{needed}");
}

#[test]
fn time_at_work_is_counted_from_the_first_start() {
    let full = JobRow { worked_ns: Span::from_hours(10), ..job(1) };
    let half = JobRow { worked_ns: Span::from_hours(5), ..job(26) };
    let never = JobRow { start_ns: None, ..job(2) };
    let promise = Promise { available: Some(0.99), ..Promise::default() };
    let found = promised(promise, &[full, half, never]);
    let at_work = of(&found).available;
    assert_eq!((at_work.jobs, at_work.kept), (2, 1));
    near(at_work.attained, 0.75);
    near(at_work.missed_by, 0.24);
    let other = JobRow { class: ClassId(1), ..job(1) };
    assert!(tables::service(&summary(&[Row::Job(&other)])).rows.is_empty(), "nothing was promised");
}
