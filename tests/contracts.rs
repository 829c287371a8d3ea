//! Is notice kept, is a term served to its end, and does nobody else notice?

mod support;

use record::{LeaseEnd, LeaseRow, Observer, OrderRow, Row};
use std::collections::{BTreeMap, BTreeSet};
use support::{digest, run, scenario};
use units::{SimTime, Span};
use world::Options;

const NOTICE: &str = "contract.notice=2 min";
const SAVE: &str = "contract.save=30 s";
const LONG: &str = "contract.long={ term = \"24 h\", discount = \"20 %\", termination = \"50 %\" }";
const HALF: [&str; 2] = [
    "class.community.inference.long_contracts=50 %",
    "class.community.fine_tune.long_contracts=50 %",
];

#[derive(Default)]
struct Seen {
    leases: Vec<LeaseRow>,
    orders: Vec<OrderRow>,
}

impl Observer for Seen {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Lease(row) => self.leases.push(*row),
            Row::Order(row) => self.orders.push(*row),
            _ => {}
        }
    }
}

fn seen(name: &str, sets: &[&str]) -> Seen {
    let mut seen = Seen::default();
    let days = ["clock.warm_up=0 d", "clock.horizon=4 d"];
    run(&scenario(name, &[&days, sets].concat()), 1, Options::default(), &mut seen);
    seen
}

/// The jobs of a class of `seed/contracts.toml` that sent an order, by place.
fn jobs_of(seen: &Seen, class: &str) -> BTreeSet<u64> {
    let market = scenario("seed/contracts", &[]);
    let is_of = |row: &&OrderRow| market.classes[row.class.index()].name == class;
    seen.orders.iter().filter(is_of).map(|row| row.job_key.0).collect()
}

/// Where no owner and no maintenance takes machines back, notice is given to nobody; and what is
/// declared of long contracts that nobody wants is not there.
#[test]
fn what_nobody_uses_is_not_there() {
    let of =
        |sets: &[&str]| digest(&scenario("small", &[&["clock.horizon=2 d"], sets].concat()), 1);
    assert_eq!(of(&[]), of(&[NOTICE, SAVE, LONG]));
    let long = [&[LONG][..], &HALF].concat();
    assert_ne!(of(&[]), of(&long), "who wants one has one");
    let owned = |sets: &[&str]| {
        let off = ["contract.notice=0 s", "contract.save=none", "clock.horizon=2 d"];
        digest(&scenario("seed/contracts", &[&off, sets].concat()), 1)
    };
    assert_eq!(owned(&[]), owned(&["contract.long=none"]));
    assert_eq!(owned(&[]), owned(&[SAVE]), "without notice nobody knows when to save");
    assert_ne!(owned(&[]), owned(&[NOTICE]));
}

/// Which jobs come, and which of them are long, is each job's own lot.
#[test]
fn a_class_without_contracts_keeps_its_jobs() {
    let (none, half) = (seen("seed/contracts", &[]), seen("seed/contracts", &HALF));
    for class in ["community.batch", "community.inference", "community.fine_tune"] {
        let came = |seen: &Seen| jobs_of(seen, class);
        // What is found in progress orders only when it is interrupted.
        let found: BTreeSet<u64> = [&none, &half]
            .iter()
            .flat_map(|seen| &seen.leases)
            .filter(|row| row.opened_at_ns == SimTime::ZERO)
            .map(|row| row.job_key.0)
            .collect();
        let (before, after) = (&came(&none) - &found, &came(&half) - &found);
        assert_eq!(before, after, "{class}");
        assert!(before.len() > 100, "{class}");
    }
    let market = scenario("seed/contracts", &[]);
    for row in &half.leases {
        let is_batch = market.classes[row.class.index()].name == "community.batch";
        assert!(!(is_batch && row.is_long), "{row:?}");
    }
    let long = half.leases.iter().filter(|row| row.is_long).count();
    assert!(long > 30, "{long} long leases");
}

/// Rule L6 of economics.md 2.1, lease by lease: no lease is taken back before its notice is over,
/// and pay goes on at its rate until then.
#[test]
fn notice_is_kept_and_paid() {
    let market = scenario("seed/contracts", &[]);
    let seen = seen("seed/contracts", &[]);
    let taken: Vec<_> = seen.leases.iter().filter(|row| row.end == LeaseEnd::Reclaimed).collect();
    assert!(taken.len() > 100, "{} were taken back", taken.len());
    for row in &taken {
        assert_eq!(row.notice_ns, Span::from_secs(120), "{row:?}");
        assert_eq!(row.preemptions, 1, "an owner took it: {row:?}");
        assert_eq!(row.unpaid_nano_usd, units::Usd::ZERO);
        // Chains count time in blocks.
        let due = |paid| row.price_nano_usd_per_gpu_hour.cost_rounded_down(row.gpus, paid);
        let least = due(row.paid_ns.saturating_sub(market.chain.block));
        assert!((least..=due(row.paid_ns)).contains(&row.charged_nano_usd), "{row:?}");
    }
    // These machines do not fail: who lost one without notice had not begun when it was asked back.
    let stopped = seen.leases.iter().filter(|row| row.preemptions > 0);
    assert_eq!(stopped.count(), taken.len());
    // Nobody with checkpoints loses more than it takes to save.
    let saves = |row: &&&LeaseRow| market.classes[row.class.index()].name == "community.fine_tune";
    assert!(taken.iter().filter(saves).count() > 30);
    assert!(taken.iter().filter(saves).all(|row| row.lost_ns <= Span::from_secs(30)));
}

/// Of what owners undo of work with checkpoints, notice leaves next to nothing to who saves.
#[test]
fn notice_saves_work() {
    let market = scenario("seed/contracts", &[]);
    let lost = |sets: &[&str]| {
        let seen = seen("seed/contracts", sets);
        let saves =
            |row: &&LeaseRow| market.classes[row.class.index()].name == "community.fine_tune";
        let lost = seen.leases.iter().filter(saves).map(|row| row.lost_ns.as_hours_f64());
        lost.sum::<f64>()
    };
    let (none, told, unsaved) =
        (lost(&["contract.notice=0 s"]), lost(&[]), lost(&["contract.save=none"]));
    assert!(none > 20.0 && told < 0.1 * none, "{told} of {none} hours are lost");
    assert!((unsaved / none - 1.0).abs() < 0.3, "{unsaved} of {none}: to know is not to save");
}

/// A lease for a term keeps its machine and its price, and what its tenant does not need of the
/// term is paid in part.
#[test]
fn a_term_is_served_at_its_price() {
    let seen = seen("seed/contracts", &HALF);
    let (long, spot): (Vec<&LeaseRow>, Vec<&LeaseRow>) =
        seen.leases.iter().partition(|row| row.is_long);
    assert!(long.len() > 30 && spot.len() > 100);
    for row in &long {
        assert_eq!((row.preemptions, row.interruptions), (0, 0), "{row:?}");
        assert_ne!(row.end, LeaseEnd::Reclaimed, "{row:?}");
        assert_eq!(row.notice_ns, Span::ZERO);
        let is_early = row.end == LeaseEnd::Terminated;
        assert_eq!(is_early, row.forfeit_ns > Span::ZERO, "{row:?}");
        let billed = row.paid_ns + row.forfeit_ns;
        let due = row.price_nano_usd_per_gpu_hour.cost_rounded_down(row.gpus, billed);
        assert_eq!(row.charged_nano_usd, due, "{row:?}");
        if is_early && row.opened_at_ns > SimTime::ZERO {
            let left = Span::DAY.saturating_sub(row.paid_ns);
            assert_eq!(row.forfeit_ns.nanos(), left.nanos() / 2, "{row:?}");
        }
    }
    assert!(long.iter().any(|row| row.end == LeaseEnd::Terminated));
    assert!(long.iter().any(|row| row.end == LeaseEnd::Agreed));
    assert!(spot.iter().all(|row| row.forfeit_ns == Span::ZERO));
}

/// Nothing here depends on what leases cost, so the same leases open at every discount.
#[test]
fn an_hour_of_a_term_costs_its_discount_less() {
    let prices = |sets: &[&str]| -> BTreeMap<u64, u64> {
        let seen = seen("seed/contracts", &[&HALF[..], sets].concat());
        let long = seen.leases.iter().filter(|row| row.is_long);
        long.map(|row| (row.order_key.0, row.price_nano_usd_per_gpu_hour.nanos())).collect()
    };
    let free = "contract.long.termination=0 %"; // Then all sign, at any discount.
    let (full, less) = (prices(&[free, "contract.long.discount=0 %"]), prices(&[free]));
    assert!(full.len() > 30);
    let discounted: BTreeMap<u64, u64> =
        full.iter().map(|(order, price)| (*order, (price * 8).div_ceil(10))).collect();
    assert_eq!(less, discounted);
}

/// At 20 % off and half of what is left, a term of a day pays from 16 hours of work on: 80 % of 16
/// and half of 8 is 16. Who values stability signs for less work, and for none whom nothing would.
#[test]
fn who_signs_compares_costs() {
    let all = "class.community.fine_tune.long_contracts=100 %";
    let shortest = |sets: &[&str]| {
        let seen = seen("seed/contracts", &[&[all], sets].concat());
        let first = |row: &&LeaseRow| row.opened_at_ns > SimTime::ZERO && row.is_long;
        let ended = |row: &&LeaseRow| [LeaseEnd::Agreed, LeaseEnd::Terminated].contains(&row.end);
        let hours = seen.leases.iter().filter(first).filter(ended);
        hours.map(|row| row.paid_ns.as_hours_f64()).fold(f64::INFINITY, f64::min)
    };
    let plain = shortest(&[]);
    assert!((15.95..18.0).contains(&plain), "{plain} hours");
    assert!(shortest(&["contract.long.discount=0 %"]) >= 24.0, "nothing speaks for it");
    let kind = "pool.community.tenant_kinds={ steady = \"100 %\" }";
    let worth = "tenant_kind.steady.stability=0.002 USD/GPU-h";
    let steady = shortest(&[kind, worth, "tenant_kind.steady.inertia=100 USD/GPU-h"]);
    assert!(steady < 14.0, "{steady} hours: stability is worth something");
}

/// Maintenance is announced: leases end with notice, and nobody is blamed for it.
#[test]
fn planned_maintenance_is_notice() {
    let planned = "host_class.consumer.maintenance={ every = \"5 d\", length = \"4 h\", \
                   notice = \"1 h\" }";
    let idle = ["host_class.consumer.owner_use=none", planned];
    let told = seen("seed/contracts", &idle);
    let taken: Vec<_> = told.leases.iter().filter(|row| row.end == LeaseEnd::Reclaimed).collect();
    assert!(taken.len() > 30, "{} were taken back", taken.len());
    assert!(taken.iter().all(|row| row.notice_ns >= Span::HOUR && row.preemptions == 0));
    let blind = seen("seed/contracts", &[&idle[..], &["contract.notice=0 s"]].concat());
    assert!(blind.leases.iter().all(|row| row.end != LeaseEnd::Reclaimed));
}
