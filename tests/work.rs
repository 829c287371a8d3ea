//! Work: classes without a share, jobs of a file, demand that grows, lengths that depend on sizes,
//! and cards that do the work sooner.
#![allow(clippy::disallowed_methods, reason = "references of tests need no last place")]

mod support;

use record::{LeaseEnd, LeaseRow, OrderRow, SeriesRow};
use scenario::{LoadError, Scenario};
use support::watch::{NOBODY, PHILLY, Watch, arrivals, mean, numbers, orders, unpacked};
use support::{digest, project, run, scenario};
use world::Options;

/// The small market with a text over it, beside the library.
fn small_with(extends: &str, text: &str) -> Scenario {
    small_beside(extends, text, "")
}

/// The same, with a file of jobs beside it.
fn small_beside(extends: &str, text: &str, jobs: &str) -> Scenario {
    let text = format!("extends = [{extends}]\nquestion = \"q?\"\nexpectation = \"e\"\n{text}");
    let read = |path: &str| match path {
        "scenarios/test.toml" => Ok(text.clone().into_bytes()),
        "scenarios/jobs.csv" => Ok(jobs.as_bytes().to_vec()),
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

fn replaying_file(jobs: &str, format: &str, from: &str) -> Scenario {
    let text = format!(
        "[clock]\nwarm_up = \"0 d\"\nhorizon = \"2 d\"\n[ordering]\npatience = \"0 s\"\n\
         [pool.secured]\nproviders = 0\ndemand = \"0 GPU\"\nreplay = {{ file = \"jobs.csv\", \
         format = \"{format}\", class = \"training\", from = \"{from}\", scale = 1.0 }}\n"
    );
    small_beside("\"small.toml\"", &text, jobs)
}

/// Published files are read as they are, and their jobs come in the hours in which they came.
#[test]
fn published_jobs_are_replayed_hour_by_hour() {
    if let Some(text) = unpacked(PHILLY) {
        let market = replaying_file(&text, "philly", "20 d");
        let fits = |row: &Vec<f64>| row[2] <= 8.0 && row[1] > 0.0;
        let mut hours = vec![0.0; 48];
        for row in numbers(&text).filter(fits).filter(|row| row[0] >= 480.0 * 3_600.0) {
            if let Some(hour) = hours.get_mut((row[0] / 3_600.0 - 480.0) as usize) {
                *hour += 1.0;
            }
        }
        assert_eq!(arrivals(&market, 1, 1), hours);
        println!("Philly: {} jobs in the first two of 35 days", hours.iter().sum::<f64>());
    }
    if let Some(text) = unpacked("openb/openb_pod_list_default.csv.gz") {
        let market = replaying_file(&text, "openb", "0 s");
        let replay = market.pools[1].replay.as_ref().expect("there is a file");
        // name, cpu, memory, GPUs, ..., created 8, deleted 9, scheduled 10.
        let runs = |row: &Vec<f64>| row[3] >= 1.0 && row[9] > row[10];
        assert_eq!(replay.jobs.len(), numbers(&text).filter(runs).count());
        let hours: f64 = replay.jobs.iter().map(|job| job.duration.as_hours_f64()).sum();
        let of_file: f64 = numbers(&text).filter(runs).map(|row| row[9] - row[10]).sum();
        assert!((hours * 3_600.0 / of_file - 1.0).abs() < 1e-9);
        println!("openb: {} pods with GPUs that ran", replay.jobs.len());
    }
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
