//! Do tenants choose as the logit says, through the whole simulator; does demand fall as its curve
//! does; does every job end somewhere?

#![allow(clippy::disallowed_methods, reason = "logarithms of results, which feed no state")]

mod support;

use metrics::Summary;
use rayon::prelude::*;
use record::{Observer, Row};
use std::collections::{BTreeMap, BTreeSet};
use support::{digest, rows, run, scenario, summary};
use world::Options;

/// The normal quantiles of 1.7e-5 and of 5 %. Of ten runs and Student's t the limit is that of a
/// false-alarm rate of 8e-4 (t of 9 degrees of freedom is 4.97), of twenty 2e-4.
const WIDENING: f64 = 4.30531 / 1.95996;
const HALF_WIDTH_MAX: f64 = 0.03;

fn check(name: &str, values: &[f64], reference: f64) {
    let interval = estimate::mean_interval(values).expect("ten values");
    let half_width = interval.half_width.expect("ten values have a spread");
    let text = format!("{name}: {} +- {half_width}, reference {reference}", interval.mean);
    println!("{text}");
    assert!(half_width <= HALF_WIDTH_MAX * reference.abs(), "too wide: {text}");
    assert!((interval.mean - reference).abs() <= WIDENING * half_width, "off: {text}");
}

/// Ten runs on fixed seeds.
fn ten(name: &str, sets: &[&str]) -> Vec<Summary> {
    let market = scenario(name, sets);
    (1..=10_u64).into_par_iter().map(|seed| summary(&market, seed)).collect()
}

fn of(runs: &[Summary], path: &str) -> Vec<f64> {
    runs.iter().map(|run| run.get(path).unwrap_or_else(|| panic!("{path} has a value"))).collect()
}

const SHORT: &str = "clock.horizon=120 d";

/// Row D1 of economics.md 3.3.
#[test]
fn shares_and_surplus_are_those_of_the_logit() {
    let runs = ten("theory/logit", &[SHORT]);
    check("here", &of(&runs, "venues.here_share"), 0.456_590);
    check("second", &of(&runs, "venues.by_venue.second.share"), 0.338_250);
    check("third", &of(&runs, "venues.by_venue.third.share"), 0.205_159);
    // Nothing here is by lot: the log sum of what was compared, to the nano-dollar.
    let known = -0.416_030_f64; // ln(exp -1.2 + exp -1.5 + exp -2.0)
    let exact = ((-1.2_f64).exp() + (-1.5_f64).exp() + (-2.0_f64).exp()).ln();
    assert!((exact - known).abs() < 1e-5);
    for surplus in of(&runs, "venues.surplus_usd") {
        assert!((surplus - exact / 1.2).abs() <= 1e-9, "{surplus}");
    }
}

/// The elasticities of row D1: the same tenants with the same tastes at two prices.
#[test]
fn elasticities_are_those_of_the_logit() {
    let elasticity = |key: &str, price: f64| -> Vec<f64> {
        let at = |part: f64| {
            let set = format!("{key}={} USD/GPU-h", price * part);
            of(&ten("theory/logit", &[SHORT, &set]), "venues.here_share")
        };
        let (low, high) = (at(0.95), at(1.05));
        let slope = |(low, high): (&f64, &f64)| (high / low).ln() / (1.05_f64 / 0.95).ln();
        low.iter().zip(&high).map(slope).collect()
    };
    check("own", &elasticity("price_books.spheron_2025.rtx4090", 1.0), -0.652_092);
    check("cross", &elasticity("venue.second.prices.rtx4090", 2.5), 1.014_751);
}

/// Row D4.
#[test]
fn who_dislikes_to_move_stays_as_often_as_the_logit_says() {
    let runs = ten("theory/inertia", &[SHORT]);
    check("stays here", &of(&runs, "venues.by_venue.here.stay_share"), 0.858_149);
    check("stays there", &of(&runs, "venues.by_venue.third.stay_share"), 0.768_525);
    check("here", &of(&runs, "venues.here_share"), 0.620_035);
    let free = ten("theory/inertia", &[SHORT, "tenant_kind.rational.inertia=0 USD/GPU-h"]);
    check("without inertia", &of(&free, "venues.here_share"), 0.574_443);
}

/// Row D2. Half-lives are fitted to the shares of days, as far as they are well above the noise.
#[test]
fn regulars_settle_where_two_states_do() {
    let runs = ten("theory/churn", &["clock.horizon=200 d", "tenants.count=2000"]);
    check("here", &of(&runs, "venues.here_share"), 0.714_286);
    let start = ["clock.warm_up=0 d", "clock.horizon=16 d", "tenants.count=20000"];
    let busy = ["pool.servers.demand=250 GPU", "pool.servers.providers=1"];
    let half_life = |run: &Summary| {
        let settled = 0.05 / 0.07;
        let above = run.venues.eras.iter().map(|era| (f64::from(era.era), era.here - settled));
        let points: Vec<_> = above.map(|(day, above)| (day, above.ln(), above * above)).collect();
        -(2.0_f64).ln() / estimate::slope(&points).expect("sixteen days").value
    };
    let runs = ten("theory/churn", &[start, [busy[0], busy[1], "clock.seed=1"]].concat());
    check("half-life", &runs.iter().map(half_life).collect::<Vec<_>>(), 9.551_338);
}

const CURVE: &str = "pool.community.demand_curve={ law = \"isoelastic\", elasticity = 1.2, \
                     at_most = 3.0 }";
const KINDS: [&str; 2] = [
    "pool.community.tenant_kinds={ hobbyist = \"100 %\" }",
    "pool.secured.tenant_kinds={ thrifty = \"60 %\", steady = \"40 %\" }",
];

/// What happens in a few days, as text; venues that nobody can choose have no row.
fn happened(sets: &[&str]) -> (Vec<String>, Vec<String>, String) {
    let days = ["clock.warm_up=0 d", "clock.horizon=2 d"];
    let (rows, outcome) = rows(&scenario("small", &[&days, sets].concat()), 1, Options::default());
    (rows.orders, rows.others, outcome.digest.digest)
}

/// A venue that is closed, or that asks more than anybody has, is as if it were not there.
#[test]
fn a_venue_that_nobody_can_choose_moves_nothing() {
    let base = happened(&[&KINDS[..], &["venue.gcp.is_open=false"]].concat());
    let dear = "venue.gcp.multiple=100.0";
    let price = "venue.gcp.prices.h100=1000000 USD/GPU-h";
    let appeal = "venue.gcp.appeal=-1000.0";
    assert_eq!(happened(&[&KINDS[..], &[dear, price, appeal]].concat()), base);
    let open = happened(&KINDS);
    assert_ne!(open.2, base.2, "one that can be chosen is");
}

/// Keys of all jobs that sent an order.
#[derive(Default)]
struct Jobs(BTreeSet<u64>);

impl Observer for Jobs {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Order(row) = row {
            self.0.insert(row.job_key.0);
        }
    }
}

fn jobs(sets: &[&str]) -> BTreeSet<u64> {
    let days = ["clock.warm_up=0 d", "clock.horizon=2 d", CURVE];
    let mut jobs = Jobs::default();
    run(&scenario("small", &[&days, sets].concat()), 1, Options::default(), &mut jobs);
    jobs.0
}

/// Each job is asked by its own key, so a higher price takes jobs away and brings none.
#[test]
fn a_higher_price_only_takes_jobs_away() {
    let at = |gain: &str| {
        let rents = format!(
            "drivers.rents={{ process = \"path\", innovation = \"gaussian\", \
                             path = {{ every = \"1 h\", between = \"step\", values = [1.0, {gain}] }} }}"
        );
        jobs(&[&rents])
    };
    let (low, book, high) = (at("0.8"), at("1.0"), at("1.5"));
    assert!(high.len() < book.len() && book.len() < low.len());
    assert!(book.is_subset(&low) && high.is_subset(&book));
}

/// Rule C3 of economics.md 2.3 at every hour, with every way out of a market in use.
#[test]
fn every_job_waits_runs_or_has_ended() {
    #[derive(Default)]
    struct Hours(u64, u64, u64);
    impl Observer for Hours {
        fn on_row(&mut self, row: Row<'_>) {
            if let Row::Series(row) = row {
                let ended = row.jobs_done + row.jobs_given_up + row.jobs_elsewhere;
                assert_eq!(
                    row.jobs_arrived,
                    row.jobs_waiting + row.jobs_running + ended,
                    "{row:?}"
                );
                self.0 += 1;
                self.1 = self.1.max(row.jobs_elsewhere);
                self.2 = self.2.max(row.jobs_given_up);
            }
        }
    }
    let crowded = ["pool.community.demand=400 GPU", "ordering.patience=2 h", CURVE];
    let days = ["clock.warm_up=0 d", "clock.horizon=3 d"];
    let market = scenario("small", &[&KINDS[..], &crowded, &days].concat());
    for seed in 1..=3 {
        let mut hours = Hours::default();
        run(&market, seed, Options::default(), &mut hours);
        assert!(hours.0 >= 144 && hours.1 > 0 && hours.2 > 0, "seed {seed}");
    }
}

/// Jobs that waited too long here go elsewhere by their tenants' fallback, and are not given up.
#[test]
fn who_waits_too_long_may_go_elsewhere() {
    let at = |share: &str| {
        let sets = [
            "pool.community.demand=1500 GPU".to_string(),
            "clock.horizon=3 d".to_string(),
            format!("tenant_kind.hobbyist.fallback={share}"),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).chain(KINDS).collect();
        summary(&scenario("small", &sets), 1)
    };
    let of = |run: &Summary, path: &str| run.get(path).expect("it is a count");
    let (never, always) = (at("0 %"), at("100 %"));
    let given_up = "orders.pools.community.jobs_given_up";
    assert!(of(&never, given_up) > 50.0 && of(&always, given_up) == 0.0);
    let waited = "venues.elsewhere_by_reason.waited";
    assert!(of(&always, waited) > of(&never, waited) + 50.0);
}

/// What a curve wants is what is measured at prices that move, and so is its elasticity. Hardly
/// anybody is served, which no price depends on.
#[test]
fn the_price_volume_curve_has_the_elasticity_that_was_declared() {
    // From nine tenths of the book price to two and a half of it: below a third all come.
    let rents = "drivers.rents={ process = \"path\", innovation = \"gaussian\", \
                 path = { every = \"10 d\", between = \"log_linear\", \
                 values = [1.0, 0.9, 2.5, 0.9] } }";
    let short = "class.servers.work.duration={ law = \"fixed\", length = \"30 min\" }";
    let busy = ["pool.servers.demand=60 GPU", "clock.warm_up=0 d", "clock.horizon=30 d"];
    for known in [1.2, 0.5] {
        let curve = format!(
            "pool.servers.demand_curve={{ law = \"isoelastic\", elasticity = {known}, \
             at_most = 3.0 }}"
        );
        let sets = [&busy[..], &[rents, short, "pool.servers.providers=1", &curve]].concat();
        let runs = ten("theory/erlang_loss_10", &sets);
        check("elasticity", &of(&runs, "demand.servers.elasticity"), known);
        // Of ten intervals of 95 %, fewer than seven hold what is true once in a thousand tests.
        let [low, high] = ["low", "high"].map(|end| format!("demand.servers.elasticity_{end}"));
        let ends = of(&runs, &low).into_iter().zip(of(&runs, &high));
        let held = ends.filter(|(low, high)| *low <= known && known <= *high).count();
        assert!(held >= 7, "{held} of ten intervals hold {known}");
    }
}

/// A class with a curve of its own answers by it, and no other class's jobs are others for it.
#[test]
fn a_class_answers_by_its_own_curve() {
    #[derive(Default)]
    struct OfClass(BTreeMap<u16, BTreeSet<u64>>);
    impl Observer for OfClass {
        fn on_row(&mut self, row: Row<'_>) {
            if let Row::Order(row) = row {
                self.0.entry(row.class.0).or_default().insert(row.job_key.0);
            }
        }
    }
    let rents = "drivers.rents={ process = \"path\", innovation = \"gaussian\", \
                 path = { every = \"1 h\", between = \"step\", values = [1.0, 1.4] } }";
    let at = |sets: &[&str]| {
        let days = ["clock.warm_up=0 d", "clock.horizon=10 d", rents];
        let mut jobs = OfClass::default();
        let market = scenario("small", &[&days, sets].concat());
        run(&market, 1, Options::default(), &mut jobs);
        (jobs.0, summary(&market, 1))
    };
    let curve = |class: &str, law: &str, elasticity: f64| {
        format!(
            "class.community.{class}.demand_curve={{ law = \"{law}\", elasticity = {elasticity}, \
             at_most = 1.0 }}"
        )
    };
    let (batch, inference) = (curve("batch", "linear", 2.0), curve("inference", "isoelastic", 0.5));
    let (plain, _) = at(&[]);
    let (bent, run) = at(&[&batch, &inference]);
    let of = |path: &str| run.get(path).unwrap_or_else(|| panic!("{path} has a value"));
    let price = of("demand.community.price");
    assert!(price > 1.3, "rents rose, and bids with them");
    for (class, known) in
        [("batch", (1.0 - 2.0 * (price - 1.0)).max(0.0)), ("inference", price.powf(-0.5))]
    {
        let found = of(&format!("demand_by_class.community.{class}.quantity"));
        assert!((found - known).abs() < 0.05, "{class}: {found}, not {known}");
    }
    assert_eq!(run.get("demand_by_class.community.fine_tune.quantity"), None);
    let changed: Vec<u16> =
        plain.keys().copied().filter(|class| bent.get(class) != plain.get(class)).collect();
    let names = scenario("small", &[]);
    let name = |class: &u16| names.classes[usize::from(*class)].name.as_str();
    let changed: Vec<&str> = changed.iter().map(name).collect();
    assert_eq!(changed, ["community.inference", "community.batch"]);
}

/// Chance that a standard normal number is above `z`, by the midpoint rule.
fn normal_above(z: f64) -> f64 {
    let density = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    (0..10_000).map(|step| 1e-3 * density(z + (f64::from(step) + 0.5) * 1e-3)).sum()
}

/// The demand curve of reservation prices is their survival function.
#[test]
fn reservation_prices_are_the_ceilings_of_orders() {
    let curve = "pool.community.demand_curve={ law = \"reservation\", median = 0.9, sigma = 0.4 }";
    let run = summary(&scenario("small", &["clock.horizon=5 d", curve]), 1);
    // Of a log-normal with median 0.9, what is above the pool's price of about 1.01.
    let price = run.get("demand.community.price").expect("prices were seen");
    let above = normal_above((price / 0.9).ln() / 0.4);
    let found = run.get("demand.community.quantity").expect("jobs came");
    assert!((found - above).abs() < 0.03, "{found}, not {above}");
    let unmatched = run.get("orders.pools.community.unmatched_by_reason.price");
    assert!(unmatched.expect("it is a count") > 100.0, "who pays less finds nobody");
}

/// Words of reasons, jobs and spend: what is in the rows adds up to what is in the summary.
#[test]
fn jobs_elsewhere_have_reasons_hours_and_spend() {
    #[derive(Default)]
    struct Sent(BTreeMap<u16, (u64, u64, i64)>, BTreeSet<u64>, BTreeSet<u64>);
    impl Observer for Sent {
        fn on_row(&mut self, row: Row<'_>) {
            match row {
                Row::Venue(row) if row.is_reported => {
                    let sum = self.0.entry(row.venue.0).or_default();
                    *sum =
                        (sum.0 + row.jobs, sum.1 + row.gpu_s, sum.2 + row.spend_nano_usd.nanos());
                }
                Row::Order(row) if row.attempt == 1 => {
                    self.1.insert(row.job_key.0);
                }
                Row::Lease(row) if row.opened_at_ns == units::SimTime::ZERO => {
                    self.2.insert(row.job_key.0);
                }
                _ => {}
            }
        }
    }
    let days = ["clock.warm_up=0 d", "clock.horizon=3 d"];
    let market = scenario("small", &[&KINDS[..], &days].concat());
    let mut sent = Sent::default();
    run(&market, 1, Options::default(), &mut sent);
    // What was in progress at the start orders anew when it is interrupted.
    let came = sent.1.difference(&sent.2).count() as u64;
    assert_eq!(sent.0[&0].0, came, "who came here sent an order");
    assert!(sent.0.len() > 4 && sent.0.values().all(|sum| sum.1 > 0 && sum.2 > 0));
    let run = summary(&market, 1);
    let elsewhere: u64 = sent.0.iter().filter(|(venue, _)| **venue > 0).map(|(_, sum)| sum.0).sum();
    let reasons: u64 = run.venues.elsewhere_by_reason.iter().map(|(_, jobs)| *jobs).sum();
    assert_eq!(reasons, elsewhere);
    let digests = [digest(&market, 1), digest(&market, 1)];
    assert_eq!(digests[0], digests[1]);
}

/// Jobs that came in the warm-up and are given up, or go elsewhere, in the reported time are no
/// part of its jobs: their number has nothing to do with how many come in it.
#[test]
fn shares_lie_between_nothing_and_all_when_the_past_ends_in_the_reported_time() {
    let late = "172700,1,3600,0.001\\n".repeat(600); // Just before two days of warm-up are over.
    let timely = "172900,1,3600,0.001\\n".repeat(30);
    let text = format!("arrival_s,gpus,duration_s,ceiling\\n{late}{timely}");
    let replay = format!(
        "pool.community.replay={{ text = \"{text}\", format = \"orrery\", class = \"batch\", \
         from = \"0 s\", scale = 1.0 }}"
    );
    let sets = [
        &replay,
        "pool.community.demand=0 GPU",
        "pool.secured.demand=0 GPU",
        "ordering.patience=2 h",
        "tenant_kind.hobbyist.fallback=50 %",
    ];
    let found = summary(&scenario("small", &[&sets[..], &KINDS].concat()), 1);
    let jobs = found.get("orders.jobs").expect("it is a count");
    assert!((1.0..=30.0).contains(&jobs), "{jobs}: those that came in the reported time");
    let shares = found.metrics().into_iter().filter(|(path, _)| path.contains("share"));
    let shares: Vec<_> = shares.filter_map(|(path, value)| Some((path, value?))).collect();
    assert!(shares.iter().any(|(path, _)| path == "venues.here_share"), "it has a value");
    for (path, value) in shares {
        assert!((0.0..=1.0).contains(&value), "{path} is {value}");
    }
}
