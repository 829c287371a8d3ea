//! Is a run the same beside others on any number of threads, and whatever tables are written, where
//! people and machines decide and change?

mod support;

use orrery::manifest::Manifest;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::project;

/// The seeds of one scenario.
const SEEDS: [u64; 3] = [1, 2, 3];

/// A folder of this test's own.
fn room(name: &str) -> PathBuf {
    let room = std::env::temp_dir().join(format!("orrery-beside-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&room);
    fs::create_dir_all(&room).expect("the folder can be made");
    room
}

/// Runs the seeds on so many threads with such tables; what they wrote down.
fn run(file: &Path, sets: &[&str], threads: &str, tables: &str) -> Vec<Manifest> {
    let stem = file.file_stem().expect("a file has a name").to_string_lossy();
    let out = room(&format!("{stem}-{threads}-{tables}"));
    let sets = sets.iter().flat_map(|set| ["--set", set]);
    let output = Command::new(env!("CARGO_BIN_EXE_orrery"))
        .args(["run", "--quiet", "--name", "t", "--seeds", "1..3", "--tables", tables, "--out"])
        .arg(&out)
        .arg(file)
        .args(sets)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("the binary was built for this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = |seed: u64| out.join(format!("{stem}@t/seed-{seed}"));
    let read = |seed| Manifest::read(&folder(seed)).expect("the run is complete");
    let manifests = SEEDS.into_iter().map(read).collect();
    fs::remove_dir_all(out).expect("the folder is ours");
    manifests
}

/// Neither threads nor tables change a digest or a summary, nor threads a table.
fn check(file: &Path, sets: &[&str]) {
    let alone = run(file, sets, "1", "none");
    let digests = |runs: &[Manifest]| runs.iter().map(|run| run.digest.clone()).collect::<Vec<_>>();
    assert_ne!(alone[0].digest, alone[1].digest, "seeds differ, or the test shows little");
    let runs = [("2", "core"), ("3", "all"), ("8", "all")]
        .map(|(threads, tables)| run(file, sets, threads, tables));
    for beside in &runs {
        assert_eq!(digests(beside), digests(&alone));
        for (one, other) in beside.iter().zip(&alone) {
            assert_eq!(one.files["summary.json"], other.files["summary.json"]);
        }
    }
    let [some, all, again] = runs;
    assert!(some[0].tables.len() < all[0].tables.len(), "more tables were written");
    assert_eq!(all, again, "each table is the same, byte by byte");
}

#[test]
fn a_mixture_is_the_same_beside_others() {
    let room = room("mixture");
    let [small, mixture] = ["small.toml", "library/mixtures/learning.toml"]
        .map(|name| project("scenarios").join(name).display().to_string());
    let text =
        format!("question = \"q\"\nexpectation = \"e\"\nextends = [\"{small}\", \"{mixture}\"]\n");
    let file = room.join("mixture.toml");
    fs::write(&file, text).expect("it can be written");
    check(&file, &["clock.horizon=2 d"]);
    fs::remove_dir_all(room).expect("the folder is ours");
}

#[test]
fn a_market_where_all_decide_is_the_same_beside_others() {
    let short = [
        "clock.warm_up=1 d",
        "clock.horizon=3 d",
        "tenants.count=100",
        "investment.review_eras=1",
        "pool.community.providers=150",
        "pool.community.demand=300 GPU",
        "pool.community.entry.prospects=100",
        "pool.community.entry.lead_time.min=0 d",
        "pool.community.entry.lead_time.max=2 d",
        "pool.secured.providers=4",
        "pool.secured.demand=400 GPU",
        "hardware.generations=[{ at = \"48 h\", rents = \"90 %\", resale = \"80 %\", \
         spares = [] }]",
    ];
    check(&project("scenarios/living_market.toml"), &short);
}
