//! Where jobs went and what was wanted, on rows whose answer is known by hand.
#![allow(dead_code, reason = "rows are shared with other tests")]

mod rows;

use record::{DemandRow, Row, VenueReason, VenueRow};
use rows::{cents, summary};
use units::{ClassId, PoolId, SimTime, Span, VenueId};

fn row(era: u32, venue: u16, reason: VenueReason, jobs: u64) -> VenueRow {
    VenueRow {
        era,
        is_reported: era > 0,
        pool: PoolId(1),
        class: ClassId(1),
        venue: VenueId(venue),
        is_cloud: venue == 1,
        reason,
        jobs,
        gpu_s: jobs * 7_200,
        spend_nano_usd: cents(100 * jobs as i64),
        stayed: jobs / 2,
        surplus_nano_usd: -(jobs as i64) * 250_000_000,
    }
}

fn near(summary: &metrics::Summary, path: &str, known: f64) {
    let found = summary.get(path).unwrap_or_else(|| panic!("{path} has a value"));
    assert!((found - known).abs() < 1e-9, "{path}: {found}, not {known}");
}

#[test]
fn shares_count_who_left_again_where_it_went() {
    let rows = [
        row(0, 1, VenueReason::Price, 1_000),
        row(1, 0, VenueReason::Price, 60),
        row(1, 1, VenueReason::Wait, 20),
        row(2, 2, VenueReason::Taste, 20),
        // Written when they went, in the era in which they came; the others came in the warm-up.
        row(1, 1, VenueReason::Waited, 10),
        row(0, 1, VenueReason::Waited, 500),
    ];
    let found = summary(&rows.each_ref().map(Row::Venue));
    near(&found, "venues.jobs", 100.0);
    near(&found, "venues.here_share", 0.5);
    near(&found, "venues.clouds_share", 0.3);
    near(&found, "venues.networks_share", 0.2);
    near(&found, "venues.gpu_hours", 200.0);
    near(&found, "venues.clouds_share_of_hours", 0.3);
    near(&found, "venues.spend_elsewhere_usd", 50.0);
    near(&found, "venues.surplus_usd", -0.25);
    near(&found, "venues.pools.secured.here_share", 0.5);
    near(&found, "venues.classes.training.jobs", 100.0);
    near(&found, "venues.by_venue.here.share", 0.5);
    near(&found, "venues.by_venue.aws.share", 0.3);
    near(&found, "venues.by_venue.aws.jobs_waited", 10.0);
    near(&found, "venues.by_venue.vast.stay_share", 0.5);
    near(&found, "venues.elsewhere_by_reason.wait", 20.0);
    near(&found, "venues.here_by_reason.price", 60.0);
    assert_eq!(found.get("venues.pools.community.here_share"), None);
    let eras = found.venues.eras.iter().map(|era| (era.era, era.jobs, era.here, era.clouds));
    assert_eq!(eras.collect::<Vec<_>>(), [(1, 80, 0.625, 0.375), (2, 20, 0.0, 0.0)]);
    let hours = |venue: &str| found.get(&format!("venues.by_venue.{venue}.gpu_hours"));
    assert_eq!(["here", "aws", "vast"].map(hours), [100.0, 60.0, 40.0].map(Some));
}

#[test]
fn a_share_has_recovered_when_a_week_is_within_a_hundredth_of_the_last() {
    // A lucky day on the way, and a day above at the end, are not the level.
    let share = |era: u32| [20, 60, 40, 59, 60].get(era as usize - 1).copied().unwrap_or(60);
    let here = |era| row(era, 0, VenueReason::Price, share(era));
    let there = |era| row(era, 1, VenueReason::Price, 100 - share(era));
    let rows: Vec<_> = (1..=20).flat_map(|era| [here(era), there(era)]).collect();
    let found = summary(&rows.iter().map(Row::Venue).collect::<Vec<_>>());
    near(&found, "venues.here_share_first_week", (20.0 + 40.0 + 59.0 + 4.0 * 60.0) / 700.0);
    near(&found, "venues.here_share_last_week", 0.6);
    near(&found, "venues.recovery_eras", 3.0);
    let above = |era| row(era, 0, VenueReason::Price, if era < 8 { 90 } else { 60 });
    let there = |era| row(era, 1, VenueReason::Price, if era < 8 { 10 } else { 40 });
    let rows: Vec<_> = (1..=20).flat_map(|era| [above(era), there(era)]).collect();
    let found = summary(&rows.iter().map(Row::Venue).collect::<Vec<_>>());
    near(&found, "venues.recovery_eras", 7.0);
}

#[test]
fn the_curve_has_a_point_for_each_price_and_a_slope() {
    let hour = |number: u64, price_ppm: u64, wanted: u64| DemandRow {
        at_ns: SimTime::ZERO + Span::from_hours(number),
        is_reported: number > 0,
        pool: PoolId(0),
        class: ClassId(0),
        price_ppm,
        jobs_possible: 400,
        jobs_wanted: wanted,
        at_most_ppm: 4_000_000,
    };
    // Half the price, twice the jobs: elasticity 1.
    let hours = [hour(0, 500_000, 7), hour(1, 500_000, 200), hour(2, 1_000_000, 100)];
    let found = summary(&hours.each_ref().map(Row::Demand));
    near(&found, "demand.community.elasticity", 1.0);
    near(&found, "demand.community.price", 0.75);
    near(&found, "demand.community.quantity", 1.5);
    let curve = &found.demand.get("community").expect("it is a pool").curve;
    assert_eq!((curve[0].price, curve[0].quantity, curve[0].hours), (0.5, 2.0, 1));
    let one = summary(&[Row::Demand(&hour(1, 500_000, 200))]);
    assert_eq!(one.get("demand.community.elasticity"), None, "the price did not move");
}
