//! TOML text to a [`Node`] tree, as much of it as can be read, with the problems of the rest; and
//! JSON text to the same tree.

pub mod json;

use crate::node::{Node, Origin, Value};
use crate::problem::Problem;
use std::ops::Range;
use std::rc::Rc;
use toml::de::{DeTable, DeValue, Error};

/// A text that is being read.
struct Text<'a> {
    file: Rc<str>,
    text: &'a str,
    /// Where each line starts.
    lines: Vec<usize>,
}

/// How often a text is read again without its broken lines, to find what else is wrong.
const ROUNDS: usize = 5;

/// Reads a file: its tree, and a problem for each place where it is no TOML.
pub fn document(file: &str, bytes: &[u8]) -> (Node, Vec<Problem>) {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(_) => return (nothing(file), vec![Problem::of_file(file, NOT_TEXT)]),
    };
    let source = Text::new(file, text);
    let mut problems: Vec<Problem> = Vec::new();
    let mut left = text.to_string();
    for _ in 0..ROUNDS {
        let (_, errors) = DeTable::parse_recoverable(&left);
        let before = problems.len();
        for problem in errors.iter().map(|error| source.problem(error)) {
            if !problems.iter().any(|known| known.line == problem.line) {
                left = source.without_line(&left, problem.line);
                problems.push(problem);
            }
        }
        if problems.len() == before {
            break;
        }
    }
    let (table, _) = DeTable::parse_recoverable(&left);
    let root = Node { value: Value::Table(source.entries(table.get_ref())), ..nothing(file) };
    (root, problems)
}

const NOT_TEXT: &str = "is not a text file; write it as text in UTF-8";

/// Reads the value of a `--set`: a TOML value, else a string.
pub fn set_value(file: &str, text: &str) -> Node {
    let source = Text { lines: Vec::new(), ..Text::new(file, text) };
    match DeValue::parse(text) {
        Ok(value) => source.node(value.get_ref(), 0..0),
        Err(_) => Node { value: Value::Text(text.trim().to_string()), ..nothing(file) },
    }
}

fn nothing(file: &str) -> Node {
    Node::table(Origin { file: file.into(), line: 0 })
}

impl<'a> Text<'a> {
    fn new(file: &str, text: &'a str) -> Text<'a> {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Text { file: file.into(), text, lines }
    }

    /// The line of a place, from 1; zero in a text without lines.
    fn line(&self, at: usize) -> u32 {
        u32::try_from(self.lines.partition_point(|start| *start <= at)).unwrap_or(u32::MAX)
    }

    /// The text with one line blank, all else at its place.
    fn without_line(&self, text: &str, line: u32) -> String {
        let start = self.start(line);
        let end =
            text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |n| start + n);
        format!("{}{}{}", &text[..start], " ".repeat(end - start), &text[end..])
    }

    /// Where a line starts.
    fn start(&self, line: u32) -> usize {
        self.lines.get(line.saturating_sub(1) as usize).copied().unwrap_or(0)
    }

    fn node(&self, value: &DeValue<'_>, span: Range<usize>) -> Node {
        let origin = Origin { file: self.file.clone(), line: self.line(span.start) };
        Node { value: self.value(value, span), origin }
    }

    fn value(&self, value: &DeValue<'_>, span: Range<usize>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(whole) => {
                let digits = i128::from_str_radix(whole.as_str(), whole.radix());
                Value::Whole(digits.unwrap_or(i128::MAX))
            }
            DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Datetime(_) => Value::Other(self.text.get(span).unwrap_or("").to_string()),
            DeValue::Array(list) => Value::List(
                list.iter().map(|item| self.node(item.get_ref(), item.span())).collect(),
            ),
            DeValue::Table(table) => Value::Table(self.entries(table)),
        }
    }

    /// The entries of a table by their place in the file.
    fn entries(&self, table: &DeTable<'_>) -> Vec<(String, Node)> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let node = |key: Range<usize>, value: &toml::Spanned<DeValue<'_>>| {
            let mut node = self.node(value.get_ref(), value.span());
            // A section's own span starts at its header; a key's line is where people look.
            node.origin.line = self.line(key.start);
            node
        };
        entries
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), node(key.span(), value)))
            .collect()
    }

    fn problem(&self, error: &Error) -> Problem {
        let span = error.span().unwrap_or(0..0);
        let line = self.line(span.start);
        let written =
            self.text.get(self.start(line)..).and_then(|rest| rest.lines().next()).unwrap_or("");
        let message = error.message().replace('\n', " ");
        let message =
            format!("is not TOML ({message}); write key = value, a [section] or a # comment");
        let mut problem = Problem::of_file(&self.file, message).at_line(line);
        problem.text = written.trim().to_string();
        problem
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_the_order_of_the_file_and_know_their_lines() {
        let (node, problems) = document("a.toml", b"z = 1\n\n[b]\ny = \"x\"\n[b.c]\n[a]\n");
        assert!(problems.is_empty());
        let keys: Vec<_> =
            node.entries().iter().map(|(key, node)| (key.as_str(), node.origin.line)).collect();
        assert_eq!(keys, [("z", 1), ("b", 3), ("a", 6)]);
        let y = node.get("b").and_then(|b| b.get("y"));
        assert_eq!(y.map(|y| y.origin.line), Some(4));
    }

    #[test]
    fn what_is_no_toml_is_a_problem_and_the_rest_is_still_read() {
        let (node, problems) = document("a.toml", b"good = 1\nnot toml at all = = =\nfine = 2\n");
        assert!(!problems.is_empty());
        assert_eq!((problems[0].file.as_str(), problems[0].line), ("a.toml", 2));
        assert_eq!(problems[0].text, "not toml at all = = =");
        assert!(node.get("good").is_some() && node.get("fine").is_some(), "{node:?} {problems:?}");
    }

    #[test]
    fn bytes_that_are_no_text_are_one_problem() {
        let (_, problems) = document("a.toml", &[0xff, 0xfe, 0, 1]);
        let shown = "a.toml: is not a text file; write it as text in UTF-8";
        assert_eq!(problems.iter().map(Problem::to_string).collect::<Vec<_>>(), [shown]);
    }

    #[test]
    fn deep_nesting_is_refused_without_exhausting_the_stack() {
        for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000))] {
            assert!(!document("a.toml", text.as_bytes()).1.is_empty());
        }
        let dotted = format!("{} = 1", ["a"; 50_000].join("."));
        assert!(!document("a.toml", dotted.as_bytes()).1.is_empty());
        let braces = format!("a = {}", "{ a = ".repeat(50_000));
        assert!(!document("a.toml", braces.as_bytes()).1.is_empty());
    }

    #[test]
    fn a_set_value_is_toml_or_else_a_text() {
        assert!(matches!(set_value("--set", "12").value, Value::Whole(12)));
        assert!(matches!(set_value("--set", "[1, 2]").value, Value::List(_)));
        assert!(matches!(set_value("--set", "12 d").value, Value::Text(text) if text == "12 d"));
        assert!(
            matches!(set_value("--set", "\"12 d\"").value, Value::Text(text) if text == "12 d")
        );
    }
}
