//! A round for people: the decision, the picks, the score cards, who was rejected and why.

use market::{Assessment, Chance, Level, Lever, Reject, Round, WhyNot};
use metrics::Table;
use scenario::Snapshot;
use std::fmt::Write as _;
use units::{GpuHourPrice, Ppm, ProviderId, Span, Spon};

/// The whole round. With `is_verbose` every filter that a rejected candidate fails is named.
pub fn round(snapshot: &Snapshot, round: &Round, all: &[Assessment], is_verbose: bool) -> String {
    let admitted = all.iter().filter(|found| found.draw_key.is_some()).count();
    let (core, count) = (snapshot.core.name(), all.len());
    let mut text = format!("{core}: {admitted} of {count} candidates admitted\n");
    let told = match round.picks.first() {
        Some(pick) => {
            format!("won by {} at {}", name(snapshot, pick.provider), price(pick.price))
        }
        None => "nobody won: the order stays unmatched".to_string(),
    };
    let _ = writeln!(text, "{told}");
    for (is_dropped, filter) in [
        (round.dropped.latency_bound, "the latency bound"),
        (round.dropped.owner_cap, "the cap of leases for one owner"),
    ] {
        if is_dropped {
            let _ = writeln!(text, "{filter} was dropped, because nobody in time met it");
        }
    }
    for table in [picks(snapshot, round), cards(snapshot, all)] {
        let _ = write!(text, "\n{}", table.text());
    }
    for table in [rejected(snapshot, all, is_verbose), late(snapshot, all)].iter() {
        if !table.rows.is_empty() {
            let _ = write!(text, "\n{}", table.text());
        }
    }
    text.trim_end().to_string()
}

fn picks(snapshot: &Snapshot, round: &Round) -> Table {
    let head = ["name", "bid, USD/GPU-h", "A", "key"];
    let mut table = Table::new("Picks: the first wins, each next follows after a miss", &head);
    for pick in &round.picks {
        let price = decimal(i128::from(pick.price.nanos()), 9);
        let key = draw(i128::from(pick.draw_key.0));
        table.row(vec![name(snapshot, pick.provider), price, share(pick.score), key]);
    }
    table
}

fn cards(snapshot: &Snapshot, all: &[Assessment]) -> Table {
    let head = [
        "name", "region", "price", "uptime", "reput.", "avail.", "slash", "stake", "A", "noise",
        "key",
    ];
    let title = "Score cards, 0 to 1; A is their weighted mean; no key for the late and rejected";
    let mut table = Table::new(title, &head);
    for found in all {
        let Some(card) = found.card else { continue };
        let scores = card.all().into_iter().chain([found.score]);
        let mut row = vec![name(snapshot, found.provider)];
        row.extend(scores.map(share));
        row.push(draw(i128::from(found.noise)));
        row.push(found.draw_key.map_or("-".to_string(), |key| draw(i128::from(key.0))));
        table.row(row);
    }
    table
}

fn rejected(snapshot: &Snapshot, all: &[Assessment], is_verbose: bool) -> Table {
    let mut table = Table::new("Rejected", &["name", "because"]);
    table.words = 2;
    for found in all {
        let count = if is_verbose { found.rejects.len() } else { 1 };
        for reject in found.rejects.iter().take(count) {
            let why = format!("{}: {}", reject.name(), reason(*reject));
            table.row(vec![name(snapshot, found.provider), why]);
        }
    }
    table
}

fn late(snapshot: &Snapshot, all: &[Assessment]) -> Table {
    let mut table = Table::new("Late: eligible, but the bid came after the window", &["name"]);
    for found in all.iter().filter(|found| found.is_late && found.rejects.is_empty()) {
        table.row(vec![name(snapshot, found.provider)]);
    }
    table
}

/// What a filter says, in words.
fn reason(reject: Reject) -> &'static str {
    match reject {
        Reject::Inactive => "it is down, in maintenance, suspended or denied",
        Reject::Mode => "it gives the other service",
        Reject::TrustTier => "its trust tier is not among the asked ones",
        Reject::UptimeMinimum => "its uptime is below what the order asks",
        Reject::Excluded => "the order refuses it by name, or asks for others by name",
        Reject::Region => "its region is not among the asked ones",
        Reject::Law => "the law keeps the order's data out of its region",
        Reject::Card => "its card will not do",
        Reject::NodeSize => "no node of it has that many GPUs, free or not",
        Reject::Capacity => "no node of it has that many GPUs free",
        Reject::Host => "its node has too little beside GPUs",
        Reject::Price => "its bid is above the ceiling",
        Reject::Stake => "its stake is below its minimum",
        Reject::Latency => "it is too far from the tenant",
        Reject::OwnerCap => "its owner has as many open leases as one owner may",
    }
}

/// Why a candidate did not win, and which single change would have won it.
pub fn why_not(snapshot: &Snapshot, provider: ProviderId, answer: &WhyNot) -> String {
    let name = name(snapshot, provider);
    let chances = match answer {
        WhyNot::Won => return format!("{name} won"),
        WhyNot::Late => return format!("{name} bid late: no price and no merit counts then"),
        WhyNot::Chances(chances) => chances,
    };
    let title =
        format!("Why not {name}: what one change alone would have done, the noise the same");
    let mut table = Table::new(&title, &["change", "now", "answer"]);
    table.words = 3;
    for (lever, chance) in chances {
        let now = now(snapshot, provider, *lever);
        table.row(vec![change(*lever).to_string(), level(now), told(*chance, *lever)]);
    }
    table.text().trim_end().to_string()
}

fn change(lever: Lever) -> &'static str {
    match lever {
        Lever::Price => "lower bid",
        Lever::Stake => "more stake",
        Lever::Uptime => "more uptime",
        Lever::Latency => "shorter round trip",
    }
}

fn told(chance: Chance, lever: Lever) -> String {
    match chance {
        Chance::Wins { at, is_least } => {
            let bound = match lever {
                Lever::Price | Lever::Latency => "or less",
                Lever::Stake | Lever::Uptime => "or more",
            };
            let doubt = if is_least { "" } else { "; a smaller change may win too" };
            format!("wins at {} {bound}{doubt}", level(at))
        }
        Chance::Rejected(reject) => format!("cannot: {}", reason(reject)),
        Chance::Outranked => "cannot: others stay ahead at the best value".to_string(),
    }
}

fn now(snapshot: &Snapshot, provider: ProviderId, lever: Lever) -> Level {
    let own = &snapshot.candidates[provider.index()];
    let between_regions = snapshot.rtt_from_tenant[own.region.index()].nanos();
    match lever {
        Lever::Price => Level::Price(own.bid),
        Lever::Stake => Level::Stake(own.standing.stake),
        Lever::Uptime => Level::Uptime(own.standing.uptime),
        Lever::Latency => {
            Level::Latency(Span::from_nanos(between_regions.saturating_add(own.last_mile.nanos())))
        }
    }
}

fn level(level: Level) -> String {
    match level {
        Level::Price(bid) => price(bid),
        Level::Stake(stake) => format!("{} SPON", decimal(stake.base(), SPON_PLACES)),
        Level::Uptime(uptime) => format!("{} %", decimal(i128::from(uptime.0), 4)),
        Level::Latency(rtt) => format!("{} ms", decimal(i128::from(rtt.nanos()), 6)),
    }
}

/// Decimal places of a token.
const SPON_PLACES: usize = 18;
const _: () = assert!(Spon::ONE.base() == 10_i128.pow(SPON_PLACES as u32), "that many places");

fn price(price: GpuHourPrice) -> String {
    format!("{} USD/GPU-h", decimal(i128::from(price.nanos()), 9))
}

fn name(snapshot: &Snapshot, provider: ProviderId) -> String {
    snapshot.names[provider.index()].clone()
}

fn share(score: Ppm) -> String {
    format!("{:.4}", score.as_f64())
}

/// A value of Q32.32 to four places.
fn draw(value: i128) -> String {
    format!("{:.4}", value as f64 / 4_294_967_296.0)
}

/// A whole number of units of `10^-places`, exactly, without zeros at the end.
fn decimal(value: i128, places: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_of_small_units_are_written_exactly() {
        assert_eq!(decimal(250_000_000, 9), "0.25");
        assert_eq!(decimal(1, 9), "0.000000001");
        assert_eq!(decimal(-3_000_000_000, 9), "-3");
        assert_eq!(decimal(0, 4), "0");
        assert_eq!(decimal(i128::MAX, 18), "170141183460469231731.687303715884105727");
    }
}
