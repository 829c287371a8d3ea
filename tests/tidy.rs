//! Is the house in order: layers, sizes, words, links, questions, documented keys?
//!
//! Each check is a function over text in `tests/tidy/`, with a `can_fail` part beside it that
//! shows on small bad inputs that it would notice. Here the checks meet the repository.

#[path = "tidy/documents.rs"]
mod documents;
#[path = "tidy/layers.rs"]
mod layers;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/sources.rs"]
mod sources;
#[path = "tidy/text.rs"]
mod text;
#[path = "tidy/words.rs"]
mod words;

use layers::{HOUSE, Modules};
use scenario::{LoadError, Sources};
use text::{Source, files, read, root};

/// Fails with all problems at once, one a line.
#[track_caller]
fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

/// Every Rust file of the house.
fn rust() -> Vec<Source> {
    let folders = ["sim", "analysis", "tests"];
    let all: Vec<Source> = folders.into_iter().flat_map(|folder| files(folder, "rs")).collect();
    assert!(all.len() > 20, "the checks read the whole repository");
    all
}

#[test]
fn crates_import_only_crates_above_them() {
    assert_none(layers::check_house(HOUSE));
    assert_none(layers::check_members(&read("Cargo.toml")));
    for layer in HOUSE {
        let manifest = read(format!("{}/Cargo.toml", layer.folder).trim_start_matches('/'));
        assert_none(layers::check_manifest(&manifest, layer));
    }
}

#[test]
fn modules_import_only_modules_above_them() {
    let mut problems = Vec::new();
    for layer in HOUSE {
        let folder = layers::sources_of(layer);
        let modules = Modules::of(&read(&format!("{folder}/lib.rs")));
        for source in files(&folder, "rs") {
            problems.extend(layers::check_order(&source, &folder, &modules));
        }
    }
    assert_none(problems);
}

#[test]
fn the_top_has_the_folders_of_the_house() {
    let entries = root().read_dir().expect("the root of the repository can be listed");
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let names: Vec<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert_none(layers::check_folders(&names));
}

#[test]
fn no_file_clock_thread_or_terminal_below_the_command_line() {
    let pure = HOUSE.iter().filter(|layer| layers::is_pure(layer));
    let sources = pure.flat_map(|layer| files(&layers::sources_of(layer), "rs"));
    assert_none(sources.flat_map(|source| layers::check_pure(&source)).collect());
}

#[test]
fn only_the_columns_of_the_index_may_call_what_the_compiler_cannot_check() {
    let allowance = concat!("unsafe", "_code");
    let has = |source: &Source| text::code(&source.text).contains(allowance);
    let paths: Vec<String> = rust().into_iter().filter(has).map(|source| source.path).collect();
    assert_eq!(paths, ["sim/market/src/index/columns.rs"]);
    assert!(read("Cargo.toml").contains("unsafe_code = \"deny\""));
}

#[test]
fn files_functions_and_lines_are_short() {
    assert_none(rust().iter().flat_map(sizes::check_sizes).collect());
}

#[test]
fn identifiers_and_keys_use_the_words_of_the_glossary() {
    let identifiers = rust().iter().flat_map(words::check_identifiers).collect();
    assert_none(identifiers);
    assert_none(files("scenarios", "toml").iter().flat_map(words::check_keys).collect());
}

#[test]
fn nothing_is_marked_as_unfinished() {
    let texts = ["rs", "toml", "md", "py"].into_iter().flat_map(|ending| files("", ending));
    assert_none(texts.flat_map(|source| words::check_marks(&source)).collect());
}

#[test]
fn links_lead_somewhere() {
    let exists = |path: &str| root().join(path).exists();
    let documents = files("", "md");
    assert!(!documents.is_empty(), "the checks read the documents");
    assert_none(documents.iter().flat_map(|d| documents::check_links(d, &exists)).collect());
}

#[test]
fn every_scenario_opens_with_its_question() {
    let scenarios = files("scenarios", "toml");
    assert!(!scenarios.is_empty(), "the checks read the scenarios");
    assert_none(scenarios.iter().flat_map(documents::check_question).collect());
}

#[test]
fn every_number_of_the_baseline_has_a_row_and_the_document_lists_it() {
    let ledger = read("scenarios/sources.toml");
    let sources = Sources::parse("scenarios/sources.toml", ledger.as_bytes());
    let sources = sources.unwrap_or_else(|problems| panic!("{problems:?}"));
    let baseline = scenario::load("scenarios/baseline.toml", &from_repository, &[]);
    let baseline = baseline.unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_none(sources::check_rows(&sources, &baseline.leaves));

    let generated = sources.to_markdown();
    if std::env::var_os("ORRERY_BLESS").is_some() {
        std::fs::write(root().join("ASSUMPTIONS.md"), &generated).expect("the document is ours");
    }
    assert_none(sources::check_generated(&read("ASSUMPTIONS.md"), &generated));
}

fn from_repository(path: &str) -> Result<Vec<u8>, LoadError> {
    std::fs::read(root().join(path)).map_err(|_| LoadError::Missing)
}
