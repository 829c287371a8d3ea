//! Arrivals: known answers for rates that swing and for arrivals that bunch, and laws that were
//! fitted to a cluster, held against its file.
#![allow(clippy::disallowed_methods, reason = "references of tests need no last place")]

mod support;

use rayon::prelude::*;
use scenario::Scenario;
use std::f64::consts::TAU;
use support::watch::{NOBODY, PHILLY, Watch, arrivals, covariance, mean, numbers, unpacked};
use support::{run, scenario};
use world::Options;

/// The normal quantiles of 1.7e-5 and of 5 %. Of ten runs and Student's t the limit is that of a
/// false-alarm rate of 8e-4 (t of 9 degrees of freedom is 4.97), of twenty 2e-4.
const WIDENING: f64 = 4.30531 / 1.95996;
const HALF_WIDTH_MAX: f64 = 0.03;

/// Holds replications against a reference, as `tests/theory.rs` does.
fn check(name: &str, values: &[f64], reference: f64) {
    let interval = estimate::mean_interval(values).expect("several values");
    let half_width = interval.half_width.expect("several values have a spread");
    let text = format!("{name}: {} +- {half_width}, reference {reference}", interval.mean);
    println!("{text}");
    assert!(half_width <= HALF_WIDTH_MAX * reference, "too wide: {text}");
    assert!((interval.mean - reference).abs() <= WIDENING * half_width, "off: {text}");
}

/// Row Q16 of economics.md 3.1: what the hourly means of the jobs at work swing by, and how far
/// behind the rate. An hour's mean is smaller than its middle by sin(x) / x, x half its angle.
fn swing(market: &Scenario, seed: u64) -> [f64; 3] {
    let mut watch = Watch::default();
    run(market, seed, Options { is_unaudited: true, ..Options::default() }, &mut watch);
    let at_work: Vec<f64> = watch
        .hours
        .iter()
        .map(|h| h.paid_gpu_us as f64 / h.length_ns.as_secs_f64() / 1e6)
        .collect();
    assert_eq!(at_work.len() % 24, 0, "whole days");
    let angle = |hour: usize| TAU * (hour as f64 + 0.5) / 24.0;
    let along = |wave: fn(f64) -> f64| {
        let parts = at_work.iter().enumerate().map(|(hour, n)| n * wave(angle(hour)));
        2.0 * parts.sum::<f64>() / at_work.len() as f64
    };
    let (sine, cosine) = (along(f64::sin), along(f64::cos));
    let half = TAU / 48.0;
    let amplitude = sine.hypot(cosine) * half / half.sin();
    [mean(&at_work), amplitude, (-cosine).atan2(sine) * 24.0 / TAU]
}

fn check_swing(sets: &[&str], reference: [f64; 3]) {
    let market = scenario("theory/sinusoid", sets);
    let found: Vec<[f64; 3]> =
        (1..=10_u64).into_par_iter().map(|seed| swing(&market, seed)).collect();
    for (place, name) in ["jobs at work", "amplitude", "lag in hours"].iter().enumerate() {
        let values: Vec<f64> = found.iter().map(|of_run| of_run[place]).collect();
        check(name, &values, reference[place]);
    }
}

#[test]
fn jobs_at_work_follow_a_rate_that_swings_as_late_as_theory_says() {
    check_swing(&[], [300.0, 117.9659, 2.543_068]);
}

#[test]
fn work_of_fixed_length_follows_it_sooner_and_farther() {
    let law = "class.servers.work.duration={ law = \"fixed\", length = \"3 h\" }";
    check_swing(&[law], [300.0, 146.1743, 1.5]);
}

/// Row Q21: arrivals of a day and of its first six hours under the same rate.
#[test]
fn arrivals_under_a_rate_that_swings_are_counted_as_its_integral_says() {
    let market = scenario("theory/sinusoid", &[&NOBODY[..], &["clock.horizon=40 d"]].concat());
    let found: Vec<[f64; 4]> = (1..=10_u64)
        .into_par_iter()
        .map(|seed| {
            let hours = arrivals(&market, 0, seed);
            let days: Vec<f64> = hours.chunks(24).map(|day| day.iter().sum()).collect();
            let mornings: Vec<f64> = hours.chunks(24).map(|day| day[..6].iter().sum()).collect();
            // Hours are apart from one another, so their variances add up to that of the day, and
            // with forty days they are known far better.
            let of_hour = |hour| hours.iter().skip(hour).step_by(24).copied().collect::<Vec<_>>();
            let unbiased = |hour| covariance(&of_hour(hour), 0) * days.len() as f64 / 39.0;
            let variance: f64 = (0..24).map(unbiased).sum();
            [mean(&days), variance.sqrt(), mean(&mornings), covariance(&days, 0) / variance]
        })
        .collect();
    let of = |place: usize| found.iter().map(|of_run| of_run[place]).collect::<Vec<f64>>();
    check("arrivals of a day", &of(0), 2_400.0);
    check("their standard deviation", &of(1), 48.989_79);
    let whole = mean(&of(3));
    assert!((whole - 1.0).abs() < 0.25, "hours are apart from one another: {whole}");
    check("arrivals of six hours", &of(2), 790.985_9);
}

/// Variance over mean of the hourly arrivals, and their mean, over replications.
fn check_bursts(bursts: &str, dispersion: f64) {
    let sets = [
        &NOBODY[..],
        &["pool.servers.demand=10 GPU", "clock.horizon=60 d", bursts],
        &["class.servers.work.duration={ law = \"fixed\", length = \"1 h\" }"],
    ];
    let market = scenario("theory/erlang_loss_10", &sets.concat());
    let found: Vec<[f64; 2]> = (1..=20_u64)
        .into_par_iter()
        .map(|seed| {
            let hours = arrivals(&market, 0, seed);
            [mean(&hours), covariance(&hours, 0) / mean(&hours)]
        })
        .collect();
    let of = |place: usize| found.iter().map(|of_run| of_run[place]).collect::<Vec<f64>>();
    check(&format!("{bursts}: mean"), &of(0), 10.0);
    check(&format!("{bursts}: variance over mean"), &of(1), dispersion);
}

#[test]
fn arrivals_that_bunch_keep_their_rate_and_spread_as_theory_says() {
    check_bursts("pool.servers.bursts=none", 1.0);
    // Geometric batches of mean m: E[B B] / E[B] = 2 m - 1.
    check_bursts("pool.servers.bursts={ batches = { mean = 3.0 } }", 5.0);
    // Hawkes with an exponential kernel, branching n and decay b: over a window of length T it is
    // 1 + n (2 - n) / (1 - n)^2 (1 - (1 - exp(-k T)) / (k T)), k = b (1 - n).
    let (n, k) = (0.5, 60.0 * 0.5);
    let over_hour = 1.0 + n * (2.0 - n) / (1.0_f64 - n).powi(2) * (1.0 - (1.0 - f64::exp(-k)) / k);
    check_bursts(
        "pool.servers.bursts={ hawkes = { branching = 0.5, delay = \"1 min\" } }",
        over_hour,
    );
    // Two rates r, switching at a in all: 1 + 2 var(r) (1/a - (1 - exp(-a)) / a^2) / mean, an hour.
    let [calm, burst, times]: [f64; 3] = [2.0, 0.5, 4.0];
    let low = 10.0 * (calm + burst) / (calm + times * burst);
    let share = burst / (calm + burst);
    let variance = (low * (times - 1.0)).powi(2) * share * (1.0 - share);
    let a: f64 = 1.0 / calm + 1.0 / burst;
    let dispersion = 1.0 + 2.0 * variance * (1.0 / a - (1.0 - (-a).exp()) / (a * a)) / 10.0;
    let mmpp = "pool.servers.bursts={ mmpp = { times = 4.0, calm = \"2 h\", burst = \"30 min\" } }";
    check_bursts(mmpp, dispersion);
}

/// Jobs of the file from its twentieth day on, by hour; none when the data is not there.
fn philly_hours() -> Option<Vec<f64>> {
    let text = unpacked(PHILLY)?;
    let mut hours = vec![0.0; 35 * 24];
    for row in numbers(&text) {
        let hour = row[0] / 3_600.0 - 480.0;
        if hour >= 0.0
            && let Some(count) = hours.get_mut(hour as usize)
        {
            *count += 1.0;
        }
    }
    Some(hours)
}

/// Each hour of the day over the mean of all.
fn profile(hours: &[f64]) -> Vec<f64> {
    let all = mean(hours);
    let of = |hour| hours.iter().skip(hour).step_by(24).sum::<f64>() / (hours.len() / 24) as f64;
    (0..24).map(|hour| of(hour) / all).collect()
}

const RUNS: u64 = 30;

/// The bar on arrivals: laws fitted to the file bring its hour profile, its hourly variance over
/// mean and its correlation from hour to hour, in the mean over runs as long as the file. A single
/// run may lie far from its own moments, for the multiplier's tail is long; so does the file, which
/// must lie among the runs.
#[test]
fn arrivals_fitted_to_a_cluster_come_as_in_its_file() {
    let Some(file) = philly_hours() else { return };
    let sets = ["pool.secured.providers=0", "ordering.patience=0 s"];
    let market = scenario("work/philly", &sets);
    let runs: Vec<Vec<f64>> =
        (1..=RUNS).into_par_iter().map(|seed| arrivals(&market, 1, seed)).collect();
    let statistics = |hours: &Vec<f64>| {
        let variance = covariance(hours, 0);
        [mean(hours), variance / mean(hours), covariance(hours, 1) / variance]
    };
    let (of_file, of_runs) = (statistics(&file), runs.iter().map(statistics).collect::<Vec<_>>());
    println!("{:<24}{:>10}{:>10}{:>10}{:>10}", "", "file", "runs", "lowest", "highest");
    let names = ["jobs an hour", "variance over mean", "correlation by hour"];
    // The mean of runs lies within so much of the file's value.
    for ((place, name), tolerance) in names.into_iter().enumerate().zip([0.1, 0.25, 0.15]) {
        let mut values: Vec<f64> = of_runs.iter().map(|of_run| of_run[place]).collect();
        values.sort_by(f64::total_cmp);
        let (all, wanted) = (mean(&values), of_file[place]);
        let (low, high) = (values[0], values[values.len() - 1]);
        println!("{name:<24}{wanted:>10.3}{all:>10.3}{low:>10.3}{high:>10.3}");
        assert!((all / wanted - 1.0).abs() < tolerance, "{name}: {all}, in the file {wanted}");
        assert!((low..high).contains(&wanted), "{name}: the file is among the runs");
    }
    let all = profile(&runs.concat());
    for (hour, (ours, wanted)) in all.iter().zip(profile(&file)).enumerate() {
        println!("hour {hour:<19}{wanted:>10.3}{ours:>10.3}");
        assert!((ours - wanted).abs() < 0.15 * wanted.max(0.5), "hour {hour}: {ours}, {wanted}");
    }
}
