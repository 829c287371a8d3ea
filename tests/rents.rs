//! Who says what a GPU-hour costs: are rents those of the rule, and do leases pay them?

mod support;

use record::{LeaseRow, Observer, RentRow, Row};
use std::collections::BTreeMap;
use support::{digest, rows, run, scenario};
use units::{CardId, PoolId, SimTime, Usd};
use world::{Options, Search};

const RULES: [&str; 4] = ["utilization", "clearing", "eip1559", "cloud_discount"];

/// Two days of the small market without warm-up.
fn market(sets: &[&str]) -> scenario::Scenario {
    let days = ["clock.warm_up=0 d", "clock.horizon=2 d"];
    scenario("small", &[&days, sets].concat())
}

fn under(rule: &str, sets: &[&str]) -> scenario::Scenario {
    let rule = format!("pricing.rule={rule}");
    market(&[&[rule.as_str()], sets].concat())
}

/// Keeps what the tests look at.
#[derive(Default)]
struct Watcher {
    rents: Vec<RentRow>,
    leases: Vec<LeaseRow>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Rent(row) => self.rents.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            _ => {}
        }
    }
}

fn watched(scenario: &scenario::Scenario) -> Watcher {
    let mut watcher = Watcher::default();
    run(scenario, 1, Options::default(), &mut watcher);
    watcher
}

type Place = (PoolId, CardId);

/// The rows of each card in a pool, hour by hour.
fn by_place(rents: &[RentRow]) -> BTreeMap<Place, Vec<RentRow>> {
    let mut places: BTreeMap<Place, Vec<RentRow>> = BTreeMap::new();
    for row in rents {
        places.entry((row.pool, row.card)).or_default().push(*row);
    }
    places
}

#[test]
fn a_posted_price_is_the_ask_and_no_rule_sets_any() {
    let watched = watched(&market(&[]));
    assert!(watched.rents.is_empty());
    assert!(watched.leases.len() > 100);
    for row in &watched.leases {
        assert_eq!(row.ask_nano_usd_per_gpu_hour, row.price_nano_usd_per_gpu_hour);
    }
}

#[test]
fn rules_that_are_not_in_force_change_nothing() {
    let kept = digest(&market(&[]), 1);
    for other in ["pricing.utilization.gain=2.0", "pricing.cloud_discount.discount=0 %"] {
        assert_eq!(digest(&market(&[other]), 1), kept, "{other}");
    }
    for rule in RULES {
        assert_ne!(digest(&under(rule, &[]), 1), kept, "{rule}");
    }
}

/// A lease that opens in an hour pays what the rule set for the hour, or for the one before when
/// its bid was of that; and nobody serves below its ask.
#[test]
fn leases_pay_the_price_of_the_rule_and_never_less_than_the_ask() {
    for rule in RULES {
        let watched = watched(&under(
            rule,
            &["drivers.rents={ process = \"gbm\", innovation = \
             \"gaussian\", gbm = { mu = 0.0, sigma = 3.0 } }"],
        ));
        let places = by_place(&watched.rents);
        let hour_of = |at: SimTime| (at.nanos() / 3_600_000_000_000) as usize;
        let opened = watched.leases.iter().filter(|row| row.opened_at_ns > SimTime::ZERO);
        let (mut leases, mut above) = (0, 0);
        for row in opened {
            let prices = &places[&(row.pool, row.card)];
            let hour = hour_of(row.opened_at_ns);
            let is_set = |hour: usize| {
                let price = prices[hour].price_nano_usd_per_gpu_hour;
                price == row.price_nano_usd_per_gpu_hour
            };
            assert!(is_set(hour) || is_set(hour.saturating_sub(1)), "{rule}: {row:?}");
            assert!(row.ask_nano_usd_per_gpu_hour <= row.price_nano_usd_per_gpu_hour, "{rule}");
            leases += 1;
            above += u32::from(row.ask_nano_usd_per_gpu_hour < row.price_nano_usd_per_gpu_hour);
        }
        assert!(leases > 100 && above * 10 > leases * 9, "{rule}: {above} of {leases} above");
    }
}

/// So fast that the largest step binds both ways.
const GAIN: &str = "pricing.utilization.gain=2.0";

/// The controllers again, in floats, from what the rows say that they saw.
#[test]
fn every_step_of_a_controller_is_the_formula_of_the_note() {
    type Formula = fn(f64, f64) -> f64;
    let utilization: Formula =
        |price, used| price * (1.0 + (2.0 * (used - 0.8)).clamp(-0.125, 0.125));
    let eip1559: Formula = |price, used| price * (1.0 + (used - 0.5) / 0.5 / 8.0);
    for (rule, step) in [("utilization", utilization), ("eip1559", eip1559)] {
        let (mut moved, mut floored) = (0, 0);
        for hours in by_place(&watched(&under(rule, &[GAIN])).rents).values() {
            for pair in hours.windows(2).filter(|pair| pair[1].offered_gpus > 0) {
                let [before, after] = [pair[0], pair[1]].map(|row| row.price_nano_usd_per_gpu_hour);
                let used = pair[1].used_gpus as f64 / pair[1].offered_gpus as f64;
                let floor = pair[1].ask_min_nano_usd_per_gpu_hour.nanos() as f64;
                let wanted = step(before.nanos() as f64, used).max(floor);
                // What is in use is known to a millionth, and counts twice.
                let off = (after.nanos() as f64 / wanted - 1.0).abs();
                assert!(off < 2.5e-6, "{rule}: {before:?} to {after:?}, not {wanted}");
                moved += u32::from(before != after);
                floored += u32::from(wanted <= floor);
            }
        }
        assert!(moved > 300, "{rule}: {moved} steps, {floored} at the floor");
    }
}

#[test]
fn a_market_clears_once_an_era_and_its_price_stands() {
    let watched = watched(&under("clearing", &[]));
    let mut changes = 0;
    for hours in by_place(&watched.rents).values() {
        for (hour, pair) in hours.windows(2).enumerate() {
            let same = pair[0].price_nano_usd_per_gpu_hour == pair[1].price_nano_usd_per_gpu_hour;
            let is_due = (hour + 1) % 24 == 0;
            assert!(same || is_due, "hour {}", hour + 1);
            changes += u32::from(!same);
        }
    }
    assert!(changes >= 5, "{changes}");
}

#[test]
fn a_cloud_less_its_discount_is_one_price_for_all() {
    let watched = watched(&under("cloud_discount", &[]));
    let cards = market(&[]).cards;
    for row in &watched.rents {
        let book = cards[usize::from(row.card.0)].book_price.nanos();
        assert_eq!(row.price_nano_usd_per_gpu_hour.nanos(), book * 5 / 2 * 45 / 100);
    }
}

/// What left escrow is what was charged and the tenant's own fee of 2 %, on a rail in dollars.
#[test]
fn what_leaves_escrow_is_the_charge_and_the_fee() {
    for row in watched(&under("utilization", &[])).leases {
        let charged = row.charged_nano_usd;
        let fee = Usd::from_base(charged.base() / 50);
        assert_eq!(row.outlay_nano_usd, charged + fee, "{row:?}");
    }
}

#[test]
fn lazy_and_eager_runs_agree_under_every_rule() {
    for rule in RULES {
        let market = under(rule, &["clock.horizon=1 d"]);
        let (lazy, one) = rows(&market, 1, Options::default());
        let eager = Options { search: Search::Eager, ..Options::default() };
        let (eager, two) = rows(&market, 1, eager);
        assert_eq!(one.digest.digest, two.digest.digest, "{rule}");
        assert_eq!((lazy.orders, lazy.leases), (eager.orders, eager.leases), "{rule}");
    }
}

/// Asks lie log-normally around the book by `price_sigma`, ceilings evenly between one and two book
/// prices: so many are offered at a price, and so many wanted, that both curves cross where the
/// market must clear. The scenario `economy/prices_of_compute` leans on it.
#[test]
fn the_clearing_price_is_where_the_declared_curves_cross() {
    // One card for all: jobs that ask for less would hold better ones.
    let none = "rtx3060 rtx3070 rtx4060 rtx3080 rtx4070 rtx3090 rtx4080 rtx5090".split(' ');
    let none = none.map(|card| format!("pool.community.cards.{card}=0 %"));
    let all = ["pool.community.cards.rtx4090=100 %", "pool.community.providers=4000"];
    let sets: Vec<String> = none.chain(all.map(String::from)).collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let watched = watched(&under("clearing", &sets));
    let (_, hours) = by_place(&watched.rents).pop_first().expect("the community has a price");
    // Before the first clearing everybody offers, at what each asks.
    let first = hours[0];
    let book = market(&[]).cards[usize::from(first.card.0)].book_price.nanos() as f64;
    let (offered, wanted) = (first.offered_gpus as f64, first.used_gpus as f64);
    let excess = |price: f64| wanted * (2.0 - price) - offered * share_below(ln(price) / 0.16);
    let (mut low, mut high) = (1.0, 1.5);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if excess(middle) > 0.0 { low = middle } else { high = middle }
    }
    let found = first.price_nano_usd_per_gpu_hour.nanos() as f64 / book;
    assert!((1.0..1.2).contains(&low), "the curves cross at {low}");
    // Of some 3,000 asks, the share below a price is known to a hundredth: half of it in the price.
    assert!((found - low).abs() < 0.02, "cleared at {found}, not {low}");
}

/// The logarithm of a number near one, by its series.
fn ln(value: f64) -> f64 {
    let x = (value - 1.0) / (value + 1.0);
    let term = |power: i32| 2.0 * x.powi(2 * power + 1) / f64::from(2 * power + 1);
    (0..20).map(term).sum()
}

/// The normal law's share below `z`, by the series of its integral.
fn share_below(z: f64) -> f64 {
    let mut term = z;
    let mut sum = z;
    for n in 1..60 {
        term *= -z * z / (2.0 * f64::from(n));
        sum += term / (2.0 * f64::from(n) + 1.0);
    }
    0.5 + sum / (2.0 * std::f64::consts::PI).sqrt()
}
