//! What is said about each kind of mistake, word by word.

mod shipped;

use shipped::{lines_over_baseline, text};

/// The only line for a text over the baseline; its first line is the file's fourth.
fn line(text: &str) -> String {
    let lines = lines_over_baseline(text);
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.into_iter().next().expect("there is one")
}

/// Asserts the only line of each text, less the name of the file.
fn assert_lines(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(line(text), format!("scenarios/test.toml:{expected}"));
    }
}

#[test]
fn quantities_tell_sign_unit_size_and_kind() {
    assert_lines(&[
        (
            "clock.warm_up = \"-5 d\"",
            "4: clock.warm_up: \"-5 d\" is below zero; write a quantity of zero or more",
        ),
        (
            "clock.warm_up = \"5 parsecs\"",
            "4: clock.warm_up: \"5 parsecs\" has an unknown or missing unit; \
             use one of: ns, us, ms, s, min, h, d",
        ),
        (
            "clock.warm_up = \"99999999999999999999 d\"",
            "4: clock.warm_up: \"99999999999999999999 d\" is too large; write at most 36525 d",
        ),
        (
            "clock.warm_up = \"d\"",
            "4: clock.warm_up: \"d\" does not start with a number; write a number and a unit",
        ),
        (
            "clock.warm_up = \"0.0000000001 s\"",
            "4: clock.warm_up: \"0.0000000001 s\" has more digits than can be counted; shorten it",
        ),
        (
            "clock.warm_up = 5",
            "4: clock.warm_up: \"5\" is a whole number; \
             write a number and its unit in quotes, as in \"250 ms\"",
        ),
        (
            "token.price = \"0.03 USD\"",
            "4: token.price: \"0.03 USD\" has an unknown or missing unit; use one of: USD/SPON",
        ),
        (
            "token.price = \"0 USD/SPON\"",
            "4: token.price: \"0 USD/SPON\" is zero; write a price above zero",
        ),
    ]);
}

#[test]
fn numbers_and_words_tell_their_range() {
    assert_lines(&[
        (
            "matching.draws_max = 0",
            "4: matching.draws_max: \"0\" is out of range; write a whole number from 1 to 1000",
        ),
        (
            "matching.draws_max = 1.5",
            "4: matching.draws_max: \"1.5\" is a number; write a whole number",
        ),
        (
            "latency.jitter.sigma = nan",
            "4: latency.jitter.sigma: \"NaN\" is out of range; write a number from 0 to 3",
        ),
        (
            "latency.jitter.sigma = -1",
            "4: latency.jitter.sigma: \"-1\" is out of range; write a number from 0 to 3",
        ),
        (
            "clock.start_weekday = \"mon\"",
            "4: clock.start_weekday: \"mon\" is not one of its words; write one of: \
             monday, tuesday, wednesday, thursday, friday, saturday, sunday",
        ),
        (
            "pool.community.is_home = \"yes\"",
            "4: pool.community.is_home: \"yes\" is a text; write true or false",
        ),
        (
            "card.rtx4090.multiplier = 1.234",
            "4: card.rtx4090.multiplier: \"1.234\" has more than two decimals; shorten it",
        ),
        ("clock = 1", "4: clock: \"1\" is a whole number; write a table"),
        (
            "pool.community.providers = 99999999999999999999999999",
            "4: pool.community.providers: \"99999999999999999999999999\" is out of range; \
             write a whole number from 0 to 2000000",
        ),
        (
            "host_class.home.fault = 3",
            "4: host_class.home.fault: \"3\" is a whole number; write a table, or \"none\"",
        ),
    ]);
}

#[test]
fn keys_that_nobody_knows_name_the_nearest_one() {
    assert_lines(&[
        ("unknwon_key = 1", "4: unknwon_key: \"1\" is not a known key; remove it"),
        (
            "clock.horzion = \"3 d\"",
            "4: clock.horzion: \"3 d\" is not a known key; did you mean horizon?",
        ),
        (
            "[pool.community]\nprovider = 3",
            "5: pool.community.provider: \"3\" is not a known key; did you mean providers?",
        ),
    ]);
}

#[test]
fn a_missing_key_names_the_file_that_shows_it() {
    let missing = line("remove = [\"clock.horizon\"]");
    let clock = text("scenarios/baseline.toml").unwrap().lines().position(|line| line == "[clock]");
    let expected = format!(
        "scenarios/baseline.toml:{}: clock.horizon: is missing; write it as baseline.toml does, or \
         extend it",
        clock.unwrap() + 1
    );
    assert_eq!(missing, expected);
    let missing = line("remove = [\"fees\"]");
    let expected = "scenarios/test.toml: fees: is missing; \
                    write it as library/protocol.toml does, or extend it";
    assert_eq!(missing, expected);
}

#[test]
fn shares_add_up() {
    assert_lines(&[
        (
            "pool.community.kinds.posted = \"90 %\"",
            "4: pool.community.kinds: adds up to 90 %; make the shares add up to 100 %",
        ),
        (
            "pool.community.kinds.postd = \"0 %\"",
            "4: pool.community.kinds.postd: \"0 %\" is no known provider_kind; did you mean posted?",
        ),
        (
            "pool.community.cards.rtx3060 = \"14 %\"",
            "4: pool.community.cards: adds up to 99 %; make the shares add up to 100 %",
        ),
        (
            "class.secured.training.share = \"60 %\"",
            "4: class.secured: adds up to 105 %; make the shares add up to 100 %",
        ),
        (
            "committee.operator.nae.stake = \"23 %\"",
            "4: committee.operator: adds up to 101 %; make the shares add up to 100 %",
        ),
        (
            "matching.weights.stake = \"0 bp\"",
            "4: matching.weights: adds up to 9000 bp; make the eight weights add up to 10000 bp",
        ),
        (
            "pool.secured.weekdays = [1, 1, 1, 1, 1, 1, 2]",
            "4: pool.secured.weekdays: has mean 1.1429; divide all by it to make the mean 1",
        ),
        (
            "pool.secured.weekdays = [1, 1, 1]",
            "4: pool.secured.weekdays: is no list of 7 numbers; write all 7",
        ),
        (
            "pool.secured.weekdays = [1, 1, 1, 1, 1, 1, \"x\"]",
            "4: pool.secured.weekdays: holds something else; write 7 numbers from 0 to 100",
        ),
    ]);
}

#[test]
fn names_are_known() {
    assert_lines(&[
        (
            "chain.profile = \"orbitt\"",
            "4: chain.profile: \"orbitt\" is no known chain_profile; did you mean orbit?",
        ),
        (
            "chain.sequencer = \"mars\"",
            "4: chain.sequencer: \"mars\" is no known region; use one that is declared under [region]",
        ),
        (
            "pool.secured.cards.h1000 = \"0 %\"",
            "4: pool.secured.cards.h1000: \"0 %\" is no known card; did you mean h100?",
        ),
        (
            "pool.secured.host_classes.datacenter = \"0 %\"",
            "4: pool.secured.host_classes.datacenter: \"0 %\" is no known host_class; \
             did you mean data_center?",
        ),
        (
            "price_book = \"vast\"",
            "4: price_book: \"vast\" is no known price_books; \
             use one that is declared under [price_books]",
        ),
        (
            "class.comunity.x.share = \"1 %\"",
            "4: class.comunity: is no known pool; did you mean community?",
        ),
    ]);
}

#[test]
fn regions_have_rows_and_columns_both_ways_the_same() {
    let new = "[region.lu]\ncity = \"Luna\"\ncontinent = \"moon\"\nutc_offset_minutes = 0\n\
               household_tariff = \"0 USD/kWh\"\nbusiness_tariff = \"0 USD/kWh\"\n";
    let lines = lines_over_baseline(new);
    assert_eq!(lines.len(), 15, "one row and fourteen columns: {lines:#?}");
    let place = lines[0].split(": ").next().unwrap();
    assert!(place.starts_with("scenarios/library/regions.toml:"), "{place}");
    assert!(
        lines[0].ends_with(
            ": latency.rtt_ms.nae: has no column for region lu; write lu = milliseconds"
        )
    );
    assert!(lines[14].ends_with(": latency.rtt_ms: has no row for region lu; write lu = { ... }"));
    assert_lines(&[
        (
            "latency.rtt_ms.euc.nae = 91",
            "4: latency.rtt_ms.euc: is 91 ms to nae, but nae is 92 ms to euc; \
             write the same both ways",
        ),
        (
            "latency.rtt_ms.euc.nae = \"91 ms\"",
            "4: latency.rtt_ms.euc.nae: \"91 ms\" is no round trip; \
             write milliseconds from 0 to 10000",
        ),
    ]);
}

#[test]
fn hardware_tiers_neither_overlap_nor_leave_holes_unsaid() {
    let end = |text: &str| line(text).split_once(": ").unwrap().1.to_string();
    assert_eq!(
        end("hardware_tier.high.from = \"5000 USD\""),
        "hardware_tier.high: starts at 5000 USD and overlaps medium (2000-7500 USD); \
         lower medium.to or raise this from"
    );
    assert_eq!(
        end("hardware_tier.medium.to = \"5000 USD\""),
        "warning: hardware_tier.medium: leaves a hole from 5000 to 7500 USD; \
         cards in it count as medium"
    );
    assert_eq!(
        end("hardware_tier.entry.to = \"0 USD\"\nhardware_tier.low.from = \"0 USD\""),
        "hardware_tier.entry: ends at 0 USD, not above its start 0 USD; raise its to"
    );
}

#[test]
fn the_clock_keeps_whole_eras_and_twenty_years() {
    assert_lines(&[
        (
            "clock.warm_up = \"36 h\"",
            "4: clock.warm_up: \"36 h\" is no whole number of eras; \
             write a multiple of rewards.era (24 h)",
        ),
        ("clock.horizon = \"0 s\"", "4: clock.horizon: \"0 s\" is zero; write a time above zero"),
        (
            "clock.horizon = \"7305 d\"",
            "4: clock.horizon: \"7305 d\" is more than 20 years with the warm-up; shorten it",
        ),
        (
            "chain_profile.orbit.block = \"999 us\"",
            "4: chain_profile.orbit.block: \"999 us\" is shorter than a millisecond; \
             write at least \"1 ms\", or \"0 s\" for no blocks",
        ),
    ]);
}

#[test]
fn ranges_are_not_reversed() {
    let above = "is above max; lower min or raise max";
    for (key, min, max) in [
        ("latency.last_mile", "\"40 ms\"", "\"30 ms\""),
        ("ordering.boot", "\"5 min\"", "\"2 min\""),
        ("ordering.ceiling", "3.0", "2.0"),
        ("stake.initial", "30.0", "10.0"),
        ("class.community.inference.latency_bound", "\"200 ms\"", "\"150 ms\""),
    ] {
        let text = format!("{key} = {{ min = {min}, max = {max} }}");
        let min = min.trim_matches('"');
        assert_eq!(line(&text), format!("scenarios/test.toml:4: {key}.min: \"{min}\" {above}"));
    }
    assert_lines(&[
        (
            "pool.secured.machines = { min = 9, max = 8, mean = 8.0 }",
            "4: pool.secured.machines.min: \"9\" is above max; lower min or raise max",
        ),
        (
            "pool.secured.machines.mean = 33",
            "4: pool.secured.machines.mean: \"33\" is not between min and max; write 1 to 32",
        ),
        (
            "class.secured.training.duration.median = \"1 d\"",
            "4: class.secured.training.duration.median: \"1 d\" is not between min and max; \
             move it or the range",
        ),
        (
            "rewards.ladder.1.lost_below = \"99.5 %\"",
            "4: rewards.ladder.1.lost_below: \"99.5 %\" is above uptime; lower it",
        ),
    ]);
}

#[test]
fn pools_keep_to_their_rules_and_bounds() {
    assert_lines(&[
        (
            "pool.community.gpus_per_machine = 2",
            "4: pool.community.gpus_per_machine: \"2\" is more than a machine under fizz rules has; \
             write 1 or use rules = \"provider\"",
        ),
        (
            "[pool.community.trust]\n1 = \"100 %\"",
            "4: pool.community.trust: has no meaning under fizz rules; remove it",
        ),
        (
            "class.community.batch.gpus = { 1 = \"0 %\", 8 = \"100 %\" }",
            "4: class.community.batch.gpus.8: \"100 %\" asks for 8 GPUs of one machine, which has 1; \
             lower it",
        ),
        (
            "class.community.batch.gpus.none = \"0 %\"",
            "4: class.community.batch.gpus.none: \"0 %\" is no number of GPUs; write 1 or more",
        ),
        (
            "pool.community.demand = 0.6",
            "4: pool.community.demand: \"0.6\" is a number; write a text in quotes",
        ),
        (
            "pool.community.demand = \"60\"",
            "4: pool.community.demand: \"60\" is no demand; \
             write \"60 %\" of the GPUs that are up, or \"8 GPU\"",
        ),
        (
            "pool.community.demand = \"96 %\"",
            "4: warning: pool.community.demand: \"96 %\" is outside 5-95 % of the GPUs that are up; \
             it is taken as written",
        ),
    ]);
    assert!(
        line("tenants.count = 0")
            .ends_with("tenants: has count 0 while pools have demand; write at least 1")
    );
    assert_eq!(
        line("pool.secured.machines = { min = 1, max = 4000, mean = 8.0 }"),
        "scenarios/test.toml:4: pool.secured.machines: makes up to 32000 GPUs of one provider; \
         keep it at 30000 or fewer"
    );
    assert!(
        line("pool.secured.providers = 20000")
            .ends_with("makes up to 5120000 GPUs; keep a pool at 5000000 or fewer, or divide it")
    );
    assert!(
        line("remove = [\"pool.secured.trust\"]").ends_with(
            "pool.secured.trust: is missing; write it as baseline.toml does, or extend it"
        )
    );
}

#[test]
fn a_misspelt_entry_is_one_problem() {
    let lines = lines_over_baseline("pool.comunity.demand = \"80 %\"");
    let [pool, class] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(pool.contains(": pool.comunity: lacks ") && pool.ends_with("did you mean community?"));
    assert!(class.contains(": class.comunity: is missing"), "its jobs are elsewhere: {class}");
    let lines = lines_over_baseline("pool.another.demand = \"80 %\"");
    assert!(lines.len() > 10, "a name like no other is a new entry: {lines:#?}");
    let is_missing = |line: &String| line.contains(".another") && line.contains(": is missing");
    assert!(lines.iter().all(is_missing), "{lines:#?}");
}

#[test]
fn catalogues_fit_their_sets() {
    let cards: String = (0..53).map(|n| format!("[card.c{n}]\n")).collect();
    let lines = lines_over_baseline(&cards);
    let expected = ": card: has 129 entries; keep at most 128";
    assert!(lines.iter().any(|line| line.ends_with(expected)), "{lines:#?}");
    let pools: String = (0..63).map(|n| format!("[pool.p{n}]\n")).collect();
    let lines = lines_over_baseline(&pools);
    let expected = ": pool: has 65 entries; keep at most 64";
    assert!(lines.iter().any(|line| line.ends_with(expected)), "{lines:#?}");
}

#[test]
fn a_label_and_a_tier_that_contradict_each_other_are_refused() {
    let lines = lines_over_baseline("card.rtx4090.tier = \"high\"");
    let [line] = lines.as_slice() else { panic!("{lines:#?}") };
    let expected = "card.rtx4090.label: \"medium_1\" is a step of tier medium, but the card's tier \
                    is high; write tier = \"medium\" or another label";
    assert!(line.contains(expected), "{line}");
    // A trust tier, a class of pools or a label in the place of a tier is no word of it.
    for word in ["1", "tier_1", "secured", "medium_1", "ultra high"] {
        let lines = lines_over_baseline(&format!("card.rtx4090.tier = \"{word}\""));
        assert!(lines.iter().any(|line| line.contains("is not one of its words")), "{lines:#?}");
    }
    for word in ["medium", "medium_3", "tier_1", "fizz"] {
        let lines = lines_over_baseline(&format!("card.rtx4090.label = \"{word}\""));
        assert!(lines.iter().any(|line| line.contains("is not one of its words")), "{lines:#?}");
    }
}

#[test]
fn expectations_have_bounds() {
    assert_lines(&[
        (
            "[[expect]]\nmetric = \"orders.sent\"",
            "5: expect.metric: \"orders.sent\" has no bound; write min, max or both",
        ),
        (
            "[[expect]]\nmetric = \"orders.sent\"\nmin = 2\nmax = 1",
            "6: expect.min: \"2\" is above max; lower min or raise max",
        ),
        (
            "[[expect]]\nmetric = \"orders.sent\"\nmin = \"2\"",
            "6: expect.min: \"2\" is no finite number; write a number",
        ),
        ("expect = 3", "4: expect: \"3\" is no list of tables; write [[expect]]"),
    ]);
}

#[test]
fn names_and_questions_are_plain() {
    assert_lines(&[(
        "[host_class.\"a b\"]\nfault = \"none\"\ngpu_fault = \"none\"\ndaily_off = \"none\"\nmaintenance = \"none\"\nbandwidth = \"50 Mbps\"\nowner_use = \"none\"",
        "4: host_class.a b: is no plain name; use letters, digits, _ and -",
    )]);
    let lines = shipped::lines_of(
        b"question = \"\"\nexpectation = \"e\"\nextends = \"baseline.toml\"",
        &[],
    );
    assert_eq!(lines, ["scenarios/test.toml:1: question: is empty; write what the scenario asks"]);
}

#[test]
fn what_is_too_much_together_is_refused() {
    assert!(line("pool.community.demand = \"100000000 GPU\"").contains("class: makes "));
    assert!(line("token.price = \"1000000 USD/SPON\"").contains("emission: pays 164271047228 USD"));
    assert!(
        line("emission.linear_pool.pool = \"1000000000000 SPON\"").contains("is above 1e11 SPON")
    );
    assert!(
        line("stake.minimum_per_gpu = \"1000000 USD\"\ntoken.price = \"0.000000001 USD/SPON\"")
            .contains("stake: asks up to ")
    );
}
