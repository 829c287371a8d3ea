//! The match record of a snapshot's round, as a file.

use market::{Facts, MatchRecord, Round, WrongField};
use scenario::{Problem, Snapshot};

/// The record of `round`, signed by every operator of the snapshot.
pub fn make(snapshot: &Snapshot, round: &Round) -> Result<MatchRecord, WrongField> {
    let facts = Facts {
        closing: snapshot.closing,
        beacon: snapshot.beacon.clone(),
        committee: snapshot.committee.clone(),
    };
    let arrivals = snapshot.candidates.iter().zip(&snapshot.arrivals);
    let bids = arrivals.map(|(candidate, arrival)| {
        (candidate, snapshot.is_in_time(candidate).then_some(*arrival))
    });
    let mut record = MatchRecord::make(&facts, &snapshot.input(), round, bids)?;
    for (operator, signer) in &snapshot.signers {
        record.sign(*operator, signer);
    }
    Ok(record)
}

/// The record as it is written to a file.
pub fn to_json(record: &MatchRecord) -> String {
    let text = serde_json::to_string_pretty(record);
    format!("{}\n", text.expect("a record has text for keys"))
}

/// Reads a record; `file` is its name in messages.
pub fn read(file: &str, bytes: &[u8]) -> Result<MatchRecord, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let line = u32::try_from(error.line()).unwrap_or(0);
        let told = error.to_string();
        let what = told.split(" at line ").next().unwrap_or_default();
        let remedy = "take the file as `orrery match --record` wrote it";
        Problem::of_file(file, format!("is no match record ({what}); {remedy}")).at_line(line)
    })
}
