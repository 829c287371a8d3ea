//! Are the service levels of a report those of its jobs, and do they leave a run alone?

mod support;

use metrics::Summary;
use orrery::load::{load, summary_of};
use record::{JobEnd, JobRow, Observer, Row};
use std::path::Path;
use support::{run, scenario};
use units::{SimTime, Span};
use world::Options;

#[derive(Default)]
struct Jobs(Vec<JobRow>);

impl Observer for Jobs {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Job(row) = row {
            self.0.push(*row);
        }
    }
}

/// The summary, the jobs and the digest of the small market.
fn small(sets: &[&str]) -> (Summary, Vec<JobRow>, String, SimTime) {
    let market = scenario("small", sets);
    let mut observer = (summary_of(&market), Jobs::default());
    let outcome = run(&market, 1, Options::default(), &mut observer);
    let end = SimTime::ZERO + market.clock.total();
    (observer.0.finish(), observer.1.0, outcome.digest.digest, end)
}

#[test]
fn what_was_attained_is_what_the_jobs_say() {
    let (summary, jobs, _, end) = small(&[]);
    let of = |class: &str| {
        let place = world::names(&scenario("small", &[])).classes;
        let place = place.iter().position(|name| name == class).expect("the class is there");
        jobs.iter().filter(move |job| job.is_reported && job.class.index() == place)
    };
    let check = |path: &str, kept: usize, all: usize| {
        assert!(all > 20, "{path}: {all} jobs show little");
        let found = summary.get(&format!("service.{path}.attained")).expect("there are jobs");
        assert!((found - kept as f64 / all as f64).abs() < 1e-12, "{path}: {found}");
    };
    let bound = Span::from_secs(600);
    let judged = || of("community.inference").filter(|job| job.came_at_ns + bound <= end);
    let kept = judged().filter(|job| job.start_ns.is_some_and(|start| start <= bound));
    check("community.inference.started", kept.count(), judged().count());
    // A batch job is promised to be done within four times its nominal duration.
    let judged =
        || of("community.batch").filter(|job| job.came_at_ns + job.nominal_ns.times(4) <= end);
    let kept = judged().filter(|job| {
        let took = job.ended_at_ns.since(job.came_at_ns);
        job.end == JobEnd::Done && took <= job.nominal_ns.times(4)
    });
    check("community.batch.finished", kept.count(), judged().count());
}

#[test]
fn a_promise_moves_nothing() {
    let (promised, _, digest, _) = small(&[]);
    let off: Vec<String> = ["inference", "fine_tune", "batch"]
        .iter()
        .flat_map(|class| {
            let key = |pool: &str| format!("class.{pool}.{class}.service_level=none");
            [Some(key("community")), (*class != "batch").then(|| key("secured"))]
        })
        .flatten()
        .chain(["class.secured.training.service_level=none".to_string()])
        .collect();
    let (silent, _, other, _) = small(&off.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(digest, other);
    assert!(!metrics::tables::service(&promised).rows.is_empty());
    assert!(metrics::tables::service(&silent).rows.is_empty(), "nothing was promised");
}

#[test]
fn a_promise_that_makes_no_sense_is_refused_with_its_remedy() {
    let refused = |level: &str| {
        let sets = [format!("class.community.batch.service_level={level}")];
        let error = load(Path::new("scenarios/small.toml"), &sets).expect_err("it is refused");
        error.to_string()
    };
    let sooner = refused(
        "{ started = \"none\", finished = { share = \"90 %\", times = 0.5 }, available = \"none\" }",
    );
    assert!(sooner.contains("service_level.finished.times"), "{sooner}");
    let unknown = refused("{ started = { share = \"90 %\", soon = \"1 h\" } }");
    assert!(unknown.contains("started.soon"), "{unknown}");
    assert!(unknown.contains("is not a known key"), "{unknown}");
}
