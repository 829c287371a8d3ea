//! From a path to a scenario: read, merge, check, and print the effective text.

use crate::chain::{Loader, merged, normal};
use crate::node::Node;
use crate::print;
use crate::problem::{Problem, nearest};
use crate::validate::validate;
use crate::validated::Scenario;

/// A valid scenario, with what a result needs to name it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
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
        expects
            .filter(|expect| !metrics.contains(&expect.metric))
            .map(|expect| {
                let close = nearest(&expect.metric, metrics.iter().map(String::as_str));
                let remedy =
                    close.map_or(SEE_SUMMARY.to_string(), |path| format!("did you mean {path}?"));
                Problem {
                    key: "expect.metric".to_string(),
                    text: expect.metric.clone(),
                    ..Problem::of_file(&expect.file, format!("is no metric; {remedy}"))
                        .at_line(expect.line)
                }
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
    let read = merged(path, loader, sets);
    let mut problems = read.problems;
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
    let effective = format!("{HEAD}\n{}", print::document(&read.root));
    let leaves = print::leaves(&read.root);
    Ok(Loaded { scenario: found.scenario, warnings: problems, effective, leaves })
}

/// Whether a tree has neither question nor expectation: it was written to be extended, and all
/// else that it lacks is no mistake.
fn is_part(root: &Node) -> bool {
    ["question", "expectation"].iter().all(|key| root.get(key).is_none())
}

const PART: &str = "is a part: it has neither question nor expectation; \
                    take a scenario that extends it, or write both";

const HEAD: &str = "# The effective scenario: every value, with nothing left to look up.\n";
