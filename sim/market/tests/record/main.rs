//! Do records of any round hold, and does any alteration show, by name?

mod altered;
mod market_of_one;

use market::{
    Arrival, Beacon, Bytes, Core, Facts, Hash, MatchRecord, Operator, Reject, RoundInput,
    SoftFilters, bids_root, match_round,
};
use market_of_one::{Market, field, sign_all, signers};
use serde_json::Value;
use sha2::{Digest, Sha256};
use units::{EntityKey, GpuHourPrice, Span, Spon};

#[test]
fn records_of_every_core_and_beacon_hold_and_survive_json() {
    let mut digests = Vec::new();
    for (name, core) in Core::all() {
        for beacon in Market::new(6).beacons() {
            let market = Market { core, beacon, ..Market::new(6) };
            let record = market.signed_record();
            assert_eq!(record.verify(), Ok(()), "{name}, {}", record.beacon.name());
            assert_eq!(record.verify_under(&market.committee), Ok(()));
            let text = serde_json::to_string(&record).unwrap();
            let back: MatchRecord = serde_json::from_str(&text).unwrap();
            assert_eq!(back, record);
            assert_eq!(serde_json::to_string(&back).unwrap(), text, "one way to write it");
            digests.push(record.digest);
        }
    }
    let all = digests.len();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), all, "core and beacon are part of the digest");
}

/// The digest as `record.rs` describes it, from the JSON alone.
fn digest_of_json(json: &Value) -> String {
    fn walk(place: &str, value: &Value, lines: &mut String) {
        match value {
            Value::Array(items) => {
                *lines += &format!("{place}={} items\n", items.len());
                for (at, item) in items.iter().enumerate() {
                    walk(&format!("{place}[{at}]"), item, lines);
                }
            }
            Value::Object(fields) => {
                fields.iter().for_each(|(name, v)| walk(&format!("{place}.{name}"), v, lines));
            }
            Value::String(text) => *lines += &format!("{place}={text}\n"),
            other => *lines += &format!("{place}={other}\n"),
        }
    }
    let mut lines = String::new();
    for (name, value) in json.as_object().expect("a record is an object") {
        if name != "digest" && name != "signatures" {
            walk(name, value, &mut lines);
        }
    }
    Sha256::digest(lines).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_digest_is_what_the_page_says() {
    let record = Market::new(4).signed_record();
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(record.digest.to_string(), digest_of_json(&json));
}

#[test]
fn of_several_wrong_fields_the_first_is_named_even_when_all_signed() {
    let mut record = Market::new(4).signed_record();
    record.picks.swap(0, 1);
    assert_eq!(field(&record), "picks[0].provider");
    record.bids[2].score.0 ^= 1;
    record.bids[3].draw_key.0 ^= 1;
    let json = serde_json::to_value(&record).expect("every value has a form");
    record.digest = Bytes::from_hex(&digest_of_json(&json)).expect("a digest");
    sign_all(&mut record);
    assert_eq!(field(&record), "bids[2].score_ppm", "a quorum can sign what is false");
    record.bids_root.0[0] ^= 1;
    assert_eq!(field(&record), "bids_root");
}

#[test]
fn the_format_has_not_changed() {
    // A change of format, of a core or of the draw changes this: then `VERSION` or the change log
    // has something to say.
    assert_eq!(Market::new(4).signed_record().digest.to_string(), GOLDEN);
}

const GOLDEN: &str = "9fb139627c3eef0e522ab221d060c81378189076600b167cac05979881a4954b";

#[test]
fn redraws_follow_the_winner_in_the_order_of_their_keys() {
    let market = Market { draws_max: 4, ..Market::new(6) };
    let record = market.signed_record();
    assert_eq!(record.picks.len(), 4);
    let key = |provider: EntityKey| {
        record.bids.iter().find(|bid| bid.candidate.key == provider).unwrap().draw_key
    };
    assert!(record.picks.is_sorted_by(|a, b| key(a.provider) > key(b.provider)));
}

#[test]
fn a_dropped_filter_is_on_record_and_only_then_excuses_a_bid() {
    let mut market = Market::new(4);
    market.order.latency_bound = Some(Span::from_millis(1));
    market.soft = SoftFilters { latency_bound: true, owner_cap: false };
    let record = market.signed_record();
    assert!(record.dropped.latency_bound && record.picks.len() == 2);
    assert_eq!(record.verify(), Ok(()));
    let mut strict = record.clone();
    strict.dropped.latency_bound = false;
    assert_eq!(field(&strict), "bids[0]", "it is too far");

    // Nor may a filter be dropped that somebody met.
    let mut lenient = Market::new(4).signed_record();
    lenient.dropped.latency_bound = true;
    assert_eq!(field(&lenient), "dropped.latency_bound");
}

#[test]
fn an_unmatched_order_has_a_record_of_counts() {
    let mut market = Market::new(5);
    market.order.ceiling = GpuHourPrice::from_nanos(1);
    market.candidates[0].is_active = false;
    let record = market.signed_record();
    assert!(record.picks.is_empty() && record.bids.is_empty());
    assert_eq!(record.rejected.by_filter[Reject::Price as usize], 4);
    assert_eq!(record.rejected.by_filter[Reject::Inactive as usize], 1);
    assert_eq!(record.rejected.iter().map(|(_, count)| count).sum::<u32>(), 5);
    assert_eq!(record.bids_root, bids_root([]));
    assert_eq!(record.verify(), Ok(()));
}

#[test]
fn a_late_bid_is_counted_and_not_admitted() {
    let market = Market { late: 2, ..Market::new(5) };
    let record = market.signed_record();
    assert_eq!((record.bids.len(), record.rejected.window_missed), (3, 2));
    assert_eq!(record.verify(), Ok(()));
}

#[test]
fn the_root_is_that_of_the_bids_in_any_order() {
    let record = Market::new(6).signed_record();
    let mut leaves: Vec<_> = record.leaves().collect();
    leaves.reverse();
    assert_eq!(bids_root(leaves), record.bids_root);
}

#[test]
fn a_round_of_another_ticket_or_a_false_search_gets_no_record() {
    let market = Market::new(5);
    let scoring = market.scoring();
    let input = market.input(&scoring);
    let round = match_round(&input, market.candidates.iter(), |_| true);
    let make = |facts: &Facts, input: &RoundInput<'_>, round| {
        let bids = market.candidates.iter().map(|c| (c, Some(Arrival::default())));
        MatchRecord::make(facts, input, round, bids).map_err(|wrong| wrong.field)
    };
    let facts = market.facts();
    assert!(make(&facts, &input, &round).is_ok());

    let mut swapped = round.clone();
    swapped.picks.swap(0, 1);
    assert_eq!(make(&facts, &input, &swapped), Err("picks".into()));
    let mut praised = round.clone();
    praised.picks[0].score.0 += 1;
    assert_eq!(make(&facts, &input, &praised), Err("picks".into()));
    let mut later = facts.clone();
    later.closing.height += 1;
    later.beacon = Beacon::BlockHash;
    assert_eq!(make(&later, &input, &round), Err("round_key".into()));
    let mut another = facts;
    another.closing.order = EntityKey(1);
    another.beacon = Beacon::BlockHash;
    assert_eq!(make(&another, &input, &round), Err("order.key".into()));
}

#[test]
fn signatures_are_of_members_in_order_once_each_and_make_a_quorum() {
    let market = Market::new(3);
    let record = market.signed_record();
    let with = |alter: &dyn Fn(&mut MatchRecord)| {
        let mut altered = record.clone();
        alter(&mut altered);
        altered
    };
    // Stakes are 40, 30, 20 and 10 of 100; the quorum is 66.67.
    assert_eq!(with(&|r| r.signatures.truncate(3)).verify(), Ok(()), "90 of 100");
    assert_eq!(with(&|r| r.signatures.truncate(2)).verify(), Ok(()), "70 of 100");
    assert_eq!(
        field(&with(&|r| r.signatures.retain(|signed| signed.operator.0 != 1))),
        "signatures",
        "60 of 100"
    );
    assert_eq!(field(&with(&|r| r.signatures.clear())), "signatures");
    let twice = with(&|r| r.signatures[1] = r.signatures[0]);
    assert_eq!(field(&twice), "signatures[1].operator");
    assert_eq!(field(&with(&|r| r.signatures.swap(0, 1))), "signatures[1].operator");
    let lent = with(&|r| r.signatures[3].signature = r.signatures[2].signature);
    assert_eq!(field(&lent), "signatures[3].signature");
    let stranger = with(&|r| r.sign(EntityKey(99), &signers()[0].1));
    assert_eq!(field(&stranger), "signatures[4].operator");
    let again = with(&|r| sign_all(r));
    assert_eq!(again, record, "a signature replaces the earlier one");
}

#[test]
fn what_no_record_can_hold_is_refused_and_breaks_nothing() {
    let record = Market::new(3).signed_record();
    let with = |alter: &dyn Fn(&mut MatchRecord)| {
        let mut altered = record.clone();
        alter(&mut altered);
        field(&altered)
    };
    assert_eq!(with(&|r| r.bids[1].candidate.region.0 = 64), "bids[1].candidate.region");
    assert_eq!(with(&|r| r.order.uptime_min.0 = 1_000_001), "order.uptime_min_ppm");
    assert_eq!(with(&|r| r.rules.weights.price.0 = 10_001), "rules.weights.price_bp");
    assert_eq!(with(&|r| r.rules.forms.stake_cap_multiple = 0), "rules");
    assert_eq!(with(&|r| r.bids[1].candidate.number = 100), "bids");
    assert_eq!(with(&|r| r.bids.swap(0, 1)), "bids[1].candidate.key");
    assert_eq!(with(&|r| r.bids[2].arrival.height = 1_003), "bids[2].arrival.height");
    assert_eq!(with(&|r| r.rtt_from_tenant.clear()), "bids[0]");
    assert_eq!(with(&|r| r.committee.operators.swap(2, 3)), "committee.operators[3].key");
    let shared = with(&|r| {
        r.committee.operators[2].public_key = r.committee.operators[0].public_key;
    });
    assert_eq!(shared, "committee.operators[2].public_key");
    let left_out = with(&|r| {
        let Beacon::CommitReveal { shares } = Market::new(3).beacons()[2].clone() else {
            panic!("the third beacon is one of commitments")
        };
        r.beacon = Beacon::CommitReveal { shares: shares[1..].to_vec() };
    });
    assert_eq!(left_out, "beacon.shares");
    let debt = Spon::from_base(-1);
    let owing = with(&|r| r.committee.operators[0].stake = debt);
    assert_eq!(owing, "committee.operators[0].stake_atto_spon");
    let too_rich = |r: &mut MatchRecord| {
        r.committee.operators[1].stake = Spon::from_base(i128::MAX);
        r.signatures.truncate(2);
    };
    assert_eq!(with(&too_rich), "committee.operators[1].stake_atto_spon");
}

#[test]
fn nobody_and_nothing_make_no_quorum() {
    let refused = |alter: &dyn Fn(&mut Market), signatures: usize| {
        let mut market = Market::new(3);
        alter(&mut market);
        let mut record = market.signed_record();
        record.signatures.truncate(signatures);
        field(&record)
    };
    let no_stake = |market: &mut Market| {
        market.committee.operators.iter_mut().for_each(|operator| operator.stake = Spon::ZERO);
    };
    assert_eq!(refused(&no_stake, 0), "signatures");
    assert_eq!(refused(&no_stake, 4), "signatures", "all of nothing signed");
    assert_eq!(refused(&|market| market.committee.quorum.0 = 0, 0), "signatures");
    assert_eq!(refused(&|market| market.committee.operators.clear(), 0), "signatures");
}

#[test]
fn a_committee_of_ones_own_convinces_only_who_knows_no_better() {
    let market = Market::new(3);
    let mut forged = Market::new(3);
    forged.committee.operators[3].stake = forged.committee.operators[0].stake;
    let record = forged.signed_record();
    assert_eq!(record.verify(), Ok(()));
    let wrong = record.verify_under(&market.committee).unwrap_err();
    assert_eq!(wrong.field, "committee.operators[3].stake_atto_spon");
}

#[test]
fn a_large_committee_that_shares_a_key_is_refused_at_the_last() {
    let mut record = Market::new(3).signed_record();
    let operator = record.committee.operators[0];
    let member = |n: u64| Operator {
        key: EntityKey(n),
        public_key: Hash::of(&[&n.min(99_998).to_be_bytes()]),
        ..operator
    };
    record.committee.operators = (0..100_000).map(member).collect();
    assert_eq!(field(&record), "committee.operators[99999].public_key");
}

#[test]
fn names_in_a_record_ascend_each_once() {
    let text = serde_json::to_string(&Market::new(3).signed_record()).expect("it can be written");
    let key = |n: u64| format!("\"{n:016x}\"");
    let with = |keys: &[u64]| {
        let keys: Vec<String> = keys.iter().map(|n| key(*n)).collect();
        let [from, to] = [key(3), keys.join(",")].map(|keys| format!("\"excluded\":[{keys}]"));
        assert!(text.contains(&from));
        serde_json::from_str::<MatchRecord>(&text.replace(&from, &to)).map_err(|e| e.to_string())
    };
    assert!(with(&[3, 4]).is_ok());
    for wrong in [[4, 3], [3, 3]] {
        let told = with(&wrong).expect_err("they are not in order");
        assert!(told.starts_with("order.excluded: expected keys in order, each once"), "{told}");
    }
}
