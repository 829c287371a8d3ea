//! `run`: one run or replications, their folders, and what they amount to.

use super::{Verdict, tell_warnings};
use crate::cli::{Format, RunArguments};
use crate::console::{say, tell};
use crate::error::RunError;
use crate::execute::{Finished, Request, Watch, run_into_folder};
use crate::files;
use crate::folder;
use crate::interrupt::Stop;
use crate::load::{identity, load};
use crate::manifest::{Identity, pretty};
use crate::progress::Progress;
use crate::seeds::Seeds;
use metrics::{Replications, Summary, tables, text_tables};
use rayon::prelude::*;
use scenario::{Loaded, Scenario};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What all runs of a call share.
struct Call<'a> {
    arguments: &'a RunArguments,
    loaded: &'a Loaded,
    /// The folder of the scenario, above its seeds.
    folder: PathBuf,
    stop: Stop,
}

/// Runs a scenario as the command line says.
pub fn start(arguments: &RunArguments) -> Result<Verdict, RunError> {
    let loaded = load(&arguments.file, &arguments.sets)?;
    if !arguments.quiet {
        tell_warnings(&loaded);
    }
    check_focus(arguments, &loaded.scenario)?;
    let (name, is_changed) = (arguments.name.as_deref(), !arguments.sets.is_empty());
    let folder = folder::of_scenario(&arguments.out, &identity(&loaded, 0), name, is_changed);
    let call = Call { arguments, loaded: &loaded, folder, stop: Stop::on_interrupt() };
    match arguments.seeds {
        None => one(&call, arguments.seed.unwrap_or(loaded.scenario.clock.seed)),
        Some(seeds) => many(&call, seeds),
    }
}

/// Whoever is asked for is declared.
fn check_focus(arguments: &RunArguments, scenario: &Scenario) -> Result<(), RunError> {
    let Some(name) = &arguments.focus else { return Ok(()) };
    let mut fleet = scenario.fleet.iter().map(|one| &one.name);
    if fleet.any(|known| known == name) {
        return Ok(());
    }
    let known = scenario.fleet.iter().map(|one| one.name.clone()).collect();
    Err(RunError::Unfocused { name: name.clone(), known })
}

fn one(call: &Call<'_>, seed: u64) -> Result<Verdict, RunError> {
    let progress = Progress::start(1, call.loaded.scenario.clock.total(), call.arguments.quiet);
    let finished = run_seed(call, seed, &progress)?;
    progress.finish();
    match call.arguments.format {
        Format::Text => say(opening(call, seed, &finished) + &tables(call, &finished.summary)),
        Format::Json => say(finished.summary.to_json().trim_end()),
    }
    if !call.arguments.quiet {
        tell(closing(&finished));
    }
    if tell_findings(seed, &finished) {
        return Ok(Verdict::Failed);
    }
    Ok(if finished.outcome.is_partial { Verdict::Interrupted } else { Verdict::Fine })
}

/// All tables of a run, or that of the provider that was asked for.
fn tables(call: &Call<'_>, summary: &Summary) -> String {
    match &call.arguments.focus {
        Some(name) => tables::focus(summary, name).text(),
        None => text_tables(summary),
    }
}

fn run_seed(call: &Call<'_>, seed: u64, progress: &Progress) -> Result<Finished, RunError> {
    let folder = folder::of_seed(&call.folder, seed);
    let RunArguments { sets, tables, .. } = call.arguments;
    let request = Request { loaded: call.loaded, sets, seed, tables: *tables, folder: &folder };
    let mut track = progress.track();
    let mut on_slice = |now| track.at(now);
    let finished =
        run_into_folder(request, &mut Watch { stop: &call.stop, on_slice: &mut on_slice })?;
    track.end();
    Ok(finished)
}

/// Tells what the auditor found in a run; whether that was anything.
fn tell_findings(seed: u64, finished: &Finished) -> bool {
    let findings = &finished.outcome.findings;
    findings.iter().for_each(|one| tell(format!("the books are wrong, seed {seed}: {one}")));
    !findings.is_empty()
}

/// The first words on a run: what it was.
fn opening(call: &Call<'_>, seed: u64, finished: &Finished) -> String {
    let Scenario { name, clock, .. } = &call.loaded.scenario;
    let [horizon, warm_up] = [clock.horizon, clock.warm_up].map(units::text::span);
    let partial = if finished.outcome.is_partial {
        let reached = units::text::moment(finished.outcome.ended_at);
        format!("PARTIAL: stopped at {reached}, warm-up included\n")
    } else {
        String::new()
    };
    format!("{name}, seed {seed}: {horizon} after {warm_up} of warm-up\n{partial}\n")
}

/// The last words on a run: where its results are.
fn closing(finished: &Finished) -> String {
    let Finished { outcome, folder, seconds, .. } = finished;
    let (digest, folder) = (&outcome.digest.digest, folder.display());
    if !finished.is_kept {
        return format!("stopped; the whole results in {folder} stay as they are");
    }
    format!("digest  {digest}\nresults {folder}  ({seconds:.1} s)\nreport  {folder}/report.html")
}

fn many(call: &Call<'_>, seeds: Seeds) -> Result<Verdict, RunError> {
    let path = call.folder.join(format!("replications-{seeds}.json"));
    check_free(&path, &identity(call.loaded, 0))?;
    for seed in seeds.range() {
        let folder = folder::of_seed(&call.folder, seed);
        folder::check_free(&folder, &identity(call.loaded, seed))?;
    }
    let all: Vec<u64> = seeds.range().collect();
    let length = call.loaded.scenario.clock.total();
    let progress = Progress::start(all.len() as u64, length, call.arguments.quiet);
    let finished = run_seeds(call, &all, &progress);
    progress.finish();
    conclude(call, &path, finished?)
}

/// Runs seeds side by side; what comes out is in seed order, on any number of threads. A failure
/// stops the others: with a full disk, none of them would end well.
fn run_seeds(
    call: &Call<'_>,
    seeds: &[u64],
    progress: &Progress,
) -> Result<Vec<Replication>, RunError> {
    let run = |&seed: &u64| {
        if call.stop.is_asked() {
            return Ok(None);
        }
        let finished = run_seed(call, seed, progress).inspect_err(|_| call.stop.ask())?;
        Ok(Some(Replication::of(seed, finished)))
    };
    let finished: Result<Vec<_>, RunError> = seeds.par_iter().map(run).collect();
    Ok(finished?.into_iter().flatten().collect())
}

/// One seed's part in the replications.
struct Replication {
    entry: SeedEntry,
    summary: Summary,
    /// Whether the auditor had nothing to say.
    is_sound: bool,
}

impl Replication {
    fn of(seed: u64, finished: Finished) -> Replication {
        let is_sound = !tell_findings(seed, &finished);
        let Finished { outcome, summary, .. } = finished;
        let metrics = summary.headline().into_iter().map(|metric| metric.value).collect();
        let is_partial = outcome.is_partial;
        let entry = SeedEntry { seed, digest: outcome.digest.digest, is_partial, metrics };
        Replication { entry, summary, is_sound }
    }
}

/// A seed in the file of replications.
#[derive(Serialize)]
struct SeedEntry {
    seed: u64,
    digest: String,
    is_partial: bool,
    /// Values in the order of the metrics of `replications`.
    metrics: Vec<Option<f64>>,
}

/// The file of replications: its identity is that of the runs but for the seed.
#[derive(Serialize)]
struct ReplicationsFile<'a> {
    scenario: &'a str,
    scenario_hash: &'a str,
    sets: &'a [String],
    is_partial: bool,
    replications: &'a Replications,
    seeds: Vec<SeedEntry>,
}

/// Writes and says what whole replications amount to; runs that were stopped do not count.
fn conclude(call: &Call<'_>, path: &Path, finished: Vec<Replication>) -> Result<Verdict, RunError> {
    let is_sound = finished.iter().all(|replication| replication.is_sound);
    let is_whole = |replication: &Replication| !replication.entry.is_partial;
    let whole: Vec<_> = finished.into_iter().filter(is_whole).collect();
    let (seeds, summaries): (Vec<_>, Vec<_>) =
        whole.into_iter().map(|Replication { entry, summary, .. }| (entry, summary)).unzip();
    let replications = match &call.arguments.focus {
        Some(name) => Replications::of_focus(&summaries, name),
        None => Replications::of(&summaries),
    };
    let is_partial = call.stop.is_asked();
    let Identity { scenario, scenario_hash, .. } = identity(call.loaded, 0);
    let text = pretty(&ReplicationsFile {
        scenario: &scenario,
        scenario_hash: &scenario_hash,
        sets: &call.arguments.sets,
        is_partial,
        replications: &replications,
        seeds,
    });
    let is_kept = !is_partial || !(summaries.is_empty() || holds_whole(path));
    if is_kept {
        files::write_whole(path, text.as_bytes())?;
    }
    match call.arguments.format {
        Format::Text => say(match &call.arguments.focus {
            Some(name) => replications.table(name).text(),
            None => replications.table("Key metrics").text(),
        }),
        Format::Json => say(text.trim_end()),
    }
    if !call.arguments.quiet {
        let stopped = if is_partial { "stopped; runs that reached their end count\n" } else { "" };
        let place = if is_kept { path } else { &call.folder };
        tell(format!("{stopped}results {}", place.display()));
    }
    Ok(match (is_sound, is_partial) {
        (false, _) => Verdict::Failed,
        (true, true) => Verdict::Interrupted,
        (true, false) => Verdict::Fine,
    })
}

/// What is read back of a file of replications.
#[derive(Deserialize)]
struct Head {
    scenario: String,
    scenario_hash: String,
    is_partial: bool,
}

fn head(path: &Path) -> Option<Head> {
    serde_json::from_slice(&files::read(path).ok()?).ok()
}

/// Whether a file of replications has all of them.
fn holds_whole(path: &Path) -> bool {
    head(path).is_some_and(|head| !head.is_partial)
}

/// Refuses a file of replications of another scenario.
fn check_free(path: &Path, identity: &Identity) -> Result<(), RunError> {
    let head = head(path);
    let is_same = |head: &Head| {
        head.scenario == identity.scenario && head.scenario_hash == identity.scenario_hash
    };
    if !path.exists() || head.as_ref().is_some_and(is_same) {
        return Ok(());
    }
    let holds = head.map_or("something else".to_string(), |head| {
        format!("another version of scenario {}", head.scenario)
    });
    Err(RunError::Occupied { path: path.to_path_buf(), holds })
}
