//! Misuse by tenants, on rows whose answer is known by hand.
#![allow(dead_code, reason = "rows are shared with other tests")]

mod rows;

use record::{MisuseKind, MisuseOutcome, MisuseRow, Row};
use rows::{cents, summary};
use units::{EntityKey, GpuCount, PoolId, SimTime, Span, TenantId, Usd};

fn row(kind: MisuseKind, outcome: MisuseOutcome) -> MisuseRow {
    MisuseRow {
        at_ns: SimTime::ZERO,
        is_reported: true,
        tenant: TenantId(0),
        kind,
        outcome,
        order_key: EntityKey(1),
        pool: PoolId(0),
        gpus: GpuCount(2),
        provider: None,
        reserved_ns: Span::ZERO,
        paid_nano_usd: Usd::ZERO,
        unpaid_nano_usd: Usd::ZERO,
        cut_short_nano_usd: Usd::ZERO,
        gain_nano_usd: Usd::ZERO,
        forfeited_nano_usd: Usd::ZERO,
        to_provider_nano_usd: Usd::ZERO,
        is_ban: false,
        comeback_nano_usd: Usd::ZERO,
    }
}

fn near(summary: &metrics::Summary, path: &str, known: f64) {
    let found = summary.get(path).unwrap_or_else(|| panic!("{path} has a value"));
    assert!((found - known).abs() < 1e-9, "{path}: {found}, not {known}");
}

#[test]
fn misuse_pays_when_it_brings_more_than_is_lost() {
    let withdrawn = MisuseRow {
        reserved_ns: Span::from_hours(3),
        forfeited_nano_usd: cents(200),
        to_provider_nano_usd: cents(50),
        ..row(MisuseKind::Spam, MisuseOutcome::Withdrawn)
    };
    let drained = MisuseRow {
        paid_nano_usd: cents(900),
        unpaid_nano_usd: cents(70),
        gain_nano_usd: cents(70),
        cut_short_nano_usd: cents(1_000),
        is_ban: true,
        ..row(MisuseKind::Drain, MisuseOutcome::Drained)
    };
    let back = MisuseRow {
        comeback_nano_usd: cents(300),
        ..row(MisuseKind::Drain, MisuseOutcome::Returned)
    };
    let rows = [
        MisuseRow { is_reported: false, ..drained },
        withdrawn,
        row(MisuseKind::Spam, MisuseOutcome::Unmatched),
        drained,
        row(MisuseKind::Drain, MisuseOutcome::Refused),
        back,
        row(MisuseKind::Forbidden, MisuseOutcome::Undetected),
        row(MisuseKind::Dispute, MisuseOutcome::DisputeUpheld),
        row(MisuseKind::Dispute, MisuseOutcome::DisputeLost),
    ];
    let found = summary(&rows.each_ref().map(Row::Misuse));
    near(&found, "misuse.acts", 6.0);
    near(&found, "misuse.punished", 3.0);
    near(&found, "misuse.unpunished", 2.0);
    near(&found, "misuse.refused", 1.0);
    near(&found, "misuse.bans", 1.0);
    near(&found, "misuse.comebacks", 1.0);
    near(&found, "misuse.by_kind.spam.reserved_gpu_hours", 6.0);
    near(&found, "misuse.by_kind.spam.net_per_act_usd", -1.0);
    near(&found, "misuse.by_kind.drain.net_usd", 0.7 - 3.0);
    near(&found, "misuse.by_kind.drain.paid_usd", 9.0);
    near(&found, "misuse.by_kind.drain.cut_short_usd", 10.0);
    near(&found, "misuse.net_usd", 0.7 - 2.0 - 3.0);
    near(&found, "misuse.providers_loss_usd", 0.7 - 0.5);
    near(&found, "misuse.by_outcome.drained", 1.0);
    assert_eq!(summary(&[]).get("misuse.net_per_act_usd"), None);
}
