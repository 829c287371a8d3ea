//! Rounds that another implementation can be held against, under `tests/vectors/matching`: a
//! snapshot, what the round comes to, and its record. Every file there is read, or a test fails.
//!
//! `ORRERY_BLESS=1 cargo test --test matching_vectors` writes what follows from the snapshots
//! anew; a change needs a line in CHANGELOG.md that says why.

use market::{Candidate, Core, Reject, Round, assess, match_round, match_round_eager};
use orrery::{round_json, round_record};
use scenario::Snapshot;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FILES: [&str; 3] = ["record.json", "round.json", "snapshot.json"];

/// A case: its files by name.
type Case = BTreeMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/matching")
}

/// Every case by name, with every file of it.
fn cases() -> BTreeMap<String, Case> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let list = |path: &Path| fs::read_dir(path).expect("a folder of vectors can be listed");
    let mut cases = BTreeMap::new();
    for case in list(&folder()).flatten().map(|entry| entry.path()) {
        let files = list(&case).flatten().map(|entry| entry.path());
        let read = |file: PathBuf| (name(&file), fs::read_to_string(&file).expect("it is text"));
        cases.insert(name(&case), files.map(read).collect());
    }
    assert!(cases.len() >= 20, "{} cases", cases.len());
    cases
}

fn snapshot(case: &Case) -> Result<Snapshot, String> {
    let text = case.get("snapshot.json").ok_or("it has no snapshot.json")?;
    Snapshot::read("snapshot.json", text.as_bytes())
        .map_err(|problems| problems.iter().map(|problem| format!("{problem}\n")).collect())
}

fn run(snapshot: &Snapshot) -> Round {
    let in_time = |candidate: &Candidate| snapshot.is_in_time(candidate);
    match_round(&snapshot.input(), snapshot.candidates.iter(), in_time)
}

/// The files that follow from the snapshot of a case.
fn following(case: &Case) -> Result<[(&'static str, String); 2], String> {
    let snapshot = snapshot(case)?;
    let in_time = |candidate: &Candidate| snapshot.is_in_time(candidate);
    let round = run(&snapshot);
    let all = assess(&snapshot.input(), &snapshot.candidates, &round, in_time);
    let told = format!("{:#}\n", round_json::round(&snapshot, &round, &all));
    let record = round_record::make(&snapshot, &round).map_err(|wrong| wrong.to_string())?;
    Ok([("round.json", told), ("record.json", round_record::to_json(&record))])
}

/// Whether a case holds: it has its three files and no other, they agree, its record stands alone.
fn check(case: &Case) -> Result<(), String> {
    let names: Vec<&str> = case.keys().map(String::as_str).collect();
    if names != FILES {
        return Err(format!("holds {names:?} where {FILES:?} are read"));
    }
    for (name, text) in following(case)? {
        if case[name] != text {
            let lines = case[name].lines().zip(text.lines()).enumerate();
            let first = lines.into_iter().find(|(_, (kept, found))| kept != found);
            return Err(format!("{name} is not what follows from the snapshot: {first:?}"));
        }
    }
    let record = round_record::read("record.json", case["record.json"].as_bytes());
    let record = record.map_err(|problem| problem.to_string())?;
    record.verify().map_err(|wrong| wrong.to_string())
}

#[test]
fn every_vector_holds_and_every_file_is_read() {
    for (name, mut case) in cases() {
        if std::env::var_os("ORRERY_BLESS").is_some() {
            let following = following(&case).unwrap_or_else(|why| panic!("{name}: {why}"));
            for (file, text) in following {
                fs::write(folder().join(&name).join(file), &text).expect("the vectors are ours");
                case.insert(file.to_string(), text);
            }
        }
        if let Err(why) = check(&case) {
            panic!(
                "{name}: {why}\nif that is meant, say why in CHANGELOG.md and write the vectors \
                 anew with ORRERY_BLESS=1 cargo test --test matching_vectors"
            );
        }
    }
}

#[test]
fn a_vector_that_is_altered_or_never_read_is_noticed() {
    for (name, case) in cases() {
        for file in FILES {
            let mut less = case.clone();
            less.remove(file);
            assert!(check(&less).is_err(), "{name} without {file}");

            // The last digit of the file that stands for a value.
            let text = &case[file];
            let at = text.rfind(|c: char| c.is_ascii_digit()).expect("a vector has numbers");
            let digit = if &text[at..=at] == "1" { "2" } else { "1" };
            let mut altered = case.clone();
            altered.insert(file.into(), format!("{}{digit}{}", &text[..at], &text[at + 1..]));
            assert!(check(&altered).is_err(), "{name} with another digit in {file}");
        }
        let mut more = case.clone();
        more.insert("forgotten.json".into(), "{}".into());
        assert!(check(&more).is_err(), "{name} with a file that nobody reads");
    }
}

#[test]
fn the_vectors_cover_every_core_and_every_turn_of_a_round() {
    let snapshots: BTreeMap<String, Snapshot> = cases()
        .iter()
        .map(|(name, case)| (name.clone(), snapshot(case).expect("it is valid")))
        .collect();
    for (core, _) in Core::all() {
        assert_eq!(snapshots[&format!("core_{core}")].core.name(), core);
    }
    let round = |name: &str| run(&snapshots[name]);
    let winner = |name: &str| {
        let pick = round(name).picks.first().copied();
        pick.map(|pick| snapshots[name].names[pick.provider.index()].clone())
    };
    assert_eq!(winner("all_filtered"), None);
    assert_eq!(winner("tie").as_deref(), Some("first_key"));
    let tied = round("tie").picks;
    assert!(tied[0].draw_key == tied[1].draw_key && tied[1].draw_key == tied[2].draw_key);
    assert_eq!(round("one_candidate").picks.len(), 1);
    assert!(round("late_winner").late, "somebody better came late");
    assert!(round("soft_latency_dropped").dropped.latency_bound);
    assert_eq!(round("redraw_order").picks.len(), 8);
    assert!(snapshots["capacity_weighted"].scoring.forms().is_weighted_by_capacity);
    let beacons: Vec<&str> = snapshots.values().map(|snapshot| snapshot.beacon.name()).collect();
    for beacon in ["block_hash", "avs_threshold", "commit_reveal"] {
        assert!(beacons.contains(&beacon), "{beacon}");
    }
}

/// Each candidate of one case fails the filter that it is named after, before any other.
#[test]
fn the_vectors_show_every_filter() {
    let case = &cases()["every_filter"];
    let told: serde_json::Value = serde_json::from_str(&case["round.json"]).expect("it is JSON");
    let mut seen = Vec::new();
    for candidate in told["candidates"].as_array().expect("a list") {
        let rejects = candidate["rejects"].as_array().expect("a list");
        if let Some(first) = rejects.first() {
            assert_eq!(first, &candidate["name"]);
            seen.push(candidate["name"].as_str().expect("a text"));
        }
    }
    assert_eq!(seen, Reject::ALL.map(Reject::name));
}

/// Neither the order of the list nor the way of the search decides.
#[test]
fn a_vector_comes_out_the_same_in_any_order_and_by_the_slow_way() {
    for (name, case) in cases() {
        let snapshot = snapshot(&case).expect("it is valid");
        let in_time = |candidate: &Candidate| snapshot.is_in_time(candidate);
        let round = run(&snapshot);
        let backwards = snapshot.candidates.iter().rev();
        assert_eq!(match_round(&snapshot.input(), backwards, in_time), round, "{name}");
        let slowly = match_round_eager(&snapshot.input(), snapshot.candidates.iter(), in_time);
        assert_eq!(slowly, round, "{name}");
    }
}
