//! Typed reading of a tree. Every getter reports what is wrong under its key and returns a
//! placeholder, so that all problems are found in one pass; whoever reads looks at the problems
//! before using a value.

mod entries;
mod names;

use crate::node::{Node, Value};
use crate::problem::{Problem, nearest};
pub use names::Names;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use units::Span;
use units::text::{TextError, parse_ppm, parse_span};

/// Where problems are collected.
pub struct Desk {
    /// The problems so far.
    pub problems: RefCell<Vec<Problem>>,
    /// Whether a part of the tree could not be read: missing keys are then not reported.
    pub is_incomplete: bool,
    /// What to do about a key that is missing, by its path.
    pub remedy_of_missing: fn(&str) -> String,
}

impl Desk {
    /// A desk with the problems so far.
    pub fn new(problems: Vec<Problem>, remedy_of_missing: fn(&str) -> String) -> Desk {
        Desk { problems: RefCell::new(problems), is_incomplete: false, remedy_of_missing }
    }
}

/// A table that is being read.
pub struct Table<'a> {
    desk: &'a Desk,
    /// None for a table that is missing: it reports nothing more.
    node: Option<&'a Node>,
    /// What the table holds by key: a file may have as many keys as lines.
    nodes: BTreeMap<&'a str, &'a Node>,
    path: String,
    known: RefCell<BTreeSet<String>>,
    /// Paths of the keys that should be here and are not.
    missing: RefCell<Vec<String>>,
    is_sound: Cell<bool>,
}

impl<'a> Table<'a> {
    /// The top of a tree.
    pub fn root(desk: &'a Desk, node: &'a Node) -> Table<'a> {
        Table::new(desk, Some(node), String::new())
    }

    fn new(desk: &'a Desk, node: Option<&'a Node>, path: String) -> Table<'a> {
        let entries = node.map_or(&[][..], Node::entries);
        let nodes = entries.iter().map(|(key, node)| (key.as_str(), node)).collect();
        let is_sound = Cell::new(node.is_some());
        let (known, missing) = (RefCell::default(), RefCell::default());
        Table { desk, node, nodes, path, known, missing, is_sound }
    }

    /// Whether all that was read so far is good, so that values may be compared.
    pub fn is_sound(&self) -> bool {
        self.is_sound.get()
    }

    /// The full path of a key.
    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) }
    }

    /// Reports a problem of a key, or of the table itself for an empty key.
    pub fn problem(&self, key: &str, message: impl Into<String>) {
        self.is_sound.set(false);
        self.report(key, message.into(), false);
    }

    /// Reports a problem of a value that stands further down, with dots.
    pub fn problem_below(&self, path: &str, message: &str) {
        let found = path.split('.').try_fold(self.node, |node, key| node.map(|node| node.get(key)));
        found.flatten().into_iter().for_each(|n| self.problem_at(path, n, message.to_string()));
    }

    /// Reports something doubtful that is valid all the same.
    pub fn warning(&self, key: &str, message: impl Into<String>) {
        self.report(key, message.into(), true);
    }

    /// Reports a problem of a key if a condition does not hold and all is sound so far.
    pub fn require(&self, holds: bool, key: &str, message: impl FnOnce() -> String) {
        if self.is_sound() && !holds {
            self.problem(key, message());
        }
    }

    fn report(&self, key: &str, message: String, is_warning: bool) {
        let Some(table) = self.node else { return };
        self.report_at(key, self.written(key).unwrap_or(table), message, is_warning);
    }

    /// Reports a problem of a part of a key, where that part was written.
    fn problem_at(&self, key: &str, node: &Node, message: String) {
        self.is_sound.set(false);
        self.report_at(key, node, message, false);
    }

    /// Reports a problem of one line of the text of a key: where the text came out of a file, of
    /// that line of the file.
    pub fn problem_in_text(&self, key: &str, line: u32, message: String) {
        let Some(node) = self.written(key) else { return self.problem(key, message) };
        let mut origin = node.origin.clone();
        origin.line += line - 1;
        let line = Node { value: Value::List(Vec::new()), origin };
        self.problem_at(key, &line, message);
    }

    fn report_at(&self, key: &str, node: &Node, message: String, is_warning: bool) {
        let path = if key.is_empty() { self.path.clone() } else { self.path_of(key) };
        let mut problem = Problem::of_file(&node.origin.file, message).at_line(node.origin.line);
        problem.key = path;
        problem.text = node.as_written();
        problem.is_warning = is_warning;
        self.desk.problems.borrow_mut().push(problem);
    }

    /// The node of a key, which must be there.
    pub fn node(&self, key: &str) -> Option<&'a Node> {
        let node = self.peek(key);
        if node.is_none() && self.node.is_some() {
            self.is_sound.set(false);
            if !self.desk.is_incomplete {
                let path = self.path_of(key);
                let remedy = (self.desk.remedy_of_missing)(&path);
                self.report(key, format!("is missing; {remedy}"), false);
                self.missing.borrow_mut().push(path);
            }
        }
        node
    }

    /// The node of a key that may be absent.
    pub fn peek(&self, key: &str) -> Option<&'a Node> {
        self.known.borrow_mut().insert(key.to_string());
        self.written(key)
    }

    /// What was written for a key, whether anybody asks for it or not.
    fn written(&self, key: &str) -> Option<&'a Node> {
        self.nodes.get(key).copied()
    }

    /// A text as written.
    pub fn text(&self, key: &str) -> String {
        match self.node(key).map(|node| &node.value) {
            Some(Value::Text(text)) => text.clone(),
            Some(_) => self.kind_problem(key, "a text in quotes"),
            None => String::new(),
        }
    }

    fn kind_problem<T: Default>(&self, key: &str, wanted: &str) -> T {
        let kind = self.written(key).map_or("nothing", Node::kind);
        self.problem(key, format!("is {kind}; write {wanted}"));
        T::default()
    }

    /// A quantity with its unit.
    pub fn quantity<T: Default>(&self, key: &str, parse: fn(&str) -> Result<T, TextError>) -> T {
        let parsed = match self.node(key).map(|node| &node.value) {
            Some(Value::Text(text)) => parse(text),
            Some(_) => {
                return self.kind_problem(key, "a number and its unit in quotes, as in \"250 ms\"");
            }
            None => return T::default(),
        };
        parsed.unwrap_or_else(|error| {
            self.problem(key, error.to_string());
            T::default()
        })
    }

    /// A length of time that is not nothing.
    pub fn span_above_zero(&self, key: &str) -> Span {
        let span = self.quantity(key, parse_span);
        self.require(!span.is_zero(), key, || "is zero; write a time above zero".to_string());
        span
    }

    /// A quantity with its unit, or the word `none`.
    pub fn quantity_or_none<T: Default>(
        &self,
        key: &str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        match self.peek(key).map(|node| &node.value) {
            Some(Value::Text(word)) if word == "none" => None,
            _ => Some(self.quantity(key, parse)),
        }
    }

    /// A whole number in a range.
    pub fn whole(&self, key: &str, range: RangeInclusive<u32>) -> u32 {
        self.integer(key, i128::from(*range.start())..=i128::from(*range.end()))
            .map_or(0, |value| u32::try_from(value).expect("the range is one of u32"))
    }

    /// A whole number in a range, which may be negative.
    pub fn integer(&self, key: &str, range: RangeInclusive<i128>) -> Option<i128> {
        match self.node(key).map(|node| &node.value) {
            Some(Value::Whole(value)) if range.contains(value) => Some(*value),
            Some(Value::Whole(_)) => {
                let (least, most) = (range.start(), range.end());
                self.problem(
                    key,
                    format!("is out of range; write a whole number from {least} to {most}"),
                );
                None
            }
            Some(_) => self.kind_problem(key, "a whole number"),
            None => None,
        }
    }

    /// A finite number in a range.
    pub fn number(&self, key: &str, range: RangeInclusive<f64>) -> f64 {
        match self.node(key).map(|node| &node.value) {
            Some(value @ (Value::Number(_) | Value::Whole(_))) => {
                let number = as_number(value);
                if !range.contains(&number) {
                    self.problem(key, out_of_range(&range));
                }
                number
            }
            Some(_) => self.kind_problem(key, "a number"),
            None => 0.0,
        }
    }

    /// A number with two decimals at most, in hundredths.
    pub fn hundredths(&self, key: &str, range: RangeInclusive<f64>) -> u32 {
        let number = self.number(key, range) * 100.0;
        let whole = libm::round(number);
        self.require(libm::fabs(number - whole) < 1e-6, key, || {
            "has more than two decimals; shorten it".to_string()
        });
        if self.is_sound() { whole as u32 } else { 0 }
    }

    /// A list of finite numbers above zero.
    pub fn positive_numbers(&self, key: &str) -> Vec<f64> {
        let numbers = self.numbers(key);
        if !numbers.iter().all(|number| number.is_finite() && *number > 0.0) {
            self.problem(key, "holds something else; write numbers above zero");
        }
        numbers
    }

    /// A list of numbers; what is none is not finite.
    pub fn numbers(&self, key: &str) -> Vec<f64> {
        let items = match self.node(key).map(|node| &node.value) {
            Some(Value::List(items)) => &items[..],
            Some(_) => return self.kind_problem(key, "a list of numbers, as in [1.0, 1.5]"),
            None => return Vec::new(),
        };
        items.iter().map(|item| as_number(&item.value)).collect()
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> bool {
        match self.node(key).map(|node| &node.value) {
            Some(Value::Flag(flag)) => *flag,
            Some(_) => self.kind_problem(key, "true or false"),
            None => false,
        }
    }

    /// One of a few words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> T {
        let written = self.node(key).map(|node| &node.value);
        let found = match written {
            Some(Value::Text(text)) => words.iter().find(|(word, _)| word == text),
            _ => None,
        };
        if written.is_some() && found.is_none() {
            let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let close = nearest(&self.as_written(key), all.iter().copied());
            let close = close.map_or(String::new(), |word| format!("did you mean {word}? "));
            let all = all.join(", ");
            self.problem(key, format!("is not one of its words; {close}write one of: {all}"));
        }
        found.map_or(words[0].1, |(_, value)| *value)
    }

    /// Whether something was written for a key.
    pub fn has(&self, key: &str) -> bool {
        self.peek(key).is_some()
    }

    /// How many problems there are so far, of all tables.
    pub fn problem_count(&self) -> usize {
        self.desk.problems.borrow().len()
    }

    /// A key that may be absent: what `read` makes of it, or the default.
    pub fn or<T>(&self, key: &str, default: T, read: impl FnOnce(&Self, &str) -> T) -> T {
        if self.has(key) { read(self, key) } else { default }
    }

    /// What `read` makes of each text of a list; what it refuses is a problem at its own place.
    pub fn each_text<T>(
        &self,
        key: &str,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Vec<T> {
        let items = match self.node(key).map(|node| &node.value) {
            Some(Value::List(items)) => &items[..],
            Some(_) => return self.kind_problem(key, "a list of texts, as in [\"a\", \"b\"]"),
            None => return Vec::new(),
        };
        let mut values = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let value = match &item.value {
                Value::Text(text) => read(text),
                _ => Err(format!("is {}; write a text in quotes", item.kind())),
            };
            match value {
                Ok(value) => values.push(value),
                Err(message) => self.problem_at(&format!("{key}[{}]", at + 1), item, message),
            }
        }
        values
    }

    /// What was written for a key; empty when nothing was.
    fn as_written(&self, key: &str) -> String {
        self.written(key).map(Node::as_written).unwrap_or_default()
    }

    /// The place of a name in a catalogue.
    pub fn reference(&self, key: &str, names: &Names) -> usize {
        let name = self.text(key);
        let found = names.index(&name);
        // Without a catalogue the name cannot be judged; the catalogue is the problem.
        if self.is_sound() && found.is_none() && names.len() > 0 {
            self.problem(key, names.unknown(&name));
        }
        found.unwrap_or(0)
    }

    /// The places of names in a catalogue, from a list that may be absent.
    pub fn list_of_references(&self, key: &str, names: &Names) -> Vec<usize> {
        // Without a catalogue the names cannot be judged; the catalogue is the problem.
        if !self.has(key) || names.len() == 0 {
            return Vec::new();
        }
        self.each_text(key, |name| names.index(name).ok_or_else(|| names.unknown(name)))
    }

    /// A table: it is read, then keys that nobody asked for are refused.
    pub fn table<T>(&self, key: &str, read: impl FnOnce(&Table) -> T) -> T {
        let node = self.node(key);
        if node.is_some_and(|node| !node.is_table()) {
            self.kind_problem::<()>(key, "a table");
        }
        self.read_table(node.filter(|node| node.is_table()), key, read)
    }

    /// A table, or the word `none`.
    pub fn optional<T>(&self, key: &str, read: impl FnOnce(&Table) -> T) -> Option<T> {
        let node = self.node(key)?;
        match &node.value {
            Value::Text(word) if word == "none" => None,
            Value::Table(_) => Some(self.read_table(Some(node), key, read)),
            _ => self.kind_problem(key, "a table, or \"none\""),
        }
    }

    fn read_table<T>(&self, node: Option<&Node>, key: &str, read: impl FnOnce(&Table) -> T) -> T {
        let table = Table::new(self.desk, node, self.path_of(key));
        let value = read(&table);
        table.refuse_unknown();
        self.is_sound.set(self.is_sound() && table.is_sound());
        value
    }

    /// Refuses keys that nobody asked for.
    pub fn refuse_unknown(&self) {
        let known = self.known.borrow();
        for (key, _) in self.node.map_or(&[][..], Node::entries) {
            if !known.contains(key) {
                let close = nearest(key, known.iter().map(String::as_str));
                let remedy =
                    close.map_or("remove it".to_string(), |key| format!("did you mean {key}?"));
                self.problem(key, format!("is not a known key; {remedy}"));
            }
        }
    }

    /// The keys of this table, in the order of the file.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.node.map_or(&[][..], Node::entries).iter().map(|(name, _)| name.as_str())
    }

    /// The tables of a list that may be absent.
    pub fn list_of_tables<T>(&self, key: &str, read: impl Fn(&Table) -> T) -> Vec<T> {
        let Some(node) = self.peek(key) else { return Vec::new() };
        let items = match &node.value {
            Value::List(items) if items.iter().all(Node::is_table) => items,
            _ => {
                self.problem(key, format!("is no list of tables; write [[{key}]]"));
                return Vec::new();
            }
        };
        items.iter().map(|item| self.read_table(Some(item), key, &read)).collect()
    }

    /// The tables of a list, each with its place: `candidates[1].bid` is a path within the first.
    pub fn numbered_tables<T>(&self, key: &str, mut read: impl FnMut(&Table) -> T) -> Vec<T> {
        let items = match self.node(key).map(|node| &node.value) {
            Some(Value::List(items)) => &items[..],
            Some(_) => return self.kind_problem(key, "a list of tables"),
            None => return Vec::new(),
        };
        let mut values = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let key = format!("{key}[{}]", at + 1);
            if item.is_table() {
                values.push(self.read_table(Some(item), &key, &mut read));
            } else {
                self.problem_at(&key, item, format!("is {}; write a table", item.kind()));
            }
        }
        values
    }

    /// Shares of a catalogue by name; they add up to 100 %, names left out have none.
    pub fn shares(&self, key: &str, names: &Names) -> Vec<f64> {
        let mut shares = vec![0.0; names.len()];
        self.table(key, |table| {
            for name in table.keys() {
                let share = table.quantity(name, parse_ppm);
                match names.index(name) {
                    Some(place) => shares[place] = f64::from(share.0) / 1e6,
                    None if names.len() > 0 => table.problem(name, names.unknown(name)),
                    None => {}
                }
            }
            if names.len() > 0 {
                table.whole_share(shares.iter().sum());
            }
        });
        shares
    }

    /// Reports shares that do not add up.
    pub fn whole_share(&self, sum: f64) {
        self.require(libm::fabs(sum - 1.0) < 1e-9, "", || {
            // An empty sum is minus zero; adding zero makes it print as zero.
            let sum = libm::round(sum * 1e6) / 1e4 + 0.0;
            format!("adds up to {sum} %; make the shares add up to 100 %")
        });
    }

    /// A list of so many numbers with mean 1, within a hundredth.
    pub fn multipliers<const N: usize>(&self, key: &str) -> [f64; N] {
        let mut numbers = [1.0; N];
        match self.node(key).map(|node| &node.value) {
            Some(Value::List(items)) if items.len() == N => {
                for (number, item) in numbers.iter_mut().zip(items) {
                    *number = as_number(&item.value);
                }
            }
            Some(_) => self.problem(key, format!("is no list of {N} numbers; write all {N}")),
            None => {}
        }
        let mean = numbers.iter().sum::<f64>() / N as f64;
        let range = 0.0..=100.0;
        if !numbers.iter().all(|number| range.contains(number)) {
            self.problem(key, format!("holds something else; write {N} numbers from 0 to 100"));
        } else if libm::fabs(mean - 1.0) > 0.01 {
            self.problem(key, format!("has mean {mean:.4}; divide all by it to make the mean 1"));
        }
        numbers
    }
}

/// A number, whether it was written with a fraction or not; not a number for all else.
pub fn as_number(value: &Value) -> f64 {
    match value {
        Value::Number(number) => *number,
        Value::Whole(whole) => *whole as f64,
        _ => f64::NAN,
    }
}

fn out_of_range(range: &RangeInclusive<f64>) -> String {
    format!("is out of range; write a number from {} to {}", range.start(), range.end())
}
