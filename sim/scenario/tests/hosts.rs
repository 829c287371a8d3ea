//! What is said about host classes and owners that cannot be.

mod shipped;

use shipped::lines_over_baseline;

/// Asserts that a text over the baseline is told exactly so; its first line is the file's fourth.
fn assert_told(text: &str, expected: &str) {
    let lines = lines_over_baseline(text);
    assert!(lines.iter().any(|line| line.ends_with(expected)), "{expected}\n{lines:#?}");
}

#[test]
fn times_up_and_down_are_said_once() {
    assert_told(
        "host_class.budget.fault.up = { law = \"exponential\", mean = \"90 h\" }",
        "which say the same; remove it, or extend a class without it",
    );
    assert_told(
        "host_class.home.fault = { up = { law = \"weibull\", scale = \"1 s\", shape = 1.0 }, \
         down = { law = \"exponential\", mean = \"1 h\" } }",
        "is shorter than a minute in the mean; write at least \"1 min\"",
    );
    assert_told(
        "host_class.home.gpu_fault = { up = { law = \"weibull\", scale = \"9 h\", shape = 0.5 }, \
         down = { law = \"exponential\", mean = \"1 h\" } }",
        "is not exponential, so many GPUs have no law of their own; write law = \"exponential\"",
    );
    assert_told(
        "host_class.home.fault = { sites = [] }",
        "is empty; write the times up and down of at least one site",
    );
}

#[test]
fn recordings_are_lists_of_seconds() {
    let remedy = "write lists of 1 or 0 and then seconds above zero, or a file as \
                  { trace = \"spot.csv\" }";
    for traces in ["[]", "[[]]", "[[1]]", "[[2, 60]]", "[[1, -5, 3]]", "[7]"] {
        assert_told(&format!("host_class.home.fault = {{ traces = {traces} }}"), remedy);
    }
    let crews = "repair_crews.home = 1\nhost_class.home.fault = { traces = [[1, 60, 60]] }";
    assert_told(crews, "limits who repairs home, which follows a recording; write \"none\"");
}

/// One table says when machines are up, whatever the one before it said in other words.
#[test]
fn times_up_and_down_replace_those_of_another_form() {
    let law = "host_class.home.fault = { between = \"5 h\", repair = \"1 h\" }\n";
    let laws = "{ law = \"exponential\", mean = \"9 h\" }";
    for other in [
        format!("host_class.budget.fault = {{ up = {laws}, down = {laws} }}"),
        "host_class.budget.fault = { traces = [[1, 60, 60]] }".to_string(),
        format!("host_class.budget.fault = {{ sites = [{{ up = {laws}, down = {laws} }}] }}"),
        "host_class.budget.fault = { between = \"5 h\", repair = \"1 h\" }".to_string(),
    ] {
        assert_eq!(lines_over_baseline(&format!("{law}{other}")), Vec::<String>::new(), "{other}");
    }
}

/// A recording that cannot be read is one problem.
#[test]
fn what_is_wrong_with_a_recording_is_not_told_twice() {
    let lines = lines_over_baseline("host_class.home.fault = { trace = \"nowhere.csv\" }");
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains("nowhere.csv cannot be found"), "{lines:#?}");
}

#[test]
fn maintenance_ends_before_the_next_is_announced() {
    assert_told(
        "host_class.home.maintenance = { every = \"2 d\", length = \"1 d\", notice = \"25 h\" }",
        "is shorter than notice and length together; lengthen it or shorten them",
    );
}

#[test]
fn activities_add_up_to_the_hour_at_most() {
    let all_day = ["90"; 24].join(", ");
    assert_told(
        &format!("owner_profile.household.activity.gaming.weekend = [{all_day}]"),
        "% at 20 h on weekends; lower some to 100 % or less in all",
    );
    assert_told(
        "owner_profile.household.activity.gaming.weekday = [1.0, 2.0]",
        "is no list of 24 numbers; write a percentage for each hour",
    );
    assert_told(
        "owner_profile.household.preempts_from = \"100 %\"",
        "leaves no lease or slows none; write 1 % to 99 %",
    );
    assert_told(
        "host_class.home.owner_use = \"houshold\"",
        "is no known owner_profile; did you mean household?",
    );
}

#[test]
fn shares_and_lines_are_possible() {
    assert_told(
        "region_outage.share = { mean = \"0 %\", concentration = 5.0 }",
        "leaves nothing to draw; write more than 0 % and less than 100 %",
    );
    assert_told(
        "host_class.home.bandwidth = \"0.1 Mbps\"",
        "is less than any image can wait for; write at least \"1 Mbps\"",
    );
}
