//! JSON text to the tree that TOML text gives, so that all that reads a tree reads both.
//!
//! A raw value is a part of the text itself: its place there is its line. JSON has no line that
//! could be skipped, so of what is no JSON only the first place is told.

use super::{NOT_TEXT, Text, nothing};
use crate::node::{Node, Origin, Value};
use crate::problem::Problem;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

/// Tables within tables that are read; more is no document of ours.
const DEPTH_MAX: u32 = 32;

/// Reads a file: its tree, and the problems.
pub fn document(file: &str, bytes: &[u8]) -> (Node, Vec<Problem>) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return (nothing(file), vec![Problem::of_file(file, NOT_TEXT)]);
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let source = Json { source: Text::new(file, text), problems: RefCell::default() };
    let node = match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => source.node(raw, DEPTH_MAX),
        Err(error) => {
            source.refuse(error.line(), &error);
            nothing(file)
        }
    };
    let mut problems = source.problems.into_inner();
    if problems.is_empty() && !node.is_table() {
        problems.push(Problem::of_file(file, "is no table; write { \"key\": value, ... }"));
    }
    (node, problems)
}

/// A text that is being read.
struct Json<'a> {
    source: Text<'a>,
    problems: RefCell<Vec<Problem>>,
}

/// The entries of a table as they were written, twice written keys too.
struct Entries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Entries<'de>, D::Error> {
        from.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a table")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<'de>, M::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}

impl<'a> Json<'a> {
    fn node(&self, raw: &'a RawValue, depth: u32) -> Node {
        let line = self.line(raw);
        let value = self.value(raw, depth).unwrap_or_else(|message| {
            self.problem(line, message);
            Value::Other(raw.get().to_string())
        });
        Node { value, origin: Origin { file: self.source.file.clone(), line } }
    }

    fn value(&self, raw: &'a RawValue, depth: u32) -> Result<Value, String> {
        let text = raw.get();
        let first = text.bytes().next();
        if depth == 0 && matches!(first, Some(b'{' | b'[')) {
            return Err(format!("is nested more than {DEPTH_MAX} deep; make it flatter"));
        }
        let told = |error: serde_json::Error| format!("is not JSON ({error}); correct it");
        match first {
            Some(b'{') => {
                let Entries(entries) = serde_json::Deserializer::from_str(text)
                    .deserialize_map(EntriesVisitor)
                    .map_err(told)?;
                Ok(Value::Table(self.entries(entries, depth)))
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text).map_err(told)?;
                Ok(Value::List(items.into_iter().map(|item| self.node(item, depth - 1)).collect()))
            }
            Some(b'"') => serde_json::from_str(text).map(Value::Text).map_err(told),
            Some(b't') => Ok(Value::Flag(true)),
            Some(b'f') => Ok(Value::Flag(false)),
            Some(b'n') => Err("is null; leave out what has no value".to_string()),
            _ => Ok(number(text)),
        }
    }

    fn entries(&self, entries: Vec<(String, &'a RawValue)>, depth: u32) -> Vec<(String, Node)> {
        let (mut read, mut known) = (Vec::new(), BTreeSet::new());
        for (key, raw) in entries {
            if known.insert(key.clone()) {
                read.push((key, self.node(raw, depth - 1)));
            } else {
                self.problem(self.line(raw), format!("the key {key} is written twice; keep one"));
            }
        }
        read
    }

    /// The line of a part of the text.
    fn line(&self, raw: &RawValue) -> u32 {
        self.source.line(raw.get().as_ptr() as usize - self.source.text.as_ptr() as usize)
    }

    fn refuse(&self, line: usize, error: &serde_json::Error) {
        let told = error.to_string();
        let what = told.split(" at line ").next().unwrap_or_default();
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        let remedy = "write \"key\": value, a comma between two, and no comment";
        self.problem(line, format!("is not JSON ({what}); {remedy}"));
    }

    fn problem(&self, line: u32, message: String) {
        let mut problem = Problem::of_file(&self.source.file, message).at_line(line);
        let start = self.source.start(line);
        let written = self.source.text.get(start..).and_then(|rest| rest.lines().next());
        problem.text = written.unwrap_or("").trim().to_string();
        self.problems.borrow_mut().push(problem);
    }
}

/// A whole number if it is written as one, else a number with a fraction.
fn number(text: &str) -> Value {
    match text.parse() {
        Ok(whole) => Value::Whole(whole),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') => {
            Value::Whole(i128::MAX)
        }
        Err(_) => Value::Number(text.parse().unwrap_or(f64::NAN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        document("a.json", text.as_bytes()).1.iter().map(Problem::to_string).collect()
    }

    #[test]
    fn keys_keep_the_order_of_the_file_and_know_their_lines() {
        let (node, problems) = document("a.json", b"{\n \"z\": 1,\n \"b\": {\"y\":\n\"x\"}}");
        assert!(problems.is_empty());
        let keys: Vec<_> =
            node.entries().iter().map(|(key, node)| (key.as_str(), node.origin.line)).collect();
        assert_eq!(keys, [("z", 2), ("b", 3)]);
        let y = node.get("b").and_then(|b| b.get("y"));
        assert_eq!(y.map(|y| (y.as_written(), y.origin.line)), Some(("x".to_string(), 4)));
    }

    #[test]
    fn what_is_no_json_is_told_by_its_line() {
        let told = problems("{\n \"a\": 1,\n \"b\" 2\n}");
        assert_eq!(told.len(), 1);
        assert!(told[0].starts_with("a.json:3: \"\\\"b\\\" 2\" is not JSON (expected"), "{told:?}");
        assert_eq!(problems("[1]"), ["a.json: is no table; write { \"key\": value, ... }"]);
    }

    #[test]
    fn twice_written_keys_and_nulls_are_all_told() {
        let told = problems("{\"a\": 1,\n\"a\": 2,\n\"b\": null,\n\"c\": \"\\ud800\"}");
        let lines: Vec<&str> = told.iter().map(|line| &line[..9]).collect();
        assert_eq!(lines, ["a.json:2:", "a.json:3:", "a.json:4:"], "{told:?}");
    }

    #[test]
    fn deep_nesting_is_refused_without_exhausting_the_stack() {
        for text in ["[".repeat(100_000), format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))] {
            assert_eq!(problems(&format!("{{\"a\": {text}}}")).len(), 1);
        }
    }

    #[test]
    fn numbers_are_whole_or_not_as_they_are_written() {
        assert!(matches!(number("12"), Value::Whole(12)));
        assert!(matches!(number("-12"), Value::Whole(-12)));
        assert!(matches!(number(&"9".repeat(60)), Value::Whole(i128::MAX)));
        assert!(matches!(number("1.5e3"), Value::Number(value) if (value - 1500.0).abs() < 1e-9));
    }
}
