//! A declared value and where it was written. Tables keep the order of their keys, because the
//! order of cards, regions, pools and classes numbers them.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file, or `--set`.
    pub file: Rc<str>,
    /// The line, from 1; zero for none.
    pub line: u32,
}

/// A declared value.
#[derive(Clone, Debug)]
pub struct Node {
    /// What was written.
    pub value: Value,
    /// Where.
    pub origin: Origin,
}

/// The kinds of values.
#[derive(Clone, Debug)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number; wider than TOML's own so that a too large one is reported by its key.
    Whole(i128),
    /// A number with a fraction; may be infinite or not a number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A date or anything else that no scenario needs, as written.
    Other(String),
    /// A list.
    List(Vec<Node>),
    /// A table, in the order of the file.
    Table(Vec<(String, Node)>),
}

/// Ways to write a length of time, and times up and down: who writes one replaces another.
const FORMS: [&[&str]; 6] =
    [&["by_gpus"], &["trace"], &["traces"], &["sites"], &["up", "down"], &["between", "repair"]];

impl Node {
    /// An empty table.
    pub fn table(origin: Origin) -> Node {
        Node { value: Value::Table(Vec::new()), origin }
    }

    /// The entries of a table; none for anything else.
    pub fn entries(&self) -> &[(String, Node)] {
        if let Value::Table(entries) = &self.value { entries } else { &[] }
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.value, Value::Table(_))
    }

    /// The value of a key of a table.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, node)| node)
    }

    /// Takes a key out of a table.
    pub fn take(&mut self, key: &str) -> Option<Node> {
        let Value::Table(entries) = &mut self.value else { return None };
        let place = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(place).1)
    }

    /// The value of a key, made an empty table if there was no table.
    pub fn table_at(&mut self, key: &str, origin: &Origin) -> &mut Node {
        if !self.is_table() {
            *self = Node::table(origin.clone());
        }
        let Value::Table(entries) = &mut self.value else { unreachable!("made a table above") };
        let place = entries.iter().position(|(name, _)| name == key).unwrap_or(entries.len());
        if place == entries.len() {
            entries.push((key.to_string(), Node::table(origin.clone())));
        }
        &mut entries[place].1
    }

    /// Lays another value over this one: tables key by key, all else is replaced.
    ///
    /// A table of another form is another table: parameters of the old law are not kept. The
    /// place of a table is where it was last touched: what it adds up to was decided there.
    pub fn overlay(&mut self, over: Node) {
        let is_other_form = over.form().is_some() && self.form() != over.form();
        match over.value {
            Value::Table(entries) if self.is_table() && !is_other_form => {
                self.origin = over.origin;
                self.overlay_entries(entries);
            }
            value => *self = Node { value, origin: over.origin },
        }
    }

    /// What tells a table from another that says the same in other keys: its law, or which of the
    /// `FORMS` it has in full.
    fn form(&self) -> Option<String> {
        let has = |keys: &&[&str]| keys.iter().all(|key| self.get(key).is_some());
        let form = || FORMS.into_iter().find(has).map(|keys| keys.concat());
        self.get("law").map(Node::as_written).or_else(form)
    }

    /// Lays the entries of a table, each key once, over those of this one.
    fn overlay_entries(&mut self, over: Vec<(String, Node)>) {
        let Value::Table(entries) = &mut self.value else { return };
        let names = entries.iter().enumerate().map(|(place, (name, _))| (name.clone(), place));
        let places: BTreeMap<String, usize> = names.collect();
        for (key, node) in over {
            match places.get(&key) {
                Some(place) => entries[*place].1.overlay(node),
                None => entries.push((key, node)),
            }
        }
    }

    /// The value as it was written, for messages; empty for tables and lists.
    pub fn as_written(&self) -> String {
        match &self.value {
            Value::Text(text) | Value::Other(text) => text.clone(),
            Value::Whole(value) => value.to_string(),
            Value::Number(value) => format!("{value:?}"),
            Value::Flag(value) => value.to_string(),
            Value::List(_) | Value::Table(_) => String::new(),
        }
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Whole(_) => "a whole number",
            Value::Number(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Other(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Whether a key needs no quotes in TOML: letters, digits, `_` and `-`.
pub fn is_bare_key(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Node {
        let origin = Origin { file: "t".into(), line: 1 };
        Node { value: Value::Text(value.into()), origin }
    }

    fn table(entries: &[(&str, Node)]) -> Node {
        let entries = entries.iter().map(|(key, node)| (key.to_string(), node.clone()));
        Node { value: Value::Table(entries.collect()), ..text("") }
    }

    #[test]
    fn tables_merge_key_by_key_and_keep_their_order() {
        let mut base = table(&[("b", text("1")), ("a", table(&[("x", text("1"))]))]);
        base.overlay(table(&[("a", table(&[("y", text("2"))])), ("b", text("3"))]));
        let keys: Vec<&str> = base.entries().iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["b", "a"]);
        assert_eq!(base.get("b").map(Node::as_written).as_deref(), Some("3"));
        assert_eq!(base.get("a").map(|a| a.entries().len()), Some(2));
    }

    #[test]
    fn a_table_with_another_law_is_another_table() {
        let mut base = table(&[("law", text("lognormal")), ("median", text("1 h"))]);
        base.overlay(table(&[("law", text("lognormal")), ("median", text("2 h"))]));
        assert_eq!(base.entries().len(), 2);
        base.overlay(table(&[("law", text("exponential"))]));
        assert_eq!(base.entries().len(), 1);
    }
}
