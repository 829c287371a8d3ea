//! Demand curves, venues and the kinds of tenants who choose among them.

use crate::node::Value;
use crate::reader::{Names, Table};
use crate::validated::{
    Churn, Class, DemandCurve, Pool, Scenario, TenantKind, Venue, VenueKind, Venues,
};
use units::text::{parse_gpu_hour_price, parse_ppm, parse_span};
use units::{PoolId, Ppm, Span};

/// Most elastic demand, and most by which demand may grow.
const ELASTICITY_MAX: f64 = 20.0;
const AT_MOST_MAX: f64 = 20.0;
/// Most that a venue asks, in book prices.
const MULTIPLE_MAX: f64 = 100.0;
/// Most utility of a dollar per GPU-hour; beyond it chance has no part.
const SENSITIVITY_MAX: f64 = 10_000.0;
/// Largest appeal and distance of laws, either way.
const SIGNED_MAX: f64 = 1_000.0;

/// A class's demand curve: its own, or for the word `pool` that of its pool.
pub fn class_curve(class: &Table, of_pool: Option<DemandCurve>) -> Option<DemandCurve> {
    match class.peek("demand_curve").map(|node| &node.value) {
        Some(Value::Text(word)) if word == "pool" => of_pool,
        _ => demand_curve(class),
    }
}

/// The demand curve of a pool or a class; none where demand does not answer to price.
pub fn demand_curve(table: &Table) -> Option<DemandCurve> {
    table.optional("demand_curve", |table| {
        match table.word("law", &[("isoelastic", 0), ("linear", 1), ("reservation", 2)]) {
            0 => {
                let (elasticity, at_most) = slope(table);
                DemandCurve::Isoelastic { elasticity, at_most }
            }
            1 => {
                let (elasticity, at_most) = slope(table);
                DemandCurve::Linear { elasticity, at_most }
            }
            _ => {
                let median = table.number("median", 0.0..=MULTIPLE_MAX);
                table.require(median > 0.0, "median", || {
                    "is zero: nobody would pay anything; write a number above zero".to_string()
                });
                DemandCurve::Reservation { median, sigma: table.number("sigma", 0.0..=3.0) }
            }
        }
    })
}

fn slope(table: &Table) -> (f64, f64) {
    let elasticity = table.number("elasticity", 0.0..=ELASTICITY_MAX);
    let at_most = table.number("at_most", 0.0..=AT_MOST_MAX);
    table.require(at_most >= 1.0, "at_most", || {
        "is less than what is wanted at the reference price; write at least 1".to_string()
    });
    (elasticity, at_most)
}

/// The venues, in the order of the file.
pub fn venue_list(root: &Table, cards: &Names) -> Vec<Venue> {
    let venues = root.entries("venue", |name, table| {
        table.require(name != Venue::HERE, "", || {
            "has the name of this network; choose another name".to_string()
        });
        venue(name, table, cards)
    });
    venues.into_iter().map(|(_, venue)| venue).collect()
}

fn venue(name: &str, table: &Table, cards: &Names) -> Venue {
    let kind = table.word("kind", &[("cloud", VenueKind::Cloud), ("network", VenueKind::Network)]);
    let uptime = table.quantity("uptime", parse_ppm);
    table.require((Ppm(1)..=Ppm::ONE).contains(&uptime), "uptime", || {
        "is no share of time; write more than \"0 %\" and at most \"100 %\"".to_string()
    });
    Venue {
        name: name.to_string(),
        kind,
        is_open: table.flag("is_open"),
        prices: by_card(table, "prices", cards, |of, card| {
            let price = of.quantity(card, parse_gpu_hour_price);
            of.require(price.nanos() > 0, card, || "is zero; write a price above zero".into());
            Some(price)
        }),
        multiple_hundredths: table.hundredths("multiple", 0.01..=MULTIPLE_MAX),
        waits: by_card(table, "waits", cards, |of, card| of.quantity(card, parse_span)),
        contract_min: table.quantity("contract_min", parse_span),
        uptime,
        outage: table.span_above_zero("outage"),
        round_trip: table.quantity("round_trip", parse_span),
        law: table.number("law", -SIGNED_MAX..=SIGNED_MAX),
        appeal: table.number("appeal", -SIGNED_MAX..=SIGNED_MAX),
    }
}

/// What is said of some cards, by `CardId`; of the others nothing is.
pub(super) fn by_card<T: Clone + Default>(
    table: &Table,
    key: &str,
    cards: &Names,
    read: impl Fn(&Table, &str) -> T,
) -> Vec<T> {
    let mut values = vec![T::default(); cards.len()];
    table.table(key, |of| {
        for name in of.keys() {
            let value = read(of, name);
            match cards.index(name) {
                Some(place) => values[place] = value,
                None if cards.len() > 0 => of.problem(name, cards.unknown(name)),
                None => {}
            }
        }
    });
    values
}

/// What holds for all venues.
pub fn venues(root: &Table) -> Venues {
    root.table("venues", |table| {
        let nest = |key: &str| {
            let nest = table.number(key, 0.0..=1.0);
            table.require(nest >= 0.01, key, || {
                "is too small; write 1 for venues that are no more alike than others, down to 0.01"
                    .to_string()
            });
            nest
        };
        let window = table.quantity("window", parse_span);
        // What is measured fades hour by hour: an hour's window would forget all of it at once.
        let is_whole = window.floored_to(Span::HOUR) == window;
        table.require(is_whole && window >= Span::from_hours(2), "window", || {
            "is not a number of hours from 2 on; write \"2 h\" or more".to_string()
        });
        Venues { cloud_nest: nest("cloud_nest"), network_nest: nest("network_nest"), window }
    })
}

/// All kinds of tenants, in the order of the file.
pub fn tenant_kinds(root: &Table) -> Vec<TenantKind> {
    let kinds = root.entries("tenant_kind", tenant_kind);
    kinds.into_iter().map(|(_, kind)| kind).collect()
}

fn tenant_kind(name: &str, table: &Table) -> TenantKind {
    let worth = |key: &str| table.quantity(key, parse_gpu_hour_price);
    let sensitivity = table.number("sensitivity", 0.0..=SENSITIVITY_MAX);
    table.require(sensitivity > 0.0, "sensitivity", || {
        "is zero: no price would matter; write a number above zero".to_string()
    });
    TenantKind {
        name: name.to_string(),
        sensitivity,
        stability: worth("stability"),
        wait: worth("wait"),
        latency: worth("latency"),
        law: worth("law"),
        inertia: worth("inertia"),
        failure: table.number("failure", 0.0..=SIGNED_MAX),
        failures_before: table.number("failures_before", 0.0..=SIGNED_MAX),
        memory: table.span_above_zero("memory"),
        fallback: part(table, "fallback"),
        churn: table.optional("churn", churn),
    }
}

fn churn(table: &Table) -> Churn {
    let every = table.span_above_zero("every");
    table.require(every.floored_to(Span::HOUR) == every, "every", || {
        "is no whole number of hours; write \"1 h\" or a multiple of it".to_string()
    });
    Churn {
        every,
        leave: part(table, "leave"),
        come_back: part(table, "come_back"),
        price: table.number("price", 0.0..=SIGNED_MAX),
        failures: table.number("failures", 0.0..=SIGNED_MAX),
    }
}

pub(super) fn part(table: &Table, key: &str) -> Ppm {
    let part = table.quantity(key, parse_ppm);
    table.require(part <= Ppm::ONE, key, || {
        "is more than the whole; write at most \"100 %\"".to_string()
    });
    part
}

/// Who chooses has something to choose from, a file's jobs come once, and one rule says who stays.
pub fn check_choice(root: &Table, scenario: &Scenario) {
    let Scenario { pools, classes, venue_list: venues, tenant_kinds: kinds, .. } = scenario;
    let is_any_open = venues.iter().any(|venue| venue.is_open);
    for pool in pools.iter().filter(|pool| pool.tenant_kinds.is_some()) {
        root.require(is_any_open, "pool", || {
            format!(
                "{}.tenant_kinds chooses among venues, and none is open; set is_open = true in a \
                 [venue], or tenant_kinds = \"none\"",
                pool.name
            )
        });
    }
    for class in classes.iter().filter(|class| pools[class.pool.index()].replay.is_some()) {
        let thins = class.demand_curve.is_some_and(|curve| curve.at_most() > 1.0);
        root.require(!thins, "class", || {
            format!(
                "{}.demand_curve may want more than at the book's prices, and the jobs of a file \
                 come once; write at_most = 1.0, reservation prices, or replay = \"none\"",
                class.name
            )
        });
    }
    check_curves(root, pools, classes);
    check_kinds(root, kinds);
}

/// A pool's curve is some class's.
fn check_curves(root: &Table, pools: &[Pool], classes: &[Class]) {
    let pools = (0u16..).map(PoolId).zip(pools).filter(|(_, pool)| pool.demand_curve.is_some());
    for (id, pool) in pools {
        let mut own = classes.iter().filter(|class| class.pool == id).peekable();
        if own.peek().is_some() && own.all(|class| class.demand_curve != pool.demand_curve) {
            let message = format!(
                "{}.demand_curve is nobody's: each class of the pool has its own; write \
                 demand_curve = \"pool\" in a class, or \"none\" here",
                pool.name
            );
            root.warning("pool", message);
        }
    }
}

fn check_kinds(root: &Table, kinds: &[TenantKind]) {
    for kind in kinds {
        let is_free = |inertia: u64| inertia == 0;
        let churns = kind.churn.is_some();
        root.require(!churns || is_free(kind.inertia.nanos()), "tenant_kind", || {
            format!(
                "{} has both inertia and churn, two rules of who stays; set its inertia to \"0 \
                 USD/GPU-h\", or its churn to \"none\"",
                kind.name
            )
        });
    }
}
