//! What capital costs and whether cards pay, on a few rows.

mod rows;

use metrics::{CardFacts, SummaryBuilder};
use record::{EraRow, Observer, Row};
use rows::{GPU_HOUR, cents, era, names};
use units::{CardId, CardLabel, HardwareTier, PoolId};

fn facts() -> Vec<CardFacts> {
    let of = |price_usd, labels: [CardLabel; 2]| CardFacts {
        price_usd,
        salvage_usd: price_usd / 10.0,
        labels: labels.map(Some).into(),
    };
    let (entry, medium) = (CardLabel::Entry1, [CardLabel::Medium1, CardLabel::Medium2]);
    vec![of(803.0, [entry, entry]), of(1_999.0, medium)]
}

/// Five rows: two of a card that pays, two of one that does not, one that is not counted.
#[test]
fn price_cash_payback_and_rate_are_those_of_the_rows() {
    let mut builder = SummaryBuilder::new(names()).with_cards(facts(), 4.0);
    let dear = EraRow {
        card: CardId(1),
        pool: PoolId(1),
        hardware_tier: HardwareTier::Medium,
        installed_gpu_us: 48 * GPU_HOUR,
        net_nano_usd: cents(-5),
        wear_nano_usd: cents(4),
        ..era()
    };
    let home = EraRow { pool: PoolId(0), ..dear };
    let early = EraRow { is_reported: false, net_nano_usd: cents(99_999), ..era() };
    for row in [era(), era(), dear, home, early] {
        builder.on_row(Row::Era(&row));
    }
    let capital = builder.finish().capital;
    // 1.00 USD net and 0.10 of wear in a day; the cost of capital is 1.50.
    let card = capital.cards.iter().next().expect("the first card").1;
    let near = |found: Option<f64>, expected: f64| {
        assert!((found.expect("a value") - expected).abs() < 1e-9, "{found:?}, not {expected}");
    };
    near(card.price_usd, 803.0);
    near(card.capital_usd_per_gpu_hour, 1.5 / 24.0);
    near(card.net_usd_per_gpu_day, 1.0);
    near(card.net_with_capital_usd_per_gpu_day, -0.4);
    near(card.cash_usd_per_gpu_year, 401.5);
    near(card.payback_years, 2.0);
    let irr = card.irr.expect("it pays");
    let sold = (1.0 + irr).powi(-4);
    near(Some(401.5 * (1.0 - sold) / irr.ln_1p() + 80.3 * sold), 803.0);
    let dear = capital.cards.iter().nth(1).expect("the second card").1;
    assert_eq!((dear.payback_years, dear.irr), (None, None), "never");
    assert_eq!(capital.tiers.get("low"), Some(card), "the only card of its tier");
    assert_eq!(capital.labels.get("entry_1"), Some(card));
    for label in ["medium_1", "medium_2"] {
        near(capital.labels.get(label).expect("every label").price_usd, 1_999.0);
    }
    assert_eq!(capital.tiers.get("high").expect("every tier").price_usd, None, "nobody has one");
    near(capital.all.price_usd, (2.0 * 803.0 + 4.0 * 1_999.0) / 6.0);
}
