//! A round for programs: what `match --json` prints and what the recorded vectors expect.
//!
//! Whole numbers of more than 32 bits are decimal text, because many readers of JSON hold numbers
//! as floats. `tests/vectors/README.md` describes every field.

use market::{Assessment, Chance, Level, Lever, Round, ScoreCard, WhyNot};
use scenario::Snapshot;
use serde_json::{Value, json};
use units::EntityKey;

/// The round with how each candidate fared.
pub fn round(snapshot: &Snapshot, round: &Round, all: &[Assessment]) -> Value {
    let pick = |pick: &market::Pick| {
        json!({
            "name": snapshot.names[pick.provider.index()],
            "key": key(pick.key),
            "price_nano_usd_per_gpu_hour": pick.price.nanos().to_string(),
            "score_ppm": pick.score.0,
            "draw_key": pick.draw_key.0.to_string(),
        })
    };
    let dropped =
        [("latency_bound", round.dropped.latency_bound), ("owner_cap", round.dropped.owner_cap)];
    let dropped: Vec<&str> = dropped.iter().filter(|(_, is)| *is).map(|(name, _)| *name).collect();
    json!({
        "order_key": key(snapshot.order.key),
        "core": snapshot.core.name(),
        "dropped": dropped,
        "picks": round.picks.iter().map(pick).collect::<Vec<_>>(),
        "candidates": all.iter().map(|found| candidate(snapshot, found)).collect::<Vec<_>>(),
    })
}

fn candidate(snapshot: &Snapshot, found: &Assessment) -> Value {
    let place = found.provider.index();
    let own = &snapshot.candidates[place];
    json!({
        "name": snapshot.names[place],
        "key": key(own.key),
        "number": own.number,
        "rejects": found.rejects.iter().map(|reject| reject.name()).collect::<Vec<_>>(),
        "late": found.is_late,
        "rtt_ns": found.rtt.map(|rtt| rtt.nanos().to_string()),
        "scores_ppm": found.card.map(|card| scores(&card)),
        "score_ppm": found.score.0,
        "noise": found.noise.to_string(),
        "draw_key": found.draw_key.map(|key| key.0.to_string()),
    })
}

fn scores(card: &ScoreCard) -> Value {
    json!({
        "region": card.region.0,
        "price": card.price.0,
        "uptime": card.uptime.0,
        "reputation": card.reputation.0,
        "availability": card.availability.0,
        "slash": card.slash.0,
        "stake": card.stake.0,
    })
}

/// Why a candidate did not win.
pub fn why_not(name: &str, answer: &WhyNot) -> Value {
    match answer {
        WhyNot::Won => json!({ "name": name, "fate": "won" }),
        WhyNot::Late => json!({ "name": name, "fate": "late" }),
        WhyNot::Chances(chances) => {
            let changes: Vec<Value> = chances.iter().map(change).collect();
            json!({ "name": name, "fate": "lost", "changes": changes })
        }
    }
}

fn change((lever, chance): &(Lever, Chance)) -> Value {
    let name = match lever {
        Lever::Price => "price_nano_usd_per_gpu_hour",
        Lever::Stake => "stake_atto_spon",
        Lever::Uptime => "uptime_ppm",
        Lever::Latency => "rtt_ns",
    };
    match chance {
        Chance::Wins { at, is_least } => {
            json!({ "of": name, "wins_at": level(*at), "is_least": is_least })
        }
        Chance::Rejected(reject) => json!({ "of": name, "rejected_by": reject.name() }),
        Chance::Outranked => json!({ "of": name, "outranked": true }),
    }
}

fn level(level: Level) -> String {
    match level {
        Level::Price(bid) => bid.nanos().to_string(),
        Level::Stake(stake) => stake.base().to_string(),
        Level::Uptime(uptime) => uptime.0.to_string(),
        Level::Latency(rtt) => rtt.nanos().to_string(),
    }
}

fn key(key: EntityKey) -> String {
    format!("{:016x}", key.0)
}
