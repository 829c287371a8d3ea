//! `check`: do the results of a scenario meet what it expects, and do the invariants hold?

use super::{Verdict, tell_warnings};
use crate::cli::CheckArguments;
use crate::console::{say, tell};
use crate::error::RunError;
use crate::execute::{Watch, run};
use crate::interrupt::Stop;
use crate::invariants::{Finding, Invariants};
use crate::load::{load, load_variant, summary_of};
use crate::progress::Progress;
use metrics::Summary;
use scenario::{Expect, Loaded, Variant};
use std::path::Path;
use world::Outcome;

/// A line of the answer.
struct Line {
    passes: bool,
    text: String,
}

/// What is run and held against what is expected of it.
struct Case<'a> {
    file: &'a Path,
    /// None for the scenario itself.
    variant: Option<String>,
    loaded: Loaded,
}

/// Checks the files one after another; all are read, with their variants, before the first is run.
pub fn start(arguments: &CheckArguments) -> Result<Verdict, RunError> {
    let (cases, errors) = split(arguments.files.iter().flat_map(|file| cases(file)));
    if !errors.is_empty() {
        errors.iter().for_each(tell);
        return Ok(Verdict::Invalid);
    }
    let stop = Stop::on_interrupt();
    let mut failures = 0;
    for case in &cases {
        failures += check(case, arguments, &stop);
        if stop.is_asked() {
            return Ok(Verdict::Interrupted);
        }
    }
    Ok(if failures == 0 { Verdict::Fine } else { Verdict::Failed })
}

fn split<T, E>(results: impl Iterator<Item = Result<T, E>>) -> (Vec<T>, Vec<E>) {
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(error) => bad.push(error),
        }
    }
    (good, bad)
}

/// A scenario and those of its variants of which something is expected.
fn cases(file: &Path) -> Vec<Result<Case<'_>, RunError>> {
    let base = match load(file, &[]) {
        Ok(loaded) => Case { file, variant: None, loaded },
        Err(error) => return vec![Err(error)],
    };
    let varied = |variant: &Variant| {
        let loaded = load_variant(file, &[], variant)?;
        Ok(Case { file, variant: Some(variant.name.clone()), loaded })
    };
    let variants: Vec<_> = expected_variants(&base.loaded).map(varied).collect();
    [Ok(base)].into_iter().chain(variants).collect()
}

/// The variants of which something is expected.
fn expected_variants(loaded: &Loaded) -> impl Iterator<Item = &Variant> {
    let is_expected = |variant: &&Variant| {
        let mut expects = loaded.scenario.expects.iter();
        expects.any(|expect| expect.variant.as_ref() == Some(&variant.name))
    };
    loaded.comparison.variants.iter().filter(is_expected)
}

/// Runs one scenario or one of its variants, says how each check fared, and counts those that
/// failed.
fn check(case: &Case<'_>, arguments: &CheckArguments, stop: &Stop) -> usize {
    let Case { file, variant, loaded } = case;
    let seed = arguments.seed.unwrap_or(loaded.scenario.clock.seed);
    if !arguments.quiet {
        tell_warnings(loaded);
    }
    let progress = Progress::start(1, loaded.scenario.clock.total(), arguments.quiet);
    let mut track = progress.track();
    let mut observer = (summary_of(&loaded.scenario), Invariants::on(loaded.scenario.payment));
    let mut watch = Watch { stop, on_slice: &mut |now| track.at(now) };
    let outcome = run(&loaded.scenario, seed, &mut observer, &mut watch);
    progress.finish();
    if outcome.is_partial {
        say(format!("{}: stopped, nothing was checked", file.display()));
        return 0;
    }
    let (summary, findings) = (observer.0.finish(), observer.1.finish());
    let expects = loaded.scenario.expects.iter();
    let own = expects.filter(|expect| expect.variant == *variant);
    let expectations = own.map(|expect| judge(&summary, expect));
    let audit = audit(&outcome, seed);
    let lines: Vec<_> = findings.iter().map(invariant).chain([audit]).chain(expectations).collect();
    let failed = lines.iter().filter(|line| !line.passes).count();
    let name = variant.as_ref().map_or(String::new(), |name| format!(", variant {name}"));
    say(format!("{}{name} (seed {seed})", file.display()));
    for line in &lines {
        say(format!("  {}  {}", if line.passes { "PASS" } else { "FAIL" }, line.text));
    }
    say(format!("  {} of {} hold", lines.len() - failed, lines.len()));
    failed
}

fn invariant(finding: &Finding) -> Line {
    let Finding { invariant, breach, cases } = finding;
    let text = match breach {
        None => format!("{invariant}: {cases} cases"),
        Some(breach) => format!("{invariant}: not so for {breach}"),
    };
    Line { passes: breach.is_none(), text }
}

/// Whether the accounts that were kept from receipts alone are the ledger's.
fn audit(outcome: &Outcome, seed: u64) -> Line {
    let Outcome { audited, findings, .. } = outcome;
    let rule = "the auditor's accounts, kept from receipts alone, are the chain's";
    let text = match findings.first() {
        None => format!("{rule}: {audited} cases"),
        Some(first) => format!("{rule}: not so with seed {seed}: {first}"),
    };
    Line { passes: findings.is_empty(), text }
}

/// Holds one metric against its range.
fn judge(summary: &Summary, expect: &Expect) -> Line {
    let Expect { metric, min, max, file, line, .. } = expect;
    let Some(value) = summary.get(metric) else {
        let text = format!("{metric} has no value in this run: nothing it counts happened");
        return Line { passes: false, text: format!("{text}  ({file}:{line})") };
    };
    let passes = min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max);
    let (is, range) = (if passes { "is" } else { "is not" }, range(expect));
    let text = format!("{metric} = {value}, which {is} {range}  ({file}:{line})");
    Line { passes, text }
}

fn range(expect: &Expect) -> String {
    match (expect.min, expect.max) {
        (Some(min), Some(max)) => format!("between {min} and {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("{max} or less"),
        (None, None) => "any number".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(metric: &str, min: Option<f64>, max: Option<f64>) -> Expect {
        let file = "a.toml".to_string();
        Expect { metric: metric.to_string(), variant: None, min, max, file, line: 9 }
    }

    fn judged(metric: &str, min: Option<f64>, max: Option<f64>) -> (bool, String) {
        let line = judge(&Summary::default(), &expect(metric, min, max));
        (line.passes, line.text)
    }

    #[test]
    fn a_finding_of_the_auditor_fails_and_names_what_repeats_it() {
        let mut outcome = Outcome {
            digest: engine::digest::DigestReport {
                digest: "d".into(),
                receipts: 7,
                seals: Vec::new(),
            },
            events: 0,
            ties: 0,
            ended_at: units::SimTime::ZERO,
            is_partial: false,
            audited: 7,
            findings: Vec::new(),
        };
        assert!(audit(&outcome, 3).passes);
        outcome.findings.push(protocol::Finding {
            rule: protocol::Rule::Balance,
            receipt: 5,
            moment: protocol::Moment::Era(1),
            subject: protocol::Subject::Account(units::Asset::Usd, protocol::Party::Treasury, 0),
            books: 8,
            receipts: 9,
        });
        let Line { passes, text } = audit(&outcome, 3);
        assert!(!passes);
        assert!(text.contains("seed 3: T2 after receipt 5, Era(1): USD of Treasury 0"), "{text}");
        assert!(text.ends_with("the books say 8, the receipts 9"), "{text}");
    }

    #[test]
    fn a_metric_passes_inside_its_range_and_fails_outside() {
        let range = |min, max| judged("orders.sent", min, max).0;
        assert!(range(Some(0.0), Some(0.0)));
        assert!(range(Some(-1.0), None) && range(None, Some(1.0)));
        assert!(!range(Some(1.0), None) && !range(None, Some(-1.0)));
        let (_, text) = judged("orders.sent", Some(1.0), None);
        assert_eq!(text, "orders.sent = 0, which is not 1 or more  (a.toml:9)");
    }

    #[test]
    fn a_metric_without_a_value_fails() {
        let (passes, text) = judged("orders.matched_share", Some(0.0), None);
        assert!(!passes && text.contains("has no value in this run"), "{text}");
    }
}
