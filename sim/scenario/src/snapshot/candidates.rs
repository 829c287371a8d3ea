//! The candidates of a snapshot.

use super::{Catalogues, bytes, read_name, whole_u64};
use crate::node::Value;
use crate::reader::{Names, Table};
use market::{Activity, Arrival, Candidate, Host, Mode, Scoring, Standing};
use std::collections::BTreeMap;
use units::text::{parse_gpu_hour_price, parse_ppm, parse_span, parse_spon};
use units::{
    CardId, CardShare, EntityKey, GpuCount, Ppm, ProviderId, RegionId, SimTime, Span, Spon,
    TrustTier,
};

/// The candidates as they were read, without merit.
#[derive(Default)]
pub struct Found {
    /// By place in the list.
    pub candidates: Vec<Candidate>,
    /// By place in the list.
    pub names: Vec<String>,
    /// By place in the list.
    pub is_late: Vec<bool>,
    /// By place in the list; the height is none where none was written.
    heights: Vec<Option<u64>>,
    /// By place in the list.
    indexes: Vec<u32>,
}

impl Found {
    /// When each bid came; by default with the closing block, in the order of the list.
    pub fn arrivals(&self, root: &Table, close_height: u64) -> Vec<Arrival> {
        let all = self.heights.iter().zip(&self.indexes).zip(&self.names);
        all.map(|((height, index), name)| {
            let height = height.unwrap_or(close_height);
            if height > close_height {
                let what = format!("holds a bid of {name} at height {height}, after close_height");
                root.problem("candidates", format!("{what}; write late = true for it"));
            }
            Arrival { height, index: *index }
        })
        .collect()
    }
}

/// More GPUs than anybody has.
const GPUS_MOST: u32 = 1_000_000;

/// Reads the list.
pub fn read(root: &Table, catalogues: &Catalogues) -> Found {
    let (mut found, mut taken) = (Found::default(), Taken::default());
    root.numbered_tables("candidates", |table| {
        let name = read_name(table);
        let place = u32::try_from(found.names.len()).expect("a file has fewer tables");
        let candidate = read_one(table, catalogues, &name, ProviderId(place));
        taken.refuse_twins(table, &found, &name, &candidate);
        found.is_late.push(table.or("late", false, |table, key| table.flag(key)));
        found.heights.push(table.or("bid_height", None, |t, key| Some(whole_u64(t, key))));
        found.indexes.push(table.or("bid_index", place, |t, key| t.whole(key, 0..=u32::MAX)));
        found.candidates.push(candidate);
        found.names.push(name);
    });
    found
}

/// The place of a candidate, or what to do about a name that nobody has.
pub fn place_of(names: &Names, name: &str) -> Result<usize, String> {
    names.index(name).ok_or_else(|| match names.nearest(name) {
        Some(close) => format!("is no candidate; did you mean {close}?"),
        None => "is no candidate; name one of them".to_string(),
    })
}

/// The candidates with what a round reads of their standing.
pub fn with_merit(candidates: Vec<Candidate>, scoring: &Scoring) -> Vec<Candidate> {
    let merited = |c: Candidate| Candidate { merit: scoring.merit(&c.standing), ..c };
    candidates.into_iter().map(merited).collect()
}

/// What the candidates so far have taken, each with the place of who has it.
#[derive(Default)]
struct Taken {
    names: BTreeMap<String, usize>,
    keys: BTreeMap<EntityKey, usize>,
    numbers: BTreeMap<u32, usize>,
}

impl Taken {
    /// Reports what a candidate shares with one before it and may not. What could not be read
    /// counts for nobody.
    fn refuse_twins(&mut self, table: &Table, found: &Found, name: &str, candidate: &Candidate) {
        let place = found.names.len();
        if !name.is_empty() {
            if self.names.insert(name.to_string(), place).is_some() {
                table.problem("name", "is another candidate's name too; give each its own");
            } else if let Some(other) = self.keys.insert(candidate.key, place) {
                let other = &found.names[other];
                table.problem("key", format!("is the key of {other} too; give each its own"));
            }
        }
        let written = table.peek("number").map(|node| &node.value);
        if matches!(written, Some(Value::Whole(number)) if *number == candidate.number.into())
            && let Some(other) = self.numbers.insert(candidate.number, place)
        {
            let other = &found.names[other];
            table.problem("number", format!("is the number of {other} too; give each its own"));
        }
    }
}

fn read_one(t: &Table, catalogues: &Catalogues, name: &str, provider: ProviderId) -> Candidate {
    let key = bytes::read_key(t, "key", name);
    let number = t.whole("number", 0..=u32::MAX);
    let bid = t.quantity("bid", parse_gpu_hour_price);
    let mode = t.or("mode", Mode::Fizz, |t, key| t.word(key, Mode::NAMED));
    let count = |key: &str, default: u32| t.or(key, default, |t, key| t.whole(key, 0..=GPUS_MOST));
    let free = count("gpus_free", 1);
    let total = count("gpus_total", free);
    let free_on_node = count("gpus_free_on_node", free);
    let on_node = count("gpus_on_node", total);
    let all_free = CardShare(if free > 0 { CardShare::WHOLE.0 } else { 0 });
    t.require(free <= total, "gpus_free", || format!("exceeds gpus_total, {total}; lower it"));
    t.require(free_on_node <= on_node, "gpus_free_on_node", || {
        format!("exceeds gpus_on_node, {on_node}; lower it")
    });
    Candidate {
        last_mile: t.or("last_mile", Span::ZERO, |t, key| t.quantity(key, parse_span)),
        gpus_free: GpuCount(free),
        gpus_total: GpuCount(total),
        gpus_free_on_node: GpuCount(free_on_node),
        gpus_on_node: GpuCount(on_node),
        share_free_on_card: t.or("share_free_on_card", all_free, read_share),
        region: t.or("region", RegionId(0), |t, key| catalogues.region(t, key)),
        card: t.or("card", CardId(0), |t, key| catalogues.card(t, key)),
        is_active: t.or("active", true, |t, key| t.flag(key)),
        trust_tier: t.or("trust_tier", None, |t, key| read_trust_tier(t, key)),
        joined_at: t.or("joined_at", SimTime::ZERO, |t, key| moment(t, key)),
        provider,
        owner_leases: t.or("owner_leases", 0, |t, key| t.whole(key, 0..=u32::MAX)),
        host: read_host(t, Host::AMPLE),
        activity: read_activity(t),
        standing: read_standing(t),
        ..Candidate::plain(key, number, mode, bid)
    }
}

/// A share of a card in thousandths.
pub fn read_share(table: &Table, key: &str) -> CardShare {
    let share = table.quantity(key, parse_ppm);
    table.require(share.0.is_multiple_of(1_000), key, || {
        "is finer than a thousandth; round it to a tenth of a per cent".to_string()
    });
    CardShare(u16::try_from(share.0 / 1_000).expect("a share is at most a million"))
}

fn read_trust_tier(table: &Table, key: &str) -> Option<TrustTier> {
    u8::try_from(table.whole(key, 1..=7)).ok().and_then(TrustTier::new)
}

fn moment(table: &Table, key: &str) -> SimTime {
    SimTime::from_nanos(table.quantity(key, parse_span).nanos())
}

/// What a node has, or an order needs, beside GPUs.
pub fn read_host(table: &Table, default: Host) -> Host {
    table.or("host", default, |table, key| {
        table.table(key, |t| {
            let part =
                |key: &str, default: u32| t.or(key, default, |t, key| t.whole(key, 0..=u32::MAX));
            Host {
                cpus: part("cpus", default.cpus),
                memory_mib: part("memory_mib", default.memory_mib),
                shared_memory_mib: part("shared_memory_mib", default.shared_memory_mib),
                disk_gib: part("disk_gib", default.disk_gib),
                bandwidth_mbps: part("bandwidth_mbps", default.bandwidth_mbps),
            }
        })
    })
}

fn read_activity(t: &Table) -> Activity {
    Activity {
        idle_since: t.or("idle_since", SimTime::ZERO, |t, key| moment(t, key)),
        served_in_era: t.or("served_in_era", Span::ZERO, |t, key| t.quantity(key, parse_span)),
        leases: t.or("leases", 0, |t, key| t.whole(key, 0..=u32::MAX)),
        misses: t.or("misses", 0, |t, key| t.whole(key, 0..=u32::MAX)),
    }
}

fn read_standing(t: &Table) -> Standing {
    let stake = |key: &str| t.or(key, Spon::ZERO, |t, key| t.quantity(key, parse_spon));
    let milli = |key: &str| u64::from(t.or(key, 0, |t, key| t.whole(key, 0..=u32::MAX)));
    Standing {
        uptime: t.or("uptime", Ppm::ONE, |t, key| t.quantity(key, parse_ppm)),
        good_milli: milli("good_milli"),
        bad_milli: milli("bad_milli"),
        slash_halves: t.or("slash_halves", 0, |t, key| t.whole(key, 0..=u32::MAX)),
        stake: stake("stake"),
        stake_min: stake("stake_min"),
    }
}
