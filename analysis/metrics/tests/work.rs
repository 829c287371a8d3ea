//! The price of work, on a few leases.

mod rows;

use metrics::{SummaryBuilder, WorkFacts, tables};
use record::{LeaseRow, Observer, Row};
use rows::{cents, lease, names};
use units::{CardId, ClassId, GpuCount, Span};

/// Training counts in hours of the first card; the second is four times as fast.
#[test]
fn work_is_counted_in_hours_of_the_reference() {
    let facts = WorkFacts { speeds: vec![10.0, 40.0], references: vec![None, Some(CardId(0))] };
    let mut builder = SummaryBuilder::new(names()).with_work(facts);
    // Two GPUs for ten hours, of which two were undone: 16 hours, or 64 of the reference.
    let fast = LeaseRow {
        class: ClassId(1),
        card: CardId(1),
        gpus: GpuCount(2),
        lost_ns: Span::from_hours(2),
        charged_nano_usd: cents(3_200),
        ..lease()
    };
    let slow = LeaseRow { class: ClassId(1), charged_nano_usd: cents(600), ..lease() };
    let service = LeaseRow { card: CardId(1), charged_nano_usd: cents(1_000), ..lease() };
    let early = LeaseRow { is_reported: false, ..fast };
    for row in [fast, slow, service, early] {
        builder.on_row(Row::Lease(&row));
    }
    let found = builder.finish();
    for (path, known) in [
        ("work.classes.training.gpu_hours", 30.0),
        ("work.classes.training.usd_per_gpu_hour", 38.0 / 30.0),
        ("work.classes.training.work_hours", 74.0),
        ("work.classes.training.usd_per_work_hour", 38.0 / 74.0),
        ("work.classes.inference.usd_per_work_hour", 1.0),
        ("work.cards.h100.usd_per_gpu_hour", 1.6),
        ("work.cards.h100.usd_per_work_hour", 0.5),
        ("work.cards.rtx_4090.usd_per_work_hour", 0.6),
    ] {
        let value = found.get(path).unwrap_or_else(|| panic!("{path} has no value"));
        assert!((value - known).abs() < 1e-9, "{path}: {value}");
    }
    let table = tables::work_by_class(&found);
    assert_eq!(table.rows[0], ["inference", "any card", "10", "1.0000", "10", "1.0000"]);
    assert_eq!(table.rows[1], ["training", "rtx 4090", "30", "1.2667", "74", "0.5135"]);
    assert_eq!(tables::work_by_card(&found).rows[1], ["h100", "20", "1.6000", "64", "0.5000"]);
}
