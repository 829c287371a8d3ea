//! Can every number of a report be made again from the tables and the scenario beside them?

use orrery::execute::SCENARIO_FILE;
use orrery::load::{load_effective, summary_of};
use orrery::manifest::Manifest;
use orrery::read_tables::{replay, replay_table};
use orrery::tables::{Choice, SHAPES};
use record::{OrderOutcome, OrderRow};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use units::{SimTime, Span};

/// Runs a day and a half of the small market with `tables` and returns its folder.
fn run(name: &str, tables: &str) -> PathBuf {
    let out = std::env::temp_dir().join(format!("orrery-tables-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&out);
    let output = Command::new(env!("CARGO_BIN_EXE_orrery"))
        .args(["run", "scenarios/small.toml", "--quiet", "--name", "t", "--tables", tables])
        .args(["--set", "clock.warm_up=1 d", "--set", "clock.horizon=12 h", "--out"])
        .arg(&out)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary was built for this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    out.join("small@t/seed-1")
}

fn remove(folder: &Path) {
    let out = folder.ancestors().nth(2).expect("the folder stands two below its room");
    fs::remove_dir_all(out).expect("the room is ours");
}

#[test]
fn the_summary_can_be_made_again_from_the_tables() {
    let folder = run("again", "all");
    let manifest = Manifest::read(&folder).unwrap();
    let names: record::Names = manifest.names.clone().into();
    let text = fs::read(folder.join(SCENARIO_FILE)).unwrap();
    let scenario = load_effective(&manifest.identity.scenario, &text).unwrap().scenario;
    let mut again = summary_of(&scenario);
    let declared = again.finish().metric_paths();
    replay(&folder.join("tables"), &names, &mut again).unwrap();
    let written = fs::read_to_string(folder.join("summary.json")).unwrap();
    assert_eq!(again.finish().to_json(), written);
    let paths = again.finish().metric_paths();
    assert_eq!(paths, declared, "validation knows the metrics of a run before it is run");
    let rows = |name: &str| manifest.tables.iter().find(|table| table.name == name).unwrap().rows;
    for name in ["orders", "leases", "providers", "eras", "series", "flows", "rounds", "bids"] {
        assert!(rows(name) > 0, "{name} has rows, or the test shows little");
    }
    remove(&folder);
}

#[test]
fn a_job_is_given_up_with_its_last_order_and_not_before() {
    let folder = run("given-up", "core");
    let names: record::Names = Manifest::read(&folder).unwrap().names.into();
    let mut last = BTreeMap::<_, OrderRow>::new();
    let mut end = SimTime::ZERO;
    replay_table::<OrderRow>(&folder.join("tables"), &names, &mut |row| {
        end = end.max(row.submitted_at_ns);
        let before = last.insert(row.job_key, *row);
        assert!(before.is_none_or(|before| !before.is_given_up), "{row:?} comes after the end");
    })
    .unwrap();
    // Whoever waits orders again within minutes; the last hour may be too short for that.
    let was_refused = |row: &&OrderRow| {
        row.outcome == OrderOutcome::Unmatched && row.submitted_at_ns + Span::HOUR < end
    };
    assert!(last.values().filter(was_refused).all(|row| row.is_given_up));
    assert!(last.values().any(|row| row.is_given_up), "somebody gave up, or this shows little");
    remove(&folder);
}

#[test]
fn which_tables_are_written_does_not_change_the_run() {
    let folders = ["none", "core", "all"].map(|tables| run(tables, tables));
    let digests = folders.each_ref().map(|folder| Manifest::read(folder).unwrap().digest);
    assert!(digests.iter().all(|digest| *digest == digests[0]), "{digests:?}");
    let summary = |folder: &PathBuf| fs::read(folder.join("summary.json")).unwrap();
    assert_eq!(summary(&folders[0]), summary(&folders[2]));
    let is_there = |folder: &Path, name| folder.join(format!("tables/{name}.parquet")).exists();
    for shape in SHAPES {
        assert!(!is_there(&folders[0], shape.name));
        assert_eq!(is_there(&folders[1], shape.name), !["rounds", "bids"].contains(&shape.name));
        assert!(is_there(&folders[2], shape.name));
    }
    folders.iter().for_each(|folder| remove(folder));
}

#[test]
fn every_column_is_defined_where_the_tables_stand() {
    let readme = orrery::tables::readme(Choice::All);
    for shape in SHAPES {
        assert!(readme.contains(&format!("## {}.parquet", shape.name)));
        for column in shape.columns {
            let row = format!("| `{}` | ", column.name);
            assert!(readme.contains(&row) && column.doc.trim().len() > 3, "{}", column.name);
        }
    }
}
