//! `metrics`: what a scenario's runs are measured by. The list is that of `summary.json`, of
//! `[[expect]]` and of `[compare]`.

use super::Verdict;
use crate::cli::MetricsArguments;
use crate::console::say;
use crate::error::RunError;
use crate::load::{load, summary_of};
use metrics::Metric;

/// Lists the metrics, with a star for each name that the scenario gives, or each by itself.
pub fn start(arguments: &MetricsArguments) -> Result<Verdict, RunError> {
    let loaded = load(&arguments.file, &[])?;
    let all = summary_of(&loaded.scenario).finish().described();
    let is_wanted = |metric: &&Metric| {
        let holds = |word: &String| {
            let word = word.to_lowercase();
            metric.path.to_lowercase().contains(&word)
                || metric.meaning.to_lowercase().contains(&word)
        };
        arguments.words.iter().all(holds)
    };
    let mut told: Vec<&str> = Vec::new();
    for metric in all.iter().filter(is_wanted) {
        let name = if arguments.all { &metric.path } else { &metric.pattern };
        // What differs by a name alone stands together.
        if !told.contains(&name.as_str()) {
            told.push(name);
            say(line(name, metric));
        }
    }
    if told.is_empty() {
        say("no metric has these words; write fewer, or none for all".to_string());
        return Ok(Verdict::Failed);
    }
    Ok(Verdict::Fine)
}

fn line(name: &str, metric: &Metric) -> String {
    let unit = if metric.unit.is_empty() { "-" } else { metric.unit };
    format!("{name}  [{unit}]  {}", metric.meaning)
}
