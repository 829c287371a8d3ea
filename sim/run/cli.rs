//! The command line: what one may write, and the help that teaches it.

use crate::seeds::Seeds;
use crate::tables::Choice;
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  orrery run scenarios/baseline.toml                      one run with the scenario's seed
  orrery run scenarios/baseline.toml --seeds 1..10        ten replications with intervals
  orrery validate scenarios/baseline.toml my.toml         every problem at once, and the load
  orrery check scenarios/baseline.toml                    do its expectations hold?
  orrery compare scenarios/matching/cores.toml            one table of all its variants
  orrery metrics scenarios/baseline.toml wait             what is measured, and in which unit?
  orrery verify results/baseline/seed-1                   does it run to the same result again?
  orrery match my.toml --why-not alice                    one round: who wins, and why not alice?

Exit codes: 0 fine, 1 a check failed, 2 bad input or usage, 130 interrupted.";

const RUN_EXAMPLES: &str = "\
Examples:
  orrery run scenarios/baseline.toml
      30 days of the default market; results in results/baseline/seed-1/
  orrery run scenarios/baseline.toml --set clock.horizon='7 d' --name week
      the same with one key changed; results in results/baseline@week/seed-1/
  orrery run scenarios/baseline.toml --seeds 1..8 --tables none
      eight replications on all cores: mean and 95 % interval of each key metric
  orrery run scenarios/baseline.toml --format json --quiet | jq .orders.sent
      the summary for a program

Results: report.html to look at, summary.json for programs, tables/*.parquet for analysis,
scenario.toml as it was run, manifest.json with the digest. Names never contain the time of day:
the same call makes the same files. A folder that holds another scenario is never overwritten.
With --set and without --name the folder is named by the first 8 digits of the scenario's hash.";

const CHECK_EXAMPLES: &str = "\
Example:
  orrery check scenarios/baseline.toml && echo the market still holds

A scenario says what it expects with entries such as
  [[expect]]
  metric = \"orders.matched_share\"
  min = 0.9
The invariants (the books balance, every order has a fate) are checked as well.";

const COMPARE_EXAMPLES: &str = "\
Example:
  orrery compare scenarios/matching/cores.toml --seeds 1..4
      one table: a row for each [[variant]], a column for each metric under [compare]

The first row is the scenario as it stands. With several seeds the table shows means. The same
table as Markdown and as a page, and a CSV with a row for each variant and seed, stand in
results/<scenario>/compare-<seeds>-<hash>.*; the hash is that of the scenario and its variants.";

const MATCH_EXAMPLES: &str = "\
Examples:
  orrery match sim/market/examples/round.toml
      who wins, in which order others follow, every score card, who was rejected and why
  orrery match my.toml --why-not alice
      the price, stake, uptime or round trip that alone would have won it for alice
  orrery match my.toml --json | jq .picks[0].name
      the same for a program
  orrery match my.toml --record record.json && orrery match --verify record.json
      a record that anyone can verify off line: 0 it holds, 1 it does not, 2 it is no record

A snapshot is TOML or JSON: the order, the candidates, the beacon. The least that works:
  block_hash = \"0x\" and 64 hex digits
  order = { ceiling = \"0.30 USD/GPU-h\" }
  candidates = [{ name = \"alice\", number = 0, bid = \"0.25 USD/GPU-h\" }]
tests/vectors/README.md describes every key with its default.";

const METRICS_EXAMPLES: &str = "\
Examples:
  orrery metrics scenarios/baseline.toml
      every metric: name, [unit], meaning; a star stands for any name of a pool, card, class ...
  orrery metrics scenarios/baseline.toml started share --all
      those that have all these words in name or meaning, each name written out

The same names stand in summary.json, in [[expect]] and in [compare]. Counts and plain numbers have
no unit ([-]); a share is a part of a whole, 0 to 1. Exit code 1 when there is none.";

const VERIFY_EXAMPLES: &str = "\
Example:
  orrery verify results/baseline/seed-1

Runs what the folder's manifest and scenario.toml declare and compares digest, summary and tables.
A table that the run did not write is a difference; other files that it did not write are named.
When the digest differs, the first differing seal is named: an era, or a number of receipts.";

/// Orrery: a deterministic simulator of decentralized GPU marketplaces.
#[derive(Debug, Parser)]
#[command(name = "orrery", version, about, after_help = EXAMPLES, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What one can ask for.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario and write tables, summary and report
    Run(RunArguments),
    /// Read scenarios, report every problem, and print the load they declare
    Validate(ValidateArguments),
    /// Run scenarios and hold the results against what they expect
    Check(CheckArguments),
    /// Run the variants of a scenario on the same seeds and hold them side by side
    Compare(CompareArguments),
    /// List what runs are measured by, with unit and meaning
    Metrics(MetricsArguments),
    /// Run the scenario of a results folder again and compare
    Verify(VerifyArguments),
    /// Decide one round from a snapshot, and say why
    Match(MatchArguments),
}

/// What `run` takes.
#[derive(Debug, Args)]
#[command(after_help = RUN_EXAMPLES)]
pub struct RunArguments {
    /// The scenario
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// The seed of the run; without it, the scenario's own
    #[arg(long, value_name = "N", conflicts_with = "seeds")]
    pub seed: Option<u64>,
    /// Replications side by side, one for each seed from A to B, both included
    #[arg(long, value_name = "A..B")]
    pub seeds: Option<Seeds>,
    /// Change a key of the scenario; may be given more than once
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// A name for this variant of the scenario: letters, digits, '.', '_' and '-'
    #[arg(long, value_name = "NAME", value_parser = label)]
    pub name: Option<String>,
    /// Where results go
    #[arg(long, value_name = "DIR", default_value = "results", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Which tables to write
    #[arg(long, value_enum, default_value = "core")]
    pub tables: Choice,
    /// Show one of the providers that the scenario declares itself, by name, beside its peers
    #[arg(long, value_name = "NAME")]
    pub focus: Option<String>,
    /// What standard output shows: tables for people, or the summary as JSON
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// No progress and no notes on standard error
    #[arg(long)]
    pub quiet: bool,
}

/// What standard output shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Compact tables.
    Text,
    /// The summary as JSON.
    Json,
}

/// What `validate` takes.
#[derive(Debug, Args)]
pub struct ValidateArguments {
    /// The scenarios
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
}

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct CheckArguments {
    /// The scenarios
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The seed of the runs; without it, each scenario's own
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(after_help = COMPARE_EXAMPLES)]
pub struct CompareArguments {
    /// The scenario
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Seeds from A to B, both included, the same for every variant; without it, the scenario's own
    #[arg(long, value_name = "A..B")]
    pub seeds: Option<Seeds>,
    /// Change a key in every variant; may be given more than once
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Where the table goes
    #[arg(long, value_name = "DIR", default_value = "results", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// No progress and no notes on standard error
    #[arg(long)]
    pub quiet: bool,
}

/// What `metrics` takes.
#[derive(Debug, Args)]
#[command(after_help = METRICS_EXAMPLES)]
pub struct MetricsArguments {
    /// The scenario, whose names the metrics have
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Words that the name or the meaning has, all of them
    #[arg(value_name = "WORD")]
    pub words: Vec<String>,
    /// Write every name out instead of a star
    #[arg(long)]
    pub all: bool,
}

/// What `verify` takes.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub struct VerifyArguments {
    /// A folder that `run` wrote
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// No progress on standard error
    #[arg(long)]
    pub quiet: bool,
}

/// What `match` takes.
#[derive(Debug, Args)]
#[command(after_help = MATCH_EXAMPLES)]
pub struct MatchArguments {
    /// The snapshot: TOML, or JSON when the name ends with .json; a record with --verify
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub file: PathBuf,
    /// Say which single change would have won the round for this candidate
    #[arg(long, value_name = "NAME")]
    pub why_not: Option<String>,
    /// Write the match record, signed by the operators of the snapshot
    #[arg(long, value_name = "RECORD", value_hint = ValueHint::FilePath)]
    pub record: Option<PathBuf>,
    /// FILE is a record: decide its round again, off line, and name the first wrong field
    #[arg(long, conflicts_with_all = ["why_not", "record", "verbose", "json"])]
    pub verify: bool,
    /// Name every filter that a rejected candidate fails, not the first only
    #[arg(short, long)]
    pub verbose: bool,
    /// Print JSON for programs
    #[arg(long)]
    pub json: bool,
}

/// A name that can stand in the name of a folder on any machine.
fn label(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let is_name = !text.is_empty() && text.len() <= 60 && text.chars().all(is_plain);
    if is_name && !text.starts_with('.') {
        return Ok(text.to_string());
    }
    Err("use up to 60 letters, digits, '.', '_' and '-', and no '.' in front".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn run(arguments: &[&str]) -> Result<RunArguments, clap::Error> {
        let arguments = ["orrery", "run", "a.toml"].iter().chain(arguments);
        Cli::try_parse_from(arguments).map(|cli| match cli.command {
            Command::Run(arguments) => arguments,
            _ => panic!("run was asked for"),
        })
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn one_seed_or_many_but_not_both() {
        assert!(run(&["--seed", "1", "--seeds", "1..2"]).is_err());
        assert!(run(&["--seed", "-1"]).is_err());
    }

    #[test]
    fn names_are_safe_as_folders() {
        assert_eq!(run(&["--name", "a-1.b_c"]).unwrap().name.as_deref(), Some("a-1.b_c"));
        for name in ["", "a/b", "..", ".a", "a b", "ü", "a\\b"] {
            assert!(run(&["--name", name]).is_err(), "{name:?}");
        }
    }
}
