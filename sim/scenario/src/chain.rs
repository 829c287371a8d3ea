//! A file and what it extends, merged: later files override earlier ones key by key.
//!
//! `extends` names one file or a list, each read from the folder of the file that names it.
//! `remove` takes keys out of what was extended. `[[expect]]` and `[[variant]]` entries
//! are not inherited: a scenario that asks another question expects other answers.

use crate::node::{Node, Origin, Value, is_bare_key};
use crate::parse;
use crate::problem::{Problem, nearest};
use crate::variant;
use std::fmt;

/// Files one may extend through; deeper chains are mistakes.
const DEPTH_MAX: usize = 16;
/// Files read for one scenario, counting repetitions.
const FILES_MAX: usize = 200;
/// Parts of a key.
const PARTS_MAX: usize = 16;

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// There is no such file.
    Missing,
    /// There is one, but it cannot be read: the reason.
    Unreadable(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Missing => f.write_str("cannot be found; correct the path"),
            LoadError::Unreadable(reason) => {
                write!(f, "cannot be read ({reason}); make it a readable file")
            }
        }
    }
}

impl std::error::Error for LoadError {}

/// Reads files for the scenario crate, which knows no file system.
pub trait Loader {
    /// The bytes of a file; paths have `/` between their parts.
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError>;
}

impl<F: Fn(&str) -> Result<Vec<u8>, LoadError>> Loader for F {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        self(path)
    }
}

/// What was read: the merged tree and what went wrong on the way.
pub struct Merged {
    /// The tree, as far as it could be read.
    pub root: Node,
    /// Problems of files, not of values.
    pub problems: Vec<Problem>,
    /// Whether a part could not be read, so that missing keys mean nothing.
    pub is_incomplete: bool,
}

/// Reads a file, what it extends, and the `--set` overrides.
pub fn merged(path: &str, loader: &dyn Loader, sets: &[String]) -> Merged {
    let mut reading = Reading { loader, stack: Vec::new(), files: 0, problems: Vec::new() };
    let path = normal(path);
    let mut root = reading.file(&path, None);
    let mut problems = reading.problems;
    let is_incomplete = !problems.is_empty();
    for set in sets {
        if let Err(problem) = apply_set(&mut root, set, is_incomplete) {
            problems.push(problem);
        }
    }
    Merged { root, problems, is_incomplete }
}

struct Reading<'a> {
    loader: &'a dyn Loader,
    /// The files being read, from the first to the one that extends now.
    stack: Vec<String>,
    files: usize,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// Reads one file, asked for by an `extends` entry or by the caller.
    fn file(&mut self, path: &str, asked: Option<&Node>) -> Node {
        let nothing = Node::table(Origin { file: path.into(), line: 0 });
        self.files += 1;
        let bytes = match self.refusal(path) {
            Some(message) => Err(message),
            None => self.loader.read(path).map_err(|error| error.to_string()),
        };
        match bytes {
            Ok(bytes) => {
                let (node, problems) = parse::document(path, &bytes);
                let is_empty = node.entries().is_empty() && problems.is_empty();
                self.problems.extend(problems);
                if is_empty {
                    self.problems.push(Problem::of_file(path, EMPTY));
                }
                self.extended(path, node)
            }
            Err(message) => {
                self.problems.push(asked_problem(path, asked, message));
                nothing
            }
        }
    }

    /// Why this file is not to be read at all, if so.
    fn refusal(&self, path: &str) -> Option<String> {
        if self.stack.iter().any(|open| open == path) {
            let circle = format!("{} -> {path}", self.stack.join(" -> "));
            return Some(format!("extends itself ({circle}); break the circle"));
        }
        if self.stack.len() >= DEPTH_MAX {
            return Some(format!("is deeper than {DEPTH_MAX} files; shorten the extends chain"));
        }
        let is_too_many = self.files > FILES_MAX;
        is_too_many.then(|| format!("is past {FILES_MAX} files; shorten the extends chain"))
    }

    /// The base that a file names, with the file laid over it.
    fn extended(&mut self, path: &str, mut node: Node) -> Node {
        let (extends, remove) = (node.take("extends"), node.take("remove"));
        if !self.stack.is_empty() {
            for key in ["expect"].into_iter().chain(variant::KEYS) {
                node.take(key);
            }
        }
        self.stack.push(path.to_string());
        let mut base = Node::table(Origin { file: path.into(), line: 0 });
        for asked in self.strings("extends", extends) {
            let target = resolved(path, &asked.as_written());
            base.overlay(self.file(&target, Some(&asked)));
        }
        for key in self.strings("remove", remove) {
            if !removed(&mut base, &key.as_written()) {
                let message = "is not there to be removed; drop it from the list";
                self.problems.push(problem_at(&key, "remove", message.into()));
            }
        }
        self.stack.pop();
        base.overlay(node);
        base
    }

    /// The strings of a key that holds one or a list of them.
    fn strings(&mut self, key: &str, node: Option<Node>) -> Vec<Node> {
        let items = match node {
            Some(Node { value: Value::List(items), .. }) => items,
            other => other.into_iter().collect(),
        };
        let (good, bad): (Vec<_>, Vec<_>) =
            items.into_iter().partition(|item| matches!(item.value, Value::Text(_)));
        for item in bad {
            let message = format!("is {}; write a text or a list of texts", item.kind());
            self.problems.push(problem_at(&item, key, message));
        }
        good
    }
}

const EMPTY: &str =
    "is empty; write a scenario, for example extends = \"baseline.toml\" and what differs";

fn asked_problem(path: &str, asked: Option<&Node>, message: String) -> Problem {
    asked.map_or_else(
        || Problem::of_file(path, message.clone()),
        |asked| problem_at(asked, "extends", message.clone()),
    )
}

fn problem_at(node: &Node, key: &str, message: String) -> Problem {
    let mut problem = Problem::of_file(&node.origin.file, message).at_line(node.origin.line);
    problem.key = key.to_string();
    problem.text = node.as_written();
    problem
}

/// Takes a dotted key out of a tree, if it is there.
fn removed(node: &mut Node, path: &str) -> bool {
    match path.split_once('.') {
        None => node.take(path).is_some(),
        Some((first, rest)) => match &mut node.value {
            Value::Table(entries) => {
                let child = entries.iter_mut().find(|(name, _)| name == first);
                child.is_some_and(|(_, child)| removed(child, rest))
            }
            _ => false,
        },
    }
}

/// Lays one `key.path=value` over the tree.
fn apply_set(root: &mut Node, set: &str, is_incomplete: bool) -> Result<(), Problem> {
    let refused = |message: &str| {
        let mut problem = Problem::of_file("--set", message);
        problem.text = set.to_string();
        problem
    };
    let (path, value) = set.split_once('=').ok_or_else(|| refused(NO_VALUE))?;
    let parts: Vec<&str> = path.trim().split('.').collect();
    let is_path = parts.len() <= PARTS_MAX && parts.iter().all(|part| is_bare_key(part));
    if !is_path || value.trim().is_empty() {
        return Err(refused(NO_VALUE));
    }
    if let Some(problem) = missing_table(root, &parts).filter(|_| !is_incomplete) {
        return Err(problem);
    }
    let value = parse::set_value("--set", value.trim());
    let origin = value.origin.clone();
    let place = parts.iter().fold(root, |node, part| node.table_at(part, &origin));
    place.overlay(value);
    Ok(())
}

/// The first table on the way to a key that is not there: a slip of the pen, and one problem. A
/// new table with this one key would be told once for each key that it lacks.
fn missing_table(root: &Node, parts: &[&str]) -> Option<Problem> {
    let mut table = root;
    for (depth, part) in parts[..parts.len() - 1].iter().enumerate() {
        let Some(next) = table.get(part) else {
            // A word such as "none" may become a table.
            return table.is_table().then(|| unknown_table(table, &parts[..=depth]));
        };
        table = next;
    }
    None
}

fn unknown_table(table: &Node, path: &[&str]) -> Problem {
    let known = table.entries().iter().map(|(name, _)| name.as_str());
    let close = nearest(path.last().expect("a path has a part"), known);
    let remedy = close.map_or("write what is new into a scenario file".to_string(), |name| {
        format!("did you mean {name}?")
    });
    let mut problem = Problem::of_file("--set", format!("is not a known key; {remedy}"));
    problem.key = path.join(".");
    problem
}

const NO_VALUE: &str = "is no assignment; write key.path=value, as in clock.horizon=\"3 d\"";

/// The path of a file that `from` names: from its folder, or from the root.
pub fn resolved(from: &str, target: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if target.starts_with('/') || !from.contains('/') {
        return normal(target);
    }
    normal(&format!("{folder}/{target}"))
}

/// A path without `.` and without `..` where they can be resolved.
pub fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if path.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
