//! How long tenants stay, on a few of them.

mod rows;

use metrics::tables;
use record::{Row, TenantRow};
use rows::{summary, tenant};
use units::{PoolId, SimTime, TenantKindId};

/// From the start: of four, one leaves after 5 days, one is seen for 8 only, one leaves after 10.
#[test]
fn tenants_survive_by_cohort_pool_and_kind() {
    let left = |days| TenantRow { has_left: true, ..tenant(days) };
    let later = TenantRow {
        came_at_ns: SimTime::from_nanos(1),
        pool: PoolId(1),
        tenant_kind: TenantKindId(1),
        ..left(3)
    };
    let rows = [left(5), tenant(8), left(10), tenant(40), later];
    let found = summary(&rows.each_ref().map(Row::Tenant));
    let of = |path: &str| found.get(path);
    assert_eq!(of("tenants.first.after_7_d"), Some(0.75));
    assert_eq!(of("tenants.first.after_30_d"), Some(0.375));
    assert_eq!(of("tenants.first.after_90_d"), None, "nobody was seen so long");
    assert_eq!(of("tenants.first.median_d"), Some(10.0));
    assert_eq!(of("tenants.kinds.loyal.left"), Some(1.0));
    assert_eq!(of("tenants.later.after_30_d"), Some(0.0));
    // Greenwood: .375^2 (1 / (4 * 3) + 1 / (2 * 1)), and 1.96 of its root.
    let half = 1.959_964 * 0.375 * (1.0_f64 / 12.0 + 0.5).sqrt();
    let low = of("tenants.first.after_30_d_low").expect("a value");
    assert!((low - (0.375 - half).max(0.0)).abs() < 1e-6, "{low}");
    let curve = &found.tenants.first.curve;
    assert_eq!(curve.iter().map(|fall| fall.at_risk).collect::<Vec<_>>(), [4, 2]);
    // Two cohorts, two pools, two kinds.
    let table = tables::tenants(&found);
    assert_eq!(table.rows.len(), 6);
    assert_eq!(table.rows[0][..5], ["from the start", "4", "2", "75.0 %", "37.5 %"]);
    assert!(tables::tenants(&summary(&[])).rows.is_empty(), "nobody could go elsewhere");
}
