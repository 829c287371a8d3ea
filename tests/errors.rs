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
                [[variant]]\nname = \"odd\"\nset = [\"matching.core=oddest_price\"]\n\
                [[expect]]\nmetric = \"orders.sent\"\nvariant = \"odd\"\nmin = 0\n";
    let file = room.scenario("a.toml", text);
    for command in ["validate", "compare", "check"] {
        let output = orrery(&[command, &file]);
        assert_eq!(output.status.code(), Some(2));
        let told = told(&output);
        assert!(told.contains("variant odd: ") && told.contains("oddest_price"), "{told}");
    }
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

/// A snapshot that reads: two candidates, JSON or TOML.
const SNAPSHOT: &str = "\
block_hash = \"0x5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\"
[order]
ceiling = \"0.30 USD/GPU-h\"
[rules]
core = \"lowest_price\"
[[operators]]
name = \"one\"
seed = \"0x0101010101010101010101010101010101010101010101010101010101010101\"
[[candidates]]
name = \"alice\"
number = 1
bid = \"0.20 USD/GPU-h\"
[[candidates]]
name = \"bob\"
number = 2
bid = \"0.25 USD/GPU-h\"
";

#[test]
fn all_problems_of_a_snapshot_are_told_at_once_with_places_and_remedies() {
    let room = Room::new("snapshot");
    let path = room.path("bad.toml");
    let text = SNAPSHOT
        .replace("lowest_price", "lowest_prize")
        .replace("0.30 USD/GPU-h", "0.30 USD")
        .replace("number = 2\nbid = \"0.25", "number = 1\nbidd = 2\nbid = \"-0.25")
        .replace("name = \"bob\"", "name = \"alice\"");
    fs::write(&path, text).expect("a room can be written");
    let phrases = [
        "bad.toml:3: order.ceiling: \"0.30 USD\" has an unknown or missing unit; use one of",
        "bad.toml:5: rules.core: \"lowest_prize\" is not one of its words; did you mean \
         lowest_price? write one of: weighted_softmax, ",
        "bad.toml:14: candidates[2].name: \"alice\" is another candidate's name too; give each",
        "bad.toml:15: candidates[2].number: \"1\" is the number of alice too; give each its own",
        "bad.toml:16: candidates[2].bidd: \"2\" is not a known key; did you mean bid?",
        "bad.toml:17: candidates[2].bid: \"-0.25 USD/GPU-h\" is below zero; write",
        "6 problems",
    ];
    assert_refused(&["match", &path], &phrases);
}

#[test]
fn what_is_no_snapshot_is_refused_in_both_notations() {
    let room = Room::new("no-snapshot");
    let cases = [
        ("empty.toml", "", "block_hash: is missing; write it = \"0x\" and 32 bytes in hex"),
        ("empty.json", "{}", "candidates: is missing; write it"),
        ("list.json", "[]", "list.json: is no table; write { \"key\": value, ... }"),
        ("cut.json", "{\n\"order\": {", "cut.json:2: \"\\\"order\\\": {\" is not JSON (EOF"),
        ("twice.json", "{\n\"order\": 1,\n\"order\": 2\n}", "twice.json:3: "),
        ("null.json", "{\"order\":\nnull}", "is null; leave out what has no value"),
        ("not.toml", "order = = 1", "not.toml:1: \"order = = 1\" is not TOML"),
    ];
    for (name, text, phrase) in cases {
        let path = room.path(name);
        fs::write(&path, text).expect("a room can be written");
        assert_refused(&["match", &path], &[phrase]);
    }
    assert_refused(&["match", &room.path("none.toml")], &["none.toml", "correct the path"]);
}

#[test]
fn a_record_holds_does_not_hold_or_is_none() {
    let room = Room::new("record");
    let (snapshot, record) = (room.path("good.toml"), room.path("record.json"));
    fs::write(&snapshot, SNAPSHOT).expect("a room can be written");
    assert_fine(&["match", &snapshot, "--record", &record]);
    assert_fine(&["match", "--verify", &record]);
    let text = fs::read_to_string(&record).expect("the record was written");
    assert_refused(&["match", "--verify", &snapshot], &["good.toml:1: is no match record ("]);

    let altered = text.replacen("\"200000000\"", "\"210000000\"", 1);
    fs::write(&record, altered).expect("a room can be written");
    let output = orrery(&["match", "--verify", &record]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("does not hold: bids_root: expected "), "{said}");

    let nobody = room.path("nobody.toml");
    let (before, after) = SNAPSHOT.split_once("[[operators]]").expect("somebody signs");
    let candidates = after.find("[[candidates]]").expect("somebody bids");
    fs::write(&nobody, format!("{before}{}", &after[candidates..])).expect("a room can be written");
    assert_fine(&["match", &nobody]);
    assert_refused(&["match", &nobody, "--record", &record], &["operators: is missing; --record"]);

    fs::write(&record, &text[..text.len() / 2]).expect("a room can be written");
    assert_refused(&["match", "--verify", &record], &["is no match record (EOF", "orrery match"]);
    assert_refused(&["match", &snapshot, "--why-not", "alise"], &["did you mean alice?"]);
}
