//! Demand curves, venues and kinds of tenants, as scenarios say them.

mod shipped;

use scenario::{DemandCurve, VenueKind};
use shipped::{lines_over_baseline, shipped};

const KINDS: &str = "pool.secured.tenant_kinds={ thrifty = \"60 %\", steady = \"40 %\" }";

#[test]
fn demand_stays_and_every_job_comes_here_unless_a_pool_says_otherwise() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    assert!(scenario.pools.iter().all(|pool| pool.demand_curve.is_none()));
    assert!(scenario.pools.iter().all(|pool| pool.tenant_kinds.is_none()));
    for key in ["venue.aws.multiple", "venue.aws.is_open", "tenant_kind.steady.inertia"] {
        assert!(!scenario.is_in_force(key), "{key}");
    }
    let chosen = shipped("scenarios/baseline.toml", &[KINDS, "venue.gcp.is_open=false"]).scenario;
    for key in ["venue.aws.multiple", "venue.gcp.is_open", "tenant_kind.steady.inertia"] {
        assert!(chosen.is_in_force(key), "{key}");
    }
    assert!(!chosen.is_in_force("venue.gcp.multiple"), "nobody goes to a closed venue");
    assert!(!chosen.is_in_force("tenant_kind.subscriber.churn.leave"), "nobody is one");
}

#[test]
fn ceilings_are_drawn_evenly_or_from_reservation_prices() {
    let curve = "demand_curve={ law = \"reservation\", median = 1.5, sigma = 0.5 }";
    let sets = ["community", "secured"].map(|pool| format!("pool.{pool}.{curve}"));
    let one = shipped("scenarios/baseline.toml", &[&*sets[0]]).scenario;
    assert!(one.is_in_force("ordering.ceiling.min"));
    let both = shipped("scenarios/baseline.toml", &[&*sets[0], &*sets[1]]).scenario;
    assert!(!both.is_in_force("ordering.ceiling.min"));
    let known = DemandCurve::Reservation { median: 1.5, sigma: 0.5 };
    assert_eq!(both.pools[0].demand_curve, Some(known));
}

#[test]
fn a_class_has_its_own_curve_or_its_pools() {
    let pool = "pool.community.demand_curve={ law = \"linear\", elasticity = 1.0, at_most = 2.0 }";
    let own = "class.community.batch.demand_curve={ law = \"isoelastic\", elasticity = 2.0, \
               at_most = 3.0 }";
    let none = "class.community.fine_tune.demand_curve=none";
    let scenario = shipped("scenarios/baseline.toml", &[pool, own, none]).scenario;
    let of = |name: &str| {
        let mut classes = scenario.classes.iter().filter(|class| class.name == name);
        classes.next().expect("it is there").demand_curve
    };
    assert_eq!(of("community.inference"), scenario.pools[0].demand_curve);
    let known = DemandCurve::Isoelastic { elasticity: 2.0, at_most: 3.0 };
    assert_eq!(of("community.batch"), Some(known));
    assert_eq!((of("community.fine_tune"), of("secured.training")), (None, None));
}

#[test]
fn a_cloud_is_out_of_service_as_often_as_its_uptime_says() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    let aws = scenario.venue_list.iter().find(|venue| venue.name == "aws").expect("it is there");
    assert_eq!((aws.kind, aws.is_open), (VenueKind::Cloud, true));
    // 0.1 % of 720 hours by the hour, over the time that it is up.
    assert!((aws.interruptions_per_month() - 0.72 / 0.999).abs() < 1e-9);
    let h100 = scenario.cards.iter().position(|card| card.name == "h100").expect("it is there");
    assert_eq!(aws.prices[h100].map(units::GpuHourPrice::nanos), Some(6_880_000_000));
    assert_eq!(aws.waits[h100], units::Span::from_hours(21 * 24));
}

#[test]
fn contradictions_are_refused_with_their_remedy() {
    let close = |venue: &str| format!("venue.{venue}.is_open = false\n");
    let closed: String =
        ["aws", "gcp", "azure", "vast", "runpod", "akash"].iter().map(|one| close(one)).collect();
    let kinds = "pool.secured.tenant_kinds = { thrifty = \"100 %\" }\n";
    let of = |text: &str| lines_over_baseline(text).join("\n");
    let cases = [
        (format!("{closed}{kinds}"), "none is open; set is_open = true in a [venue]"),
        (
            "pool.secured.tenant_kinds = { thrifty = \"60 %\" }".into(),
            "adds up to 60 %; make the shares add up to 100 %",
        ),
        (
            "pool.secured.tenant_kinds = { thrify = \"100 %\" }".into(),
            "is no known tenant_kind; did you mean thrifty?",
        ),
        (
            "tenant_kind.steady.churn = { every = \"30 d\", leave = \"2 %\", come_back = \"5 %\", \
             price = 0.0, failures = 0.0 }"
                .into(),
            "steady has both inertia and churn, two rules of who stays; set its inertia to",
        ),
        ("tenant_kind.steady.sensitivity = 0.0".into(), "no price would matter"),
        ("venue.aws.prices = { h10 = \"1 USD/GPU-h\" }".into(), "is no known card; did you mean"),
        ("venue.aws.uptime = \"0 %\"".into(), "is no share of time; write more than"),
        ("venues.cloud_nest = 0.0".into(), "write 1 for venues that are no more alike"),
        (
            "pool.secured.demand_curve = { law = \"linear\", elasticity = 1.0, at_most = 0.5 }"
                .into(),
            "is less than what is wanted at the reference price; write at least 1",
        ),
        (
            "pool.secured.demand_curve = { law = \"reservation\", median = 0.0, sigma = 0.5 }"
                .into(),
            "nobody would pay anything; write a number above zero",
        ),
        (
            "class.secured.training.demand_curve = { law = \"linear\", elasticity = 1.0, \
             at_most = 0.5 }"
                .into(),
            "is less than what is wanted at the reference price; write at least 1",
        ),
        ("class.secured.training.demand_curve = \"own\"".into(), "a table, or \"none\""),
        (
            "pool.secured.demand_curve = { law = \"linear\", elasticity = 1.0, at_most = 2.0 }\n\
             class.secured.inference.demand_curve = \"none\"\n\
             class.secured.fine_tune.demand_curve = \"none\"\n\
             class.secured.training.demand_curve = \"none\""
                .into(),
            "is nobody's: each class of the pool has its own",
        ),
    ];
    for (text, remedy) in cases {
        let said = of(&text);
        assert!(said.contains(remedy) && said.contains("scenarios/test.toml:"), "{text}: {said}");
    }
}
