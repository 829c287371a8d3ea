//! How a provider is chosen, as scenarios declare it: cores, weights, forms, variants.

mod shipped;

use market::{Core, LavaProduct, PowerOfD, Scoring, Weights};
use scenario::{BeaconKind, Matching, Scenario, Snapshot};
use shipped::{lines_of, lines_over_baseline, shipped};

fn baseline(sets: &[&str]) -> Scenario {
    shipped("scenarios/baseline.toml", sets).scenario
}

/// The problem that `--set` meets over the baseline.
fn refused(sets: &[&str]) -> String {
    let head = "question = \"q\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n";
    lines_of(head.as_bytes(), sets).join("\n")
}

#[test]
fn the_declared_parameters_are_the_published_ones() {
    for (name, core) in Core::all() {
        let matching = baseline(&[&format!("matching.core={name}")]).matching;
        assert_eq!(matching.core, core, "{name}");
    }
}

#[test]
fn parameters_of_the_chosen_core_can_be_set_and_no_others() {
    let exponent = "matching.core_parameters.lava_product.stake_exponent_milli=500";
    let matching = baseline(&["matching.core=lava_product", exponent]).matching;
    let lava = LavaProduct { stake_exponent_milli: 500, ..LavaProduct::default() };
    assert_eq!(matching.core, Core::LavaProduct(lava));
    let text = refused(&[exponent]);
    assert!(text.contains("the core is weighted_softmax; choose matching.core = \"lava_product\""));
    let choices = "matching.core_parameters.power_of_d.choices=5";
    let matching = baseline(&["matching.core=power_of_d", choices]).matching;
    assert_eq!(matching.core, Core::PowerOfD(PowerOfD { choices: 5 }));
}

#[test]
fn weights_are_a_preset_or_eight_numbers() {
    for (name, weights) in Weights::NAMED {
        let matching = baseline(&[&format!("matching.weights={name}")]).matching;
        assert_eq!(matching.weights, weights, "{name}");
    }
    assert_eq!(baseline(&[]).matching.weights, Weights::BALANCED);
    assert!(refused(&["matching.weights=cheap_first"]).contains("write one of: balanced, "));
    let text = lines_over_baseline("[matching.weights]\nprice = \"2000 bp\"\n").join("\n");
    assert!(text.contains("adds up to 9800 bp"), "{text}");
}

#[test]
fn forms_and_caps_are_read_and_wrong_ones_refused() {
    let matching = baseline(&["matching.forms.stake=linear", "matching.owner_leases_max=3"]);
    let Matching { forms, owner_leases_max, soft, .. } = matching.matching;
    assert_eq!(forms.stake, market::factor::StakeForm::Linear);
    assert_eq!((owner_leases_max, soft.owner_cap, soft.latency_bound), (Some(3), true, true));
    assert!(refused(&["matching.forms.price=cubic"]).contains("half_budget, full_budget"));
    assert!(refused(&["matching.owner_leases_max=0"]).contains("out of range"));
}

/// A snapshot whose rules are these.
fn snapshot(rules: &str) -> Result<Snapshot, String> {
    let block_hash = "00".repeat(32);
    let text = format!(
        "block_hash = \"0x{block_hash}\"\norder = {{ ceiling = \"0.30 USD/GPU-h\" }}\n\
         candidates = [{{ name = \"a\", number = 7, bid = \"0.25 USD/GPU-h\" }}]\n\
         [rules]\n{rules}"
    );
    let snapshot = Snapshot::read("a.toml", text.as_bytes());
    snapshot.map_err(|problems| problems.iter().map(|problem| format!("{problem}\n")).collect())
}

const RULES: [&str; 8] = [
    "core = \"lava_product\"",
    "weights = \"stake_heavy\"",
    "forms.stake = \"linear\"",
    "soft = [\"owner_cap\"]",
    "draws_max = 1_000",
    "stake_cap_multiple = 1_000_000",
    "is_weighted_by_capacity = true",
    "core_parameters.lava_product.stake_exponent_milli = 10_000",
];

#[test]
fn a_scenario_and_a_snapshot_read_the_same_rules() {
    let sets = RULES.map(|rule| format!("matching.{rule}"));
    let declared = baseline(&sets.each_ref().map(String::as_str)).matching;
    let alone = snapshot(&RULES.join("\n")).expect("it is valid");
    assert_eq!(alone.core, declared.core);
    assert_eq!(alone.scoring, Scoring::new(declared.weights, declared.forms).expect("it scores"));
    assert_eq!((alone.soft, alone.draws_max), (declared.soft, declared.draws_max));
    assert!(declared.soft.owner_cap && !declared.soft.latency_bound);
    assert!(declared.forms.is_weighted_by_capacity);
}

#[test]
fn a_scenario_and_a_snapshot_refuse_the_same_rules() {
    for rule in [
        "draws_max = 1_001",
        "stake_cap_multiple = 1_000_001",
        "core_parameters.lava_product.geo_exponent_milli = 10_001",
        "core_parameters.kalypso_linear.price = 101",
        "core_parameters.power_of_d.choices = 1_000_001",
        "core_parameters.livepeer_mix.stake = \"71 %\"",
        "soft = [\"price\"]",
        "capacity_weighted = true",
        "core_parameters.lava_product.stake_exponent = 1.0",
        "latency_bound = \"soft\"",
    ] {
        let alone = snapshot(rule).expect_err(rule);
        let declared = lines_over_baseline(&format!("[matching]\n{rule}\n")).join("\n");
        let [told, expected] = [("rules.", &alone), ("matching.", &declared)]
            .map(|(section, text)| text.trim().split_once(section).map(|(_, told)| told));
        assert!(told.is_some() && told == expected, "{alone}{declared}");
    }
}

#[test]
fn a_snapshot_has_the_published_parameters_of_every_core() {
    for (name, core) in Core::all() {
        assert_eq!(snapshot(&format!("core = \"{name}\"")).expect(name).core, core);
    }
}

#[test]
fn only_who_can_choose_a_beacon_has_more_than_one_try() {
    let tries = |beacon: &str, favoured: &str| {
        let favoured = format!("matching.grinding.favoured={favoured}");
        let sets = [beacon, "matching.grinding.tries=16", &favoured];
        baseline(&sets).matching.beacon_tries()
    };
    assert_eq!(baseline(&[]).matching.beacon, BeaconKind::AvsThreshold);
    assert_eq!(tries("matching.beacon=avs_threshold", "5 %"), 1);
    assert_eq!(tries("matching.beacon=commit_reveal", "5 %"), 2);
    assert_eq!(tries("matching.beacon=block_hash", "5 %"), 16);
    assert_eq!(tries("matching.beacon=block_hash", "0 %"), 1);
}

#[test]
fn only_the_parameters_of_the_chosen_core_are_leant_on() {
    let keys = ["lava_product.geo_exponent", "power_of_d.choices"]
        .map(|key| format!("matching.core_parameters.{key}"));
    let in_force = |sets: &[&str]| keys.each_ref().map(|key| baseline(sets).is_in_force(key));
    assert_eq!(in_force(&[]), [false, false]);
    assert_eq!(in_force(&["matching.core=power_of_d"]), [false, true]);
}

#[test]
fn newcomers_and_split_owners_are_declared_by_pool() {
    let text = "[pool.community]\nnewcomers = { count = 5, join = \"3 d\" }\n\
                splitting = { owners = 9000, identities = 4, stake = 2.0 }\n";
    let text = lines_over_baseline(text).join("\n");
    assert!(text.contains("is more than the pool's 8400 providers; lower it"), "{text}");
    assert!(
        lines_over_baseline("[pool.community]\nnewcomers = { count = 5, join = \"3 d\" }\n")
            .is_empty()
    );
}

#[test]
fn newcomers_who_join_after_the_end_are_warned_of() {
    let told = |join: &str| {
        let head = "question = \"q?\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n";
        let text =
            format!("{head}[pool.community]\nnewcomers = {{ count = 5, join = \"{join}\" }}\n");
        let loaded = scenario::load(shipped::TEST, &shipped::loader(text.as_bytes()), &[]);
        let warnings = loaded.expect("it is valid").warnings;
        warnings.iter().map(|warning| format!("{warning}\n")).collect::<String>()
    };
    let length = baseline(&[]).clock.total().as_hours_f64();
    assert_eq!(told(&format!("{} h", length - 1.0)), "");
    let late = told(&format!("{length} h"));
    assert!(late.contains(":5: warning: pool.community.newcomers.join: "), "{late}");
    assert!(late.ends_with("none of them joins or is counted\n"), "{late}");
}

const VARIANTS: &str = "[compare]\nsent = \"orders.sent\"\n\
    [[variant]]\nname = \"cheap\"\nset = [\"matching.core=lowest_price\"]\n\
    [[expect]]\nmetric = \"orders.sent\"\nmin = 1\n\
    [[expect]]\nvariant = \"cheap\"\nmetric = \"orders.sent\"\nmin = 2\n";

#[test]
fn variants_are_read_and_are_no_part_of_the_effective_scenario() {
    let head = "question = \"q?\"\nexpectation = \"e\"\nextends = \"baseline.toml\"\n";
    let text = format!("{head}{VARIANTS}");
    let loader = shipped::loader(text.as_bytes());
    let loaded = scenario::load(shipped::TEST, &loader, &[]).expect("it is valid");
    let [variant] = &loaded.comparison.variants[..] else { panic!("one variant") };
    assert_eq!(
        (variant.name.as_str(), &variant.sets[..]),
        ("cheap", &LOWEST.map(String::from)[..])
    );
    assert_eq!(loaded.comparison.columns[0].metric, "orders.sent");
    assert_eq!(loaded.scenario.expects.len(), 2);
    assert!(!loaded.effective.contains("cheap") && !loaded.effective.contains("[compare]"));
    assert!(loaded.effective.contains("[[expect]]"), "what is expected of the scenario stays");
    assert_eq!(loaded.unknown_metrics(&[]).len(), 3);
}

const LOWEST: [&str; 1] = ["matching.core=lowest_price"];

#[test]
fn a_comparison_that_says_half_is_refused() {
    let variant = "[[variant]]\nname = \"a\"\nset = [\"tenants.count=5\"]\n";
    let text = |text: &str| lines_over_baseline(text).join("\n");
    assert!(text(variant).contains("stands without columns"));
    assert!(text("[compare]\nsent = \"orders.sent\"\n").contains("compares nothing"));
    let twice = format!("[compare]\nsent = \"orders.sent\"\n{variant}{variant}");
    assert!(text(&twice).contains("number 2 is a second a"));
    for name in ["", "as declared", "\\u001b[31m"] {
        let nameless = VARIANTS.replace("name = \"cheap\"", &format!("name = \"{name}\""));
        assert!(text(&nameless).contains("names no variant"), "{name}");
    }
    let unknown = VARIANTS.replace("variant = \"cheap\"", "variant = \"cheep\"");
    assert!(text(&unknown).contains("did you mean cheap?"));
    let wrong = VARIANTS.replace("[\"matching.core=lowest_price\"]", "7");
    assert!(text(&wrong).contains("variant.set: \"7\" is a whole number; write a list of texts"));
    let empty = VARIANTS.replace("[\"matching.core=lowest_price\"]", "[]");
    let told = text(&empty);
    assert!(told.contains(":8: variant.set: changes nothing: the scenario itself is"), "{told}");
    for (set, key) in [("compare.sent=orders.jobs", "compare"), ("variant=[]", "variant")] {
        let told = text(&VARIANTS.replace("matching.core=lowest_price", set));
        let expected =
            format!(":8: variant.set[1]: {set:?} sets {key}, which is read of the scenario");
        assert!(told.contains(&expected), "{told}");
    }
}
