//! Supply that comes and goes, on a few rows whose answer is known by hand.

mod rows;

use metrics::tables;
use record::{
    EraRow, NetworkRow, ProviderRole, ProviderRow, Row, SupplyChange, SupplyReason, SupplyRow,
};
use rows::{GPU_HOUR, era, provider, summary};
use units::{
    CardId, GpuCount, NetworkId, PoolId, ProviderId, ProviderKindId, RegionId, SimTime, Span, Usd,
};

fn change(change: SupplyChange, reason: SupplyReason, kind: u16, gpus: u32) -> SupplyRow {
    SupplyRow {
        era: 2,
        at_ns: SimTime::ZERO,
        is_reported: true,
        provider: ProviderId(0),
        provider_kind: ProviderKindId(kind),
        role: ProviderRole::Ordinary,
        pool: PoolId(0),
        region: RegionId(0),
        card: CardId(0),
        gpus: GpuCount(gpus),
        change,
        reason,
        network: NetworkId(0),
        revenue_nano_usd_per_gpu_hour: None,
        cost_nano_usd_per_gpu_hour: None,
        outlay_nano_usd: Usd::from_nanos(2_000_000_000),
    }
}

#[test]
fn who_entered_and_left_is_counted_by_pool_kind_and_reason() {
    let rows = [
        change(SupplyChange::Ordered, SupplyReason::Bull, 0, 8),
        change(SupplyChange::Joined, SupplyReason::Bull, 0, 8),
        SupplyRow {
            role: ProviderRole::Added,
            ..change(SupplyChange::Joined, SupplyReason::Bull, 0, 1)
        },
        change(SupplyChange::Left, SupplyReason::Margin, 1, 3),
        change(SupplyChange::Returned, SupplyReason::Logit, 1, 2),
        SupplyRow { is_reported: false, ..change(SupplyChange::Left, SupplyReason::Margin, 1, 9) },
    ];
    let found = summary(&rows.each_ref().map(Row::Supply));
    for (path, known) in [
        ("supply.ordered", 1.0),
        ("supply.joined", 2.0),
        ("supply.added", 1.0),
        ("supply.gpus_added", 1.0),
        ("supply.left", 1.0),
        ("supply.gpus_in", 11.0),
        ("supply.gpus_out", 3.0),
        ("supply.outlay_usd", 10.0),
        ("supply.pools.secured.left", 0.0),
        ("supply.kinds.learning.left", 1.0),
        ("supply.reasons.margin.gpus_out", 3.0),
    ] {
        let value = found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((value - known).abs() < 1e-9, "{path}: {value}");
    }
    assert_eq!(found.get("supply.kinds.posted.left"), Some(0.0));
    assert_eq!(found.get("supply.reasons.npv.left"), Some(0.0), "nobody decided so");
    // One pool, two kinds, three reasons.
    assert_eq!(tables::changes(&found).rows.len(), 6);
    assert!(tables::changes(&summary(&[])).rows.is_empty(), "nobody came or went");
}

#[test]
fn gpus_are_those_at_the_ends_of_eras() {
    let of = |number, gpus| EraRow { era: number, gpus: GpuCount(gpus), ..era() };
    let rows = [of(2, 4), of(2, 6), of(3, 4), of(3, 21), of(4, 4), of(4, 6)];
    let found = summary(&rows.each_ref().map(Row::Era));
    let of = |path: &str| found.get(path).expect("eras were reported");
    let [start, peak, end] =
        ["supply.gpus_at_start", "supply.gpus_peak", "supply.gpus_at_end"].map(of);
    assert_eq!([start, peak, end].map(f64::to_bits), [10.0, 25.0, 10.0].map(f64::to_bits));
    assert!((of("supply.gpus_mean") - 15.0).abs() < 1e-12);
    assert!((of("supply.overshoot") - 2.5).abs() < 1e-12);
}

#[test]
fn cohorts_of_the_start_and_later_ones_survive_by_themselves() {
    let of = |joined: u64, days: u64, has_left| ProviderRow {
        joined_at_ns: SimTime::from_nanos(joined),
        stayed_ns: Span::DAY.times(days),
        has_left,
        ..provider()
    };
    // Of the first four, one leaves after 10 days; one is seen for 20 only; one leaves after 40.
    let rows =
        [of(0, 10, true), of(0, 20, false), of(0, 40, true), of(0, 99, false), of(7, 5, true)];
    let found = summary(&rows.each_ref().map(Row::Provider));
    let of = |path: &str| found.get(path);
    assert_eq!(of("supply.first.after_30_d"), Some(0.75));
    assert_eq!(of("supply.first.after_90_d"), Some(0.375));
    assert_eq!(of("supply.first.median_d"), Some(40.0));
    assert_eq!(of("supply.later.count"), Some(1.0));
    assert_eq!(of("supply.later.after_30_d"), Some(0.0));
}

/// Two GPUs of which 30 GPU-hours were up and 12 busy in a day, one with 20 and 9.
#[test]
fn an_era_has_its_gpus_and_who_came_and_went_for_which_reason() {
    let two = EraRow {
        gpus: GpuCount(2),
        installed_gpu_us: 48 * GPU_HOUR,
        available_gpu_us: 30 * GPU_HOUR,
        busy_gpu_us: 12 * GPU_HOUR,
        ..era()
    };
    let later = SupplyRow { era: 3, ..change(SupplyChange::Left, SupplyReason::Logit, 0, 5) };
    let rows = [
        Row::Supply(&change(SupplyChange::Joined, SupplyReason::Bull, 0, 2)),
        Row::Supply(&change(SupplyChange::Left, SupplyReason::Margin, 0, 4)),
        Row::Supply(&change(SupplyChange::Left, SupplyReason::Margin, 0, 3)),
        Row::Supply(&later),
        Row::Era(&two),
        Row::Era(&era()),
    ];
    let found = summary(&rows);
    let [one] = &found.supply.eras[..] else { panic!("the third era was cut short") };
    assert_eq!((one.era, one.registered), (2, 3));
    assert!((one.active - 50.0 / 24.0).abs() < 1e-9, "{}", one.active);
    assert!((one.busy - 21.0 / 24.0).abs() < 1e-9, "{}", one.busy);
    assert_eq!((one.gpus_in.get("bull"), one.gpus_out.get("margin")), (Some(&2), Some(&7)));
    let table = tables::supply_eras(&found);
    assert_eq!(table.head, ["eras", "registered", "active", "busy", "in: bull", "out: margin"]);
    assert_eq!(table.rows, [["2", "3", "2", "1", "2", "7"]]);
    let quiet = summary(&[Row::Era(&era())]);
    assert!(tables::supply_eras(&quiet).rows.is_empty(), "nobody came or went");
}

#[test]
fn who_is_on_another_network_is_told_with_what_it_brings() {
    let to = |network, change: SupplyRow| SupplyRow { network: NetworkId(network), ..change };
    let (left, back) = (SupplyChange::Left, SupplyChange::Returned);
    let moved = SupplyChange::Moved;
    let by = SupplyReason::MoveNpv;
    let changes = [
        to(1, change(left, by, 0, 8)),
        to(1, change(left, by, 0, 4)),
        to(2, change(moved, by, 0, 4)),
        to(2, change(back, by, 0, 4)),
        to(1, SupplyRow { is_reported: false, ..change(left, by, 0, 99) }),
        change(left, SupplyReason::Margin, 0, 5),
    ];
    let usd = |dollars: i64| Usd::from_nanos(dollars * 1_000_000_000);
    let era = |number, network, gpus| NetworkRow {
        era: number,
        is_reported: number > 0,
        network: NetworkId(network),
        providers: 1,
        gpus,
        earned_nano_usd: usd(5),
        forgone_nano_usd: usd(-2),
        missed_nano_usd: usd(1),
    };
    let eras = [era(0, 1, 99), era(1, 1, 12), era(2, 1, 8), era(1, 2, 0), era(2, 2, 4)];
    let rows: Vec<Row<'_>> =
        changes.iter().map(Row::Supply).chain(eras.iter().map(Row::Network)).collect();
    let found = summary(&rows);
    for (path, known) in [
        ("networks.vast.came", 2.0),
        ("networks.vast.gpus_came", 12.0),
        ("networks.vast.returned", 0.0),
        ("networks.vast.gpus_mean", 10.0),
        ("networks.vast.gpus_at_end", 8.0),
        ("networks.vast.earned_usd", 10.0),
        ("networks.vast.forgone_usd", -4.0),
        ("networks.akash.came", 1.0),
        ("networks.akash.gpus_returned", 4.0),
        ("networks.akash.missed_usd", 2.0),
        ("supply.moved", 1.0),
        ("supply.reasons.move_npv.left", 2.0),
    ] {
        let value = found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((value - known).abs() < 1e-9, "{path}: {value}");
    }
    assert_eq!(found.get("networks.here.came"), None, "this network is no other");
    assert_eq!(tables::networks(&found).rows.len(), 2);
    assert!(tables::networks(&summary(&[])).rows.is_empty(), "nobody could go anywhere");
}
