//! What is said about settings that are valid and can hardly be meant, and about long runs.

mod shipped;

use shipped::lines_over_baseline;

/// Whether a text over the baseline is valid: all that is said of it are warnings.
fn is_valid(lines: &[String]) -> bool {
    lines.iter().all(|line| line.contains(": warning: "))
}

/// Asserts that a text over the baseline is valid and that its one warning is this.
fn assert_doubted(text: &str, expected: &str) {
    let lines = lines_over_baseline(text);
    let doubts: Vec<&String> = lines.iter().filter(|line| line.contains(expected)).collect();
    assert_eq!(doubts.len(), 1, "{text}: {lines:#?}");
    assert!(is_valid(&lines), "{lines:#?}");
}

const ENTRY: &str = "{ prospects = 9, rule = \"logit\", lead_time = { min = \"100 d\", \
                     max = \"100 d\" }, per_month = 10, capital = \"none\" }";

#[test]
fn what_comes_after_the_end_is_doubted_at_its_key() {
    let past = "after the run has ended: ";
    for (text, key, so) in [
        (format!("pool.community.entry = {ENTRY}"), "pool.community.entry.lead_time", "nobody"),
        (
            format!("pool.community.entry = {ENTRY}\ninvestment.review_eras = 40"),
            "investment.review_eras",
            "nobody decides",
        ),
        (
            "provider_kind.posted.leaving = \"margin\"\ninvestment.window_eras = 40".to_string(),
            "investment.window_eras",
            "whoever leaves for want of cash",
        ),
        (
            "pool.community.admission = \"kyc\"\nadmission.kyc.delay = \"50 d\"\n\
             pool.community.newcomers = { count = 5, join = \"1 h\" }"
                .to_string(),
            "admission.kyc.delay",
            "of the newcomers of pool community nobody is let in",
        ),
        (
            "hardware.generations = [{ at = \"1000 d\", rents = \"1 %\", resale = \"1 %\", \
             spares = [] }]"
                .to_string(),
            "hardware.generations",
            "it is never seen",
        ),
        (
            "pool.community.kinds = { posted = \"0 %\", learning = \"100 %\" }\n\
             provider_kind.learning.learning.review_eras = 1000"
                .to_string(),
            "provider_kind.learning.learning",
            "it never reviews what it asks",
        ),
    ] {
        let lines = lines_over_baseline(&text);
        let line = lines.iter().find(|line| line.contains(past));
        let line = line.unwrap_or_else(|| panic!("{text}: {lines:#?}"));
        assert!(line.contains(&format!("warning: {key}: ")) && line.contains(so), "{line}");
        assert!(line.ends_with("write less, or lengthen clock.horizon"), "{line}");
        assert!(is_valid(&lines), "{lines:#?}");
    }
}

#[test]
fn a_notice_that_comes_to_nothing_is_doubted() {
    assert_doubted("contract.notice = \"5 min\"", "contract.notice: \"5 min\" is never given");
    let owners = "host_class.home.owner_use = \"household\"\ncontract.notice = \"30 d\"\n\
                  clock.horizon = \"5 d\"";
    assert_doubted(owners, "after the run has ended: no lease is taken back");
}

#[test]
fn what_nobody_can_use_is_doubted() {
    for (text, expected) in [
        (
            "pool.community.providers = 0\npool.secured.providers = 0",
            "pool: has no provider in any pool",
        ),
        (
            "pool.community.providers = 0\npool.community.demand = \"5 GPU\"",
            "pool.community.providers: \"0\" is 0, so that nobody serves its demand",
        ),
        (
            "repair_crews.premium = 2\nhost_class.premium.fault = \"none\"\n\
             host_class.premium.gpu_fault = \"none\"",
            "repair_crews.premium: \"2\" repairs premium, which never fails; write \"none\"",
        ),
        (
            "class.community.batch.image = { median = \"10000 GiB\", sigma = 0.0, \
             max = \"10000 GiB\" }",
            "class.community.batch.image: takes ",
        ),
    ] {
        assert_doubted(text, expected);
    }
}

#[test]
fn a_run_that_will_take_long_says_so_at_the_key_that_makes_it_long() {
    let crowd = ENTRY.replace("100 d", "1 d").replace("prospects = 9", "prospects = 1000000");
    for (text, expected) in [
        (format!("pool.community.entry = {crowd}"), "entry.prospects: \"1000000\" makes "),
        (
            "ordering.retry_every = \"1 s\"".to_string(),
            "ordering.retry_every: \"1 s\" lets a job that finds nobody order 21600 times; write \
             at least \"22 s\"",
        ),
        (
            "host_class.home.fault = { between = \"1 min\", repair = \"1 min\" }".to_string(),
            "host_class.home.fault: makes ",
        ),
        (
            "host_class.home.maintenance = { every = \"1 s\", length = \"1 s\", notice = \"0 s\" }"
                .to_string(),
            "host_class.home.maintenance: makes ",
        ),
        (
            "tenant_misuse.spam = { share = \"100 %\", per_day = 10000.0 }".to_string(),
            "tenant_misuse.spam: makes ",
        ),
        ("clock.horizon = \"3000 d\"".to_string(), "class: makes "),
        (
            "pool.community.providers = 700000".to_string(),
            "pool.community.providers: \"700000\" takes about 1.3 GB of memory; write fewer",
        ),
    ] {
        assert_doubted(&text, expected);
    }
}

#[test]
fn what_can_do_nothing_at_all_is_refused() {
    for (text, expected) in [
        ("ordering.line.limit = 0", "write a whole number from 1 to 1000000"),
        (
            &*format!(
                "pool.community.entry = {}",
                ENTRY.replace("\"none\"", "{ median = \"0 USD\", sigma = 1.0 }")
            ),
            "is nothing, and nobody could pay; write more, or capital = \"none\"",
        ),
    ] {
        let lines = lines_over_baseline(text);
        assert!(lines.iter().any(|line| line.ends_with(expected)), "{lines:#?}");
        assert!(!is_valid(&lines), "{text}");
    }
}

#[test]
fn the_baseline_raises_no_doubt() {
    assert_eq!(lines_over_baseline("tenants.count = 900"), Vec::<String>::new());
}
