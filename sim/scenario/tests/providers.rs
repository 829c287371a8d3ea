//! Mistakes in provider kinds, word by word.

mod shipped;

use shipped::lines_over_baseline;

/// A kind over the baseline; its head is line 4 of the file.
fn kind(bidding: &str, numbers: &str) -> String {
    let head = format!(
        "provider_kind.k = {{ bidding = \"{bidding}\", leaving = \"never\", reserve = \"none\""
    );
    let lines = lines_over_baseline(&format!("{head}{numbers} }}"));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    lines.into_iter().next().expect("there is one")
}

#[test]
fn ways_to_ask_are_told_their_mistakes() {
    let told = |bidding: &str, numbers: &str, expected: &str| {
        let line = kind(bidding, numbers);
        assert!(line.starts_with("scenarios/test.toml:4: provider_kind.k"), "{line}");
        assert!(line.ends_with(expected), "{line}");
    };
    told(
        "utilisation_feedback",
        "",
        "did you mean utilization_feedback? write one of: posted, \
         script_table, cost_plus, utilization_feedback, undercut, learning",
    );
    let idle = ", undercut = { review = \"1 h\", rank = 1, by = \"1 %\" }";
    told("posted", idle, "is not a known key; remove it");
    let undercut = ", undercut = { review = \"90 min\", rank = 1, by = \"1 %\" }";
    told("undercut", undercut, "is no whole number of hours; write \"1 h\" or a multiple of it");
    let undercut = ", undercut = { review = \"1 h\", rank = 1, by = \"100 %\" }";
    told("undercut", undercut, "leaves nothing of the price; write less than \"100 %\"");
    let learning = |eras: u32, multiples: &str| {
        format!(
            ", learning = {{ review_eras = {eras}, multiples = {multiples}, explore = \"10 %\", \
             rate = \"10 %\" }}"
        )
    };
    told(
        "learning",
        &learning(0, "[1.0, 2.0]"),
        "is out of range; write a whole number from 1 to 1000",
    );
    told("learning", &learning(1, "[2.0, 1.0]"), "is not ascending; sort it and write each once");
    told(
        "learning",
        &learning(1, "[1.0]"),
        "leaves nothing to learn, or too much; write 2 to 64 of them",
    );
    let cost = ", cost_plus = { review = \"1 h\", rented = \"0 %\", margin = \"0 %\" }";
    told("cost_plus", cost, "is no part of a whole; write more than \"0 %\" and at most \"100 %\"");
    let feedback = ", utilization_feedback = { review = \"1 h\", raise_above = \"40 %\", \
                    lower_below = \"50 %\", step = \"5 %\", min = 0.5, max = 2.0 }";
    told("utilization_feedback", feedback, "is above raise_above; lower it, or raise the other");
    let script = ", script_table = { thread = \"1 USD\", threads_per_gpu = 1, \
                  memory_gib = \"1 USD\", \
                  memory_gib_per_gpu = 1, disk_gib = \"0 USD\", disk_gib_per_gpu = 0, \
                  gpu = { default = \"1 USD\", rtx409 = \"2 USD\" } }";
    told("script_table", script, "is no known card; did you mean rtx4090?");
}

#[test]
fn countries_fit_their_region() {
    let told = |text: &str, expected: &str| {
        let lines = lines_over_baseline(text);
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert_eq!(lines[0], format!("scenarios/test.toml:4: {expected}"));
    };
    told(
        "country.kazakhstan.share = \"30 %\"",
        "country.kazakhstan.share: \"30 %\" makes 110 % of its region's providers; keep its \
         countries at 100 % or less",
    );
    told(
        "country.italy.region = \"eucc\"",
        "country.italy.region: \"eucc\" is no known region; did you mean euc?",
    );
    told(
        "country.italy.household_tariff = \"-1 USD/kWh\"",
        "country.italy.household_tariff: \"-1 USD/kWh\" is below zero; write a \
         quantity of zero or more",
    );
}
