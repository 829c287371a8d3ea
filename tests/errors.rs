//! Does bad input get a clear error, the right exit code, and no half-written results?

use orrery::execute::{Finished, Request, Watch, run_into_folder};
use orrery::folder::holds_whole;
use orrery::interrupt::Stop;
use orrery::manifest::Manifest;
use orrery::tables::Choice;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A room of a test's own, gone when the test has passed.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Room {
        let room =
            std::env::temp_dir().join(format!("orrery-errors-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&room);
        fs::create_dir_all(&room).expect("the temporary folder can be written");
        Room(room)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// A scenario on top of the baseline.
    fn scenario(&self, name: &str, text: &str) -> String {
        let path = self.path(name);
        let text = format!("extends = \"{}\"\n{text}", baseline());
        fs::write(&path, text).expect("a room can be written");
        path
    }

    fn files(&self) -> Vec<String> {
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        let entries = fs::read_dir(&self.0).expect("a room can be listed");
        let mut names: Vec<_> = entries.flatten().map(name).collect();
        names.sort();
        names
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

fn baseline() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/baseline.toml").display().to_string()
}

/// An hour of a tiny market: a run of a moment.
const TINY: &str = "[clock]\nwarm_up = \"0 s\"\nhorizon = \"1 h\"\n[tenants]\ncount = 5\n\
                    [pool.community]\nproviders = 20\n[pool.secured]\nproviders = 1\n";

fn orrery(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_orrery"))
        .args(arguments)
        .output()
        .expect("the binary was built for this test")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[track_caller]
fn assert_refused(arguments: &[&str], phrases: &[&str]) {
    let output = orrery(arguments);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {told}");
    for phrase in phrases {
        assert!(told.contains(phrase), "{arguments:?} does not say {phrase:?}: {told}");
    }
    assert!(!told.contains("panicked"), "{told}");
}

#[track_caller]
fn assert_fine(arguments: &[&str]) {
    let output = orrery(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", told(&output));
}

#[test]
fn bad_values_are_named_with_file_line_key_text_and_remedy() {
    let room = Room::new("values");
    let cases = [
        ("unknown", "[clock]\nhorzion = \"1 d\"\n", "clock.horzion", "is not a known key"),
        ("unit", "[clock]\nhorizon = \"5 parsecs\"\n", "\"5 parsecs\"", "unknown or missing unit"),
        ("negative", "[clock]\nhorizon = \"-5 d\"\n", "\"-5 d\"", "is below zero"),
        ("overflow", "[clock]\nhorizon = \"99999999999999999999 d\"\n", "9999 d\"", "too large"),
    ];
    for (name, text, shown, phrase) in cases {
        let path = room.scenario(&format!("{name}.toml"), text);
        let place = format!("{name}.toml:3: ");
        assert_refused(&["validate", &path], &[&place, shown, phrase, "1 problem"]);
        assert_refused(&["run", &path, "--out", &room.path("out")], &[&place, shown, phrase]);
    }
    assert!(!room.files().contains(&"out".to_string()), "what is not valid leaves no folder");
}

#[test]
fn all_problems_of_all_files_are_told_at_once() {
    let room = Room::new("all");
    let one = room.scenario("one.toml", "[clock]\nhorizon = \"1 parsec\"\nhorzion = 1\n");
    let two = room.scenario("two.toml", "[clock]\nwarm_up = \"-2 d\"\n");
    let phrases = ["one.toml:3: ", "one.toml:4: ", "two.toml:3: ", "2 problems"];
    assert_refused(&["validate", &one, &baseline(), &two], &phrases);
    assert_refused(&["check", &one, &two], &phrases);
}

#[test]
fn unreadable_files_are_told_by_name() {
    let room = Room::new("unreadable");
    assert_refused(&["validate", &room.path("none.toml")], &["none.toml", "cannot be found"]);
    fs::write(room.path("empty.toml"), "").unwrap();
    assert_refused(&["validate", &room.path("empty.toml")], &["empty.toml", "is empty"]);
    fs::write(room.path("binary.toml"), [0xff, 0x00, 0xfe]).unwrap();
    assert_refused(&["validate", &room.path("binary.toml")], &["binary.toml"]);
    fs::create_dir(room.path("folder.toml")).unwrap();
    assert_refused(&["validate", &room.path("folder.toml")], &["folder.toml", "cannot be read"]);
    fs::write(room.path("loop.toml"), "extends = \"loop.toml\"\n").unwrap();
    assert_refused(&["validate", &room.path("loop.toml")], &["loop.toml:1: ", "extends itself"]);
}

#[test]
fn usage_errors_teach() {
    let baseline = baseline();
    let run = |more: &[&'static str]| {
        let mut arguments = vec!["run", baseline.as_str()];
        arguments.extend(more);
        arguments.into_iter().map(str::to_string).collect::<Vec<_>>()
    };
    let cases = [
        (run(&["--seeds", "5..1"]), "write 1..5"),
        (run(&["--seeds", "1-5"]), "write 1..10"),
        (run(&["--seed", "1", "--seeds", "1..2"]), "cannot be used with"),
        (run(&["--name", "a/b"]), "letters, digits"),
        (run(&["--tables", "some"]), "[possible values: none, core, all]"),
        (run(&["--set", "clock.horizon"]), "is no assignment"),
        (run(&["--set", "clock.horzion=1 d"]), "is not a known key"),
        (run(&["--set", "pool.comunity.demand=80 %"]), "did you mean community?\n1 problem;"),
        (vec!["simulate".to_string()], "unrecognized subcommand"),
    ];
    for (arguments, phrase) in cases {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        assert_refused(&arguments, &[phrase]);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_told_with_its_path() {
    let room = Room::new("unwritable");
    fs::write(room.path("file"), "not a folder").unwrap();
    let tiny = room.scenario("tiny.toml", TINY);
    let out = room.path("file");
    let folder = format!("cannot create {out}/tiny/seed-1: ");
    assert_refused(&["run", &tiny, "--out", &out], &[&folder, "a file stands where", "--out"]);
    assert_refused(&["run", &tiny, "--out", &out, "--seeds", "1..2"], &[&out, "--out"]);
}

#[test]
fn a_folder_that_holds_another_scenario_is_refused_and_stays() {
    let room = Room::new("folder");
    let (tiny, out) = (room.scenario("tiny.toml", TINY), room.path("out"));
    let run = ["run", tiny.as_str(), "--quiet", "--name", "a", "--out", out.as_str()];
    assert_fine(&run);
    let manifest = room.path("out/tiny@a/seed-1/manifest.json");
    let before = fs::read(&manifest).unwrap();
    assert_fine(&run);
    assert_eq!(fs::read(&manifest).unwrap(), before, "the same run may take its place again");

    let other = [&run[..], &["--set", "tenants.count=6"]].concat();
    let phrases = ["seed-1", "another version of scenario tiny", "a --name that is not taken"];
    assert_refused(&other, &phrases);
    assert_eq!(fs::read(&manifest).unwrap(), before);
    let many = [&other[..], &["--seeds", "1..2"]].concat();
    assert_refused(&many, &["seed-1", "another version of scenario tiny"]);
    assert!(!Path::new(&room.path("out/tiny@a/seed-2")).exists(), "nothing of it was run");

    fs::create_dir_all(room.path("out/tiny@b/seed-1")).unwrap();
    fs::write(room.path("out/tiny@b/seed-1/notes.txt"), "mine").unwrap();
    let notes = ["run", tiny.as_str(), "--name", "b", "--out", out.as_str()];
    assert_refused(&notes, &["files without a manifest"]);
}

#[test]
fn results_that_were_changed_are_not_verified() {
    let room = Room::new("verify");
    let (tiny, out) = (room.scenario("tiny.toml", TINY), room.path("out"));
    assert_fine(&["run", &tiny, "--quiet", "--out", &out]);
    let folder = room.path("out/tiny/seed-1");
    assert_fine(&["verify", &folder]);

    let manifest = room.path("out/tiny/seed-1/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("\"seed\": 1", "\"seed\": 2")).unwrap();
    assert_refused(&["verify", &folder], &["manifest.json", "was edited"]);
    fs::write(&manifest, &text[..text.len() / 2]).unwrap();
    assert_refused(&["verify", &folder], &["manifest.json", "cannot be read as a manifest"]);
    fs::write(&manifest, &text).unwrap();

    let table = room.path("out/tiny/seed-1/tables/orders.parquet");
    let bytes = fs::read(&table).unwrap();
    fs::write(&table, &bytes[..bytes.len() - 9]).unwrap();
    assert_refused(&["verify", &folder], &["orders.parquet", "cut off"]);
    assert_refused(&["verify", &room.path("nowhere")], &["manifest.json", "cannot read"]);
}

#[test]
fn files_that_the_run_did_not_write_are_named() {
    let room = Room::new("strange");
    let (tiny, out) = (room.scenario("tiny.toml", TINY), room.path("out"));
    assert_fine(&["run", &tiny, "--quiet", "--out", &out]);
    let folder = room.path("out/tiny/seed-1");
    let verified = || {
        let output = orrery(&["verify", &folder, "--quiet"]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = verified();
    assert!(code == Some(0) && said.lines().count() == 1, "{said}");

    fs::write(Path::new(&folder).join("notes.txt"), "mine").unwrap();
    let (code, said) = verified();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("identical: "), "{said}");
    assert!(said.ends_with("notes.txt is not of this run and was not compared\n"), "{said}");

    let tables = Path::new(&folder).join("tables");
    fs::copy(tables.join("orders.parquet"), tables.join("bids.parquet")).unwrap();
    let (code, said) = verified();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("tables/bids.parquet is not of this run; move it away\n"), "{said}");
}

#[test]
fn what_was_stopped_says_so_and_does_not_replace_what_is_whole() {
    let room = Room::new("stopped");
    let loaded = orrery::load::load(Path::new(&room.scenario("tiny.toml", TINY)), &[]).unwrap();
    let folder = PathBuf::from(room.path("out/tiny/seed-1"));
    let run = |stop: &Stop| -> Finished {
        let tables = Choice::Core;
        let request = Request { loaded: &loaded, sets: &[], seed: 1, tables, folder: &folder };
        run_into_folder(request, &mut Watch { stop, on_slice: &mut |_| () }).unwrap()
    };
    let stopped = Stop::default();
    stopped.ask();

    assert!(run(&stopped).is_kept && !holds_whole(&folder));
    let manifest = Manifest::read(&folder).unwrap();
    assert!(manifest.is_partial && manifest.check_files(&folder).is_ok());
    let report = fs::read_to_string(folder.join("report.md")).unwrap();
    assert!(report.contains("stopped before its end"));
    assert_fine(&["verify", &folder.to_string_lossy()]);

    assert!(run(&Stop::default()).is_kept && holds_whole(&folder));
    assert!(!run(&stopped).is_kept && holds_whole(&folder), "the whole one stays");
}

#[test]
fn a_check_that_fails_ends_with_one_and_says_why() {
    let room = Room::new("check");
    let expect =
        |metric: &str, bound: &str| format!("{TINY}[[expect]]\nmetric = \"{metric}\"\n{bound}\n");
    let checked = |name: &str, metric: &str, bound: &str| {
        let output = orrery(&["check", &room.scenario(name, &expect(metric, bound))]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, said) = checked("good.toml", "orders.sent", "min = 0");
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("PASS  orders.sent = "), "{said}");
    let (code, said) = checked("bad.toml", "orders.sent", "max = -1");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("FAIL  orders.sent = ") && said.contains("bad.toml:"), "{said}");
}

#[test]
fn a_variant_that_sets_what_is_not_there_is_told_with_its_name() {
    let room = Room::new("variant");
    let text = "question = \"q?\"\nexpectation = \"e\"\n[compare]\nsent = \"orders.sent\"\n\
                [[variant]]\nname = \"odd\"\nset = [\"matching.core=oddest_price\"]\n";
    let file = room.scenario("a.toml", text);
    let output = orrery(&["validate", &file]);
    assert_eq!(output.status.code(), Some(2));
    let told = told(&output);
    assert!(told.contains("variant odd: ") && told.contains("oddest_price"), "{told}");
}

#[test]
fn a_metric_that_does_not_exist_is_told_before_anything_is_run() {
    let room = Room::new("metric");
    let expect = |metric: &str| format!("[[expect]]\nmetric = \"{metric}\"\nmin = 0\n");
    let text = expect("orders.sended") + &expect("orders.sent") + &expect("happiness");
    let path = room.scenario("strange.toml", &text);
    let near = "strange.toml:3: expect.metric: \"orders.sended\" is no metric; \
                did you mean orders.sent?";
    let far = "strange.toml:9: expect.metric: \"happiness\" is no metric; write the path";
    for command in ["validate", "check", "run"] {
        assert_refused(&[command, &path], &[near, far, "2 problems"]);
    }
}

#[test]
fn a_part_that_scenarios_extend_is_not_run() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let room = Room::new("part");
    for part in ["theory/base.toml", "library/cards.toml"] {
        let path = scenarios.join(part).to_string_lossy().into_owned();
        for command in ["run", "validate", "check"] {
            assert_refused(&[command, &path], &[part, "is a part", "1 problem"]);
        }
        assert_refused(&["run", &path, "--out", &room.path("out")], &["nothing was run"]);
    }
    assert!(room.files().is_empty(), "what is not run leaves no folder");
}

#[test]
fn help_teaches_with_an_example() {
    for command in ["run", "check", "verify"] {
        let output = orrery(&[command, "--help"]);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(0));
        assert!(said.contains(&format!("orrery {command} ")), "{said}");
    }
}
