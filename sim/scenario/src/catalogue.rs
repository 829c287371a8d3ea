//! Cards, prices, regions, latency and host classes: what the rest refers to by name.

mod hosts;
mod owners;

pub use hosts::{bandwidth, host_classes, region_outage};
pub use owners::{owner_profile_names, owner_profiles};

use crate::node::Value;
use crate::reader::{Names, Table, as_number};
use crate::validated::{ByRules, Card, Country, Latency, LogNormal, PriceBook, Region};
use units::text::{
    parse_gpu_hour_price, parse_kwh_price, parse_ppm, parse_span, parse_usd, parse_watts,
};
use units::{CardLabel, CardSet, GpuHourPrice, HardwareTier, Ppm, RegionId, Span, Usd};

/// Regions are held in sets of 64 bits.
const REGIONS_MAX: usize = 64;
/// Host classes; far more than anyone can describe.
const HOST_CLASSES_MAX: usize = 1_000;
/// Provider kinds; far more than anyone can tell apart.
const PROVIDER_KINDS_MAX: usize = 1_000;
/// Tenant kinds; likewise.
const TENANT_KINDS_MAX: usize = 1_000;
/// Countries; more than there are.
const COUNTRIES_MAX: usize = 1_000;
/// Longest round trip, in milliseconds.
const RTT_MAX: f64 = 10_000.0;

/// The names of a catalogue, at most so many.
pub fn names(root: &Table, key: &'static str, most: usize) -> Names {
    let node = root.peek(key);
    let entries = node.map_or(&[][..], |node| node.entries());
    if entries.len() > most {
        root.problem(key, format!("has {} entries; keep at most {most}", entries.len()));
    }
    Names::new(key, entries.iter().map(|(name, _)| name.clone()).collect())
}

/// The names of all cards.
pub fn card_names(root: &Table) -> Names {
    names(root, "card", CardSet::MAX)
}

/// The names of all regions.
pub fn region_names(root: &Table) -> Names {
    names(root, "region", REGIONS_MAX)
}

/// The names of all host classes.
pub fn host_class_names(root: &Table) -> Names {
    names(root, "host_class", HOST_CLASSES_MAX)
}

/// The names of all provider kinds.
pub fn provider_kind_names(root: &Table) -> Names {
    names(root, "provider_kind", PROVIDER_KINDS_MAX)
}

/// The names of all tenant kinds.
pub fn tenant_kind_names(root: &Table) -> Names {
    names(root, "tenant_kind", TENANT_KINDS_MAX)
}

/// Prices new at which a card belongs to a hardware tier.
struct Band {
    tier: HardwareTier,
    from: Usd,
    to: Option<Usd>,
}

/// The card catalogue with the prices of the book in force, if there is one.
pub fn cards(root: &Table, book: Option<&PriceBook>) -> Vec<Card> {
    let bands = root.table("hardware_tier", bands);
    let mut cards = root.entries("card", |name, card| read_card(name, card, &bands));
    for ((_, card), price) in cards.iter_mut().zip(book.map_or(&[][..], |book| &book.prices)) {
        card.book_price = *price;
    }
    let cards: Vec<Card> = cards.into_iter().map(|(_, card)| card).collect();
    warn_of_tiers(root, &cards);
    cards
}

fn bands(table: &Table) -> Vec<Band> {
    let bands = HardwareTier::ALL.map(|tier| {
        table.table(tier.name(), |band| Band {
            tier,
            from: band.quantity("from", parse_usd),
            to: band.quantity_or_none("to", parse_usd),
        })
    });
    for pair in bands.windows(2) {
        if table.is_sound() {
            check_neighbours(table, &pair[0], &pair[1]);
        }
    }
    bands.into_iter().collect()
}

/// Two bands, one above the other, neither overlap nor leave a hole without a word.
fn check_neighbours(table: &Table, low: &Band, high: &Band) {
    let (name, above) = (low.tier.name(), high.tier.name());
    let end = low.to.unwrap_or(Usd::from_nanos(i64::MAX));
    let (from, to, start) = (low.from.as_f64(), end.as_f64(), high.from.as_f64());
    if end <= low.from {
        table.problem(
            name,
            format!("ends at {to} USD, not above its start {from} USD; raise its to"),
        );
    } else if high.from < end {
        let message = format!(
            "starts at {start} USD and overlaps {name} ({from}-{to} USD); lower {name}.to or raise this from"
        );
        table.problem(above, message);
    } else if high.from > end {
        let message =
            format!("leaves a hole from {to} to {start} USD; cards in it count as {name}");
        table.warning(name, message);
    }
}

/// The highest tier that starts at or below a price: a hole belongs to the tier below it.
fn tier_by_price(bands: &[Band], price: Usd) -> HardwareTier {
    let reached = bands.iter().rev().find(|band| band.from <= price);
    reached.map_or(HardwareTier::Entry, |band| band.tier)
}

fn read_card(name: &str, card: &Table, bands: &[Band]) -> Card {
    let price = card.quantity("price", parse_usd);
    let fixed = HardwareTier::ALL.map(|tier| (tier.name(), Some(tier)));
    let words: Vec<_> = fixed.into_iter().chain([("by_price", None)]).collect();
    let declared = card.word("tier", &words);
    let label = by_rules(card, "label", label);
    if let Some(tier) = declared.filter(|_| card.is_sound()) {
        check_labels(card, tier, label);
    }
    let tier_by_price = tier_by_price(bands, price);
    Card {
        name: name.to_string(),
        tier: declared.unwrap_or(tier_by_price),
        tier_by_price,
        label,
        price,
        memory_gib: card.whole("memory_gib", 1..=100_000),
        speed_gflops: card.whole("speed_gflops", 1..=1_000_000_000),
        power: card.quantity("power", parse_watts),
        multiplier_hundredths: by_rules(card, "multiplier", |at, key| {
            at.hundredths(key, 0.0..=1_000.0)
        }),
        book_price: GpuHourPrice::default(),
    }
}

/// One value, or one for each kind of rules: `{ provider = ..., fizz = ... }`.
fn by_rules<T: Copy>(card: &Table, key: &str, read: fn(&Table, &str) -> T) -> ByRules<T> {
    if matches!(card.peek(key).map(|node| &node.value), Some(Value::Table(_))) {
        return card.table(key, |table| ByRules {
            provider: read(table, "provider"),
            fizz: read(table, "fizz"),
        });
    }
    let one = read(card, key);
    ByRules { provider: one, fizz: one }
}

/// The network's label, or `"none"` for a card that it does not know.
fn label(card: &Table, key: &str) -> Option<CardLabel> {
    let known = CardLabel::NAMED.map(|(name, label)| (name, Some(label)));
    let words: Vec<_> = [("none", None)].into_iter().chain(known).collect();
    card.word(key, &words)
}

/// A label is a step of its tier, unless the card's tier is taken from its price.
fn check_labels(card: &Table, tier: HardwareTier, label: ByRules<Option<CardLabel>>) {
    for label in label.both().into_iter().flatten() {
        card.require(label.tier() == tier, "label", || {
            format!(
                "is a step of tier {}, but the card's tier is {}; write tier = \"{}\" or another \
                 label",
                label.tier().name(),
                tier.name(),
                label.tier().name()
            )
        });
    }
}

/// Says once which cards have a price outside their tier's band. Labelled cards are where the
/// network put them, and its table does not follow prices.
fn warn_of_tiers(root: &Table, cards: &[Card]) {
    let is_odd = |card: &&Card| {
        card.tier != card.tier_by_price && card.label.both().into_iter().all(|l| l.is_none())
    };
    let odd: Vec<&str> = cards.iter().filter(is_odd).map(|card| card.name.as_str()).collect();
    if !odd.is_empty() && root.is_sound() {
        let odd = odd.join(", ");
        root.warning(
            "card",
            format!("{odd}: the price is outside the tier's band; taken as written"),
        );
    }
}

/// All price books, in the order of the file. Every book has every card.
pub fn price_books(root: &Table, cards: &Names) -> Vec<PriceBook> {
    let books = root.entries("price_books", |name, table| PriceBook {
        name: name.to_string(),
        prices: cards.iter().map(|card| book_price(table, card)).collect(),
    });
    books.into_iter().map(|(_, book)| book).collect()
}

/// The place of the book in force.
pub fn price_book(root: &Table, books: &[PriceBook]) -> usize {
    let names = Names::new("price_books", books.iter().map(|book| book.name.clone()).collect());
    root.reference("price_book", &names)
}

fn book_price(table: &Table, card: &str) -> GpuHourPrice {
    let price = table.quantity(card, parse_gpu_hour_price);
    table.require(price.nanos() > 0, card, || "is zero; write a price above zero".to_string());
    price
}

/// The regions.
pub fn regions(root: &Table) -> Vec<Region> {
    let regions = root.entries("region", |name, region| Region {
        name: name.to_string(),
        city: region.text("city"),
        continent: region.text("continent"),
        utc_offset_minutes: region
            .integer("utc_offset_minutes", -720..=840)
            .map_or(0, |minutes| i32::try_from(minutes).expect("the range is one of i32")),
        household_tariff: region.quantity("household_tariff", parse_kwh_price),
        business_tariff: region.quantity("business_tariff", parse_kwh_price),
    });
    regions.into_iter().map(|(_, region)| region).collect()
}

/// Countries. Together they have no more than all providers of a region.
pub fn countries(root: &Table, regions: &Names) -> Vec<Country> {
    names(root, "country", COUNTRIES_MAX);
    let mut shares = vec![0_u64; regions.len().max(1)];
    let countries = root.entries("country", |name, table| {
        let place = table.reference("region", regions);
        let share = table.quantity("share", parse_ppm);
        shares[place] += u64::from(share.0);
        table.require(shares[place] <= u64::from(Ppm::ONE.0), "share", || {
            let all = shares[place] as f64 / 1e4;
            format!("makes {all} % of its region's providers; keep its countries at 100 % or less")
        });
        Country {
            name: name.to_string(),
            region: RegionId(u16::try_from(place).unwrap_or(0)),
            share,
            household_tariff: table.quantity_or_none("household_tariff", parse_kwh_price),
            business_tariff: table.quantity_or_none("business_tariff", parse_kwh_price),
        }
    });
    countries.into_iter().map(|(_, country)| country).collect()
}

/// Distances between regions, last miles, jitter and thinking.
pub fn latency(root: &Table, regions: &Names) -> Latency {
    root.table("latency", |table| {
        let (last_mile_min, last_mile_max) = table.table("last_mile", span_range);
        let jitter = table.table("jitter", |jitter| {
            (jitter.quantity("median", parse_ppm), jitter.number("sigma", 0.0..=3.0))
        });
        Latency {
            rtt_us: table.table("rtt_ms", |matrix| round_trips(matrix, regions)),
            last_mile_min,
            last_mile_max,
            jitter_median: jitter.0,
            jitter_sigma: jitter.1,
            thinking: table.table("thinking", log_normal),
        }
    })
}

/// Two spans, the shorter first.
pub fn span_range(table: &Table) -> (Span, Span) {
    let (min, max) = (table.quantity("min", parse_span), table.quantity("max", parse_span));
    table.require(min <= max, "min", || "is above max; lower min or raise max".to_string());
    (min, max)
}

/// A log-normal span by median and sigma.
pub fn log_normal(table: &Table) -> LogNormal {
    LogNormal {
        median: table.quantity("median", parse_span),
        sigma: table.number("sigma", 0.0..=4.0),
    }
}

fn round_trips(matrix: &Table, regions: &Names) -> Vec<Vec<u32>> {
    let row = |name: &str| {
        if matrix.peek(name).is_none() {
            let message = format!("has no row for region {name}; write {name} = {{ ... }}");
            matrix.problem("", message);
            return vec![0; regions.len()];
        }
        matrix.table(name, |row| regions.iter().map(|to| round_trip(row, to)).collect())
    };
    let rows: Vec<Vec<u32>> = regions.iter().map(row).collect();
    if matrix.is_sound() {
        check_symmetry(matrix, regions, &rows);
    }
    rows
}

/// Milliseconds as written, in microseconds.
fn round_trip(row: &Table, to: &str) -> u32 {
    let Some(node) = row.peek(to) else {
        row.problem("", format!("has no column for region {to}; write {to} = milliseconds"));
        return 0;
    };
    let milliseconds = as_number(&node.value);
    if !(0.0..=RTT_MAX).contains(&milliseconds) {
        row.problem(to, format!("is no round trip; write milliseconds from 0 to {RTT_MAX}"));
        return 0;
    }
    libm::round(milliseconds * 1_000.0) as u32
}

fn check_symmetry(matrix: &Table, regions: &Names, rows: &[Vec<u32>]) {
    for (i, from) in regions.iter().enumerate() {
        for (j, to) in regions.iter().enumerate().take(i) {
            let (there, back) = (f64::from(rows[i][j]) / 1e3, f64::from(rows[j][i]) / 1e3);
            if rows[i][j] != rows[j][i] {
                let message = format!(
                    "is {there} ms to {to}, but {to} is {back} ms to {from}; write the same both ways"
                );
                matrix.problem(from, message);
            }
        }
    }
}
