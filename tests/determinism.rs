//! Is the same run the same: twice, on any number of threads, watched or not, in slices, lazily or
//! eagerly evaluated? And does a change here leave chance there alone?

mod support;

use rayon::prelude::*;
use support::{Rows, digest, rows, run, scenario};
use world::{Options, Search, Simulation};

#[test]
fn the_same_run_twice_is_the_same_in_every_row() {
    let small = scenario("small", &[]);
    let (first, one) = rows(&small, 7, Options::default());
    let (second, two) = rows(&small, 7, Options::default());
    assert_eq!(one.digest, two.digest);
    assert_eq!(first.orders, second.orders);
    assert_eq!(first.leases, second.leases);
    assert_eq!(first.others, second.others);
}

#[test]
fn another_seed_is_another_run() {
    let small = scenario("small", &[]);
    assert_ne!(digest(&small, 1), digest(&small, 2));
}

#[test]
fn threads_change_nothing() {
    let small = scenario("small", &["clock.horizon = \"1 d\""]);
    let alone: Vec<String> = (1..=6).map(|seed| digest(&small, seed)).collect();
    for threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let together: Vec<String> =
            pool.install(|| (1..=6_u64).into_par_iter().map(|seed| digest(&small, seed)).collect());
        assert_eq!(together, alone, "{threads} threads");
    }
}

#[test]
fn watching_changes_nothing() {
    let small = scenario("small", &[]);
    let mut watcher = Rows { with_bids: true, ..Rows::default() };
    let watched = run(&small, 3, Options::default(), &mut watcher);
    assert!(!watcher.bids.is_empty(), "bids of sampled orders were seen");
    assert_eq!(watched.digest.digest, digest(&small, 3));
}

#[test]
fn auditing_changes_nothing() {
    let small = scenario("small", &[]);
    let unaudited = Options { is_unaudited: true, ..Options::default() };
    let outcome = run(&small, 3, unaudited, &mut ());
    assert_eq!((outcome.audited, outcome.digest.digest), (0, digest(&small, 3)));
    let audited = run(&small, 3, Options::default(), &mut ());
    let eras = audited.digest.seals.len() as u64;
    assert!(audited.audited > audited.digest.receipts - eras, "every receipt was read");
}

#[test]
fn slices_change_nothing() {
    let small = scenario("small", &["clock.horizon = \"1 d\""]);
    let mut sliced = Simulation::new(&small, 3, Options::default());
    while !sliced.advance(17, &mut ()) {}
    assert_eq!(sliced.finish(&mut ()).digest.digest, digest(&small, 3));
}

/// The shortcuts (bids evaluated on demand, challenges from a trail, reasons looked for where they
/// can be) against the slow and obvious way, row by row.
#[test]
fn lazy_and_eager_runs_agree_in_every_row() {
    for seed in [1, 2] {
        let small = scenario("small", &[]);
        let (lazy, one) = rows(&small, seed, Options::default());
        let eager = Options { search: Search::Eager, ..Options::default() };
        let (eager, two) = rows(&small, seed, eager);
        assert_eq!(one.digest, two.digest, "seed {seed}");
        assert!(two.events > one.events, "the eager run has an event for every challenge");
        assert_eq!(lazy.orders, eager.orders, "seed {seed}");
        assert_eq!(lazy.leases, eager.leases, "seed {seed}");
        assert_eq!(lazy.others, eager.others, "seed {seed}");
    }
}

/// A pool that nobody orders from, of machines that nobody can use, is added behind the others:
/// every order, bid and lease of the old pools stays as it was (economics.md 2.6, M10).
#[test]
fn one_more_provider_in_another_group_moves_no_draw() {
    let without = scenario("small", &[]);
    let mut with = without.clone();
    let mut idle = with.pools[1].clone();
    idle.name = "idle".to_string();
    idle.providers = 3;
    idle.demand = scenario::Demand::Gpus(0.0);
    with.pools.push(idle);
    let (before, _) = rows(&without, 5, Options::default());
    let (after, _) = rows(&with, 5, Options::default());
    // Rewards are shared by all, so money beside leases may differ; chance may not.
    assert_eq!(before.orders, after.orders);
    assert_eq!(before.leases, after.leases);
}

#[test]
fn the_order_of_pools_in_the_file_means_nothing_to_chance() {
    let plain = scenario("small", &["clock.horizon = \"1 d\""]);
    let ends = |scenario| {
        let mut builder = metrics::SummaryBuilder::new(world::names(scenario));
        run(scenario, 5, Options::default(), &mut builder);
        let summary = builder.finish();
        let value = |path: &str| summary.get(path).expect("the metric exists");
        [value("orders.sent"), value("orders.matched"), value("market.gpu_hours.paid")]
    };
    let mut swapped = plain.clone();
    swapped.pools.swap(0, 1);
    for class in &mut swapped.classes {
        class.pool = units::PoolId(1 - class.pool.0);
    }
    assert_eq!(ends(&plain).map(f64::to_bits), ends(&swapped).map(f64::to_bits));
}
