//! The ledger of assumptions: for every key of a scenario its value, range, standing and source.
//!
//! The caller reads `sources.toml`; here it is parsed, held against a scenario's leaves, and
//! written as a document.

use crate::node::{Node, Value};
use crate::parse;
use crate::problem::Problem;
use crate::reader::{Desk, Table, as_number};
use std::cell::RefCell;
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

/// All rows of the ledger.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The rows, in the order of the file.
    pub rows: Vec<Source>,
}

/// Stands for the values of a table or a long list.
const SEE_FILE: &str = "see file";

impl Sources {
    /// Reads the ledger; `file` is its name in messages.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Sources, Vec<Problem>> {
        let (node, problems) = parse::document(file, bytes);
        let desk = Desk { problems: RefCell::new(problems), is_incomplete: false };
        let root = Table::root(&desk, &node);
        let rows = root.list_of_tables("source", |table, _| source(table));
        root.refuse_unknown();
        check_keys_once(&root, &rows);
        let problems = desk.problems.into_inner();
        if problems.is_empty() { Ok(Sources { rows }) } else { Err(problems) }
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
        let is_used = |row: &Source| leaves.iter().any(|(key, _)| self.row(key) == Some(row));
        let assumed = self.rows.iter().filter(|row| row.standing == Standing::Assumed);
        assumed.filter(|row| is_used(row)).collect()
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
        out
    }
}

const HEAD: &str = "# Assumptions\n\n\
    Generated from `scenarios/sources.toml`: change that file, not this one.\n\
    Every number of the baseline has a row: *documented* stands in the cited source, *derived* \
    follows\n\
    from documented numbers, *assumed* was chosen because no source decides it. Low and high are\n\
    plausible ends, in the unit of the value. Any key can be changed with `--set key=value`.\n\n";

const COLUMNS: &str = "| key | value | low | high | unit | standing | source | date | note |\n\
    |---|---|---|---|---|---|---|---|---|";

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

fn check_keys_once(root: &Table, rows: &[Source]) {
    let mut keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
    keys.sort_unstable();
    for pair in keys.windows(2).filter(|pair| pair[0] == pair[1]) {
        root.problem("source", format!("has two rows for {}; remove one", pair[0]));
    }
}
