//! Every shipped scenario is valid, prints itself back, and adds up.

mod shipped;

use scenario::{Demand, LoadSheet, PoolRules, Scenario, class_loads, load};
use shipped::{FILES, TEST, lines_of, loader, shipped, text};
use units::PoolId;

/// The shipped files that are scenarios, and those that scenarios extend.
fn is_part(path: &str) -> bool {
    path.contains("/library/") || path == "scenarios/theory/base.toml"
}

fn runnable() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(path, _)| *path).filter(|path| !is_part(path))
}

#[test]
fn every_scenario_is_valid_without_a_warning_and_opens_with_its_question() {
    for path in runnable() {
        let loaded = shipped(path, &[]);
        assert_eq!(loaded.warnings, [], "{path}");
        let text = text(path).unwrap();
        let opening = ["# Question:", "# Expectation:", "# Numbers:"];
        let comments: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(opening.iter().all(|word| comments.contains(word)), "{path}");
        assert!(!loaded.scenario.question.is_empty() && !loaded.scenario.expectation.is_empty());
    }
}

/// All of a scenario but its name and where its expectations stand.
fn contents(mut scenario: Scenario) -> String {
    scenario.name = String::new();
    scenario.expects.iter_mut().for_each(|expect| (expect.file, expect.line) = (String::new(), 0));
    format!("{scenario:?}")
}

fn sorted(leaves: &[(String, String)]) -> Vec<(String, String)> {
    let mut leaves = leaves.to_vec();
    leaves.sort();
    leaves
}

#[test]
fn the_effective_text_reads_as_the_same_scenario() {
    for path in runnable() {
        let first = shipped(path, &["tenants.count=77"]);
        let again = load(TEST, &loader(first.effective.as_bytes()), &[]).expect("it is valid");
        assert_eq!(again.effective, first.effective, "{path}");
        assert_eq!(sorted(&again.leaves), sorted(&first.leaves), "{path}");
        assert!(!first.effective.contains("extends"), "{path}");
        assert_eq!(contents(again.scenario), contents(first.scenario), "{path}");
    }
}

#[test]
fn the_baseline_is_the_market_of_the_reference() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    assert_eq!(scenario.name, "baseline");
    let counts: Vec<_> = scenario.pools.iter().map(|pool| (&*pool.name, pool.providers)).collect();
    assert_eq!(counts, [("community", 8_400), ("secured", 40)]);
    assert_eq!((scenario.cards.len(), scenario.regions.len(), scenario.classes.len()), (76, 14, 6));
    assert_eq!(scenario.cards[7].name, "rtx4090");
    assert_eq!(scenario.cards[7].book_price.nanos(), 175_000_000);
    let books: Vec<_> = scenario.price_books.iter().map(|book| &*book.name).collect();
    assert_eq!(books, ["spheron_2025", "vast_2026", "tiers"]);
    assert_eq!(books[scenario.price_book], "spheron_2025");
    assert_eq!(scenario.price_books[1].prices[7].nanos(), 780_000_000);
    assert_eq!(scenario.chain.block.nanos(), 250_000_000);
    // Both directions of nae-sa are 125 and 126 ms.
    assert_eq!((scenario.latency.rtt_us[0][3], scenario.latency.rtt_us[3][0]), (125_500, 125_500));
    assert_eq!(scenario.latency.rtt_us[0][0], 5_000);
    assert_eq!(scenario.expects.len(), 3);
    assert_eq!(scenario.expects[0].file, "scenarios/baseline.toml");
}

#[test]
fn the_baseline_has_the_size_that_the_reference_expects() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    let sheet = LoadSheet::of(&scenario);
    let [community, secured] = &sheet.pools[..] else { panic!("two pools") };
    // protocol.md 10: about 7,200 GPUs up; 30 days at 60 % are about 3.1 M GPU-hours.
    assert!((7_100.0..7_300.0).contains(&community.gpus_available), "{community:?}");
    assert!((community.load() - 0.6).abs() < 1e-12);
    let orders = |pool: &scenario::load_sheet::PoolSheet, class: usize| {
        pool.classes[class].1.arrivals_per_hour * 720.0
    };
    // About 190,000 inference, 35,000 fine-tune and 250,000 batch orders, to a third.
    for (class, expected) in [(0, 190_000.0), (1, 35_000.0), (2, 250_000.0)] {
        let found = orders(community, class);
        assert!((found / expected - 1.0_f64).abs() < 0.34, "class {class}: {found}");
    }
    assert!((secured.gpus_wanted * 720.0 / 1.3e6 - 1.0).abs() < 0.05, "{secured:?}");
}

#[test]
fn class_loads_follow_the_supply_that_is_there() {
    let scenario = shipped("scenarios/baseline.toml", &[]).scenario;
    let loads = class_loads(&scenario, PoolId(1), 1_000.0);
    let gpus: f64 = loads.iter().map(|load| load.gpus_in_progress).sum();
    assert!((gpus - 700.0).abs() < 1e-9);
    for load in &loads {
        let gpus = load.arrivals_per_hour * load.mean_gpu_hours;
        assert!((gpus - load.gpus_in_progress).abs() < 1e-9, "Little's law: {load:?}");
        assert!((load.jobs_in_progress() * load.mean_gpus - gpus).abs() < 1e-9);
    }
    assert!((loads[1].mean_gpus - 3.75).abs() < 1e-12);
    assert!(class_loads(&scenario, PoolId(0), 0.0).iter().all(|load| load.gpus_in_progress == 0.0));
}

#[test]
fn the_load_sheet_prints_as_tables() {
    let text = LoadSheet::of(&shipped("scenarios/small.toml", &[]).scenario).to_string();
    assert!(text.starts_with("pool community: 200 providers, 200 machines, 200 GPUs, 1"), "{text}");
    assert!(text.contains("up on average") && text.contains("(load 60.0 %)"), "{text}");
    assert!(text.contains("\n  community.inference") && text.contains("\n  rtx4090"), "{text}");
    assert!(text.contains("GPUs wanted by size of job: 1 GPU: "), "{text}");
}

#[test]
fn overrides_change_one_value_and_nothing_else() {
    let base = shipped("scenarios/baseline.toml", &[]);
    let sets = ["clock.horizon=3 d", "clock.seed=9", "pool.secured.demand=\"8 GPU\""];
    let changed = shipped("scenarios/baseline.toml", &sets);
    assert_eq!(changed.scenario.name, "baseline");
    assert_eq!(changed.scenario.clock.seed, 9);
    assert_eq!(changed.scenario.pools[1].demand, Demand::Gpus(8.0));
    let pairs = base.leaves.iter().zip(&changed.leaves);
    assert_eq!(pairs.filter(|(old, new)| old != new).count(), 3);
}

#[test]
fn empty_markets_and_short_runs_are_valid() {
    let sets = [
        "clock.horizon=1 s",
        "clock.warm_up=0 s",
        "pool.community.providers=0",
        "pool.secured.providers=0",
        "pool.community.demand=0 %",
        "pool.secured.demand=0 GPU",
        "tenants.count=0",
    ];
    let loaded = shipped("scenarios/baseline.toml", &sets);
    assert_eq!(loaded.warnings.len(), 1, "{:#?}", loaded.warnings);
    assert!(loaded.warnings[0].message.starts_with("has no provider in any pool"));
    let text = LoadSheet::of(&loaded.scenario).to_string();
    assert!(text.contains("pool community: 0 providers, 0 machines, 0 GPUs"), "{text}");
    assert!(!text.contains("NaN") && !text.contains(" inf"), "{text}");
}

#[test]
fn a_pool_and_its_classes_can_be_removed() {
    let text = "question = \"q\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n\
                remove = [\"pool.secured\", \"class.secured\"]\n";
    let loaded = load(TEST, &loader(text.as_bytes()), &[]).expect("community stands alone");
    assert_eq!((loaded.scenario.pools.len(), loaded.scenario.classes.len()), (1, 3));
    assert!(loaded.scenario.expects.is_empty(), "expectations are not inherited");
}

#[test]
fn a_card_may_take_its_tier_from_its_price() {
    let tier = |price: &str| {
        let price = format!("card.rtx3060.price={price}");
        let sets = ["card.rtx3060.tier=by_price", "hardware_tier.medium.to=5000 USD", &price];
        let loaded = shipped("scenarios/baseline.toml", &sets);
        assert_eq!(loaded.warnings.len(), 1, "the hole is told");
        loaded.scenario.cards[0].tier.name()
    };
    assert_eq!(tier("999.99 USD"), "entry");
    assert_eq!(tier("1000 USD"), "low");
    assert_eq!(tier("6000 USD"), "medium");
    assert_eq!(tier("40000 USD"), "ultra_high");
}

#[test]
fn a_card_of_nobodys_table_is_told_when_its_price_is_outside_its_tier() {
    let loaded = shipped("scenarios/baseline.toml", &["card.rtx4090.label=none"]);
    let told: Vec<String> = loaded.warnings.iter().map(ToString::to_string).collect();
    let [line] = told.as_slice() else { panic!("{told:#?}") };
    assert!(line.ends_with("rtx4090: the price is outside the tier's band; taken as written"));
}

/// protocol.md 2.2: the multiplier goes by the label, and the two tables differ in one card.
#[test]
fn every_label_has_its_multiplier_and_its_cards() {
    let cards = shipped("scenarios/baseline.toml", &[]).scenario.cards;
    let multipliers = [10, 25, 50, 75, 100, 150, 200, 300, 600, 1_200, 1_500];
    let mut counts = [0; 11];
    for card in &cards {
        for rules in [PoolRules::Provider, PoolRules::Fizz] {
            let label = card.label.of(rules).expect("the network has a label for every card");
            let multiplier = card.multiplier_hundredths.of(rules);
            assert_eq!(multiplier, multipliers[label as usize], "{}", card.name);
            assert_eq!(card.tier, label.tier(), "{}", card.name);
        }
        counts[card.label.fizz.expect("as above") as usize] += 1;
    }
    assert_eq!(counts, [18, 14, 9, 6, 15, 4, 3, 2, 1, 2, 2], "cards by label");
    assert_eq!(cards.len(), 76);
    let differing = cards.iter().filter(|card| card.label.provider != card.label.fizz);
    assert_eq!(differing.map(|card| card.name.as_str()).collect::<Vec<_>>(), ["rtx5090"]);
}

#[test]
fn no_broken_text_makes_the_reader_panic() {
    let baseline = text("scenarios/baseline.toml").unwrap().as_bytes();
    // A small linear generator: which texts are broken must not depend on anything else.
    let mut state = 20_260_111_u64;
    let mut draw = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for _ in 0..150 {
        let mut broken = baseline.to_vec();
        broken.truncate(draw(baseline.len()) + 1);
        for _ in 0..draw(6) {
            let (at, from) = (draw(broken.len()), draw(baseline.len()));
            broken[at] = baseline[from];
        }
        if draw(4) == 0 {
            let at = draw(broken.len());
            broken[at] = draw(256) as u8;
        }
        for line in lines_of(&broken, &[]) {
            assert!(!line.contains('\n') && line.contains(": "), "{line}");
        }
    }
}
