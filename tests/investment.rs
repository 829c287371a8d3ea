//! Do providers enter and leave when the theory of investment says, through the whole simulator?
//! Rows E1 to E4 of economics.md 3.3; and do those who come and go leave all else in order?

#![allow(clippy::disallowed_methods, reason = "arithmetic of references, which feeds no state")]

mod support;

use rayon::prelude::*;
use record::{Observer, Row, SupplyChange, SupplyRow};
use support::{digest, rows, run, scenario, summary};
use world::{Options, Search};

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

/// Who has come back decides by what it sees then, not by the bad weeks before it left.
#[test]
fn who_comes_back_does_not_leave_at_once() {
    let changes = Changes::of("theory/entry_triggers", &["investment.expectation=optimistic"]);
    let count = |change, id| {
        changes.0.iter().filter(|row| row.change == change && row.provider == id).count()
    };
    let back = changes.0.iter().filter(|row| row.change == SupplyChange::Returned);
    let back: Vec<_> = back.map(|row| row.provider).collect();
    assert!(!back.is_empty(), "prices recover");
    for id in back {
        assert_eq!(count(SupplyChange::Leaving, id), 1, "prices fall once");
    }
}

/// Where hardware is scarce it goes to any of those who want it, not to those who want it least.
#[test]
fn scarce_hardware_goes_to_all_alike() {
    let margins = |per_month: u32| {
        let entry = format!(
            "pool.community.entry={{ prospects = 1500, rule = \"logit\", per_month = {per_month}, \
             lead_time = {{ min = \"30 d\", max = \"30 d\" }}, capital = \"none\" }}"
        );
        let sets = ["clock.warm_up=0 d", "clock.horizon=2 d", "investment.logit.per_month=60.0"];
        let changes = |seed| {
            let mut changes = Changes::default();
            let market = scenario("small", &[&RESTLESS, &sets[..], &[&entry]].concat());
            run(&market, seed, Options::default(), &mut changes);
            changes.0
        };
        let rows = (1..=8_u64).into_par_iter().flat_map_iter(changes).collect::<Vec<_>>();
        let ordered = rows.iter().filter(|row| row.change == SupplyChange::Ordered);
        let margin = |row: &SupplyRow| {
            let [revenue, cost] =
                [row.revenue_nano_usd_per_gpu_hour, row.cost_nano_usd_per_gpu_hour];
            (revenue.expect("it has a forecast") - cost.expect("it has a forecast")) as f64 / 1e9
        };
        let margins: Vec<f64> = ordered.map(margin).collect();
        println!(
            "{per_month}: {} {}",
            margins.len(),
            margins.iter().sum::<f64>() / margins.len() as f64
        );
        estimate::mean_interval(&margins).expect("many ordered")
    };
    let (all, some) = (margins(100_000), margins(20));
    let half_width = some.half_width.expect("many ordered");
    assert!((all.mean - some.mean).abs() < 1.5 * half_width, "{all:?} {some:?}");
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

/// Five days in which half of the providers come and go, and others enter.
const RESTLESS: [&str; 5] = [
    "clock.horizon=5 d",
    "investment.review_eras=1",
    "investment.logit.per_month=12.0",
    "provider_kind.posted.leaving=logit",
    "pool.community.entry={ prospects = 80, rule = \"logit\", per_month = 1000, \
     lead_time = { min = \"1 d\", max = \"2 d\" }, capital = \"none\" }",
];

fn restless(more: &[&str]) -> scenario::Scenario {
    scenario("small", &[&RESTLESS, more].concat())
}

/// Money, stake and the second set of books stay exact while providers come, drain or drop their
/// leases, leave and return; and the slow way to evaluate all of it gives the same.
#[test]
fn books_and_digest_hold_while_providers_come_and_go() {
    for leases in ["investment.leases=drain", "investment.leases=drop"] {
        let market = restless(&[leases]);
        let (mut lazy, mut eager) = (Changes::default(), Changes::default());
        let options = Options { audit_every_event: true, ..Options::default() };
        let first = run(&market, 3, options, &mut lazy);
        let options = Options { search: Search::Eager, ..Options::default() };
        let second = run(&market, 3, options, &mut eager);
        assert_eq!(first.digest, second.digest, "{leases}");
        assert_eq!(lazy.0, eager.0, "{leases}");
        let count = |change| lazy.0.iter().filter(|row| row.change == change).count();
        // Nobody is checked here, and nobody moves between other networks (tests/moving.rs).
        let others = [SupplyChange::Refused, SupplyChange::Moved];
        for change in SupplyChange::ALL.iter().filter(|one| !others.contains(one)) {
            assert!(count(*change) > 0, "{leases}: nobody did {}", change.name());
        }
        assert!(count(SupplyChange::Left) <= count(SupplyChange::Leaving), "{leases}");
    }
}

/// Who never enters has no row and moves no draw: orders, leases and all other rows are the same,
/// whoever sets prices, whether or not tenants compare them, and whatever counts for a lease.
#[test]
fn who_never_enters_is_not_there() {
    let choice: &[&str] = &[
        "pool.secured.tenant_kinds={ thrifty = \"60 %\", steady = \"40 %\" }",
        "pool.secured.demand_curve={ law = \"isoelastic\", elasticity = 1.2, at_most = 3.0 }",
        "pool.secured.demand=400 GPU",
    ];
    let work: &[&str] = &[
        "class.secured.training.speed={ scales_from = \"a100_80\" }",
        "pool.secured.by_country=true",
        "ordering.waiting=line",
    ];
    let rules = ["clearing", "utilization", "eip1559"].map(|rule| format!("pricing.rule={rule}"));
    let rules = rules.each_ref().map(|rule| [rule.as_str()]);
    let worlds = rules.iter().map(|rule| &rule[..]).chain([&[][..], choice, work]);
    worlds.collect::<Vec<_>>().into_par_iter().for_each(who_never_enters_in);
}

fn who_never_enters_in(world: &[&str]) {
    // In the last pool, so that nobody stands behind them whose number they could move.
    let entry = "pool.secured.entry={ prospects = 40, rule = \"npv\", per_month = 1000, \
                 lead_time = { min = \"1 d\", max = \"2 d\" }, capital = \"none\" }";
    let days = ["clock.warm_up=0 d", "clock.horizon=3 d"];
    let shy = ["investment.review_eras=1", "investment.upkeep=1000 USD/GPU-h"];
    let sets = [&days[..], &shy, world].concat();
    let (with, _) =
        rows(&scenario("small", &[&sets[..], &[entry]].concat()), 1, Options::default());
    let (without, _) = rows(&scenario("small", &sets), 1, Options::default());
    assert!(with.orders == without.orders, "{world:?}: orders do not see them");
    assert!(with.leases == without.leases, "{world:?}: leases do not see them");
    assert!(with.others == without.others, "{world:?}: nor does anything else");
}

/// A prospect whose capital is less than its machines cost stays out, and no more enter in a month
/// than hardware can be had for.
#[test]
fn capital_and_hardware_limit_who_enters() {
    let entry = |more: &str| {
        format!(
            "pool.community.entry={{ prospects = 80, rule = \"logit\", \
             lead_time = {{ min = \"0 d\", max = \"0 d\" }}, {more} }}"
        )
    };
    let joined = |more: &str| {
        let market = restless(&["clock.warm_up=0 d", &entry(more)]);
        summary(&market, 1).get("supply.ordered").expect("a count")
    };
    let free = joined("per_month = 1000, capital = \"none\"");
    let poor = joined("per_month = 1000, capital = { median = \"100 USD\", sigma = 0.0 }");
    let some = joined("per_month = 1000, capital = { median = \"1000 USD\", sigma = 0.0 }");
    let scarce = joined("per_month = 3, capital = \"none\"");
    assert!(free > some && some > 0.0 && free > 3.0, "{free} {some}");
    assert!(poor.abs() < 0.5 && (scarce - 3.0).abs() < 0.5, "{poor} {scarce}");
}

/// A check keeps out most of those who would cheat, takes its time, and costs what it costs.
#[test]
fn a_check_before_admission_keeps_cheats_out() {
    let base = [
        "clock.horizon=4 d",
        "pool.community.newcomers={ count = 60, join = \"1 d\" }",
        "pool.community.misconduct={ misreported_hardware = 0.0, misreported_region = 0.0, \
         data_misuse = 0.0, wrong_result = 0.0, cheats = \"50 %\" }",
    ];
    let rows_of = |admission: &str| {
        let mut changes = Changes::default();
        let set = format!("pool.community.admission={admission}");
        let market = scenario("small", &[&base[..], &[&set]].concat());
        run(&market, 1, Options::default(), &mut changes);
        changes.0
    };
    let count = |rows: &[SupplyRow], change| rows.iter().filter(|row| row.change == change).count();
    let (open, kyc) = (rows_of("open"), rows_of("kyc"));
    assert_eq!((count(&open, SupplyChange::Joined), count(&open, SupplyChange::Refused)), (60, 0));
    let (joined, refused) = (count(&kyc, SupplyChange::Joined), count(&kyc, SupplyChange::Refused));
    // Of 60, 30 would cheat and 6 of these pass, in the mean.
    assert_eq!(joined + refused, 60);
    assert!((15..=33).contains(&refused), "{refused} of 60 were refused");
    let day = units::Span::DAY.nanos();
    for row in &kyc {
        assert_eq!(row.at_ns.nanos(), 4 * day, "one day, and three for the check");
        assert_eq!(row.outlay_nano_usd.nanos(), 50_000_000_000);
    }
}

/// What all expect together is what they then find: the crowd is there after one review.
#[test]
fn rational_expectations_find_the_crowd_at_once() {
    let sets = |expectation| {
        ["clock.warm_up=2 d", "clock.horizon=8 d", "investment.logit.per_month=3000.0", expectation]
    };
    let swing = |expectation| {
        let summary = summary(&scenario("theory/entry_logit", &sets(expectation)), 1);
        let of = |path: &str| summary.get(path).expect("eras were reported");
        (of("supply.gpus_peak"), of("supply.gpus_mean"))
    };
    let (peak, mean) = swing("investment.expectation=rational");
    assert!((mean / 8_599.113 - 1.0).abs() < 0.01 && peak < 8_720.0, "{mean}, at most {peak}");
    let (peak, mean) = swing("investment.expectation=naive");
    assert!(peak - mean > 300.0, "who only looks back overshoots: {mean}, at most {peak}");
}

/// Threads run whole simulations side by side; none sees another.
#[test]
fn who_comes_and_goes_does_not_depend_on_threads() {
    let market = restless(&[]);
    let alone: Vec<_> = (1..=3_u64).map(|seed| digest(&market, seed)).collect();
    let beside: Vec<_> = (1..=3_u64).into_par_iter().map(|seed| digest(&market, seed)).collect();
    assert_eq!(alone, beside);
}
