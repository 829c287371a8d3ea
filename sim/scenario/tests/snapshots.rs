//! Snapshots: one tree from two notations, every default stated, and no text that panics.

use market::{Core, Forms, Scoring, SoftFilters, Weights, assess, match_round};
use scenario::Snapshot;
use units::{CardId, GpuCount, Philox, RegionId, Span};

const TOML: &str = include_str!("snapshots/all_keys.toml");
const JSON: &str = include_str!("snapshots/all_keys.json");

fn read(file: &str, text: &str) -> Snapshot {
    Snapshot::read(file, text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[test]
fn toml_and_json_give_the_same_snapshot() {
    let [toml, json] = [read("a.toml", TOML), read("a.json", JSON)].map(|snapshot| {
        let Snapshot { order, candidates, committee, beacon, closing, .. } = &snapshot;
        let facts = format!("{order:?} {candidates:?} {committee:?} {beacon:?} {closing:?}");
        let scoring = (snapshot.scoring, snapshot.core, snapshot.draws_max, snapshot.soft);
        (facts, scoring, snapshot.rtt_from_tenant, snapshot.is_late, snapshot.arrivals)
    });
    assert_eq!(toml, json);
}

#[test]
fn the_least_snapshot_has_the_stated_defaults() {
    let text = format!(
        "block_hash = \"0x{}\"\norder = {{ ceiling = \"0.30 USD/GPU-h\" }}\n\
         candidates = [{{ name = \"a\", number = 7, bid = \"0.25 USD/GPU-h\" }}]",
        "00".repeat(32)
    );
    let snapshot = read("a.toml", &text);
    let balanced = Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("it scores");
    assert_eq!(snapshot.core, Core::default());
    assert_eq!((snapshot.scoring, snapshot.draws_max), (balanced, 3));
    assert_eq!(snapshot.soft, SoftFilters::default());
    assert_eq!(snapshot.rtt_from_tenant, [Span::ZERO]);
    assert_eq!((snapshot.closing.chain_id, snapshot.closing.height), (1, 0));
    let candidate = snapshot.candidates[0];
    assert_eq!((candidate.region, candidate.card), (RegionId(0), CardId(0)));
    assert_eq!((candidate.gpus_free, candidate.gpus_on_node), (GpuCount(1), GpuCount(1)));
    assert!(candidate.is_active && snapshot.is_in_time(&candidate));
    let round = match_round(&snapshot.input(), snapshot.candidates.iter(), |_| true);
    assert_eq!(round.picks.len(), 1);
}

#[test]
fn every_problem_of_a_list_has_its_own_place() {
    let text = TOML.replace("\"near\", \"far\"]", "\"neer\", \"far\", 3]");
    let problems = Snapshot::read("a.toml", text.as_bytes()).expect_err("two names are wrong");
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("order.regions[1]: \"neer\" is no known region; did you mean near?"));
    assert!(told[1].contains("order.regions[3]: \"3\" is a whole number; write a text in quotes"));
}

#[test]
fn names_can_be_printed_and_operators_have_stake() {
    let seed = format!("0x{}", "00".repeat(32));
    let problem = |name: &str, stake: &str| {
        let text = format!(
            r#"{{"block_hash": "{seed}", "order": {{"ceiling": "0.30 USD/GPU-h"}},
            "operators": [{{"name": "o", "seed": "{seed}", "stake": "{stake}"}}],
            "candidates": [{{"name": "{name}", "number": 0, "bid": "0.25 USD/GPU-h"}}]}}"#
        );
        let problems = Snapshot::read("a.json", text.as_bytes()).err().unwrap_or_default();
        assert!(problems.len() < 2, "{problems:?}");
        problems.first().map_or(String::new(), ToString::to_string)
    };
    assert_eq!(problem("Zo\u{eb}", "1 SPON"), "");
    for name in ["", " ", r"\u001b[2J", r"a\nb"] {
        assert!(problem(name, "1 SPON").contains("is empty or holds control"), "{name:?}");
    }
    assert!(problem("a", "0 SPON").contains("operators: have no stake"));
    assert!(problem("a", "0 SPAN").contains("unknown or missing unit"));
}

/// So many of a kind that comparing each with each takes 10^9 steps or more.
const MANY: usize = 50_000;

fn long_snapshot(extra: &str, order: &str, names: impl Iterator<Item = usize>) -> String {
    let candidate =
        |n: usize| format!("{{\"name\": \"c{n}\", \"number\": {n}, \"bid\": \"0.25 USD/GPU-h\"}}");
    let candidates: Vec<String> = names.map(candidate).collect();
    format!(
        "{{\"block_hash\": \"0x{}\", {extra}\n\"order\": {{\"ceiling\": \"0.30 USD/GPU-h\"{order}}},\n\
         \"candidates\": [{}]}}",
        "00".repeat(32),
        candidates.join(",\n")
    )
}

#[test]
fn a_long_list_of_names_is_looked_up_not_searched() {
    let names: Vec<String> = (0..MANY).map(|n| format!("\"c{n}\"")).collect();
    let order = format!(", \"included\": [{}]", names.join(", "));
    let snapshot = read("a.json", &long_snapshot("", &order, 0..MANY));
    assert_eq!(snapshot.order.included.as_slice().len(), MANY);
    assert!(snapshot.order.included.as_slice().is_sorted());
    let problems = Snapshot::read("a.json", long_snapshot("", &order, 0..1).as_bytes());
    assert_eq!(problems.expect_err("only one name is known").len(), MANY - 1);
}

#[test]
fn every_unknown_key_of_a_long_table_is_told() {
    let keys: String = (0..MANY).map(|n| format!("\"zzzzzzzz{n}\": 1, ")).collect();
    let rules = format!("\"rules\": {{{}}},", keys.trim_end_matches(", "));
    let trips = keys.replace(": 1,", ": \"1 ms\",");
    let trips = format!("\"round_trips\": {{{}}},", trips.trim_end_matches(", "));
    for (extra, count) in [(&keys, MANY), (&rules, MANY), (&trips, 1)] {
        let text = long_snapshot(extra, "", 0..1);
        let problems = Snapshot::read("a.json", text.as_bytes()).expect_err("too many keys");
        assert_eq!(problems.len(), count);
    }
}

/// Mutated texts are refused or read, and what is read can be matched; nothing panics. The
/// variable runs more of them: `ORRERY_FUZZ=100000 cargo test -p scenario --test snapshots`.
#[test]
fn mutated_snapshots_do_not_panic() {
    let count = std::env::var("ORRERY_FUZZ").ok().and_then(|text| text.parse().ok());
    let mut valid = 0_u32;
    for seed in 0..count.unwrap_or(2_000) {
        let values = Philox::new(seed);
        let (file, text) = if seed % 2 == 0 { ("a.toml", TOML) } else { ("a.json", JSON) };
        let bytes = mutated(text.as_bytes(), values);
        let Ok(snapshot) = Snapshot::read(file, &bytes) else { continue };
        let in_time = |candidate: &_| snapshot.is_in_time(candidate);
        let input = snapshot.input();
        let round = match_round(&input, snapshot.candidates.iter(), in_time);
        assert_eq!(
            assess(&input, &snapshot.candidates, &round, in_time).len(),
            snapshot.names.len()
        );
        valid += 1;
    }
    assert!(valid > 20, "{valid} mutated snapshots were still valid");
}

/// One to four changes: a byte, a digit, a piece lost, a piece doubled, a piece from elsewhere.
fn mutated(text: &[u8], values: Philox) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for change in 0..=values.value(0, 0) % 4 {
        let below = |use_: u64, bound: usize| {
            (values.value(change + 1, use_) % bound.max(1) as u64) as usize
        };
        let at = below(0, bytes.len());
        let end = (at + 1 + below(1, 40)).min(bytes.len());
        let piece = bytes.get(at..end).unwrap_or_default().to_vec();
        match below(2, 6) {
            0 => bytes.splice(at..at, [below(3, 256) as u8]).for_each(drop),
            1 => bytes.splice(at..end, []).for_each(drop),
            2 => bytes.splice(at..at, piece).for_each(drop),
            3 => {
                let to = below(4, bytes.len());
                bytes.splice(to..to, piece).for_each(drop);
            }
            _ => {
                let digits: Vec<usize> =
                    (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                if let Some(at) = digits.get(below(5, digits.len())) {
                    bytes[*at] = b'0' + below(6, 10) as u8;
                }
            }
        }
    }
    bytes
}
