//! The ledger of assumptions: every number of a scenario has its row, every cited section of a note
//! its reference, and the document says so.

use crate::text::{Source, files, read};
use scenario::Sources;

/// How to mend a document that is out of date.
const BLESS: &str = "run `ORRERY_BLESS=1 cargo test --test tidy` and commit ASSUMPTIONS.md";

/// Keys of a scenario without a row, and rows whose key or value the scenario does not have.
pub fn check_rows(sources: &Sources, leaves: &[(String, String)]) -> Vec<String> {
    let uncovered = sources.uncovered(leaves).into_iter();
    let missing = uncovered.map(|key| format!("{key}: give it a row in scenarios/sources.toml"));
    let outdated = sources.outdated(leaves).into_iter().map(|row| {
        format!("scenarios/sources.toml: {} = {} is not in the baseline", row.key, row.value)
    });
    missing.chain(outdated).collect()
}

/// The first line in which a document differs from what its source generates.
pub fn check_generated(document: &str, generated: &str) -> Vec<String> {
    if document == generated {
        return Vec::new();
    }
    let differs = |(a, b): (&str, &str)| a != b;
    let line = document.lines().zip(generated.lines()).position(differs);
    let line = line.unwrap_or(document.lines().count().min(generated.lines().count()));
    vec![format!("ASSUMPTIONS.md:{}: not what scenarios/sources.toml gives; {BLESS}", line + 1)]
}

/// Sections cited without a reference, and references that neither the ledger nor a text cites.
pub fn check_references(sources: &Sources, texts: &[Source]) -> Vec<String> {
    let of = |text: &Source| -> Vec<(String, String)> {
        let names = Sources::citations(&text.text).into_iter();
        names.map(|name| (text.path.clone(), name)).collect()
    };
    let in_ledger = sources.cited().into_iter().map(|name| (LEDGER.to_string(), name));
    let cited: Vec<(String, String)> = in_ledger.chain(texts.iter().flat_map(of)).collect();
    let missing = cited.iter().filter(|(_, name)| !sources.has_reference(name));
    let missing = missing.map(|(path, name)| format!("{path}: {name}: give it a row in {LEDGER}"));
    let names = sources.references.iter().map(|reference| &reference.name);
    let unused = names.filter(|name| !cited.iter().any(|(_, cited)| cited == *name));
    missing.chain(unused.map(|name| format!("{LEDGER}: nobody cites {name}; remove it"))).collect()
}

const LEDGER: &str = "scenarios/sources.toml";

#[test]
fn every_cited_section_has_a_reference_and_every_reference_is_cited() {
    let all = ["rs", "toml", "md"].into_iter().flat_map(|ending| files("", ending));
    // The ledger is read as rows, and the document repeats them.
    let texts: Vec<Source> =
        all.filter(|text| text.path != LEDGER && text.path != "ASSUMPTIONS.md").collect();
    let sources = Sources::parse(LEDGER, read(LEDGER).as_bytes()).expect("the ledger is valid");
    let problems = check_references(&sources, &texts);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[cfg(test)]
mod can_fail {
    use super::*;

    fn ledger() -> Sources {
        let text = "[[source]]\nkey = \"clock.horizon\"\nvalue = \"30 d\"\nlow = 7\nhigh = 90\n\
                    unit = \"d\"\nstanding = \"assumed\"\nsource = \"ours\"\ndate = \"2026-11-23\"\n";
        Sources::parse("sources.toml", text.as_bytes()).expect("the ledger is well formed")
    }

    fn leaves(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    #[test]
    fn a_number_without_a_row_and_a_row_without_its_number_are_refused() {
        let good = leaves(&[("clock.horizon", "\"30 d\"")]);
        assert!(check_rows(&ledger(), &good).is_empty());
        let more = leaves(&[("clock.horizon", "\"30 d\""), ("stake.minimum", "\"1 USD\"")]);
        assert!(check_rows(&ledger(), &more)[0].starts_with("stake.minimum"));
        let other = leaves(&[("clock.horizon", "\"31 d\"")]);
        assert_eq!(check_rows(&ledger(), &other).len(), 1);
    }

    #[test]
    fn a_section_without_a_reference_and_a_reference_that_nobody_cites_are_refused() {
        let text = "[[reference]]\nname = \"protocol.md 9.4\"\ntext = \"ours\"\n";
        let sources = Sources::parse("sources.toml", text.as_bytes()).expect("it is well formed");
        let check = |text: &str| {
            let text = Source { path: "a.rs".to_string(), text: text.to_string() };
            check_references(&sources, &[text])
        };
        assert!(check("// protocol.md 9.4.").is_empty());
        let missing = check("// protocol.md 9.4 and protocol.md 9.5");
        assert_eq!(missing, ["a.rs: protocol.md 9.5: give it a row in scenarios/sources.toml"]);
        let unused = check("// nothing");
        assert_eq!(unused, ["scenarios/sources.toml: nobody cites protocol.md 9.4; remove it"]);
    }

    #[test]
    fn a_document_that_was_not_generated_is_refused() {
        let generated = ledger().to_markdown();
        assert!(check_generated(&generated, &generated).is_empty());
        let edited = generated.replace("30 d", "31 d");
        assert_eq!(check_generated(&edited, &generated).len(), 1);
        assert_eq!(check_generated(&format!("{generated}more\n"), &generated).len(), 1);
    }
}
