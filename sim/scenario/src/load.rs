//! From a path to a scenario: read, merge, check, and print the effective text.

use crate::chain::{Loader, merged, normal};
use crate::csv;
use crate::fleet;
use crate::node::{Node, Value};
use crate::print;
use crate::problem::{Problem, nearest};
use crate::replay;
use crate::trace;
use crate::validate::validate;
use crate::validated::Scenario;
use crate::variant::{self, Comparison};

/// A valid scenario, with what a result needs to name it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// What it holds side by side.
    pub comparison: Comparison,
    /// What is doubtful about it.
    pub warnings: Vec<Problem>,
    /// The whole scenario as one TOML text without `extends`, which reads as the same scenario.
    /// The same files and overrides always give the same text.
    pub effective: String,
    /// The leaves of the effective text: path with dots, value as TOML.
    pub leaves: Vec<(String, String)>,
}

impl Loaded {
    /// What is expected of metrics that do not exist. `metrics` are the paths of those that do:
    /// the caller knows them, this crate does not.
    pub fn unknown_metrics(&self, metrics: &[String]) -> Vec<Problem> {
        let expects = self.scenario.expects.iter();
        let expects = expects.map(|e| ("expect.metric".to_string(), &e.metric, &e.file, e.line));
        let columns = self.comparison.columns.iter();
        let columns = columns.map(|c| (format!("compare.{}", c.label), &c.metric, &c.file, c.line));
        expects
            .chain(columns)
            .filter(|(_, metric, ..)| !metrics.contains(metric))
            .map(|(key, metric, file, line)| {
                let close = nearest(metric, metrics.iter().map(String::as_str));
                let remedy =
                    close.map_or(SEE_SUMMARY.to_string(), |path| format!("did you mean {path}?"));
                let text = metric.clone();
                let message = format!("is no metric; {remedy}");
                Problem { key, text, ..Problem::of_file(file, message).at_line(line) }
            })
            .collect()
    }
}

const SEE_SUMMARY: &str = "write the path of a number in summary.json, as in orders.matched_share";

/// Reads a scenario through a loader and applies `key.path=value` overrides.
///
/// Every problem of every file is reported, not the first. The scenario is named by its file. A
/// file without question and expectation is a part that scenarios extend, and is refused as such.
///
/// ```
/// use scenario::{LoadError, load};
/// let loader = |path: &str| match path {
///     "a.toml" => Ok(b"question = \"why?\"\nclock = 1".to_vec()),
///     _ => Err(LoadError::Missing),
/// };
/// let problems = load("a.toml", &loader, &[]).expect_err("a clock is a table");
/// assert!(problems.iter().any(|p| p.to_string().starts_with("a.toml:2: clock: \"1\" is")));
/// ```
pub fn load(path: &str, loader: &dyn Loader, sets: &[String]) -> Result<Loaded, Vec<Problem>> {
    let mut read = merged(path, loader, sets);
    let mut problems = read.problems;
    csv::expand(&mut read.root, loader, &mut problems);
    fleet::expand(&mut read.root, loader, &mut problems);
    trace::expand(&mut read.root, loader, &mut problems);
    replay::expand(&mut read.root, loader, &mut problems);
    let is_empty = read.root.entries().is_empty();
    if is_empty && !problems.is_empty() {
        return Err(problems);
    }
    if !read.is_incomplete && is_part(&read.root) {
        problems.push(Problem::of_file(path, PART));
        return Err(problems);
    }
    let found = validate(&read.root, &normal(path), read.is_incomplete);
    problems.extend(found.problems);
    if problems.iter().any(|problem| !problem.is_warning) {
        return Err(problems);
    }
    let mut tree = read.root;
    for key in variant::KEYS {
        tree.take(key);
    }
    drop_expects_of_variants(&mut tree);
    let effective = format!("{HEAD}\n{}", print::document(&tree));
    let leaves = print::leaves(&tree);
    let comparison = found.comparison;
    Ok(Loaded { scenario: found.scenario, comparison, warnings: problems, effective, leaves })
}

/// Variants are no part of the effective scenario, nor is what is expected of them.
fn drop_expects_of_variants(tree: &mut Node) {
    let Value::Table(entries) = &mut tree.value else { return };
    entries.retain_mut(|(key, node)| match &mut node.value {
        Value::List(items) if key == "expect" => {
            items.retain(|item| item.get("variant").is_none());
            !items.is_empty()
        }
        _ => true,
    });
}

/// Whether a tree has neither question nor expectation: it was written to be extended, and all
/// else that it lacks is no mistake.
fn is_part(root: &Node) -> bool {
    ["question", "expectation"].iter().all(|key| root.get(key).is_none())
}

const PART: &str = "is a part: it has neither question nor expectation; \
                    take a scenario that extends it, or write both";

const HEAD: &str = "# The effective scenario: every value, with nothing left to look up.\n";
