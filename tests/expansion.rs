//! Do owners add machines from the revenue on at which they pay, as far as their money and the
//! hardware to be had reach; and do those who never add any leave all else in order?

#![allow(clippy::disallowed_methods, reason = "arithmetic of references, which feeds no state")]

mod support;

use record::{Observer, ProviderRole, Row, SupplyChange, SupplyRow};
use std::collections::BTreeMap;
use support::{rows, run, scenario, summary};
use units::Span;
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

    fn count(&self, change: SupplyChange) -> usize {
        self.0.iter().filter(|row| row.change == change).count()
    }
}

/// Five in a thousand owners have cards of their own price, so that what they add hardly moves what
/// there is to earn: the market of row E4 (tests/investment.rs), with nobody who enters.
const E4: [&str; 2] = [
    "pool.servers.entry=none",
    "pool.servers.expansion={ machines = 2, rule = \"npv\", per_month = 5, capital = \"none\", \
     lead_time = { min = \"30 d\", max = \"30 d\" } }",
];

/// Row E4 of economics.md 3.3: a machine is added from the break-even on, a day's step being 0.2 %,
/// and is there a lead time later.
#[test]
fn owners_add_machines_from_the_break_even_on() {
    let changes = Changes::of("theory/entry_npv", &E4);
    let even = 2.0 * 1.042_364;
    let first = changes.0.first().expect("somebody orders");
    let revenue = first.revenue_nano_usd_per_gpu_hour.expect("a decision has a forecast") as f64;
    assert!((even..even * 1.003).contains(&(revenue / 1e9)), "ordered at {revenue}");
    assert!(changes.0.iter().all(|row| row.role == ProviderRole::Added && row.gpus.0 == 1));
    let ordered: BTreeMap<_, _> = changes
        .0
        .iter()
        .filter(|row| row.change == SupplyChange::Ordered)
        .map(|row| (row.provider, row.at_ns))
        .collect();
    let joined = changes.0.iter().filter(|row| row.change == SupplyChange::Joined);
    let joined: Vec<_> = joined.map(|row| row.at_ns.since(ordered[&row.provider])).collect();
    assert!(!joined.is_empty() && joined.iter().all(|lead| *lead == Span::DAY.times(30)));
    // At the 60 % of row E4 it never pays.
    let poor = [&E4[..], &["token.path.values=[1.2, 1.2001]"]].concat();
    assert!(Changes::of("theory/entry_npv", &poor).0.is_empty());
}

/// Five days of the small market in which everybody may add, and does by a logit.
fn adding(more: &[&str]) -> scenario::Scenario {
    let base = [
        "clock.horizon=5 d",
        "clock.warm_up=0 d",
        "investment.review_eras=1",
        "investment.logit.per_month=100.0",
    ];
    scenario("small", &[&base[..], more].concat())
}

fn expansion(more: &str) -> String {
    format!(
        "pool.community.expansion={{ machines = 2, rule = \"logit\", \
         lead_time = {{ min = \"0 d\", max = \"1 d\" }}, {more} }}"
    )
}

/// Money, stake and the second set of books stay exact while owners add machines; the slow way to
/// evaluate all of it gives the same; an owner adds one after the other and no more than it may.
#[test]
fn books_and_digest_hold_while_owners_add() {
    let market = adding(&[&expansion("per_month = 1000, capital = \"none\"")]);
    let (mut lazy, mut eager) = (Changes::default(), Changes::default());
    let first =
        run(&market, 3, Options { audit_every_event: true, ..Options::default() }, &mut lazy);
    let second =
        run(&market, 3, Options { search: Search::Eager, ..Options::default() }, &mut eager);
    assert_eq!(first.digest, second.digest);
    assert!(lazy.0 == eager.0);
    assert!(lazy.count(SupplyChange::Joined) > 10, "{}", lazy.0.len());
    let mut orders = BTreeMap::<_, Vec<_>>::new();
    for row in lazy.0.iter().filter(|row| row.change == SupplyChange::Ordered) {
        orders.entry(row.at_ns).or_default().push(row.provider.0);
    }
    assert!(orders.len() > 1, "over several reviews");
    let founders = market.pools[0].providers;
    for of_day in orders.values() {
        // Two each stand behind one another: who orders one orders no second that day.
        let owners: Vec<u32> = of_day.iter().map(|id| (id - founders) / 2).collect();
        let mut once = owners.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), owners.len(), "one machine each in a review");
    }
}

/// Added machines are told apart from newcomers, and are there with the card of their owner.
#[test]
fn what_owners_add_is_told_apart_from_newcomers() {
    let entry = "pool.community.entry={ prospects = 40, rule = \"logit\", per_month = 1000, \
                 lead_time = { min = \"0 d\", max = \"0 d\" }, capital = \"none\" }";
    let market = adding(&[entry, &expansion("per_month = 1000, capital = \"none\"")]);
    let found = summary(&market, 1);
    let of = |path: &str| found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
    let (joined, added) = (of("supply.joined"), of("supply.added"));
    assert!(added > 0.0 && joined > added, "{joined} joined, {added} of them added");
    assert!((of("supply.gpus_added") - added).abs() < 0.5, "home cards come one by one");
    assert!((of("supply.gpus_in") - of("supply.gpus_added")) >= joined - added);
}

/// Without money nothing is added, with money for a single card that one is, and earnings
/// count. No more are added in a month than hardware can be had for.
#[test]
fn money_and_hardware_limit_what_is_added() {
    let ordered = |more: &str| {
        let market = adding(&[&expansion(more)]);
        summary(&market, 1).get("supply.ordered").expect("a count")
    };
    let free = ordered("per_month = 1000, capital = \"none\"");
    let poor = ordered("per_month = 1000, capital = { median = \"10 USD\", sigma = 0.0 }");
    let some = ordered("per_month = 1000, capital = { median = \"600 USD\", sigma = 0.0 }");
    let scarce = ordered("per_month = 3, capital = \"none\"");
    assert!(free > some && some > 0.0 && free > 3.0, "{free} {some}");
    assert!(poor.abs() < 0.5 && (scarce - 3.0).abs() < 0.5, "{poor} {scarce}");
}

/// Who never adds anything moves no draw: orders, leases and all other rows are the same.
#[test]
fn what_is_never_added_is_not_there() {
    // In the last pool, so that nobody stands behind it whose number it could move.
    let never = "pool.secured.expansion={ machines = 3, rule = \"npv\", per_month = 1000, \
                 lead_time = { min = \"1 d\", max = \"2 d\" }, capital = \"none\" }";
    let sets = ["investment.review_eras=1", "investment.upkeep=1000 USD/GPU-h"];
    let (with, _) =
        rows(&scenario("small", &[&sets[..], &[never]].concat()), 1, Options::default());
    let (without, _) = rows(&scenario("small", &sets), 1, Options::default());
    assert!(with.orders == without.orders, "orders do not see it");
    assert!(with.leases == without.leases, "leases do not see it");
    assert!(with.others == without.others, "nor does anything else");
}

/// A cheat who was let in at the start has let in its later machines as well, and who is honest
/// stays so: what is checked is the owner.
#[test]
fn what_an_owner_adds_is_as_honest_as_it_is() {
    let base = [
        "pool.community.misconduct={ misreported_hardware = 0.0, misreported_region = 0.0, \
         data_misuse = 0.0, wrong_result = 0.0, cheats = \"50 %\" }",
        "admission.kyc.false_accept=0 %",
        "pool.community.admission=kyc",
        &expansion("per_month = 1000, capital = \"none\""),
    ];
    let mut changes = Changes::default();
    run(&adding(&base), 1, Options::default(), &mut changes);
    assert!(changes.count(SupplyChange::Ordered) > 10);
    assert_eq!(changes.count(SupplyChange::Refused), 0, "no cheat was there to add anything");
}
