//! Every metric has a meaning, and the list of them is that of the checks.

mod rows;

use metrics::Metric;
use record::Row;
use rows::{era, job, lease, order, provider, summary};

fn described() -> Vec<Metric> {
    let (era, job, lease) = (era(), job(1), lease());
    let (order, provider) = (order(), provider());
    let rows = [
        Row::Era(&era),
        Row::Job(&job),
        Row::Lease(&lease),
        Row::Order(&order),
        Row::Provider(&provider),
    ];
    summary(&rows).described()
}

#[test]
fn the_list_is_that_of_the_checks() {
    let paths: Vec<String> = described().into_iter().map(|metric| metric.path).collect();
    assert_eq!(paths, summary(&[]).metric_paths());
    for metric in described() {
        assert!(metric.meaning.ends_with(['.', ':']), "{}: {}", metric.path, metric.meaning);
    }
}

#[test]
fn units_and_meanings_are_those_of_the_fields() {
    let all = described();
    let of = |path: &str| {
        let found = all.iter().find(|metric| metric.path == path);
        let found = found.unwrap_or_else(|| panic!("{path} is a metric"));
        (found.unit, found.meaning.as_str())
    };
    let said = "GPU-hours and utilization of everything. GPU-hours. Paid for.";
    assert_eq!(of("market.gpu_hours.paid"), ("GPU-h", said));
    for (path, unit) in [
        ("orders.sent", ""),
        ("orders.matched_share", "share"),
        ("pools.community.utilization_of_available", "share"),
        ("earnings.h100.p50", "USD/GPU-d"),
        ("losses.all.share", "share"),
        ("latency.match.p99", "ms"),
        ("leases.charged_usd", "USD"),
        ("leases.charged_usd_per_gpu_hour", "USD/GPU-h"),
        ("rents.pools.secured.paid_usd", "USD/GPU-h"),
        ("work.classes.training.usd_per_work_hour", "USD/GPU-h of work"),
        ("service.inference.started.attained", "share"),
        ("tenants.first.median_d", "d"),
        ("capital.all.payback_years", "y"),
        ("demand.community.elasticity", ""),
        ("concentration.lease_income_gini", ""),
    ] {
        assert_eq!(of(path).0, unit, "{path}");
    }
    let pattern = all.iter().find(|metric| metric.path == "pools.secured.availability");
    assert_eq!(pattern.expect("it is a metric").pattern, "pools.*.availability");
}
