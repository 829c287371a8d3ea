//! Rents on rows whose answer is known by hand.
#![allow(dead_code, reason = "rows are shared with other tests")]

mod rows;

use record::{LeaseRow, RentRow, Row};
use rows::{cents, lease, provider, summary};
use units::{CardId, GpuCount, GpuHourPrice, PoolId, SimTime, Span};

fn price(cents: u64) -> GpuHourPrice {
    GpuHourPrice::from_nanos(cents * 10_000_000)
}

#[test]
fn leases_weigh_by_the_time_that_was_paid_for() {
    let short = lease(); // Ten hours, asked 18, agreed 20 cents, 2.04 USD left escrow.
    let long = LeaseRow {
        gpus: GpuCount(3),
        ask_nano_usd_per_gpu_hour: price(30),
        price_nano_usd_per_gpu_hour: price(40),
        outlay_nano_usd: cents(1224),
        ..lease()
    };
    let early = LeaseRow { is_reported: false, ..long };
    let unpaid = LeaseRow { paid_ns: Span::ZERO, outlay_nano_usd: cents(0), ..long };
    let found = summary(&[short, long, early, unpaid].each_ref().map(Row::Lease));
    let near = |path: &str, known: f64| {
        let found = found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((found - known).abs() < 1e-12, "{path}: {found}, not {known}");
    };
    near("rents.ask_usd", (0.18 * 10.0 + 0.3 * 30.0) / 40.0);
    near("rents.accepted_usd", (0.2 * 10.0 + 0.4 * 30.0) / 40.0);
    near("rents.paid_usd", (2.04 + 12.24) / 40.0);
    near("rents.pools.community.accepted_usd", 0.35);
    assert_eq!(found.get("rents.pools.secured.ask_usd"), None);
    assert_eq!(found.get("rents.move_per_hour"), None);
}

#[test]
fn what_is_offered_counts_everybody_and_moves_count_from_price_to_price() {
    let hour = |number: u64, card: u16, cents: u64, used_gpus: u64| RentRow {
        at_ns: SimTime::ZERO + Span::from_hours(number),
        is_reported: number > 0,
        pool: PoolId(0),
        card: CardId(card),
        price_nano_usd_per_gpu_hour: price(cents),
        ask_min_nano_usd_per_gpu_hour: price(1),
        offered_gpus: 10,
        used_gpus,
    };
    // Up by a tenth, down by a half, and another card that stays.
    let rents = [hour(0, 0, 20, 9), hour(1, 0, 22, 4), hour(2, 0, 11, 6), hour(1, 1, 5, 5)];
    let rents = [&rents[..], &[hour(2, 1, 5, 5)]].concat();
    let provider = provider();
    let rows: Vec<_> = rents.iter().map(Row::Rent).chain([Row::Provider(&provider)]).collect();
    let found = summary(&rows);
    let near = |path: &str, known: f64| {
        let found = found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((found - known).abs() < 1e-12, "{path}: {found}, not {known}");
    };
    near("rents.move_per_hour", (0.1 + 0.5 + 0.0) / 3.0);
    near("rents.used_of_offered", 0.5);
    near("rents.offered_usd", provider.ask_nano_usd_per_gpu_hour.nanos() as f64 / 1e9);
}
