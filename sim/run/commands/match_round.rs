//! `match`: one round from a snapshot, told to people or to programs; its record; and the
//! verification of a record.

use super::Verdict;
use crate::cli::MatchArguments;
use crate::console::say;
use crate::error::RunError;
use crate::{files, round_json, round_record, round_text};
use market::{assess, match_round, why_not};
use scenario::{Problem, Snapshot};
use std::path::Path;
use units::ProviderId;

/// Decides the round of a snapshot, or verifies a record.
pub fn start(arguments: &MatchArguments) -> Result<Verdict, RunError> {
    if arguments.verify { verify(&arguments.file) } else { decide(arguments) }
}

fn decide(arguments: &MatchArguments) -> Result<Verdict, RunError> {
    let file = &arguments.file;
    let snapshot = read(file)?;
    let asked =
        arguments.why_not.as_ref().map(|name| place_of(&snapshot, file, name)).transpose()?;
    let in_time = |candidate: &_| snapshot.is_in_time(candidate);
    let input = snapshot.input();
    let round = match_round(&input, snapshot.candidates.iter(), in_time);
    let all = assess(&input, &snapshot.candidates, &round, in_time);
    if let Some(out) = &arguments.record {
        if snapshot.signers.is_empty() {
            return Err(refuse(file, "", UNSIGNED));
        }
        let record = round_record::make(&snapshot, &round);
        let record = record.map_err(|wrong| refuse(file, "", &wrong.to_string()))?;
        files::write_whole(out, round_record::to_json(&record).as_bytes())?;
    }
    let answer = asked.and_then(|provider| {
        Some((provider, why_not(&input, &snapshot.candidates, in_time, provider)?))
    });
    if arguments.json {
        let mut told = round_json::round(&snapshot, &round, &all);
        if let Some((provider, answer)) = answer {
            let name = &snapshot.names[provider.index()];
            told["why_not"] = round_json::why_not(name, &answer);
        }
        say(format!("{told:#}"));
    } else {
        say(round_text::round(&snapshot, &round, &all, arguments.verbose));
        if let Some((provider, answer)) = answer {
            say(format!("\n{}", round_text::why_not(&snapshot, provider, &answer)));
        }
    }
    Ok(Verdict::Fine)
}

const UNSIGNED: &str = "operators: is missing; --record needs those who sign: write [[operators]] with \
                        name and seed";

/// Verifies a record, off line.
fn verify(file: &Path) -> Result<Verdict, RunError> {
    let bytes = files::read(file)?;
    let record = round_record::read(&file.to_string_lossy(), &bytes);
    let record = record.map_err(|problem| RunError::Scenario(vec![problem]))?;
    if let Err(wrong) = record.verify() {
        say(format!("{}: does not hold: {wrong}", file.display()));
        return Ok(Verdict::Failed);
    }
    let [bids, operators] = [record.bids.len(), record.signatures.len()];
    let facts = format!("{bids} bids, digest {}, signed by {operators}", record.digest);
    say(format!("{}: holds: {facts}", file.display()));
    Ok(Verdict::Fine)
}

/// Reads a snapshot.
fn read(file: &Path) -> Result<Snapshot, RunError> {
    let bytes = files::read(file)?;
    Snapshot::read(&file.to_string_lossy(), &bytes).map_err(RunError::Scenario)
}

fn place_of(snapshot: &Snapshot, file: &Path, name: &str) -> Result<ProviderId, RunError> {
    snapshot.provider(name).map_err(|remedy| refuse(file, name, &remedy))
}

fn refuse(file: &Path, text: &str, message: &str) -> RunError {
    let mut problem = Problem::of_file(&file.to_string_lossy(), message);
    problem.text = text.to_string();
    RunError::Scenario(vec![problem])
}
