//! Do waiting lines and repair crews give the answers of queueing theory, through the whole
//! simulator? Rows Q6 to Q9b and Q13 of economics.md 3.1.
//!
//! As in `theory.rs`, a reference lies inside the 95 % interval widened to a false-alarm rate of
//! 1.7e-5, and the half-width is bounded. `ORRERY_LONG=1` runs ten times as long, for half-widths
//! of a per cent.

mod support;

use metrics::SummaryBuilder;
use rayon::prelude::*;
use record::{LeaseEnd, LeaseRow, Observer, OrderOutcome, Row, UnmatchedReason};
use scenario::Scenario;
use support::{run, scenario};
use units::{Span, Usd};
use world::Options;

const REPLICATIONS: u64 = 30;
/// Student's t of 29 degrees of freedom: for 1.7e-5 over for 5 %.
const WIDENING: f64 = 5.150_92 / 2.045_23;

/// What a run of a line comes to.
#[derive(Default)]
struct Orders {
    /// Reported orders that got a lease, by class.
    matched: [u64; 2],
    /// Those who found the line at its limit.
    refused: u64,
    /// Those who were given up after a wait.
    left: u64,
    /// How many had to wait at all.
    waited: u64,
    /// Hours in line, by class.
    hours: [f64; 2],
    /// Share of the servers' time that leases held.
    utilization: f64,
    /// Reported hours.
    length: f64,
}

impl Orders {
    fn of(market: &Scenario, seed: u64) -> Orders {
        let mut both = Both(Orders::default(), SummaryBuilder::new(world::names(market)));
        run(market, seed, Options { is_unaudited: true, ..Options::default() }, &mut both);
        let Both(orders, builder) = both;
        let utilization = builder.finish().get("pools.servers.utilization_of_available");
        let length = market.clock.horizon.as_secs_f64() / 3600.0;
        Orders { utilization: utilization.expect("GPUs were up"), length, ..orders }
    }

    fn sent(&self) -> f64 {
        (self.matched.iter().sum::<u64>() + self.refused + self.left) as f64
    }

    fn wait(&self, class: usize) -> f64 {
        self.hours[class] / self.matched[class] as f64
    }

    /// Hours in line of all orders together.
    fn line(&self) -> f64 {
        self.hours.iter().sum()
    }
}

impl Observer for Orders {
    fn on_row(&mut self, row: Row<'_>) {
        let Row::Order(row) = row else { return };
        if !row.is_reported || row.outcome == OrderOutcome::Open {
            return;
        }
        let class = row.class.index();
        let is_refused = row.reason == UnmatchedReason::LineFull;
        self.matched[class] += u64::from(row.outcome == OrderOutcome::Started);
        self.refused += u64::from(is_refused);
        self.left += u64::from(row.is_given_up && !is_refused);
        self.waited += u64::from(row.line_ns > Span::ZERO);
        self.hours[class] += row.line_ns.as_secs_f64() / 3600.0;
    }
}

#[derive(Default)]
struct Leases(Vec<LeaseRow>);

impl Observer for Leases {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Lease(row) = row {
            self.0.push(*row);
        }
    }
}

struct Both(Orders, SummaryBuilder);

impl Observer for Both {
    fn on_row(&mut self, row: Row<'_>) {
        self.0.on_row(row);
        self.1.on_row(row);
    }
}

/// A number of theory, and how it is read from a run.
struct Reference<T> {
    what: &'static str,
    value: f64,
    read: fn(&T) -> f64,
    /// Half-width at most, as a share of the value; a third of it in the long run.
    half_width_max: f64,
    /// What the value itself may be off by, as a share of it: it is of a limit.
    slack: f64,
}

/// A number that is read from orders.
const fn of_orders(what: &'static str, value: f64, read: fn(&Orders) -> f64) -> Reference<Orders> {
    Reference { what, value, read, half_width_max: 0.03, slack: 0.0 }
}

/// Holds the replications of a scenario against what theory says of them; prints the table.
fn check<T: Send>(
    name: &str,
    sets: &[&str],
    observe: impl Fn(&Scenario, u64) -> T + Sync,
    references: &[Reference<T>],
) {
    let is_long = std::env::var_os("ORRERY_LONG").is_some();
    let (times, part) = if is_long { (10, 1.0 / 3.0) } else { (1, 1.0) };
    let mut market = scenario(name, sets);
    market.clock.horizon = market.clock.horizon.times(times);
    let runs: Vec<T> =
        (1..=REPLICATIONS).into_par_iter().map(|seed| observe(&market, seed)).collect();
    let mut problems = Vec::new();
    for Reference { what, value, read, half_width_max, slack } in references {
        let values: Vec<f64> = runs.iter().map(read).collect();
        let interval = estimate::mean_interval(&values).expect("there are runs");
        let half_width = interval.half_width.expect("runs have a spread");
        let error = (interval.mean - value).abs();
        println!("{name} {what}: {value} in theory, {:.6} +- {half_width:.6}", interval.mean);
        if half_width > part * half_width_max * value {
            problems.push(format!("{what} is too uncertain: {:.4}", half_width / value));
        }
        if error > WIDENING * half_width + slack * value {
            problems.push(format!("{what} is off by {error:.6}"));
        }
    }
    assert!(problems.is_empty(), "{name}: {problems:?}");
}

/// A birth-and-death chain in balance: the chance of each state from its rates up and down.
fn balance(states: usize, up: impl Fn(usize) -> f64, down: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..states {
        weights.push(weights[n - 1] * up(n - 1) / down(n));
    }
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / sum).collect()
}

/// The mean of a number of each state.
fn mean(chances: &[f64], of: impl Fn(usize) -> f64) -> f64 {
    chances.iter().enumerate().map(|(n, chance)| chance * of(n)).sum()
}

/// How far a state lies above `servers`.
const fn above(n: usize, servers: usize) -> f64 {
    n.saturating_sub(servers) as f64
}

/// The references below, worked out anew from the chains that they come from.
#[test]
fn the_chains_give_the_published_values() {
    let is = |value: f64, published: f64| assert!((value / published - 1.0).abs() < 1e-5);
    let limited = balance(11, |_| 5.0, |n| n.min(4) as f64);
    is(limited[10], 0.230_024);
    is(mean(&limited, |n| above(n, 4)) / (5.0 * (1.0 - limited[10])), 0.910_739);
    let impatient = balance(400, |_| 10.0, |n| n.min(10) as f64 + 0.5 * above(n, 10));
    is(mean(&impatient, |n| 0.5 * above(n, 10)) / 10.0, 0.103_913);
    is(mean(&impatient, |n| above(n, 10)) / 10.0, 0.207_826);
    let machines = |count: usize, lambda: f64, mu: f64, crews: usize| {
        let up = move |n| lambda * (count - n) as f64;
        mean(&balance(count + 1, up, move |n| mu * n.min(crews) as f64), |n| n as f64)
    };
    is(machines(20, 0.02, 0.5, 2), 0.871_432);
    is(machines(1_000, 1.0 / 720.0, 0.25, 10), 5.601_804);
    is(machines(1_000, 1.0 / 720.0, 0.25, 6), 12.777_50);
}

/// Row Q6.
#[test]
fn a_line_with_a_limit_refuses_and_delays_as_theory_says() {
    let references = [
        of_orders("refused", 0.230_024, |o| o.refused as f64 / o.sent()),
        of_orders("orders an hour", 3.849_878, |o| o.matched[0] as f64 / o.length),
        of_orders("in line", 3.506_233, |o| o.line() / o.length),
        of_orders("wait", 0.910_739, |o| o.wait(0)),
        of_orders("utilization", 0.962_470, |o| o.utilization),
    ];
    check("theory/line_limit", &[], Orders::of, &references);
}

/// Row Q7, at both of its loads.
#[test]
fn tenants_leave_a_line_as_often_as_erlang_a_says() {
    let references = [
        of_orders("had to wait", 0.619_655, |o| o.waited as f64 / o.sent()),
        of_orders("given up", 0.103_913, |o| o.left as f64 / o.sent()),
        of_orders("in line", 2.078_264, |o| o.line() / o.length),
        of_orders("wait", 0.207_826, |o| o.line() / o.sent()),
        of_orders("utilization", 0.896_087, |o| o.utilization),
    ];
    check("theory/impatience", &[], Orders::of, &references);
    let references = [
        of_orders("given up at 12", 0.195_656, |o| o.left as f64 / o.sent()),
        of_orders("in line at 12", 4.695_743, |o| o.line() / o.length),
    ];
    check("theory/impatience", &["pool.servers.demand = \"12 GPU\""], Orders::of, &references);
}

/// Row Q8. Classes are numbered in the order of the file, plain work first.
#[test]
fn who_goes_first_in_line_waits_as_little_as_theory_says() {
    let names: Vec<String> =
        scenario("theory/priority", &[]).classes.into_iter().map(|class| class.name).collect();
    assert_eq!(names, ["servers.work", "servers.urgent"]);
    let references = [
        of_orders("wait of the urgent", 0.058_454_3, |o| o.wait(1)),
        of_orders("wait of the plain", 0.292_272, |o| o.wait(0)),
        of_orders("wait of all", 0.204_590, |o| o.line() / o.sent()),
    ];
    check("theory/priority", &[], Orders::of, &references);
}

/// Row Q8b. Who is displaced orders anew, so that waits are of jobs and not of orders: what stands
/// in line is theirs by Little, 5 an hour times .327245 h and 3 times .000165328 h.
#[test]
fn who_is_displaced_waits_as_long_as_theory_says() {
    let urgent = of_orders("urgent in line", 0.000_495_984, |o| o.hours[1] / o.length);
    let references = [
        of_orders("plain in line", 1.636_225, |o| o.hours[0] / o.length),
        of_orders("all in line", 1.636_721, |o| o.line() / o.length),
        // It waits a few times in a day's thousands.
        Reference { half_width_max: 0.3, ..urgent },
    ];
    check("theory/displacement", &[], Orders::of, &references);
}

/// Who is displaced hears of it in time, is of a later class, and costs its provider no stake.
#[test]
fn who_is_displaced_has_its_notice() {
    let sets = [
        "clock.horizon=3 d",
        "ordering.waiting=line",
        "ordering.line.first=[\"community.inference\"]",
        "ordering.line.displaces=true",
        "pool.community.demand=110 %",
    ];
    let displaced = |notice: &str| {
        let market = scenario("small", &[&sets[..], &[notice]].concat());
        let mut leases = Leases::default();
        run(&market, 1, Options::default(), &mut leases);
        let (first, mut leases) = (market.waiting.first[0], leases.0);
        leases.retain(|lease| lease.end == LeaseEnd::Reclaimed);
        assert!(leases.len() > 20, "{}", leases.len());
        let is_right = |one: &LeaseRow| one.class != first && one.unpaid_nano_usd == Usd::ZERO;
        assert!(leases.iter().all(is_right));
        leases
    };
    let [none, some] = ["contract.notice=0 s", "contract.notice=2 min"].map(displaced);
    assert!(none.iter().all(|lease| lease.notice_ns == Span::ZERO));
    assert!(some.iter().all(|lease| lease.notice_ns >= Span::from_secs(120)));
}

/// Row Q13. The values are of endlessly many servers; how far a hundred are from that goes with one
/// over their number, and two hundredths are allowed. With one choice each server is a line of its
/// own, whose mean is as uncertain as lines get: that is left to the long run.
#[test]
fn who_joins_the_shorter_of_two_lines_waits_as_theory_says() {
    let is_long = std::env::var_os("ORRERY_LONG").is_some();
    let choices = [(2, 2.614_057), (3, 2.027_856), (1, 10.0)];
    for (choices, value) in choices.into_iter().take(if is_long { 3 } else { 2 }) {
        let sets = format!("matching.core_parameters.power_of_d.choices = {choices}");
        let time = of_orders("time in all", value, |o| 1.0 + o.wait(0));
        let references = [Reference { slack: 0.02, ..time }];
        check("theory/shortest_line", &[&sets], Orders::of, &references);
    }
}

fn share_down(market: &Scenario, seed: u64) -> f64 {
    let mut builder = SummaryBuilder::new(world::names(market));
    run(market, seed, Options { is_unaudited: true, ..Options::default() }, &mut builder);
    let availability = builder.finish().get("pools.servers.availability");
    1.0 - availability.expect("GPUs were installed")
}

/// Rows Q9 and Q9b: the share of machines that are down is the sharper question.
#[test]
fn few_crews_repair_many_machines_as_fast_as_theory_says() {
    let down = |value, half_width_max| {
        let read = |down: &f64| *down;
        [Reference { what: "share down", value, read, half_width_max, slack: 0.0 }]
    };
    check("theory/repair", &[], share_down, &down(0.871_432 / 20.0, 0.03));
    let many = |crews: &str, days: u32| {
        [
            "pool.servers.providers = 1000".to_string(),
            "clock.warm_up = \"80 d\"".to_string(),
            format!("clock.horizon = \"{days} d\""),
            "host_class.faulty.fault = { between = \"720 h\", repair = \"4 h\" }".to_string(),
            format!("repair_crews.faulty = {crews}"),
        ]
    };
    let rows = [("10", 60, 0.005_601_804, 0.03), ("6", 300, 0.012_777_50, 0.06)];
    for (crews, days, value, half_width_max) in rows {
        let sets = many(crews, days);
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        check("theory/repair", &sets, share_down, &down(value, half_width_max));
    }
}

/// A provider that was drawn may stay silent, and nobody else have bid: the order goes back to its
/// line, and what was signed before is no part of the way on which it fails there.
#[test]
fn patience_may_end_after_a_match_that_came_to_nothing() {
    struct Back(u64);
    impl Observer for Back {
        fn on_row(&mut self, row: Row<'_>) {
            let Row::Order(row) = row else { return };
            if row.is_given_up && row.rounds > 0 {
                assert_eq!(row.quorum_ns, None, "the signature is of a round that is over");
                assert_eq!(row.inclusion_ns, None, "so is the match");
                assert!(row.line_ns > Span::ZERO, "it stood in line when it was given up");
                self.0 += 1;
            }
        }
    }
    let mut back = Back(0);
    let market = scenario("small", &["ordering.waiting=line", "ordering.patience=1 s"]);
    run(&market, 2, Options::default(), &mut back);
    assert!(back.0 > 0, "nobody left the line after a match, so this shows nothing");
}
