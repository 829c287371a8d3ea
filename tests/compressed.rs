//! Files that a scenario names may be compressed with gzip: the scenario is the same.

mod support;

use flate2::{Compression, write::GzEncoder};
use orrery::load;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use support::project;

/// A folder of one test's own, with a scenario that replays jobs and follows a recording.
fn folder(test: &str, ending: &str) -> PathBuf {
    let name = format!("orrery-gzip-{test}{ending}-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let base = project("scenarios/small.toml");
    let text = format!(
        "question = \"q\"\nexpectation = \"e\"\nextends = \"{}\"\n\
         host_class.home.fault = {{ trace = \"spot.csv{ending}\" }}\n\
         [pool.secured]\ndemand = \"0 GPU\"\nreplay = {{ file = \"jobs.csv{ending}\", format = \
         \"orrery\", class = \"training\", from = \"0 s\", scale = 1.0 }}\n",
        base.display()
    );
    fs::write(folder.join("a.toml"), text).expect("it can be written");
    folder
}

const JOBS: &str = "arrival_s,gpus,duration_s\n60,8,7200\n90,1,60\n";
const SPOT: &str = "trace,start_s,length_s,value\na,0,3600,2\na,3600,900,1\n";

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(text).expect("memory takes everything");
    packer.finish().expect("memory takes everything")
}

#[test]
fn a_compressed_file_makes_the_same_scenario_as_a_plain_one() {
    let [plain, zipped] = ["", ".gz"].map(|ending| {
        let folder = folder("same", ending);
        for (name, text) in [("jobs.csv", JOBS), ("spot.csv", SPOT)] {
            let bytes =
                if ending.is_empty() { text.as_bytes().to_vec() } else { packed(text.as_bytes()) };
            fs::write(folder.join(format!("{name}{ending}")), bytes).expect("it can be written");
        }
        let loaded = load::load(&folder.join("a.toml"), &[]).expect("it is valid");
        fs::remove_dir_all(folder).expect("the folder is ours");
        loaded
    });
    assert!(zipped.effective.contains("60,8,7200"), "what counts is what it holds");
    assert_eq!(zipped.effective, plain.effective);
}

#[test]
fn what_is_wrong_in_a_compressed_file_is_told_with_its_line() {
    let folder = folder("wrong", ".gz");
    let late = format!("{JOBS}7,1,5\n");
    fs::write(folder.join("jobs.csv.gz"), packed(late.as_bytes())).expect("it can be written");
    fs::write(folder.join("spot.csv.gz"), &packed(SPOT.as_bytes())[..20]).expect("it can be");
    let told = load::load(&folder.join("a.toml"), &[]).expect_err("both are wrong").to_string();
    fs::remove_dir_all(folder).expect("the folder is ours");
    assert!(told.contains("jobs.csv.gz:4: pool.secured.replay.text: goes back in time"), "{told}");
    assert!(told.contains("spot.csv.gz cannot be read ("), "{told}");
}
