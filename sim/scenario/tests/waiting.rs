//! What is said of lines, patience and crews that cannot be.

mod shipped;

use shipped::lines_over_baseline;

#[test]
fn lines_that_cannot_be_are_refused_with_their_remedy() {
    let twice = "ordering.line.first = [\"secured.training\", \"secured.training\"]";
    for (text, told) in [
        ("ordering.patience = \"3651 d\"", "is longer than ten years; write at most \"3650 d\""),
        ("ordering.waiting = \"queue\"", "write one of: retry, line"),
        ("ordering.line.limit = -1", "write a whole number from 1 to 1000000"),
        ("ordering.line.scope = \"region\"", "write one of: pool, provider"),
        ("ordering.line.first = [\"secured.trainign\"]", "did you mean secured.training?"),
        (twice, "names a class twice; keep the first of the two"),
        ("ordering.line.displaces = true", "has nobody who goes before others; list classes in"),
        ("repair_crews.budget = 0", "write a whole number from 1 to 1000000"),
        ("repair_crews.bugdet = 1", "did you mean budget?"),
    ] {
        let lines = lines_over_baseline(text);
        assert_eq!(lines.len(), 1, "{text}: {lines:#?}");
        assert!(lines[0].contains(told), "{text}: {lines:#?}");
        assert!(lines[0].starts_with("scenarios/test.toml:4: "), "{text}: {lines:#?}");
    }
}

/// Old views do not show who stands in a provider's line.
#[test]
fn lines_at_providers_need_views_that_are_full_and_present() {
    let at_providers = "ordering.waiting = \"line\"\nordering.line.scope = \"provider\"\n";
    let stale = format!("{at_providers}committee.operator.nae.view_lag = \"10 s\"");
    let lines = lines_over_baseline(&stale);
    let is_told = |line: &String| line.contains("let no operator censor providers");
    assert!(lines.iter().any(is_told), "{lines:#?}");
    let present = lines_over_baseline(at_providers);
    assert!(!present.iter().any(is_told), "{present:#?}");
}
