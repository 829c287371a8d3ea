//! The metrics of matching on about five rows whose answer is known by hand.

mod rows;

use metrics::Summary;
use record::{BidRow, ProviderRole, ProviderRow, RoundRow, Row};
use rows::{HOUR, bid, cents, provider, round, summary};
use units::{GpuCount, PoolId, Ppm, RegionId, SimTime};

/// The metrics are these, to nine digits.
fn assert_metrics(summary: &Summary, known: &[(&str, f64)]) {
    for (path, known) in known {
        let found = summary.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((found - known).abs() < 1e-9, "{path}: {found}, not {known}");
    }
}

#[test]
fn wins_are_counted_by_region_role_and_size() {
    let of = |region, role, gpus, leases_won| ProviderRow {
        region: RegionId(region),
        role,
        gpus: GpuCount(gpus),
        leases_won,
        ..provider()
    };
    let rows = [
        of(0, ProviderRole::Ordinary, 1, 2),
        of(0, ProviderRole::Favoured, 1, 4),
        of(0, ProviderRole::Ordinary, 1, 0),
        of(1, ProviderRole::Split, 2, 1),
        of(1, ProviderRole::Split, 3, 1),
    ];
    let found = summary(&rows.each_ref().map(Row::Provider));
    assert_metrics(
        &found,
        &[
            ("wins.regions.nae.leases", 6.0),
            ("wins.regions.nae.share", 0.75),
            ("wins.regions.euc.share", 0.25),
            ("wins.roles.split.providers", 2.0),
            ("wins.roles.split.gpus", 5.0),
            ("wins.roles.split.share", 0.25),
            ("wins.roles.favoured.share", 0.5),
            ("wins.roles.favoured.share_over_size", 4.0),
        ],
    );
    assert_eq!(found.get("wins.roles.newcomer.share_over_size"), None);
}

#[test]
fn concentration_is_that_of_each_pool() {
    let of = |pool, leases_won, income| ProviderRow {
        pool: PoolId(pool),
        leases_won,
        lease_income_nano_usd: cents(income),
        ..provider()
    };
    let rows = [of(0, 0, 5), of(0, 0, 5), of(0, 0, 5), of(0, 8, 5), of(1, 3, 0)];
    let short = ProviderRow { installed_gpu_s: 0, ..of(1, 1, 0) };
    let mut all = rows.each_ref().map(Row::Provider).to_vec();
    all.push(Row::Provider(&short));
    let found = summary(&all);
    assert_metrics(
        &found,
        &[
            ("concentration.pools.community.leases_won_gini", 0.75),
            ("concentration.pools.community.leases_won_top_10_share", 1.0),
            ("concentration.pools.community.lease_income_gini", 0.0),
            // 2 * (1*1 + 2*3) / (2 * 4) - 3/2
            ("concentration.pools.secured.leases_won_gini", 0.25),
            ("concentration.leases_won_top_10_share", 8.0 / 12.0),
        ],
    );
    assert_eq!(found.get("concentration.pools.secured.lease_income_gini"), None);
}

#[test]
fn newcomers_who_wait_are_longer_than_any() {
    let of = |hours: Option<u64>| ProviderRow {
        role: ProviderRole::Newcomer,
        joined_at_ns: SimTime::from_nanos(24 * HOUR),
        first_lease_at_ns: hours.map(|hours| SimTime::from_nanos((24 + hours) * HOUR)),
        ..provider()
    };
    let rows = [of(Some(48)), of(None), of(Some(12)), of(Some(24)), of(None)];
    let mut all = rows.each_ref().map(Row::Provider).to_vec();
    let old = provider();
    all.push(Row::Provider(&old));
    let found = summary(&all);
    assert_metrics(
        &found,
        &[("newcomers.newcomers", 5.0), ("newcomers.waiting", 2.0), ("newcomers.days_p50", 2.0)],
    );
    assert_eq!(found.get("newcomers.days_p90"), None);
}

#[test]
fn rounds_of_the_sample_count_and_no_others() {
    let nobody = RoundRow { winner: None, in_time: 0, regret_ppm: None, ..round() };
    let best = RoundRow { regret_ppm: Some(Ppm(0)), eligible: 20, in_time: 20, ..round() };
    let other = RoundRow { is_sampled: false, eligible: 500, ..round() };
    let early = RoundRow { is_reported: false, eligible: 500, ..round() };
    let rows = [round(), nobody, best, other, early];
    let found = summary(&rows.each_ref().map(Row::Round));
    assert_metrics(
        &found,
        &[
            ("rounds.sampled", 3.0),
            ("rounds.matched", 2.0),
            ("rounds.eligible_mean", 40.0 / 3.0),
            ("rounds.in_time_share", 0.7),
            ("rounds.regret.mean", 0.05),
            ("rounds.regret.count", 2.0),
        ],
    );
}

#[test]
fn late_bids_are_counted_by_region() {
    let early = BidRow { is_reported: false, ..bid(0, -1) };
    let rows = [bid(0, 100), bid(0, -20), bid(0, 0), bid(1, 50), early];
    let found = summary(&rows.each_ref().map(Row::Bid));
    assert_metrics(
        &found,
        &[
            ("rounds.regions.nae.bids", 3.0),
            ("rounds.regions.nae.late", 1.0),
            ("rounds.regions.nae.late_share", 1.0 / 3.0),
            ("rounds.regions.nae.margin.mean", 80.0 / 3.0),
            ("rounds.regions.euc.late_share", 0.0),
        ],
    );
}
