//! The schedule of emission, and burned tokens that come back.

use super::rewards::hour_price;
use super::share;
use crate::reader::Table;
use crate::validated::{Beneficiary, Emission, SupplyBook};
use mechanism::emission::{
    Baseline, BaselineTerms, Bonding, BondingPull, Damped, Exponential, Halving, LinearPool,
    NetEmission, Schedule, Table as Amounts, UsdTarget, WHOLE,
};
use protocol::EmissionRules;
use units::text::{parse_ppm, parse_span, parse_spon};
use units::{BasisPoints, Ppm, Span, Spon};

/// Most tokens of one amount, and the eras of a period: twenty years of minutes.
const AMOUNT_MAX: f64 = 1e11;
const ERAS_MAX: u64 = 20 * 366 * 24 * 60;

/// The schedule in force with its numbers. Those of all schedules are read and checked.
pub fn emission(root: &Table, era: Span, supply: &SupplyBook) -> Emission {
    root.table("emission", |table| {
        let (owed_per_gpu_hour, usd_pool) =
            table.table("usd_target", |t| (hour_price(t, "per_gpu_hour"), amount(t, "pool")));
        let schedules = [
            ("linear_pool", table.table("linear_pool", |t| linear_pool(t, era))),
            ("halving", table.table("halving", |t| halving(t, era))),
            ("exponential", table.table("exponential", |t| exponential(t, era))),
            ("baseline", table.table("baseline", |t| baseline(t, era))),
            ("bonding", table.table("bonding", bonding)),
            ("bonding_pull", table.table("bonding_pull", |t| bonding_pull(t, era))),
            ("damped", table.table("damped", |t| damped(t, era))),
            ("table", table.table("table", |t| amounts(t, era))),
            ("usd_target", Schedule::UsdTarget(UsdTarget { buy_back: BasisPoints(0) })),
            ("none", Schedule::None),
        ];
        let places: Vec<(&str, usize)> = schedules.iter().map(|(name, _)| *name).zip(0..).collect();
        let schedule = schedules[table.word("schedule", &places)].1.clone();
        warn_of_empty_pool(table, &schedule, supply);
        let first_era = supply.age;
        let pool = match schedule {
            Schedule::LinearPool(pool) => pool.pool - pool.cumulative(first_era),
            Schedule::UsdTarget(_) => usd_pool,
            _ => 0,
        };
        let net = table.optional("net", net);
        let rules = EmissionRules { schedule, first_era, net, owed_per_gpu_hour };
        Emission { rules, pool: Spon::from_base(pool as i128) }
    })
}

/// A pool that is emitted evenly and was not granted whole runs dry before its time.
fn warn_of_empty_pool(table: &Table, schedule: &Schedule, supply: &SupplyBook) {
    let Schedule::LinearPool(LinearPool { pool, .. }) = schedule else { return };
    let granted = supply.granted(Beneficiary::Rewards);
    let spon = |base: u128| Spon::from_base(base as i128).as_f64();
    let is_too_much = supply.is_declared() && *pool > granted;
    let (pool, granted) = (spon(*pool), spon(granted));
    if is_too_much && pool <= AMOUNT_MAX {
        let what = format!("emits {pool:.0} SPON, and {granted:.0} are granted for rewards");
        table.warning("linear_pool", format!("{what}; lower pool or raise the grant"));
    }
}

/// Tokens, in base units.
fn amount(table: &Table, key: &str) -> u128 {
    let amount = table.quantity(key, parse_spon);
    table.require(amount.as_f64() <= AMOUNT_MAX, key, || {
        format!("is above {AMOUNT_MAX:e} SPON; lower it")
    });
    amount.base().unsigned_abs()
}

/// A time in whole eras, at least `least` of them.
fn eras(table: &Table, key: &str, era: Span, least: u64) -> u64 {
    let span = table.quantity(key, parse_span);
    let eras = span.nanos() / era.nanos().max(1);
    table.require((least..=ERAS_MAX).contains(&eras), key, || {
        format!("is {eras} eras; write a time of {least} to {ERAS_MAX} eras")
    });
    eras.clamp(least, ERAS_MAX)
}

fn linear_pool(table: &Table, era: Span) -> Schedule {
    Schedule::LinearPool(LinearPool {
        pool: amount(table, "pool"),
        eras: eras(table, "length", era, 1),
    })
}

fn halving(table: &Table, era: Span) -> Schedule {
    let period_eras = eras(table, "period", era, 1);
    Schedule::Halving(Halving { first: amount(table, "first"), period_eras })
}

fn exponential(table: &Table, era: Span) -> Schedule {
    let half_life_eras = eras(table, "half_life", era, 2);
    Schedule::Exponential(Exponential { total: amount(table, "total"), half_life_eras })
}

fn damped(table: &Table, era: Span) -> Schedule {
    let keep = table.quantity("keep", parse_ppm);
    table.require(keep < Ppm::ONE, "keep", || {
        "keeps all of it; write less than \"100 %\"".to_string()
    });
    let period_eras = eras(table, "period", era, 1);
    Schedule::Damped(Damped { first: amount(table, "first"), keep, period_eras })
}

fn amounts(table: &Table, era: Span) -> Schedule {
    let read = |text: &str| match parse_spon(text) {
        Ok(amount) if amount.as_f64() <= AMOUNT_MAX => Ok(amount.base().unsigned_abs()),
        Ok(_) => Err(format!("is above {AMOUNT_MAX:e} SPON; lower it")),
        Err(error) => Err(error.to_string()),
    };
    let amounts = table.each_text("amounts", read);
    table.require(amounts.len() <= 1_000, "amounts", || {
        "has more than 1000 amounts; shorten it".to_string()
    });
    Schedule::Table(Amounts { amounts, period_eras: eras(table, "period", era, 1) })
}

fn baseline(table: &Table, era: Span) -> Schedule {
    // A capacity of the chain is in millionths of a GPU.
    let gpus = table.whole("gpus_at_start", 1..=1_000_000_000);
    let terms = BaselineTerms {
        simple_total: amount(table, "simple_total"),
        baseline_total: amount(table, "baseline_total"),
        half_life_eras: eras(table, "half_life", era, 2),
        capacity_at_start: u128::from(gpus.max(1)) * 1_000_000,
        doubling_eras: eras(table, "doubling", era, 2),
    };
    Schedule::Baseline(Baseline::new(&terms))
}

fn bonding(table: &Table) -> Schedule {
    Schedule::Bonding(Bonding {
        rate_ppb: table.whole("rate_ppb", 0..=10_000_000).into(),
        change_ppb: table.whole("change_ppb", 0..=1_000_000).into(),
        target_ppb: u64::from(share(table, "target").0) * 100_000,
    })
}

fn bonding_pull(table: &Table, era: Span) -> Schedule {
    let rate = |key: &str| u128::from(share(table, key).0) * (WHOLE / 10_000);
    let pull = BondingPull {
        rate: rate("rate"),
        change: rate("change"),
        lowest: rate("lowest"),
        highest: rate("highest"),
        target: rate("target"),
        eras_per_year: (Span::DAY.times(365).nanos() / era.nanos().max(1)).max(1),
    };
    table.require(pull.lowest <= pull.highest, "lowest", || {
        "is above highest; lower it".to_string()
    });
    table.require(pull.target > 0, "target", || "is nothing; write a share".to_string());
    Schedule::BondingPull(pull)
}

fn net(table: &Table) -> NetEmission {
    let limit = amount(table, "limit");
    NetEmission { pool: 0, limit, parts: table.whole("parts", 1..=1_000_000).into() }
}
