//! `compare`: the variants of a scenario on the same seeds, side by side in one table.
//!
//! Draws are keyed, so that variants which differ in a rule meet the same tenants, machines and
//! faults: what differs in the table is what the rule did.

use super::{Verdict, tell_warnings};
use crate::cli::CompareArguments;
use crate::console::{say, tell};
use crate::error::RunError;
use crate::execute::{Watch, run};
use crate::files::{self, FileError};
use crate::folder;
use crate::interrupt::Stop;
use crate::load::{identity, load, load_variant, summary_of};
use crate::progress::Progress;
use figures::{Block, Page, Section};
use metrics::{Summary, Table, number, or_dash};
use rayon::prelude::*;
use scenario::{Column, Loaded, Problem, Variant};
use std::fmt::Write as _;
use std::fs;

/// The name of the first row: the scenario as it stands.
const AS_DECLARED: &str = "as declared";

/// One row on its way.
struct Row {
    name: String,
    loaded: Loaded,
}

/// What one run of a row came to.
struct Cell {
    row: usize,
    seed: u64,
    /// By column.
    values: Vec<Option<f64>>,
}

/// Runs every variant on every seed and writes the table.
pub fn start(arguments: &CompareArguments) -> Result<Verdict, RunError> {
    let base = load(&arguments.file, &arguments.sets)?;
    if base.comparison.variants.is_empty() {
        let problem = Problem::of_file(&arguments.file.to_string_lossy(), NOTHING);
        return Err(RunError::Scenario(vec![problem]));
    }
    if !arguments.quiet {
        tell_warnings(&base);
    }
    let rows = rows(arguments, &base)?;
    let own = base.scenario.clock.seed;
    let seeds: Vec<u64> = arguments.seeds.map_or(vec![own], |seeds| seeds.range().collect());
    let stop = Stop::on_interrupt();
    let cells = run_all(&rows, &seeds, &base, arguments.quiet, &stop);
    if stop.is_asked() {
        tell("stopped; nothing was written");
        return Ok(Verdict::Interrupted);
    }
    conclude(arguments, &base, &rows, &seeds, &cells)
}

const NOTHING: &str = "has nothing to compare; write [[variant]] with a name and what it sets, and \
                       [compare] with a head and a metric for each column";

/// The scenario as it stands and its variants, all read before the first is run.
fn rows(arguments: &CompareArguments, base: &Loaded) -> Result<Vec<Row>, RunError> {
    let mut rows = vec![Row { name: AS_DECLARED.to_string(), loaded: base.clone() }];
    for variant in &base.comparison.variants {
        let loaded = load_variant(&arguments.file, &arguments.sets, variant)?;
        rows.push(Row { name: variant.name.clone(), loaded });
    }
    Ok(rows)
}

/// Every row under every seed, side by side; what comes out is in their order.
fn run_all(rows: &[Row], seeds: &[u64], base: &Loaded, is_quiet: bool, stop: &Stop) -> Vec<Cell> {
    let all: Vec<(usize, u64)> =
        (0..rows.len()).flat_map(|row| seeds.iter().map(move |&seed| (row, seed))).collect();
    let length = base.scenario.clock.total();
    let progress = Progress::start(all.len() as u64, length, is_quiet);
    let cells = all.par_iter().map(|&(row, seed)| {
        let scenario = &rows[row].loaded.scenario;
        let mut summary = summary_of(scenario);
        let mut track = progress.track();
        let mut watch = Watch { stop, on_slice: &mut |now| track.at(now) };
        run(scenario, seed, &mut summary, &mut watch);
        track.end();
        Cell { row, seed, values: values(&summary.finish(), &base.comparison.columns) }
    });
    let cells = cells.collect();
    progress.finish();
    cells
}

fn values(summary: &Summary, columns: &[Column]) -> Vec<Option<f64>> {
    columns.iter().map(|column| summary.get(&column.metric)).collect()
}

/// Says and writes the table: as text, as a page, and as a CSV with every run.
fn conclude(
    arguments: &CompareArguments,
    base: &Loaded,
    rows: &[Row],
    seeds: &[u64],
    cells: &[Cell],
) -> Result<Verdict, RunError> {
    let table = table(base, rows, seeds, cells);
    say(table.text());
    let widths = (seeds.len() > 1).then(|| widths(base, rows, cells));
    widths.iter().for_each(|widths| say(format!("\n{}", widths.text())));
    let (own, is_changed) = (identity(base, 0), !arguments.sets.is_empty());
    let place = folder::of_scenario(&arguments.out, &own, None, is_changed);
    fs::create_dir_all(&place).map_err(FileError::at("create", &place))?;
    let which = match seeds {
        [first, .., last] => format!("{first}..{last}"),
        _ => seeds[0].to_string(),
    };
    let stem = format!("compare-{which}-{}", &hash(rows)[..8]);
    let page = page(base, [Some(table), widths].into_iter().flatten());
    let texts = [
        ("csv", csv(base, rows, cells)),
        ("md", figures::report_markdown(&page)),
        ("html", figures::report_html(&page)),
    ];
    for (ending, text) in texts {
        files::write_whole(&place.join(format!("{stem}.{ending}")), text.as_bytes())?;
    }
    if !arguments.quiet {
        tell(format!("results {}", place.join(format!("{stem}.html")).display()));
    }
    Ok(Verdict::Fine)
}

/// A hash of everything that was run, so that another comparison has another name.
fn hash(rows: &[Row]) -> String {
    let texts = rows.iter().map(|row| format!("{}\n{}", row.name, row.loaded.effective));
    files::sha256(texts.collect::<String>().as_bytes())
}

fn table(base: &Loaded, rows: &[Row], seeds: &[u64], cells: &[Cell]) -> Table {
    let columns = &base.comparison.columns;
    let labels: Vec<String> = columns.iter().map(|c| c.label.replace('_', " ")).collect();
    let head: Vec<&str> =
        ["variant"].into_iter().chain(labels.iter().map(String::as_str)).collect();
    let name = &base.scenario.name;
    let title = match seeds {
        [first, .., last] => format!("{name}: means over seeds {first} to {last}"),
        _ => format!("{name}, seed {}", seeds[0]),
    };
    let mut table = Table::new(&title, &head);
    for (place, row) in rows.iter().enumerate() {
        let own: Vec<&Cell> = cells.iter().filter(|cell| cell.row == place).collect();
        let texts = (0..columns.len()).map(|column| text(mean(&own, column)));
        table.row([row.name.clone()].into_iter().chain(texts).collect());
    }
    table
}

/// How well the means are known: half the width of the 95 % interval of each, by Student's t.
fn widths(base: &Loaded, rows: &[Row], cells: &[Cell]) -> Table {
    let columns = &base.comparison.columns;
    let labels: Vec<String> = columns.iter().map(|c| c.label.replace('_', " ")).collect();
    let head: Vec<&str> =
        ["variant"].into_iter().chain(labels.iter().map(String::as_str)).collect();
    let mut table = Table::new("Half the width of the 95 % interval of each mean", &head);
    for (place, row) in rows.iter().enumerate() {
        let own = || cells.iter().filter(|cell| cell.row == place);
        let half = |column: usize| {
            let values: Vec<f64> = own().filter_map(|cell| cell.values[column]).collect();
            text(estimate::mean_interval(&values).and_then(|interval| interval.half_width))
        };
        let texts = (0..columns.len()).map(half);
        table.row([row.name.clone()].into_iter().chain(texts).collect());
    }
    table
}

/// The mean over the runs that have a value.
fn mean(cells: &[&Cell], column: usize) -> Option<f64> {
    let values: Vec<f64> = cells.iter().filter_map(|cell| cell.values[column]).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// A number of any size with about four digits.
fn text(value: Option<f64>) -> String {
    or_dash(value, |value| {
        let digits = match value.abs() {
            size if size >= 1_000.0 => 0,
            size if size >= 100.0 => 1,
            size if size >= 10.0 => 2,
            size if size >= 1.0 => 3,
            _ => 4,
        };
        number(value, digits)
    })
}

fn csv(base: &Loaded, rows: &[Row], cells: &[Cell]) -> String {
    let labels = base.comparison.columns.iter().map(|column| column.label.as_str());
    let head: Vec<&str> = ["variant", "seed"].into_iter().chain(labels).collect();
    let mut text = head.join(",") + "\n";
    for cell in cells {
        let _ = write!(text, "{},{}", rows[cell.row].name.replace(',', " "), cell.seed);
        for value in &cell.values {
            let _ = write!(text, ",{}", value.map_or(String::new(), |value| value.to_string()));
        }
        text.push('\n');
    }
    text
}

fn page(base: &Loaded, tables: impl Iterator<Item = Table>) -> Page {
    let scenario = &base.scenario;
    let known = summary_of(scenario).finish().described();
    let column = |column: &Column| {
        let found = known.iter().find(|metric| metric.path == column.metric);
        let unit = found.map_or("", |metric| metric.unit);
        let unit = if unit.is_empty() { String::new() } else { format!(", {unit}") };
        let meaning = found.map_or("", |metric| metric.meaning.as_str());
        format!("{} ({}{unit}): {meaning}", column.label.replace('_', " "), column.metric)
    };
    let variant = |variant: &Variant| format!("{}: {}", variant.name, variant.sets.join(", "));
    let block = |table: Table| {
        let Table { title, head, rows, words } = table;
        Block::Table { title, head, rows, words }
    };
    let notes = vec![
        Block::Paragraph("Columns, by their place in summary.json, with unit:".to_string()),
        Block::List(base.comparison.columns.iter().map(column).collect()),
        Block::Paragraph("Variants, by what they change:".to_string()),
        Block::List(base.comparison.variants.iter().map(variant).collect()),
    ];
    Page {
        title: format!("{}: variants side by side", scenario.name),
        lead: vec![
            format!("Question: {}", scenario.question),
            format!("Expectation: {}", scenario.expectation),
        ],
        sections: vec![Section {
            title: "Side by side".to_string(),
            blocks: tables.map(block).chain(notes).collect(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_over_the_runs_that_have_a_value() {
        let cell = |value| Cell { row: 0, seed: 1, values: vec![value] };
        let cells = [cell(Some(1.0)), cell(None), cell(Some(4.0))];
        assert_eq!(mean(&cells.iter().collect::<Vec<_>>(), 0), Some(2.5));
        assert_eq!(mean(&[&cells[1]], 0), None);
    }

    #[test]
    fn numbers_keep_about_four_digits() {
        let texts = [0.12346, 1.2346, 12.346, 123.46, 12345.6].map(|value| text(Some(value)));
        assert_eq!(texts, ["0.1235", "1.235", "12.35", "123.5", "12,346"].map(String::from));
        assert_eq!(text(None), "-");
    }
}
