//! What is said about files that cannot be read or do not fit together, and about overrides.

mod shipped;

use scenario::{LoadError, load};
use shipped::{lines_of, lines_over_baseline, text};

#[test]
fn a_file_that_asks_nothing_is_warned() {
    let lines = lines_of(b"extends = \"baseline.toml\"", &[]);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("scenarios/baseline.toml:"), "{}", lines[0]);
    assert!(
        lines[0].ends_with("is inherited; write what scenarios/test.toml itself asks and expects")
    );
}

#[test]
fn broken_files_are_one_problem_each() {
    let cases: [(&[u8], &str); 6] = [
        (
            b"",
            "scenarios/test.toml: is empty; write a scenario, for example \
             extends = \"baseline.toml\" and what differs",
        ),
        (&[0xff, 0x00, 0x80], "scenarios/test.toml: is not a text file; write it as text in UTF-8"),
        (
            b"extends = \"test.toml\"",
            "scenarios/test.toml:1: extends: \"test.toml\" extends itself \
             (scenarios/test.toml -> scenarios/test.toml); break the circle",
        ),
        (
            b"extends = \"nowhere.toml\"",
            "scenarios/test.toml:1: extends: \"nowhere.toml\" cannot be found; correct the path",
        ),
        (
            b"extends = 3",
            "scenarios/test.toml:1: extends: \"3\" is a whole number; \
             write a text or a list of texts",
        ),
        (
            b"extends = \"baseline.toml\"\nremove = \"clok\"",
            "scenarios/test.toml:2: remove: \"clok\" is not there to be removed; \
             drop it from the list",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(lines_of(bytes, &[])[0], expected);
    }
    for bytes in &[cases[0].0, cases[1].0, cases[2].0, cases[3].0, cases[4].0] {
        assert_eq!(lines_of(bytes, &[]).len(), 1);
    }
}

#[test]
fn a_file_that_cannot_be_read_gives_the_reason() {
    let loader = |_: &str| Err(LoadError::Unreadable("is a folder".into()));
    let problems = load("a.toml", &loader, &[]).unwrap_err();
    let expected = "a.toml: cannot be read (is a folder); make it a readable file";
    assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
}

#[test]
fn chains_of_files_end() {
    let deep = |path: &str| {
        let number: u32 = path.trim_end_matches(".toml").parse().unwrap_or(0);
        Ok(format!("extends = [\"{0}.toml\", \"{0}.toml\"]", number + 1).into_bytes())
    };
    let problems = load("1.toml", &deep, &[]).unwrap_err();
    let expected = "16.toml:1: extends: \"17.toml\" is deeper than 16 files; \
                    shorten the extends chain";
    assert_eq!(problems[0].to_string(), expected);
    assert!(problems.len() < 500, "{}", problems.len());
}

#[test]
fn all_problems_are_told_at_once() {
    let text = "clock.horizon = \"-1 d\"\nnot toml = = =\ntoken.price = \"1 SPON\"\nseed = 4\n";
    let lines = lines_over_baseline(text);
    let starts = ["5: \"not toml", "4: clock.horizon", "6: token.price", "7: seed"];
    for start in starts {
        let start = format!("scenarios/test.toml:{start}");
        assert!(lines.iter().any(|line| line.starts_with(&start)), "{start} in {lines:#?}");
    }
    assert_eq!(lines.len(), starts.len(), "{lines:#?}");
}

#[test]
fn a_copy_far_from_its_library_tells_only_what_is_there_to_tell() {
    let broken = text("scenarios/baseline.toml").unwrap().replace("\"2 d\"", "\"5 parsecs\"");
    let loader = |path: &str| match path {
        "elsewhere/a.toml" => Ok(broken.clone().into_bytes()),
        _ => Err(LoadError::Missing),
    };
    let problems = load("elsewhere/a.toml", &loader, &[]).unwrap_err();
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let (last, missing) = lines.split_last().unwrap();
    assert!(missing.iter().all(|line| line.contains("cannot be found")), "{lines:#?}");
    assert_eq!(missing.len(), broken.matches("\n  \"library/").count(), "one line for each file");
    assert!(last.contains("clock.warm_up: \"5 parsecs\" has an unknown"));
}

#[test]
fn a_part_is_refused_in_one_line() {
    let asks_nothing = |text: &str| !text.contains("\nquestion = ");
    let parts = shipped::FILES.iter().filter(|(_, text)| asks_nothing(text));
    let is_of_library = |path: &str| path.starts_with("scenarios/library/");
    let library = shipped::FILES.iter().filter(|(path, _)| is_of_library(path)).count();
    assert_eq!(parts.clone().count(), library + 1, "all of the library, and that of theory");
    for (path, _) in parts {
        let problems = load(path, &shipped::loader(b""), &[]).unwrap_err();
        let expected = format!(
            "{path}: is a part: it has neither question nor expectation; \
             take a scenario that extends it, or write both"
        );
        assert_eq!(problems.iter().map(ToString::to_string).collect::<Vec<_>>(), [expected]);
    }
    let half =
        lines_of(b"question = \"q\"\nextends = \"baseline.toml\"\nremove = [\"expectation\"]", &[]);
    assert_eq!(half.len(), 1, "what has one of the two is a scenario: {half:?}");
    assert!(half[0].contains("expectation: is missing"), "{half:?}");
}

#[test]
fn overrides_are_checked_like_files() {
    let base = text("scenarios/baseline.toml").unwrap().as_bytes();
    let cases = [
        (
            "clock.horizon=-1 d",
            "--set: clock.horizon: \"-1 d\" is below zero; write a quantity of zero or more",
        ),
        (
            "clock.horzion=1 d",
            "--set: clock.horzion: \"1 d\" is not a known key; did you mean horizon?",
        ),
        (
            "clock.horizon",
            "--set: \"clock.horizon\" is no assignment; write key.path=value, as in clock.horizon=\"3 d\"",
        ),
        (
            "clock..horizon=1",
            "--set: \"clock..horizon=1\" is no assignment; write key.path=value, as in clock.horizon=\"3 d\"",
        ),
        (
            "clock.horizon=",
            "--set: \"clock.horizon=\" is no assignment; write key.path=value, as in clock.horizon=\"3 d\"",
        ),
        (
            "pool.comunity.demand=80 %",
            "--set: pool.comunity: is not a known key; did you mean community?",
        ),
        (
            "pool.moon.demand=80 %",
            "--set: pool.moon: is not a known key; write what is new into a scenario file",
        ),
        (
            "host_class.premium.fualt.repair=2 h",
            "--set: host_class.premium.fualt: is not a known key; did you mean fault?",
        ),
    ];
    for (set, expected) in cases {
        assert_eq!(lines_of(base, &[set]), [expected]);
    }
    let new_table = "host_class.premium.daily_off";
    let sets = ["start=1 h", "spread=1 h", "length=1 h"].map(|set| format!("{new_table}.{set}"));
    let sets = sets.each_ref().map(String::as_str);
    assert!(lines_of(base, &sets).is_empty(), "a word may become a table");
    assert!(lines_of(base, &["token.price=0.5 USD/SPON"]).is_empty());
}
