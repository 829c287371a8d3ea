//! Spot beside long contracts, on rows whose answer is known by hand.
#![allow(dead_code, reason = "rows are shared with other tests")]

mod rows;

use record::{EraRow, LeaseEnd, LeaseRow, Row};
use rows::{cents, era, lease, summary};
use units::{GpuCount, GpuHourPrice, ProviderId, Span};

fn near(summary: &metrics::Summary, path: &str, known: f64) {
    let found = summary.get(path).unwrap_or_else(|| panic!("{path} has a value"));
    assert!((found - known).abs() < 1e-9, "{path}: {found}, not {known}");
}

#[test]
fn what_was_promised_is_counted_apart() {
    let taken = LeaseRow {
        end: LeaseEnd::Reclaimed,
        interruptions: 1,
        notice_ns: Span::from_secs(120),
        lost_ns: Span::from_hours(2),
        ..lease()
    };
    let early = LeaseRow {
        is_long: true,
        end: LeaseEnd::Terminated,
        gpus: GpuCount(2),
        price_nano_usd_per_gpu_hour: GpuHourPrice::from_nanos(160_000_000),
        forfeit_ns: Span::from_hours(5),
        charged_nano_usd: cents(480),
        ..lease()
    };
    let rows = [lease(), taken, early, LeaseRow { is_reported: false, ..taken }];
    let found = summary(&rows.each_ref().map(Row::Lease));
    near(&found, "contracts.spot.leases", 2.0);
    near(&found, "contracts.spot.reclaimed", 1.0);
    near(&found, "contracts.spot.notice_minutes", 2.0);
    near(&found, "contracts.spot.lost_share", 0.1);
    near(&found, "contracts.spot.interruptions_per_1000_lease_hours", 50.0);
    near(&found, "contracts.spot.price_usd_per_gpu_hour", 0.2);
    near(&found, "contracts.long.terminated", 1.0);
    near(&found, "contracts.long.gpu_hours", 20.0);
    near(&found, "contracts.long.forfeit_gpu_hours", 10.0);
    near(&found, "contracts.long.price_usd_per_gpu_hour", 0.16);
    near(&found, "contracts.long.charged_usd_per_gpu_hour", 0.24);
}

/// One and three dollars: the mean is two, the standard deviation the root of two.
#[test]
fn incomes_vary_from_era_to_era() {
    let of = |provider: u32, dollars: i64| EraRow {
        provider: ProviderId(provider),
        lease_income_nano_usd: cents(100 * dollars),
        gpus: GpuCount(1),
        ..era()
    };
    let rows = [of(0, 1), of(0, 3), of(1, 2), of(1, 2), of(2, 0), of(2, 0)];
    let found = summary(&rows.each_ref().map(Row::Era));
    near(&found, "contracts.income_variation", 2.0_f64.sqrt() / 2.0 / 2.0);
}
