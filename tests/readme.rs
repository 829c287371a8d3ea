//! Is what README.md shows what the program does?

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::project;

/// A line that stands for any number of lines.
const ELISION: &str = "…";

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut parts = text.split("\n```");
    let _prose = parts.next();
    while let Some(part) = parts.next() {
        let mut lines = part.lines().map(str::to_string);
        let language = lines.next().unwrap_or_default();
        blocks.push(Block { language, lines: lines.collect() });
        let _prose = parts.next();
    }
    blocks
}

/// The words of a command line, with quoted ones whole.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let split = |(at, part): (usize, &str)| -> Vec<String> {
        let is_quoted = at % 2 == 1;
        if is_quoted { vec![part.to_string()] } else { part.split(' ').map(String::from).collect() }
    };
    let mut words: Vec<String> = Vec::new();
    for (at, part) in parts {
        let mut more = split((at, part)).into_iter();
        if at > 0
            && let (Some(word), Some(end)) = (words.last_mut(), more.next())
        {
            word.push_str(&end);
        }
        words.extend(more);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The first shown line that was not printed where it should have been.
fn first_difference<'a>(shown: &'a [String], printed: &str) -> Option<&'a str> {
    let mut printed = printed.lines().map(str::trim_end).peekable();
    let mut may_skip = false;
    for line in shown {
        if line.trim() == ELISION {
            may_skip = true;
            continue;
        }
        let is_there = if may_skip {
            printed.any(|other| other == line)
        } else {
            printed.next() == Some(line.as_str())
        };
        if !is_there {
            return Some(line);
        }
        may_skip = false;
    }
    let is_cut = !may_skip && printed.any(|line| !line.is_empty());
    is_cut.then_some("the end: more was printed")
}

/// A copy of what the commands read, so that what they write is nowhere else.
fn room() -> PathBuf {
    let room = std::env::temp_dir().join(format!("orrery-readme-{}", std::process::id()));
    let _ = fs::remove_dir_all(&room);
    for folder in ["scenarios", "sim/market/examples"] {
        copy(&project(folder), &room.join(folder));
    }
    room
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the temporary folder can be written");
    for entry in fs::read_dir(from).expect("the folder is there") {
        let from = entry.expect("the folder can be read").path();
        let to = to.join(from.file_name().expect("an entry has a name"));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("the file can be copied");
        }
    }
}

#[test]
fn every_output_that_the_readme_shows_is_what_is_printed() {
    let readme = fs::read_to_string(project("README.md")).expect("the README is there");
    let room = room();
    let mut shown = 0;
    for Block { language, lines } in blocks(&readme) {
        if language == "toml" && lines.iter().any(|line| line.contains("Question:")) {
            fs::write(room.join("scenarios/busy.toml"), lines.join("\n")).expect("a room is ours");
        }
        let Some(command) = lines.first().and_then(|line| line.strip_prefix("$ orrery ")) else {
            continue;
        };
        let output = Command::new(env!("CARGO_BIN_EXE_orrery"))
            .args(words(command))
            .current_dir(&room)
            .output()
            .expect("the binary was built for this test");
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        if let Some(line) = first_difference(&lines[1..], &printed) {
            panic!("README.md shows of `orrery {command}`\n{line}\nbut it prints\n{printed}");
        }
        shown += 1;
    }
    assert!(shown >= 6, "the README shows commands with what they print, not {shown}");
    fs::remove_dir_all(&room).expect("a room can be cleared");
}

#[test]
fn a_line_that_is_not_printed_is_found() {
    let shown = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
    let printed = "one\ntwo\nthree\nfour\n";
    assert_eq!(first_difference(&shown(&["one", ELISION, "three", "four"]), printed), None);
    assert_eq!(first_difference(&shown(&["one", ELISION]), printed), None);
    assert_eq!(first_difference(&shown(&["one", "three"]), printed), Some("three"));
    assert_eq!(first_difference(&shown(&["one", ELISION, "five"]), printed), Some("five"));
    assert!(first_difference(&shown(&["one", "two", "three"]), printed).is_some());
    assert_eq!(
        words("run a --set b='80 %' --name c"),
        ["run", "a", "--set", "b=80 %", "--name", "c"]
    );
}

#[test]
fn every_scenario_is_in_the_readme() {
    let readme = fs::read_to_string(project("README.md")).expect("the README is there");
    for file in support::scenario_files() {
        let path = file.strip_prefix(project("")).expect("it is ours").display().to_string();
        assert!(readme.contains(&format!("({path})")), "README.md does not list {path}");
    }
}
