//! How orders wait that find nobody, and how machines wait for who repairs them.

use crate::node::Value;
use crate::reader::{Names, Table};
use crate::validated::{Class, LineScope, Waiting};
use std::ops::RangeInclusive;
use units::text::parse_span;
use units::{ClassId, Span};

/// Longest mean patience: ten years.
const PATIENCE_MAX: Span = Span::from_hours(3650 * 24);
const SCOPES: [(&str, LineScope); 2] =
    [("pool", LineScope::Pool), ("provider", LineScope::Provider)];
/// Longest line that may be declared.
const LIMIT_MAX: u32 = 1_000_000;
/// Most crews of one host class.
const CREWS_MAX: u32 = 1_000_000;

/// How long tenants wait: so that no moment is past the end of time, whatever is drawn.
pub fn patience(table: &Table) -> Span {
    let patience = table.quantity("patience", parse_span);
    table.require(patience <= PATIENCE_MAX, "patience", || {
        "is longer than ten years; write at most \"3650 d\"".to_string()
    });
    patience
}

/// How orders wait.
pub fn waiting(table: &Table, classes: &[Class]) -> Waiting {
    let is_line = table.word("waiting", &[("retry", false), ("line", true)]);
    let laws = [("fixed", false), ("exponential", true)];
    let is_patience_exponential = table.word("patience_law", &laws);
    let names = Names::new("class", classes.iter().map(|class| class.name.clone()).collect());
    table.table("line", |line| {
        let first = line.list_of_references("first", &names);
        let is_repeated = (1..first.len()).any(|at| first[..at].contains(&first[at]));
        line.require(!is_repeated, "first", || {
            "names a class twice; keep the first of the two".to_string()
        });
        let displaces = line.flag("displaces");
        line.require(!displaces || !first.is_empty(), "displaces", || {
            "has nobody who goes before others; list classes in first".to_string()
        });
        let scope = line.word("scope", &SCOPES);
        line.require(!displaces || scope == LineScope::Pool, "displaces", || {
            "is for lines of pools; write scope = \"pool\", or leave it false".to_string()
        });
        Waiting {
            displaces,
            is_patience_exponential,
            is_line,
            scope,
            limit: whole_or_none(line, "limit", 1..=LIMIT_MAX),
            first: first.into_iter().map(|place| ClassId(place as u16)).collect(),
        }
    })
}

/// A whole number in a range, or the word `none`.
fn whole_or_none(table: &Table, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
    match table.peek(key).map(|node| &node.value) {
        Some(Value::Text(word)) if word == "none" => None,
        _ => Some(table.whole(key, range)),
    }
}

/// How many crews repair the machines of each of `count` host classes, by `HostClassId`; none for
/// no limit. Those that have a name come first.
pub fn repair_crews(root: &Table, host_classes: &Names, count: usize) -> Vec<Option<u32>> {
    let mut crews = vec![None; count.max(host_classes.len())];
    root.table("repair_crews", |table| {
        for name in table.keys() {
            // Other names are refused as keys that nobody asked for.
            if let Some(place) = host_classes.index(name) {
                crews[place] = whole_or_none(table, name, 1..=CREWS_MAX);
            }
        }
    });
    crews
}
