//! The order of a snapshot.

use super::candidates::{Found, place_of, read_host, read_share};
use super::{Catalogues, bytes};
use crate::node::Value;
use crate::reader::{Names, Table};
use crate::round_rules::owner_leases_max;
use market::{Host, Mode, Order};
use units::text::{parse_gpu_hour_price, parse_ppm, parse_span};
use units::{CardSet, CardShare, GpuCount, KeySet, Ppm, RegionId, RegionSet, TrustSet, TrustTier};

/// Reads the order; the candidates give meaning to the names in its lists.
pub fn read(t: &Table, catalogues: &Catalogues, found: &Found) -> Order {
    let name = t.or("name", "order".to_string(), |t, key| t.text(key));
    let key = bytes::read_key(t, "key", &name);
    let mode = t.or("mode", Mode::Fizz, |t, key| t.word(key, Mode::NAMED));
    let ceiling = t.quantity("ceiling", parse_gpu_hour_price);
    let tenant_region = t.or("tenant_region", RegionId(0), |t, key| catalogues.region(t, key));
    let regions =
        |key: &str, default: RegionSet| t.or(key, default, |t, key| catalogues.region_set(t, key));
    let names = Names::new("candidate", found.names.clone());
    let providers = |key: &str| {
        t.or(key, KeySet::default(), |t, key| {
            let place = |name: &str| place_of(&names, name);
            let places = t.each_text(key, place).into_iter();
            places.map(|place| found.candidates[place].key).collect()
        })
    };
    let gpus = t.or("gpus", 1, |t, key| t.whole(key, 1..=1_000_000));
    let share = t.or("share", CardShare::WHOLE, read_share);
    t.require(gpus == 1 || share == CardShare::WHOLE, "share", || {
        "is of one GPU only; leave it out, or ask for one GPU".to_string()
    });
    Order {
        trust_tiers: t.or("trust_tiers", TrustSet::ANY, read_trust_tiers),
        uptime_min: t.or("uptime_min", Ppm::ZERO, |t, key| t.quantity(key, parse_ppm)),
        regions: regions("regions", RegionSet::ALL),
        lawful: regions("lawful", RegionSet::ALL),
        included: providers("included"),
        excluded: providers("excluded"),
        cards: t.or("cards", CardSet::ALL, |t, key| catalogues.card_set(t, key)),
        gpus: GpuCount(gpus),
        share,
        host: read_host(t, Host::default()),
        latency_bound: t.or("latency_bound", None, |t, key| t.quantity_or_none(key, parse_span)),
        owner_leases_max: t.or("owner_leases_max", None, |t, _| owner_leases_max(t)),
        tenant_region,
        near: regions("near", RegionSet::default().with(tenant_region)),
        ..Order::plain(key, mode, ceiling)
    }
}

fn read_trust_tiers(table: &Table, key: &str) -> TrustSet {
    let tier = |value: &Value| match value {
        Value::Whole(number) => u8::try_from(*number).ok().and_then(TrustTier::new),
        _ => None,
    };
    let tiers: Option<Vec<TrustTier>> = match table.node(key).map(|node| &node.value) {
        Some(Value::List(items)) => items.iter().map(|item| tier(&item.value)).collect(),
        _ => None,
    };
    if tiers.is_none() {
        table.problem(key, "is no list of trust tiers; write numbers from 1 to 7, as in [1, 2]");
    }
    tiers.unwrap_or_default().into_iter().fold(TrustSet::NONE, TrustSet::with)
}
