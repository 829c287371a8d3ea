//! The relations M1 to M2 of economics.md 2.6 between two runs of the same jobs, by their names.
//!
//! M3 and M4 are relations of one auction (`mechanism/tests/rent.rs`: more sellers never raise the
//! price, more buyers never lower it, richer buyers never let fewer GPUs be used).

mod support;

use record::{Observer, OrderOutcome, OrderRow, Row};
use scenario::Scenario;
use std::collections::BTreeMap;
use support::{run, scenario};
use units::{EntityKey, Span};
use world::Options;

/// Ten servers, one class, first come, first served: the setting of the exact relations.
const TEN: &[&str] = &[
    "clock.warm_up = \"0 d\"",
    "clock.horizon = \"40 d\"",
    "class.servers.work.share = \"100 %\"",
    "class.servers.urgent.share = \"0 %\"",
    "ordering.line.first = []",
];

#[derive(Default)]
struct Orders(Vec<OrderRow>);

impl Observer for Orders {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Order(row) = row {
            self.0.push(*row);
        }
    }
}

/// The wait of who got no place.
const NEVER: Span = Span::from_nanos(u64::MAX);

/// How long each job waited, and which did not get a place until the end.
fn waits(market: &Scenario, seed: u64) -> BTreeMap<EntityKey, Span> {
    let mut orders = Orders::default();
    run(market, seed, Options::default(), &mut orders);
    let orders = orders.0.iter();
    let wait = |order: &OrderRow| match order.outcome {
        OrderOutcome::Open => NEVER,
        _ => order.line_ns,
    };
    orders.map(|order| (order.job_key, wait(order))).collect()
}

/// Jobs of `less` that wait longer than in `more`, and those that wait shorter.
fn compare(more: &BTreeMap<EntityKey, Span>, less: &BTreeMap<EntityKey, Span>) -> (usize, usize) {
    let both = || less.iter().filter_map(|(job, wait)| more.get(job).map(|other| (wait, other)));
    (both().filter(|(less, more)| less > more).count(), both().filter(|(a, b)| a < b).count())
}

/// The jobs of ten servers and of eleven, under the same seed, in a variety of the market.
fn with_another_server(variety: &[&str], seed: u64) -> [BTreeMap<EntityKey, Span>; 2] {
    ["pool.servers.providers = 10", "pool.servers.providers = 11"].map(|servers| {
        let sets = [TEN, variety, &[servers]].concat();
        waits(&scenario("theory/priority", &sets), seed)
    })
}

/// M1: one more identical server, and no job waits longer, job by job.
#[test]
fn m1_another_server_makes_nobody_wait_longer() {
    for seed in 1..=10 {
        let [ten, eleven] = with_another_server(&[], seed);
        assert_eq!(ten.len(), eleven.len(), "the same jobs come");
        let (longer, shorter) = compare(&ten, &eleven);
        assert_eq!(longer, 0, "seed {seed}");
        assert!(shorter > 500, "the server counts: {shorter}");
        assert!(compare(&eleven, &ten).0 > 500, "taking one away is noticed");
    }
}

/// M1b: with jobs of several sizes, cards of several speeds or classes that go first, the theorem
/// is gone and some jobs do wait longer; the mean job does not.
#[test]
fn m1b_another_server_makes_the_mean_wait_shorter() {
    let nodes = [
        "pool.servers.rules = \"provider\"",
        "pool.servers.trust = { 1 = \"100 %\" }",
        "pool.servers.gpus_per_machine = 4",
    ];
    let sizes = [
        "pool.servers.demand = \"30 GPU\"",
        "class.servers.work.gpus = { 1 = \"50 %\", 3 = \"50 %\" }",
    ];
    let speeds = [
        "pool.servers.demand = \"8 GPU\"",
        "pool.servers.cards = { rtx4090 = \"50 %\", rtx3090 = \"50 %\" }",
        "class.servers.work.speed = { scales_from = \"rtx4090\" }",
    ];
    let classes = [
        "class.servers.work.share = \"62.5 %\"",
        "class.servers.urgent.share = \"37.5 %\"",
        "ordering.line.first = [\"servers.urgent\"]",
    ];
    let sizes = [&nodes[..], &sizes].concat();
    for (what, variety) in [("sizes", &sizes[..]), ("speeds", &speeds), ("classes", &classes)] {
        let (mut anomalies, mut means) = (0, Vec::new());
        for seed in 1..=20 {
            let [ten, eleven] = with_another_server(variety, seed);
            anomalies += compare(&ten, &eleven).0;
            let placed = |(job, wait): (&EntityKey, &Span)| {
                let other = eleven.get(job)?;
                (wait.max(other) < &NEVER).then(|| wait.as_secs_f64() - other.as_secs_f64())
            };
            let gains: Vec<f64> = ten.iter().filter_map(placed).collect();
            means.push(gains.iter().sum::<f64>() / gains.len() as f64);
        }
        let gain = estimate::mean_interval(&means).expect("there are runs");
        println!("M1b, {what}: {anomalies} jobs wait longer; in the mean {gain:?} s shorter");
        assert!(anomalies > 0, "{what} have anomalies");
        assert!(gain.mean > gain.half_width.expect("runs have a spread"), "{what}: {gain:?}");
    }
}

/// M2: without a stream of demand, none of the others' jobs waits longer.
#[test]
fn m2_less_demand_makes_nobody_wait_longer() {
    let days = ["clock.warm_up = \"0 d\"", "clock.horizon = \"40 d\"", "ordering.line.first = []"];
    for seed in 1..=10 {
        let both = scenario("theory/priority", &days);
        let alone = [
            "pool.servers.demand = \"5 GPU\"",
            "class.servers.work.share = \"100 %\"",
            "class.servers.urgent.share = \"0 %\"",
        ];
        let alone = scenario("theory/priority", &[&days[..], &alone].concat());
        let (both, alone) = (waits(&both, seed), waits(&alone, seed));
        assert!(alone.keys().all(|job| both.contains_key(job)), "the same jobs come");
        let (longer, shorter) = compare(&both, &alone);
        assert_eq!(longer, 0, "seed {seed}");
        assert!(shorter > 100, "the demand counts: {shorter}");
        assert!(compare(&alone, &both).0 > 100, "more demand is noticed");
    }
}
