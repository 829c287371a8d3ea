//! The ledger of assumptions: for every key of a scenario its value, range, standing and source.
//!
//! The caller reads `sources.toml`; here it is parsed, held against a scenario's leaves, and
//! written as a document. Rows may cite sections of the team's research notes; references name the
//! public sources behind those.

use crate::node::{Node, Value};
use crate::parse;
use crate::places::remedy_of_missing;
use crate::problem::Problem;
use crate::reader::{Desk, Table, as_number};
use std::collections::BTreeSet;
use std::fmt::Write;

/// How well a number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// It stands in the cited source.
    Documented,
    /// It follows from documented numbers by arithmetic.
    Derived,
    /// No source decides it; it was chosen.
    Assumed,
}

impl Standing {
    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Standing::Documented => "documented",
            Standing::Derived => "derived",
            Standing::Assumed => "assumed",
        }
    }
}

/// Where one number comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The key with dots; it covers every key below it.
    pub key: String,
    /// The value as in the scenario, or what stands for a whole table.
    pub value: String,
    /// Lowest plausible value, in `unit`; none for words.
    pub low: Option<f64>,
    /// Highest plausible value, in `unit`; none for words.
    pub high: Option<f64>,
    /// The unit of value, low and high; empty for words.
    pub unit: String,
    /// How well it stands.
    pub standing: Standing,
    /// Where it was found.
    pub source: String,
    /// The day on which it was looked up.
    pub date: String,
    /// What else there is to know; may be empty.
    pub note: String,
}

/// What stands behind one section of a research note.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The section as it is cited: the note and a number.
    pub name: String,
    /// The public sources that the section was written from, with their dates.
    pub text: String,
}

/// All rows of the ledger.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The rows, in the order of the file.
    pub rows: Vec<Source>,
    /// The references, in the order of the file.
    pub references: Vec<Reference>,
}

/// The research notes that are cited by section.
const NOTES: [&str; 3] = ["protocol.md", "data.md", "economics.md"];

/// Stands for the values of a table or a long list.
const SEE_FILE: &str = "see file";

impl Sources {
    /// Reads the ledger; `file` is its name in messages.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Sources, Vec<Problem>> {
        let (node, problems) = parse::document(file, bytes);
        let desk = Desk::new(problems, remedy_of_missing);
        let root = Table::root(&desk, &node);
        let rows = root.list_of_tables("source", source);
        let references = root.list_of_tables("reference", reference);
        root.refuse_unknown();
        check_once(&root, "source", rows.iter().map(|row| row.key.as_str()));
        check_once(&root, "reference", references.iter().map(|row| row.name.as_str()));
        let problems = desk.problems.into_inner();
        if problems.is_empty() { Ok(Sources { rows, references }) } else { Err(problems) }
    }

    /// The row that covers a key: its own, or that of a table above it.
    pub fn row(&self, key: &str) -> Option<&Source> {
        let covers = |row: &&Source| {
            key.strip_prefix(&row.key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.rows.iter().filter(covers).max_by_key(|row| row.key.len())
    }

    /// The keys of a scenario that no row covers. Words to people need no source.
    pub fn uncovered(&self, leaves: &[(String, String)]) -> Vec<String> {
        let keys = leaves.iter().map(|(key, _)| key);
        keys.filter(|key| !is_prose(key) && self.row(key).is_none()).cloned().collect()
    }

    /// The rows whose key a scenario does not have, or has with another value.
    pub fn outdated(&self, leaves: &[(String, String)]) -> Vec<&Source> {
        self.rows.iter().filter(|row| !is_current(row, leaves)).collect()
    }

    /// The assumed rows that a scenario leans on, for reports.
    pub fn assumed(&self, leaves: &[(String, String)]) -> Vec<&Source> {
        // Each leaf is looked up once, not once for each row: that took as long as a simulated day.
        let used = leaves.iter().filter_map(|(key, _)| self.row(key));
        let used: BTreeSet<&str> = used.map(|row| row.key.as_str()).collect();
        let assumed = self.rows.iter().filter(|row| row.standing == Standing::Assumed);
        assumed.filter(|row| used.contains(row.key.as_str())).collect()
    }

    /// The sections of the research notes that a text names, as often as it does.
    pub fn citations(text: &str) -> Vec<String> {
        let of = |note: &'static str| {
            let rests = text.match_indices(note).map(|(at, _)| &text[at + note.len()..]);
            rests.filter_map(move |rest| Some(format!("{note} {}", section(rest)?)))
        };
        NOTES.into_iter().flat_map(of).collect()
    }

    /// The sections that the rows name, in their sources and notes, as often as they do.
    pub fn cited(&self) -> Vec<String> {
        let texts = self.rows.iter().flat_map(|row| [&row.source, &row.note]);
        texts.flat_map(|text| Sources::citations(text)).collect()
    }

    /// Whether a section has a reference.
    pub fn has_reference(&self, name: &str) -> bool {
        self.references.iter().any(|reference| reference.name == name)
    }

    /// The document that is generated from the ledger.
    pub fn to_markdown(&self) -> String {
        let mut out = String::from(HEAD);
        let count = |standing| self.rows.iter().filter(|row| row.standing == standing).count();
        let [documented, derived, assumed] =
            [Standing::Documented, Standing::Derived, Standing::Assumed].map(count);
        let all = self.rows.len();
        let _ = writeln!(
            out,
            "{all} rows: {documented} documented, {derived} derived, {assumed} assumed."
        );
        let mut section = "";
        for row in &self.rows {
            let own = row.key.split('.').next().unwrap_or("");
            if own != section {
                section = own;
                let _ = writeln!(out, "\n## {section}\n\n{COLUMNS}");
            }
            let _ = writeln!(out, "{}", line(row));
        }
        self.write_references(&mut out);
        out
    }

    fn write_references(&self, out: &mut String) {
        let _ = writeln!(out, "{REFERENCES}");
        for Reference { name, text } in &self.references {
            let _ = writeln!(out, "| {name} | {} |", text.replace('|', "\\|"));
        }
    }
}

/// The number that follows the name of a note.
fn section(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix(' ')?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    (!number.is_empty()).then_some(number)
}

const HEAD: &str = "# Assumptions\n\n\
    Generated from `scenarios/sources.toml`: change that file, not this one.\n\
    Every number of the baseline has a row: *documented* stands in the cited source, *derived* \
    follows\n\
    from documented numbers, *assumed* was chosen because no source decides it. Low and high are\n\
    plausible ends, in the unit of the value. Any key can be changed with `--set key=value`.\n\
    Where a source is a section of a note, such as `protocol.md 6.5`, the primary sources behind it\n\
    stand under [References](#references).\n\n";

const COLUMNS: &str = "| key | value | low | high | unit | standing | source | date | note |\n\
    |---|---|---|---|---|---|---|---|---|";

const REFERENCES: &str = "\n## References\n\n\
    `protocol.md`, `data.md` and `economics.md` are research notes of the team. They are not shipped; \
    the\n\
    primary sources of each section that is cited, here or in the code, are listed below. A date is \
    that\n\
    of the snapshot that was read. *Design of this project* means that no source decides it.\n\n\
    | section | primary sources |\n\
    |---|---|";

fn line(row: &Source) -> String {
    let end = |end: Option<f64>| end.map_or(String::new(), |end| format!("{end}"));
    let cells = [
        format!("`{}`", row.key),
        row.value.clone(),
        end(row.low),
        end(row.high),
        row.unit.clone(),
        row.standing.name().to_string(),
        row.source.clone(),
        row.date.clone(),
        row.note.clone(),
    ];
    format!("| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "))
}

/// Texts for people, and what is compared with results, have no source.
fn is_prose(key: &str) -> bool {
    ["question", "expectation", "expect"].contains(&key)
}

fn is_current(row: &Source, leaves: &[(String, String)]) -> bool {
    if row.value == SEE_FILE {
        let below = format!("{}.", row.key);
        return leaves.iter().any(|(key, _)| *key == row.key || key.starts_with(&below));
    }
    let is_same = |written: &str| written.trim_matches('"') == row.value;
    leaves.iter().any(|(key, value)| *key == row.key && is_same(value))
}

fn source(table: &Table) -> Source {
    let standings = [Standing::Documented, Standing::Derived, Standing::Assumed];
    let end = |key: &str| table.peek(key).map(|node: &Node| as_number(&node.value));
    let row = Source {
        key: table.text("key"),
        value: table.text("value"),
        low: end("low"),
        high: end("high"),
        unit: table.text("unit"),
        standing: table.word("standing", &standings.map(|s| (s.name(), s))),
        source: table.text("source"),
        date: table.text("date"),
        note: match table.peek("note").map(|node| &node.value) {
            Some(Value::Text(note)) => note.clone(),
            _ => String::new(),
        },
    };
    check_range(table, &row);
    row
}

fn reference(table: &Table) -> Reference {
    let row = Reference { name: table.text("name"), text: table.text("text") };
    table.require(Sources::citations(&row.name) == [row.name.as_str()], "name", || {
        format!("is no section of a note; write one of {} and its number", NOTES.join(", "))
    });
    table.require(!row.text.trim().is_empty(), "text", || {
        "is empty; name the sources, or say that it is design of this project".to_string()
    });
    row
}

/// A number lies between its ends, and a range has both of them.
fn check_range(table: &Table, row: &Source) {
    let number = row.value.split(' ').next().and_then(|number| number.parse::<f64>().ok());
    match (number, row.low, row.high) {
        (Some(value), Some(low), Some(high)) => {
            let is_inside = low <= value && value <= high;
            table.require(is_inside, "value", || format!("is outside {low} to {high}; widen them"));
        }
        (Some(_), _, _) => table.problem("value", "is a number; write its low and its high"),
        (None, Some(low), Some(high)) => {
            table.require(low <= high, "low", || "is above high; swap them".to_string());
        }
        (None, None, None) => {}
        (None, _, _) => table.problem("low", "has no other end; write low and high, or neither"),
    }
}

fn check_once<'a>(root: &Table, list: &str, names: impl Iterator<Item = &'a str>) {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    for pair in names.windows(2).filter(|pair| pair[0] == pair[1]) {
        root.problem(list, format!("has two rows for {}; remove one", pair[0]));
    }
}
