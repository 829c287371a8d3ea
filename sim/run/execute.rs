//! One run: from its scenario to its folder of results.

use crate::context::context;
use crate::error::RunError;
use crate::files::Staging;
use crate::folder;
use crate::interrupt::Stop;
use crate::load::{self, summary_of};
use crate::manifest::{self, Manifest};
use crate::report;
use crate::seals;
use crate::tables::{self, Choice, TableError, Tables, Written};
use crate::timing::Stopwatch;
use metrics::{Summary, SummaryBuilder};
use record::{Names, Observer, Row};
use scenario::{Loaded, Scenario};
use serde::Serialize;
use std::path::{Path, PathBuf};
use units::SimTime;
use world::{Options, Outcome, Simulation};

/// Events between two looks at Ctrl-C and the progress bar: some hundredths of a second.
const SLICE_EVENTS: u64 = 20_000;

/// The file with the effective scenario within a folder of results.
pub const SCENARIO_FILE: &str = "scenario.toml";

/// The file with the metrics within a folder of results.
pub const SUMMARY_FILE: &str = "summary.json";

/// What a run is asked to do.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The scenario.
    pub loaded: &'a Loaded,
    /// What `--set` changed.
    pub sets: &'a [String],
    /// The seed.
    pub seed: u64,
    /// The tables to write.
    pub tables: Choice,
    /// Where the results go.
    pub folder: &'a Path,
}

/// A run that ended, and its results.
pub struct Finished {
    /// Its proof and its counts.
    pub outcome: Outcome,
    /// Its metrics.
    pub summary: Summary,
    /// Where the results stand.
    pub folder: PathBuf,
    /// Whether they do: a run that was stopped does not replace one that reached its end.
    pub is_kept: bool,
    /// Wall time, seconds.
    pub seconds: f64,
}

/// Who may stop a run, and who is told how far it is.
pub struct Watch<'a> {
    /// Asked before each slice.
    pub stop: &'a Stop,
    /// Told after each slice.
    pub on_slice: &'a mut dyn FnMut(SimTime),
}

/// Runs to the end of the scenario, or to the slice before which somebody asked to stop.
pub fn run(
    scenario: &Scenario,
    seed: u64,
    observer: &mut dyn Observer,
    watch: &mut Watch<'_>,
) -> Outcome {
    let mut run = Simulation::new(scenario, seed, Options::default());
    while !watch.stop.is_asked() && !run.advance(SLICE_EVENTS, observer) {
        (watch.on_slice)(run.now());
    }
    (watch.on_slice)(run.now());
    run.finish(observer)
}

/// Runs exactly `events` events, however long a slice is: a partial run made again.
pub fn run_events(
    scenario: &Scenario,
    seed: u64,
    events: u64,
    observer: &mut dyn Observer,
    watch: &mut Watch<'_>,
) -> Outcome {
    let mut run = Simulation::new(scenario, seed, Options::default());
    let mut left = events;
    while left > 0 && !watch.stop.is_asked() {
        let slice = left.min(SLICE_EVENTS);
        left -= slice;
        if run.advance(slice, observer) {
            break;
        }
        (watch.on_slice)(run.now());
    }
    run.finish(observer)
}

/// Watches a run: metrics always, tables as chosen.
pub struct Recorder {
    summary: SummaryBuilder,
    tables: Tables,
}

impl Recorder {
    /// A recorder whose tables go where they were created.
    pub fn new(scenario: &Scenario, tables: Tables) -> Recorder {
        Recorder { summary: summary_of(scenario), tables }
    }

    /// The metrics and the finished tables.
    pub fn finish(self) -> Result<(Summary, Vec<Written>), TableError> {
        Ok((self.summary.finish(), self.tables.finish()?))
    }
}

impl Observer for Recorder {
    fn on_row(&mut self, row: Row<'_>) {
        self.summary.on_row(row);
        self.tables.on_row(row);
    }

    fn wants_sample(&self) -> bool {
        self.summary.wants_sample() || self.tables.wants_sample()
    }

    fn wants_unmatched(&self) -> bool {
        self.tables.wants_unmatched()
    }
}

/// Runs a scenario into its folder, which appears when all of it is written.
pub fn run_into_folder(request: Request<'_>, watch: &mut Watch<'_>) -> Result<Finished, RunError> {
    let identity = load::identity(request.loaded, request.seed);
    folder::check_free(request.folder, &identity)?;
    let staging = Staging::start(request.folder)?;
    let stopwatch = Stopwatch::start();

    let names = world::names(&request.loaded.scenario);
    let scenario = &request.loaded.scenario;
    let mut recorder = Recorder::new(scenario, create_tables(&staging, request, &names)?);
    let outcome = run(scenario, request.seed, &mut recorder, watch);
    let (summary, tables) = recorder.finish()?;

    let seconds = stopwatch.seconds();
    let mut manifest = Manifest::of(identity, request.sets, names, &outcome);
    manifest.warm_up_ns = scenario.clock.warm_up.nanos();
    manifest.sample_one_in = scenario.matching.sample_one_in;
    manifest.add_tables(&tables);
    let texts = texts(request, &outcome, &summary, &manifest);
    for (name, text) in texts {
        manifest.files.insert(name.to_string(), staging.write(name, text.as_bytes())?);
    }
    staging.write(manifest::TIMING_FILE, timing(&outcome, seconds).as_bytes())?;
    staging.write(manifest::FILE, manifest.text().as_bytes())?;
    let is_kept = !(outcome.is_partial && folder::holds_whole(request.folder));
    if is_kept {
        staging.commit()?;
    }
    Ok(Finished { outcome, summary, folder: request.folder.to_path_buf(), is_kept, seconds })
}

fn create_tables(
    staging: &Staging,
    request: Request<'_>,
    names: &Names,
) -> Result<Tables, RunError> {
    if request.tables != Choice::None {
        staging.create_folder("tables")?;
    }
    Ok(Tables::create(request.tables, &staging.path("tables"), names)?)
}

/// Every text of the folder but the manifest and the timing: the same for the same run.
fn texts(
    request: Request<'_>,
    outcome: &Outcome,
    summary: &Summary,
    manifest: &Manifest,
) -> Vec<(&'static str, String)> {
    let page = report::page(summary, &context(request.loaded, manifest));
    let mut texts = vec![
        (SCENARIO_FILE, request.loaded.effective.clone()),
        (SUMMARY_FILE, summary.to_json()),
        (seals::FILE, seals::text(&outcome.digest.seals)),
        ("report.md", figures::report_markdown(&page)),
        ("report.html", figures::report_html(&page)),
    ];
    if request.tables != Choice::None {
        texts.push(("tables/README.md", tables::readme(request.tables)));
    }
    texts
}

/// What the clock on the wall says of a run; the only file in which it speaks.
#[derive(Serialize)]
struct Timing {
    wall_seconds: f64,
    events: u64,
    events_per_second: f64,
    simulated_seconds_per_second: f64,
}

fn timing(outcome: &Outcome, wall_seconds: f64) -> String {
    let per_second = |amount: f64| if wall_seconds > 0.0 { amount / wall_seconds } else { 0.0 };
    manifest::pretty(&Timing {
        wall_seconds,
        events: outcome.events,
        events_per_second: per_second(outcome.events as f64),
        simulated_seconds_per_second: per_second(outcome.ended_at.nanos() as f64 / 1e9),
    })
}
