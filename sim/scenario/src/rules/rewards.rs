//! Eras, challenges, the trust ladder, and how an era's budget is shared.

use super::share;
use crate::reader::Table;
use crate::validated::{Milestone, Milestones, PoolSplit, RewardMode, Rewards, TrustRung};
use units::text::{TextError, parse_basis_points, parse_gpu_hour_price, parse_ppm, parse_span};
use units::{BasisPoints, GpuHourPrice, Ppm, Span, TrustTier};

/// Most that a floor or an owed hour is: a hundred dollars for a GPU-hour of multiplier 1.
const HOUR_PRICE_MAX: GpuHourPrice = GpuHourPrice::from_nanos(100_000_000_000);
/// Most that a match or a band is: a hundred times what tenants paid.
const MULTIPLE_MAX: f64 = 100.0;

/// Eras, challenges, trust and rewards.
pub fn rewards(root: &Table) -> Rewards {
    root.table("rewards", |table| Rewards {
        era: era(table),
        cool_down: cool_down(table),
        challenges: table.whole("challenges", 1..=1_440),
        gpu_weight: table.quantity("gpu_weight", parse_basis_points),
        mode: mode(table),
        split: table.optional("split", split),
        milestones: table.table("milestone", |milestones| Milestones {
            uptime: milestones.table("uptime", milestone),
            quality: milestones.table("quality", milestone),
        }),
        provider_base: table.whole("provider_base", 0..=1_000_000),
        fizz_base: table.whole("fizz_base", 0..=1_000_000),
        fizz_gate: table.quantity("fizz_gate", parse_ppm),
        fizz_weights: table.table("fizz_weights", fizz_weights),
        fizz_shortfalls: table.table("fizz_shortfalls", |t| four(t, parse_ppm)),
        ladder: table.table("ladder", ladder),
    })
}

fn era(table: &Table) -> Span {
    let era = table.quantity("era", parse_span);
    table.require(era >= Span::from_secs(60), "era", || {
        "is shorter than a minute; write at least \"1 min\"".to_string()
    });
    table.require(era <= Span::DAY.times(7), "era", || {
        "is longer than a week; write at most \"7 d\"".to_string()
    });
    era
}

/// How long a machine earns nothing after it came back; no longer than an era, so that the last
/// return before an era and those in it tell all.
fn cool_down(table: &Table) -> Span {
    let cool_down = table.quantity("cool_down", parse_span);
    let era = table.quantity("era", parse_span);
    table.require(cool_down <= era, "cool_down", || "is longer than an era; lower it".to_string());
    cool_down
}

/// The mode in force. The numbers of all modes are read and checked.
fn mode(table: &Table) -> RewardMode {
    let usd_floor = table.table("usd_floor", |t| RewardMode::UsdFloor {
        per_gpu_hour: hour_price(t, "per_gpu_hour"),
    });
    let revenue_match =
        table.table("revenue_match", |t| RewardMode::RevenueMatch { share: multiple(t, "share") });
    let utilization_gap =
        table.table("utilization_gap", |t| RewardMode::UtilizationGap { full_at: full_at(t) });
    let modes = [
        ("points", RewardMode::Points),
        ("usd_floor", usd_floor),
        ("revenue_match", revenue_match),
        ("utilization_gap", utilization_gap),
        ("payer_band", table.table("payer_band", payer_band)),
        ("off", RewardMode::Off),
    ];
    table.word("mode", &modes)
}

/// A price of a GPU-hour that an era of any size can be worth.
pub(super) fn hour_price(table: &Table, key: &str) -> GpuHourPrice {
    let price = table.quantity(key, parse_gpu_hour_price);
    table.require(price <= HOUR_PRICE_MAX, key, || {
        "is more than \"100 USD/GPU-h\"; lower it".to_string()
    });
    price
}

fn multiple(table: &Table, key: &str) -> BasisPoints {
    BasisPoints(table.hundredths(key, 0.0..=MULTIPLE_MAX) * 100)
}

fn full_at(table: &Table) -> Ppm {
    let full_at = table.quantity("full_at", parse_ppm);
    table.require((Ppm(1)..=Ppm::ONE).contains(&full_at), "full_at", || {
        "is no share of GPU-time; write more than \"0 %\" and at most \"100 %\"".to_string()
    });
    full_at
}

fn payer_band(table: &Table) -> RewardMode {
    let (floor, ceiling) = (multiple(table, "floor"), multiple(table, "ceiling"));
    table.require(floor <= ceiling, "floor", || "is above ceiling; lower it".to_string());
    RewardMode::PayerBand { floor, ceiling }
}

fn split(table: &Table) -> PoolSplit {
    let split = PoolSplit { provider: share(table, "provider"), fizz: share(table, "fizz") };
    table.whole_share(f64::from(split.provider.0 + split.fizz.0) / 1e4);
    split
}

fn milestone(table: &Table) -> Milestone {
    let share = share(table, "share");
    table.require(share.0 <= 5_000, "share", || {
        "is more than half of the budget; write at most \"50 %\"".to_string()
    });
    let mark = table.quantity("mark", parse_ppm);
    Milestone { mark, eras: table.whole("eras", 1..=100_000), share }
}

/// The processor's, memory's, disk's and GPU's value of one kind.
fn four<T: Default>(table: &Table, parse: fn(&str) -> Result<T, TextError>) -> [T; 4] {
    ["processor", "memory", "disk", "gpu"].map(|key| table.quantity(key, parse))
}

fn fizz_weights(table: &Table) -> [BasisPoints; 4] {
    let weights = four(table, parse_basis_points);
    table.whole_share(weights.iter().map(|weight| f64::from(weight.0) / 1e4).sum());
    weights
}

fn ladder(table: &Table) -> [TrustRung; 7] {
    let rungs = [1u8, 2, 3, 4, 5, 6, 7].map(|number| {
        let tier = TrustTier::new(number).expect("1 to 7 are tiers");
        table.table(&number.to_string(), |rung| trust_rung(rung, tier))
    });
    for pair in rungs.windows(2) {
        let [better, worse] = [pair[0], pair[1]];
        let is_falling = better.uptime >= worse.uptime && better.slash_mark >= worse.slash_mark;
        table.require(is_falling, &worse.tier.number().to_string(), || {
            "asks more uptime than the tier above it; lower its uptime and lost_below".to_string()
        });
    }
    rungs
}

fn trust_rung(table: &Table, tier: TrustTier) -> TrustRung {
    let rung = TrustRung {
        tier,
        uptime: table.quantity("uptime", parse_ppm),
        slash_mark: table.quantity("lost_below", parse_ppm),
        boost_hundredths: table.hundredths("boost", 0.0..=1_000.0),
        eras_up: table.whole("eras_up", 0..=100_000),
        eras_down: table.whole("eras_down", 0..=100_000),
    };
    table.require(rung.slash_mark <= rung.uptime, "lost_below", || {
        "is above uptime; lower it".to_string()
    });
    rung
}
