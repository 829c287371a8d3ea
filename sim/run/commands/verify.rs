//! `verify`: does a folder's run come to the same result again, and if not, where does it part?

use super::Verdict;
use crate::cli::VerifyArguments;
use crate::console::say;
use crate::error::RunError;
use crate::execute::{Recorder, SCENARIO_FILE, SUMMARY_FILE, Watch, run, run_events};
use crate::files;
use crate::interrupt::Stop;
use crate::load::load_effective;
use crate::manifest::Manifest;
use crate::progress::Progress;
use crate::seals;
use crate::tables::{Choice, Tables, Written};
use engine::digest::{Seal, first_difference};
use metrics::Summary;
use scenario::Loaded;
use world::Outcome;

/// A folder as it was written, nothing changed since.
struct Folder {
    manifest: Manifest,
    loaded: Loaded,
    seals: Vec<Seal>,
    /// Files that the run did not write.
    strange: Vec<String>,
}

/// The same run made again.
struct Again {
    outcome: Outcome,
    summary: Summary,
    tables: Vec<Written>,
}

/// Makes the run of a folder again and compares.
pub fn start(arguments: &VerifyArguments) -> Result<Verdict, RunError> {
    let folder = read(arguments)?;
    let stop = Stop::on_interrupt();
    let again = run_again(&folder, arguments.quiet, &stop)?;
    if stop.is_asked() {
        say("stopped, nothing was compared");
        return Ok(Verdict::Interrupted);
    }
    let differences = compare(&folder, &again);
    if differences.is_empty() {
        let Manifest { digest, receipts, files, .. } = &folder.manifest;
        say(format!("identical: digest {digest}, {receipts} receipts, {} files", files.len()));
    }
    differences.iter().for_each(say);
    for name in folder.strange.iter().filter(|name| !is_table(name)) {
        say(format!("{name} is not of this run and was not compared"));
    }
    Ok(if differences.is_empty() { Verdict::Fine } else { Verdict::Failed })
}

/// Whether a program that reads the tables of a folder may take a file for one of them.
fn is_table(name: &str) -> bool {
    name.ends_with(".parquet")
}

fn read(arguments: &VerifyArguments) -> Result<Folder, RunError> {
    let folder = &arguments.folder;
    let manifest = Manifest::read(folder)?;
    manifest.check_files(folder)?;
    let text = files::read(&folder.join(SCENARIO_FILE))?;
    let damaged = |name: &str, what: &str| RunError::Damaged {
        path: folder.join(name),
        what: what.to_string(),
    };
    if files::sha256(&text) != manifest.identity.scenario_hash {
        return Err(damaged(SCENARIO_FILE, "it is not the scenario of the manifest"));
    }
    let loaded = load_effective(&manifest.identity.scenario, &text)?;
    let seals = seals::read(&files::read(&folder.join(seals::FILE))?)
        .ok_or_else(|| damaged(seals::FILE, "it cannot be read as seals"))?;
    let strange = manifest.strange_files(folder)?;
    Ok(Folder { manifest, loaded, seals, strange })
}

fn run_again(folder: &Folder, is_quiet: bool, stop: &Stop) -> Result<Again, RunError> {
    let scenario = &folder.loaded.scenario;
    let names = world::names(scenario);
    let tables = Tables::hash_only(choice(&folder.manifest), &names)?;
    let mut recorder = Recorder::new(scenario, tables);
    let progress = Progress::start(1, scenario.clock.total(), is_quiet);
    let mut track = progress.track();
    let mut watch = Watch { stop, on_slice: &mut |now| track.at(now) };
    let (seed, events) = (folder.manifest.identity.seed, folder.manifest.events);
    let outcome = if folder.manifest.is_partial {
        run_events(scenario, seed, events, &mut recorder, &mut watch)
    } else {
        run(scenario, seed, &mut recorder, &mut watch)
    };
    progress.finish();
    let (summary, tables) = recorder.finish()?;
    Ok(Again { outcome, summary, tables })
}

/// The choice of tables that a folder was written with.
fn choice(manifest: &Manifest) -> Choice {
    let choices = [Choice::None, Choice::Core, Choice::All];
    let fits = |choice: &Choice| choice.shapes().len() == manifest.tables.len();
    choices.into_iter().find(fits).unwrap_or(Choice::All)
}

/// What is not the same, in words.
fn compare(folder: &Folder, again: &Again) -> Vec<String> {
    let manifest = &folder.manifest;
    let mut differences = Vec::new();
    if again.outcome.digest.digest != manifest.digest {
        let now = &again.outcome.digest;
        let place = first_difference(&folder.seals, &now.seals)
            .map_or("after the last seal".to_string(), |difference| difference.to_string());
        let (old, new) = (&manifest.digest, &now.digest);
        differences.push(format!("the digest was {old} and is {new} now: {place}"));
    }
    let file = |name: &str| manifest.files.get(name).map(String::as_str);
    let summary = files::sha256(again.summary.to_json().as_bytes());
    if file(SUMMARY_FILE) != Some(&summary) {
        differences.push(format!("{SUMMARY_FILE} comes out differently now"));
    }
    for table in &again.tables {
        let name = format!("tables/{}.parquet", table.name);
        if file(&name) != Some(&table.sha256) {
            differences.push(format!("{name} comes out differently now"));
        }
    }
    for name in folder.strange.iter().filter(|name| is_table(name)) {
        differences.push(format!("{name} is not of this run; move it away"));
    }
    if !differences.is_empty() && manifest.code != Manifest::code_now() {
        let (old, new) = (&manifest.code, Manifest::code_now());
        differences.push(format!("the results were made by {old}; this is {new}"));
    }
    differences
}
