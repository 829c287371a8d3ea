//! Did results change? Digests and headline metrics of the shipped scenarios are kept under
//! `results/golden`; a change needs a line in CHANGELOG.md that says why.
//!
//! `ORRERY_BLESS=1 cargo test --test golden` writes them anew.

mod support;

use metrics::{SummaryBuilder, text_tables};
use std::fmt::Write as _;
use support::{project, run, scenario};
use world::Options;

/// The scenarios that are kept, as they are shipped.
const KEPT: [&str; 2] = ["small", "baseline"];

/// What is kept of a run, and the tables that it prints.
fn observed(name: &str) -> (String, String) {
    let market = scenario(name, &[]);
    let mut builder = SummaryBuilder::new(world::names(&market));
    let outcome = run(&market, market.clock.seed, Options::default(), &mut builder);
    let mut text =
        format!("digest {}\nreceipts {}\n", outcome.digest.digest, outcome.digest.receipts);
    let summary = builder.finish();
    for headline in summary.headline() {
        let value = headline.value.map_or("-".to_string(), |value| format!("{value:.4}"));
        writeln!(text, "{} {value}", headline.path).expect("a string takes everything");
    }
    (text, text_tables(&summary))
}

#[test]
fn results_are_those_that_were_kept() {
    for name in KEPT {
        let path = project(&format!("results/golden/{name}.txt"));
        let (observed, printed) = observed(name);
        if std::env::var_os("ORRERY_BLESS").is_some() {
            std::fs::create_dir_all(project("results/golden")).expect("the folder can be made");
            std::fs::write(&path, &observed).expect("the file can be written");
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            observed, kept,
            "{name}: results changed; if that is meant, say why in CHANGELOG.md and write them \
             anew with ORRERY_BLESS=1 cargo test --test golden"
        );
        if name == "baseline" {
            hold_readme(&printed);
        }
    }
}

/// Every line that README.md shows of the baseline's tables is printed; what stands before and
/// after them is the command's.
fn hold_readme(printed: &str) {
    let readme = std::fs::read_to_string(project("README.md")).expect("the file is there");
    let shown = readme.split("```text\nbaseline, seed 1").nth(1).expect("README.md shows a run");
    let shown = shown.split("\ndigest  ").next().unwrap_or_default();
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    for line in shown.lines().skip(1).filter(|line| !["", "…"].contains(&line.trim())) {
        assert!(
            printed.contains(&line),
            "README.md shows what the baseline does not print:\n{line}"
        );
    }
}

#[test]
fn the_readme_shows_the_baseline_that_is_kept() {
    let read = |path: &str| std::fs::read_to_string(project(path)).expect("the file is there");
    let (readme, kept) = (read("README.md"), read("results/golden/baseline.txt"));
    let digest = kept.lines().next().and_then(|line| line.strip_prefix("digest "));
    let digest = digest.expect("a golden file opens with its digest");
    let remedy = "run the baseline and put what it prints, and its figure, in their places";
    assert!(
        readme.contains(&format!("digest  {digest}")),
        "README.md is not of {digest}: {remedy}"
    );
    for part in readme.split("digest `").skip(1).chain(readme.split("identical: digest ").skip(1)) {
        let shown = part.split('…').next().unwrap_or_default();
        assert!(shown.len() == 8 && digest.starts_with(shown), "{shown}: {remedy}");
    }
}
