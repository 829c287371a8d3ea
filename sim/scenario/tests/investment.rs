//! Are the rules of entering and leaving read as declared, and mistakes told with a remedy?

mod shipped;

use scenario::{Admission, EntryRule, Expecting};
use shipped::{lines_over_baseline, shipped};

const ENTRY: &str = "pool.community.entry = { prospects = 5, rule = \"npv\", per_month = 2, \
                     lead_time = { min = \"30 d\", max = \"60 d\" }, capital = \"none\" }";

#[test]
fn nobody_decides_unless_it_is_declared() {
    let market = shipped("scenarios/baseline.toml", &[]).scenario;
    assert!(market.deciding_by().is_empty());
    assert!(market.pools.iter().all(|pool| pool.entry.is_none()));
    assert!(market.pools.iter().all(|pool| pool.admission == Admission::Open));
    for key in ["investment.review_eras", "investment.logit.scale", "admission.kyc.cost"] {
        assert!(!market.is_in_force(key), "{key}");
    }
}

#[test]
fn what_is_declared_is_in_force_and_nothing_else() {
    let sets = [&ENTRY.replace("entry = ", "entry="), "pool.community.admission=kyc"];
    let market = shipped("scenarios/baseline.toml", &sets).scenario;
    assert_eq!(market.deciding_by(), ["npv"]);
    assert_eq!(market.investment.expectation, Expecting::Ewma);
    let entry = market.pools[0].entry.expect("it is declared");
    assert_eq!(
        (entry.prospects, entry.buying.rule, entry.buying.per_month),
        (5, EntryRule::Npv, 2)
    );
    for key in ["investment.npv.rate", "investment.ewma.weight", "admission.kyc.delay"] {
        assert!(market.is_in_force(key), "{key}");
    }
    for key in ["investment.bull.strength", "investment.logit.scale", "admission.attested.cost"] {
        assert!(!market.is_in_force(key), "{key}");
    }
}

#[test]
fn mistakes_tell_their_remedy() {
    let rational = format!("{ENTRY}\ninvestment.expectation = \"rational\"");
    let cases = [
        (
            "investment.hysteresis.drift = 0.2",
            "4: investment.hysteresis.drift: \"0.2\" is not below the rate: revenue would be worth \
             more than any amount; lower it",
        ),
        (
            "investment.logit.scale = \"0 USD/GPU-h\"",
            "4: investment.logit.scale: \"0 USD/GPU-h\" is nothing: no two tastes would differ; \
             write more, or another rule",
        ),
        (
            "provider_kind.posted.leaving = \"seldom\"",
            "4: provider_kind.posted.leaving: \"seldom\" is not one of its words; write one of: \
             never, logit, hysteresis, margin, move",
        ),
        (
            "pool.community.admission = \"closed\"",
            "4: pool.community.admission: \"closed\" is not one of its words; write one of: open, \
             attested, kyc",
        ),
        (
            "admission.kyc.false_accept = \"120 %\"",
            "4: admission.kyc.false_accept: \"120 %\" is too large; write at most 100 %",
        ),
        (
            &rational,
            " investment.expectation: is rational, which is worked out for \
             \"logit\" only, beside \"npv\"; change one",
        ),
    ];
    for (text, expected) in cases {
        let lines = lines_over_baseline(text);
        assert_eq!(lines, [format!("scenarios/test.toml:{expected}")], "{text}");
    }
}
