//! Every value of a record altered in every bit, and every list and object in its make-up.

use crate::market_of_one::Market;
use market::{Beacon, Core, MatchRecord};
use serde_json::{Value, json};
use units::CardSet;

/// A set of cards has one text: short as long as it can be, and all ones for every card.
#[test]
fn every_set_of_cards_has_one_text() {
    let market = Market::new(1);
    let text = |cards: u128| {
        let mut record = market.signed_record();
        record.order.cards = CardSet(cards);
        let json = serde_json::to_value(&record).expect("every value has a form");
        let read: MatchRecord = serde_json::from_value(json.clone()).expect("it was written");
        assert_eq!(read.order.cards, CardSet(cards));
        json.pointer("/order/cards").and_then(Value::as_str).expect("a text").to_string()
    };
    assert_eq!(text(6), "0000000000000006");
    assert_eq!(text(u128::MAX), "ffffffffffffffff");
    assert_eq!(text(u128::from(u64::MAX)), "0000000000000000ffffffffffffffff");
    assert_eq!(text(1 << 64), "00000000000000010000000000000000");
    let json = json_of(&market);
    for longer in ["00000000000000000000000000000006", "ffffffffffffffffffffffffffffffff"] {
        let refused = refusal(&with(&json, "/order/cards", json!(longer)));
        assert!(refused.is_some_and(|text| text.contains("cards")), "{longer}");
    }
}

/// What reading or verifying says of altered JSON: its first words are the field.
fn refusal(json: &Value) -> Option<String> {
    match serde_json::from_value::<MatchRecord>(json.clone()) {
        Err(error) => Some(error.to_string()),
        Ok(record) => record.verify().err().map(|wrong| wrong.to_string()),
    }
}

fn json_of(market: &Market) -> Value {
    serde_json::to_value(market.signed_record()).expect("every value has a form")
}

/// `json` with another value at `pointer`.
fn with(json: &Value, pointer: &str, value: Value) -> Value {
    let mut altered = json.clone();
    *altered.pointer_mut(pointer).expect("a place in it") = value;
    altered
}

/// Every value that is no list or object, as a JSON pointer and as records name places.
fn leaves(json: &Value) -> Vec<(String, String)> {
    fn walk(pointer: &str, place: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    walk(&format!("{pointer}/{at}"), &format!("{place}[{at}]"), item, found);
                }
            }
            Value::Object(fields) => {
                for (name, item) in fields {
                    let dot = if place.is_empty() { "" } else { "." };
                    walk(&format!("{pointer}/{name}"), &format!("{place}{dot}{name}"), item, found);
                }
            }
            _ => found.push((pointer.into(), place.into())),
        }
    }
    let mut found = Vec::new();
    walk("", "", json, &mut found);
    found
}

/// The value with one bit other, once for each bit. Numbers change in their binary digits, hex in
/// its digits, names in their letters; nothing becomes something.
fn alterations(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![json!(0), json!("0"), json!(1), json!("1"), json!([])],
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => {
            let number = number.as_i64().expect("a record has no fractions");
            (0..33).map(|bit| json!(number ^ 1 << bit)).chain([json!(-number - 1)]).collect()
        }
        Value::String(text) => match text.parse::<i128>() {
            // A hash could be all decimal digits, but is never that short.
            Ok(number) if text.len() != 16 && text.len() < 40 => {
                let bits = if text.len() < 21 { 64 } else { 127 };
                (0..bits).map(|bit| json!((number ^ 1 << bit).to_string())).collect()
            }
            _ => alter_letters(text),
        },
        Value::Array(_) | Value::Object(_) => unreachable!("leaves only"),
    }
}

/// Hex with one bit of one digit other, or a name with one bit of one letter.
fn alter_letters(text: &str) -> Vec<Value> {
    let is_hex = text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let with =
        |at: usize, letter: char| json!(format!("{}{letter}{}", &text[..at], &text[at + 1..]));
    let alter = |(at, letter): (usize, char)| match letter.to_digit(16).filter(|_| is_hex) {
        Some(digit) => [0, 1, 2, 3]
            .map(|bit| with(at, char::from_digit(digit ^ 1 << bit, 16).expect("four bits")))
            .to_vec(),
        None => (0..7).map(|bit| with(at, char::from(letter as u8 ^ 1 << bit))).collect(),
    };
    text.char_indices().flat_map(alter).chain([json!(text.to_uppercase() + "0")]).collect()
}

/// Fields that follow from others or are checked in themselves: altered, they are named.
fn is_named(place: &str) -> bool {
    let followed = ["beacon_value", "round_key", "dropped", "bids_root", "picks", "digest"];
    let of_bids = [".card.", ".score_ppm", ".draw_key"];
    followed.iter().any(|name| place.starts_with(name))
        || place.starts_with("bids[") && of_bids.iter().any(|part| place.contains(part))
        || place.starts_with("signatures")
        || place.starts_with("beacon.")
        || place == "version"
}

/// Alters every value whose place starts with one of `parts`.
fn check_every_bit(market: &Market, parts: &[&str]) {
    let json = json_of(market);
    assert_eq!(refusal(&json), None);
    let is_asked = |place: &str| parts.iter().any(|part| place.starts_with(part));
    for (pointer, place) in leaves(&json).into_iter().filter(|(_, place)| is_asked(place)) {
        for value in alterations(json.pointer(&pointer).expect("a leaf of it")) {
            let refusal = refusal(&with(&json, &pointer, value.clone()));
            let refusal = refusal.unwrap_or_else(|| panic!("{place} may be {value}"));
            let (named, _) = refusal.split_once(": expected").expect("a field is named");
            assert!(!named.is_empty(), "{refusal}");
            if is_named(&place) {
                let is_expected = named == place || is_pair(&place, named);
                assert!(is_expected, "{place} as {value}: {refusal}");
            }
        }
    }
}

/// Where either of two fields may be the wrong one: a filter said to be dropped shows in a bid that
/// fails it, another member's name in a signature that is not its own, a withheld secret's
/// commitment, of which nothing is made, in the digest.
fn is_pair(place: &str, named: &str) -> bool {
    let pairs = [
        ("dropped", "bids["),
        ("signatures", "signatures["),
        ("beacon.shares", "beacon.shares["),
        ("beacon.shares", "digest"),
    ];
    pairs.iter().any(|(altered, wrong)| place.starts_with(altered) && named.starts_with(wrong))
}

#[test]
fn no_bit_of_a_record_can_be_altered() {
    check_every_bit(&Market::new(2), &[""]);
}

#[test]
fn nor_with_another_beacon_or_a_core_with_parameters() {
    let [_, block_hash, commit_reveal] = Market::new(1).beacons();
    let core = Core::from_name("livepeer_mix").expect("a core");
    check_every_bit(&Market { beacon: block_hash, core, ..Market::new(1) }, &["beacon", "rules"]);
    check_every_bit(&Market { beacon: commit_reveal, ..Market::new(1) }, &["beacon"]);
}

#[test]
fn a_core_or_form_in_the_place_of_another_is_noticed() {
    let json = json_of(&Market::new(3));
    for (name, core) in Core::all().skip(1) {
        let other = json_of(&Market { core, ..Market::new(3) });
        let altered = with(&json, "/rules/core", other["rules"]["core"].clone());
        assert!(refusal(&altered).is_some(), "{name}");
    }
    let steps = with(&json, "/rules/forms/region", json!("steps"));
    let refusal = refusal(&steps).expect("other scores");
    assert!(refusal.starts_with("bids[0].card.region_ppm: expected"), "{refusal}");
}

#[test]
fn the_largest_values_are_refused_and_break_nothing() {
    let is_number =
        |place: &str| ["bids[", "order", "rules", "rtt"].iter().any(|part| place.starts_with(part));
    for (name, core) in Core::all() {
        let json = json_of(&Market { core, beacon: Beacon::BlockHash, ..Market::new(2) });
        for (pointer, place) in leaves(&json).into_iter().filter(|(_, place)| is_number(place)) {
            let bounds = match json.pointer(&pointer).expect("a leaf of it") {
                Value::Number(_) => {
                    [i64::MIN, 0, 63, 10_000, 1_000_000, u32::MAX.into()].map(|n| json!(n)).to_vec()
                }
                Value::String(_) => ["0", "1", "18446744073709551615"]
                    .into_iter()
                    .chain(["170141183460469231731687303715884105727", "ffffffffffffffff"])
                    .map(|text| json!(text))
                    .collect(),
                _ => continue,
            };
            for value in bounds.into_iter().filter(|value| json.pointer(&pointer) != Some(value)) {
                let refusal = refusal(&with(&json, &pointer, value.clone()));
                assert!(refusal.is_some(), "{name}: {place} may be {value}");
            }
        }
    }
}

/// Every object and list of `json`, as JSON pointers.
fn branches(json: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    for (pointer, _) in leaves(json) {
        let ends = pointer.match_indices('/').map(|(at, _)| at);
        all.extend(ends.map(|at| pointer[..at].to_string()));
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn no_field_or_item_can_be_left_out_doubled_or_added() {
    let json = json_of(&Market::new(3));
    for pointer in branches(&json) {
        let check = |alter: &dyn Fn(&mut Value)| {
            let mut altered = json.clone();
            alter(altered.pointer_mut(&pointer).unwrap());
            assert!(refusal(&altered).is_some(), "{pointer}: {altered}");
        };
        check(&|branch| *branch = json!(null));
        match json.pointer(&pointer).unwrap() {
            Value::Object(fields) => {
                for name in fields.keys() {
                    check(&|branch| drop(branch.as_object_mut().unwrap().shift_remove(name)));
                }
                check(&|branch| branch["surplus"] = json!(0));
            }
            Value::Array(items) => {
                for at in 0..items.len() {
                    let item = |branch: &mut Value| branch[at].clone();
                    check(&|branch| {
                        let item = item(branch);
                        branch.as_array_mut().unwrap().insert(at, item);
                    });
                    // A signature above the quorum may be left out; the other lists are signed.
                    if pointer != "/signatures" {
                        check(&|branch| drop(branch.as_array_mut().unwrap().remove(at)));
                    }
                }
                if items.len() > 1 && items[0] != items[1] {
                    check(&|branch| branch.as_array_mut().unwrap().swap(0, 1));
                }
            }
            _ => unreachable!("branches only"),
        }
    }
}

#[test]
fn a_field_written_twice_or_misplaced_is_named() {
    let text = serde_json::to_string(&Market::new(1).signed_record()).unwrap();
    let read = |text: &str| serde_json::from_str::<MatchRecord>(text).map_err(|e| e.to_string());
    assert!(read(&text).is_ok());
    let twice = text.replacen("\"chain_id\":", "\"chain_id\":\"1\",\"chain_id\":", 1);
    assert!(read(&twice).unwrap_err().starts_with("chain_id: expected the field once"));
    let surplus = text.replacen("\"gpus\":1", "\"gpus\":1,\"cpu\":1", 1);
    assert!(read(&surplus).unwrap_err().starts_with("order.cpu: expected no such field"));
    let missing = text.replacen("\"gpus\":1,", "", 1);
    assert!(read(&missing).unwrap_err().starts_with("order.gpus: expected a field"));
    let number = text.replacen("\"chain_id\":\"7\"", "\"chain_id\":7", 1);
    assert!(
        read(&number).unwrap_err().starts_with("chain_id: expected a decimal number in quotes")
    );
    let padded = text.replacen("\"chain_id\":\"7\"", "\"chain_id\":\"07\"", 1);
    assert!(
        read(&padded).unwrap_err().starts_with("chain_id: expected a decimal number, found 07")
    );
}
