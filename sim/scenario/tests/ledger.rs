//! Every number of the shipped baseline has a row in the ledger of assumptions.

mod shipped;

use scenario::{Sources, Standing};
use shipped::shipped;

const LEDGER: &str = include_str!("../../../scenarios/sources.toml");

fn ledger() -> Sources {
    Sources::parse("sources.toml", LEDGER.as_bytes()).unwrap_or_else(|all| panic!("{all:#?}"))
}

#[test]
fn every_key_of_the_baseline_has_a_row_with_its_value() {
    let (sources, baseline) = (ledger(), shipped("scenarios/baseline.toml", &[]));
    assert_eq!(sources.uncovered(&baseline.leaves), Vec::<String>::new());
    assert_eq!(sources.outdated(&baseline.leaves), Vec::<&scenario::Source>::new());
}

#[test]
fn a_key_without_a_row_and_a_changed_value_are_found() {
    let mut sources = ledger();
    let changed = shipped("scenarios/baseline.toml", &["tenants.count=5"]);
    let outdated = sources.outdated(&changed.leaves);
    assert_eq!(outdated.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["tenants.count"]);
    sources.rows.retain(|row| row.key != "tenants.count");
    assert_eq!(sources.uncovered(&changed.leaves), ["tenants.count"]);
}

#[test]
fn reports_learn_what_was_assumed() {
    let (sources, baseline) = (ledger(), shipped("scenarios/baseline.toml", &[]));
    let assumed = sources.assumed(&baseline.leaves);
    assert!(assumed.iter().all(|row| row.standing == Standing::Assumed));
    assert!(assumed.iter().any(|row| row.key == "matching.weights.price"));
    assert!(assumed.len() > 100 && assumed.len() < sources.rows.len());
    assert_eq!(
        sources.row("latency.rtt_ms.nae.sa").map(|row| row.key.as_str()),
        Some("latency.rtt_ms")
    );
    assert_eq!(sources.row("latency.rtt"), None);
}

#[test]
fn what_is_not_in_use_is_not_in_force() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    let other = shipped(
        "scenarios/baseline.toml",
        &[
            "chain.profile=base",
            "price_book=tiers",
            "pool.secured.cards.h200=0 %",
            "pool.secured.cards.h100=35 %",
            "pool.community.host_classes.home=0 %",
            "pool.community.host_classes.budget=70 %",
            "tenants.regions.af=1 %",
            "tenants.regions.nae=19 %",
        ],
    );
    // The key, whether the baseline leans on it, and whether the other one does.
    let cases = [
        ("chain_profile.orbit.block", true, false),
        ("chain_profile.base.block", false, true),
        ("price_books.spheron_2025.h100", true, false),
        ("price_books.tiers.h100", false, true),
        ("price_books.tiers.h200", false, false),
        ("card.h200.price", true, false),
        ("host_class.home.daily_off.start", true, false),
        ("region.af.utc_offset_minutes", false, true),
        ("latency.rtt_ms.af.nae", false, true),
        ("latency.rtt_ms.nae.nac", true, true),
        ("tenants.regions.af", true, true),
        ("fees.facilitation", true, true),
        ("hardware.doubling.every", true, true),
        ("hardware.wright.growth", false, false),
        ("hardware.age.max", true, true),
    ];
    for (key, in_baseline, in_other) in cases {
        let found = (scenario.is_in_force(key), other.scenario.is_in_force(key));
        assert_eq!(found, (in_baseline, in_other), "{key}");
    }
}

#[test]
fn a_region_is_in_use_when_anybody_is_there() {
    let is_used = |sets: &[&str]| {
        let scenario = shipped("scenarios/theory/erlang_loss_10.toml", sets).scenario;
        scenario.is_in_force("region.aps.continent")
    };
    assert!(!is_used(&[]), "all stand in nae, the committee elsewhere");
    assert!(is_used(&["chain.sequencer=aps"]));
    assert!(is_used(&["committee.operator.nae.region=aps"]));
    assert!(is_used(&["tenants.regions.nae=99 %", "tenants.regions.aps=1 %"]));
    assert!(is_used(&["pool.servers.regions.nae=99 %", "pool.servers.regions.aps=1 %"]));
}

#[test]
fn the_document_has_a_line_for_each_row() {
    let sources = ledger();
    let text = sources.to_markdown();
    assert!(text.contains("Generated from `scenarios/sources.toml`"));
    let lines = text.lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(lines, sources.rows.len());
    assert!(
        text.contains(
            "\n| `token.price` | 0.03 USD/SPON | 0.0206 | 0.06 | USD/SPON | documented | "
        )
    );
}

#[test]
fn every_cited_section_has_a_reference() {
    let mut sources = ledger();
    let cited = sources.cited();
    assert!(cited.len() > 400, "the rows cite sections: {}", cited.len());
    let missing = |sources: &Sources| -> Vec<String> {
        cited.iter().filter(|name| !sources.has_reference(name)).cloned().collect()
    };
    assert_eq!(missing(&sources), Vec::<String>::new());
    sources.references.retain(|reference| reference.name != "data.md 5.4");
    let left = missing(&sources);
    assert!(!left.is_empty());
    assert!(left.iter().all(|name| name == "data.md 5.4"), "{left:?}");
}

#[test]
fn citations_are_found_in_running_text() {
    let text =
        "(protocol.md 9.4). Of data.md's pairs, as in protocol.md 6.4 and data.md 3, data.md";
    assert_eq!(Sources::citations(text), ["protocol.md 9.4", "protocol.md 6.4", "data.md 3"]);
}

#[test]
fn the_document_closes_with_the_references() {
    let sources = ledger();
    let text = sources.to_markdown();
    let (_, closing) = text.split_once("\n## References\n").expect("there is such a section");
    let lines = closing.lines().filter(|line| NOTES.iter().any(|note| line.starts_with(note)));
    assert_eq!(lines.count(), sources.references.len());
    assert!(closing.contains("not shipped"));
    assert!(closing.contains("nodejs/src/utils/gpu-config.ts (2025-07-24). |\n"));
}

const NOTES: [&str; 3] = ["| protocol.md ", "| data.md ", "| economics.md "];

#[test]
fn references_are_checked() {
    let problem = |text: &str| {
        let problems = Sources::parse("s.toml", text.as_bytes()).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems:#?}");
        problems[0].to_string()
    };
    let row =
        |name: &str, text: &str| format!("[[reference]]\nname = \"{name}\"\ntext = \"{text}\"\n");
    let no_section = problem(&row("notes.md 2", "a page"));
    assert!(no_section.ends_with(
        "reference.name: \"notes.md 2\" is no section of a note; \
         write one of protocol.md, data.md, economics.md and its number"
    ));
    assert!(
        problem(&row("data.md 2", " "))
            .ends_with("is empty; name the sources, or say that it is design of this project")
    );
    assert!(problem("[[reference]]\nname = \"data.md 2\"\n").contains("text: is missing"));
    let twice = row("data.md 2", "a page").repeat(2);
    assert!(problem(&twice).ends_with("has two rows for data.md 2; remove one"));
}

#[test]
fn rows_are_checked() {
    let row = |rest: &str| {
        let text = format!(
            "[[source]]\nkey = \"a\"\nunit = \"W\"\nstanding = \"assumed\"\nsource = \"s\"\n\
             date = \"2026-11-22\"\n{rest}\n"
        );
        let problems = Sources::parse("s.toml", text.as_bytes()).unwrap_err();
        problems.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let cases = [
        ("value = \"5 W\"\nlow = 6\nhigh = 7", "value: \"5 W\" is outside 6 to 7; widen them"),
        ("value = \"5 W\"", "value: \"5 W\" is a number; write its low and its high"),
        ("value = \"x\"\nlow = 7\nhigh = 6", "low: \"7\" is above high; swap them"),
        ("value = \"x\"\nlow = 7", "low: \"7\" has no other end; write low and high, or neither"),
        ("value = \"x\"\nnoted = \"y\"", "noted: \"y\" is not a known key; did you mean note?"),
    ];
    for (rest, expected) in cases {
        let lines = row(rest);
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert!(lines[0].ends_with(&format!("source.{expected}")), "{}", lines[0]);
    }
    let twice = "source = [\n{ key = \"a\", value = \"b\", unit = \"\", standing = \"assumed\", \
                 source = \"s\", date = \"d\" },\n{ key = \"a\", value = \"b\", unit = \"\", \
                 standing = \"assumed\", source = \"s\", date = \"d\" },\n]";
    let problems = Sources::parse("s.toml", twice.as_bytes()).unwrap_err();
    assert_eq!(problems[0].to_string(), "s.toml:1: source: has two rows for a; remove one");
}
