//! The catalogue and what hardware is worth: who cannot be affected is not, and a new generation
//! cuts the rents of older cards.

mod support;

use record::{EraRow, LeaseRow, Observer, ProviderRow, Row};
use scenario::Scenario;
use std::collections::BTreeMap;
use support::{digest, loaded, run, scenario, summary};
use units::Usd;
use world::Options;

/// What a run says of leases, eras and providers.
#[derive(Default)]
struct Watcher {
    leases: Vec<LeaseRow>,
    eras: Vec<EraRow>,
    providers: Vec<ProviderRow>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Lease(row) => self.leases.push(*row),
            Row::Era(row) => self.eras.push(*row),
            Row::Provider(row) => self.providers.push(*row),
            _ => {}
        }
    }
}

fn watch(sets: &[&str]) -> Watcher {
    let mut watcher = Watcher::default();
    run(&scenario("small", sets), 1, Options::default(), &mut watcher);
    watcher
}

/// The small market with one card more in its catalogue.
fn with_one_card_more() -> Scenario {
    let mut text = loaded("small", &[]).effective;
    for book in ["spheron_2025", "vast_2026", "tiers"] {
        let head = format!("[price_books.{book}]\n");
        text = text.replace(&head, &format!("{head}mine = \"0.2 USD/GPU-h\"\n"));
    }
    text += "[card.mine]\ntier = \"low\"\nlabel = \"none\"\nprice = \"1500 USD\"\nmemory_gib = 24\n\
             speed_gflops = 90000\npower = \"300 W\"\nmultiplier = 1.0\n";
    orrery::load::load_effective("small", text.as_bytes()).expect("it is valid").scenario
}

#[test]
fn a_card_that_nobody_has_moves_no_draw() {
    let (plain, with) = (scenario("small", &[]), with_one_card_more());
    assert_eq!(with.cards.len(), 1 + plain.cards.len());
    assert_eq!(digest(&with, 1), digest(&plain, 1));
    let dear =
        scenario("small", &["card.b200.price=1 USD", "price_books.spheron_2025.b200=9 USD/GPU-h"]);
    assert_eq!(digest(&dear, 1), digest(&plain, 1), "nor does what it costs");
    let had = scenario("small", &["pool.secured.cards.h200=0 %", "pool.secured.cards.b200=5 %"]);
    assert_ne!(
        digest(&had, 1),
        digest(&scenario("small", &[]), 1),
        "a card that somebody has does"
    );
}

#[test]
fn ages_and_laws_of_ageing_change_what_capital_costs_and_nothing_else() {
    let plain = digest(&scenario("small", &[]), 1);
    let laws = ["exponential", "straight_line", "doubling", "wright", "steps"];
    let old = ["hardware.age.min=300 d", "hardware.age.max=729 d"];
    let mut costs = Vec::new();
    for law in laws {
        let law = format!("hardware.law={law}");
        let market = scenario("small", &[&law, old[0], old[1]]);
        assert_eq!(digest(&market, 1), plain, "{law}");
        let seen = watch(&[&law, old[0], old[1]]);
        let sum = |cost: fn(&ProviderRow) -> Usd| {
            seen.providers.iter().map(cost).map(Usd::base).sum::<i128>()
        };
        costs.push(sum(|row| row.capital_nano_usd));
        let expected = sum(|row| row.net_nano_usd) + sum(|row| row.wear_nano_usd);
        assert_eq!(sum(|row| row.net_with_capital_nano_usd), expected - costs[costs.len() - 1]);
    }
    costs.sort_unstable();
    costs.dedup();
    assert_eq!(costs.len(), laws.len(), "each law has its own cost");
}

/// A new card that nobody rents loses its value by the trend, and interest is on what it was.
#[test]
fn capital_costs_the_loss_of_value_and_interest() {
    let seen = watch(&["costs.capital_per_year=36.5 %"]);
    let market = scenario("small", &[]);
    let era = seen.eras.iter().find(|row| row.era == 2 && row.gpus.0 == 1).expect("a home card");
    let price = market.cards[usize::from(era.card.0)].price.nanos() as f64;
    let value = |days: f64| price * (-days / 897.9).exp2();
    let expected = value(2.0) - value(3.0) + value(2.0) * 0.001;
    let found = era.capital_nano_usd.nanos() as f64;
    assert!((found - expected).abs() < price * 3e-9, "{found} and {expected}");
}

const HALVED: &str = "hardware.generations=[{ at = \"60 h\", rents = \"50 %\", resale = \"40 %\", \
                      spares = [\"rtx5090\", \"h200\"] }]";

/// Mean accepted price of leases that began in a span of hours, by card, over its book price.
fn rents(seen: &Watcher, hours: std::ops::Range<u64>) -> BTreeMap<String, f64> {
    let market = scenario("small", &[]);
    let mut sums: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for lease in &seen.leases {
        let hour = lease.opened_at_ns.nanos() / 3_600_000_000_000;
        if hours.contains(&hour) {
            let card = &market.cards[usize::from(lease.card.0)];
            let sum = sums.entry(card.name.clone()).or_default();
            sum.0 +=
                lease.price_nano_usd_per_gpu_hour.nanos() as f64 / card.book_price.nanos() as f64;
            sum.1 += 1.0;
        }
    }
    sums.into_iter().map(|(card, (sum, n))| (card, sum / n)).collect()
}

#[test]
fn a_new_generation_cuts_the_rents_of_older_cards_from_its_hour_on() {
    let (plain, cut) = (watch(&[]), watch(&[HALVED]));
    let before = |seen: &Watcher| -> Vec<String> {
        let early =
            seen.leases.iter().filter(|row| row.opened_at_ns.nanos() < 60 * 3_600_000_000_000);
        let told = |row: &LeaseRow| {
            format!("{:?} {:?} {:?}", row.order_key, row.provider, row.price_nano_usd_per_gpu_hour)
        };
        let mut told: Vec<String> = early.map(told).collect();
        told.sort_unstable(); // Rows come when leases close.
        told
    };
    assert!(before(&plain).len() > 100);
    assert_eq!(before(&plain), before(&cut), "until then nothing is otherwise");
    let (whole, half) = (rents(&plain, 60..200), rents(&cut, 60..200));
    for card in ["rtx4090", "rtx3060", "rtx3090"] {
        let ratio = half[card] / whole[card];
        assert!((0.42..0.58).contains(&ratio), "{card} rents for {ratio} of what it did");
    }
    let ratio = half["rtx5090"] / whole["rtx5090"];
    assert!(ratio > 0.85, "a card of the new generation keeps its rent: {ratio}");
}

#[test]
fn a_schedule_is_a_list_of_generations() {
    let schedule = "hardware.schedule={ first = \"24 h\", every = \"36 h\", rents = \"80 %\", resale = \"70 %\" }";
    let list = "hardware.generations=[{ at = \"24 h\", rents = \"80 %\", resale = \"70 %\", spares = [] }, \
                { at = \"60 h\", rents = \"80 %\", resale = \"70 %\", spares = [] }, \
                { at = \"96 h\", rents = \"80 %\", resale = \"70 %\", spares = [] }]";
    let (schedule, list) = (scenario("small", &[schedule]), scenario("small", &[list]));
    assert_eq!(
        schedule.hardware.generations,
        list.hardware.generations[..schedule.hardware.generations.len()]
    );
    assert_eq!(schedule.hardware.generations.len(), 3, "5 days have room for three");
    assert_eq!(digest(&schedule, 1), digest(&list, 1));
}

#[test]
fn what_contradicts_itself_is_refused_with_its_remedy() {
    let refused = |set: &str| {
        let path = support::project("scenarios/small.toml");
        let error = orrery::load::load(&path, &[set.to_string()]).err();
        error.unwrap_or_else(|| panic!("{set} is taken")).to_string()
    };
    let generation = |at: &str, rents: &str, spares: &str| {
        format!(
            "hardware.generations=[{{ at = \"{at}\", rents = \"{rents}\", resale = \"50 %\", spares = [{spares}] }}]"
        )
    };
    for (set, expected) in [
        (generation("90 min", "50 %", ""), "is no whole number of hours"),
        (generation("24 h", "0 %", ""), "is not what is left"),
        (generation("24 h", "150 %", ""), "is too large"),
        (generation("24 h", "50 %", "\"b20\""), "did you mean b200?"),
        ("hardware.age.min=3 d".to_string(), "is above max"),
        ("hardware.life=0 s".to_string(), "hardware.life"),
    ] {
        let line = refused(&set);
        assert!(line.contains(expected), "{set}: {line}");
    }
}

/// The run's own figures, put together by hand from its eras.
#[test]
fn payback_is_the_price_over_a_years_cash_of_the_run() {
    let life = "hardware.life=2190 d";
    let (seen, market) = (watch(&[life]), scenario("small", &[life]));
    let mut builder = orrery::load::summary_of(&market);
    run(&market, 1, Options::default(), &mut builder);
    let found = builder.finish();
    let card = market.cards.iter().position(|card| card.name == "rtx4090").expect("it is known");
    let of_card =
        |row: &&EraRow| usize::from(row.card.0) == card && row.is_reported && row.is_complete;
    let (mut cash, mut days) = (0.0, 0.0);
    for row in seen.eras.iter().filter(of_card) {
        cash += (row.net_nano_usd + row.wear_nano_usd).as_f64();
        days += row.installed_gpu_us as f64 / 86_400e6;
    }
    let capital =
        found.capital.cards.iter().find(|(name, _)| *name == "rtx4090").expect("it is there").1;
    let payback = 1_599.0 / (cash / days * 365.0);
    assert!(payback < 6.0, "in time: {payback}");
    assert!((capital.payback_years.expect("it pays") - payback).abs() < 1e-9);
    let irr = capital.irr.expect("it pays");
    let worth = (1.0 + irr).powi(-6);
    let income = cash / days * 365.0 * (1.0 - worth) / irr.ln_1p();
    let sold = 1_599.0 * (-2_190.0_f64 / 897.9).exp2() * worth;
    assert!((income + sold - 1_599.0).abs() < 1e-6, "{irr} does not bring the price back");
    assert_eq!(
        summary(&market, 1).capital.all.payback_years,
        None,
        "without prices nothing is said"
    );
}
