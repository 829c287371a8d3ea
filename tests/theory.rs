//! Do simple markets give the known answers, through the whole simulator?
//!
//! Each case runs replications on fixed seeds and asks two things of a metric: that the reference
//! lies inside the 95 % interval, widened by as much as would give a false-alarm rate of 1.7e-5 if
//! the spread were known (z = 4.305, economics.md 3.1) and gives 8e-4 with ten runs; and that the
//! half-width of the 95 % interval is at most 3 % of the reference.

mod support;

use metrics::Summary;
use rayon::prelude::*;
use support::{scenario, summary};

/// The normal quantiles of 1.7e-5 and of 5 %. Of ten runs and Student's t the limit is that of a
/// false-alarm rate of 8e-4 (t of 9 degrees of freedom is 4.97), of twenty 2e-4.
const WIDENING: f64 = 4.30531 / 1.95996;
const HALF_WIDTH_MAX: f64 = 0.03;

fn check(name: &str, sets: &[&str], metric: impl Fn(&Summary) -> f64 + Sync, reference: f64) {
    let market = scenario(name, sets);
    let values: Vec<f64> =
        (1..=10_u64).into_par_iter().map(|seed| metric(&summary(&market, seed))).collect();
    let interval = estimate::mean_interval(&values).expect("ten values");
    let half_width = interval.half_width.expect("ten values have a spread");
    let error = (interval.mean - reference).abs();
    let text = format!("{name}: {} +- {half_width}, reference {reference}", interval.mean);
    println!("{text}");
    assert!(half_width <= HALF_WIDTH_MAX * reference, "too wide: {text}");
    assert!(error <= WIDENING * half_width, "off: {text}");
}

fn blocking(summary: &Summary) -> f64 {
    1.0 - summary.get("orders.matched_share").expect("orders were sent")
}

fn utilization(summary: &Summary) -> f64 {
    summary.get("pools.servers.utilization_of_available").expect("GPUs were up")
}

/// Erlang's loss formula, by its recursion: the independent source of the references below.
fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |b, n| load * b / (f64::from(n) + load * b))
}

#[test]
fn the_formula_gives_the_published_values() {
    assert!((erlang_b(10, 8.0) - 0.121_661).abs() < 1e-6);
    assert!((erlang_b(100, 95.0) - 0.048_804_2).abs() < 1e-7);
}

/// Row Q3 of economics.md 3.1: blocking and utilization of M/G/10/10 at 8 erlang, log-normal
/// service (the law does not matter).
#[test]
fn ten_servers_lose_what_erlang_says() {
    check("theory/erlang_loss_10", &[], blocking, 0.121_661);
    check("theory/erlang_loss_10", &[], utilization, 0.702_671);
}

/// The same with exponential service.
#[test]
fn the_law_of_service_does_not_matter() {
    let law = "class.servers.work.duration = { law = \"exponential\", mean = \"1 h\", min = \"0 s\", max = \"30 d\" }";
    check("theory/erlang_loss_10", &[law], blocking, 0.121_661);
}

/// Row Q3b: a hundred servers at 95 erlang.
#[test]
fn a_hundred_servers_lose_what_erlang_says() {
    check("theory/erlang_loss_100", &[], blocking, 0.048_804_2);
}

/// Row Q11: availability of machines with 720 h between failures and 4 h of repair. The share of
/// time down is the sharper question.
#[test]
fn machines_are_up_as_often_as_renewal_theory_says() {
    let down = |summary: &Summary| {
        1.0 - summary.get("pools.servers.availability").expect("GPUs were installed")
    };
    check("theory/availability", &[], down, 1.0 - 720.0 / 724.0);
}

/// The stakes of the baseline's operators, per cent (protocol.md 10).
const STAKES: [(&str, u32); 7] =
    [("nae", 22), ("euc", 18), ("apse", 16), ("naw", 14), ("euw", 12), ("apne", 10), ("nac", 8)];

/// The chance that a round misses its quorum, by adding up all subsets of operators.
fn chance_of_missing(offline: f64, quorum_bp: u32) -> f64 {
    let subsets = 0_u32..1 << STAKES.len();
    let of_subset = |present: u32| {
        let is_in = |place: usize| present >> place & 1 == 1;
        let stake = |place: usize| if is_in(place) { STAKES[place].1 } else { 0 };
        let signed: u32 = (0..STAKES.len()).map(stake).sum();
        let chance = |place: usize| if is_in(place) { 1.0 - offline } else { offline };
        let chance: f64 = (0..STAKES.len()).map(chance).product();
        if signed * 100 < quorum_bp { chance } else { 0.0 }
    };
    subsets.map(of_subset).sum()
}

#[test]
fn the_enumeration_gives_what_can_be_seen_without_it() {
    assert!(chance_of_missing(0.0, 6_667) < 1e-12);
    assert!((chance_of_missing(1.0, 6_667) - 1.0).abs() < 1e-12);
    // All must sign: it is missed unless all seven are there.
    assert!((chance_of_missing(0.1, 10_000) - (1.0 - 0.9_f64.powi(7))).abs() < 1e-12);
    // One unit of stake is enough: it is missed only when all seven are away.
    assert!((chance_of_missing(0.1, 1) - 0.1_f64.powi(7)).abs() < 1e-12);
}

/// Operators who are silent by lot miss the quorum as often as the subsets say, retries included:
/// each of them is a round of its own.
#[test]
fn rounds_miss_their_quorum_as_often_as_the_subsets_say() {
    let missed = |summary: &Summary| {
        summary.get("committee.rounds_missed_share").expect("rounds were signed")
    };
    for (offline, quorum_bp) in [(20, 6_667), (35, 5_001)] {
        let silent = STAKES
            .map(|(operator, _)| format!("committee.operator.{operator}.offline=\"{offline} %\""));
        let quorum = format!("committee.quorum=\"{quorum_bp} bp\"");
        let mut sets: Vec<&str> = silent.iter().map(String::as_str).collect();
        sets.extend(["clock.horizon=\"100 d\"", &quorum]);
        let reference = chance_of_missing(f64::from(offline) / 100.0, quorum_bp);
        check("theory/erlang_loss_10", &sets, missed, reference);
    }
}
