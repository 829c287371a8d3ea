//! Work as it arrives: known answers for rates that swing and arrivals that bunch, laws that were
//! fitted to a cluster held against its file, jobs replayed from a file, classes without a share.
//!
//! The file is `philly/philly_jobs_to_2017-10-29.csv.gz` in the folder that `ORRERY_DATA` names, or
//! in `../shared/data` beside the repository; without it the test says so and passes.

mod support;

use rayon::prelude::*;
use record::{LeaseEnd, LeaseRow, Observer, OrderRow, Row, SeriesRow};
use scenario::{LoadError, Scenario};
use std::f64::consts::TAU;
use std::path::PathBuf;
use support::{digest, project, run, scenario};
use world::Options;

/// z for a family error of 0.001 over 60 tests, over z for 95 % (economics.md 3.1).
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

/// The hours of one pool, and all orders if they are wanted.
#[derive(Default)]
struct Watch {
    pool: u16,
    hours: Vec<SeriesRow>,
    orders: Option<Vec<OrderRow>>,
    leases: Vec<LeaseRow>,
}

impl Observer for Watch {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Series(row) if row.pool.0 == self.pool && row.is_reported => {
                self.hours.push(*row);
            }
            Row::Lease(row) if self.orders.is_some() => self.leases.push(*row),
            Row::Order(row) => self.orders.iter_mut().for_each(|orders| orders.push(*row)),
            _ => {}
        }
    }
}

/// Jobs that arrive in each reported hour of a market where each job is one order.
fn arrivals(market: &Scenario, pool: u16, seed: u64) -> Vec<f64> {
    let mut watch = Watch { pool, ..Watch::default() };
    run(market, seed, Options { is_unaudited: true, ..Options::default() }, &mut watch);
    watch.hours.iter().map(|hour| hour.orders as f64).collect()
}

fn orders(market: &Scenario, seed: u64) -> Vec<OrderRow> {
    let mut watch = Watch { orders: Some(Vec::new()), ..Watch::default() };
    run(market, seed, Options::default(), &mut watch);
    watch.orders.expect("they were wanted")
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The mean product of what two values an hour apart differ from the mean by; with no hours
/// between, the variance.
fn covariance(values: &[f64], lag: usize) -> f64 {
    let mean = mean(values);
    let pairs = values.iter().zip(&values[lag..]);
    pairs.map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / values.len() as f64
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

/// A market that nobody serves: every job is one order.
const NOBODY: [&str; 2] = ["pool.servers.providers=0", "clock.warm_up=0 d"];

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
    let data = std::env::var_os("ORRERY_DATA");
    let data = data.map_or_else(|| project("../shared/data"), PathBuf::from);
    let path = data.join("philly/philly_jobs_to_2017-10-29.csv.gz");
    let unpacked = std::process::Command::new("gzip").arg("-dc").arg(&path).output();
    let text = match unpacked {
        Ok(output) if output.status.success() => String::from_utf8(output.stdout).expect("a text"),
        _ => {
            println!(
                "{} is not there, or gzip is not: nothing was held against it",
                path.display()
            );
            return None;
        }
    };
    let mut hours = vec![0.0; 35 * 24];
    for line in text.lines().skip(1) {
        let second: u64 = line.split(',').next().and_then(|t| t.parse().ok()).expect("a time");
        let hour = (second / 3_600).checked_sub(20 * 24).and_then(|h| usize::try_from(h).ok());
        if let Some(count) = hour.and_then(|hour| hours.get_mut(hour)) {
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

/// The small market with a text over it, beside the library.
fn small_with(extends: &str, text: &str) -> Scenario {
    let text = format!("extends = [{extends}]\nquestion = \"q?\"\nexpectation = \"e\"\n{text}");
    let read = |path: &str| match path {
        "scenarios/test.toml" => Ok(text.clone().into_bytes()),
        _ => std::fs::read(project(path)).map_err(|_| LoadError::Missing),
    };
    let loaded = scenario::load("scenarios/test.toml", &read, &[]);
    loaded.unwrap_or_else(|problems| panic!("{problems:#?}")).scenario
}

#[test]
fn classes_without_a_share_move_nothing() {
    let plain = scenario("small", &[]);
    let library = "\"small.toml\", \"library/classes.toml\", \"library/philly.toml\"";
    let same = "[pool.secured]\ndemand_sigma = 0.87\ndemand_correlation = 0.54\n\
                hours = [0.90, 0.66, 0.60, 0.38, 0.27, 0.21, 0.19, 0.22, 0.37, 0.80, 1.30, 1.47, 1.16, \
                1.30, 1.56, 1.66, 1.73, 1.73, 1.28, 1.31, 1.35, 1.36, 1.15, 1.04]\n\
                weekdays = [1.02, 1.10, 1.27, 1.20, 0.95, 0.68, 0.77]\n";
    let idle = small_with(library, same);
    assert_eq!(idle.classes.len(), plain.classes.len() + 5);
    assert_eq!(digest(&idle, 1), digest(&plain, 1));
    let shares = "[class.community.inference]\nshare = \"45 %\"\n\
                  [class.community.metaverse]\nshare = \"10 %\"\n";
    let busy = small_with(library, &format!("{same}{shares}"));
    assert_ne!(digest(&busy, 1), digest(&plain, 1));
    // Who asks nothing of the other pool moves nothing there.
    let secured = |market: &Scenario| {
        let orders = orders(market, 1).into_iter().filter(|order| order.pool.0 == 1);
        orders.map(|order| (order.job_key, order.submitted_at_ns)).collect::<Vec<_>>()
    };
    let (busy, plain) = (secured(&busy), secured(&plain));
    let first = |of: &[_]| of.iter().take(200).copied().collect::<Vec<_>>();
    assert_eq!(first(&busy), first(&plain));
}

const JOBS: &str = "arrival_s,gpus,duration_s,class,card,ceiling\\n3600,8,7200,training,h100,9\\n\
                    5400,1,600,inference,,\\n5400,2,60,,,\\n90000,4,60,,a100_80,2.5\\n";

fn replaying(jobs: &str, more: &[&str]) -> Scenario {
    let replay = format!(
        "pool.secured.replay={{ text = \"{jobs}\", format = \"orrery\", class = \"fine_tune\", \
         from = \"30 min\", scale = 1.0 }}"
    );
    let sets = ["pool.secured.demand=0 GPU", "clock.warm_up=0 d", &replay];
    scenario("small", &[&sets[..], more].concat())
}

#[test]
fn jobs_of_a_file_arrive_as_it_says_and_each_by_itself() {
    let firsts = |market: &Scenario| {
        let all = orders(market, 1).into_iter();
        let mut own: Vec<OrderRow> = all.filter(|o| o.pool.0 == 1 && o.attempt == 1).collect();
        own.sort_by_key(|order| (order.submitted_at_ns, order.gpus.0));
        own
    };
    let market = replaying(JOBS, &[]);
    let found = firsts(&market);
    let boot = market.ordering.boot_max;
    let seconds = |order: &OrderRow| {
        let work = order.duration_ns.saturating_sub(boot);
        (order.submitted_at_ns.nanos() / 1_000_000_000, order.gpus.0, work.as_secs_f64() as u64)
    };
    let expected = [(1_800, 8, 7_200), (3_600, 1, 600), (3_600, 2, 60), (88_200, 4, 60)];
    assert_eq!(found.iter().map(seconds).collect::<Vec<_>>(), expected);
    assert_eq!(market.cards[usize::from(found[0].card.0)].name, "h100");
    assert_eq!(found[0].ceiling_nano_usd_per_gpu_hour.nanos(), 9_000_000_000);
    let class = |order: &OrderRow| market.classes[order.class.index()].name.as_str();
    let names = ["secured.training", "secured.inference", "secured.fine_tune", "secured.fine_tune"];
    assert_eq!(found.iter().map(class).collect::<Vec<_>>(), names);
    // A job changes nothing of those in other lines.
    let shorter = JOBS.replace("5400,1,600,inference,,\\n", "5400,1,601,inference,,\\n");
    let other = firsts(&replaying(&shorter, &[]));
    let keys = |of: &[OrderRow]| of.iter().map(|o| (o.job_key, o.card)).collect::<Vec<_>>();
    assert_eq!(keys(&other), keys(&found));
    let twice = firsts(&replaying(JOBS, &["pool.secured.replay.scale=2.0"]));
    assert_eq!(twice.len(), 8);
}

#[test]
fn demand_grows_and_stops_at_a_break() {
    let growth = "class.servers.work.growth={ per_year = 10.0, breaks = [{ at = \"50 d\", per_year \
                  = 0.0 }] }";
    let demand = ["pool.servers.demand=30 GPU", "clock.horizon=100 d", growth];
    let market = scenario("theory/erlang_loss_10", &[&NOBODY[..], &demand].concat());
    let plain = scenario("theory/erlang_loss_10", &[&NOBODY[..], &demand[..2]].concat());
    let count = |market: &Scenario, days: std::ops::Range<usize>| {
        let hours = arrivals(market, 0, 1);
        hours[days.start * 24..days.end * 24].iter().sum::<f64>() / days.len() as f64
    };
    let ratio = |days: std::ops::Range<usize>| count(&market, days.clone()) / count(&plain, days);
    let factor = |days: f64| (10.0 * days / 365.25).exp();
    assert!((ratio(0..4) / factor(2.0) - 1.0).abs() < 0.1, "{}", ratio(0..4));
    assert!((ratio(60..100) / factor(50.0) - 1.0).abs() < 0.05, "{}", ratio(60..100));
}

/// Lengths that depend on sizes: each size has its own, at the start and later.
#[test]
fn each_size_has_its_own_length() {
    let sets = [
        "clock.horizon=30 d",
        "clock.warm_up=0 d",
        "pool.servers.providers=60",
        "pool.servers.rules=provider",
        "pool.servers.gpus_per_machine=8",
        "pool.servers.trust={ 1 = \"100 %\" }",
        "pool.servers.demand=240 GPU",
        "class.servers.work.gpus={ 1 = \"90 %\", 8 = \"10 %\" }",
        "class.servers.work.duration={ by_gpus = { 1 = { law = \"fixed\", length = \"1 h\" }, \
         8 = { law = \"fixed\", length = \"30 h\" } } }",
    ];
    let market = scenario("theory/erlang_loss_10", &sets);
    let all = orders(&market, 1);
    for order in &all {
        let hours = if order.gpus.0 == 1 { 1.0 } else { 30.0 };
        assert!((order.duration_ns.as_hours_f64() - hours).abs() < 1e-9);
    }
    let large = all.iter().filter(|order| order.gpus.0 == 8).count() as f64;
    assert!((large / all.len() as f64 - 0.1).abs() < 0.02, "{large} of {}", all.len());
    // Jobs that are found at work are those of the long size: use begins where it stays.
    let mut watch = Watch::default();
    run(&market, 1, Options::default(), &mut watch);
    let at_work = |hour: &SeriesRow| hour.paid_gpu_us as f64 / 3.6e9;
    let first = at_work(&watch.hours[0]);
    let later = mean(&watch.hours[100..].iter().map(at_work).collect::<Vec<_>>());
    assert!(
        (first / 240.0 - 1.0).abs() < 0.1 && (later / 240.0 - 1.0).abs() < 0.1,
        "{first} {later}"
    );
}

/// Two cards, of which the second does 2.32 times as much in an hour; work in hours of the first.
const OF_WORK: [&str; 6] = [
    "clock.warm_up=0 d",
    "clock.horizon=20 d",
    "pool.servers.cards={ rtx3090 = \"50 %\", rtx4090 = \"50 %\" }",
    "pool.servers.demand=30 GPU",
    "pool.servers.providers=100",
    "class.servers.work.duration={ law = \"fixed\", length = \"10 h\" }",
];
const SCALES: &str = "class.servers.work.speed={ scales_from = \"rtx3090\" }";

/// Leases that served a whole job, each with whether its card and the card asked for are fast.
fn whole_leases(sets: &[&str]) -> Vec<(LeaseRow, bool, bool)> {
    let market = scenario("theory/erlang_loss_10", &[&OF_WORK[..], sets].concat());
    let mut watch = Watch { orders: Some(Vec::new()), ..Watch::default() };
    run(&market, 1, Options { audit_every_event: true, ..Options::default() }, &mut watch);
    let fast = |card: units::CardId| market.cards[usize::from(card.0)].name == "rtx4090";
    let orders = watch.orders.expect("they were wanted");
    let asked: std::collections::BTreeMap<_, _> =
        orders.iter().map(|order| (order.order_key, fast(order.card))).collect();
    let whole = watch.leases.into_iter().filter(|lease| lease.end == LeaseEnd::Agreed);
    let whole =
        whole.filter_map(|lease| Some((lease, fast(lease.card), *asked.get(&lease.order_key)?)));
    whole.collect()
}

/// Work takes as long as the card that does it needs, and is paid for that time.
#[test]
fn work_takes_less_on_a_faster_card() {
    let ratio = 82_580.0 / 35_580.0;
    let leases = whole_leases(&[SCALES]);
    assert!(leases.len() > 500, "{}", leases.len());
    for (lease, is_fast, asked_fast) in &leases {
        let hours = if *is_fast { 10.0 / ratio } else { 10.0 };
        assert!((lease.paid_ns.as_hours_f64() / hours - 1.0).abs() < 1e-3, "{lease:?}");
        assert!((lease.agreed_ns.as_hours_f64() / hours - 1.0).abs() < 1e-3, "{lease:?}");
        assert!(*is_fast || !asked_fast, "a slower card will not do");
    }
    assert!(leases.iter().any(|(_, is_fast, asked_fast)| *is_fast && !asked_fast));
    let fixed = whole_leases(&[]);
    assert!(fixed.iter().all(|(lease, ..)| (lease.paid_ns.as_hours_f64() - 10.0).abs() < 0.01));
}

/// A card that costs more by the hour and less by the work is out of reach of an order by the hour,
/// and the first choice of one by work, at its full price for fewer hours.
#[test]
fn tenants_of_work_compare_the_price_of_work() {
    let dear = [
        "price_books.spheron_2025.rtx3090=1 USD/GPU-h",
        "price_books.spheron_2025.rtx4090=1.5 USD/GPU-h",
        "ordering.ceiling={ min = 1.1, max = 1.2 }",
        "matching.core=lowest_price",
    ];
    let of_slow = |sets: &[&str]| {
        let leases = whole_leases(&[&dear[..], sets].concat()).into_iter();
        leases.filter(|(_, _, asked_fast)| !asked_fast).collect::<Vec<_>>()
    };
    let by_hour = of_slow(&[]);
    assert!(!by_hour.is_empty() && by_hour.iter().all(|(_, is_fast, _)| !is_fast));
    let by_work = of_slow(&[SCALES]);
    assert!(!by_work.is_empty() && by_work.iter().all(|(_, is_fast, _)| *is_fast));
    for (lease, ..) in &by_work {
        assert_eq!(lease.price_nano_usd_per_gpu_hour.nanos(), 1_500_000_000);
        let charged = lease.charged_nano_usd.nanos() as f64 / 1e9;
        assert!((charged / (15.0 * 35_580.0 / 82_580.0) - 1.0).abs() < 1e-3, "{charged}");
    }
}

/// Work that is interrupted, resumed and moved to other cards: the books hold, and the quick search
/// finds whom the slow and obvious one finds.
#[test]
fn work_survives_failures_and_the_searches_agree() {
    let of = |class: &str| format!("class.{class}.speed={{ scales_from = \"rtx4090\" }}");
    let classes = ["community.inference", "community.fine_tune", "community.batch"].map(of);
    let more = ["secured.training", "secured.fine_tune"].map(of);
    let stale = "committee.operator.nae.view_lag=\"90 s\"".to_string();
    let mut sets: Vec<&str> =
        classes.iter().chain(&more).chain([&stale]).map(String::as_str).collect();
    sets.extend(["clock.warm_up=0 d", "clock.horizon=2 d"]);
    let market = scenario("small", &sets);
    let lazy = run(&market, 1, Options::default(), &mut ());
    let eager = Options { search: world::Search::Eager, ..Options::default() };
    assert_eq!(run(&market, 1, eager, &mut ()).digest.digest, lazy.digest.digest);
    assert_ne!(lazy.digest.digest, digest(&scenario("small", &sets[5..]), 1));
}
