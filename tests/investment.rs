//! Do providers enter and leave when the theory of investment says, through the whole simulator?
//! Rows E1 to E4 of economics.md 3.3; and do those who come and go leave all else in order?

mod support;

use rayon::prelude::*;
use record::{Observer, Row, SupplyChange, SupplyRow};
use support::{run, scenario, summary};
use world::Options;

#[derive(Default)]
struct Changes(Vec<SupplyRow>);

impl Observer for Changes {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Supply(row) = row {
            self.0.push(*row);
        }
    }
}

impl Changes {
    fn of(name: &str, sets: &[&str]) -> Changes {
        let mut changes = Changes::default();
        run(&scenario(name, sets), 1, Options::default(), &mut changes);
        changes
    }

    /// What those expected who did `change`, dollars per GPU-hour; at least one did.
    fn revenues(&self, change: SupplyChange) -> Vec<f64> {
        let of = self.0.iter().filter(|row| row.change == change);
        let revenue = |row: &SupplyRow| {
            row.revenue_nano_usd_per_gpu_hour.expect("a decision has a forecast") as f64 / 1e9
        };
        let revenues: Vec<f64> = of.map(revenue).collect();
        assert!(!revenues.is_empty(), "nobody did {}", change.name());
        revenues
    }
}

/// Row E1: the mean over a hundred days, on four seeds.
#[test]
fn a_crowd_settles_where_tastes_and_profit_balance() {
    let market = scenario("theory/entry_logit", &[]);
    let gpus =
        |seed: u64| summary(&market, seed).get("supply.gpus_mean").expect("eras were reported");
    let gpus: Vec<f64> = (1..=4).into_par_iter().map(gpus).collect();
    let interval = estimate::mean_interval(&gpus).expect("four values");
    println!("{gpus:?}");
    assert!((interval.mean / 8_599.113 - 1.0).abs() < 2e-3, "{gpus:?}");
    assert!((50_000.0 / interval.mean - 4.0 - 1.814_553).abs() < 0.02, "the profit of {gpus:?}");
}

/// Row E2: a day's step is 1 %, and a dozen of a thousand providers move the revenue by as much.
#[test]
fn who_waits_acts_at_the_two_triggers() {
    let changes = Changes::of("theory/entry_triggers", &[]);
    for revenue in changes.revenues(SupplyChange::Leaving) {
        assert!((0.765_732 * 0.98..0.765_732).contains(&revenue), "left at {revenue}");
    }
    for change in [SupplyChange::Returned, SupplyChange::Ordered] {
        for revenue in changes.revenues(change) {
            assert!((1.466_679..1.466_679 * 1.02).contains(&revenue), "entered at {revenue}");
        }
    }
}

/// Row E4: a day's step is 0.2 %.
#[test]
fn hardware_is_bought_from_the_break_even_on() {
    let even = 2.0 * 1.042_364;
    for revenue in Changes::of("theory/entry_npv", &[]).revenues(SupplyChange::Ordered) {
        assert!((even..even * 1.003).contains(&revenue), "ordered at {revenue}");
    }
    // At the 60 % of row E4 it never pays.
    let poor = "token.path.values=[1.2, 1.2001]";
    let changes = Changes::of("theory/entry_npv", &[poor]).0;
    assert!(changes.is_empty(), "{changes:?}");
}

/// Row E3: with r = delta = .04 and sigma .2 one waits until hardware is worth twice its price.
#[test]
fn who_may_wait_asks_for_twice_the_price() {
    let option = [
        "pool.servers.entry.rule=option",
        "investment.hysteresis.rate=0.04",
        "investment.hysteresis.drift=0.0",
        "investment.hysteresis.sigma=0.2",
        "token.path.values=[1.2, 6.0]",
    ];
    // What row E4's project must earn to be worth 2 x 30,000, by the arithmetic of that row.
    let (rate, decline, life) = (f64::ln(1.15), -f64::ln(0.75), 4.0);
    let annuity = |rate: f64| (1.0 - f64::exp(-rate * life)) / rate;
    let back = 60_000.0 + 0.25 * 8_760.0 * annuity(rate) - 3_000.0 * f64::exp(-rate * life);
    let even = back / annuity(rate + decline) / 8_760.0;
    for revenue in Changes::of("theory/entry_npv", &option).revenues(SupplyChange::Ordered) {
        assert!((even..even * 1.006).contains(&revenue), "ordered at {revenue}, not {even}");
    }
}
