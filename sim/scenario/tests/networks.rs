//! Are other networks and who may move there read as declared, and mistakes told with a remedy?

mod shipped;

use scenario::{Leaving, MovingRule};
use shipped::{lines_over_baseline, shipped};
use units::{Ppm, Usd};

const ROAMING: &str = "pool.community.kinds={ posted = \"60 %\", roaming = \"40 %\" }";
const OPEN: &str = "other_network.akash.is_open=true";

#[test]
fn nobody_moves_unless_it_is_declared() {
    let market = shipped("scenarios/baseline.toml", &[]).scenario;
    assert!(market.other_networks.iter().all(|network| !network.is_open));
    for key in ["other_network.akash.is_open", "other_network.akash.fee", "investment.npv.rate"] {
        assert!(!market.is_in_force(key), "{key}");
    }
}

#[test]
fn what_is_declared_is_in_force_and_nothing_else() {
    let market = shipped("scenarios/baseline.toml", &[ROAMING, OPEN]).scenario;
    assert_eq!(market.deciding_by(), ["move"]);
    let akash = market.other_networks.iter().find(|one| one.name == "akash").expect("declared");
    assert_eq!(
        (akash.utilization, akash.fee, akash.multiple_hundredths),
        (Ppm(600_000), Ppm(0), 100)
    );
    let kind = market.provider_kinds.iter().find(|one| one.name == "roaming").expect("declared");
    let Leaving::Move(moving) = kind.leaving else { panic!("it moves") };
    assert_eq!((moving.rule, moving.notice_eras), (MovingRule::Npv, 0));
    assert_eq!(moving.switching, Usd::from_nanos(2_000_000_000));
    for key in [
        "other_network.vast.is_open",
        "other_network.akash.fee",
        "investment.npv.rate",
        "investment.review_eras",
        "provider_kind.roaming.move.switching",
    ] {
        assert!(market.is_in_force(key), "{key}");
    }
    for key in [
        "other_network.vast.fee",
        "investment.npv.salvage",
        "investment.logit.scale",
        "provider_kind.rooted.move.switching",
    ] {
        assert!(!market.is_in_force(key), "{key}");
    }
    let logit = "provider_kind.roaming.move.rule=logit";
    let market = shipped("scenarios/baseline.toml", &[ROAMING, OPEN, logit]).scenario;
    assert!(market.is_in_force("investment.logit.scale"));
    assert!(!market.is_in_force("investment.logit.outside"), "networks are what is outside");
}

#[test]
fn mistakes_tell_their_remedy() {
    let roaming = ROAMING.replacen('=', " = ", 1);
    let rational = format!(
        "{roaming}\nother_network.akash.is_open = true\ninvestment.expectation = \"rational\""
    );
    let cases = [
        (
            roaming.as_str(),
            "provider_kind.roaming.leaving: \"move\" has nowhere to go; write is_open = true for an \
             other_network, or another word",
        ),
        (
            "other_network.vast.is_open = true",
            "4: other_network.vast.is_open: \"true\" leads nobody there; close it, or give a \
             provider kind of a pool leaving = \"move\"",
        ),
        (
            "other_network.vast.subsidy = -0.1",
            "4: other_network.vast.subsidy: \"-0.1\" is out of range; write a number from 0 to 100",
        ),
        (
            "other_network.vast.prices.h100 = \"-2 USD/GPU-h\"",
            "4: other_network.vast.prices.h100: \"-2 USD/GPU-h\" is below zero; write a quantity of \
             zero or more",
        ),
        (
            "other_network.vast.prices.h1000 = \"2 USD/GPU-h\"",
            "4: other_network.vast.prices.h1000: \"2 USD/GPU-h\" is no known card; did \
             you mean h100?",
        ),
        (
            "other_network.vast.fee = \"120 %\"",
            "4: other_network.vast.fee: \"120 %\" is too large; write at most 100 %",
        ),
        (
            "other_network.vast.subsidy_path = { every = \"30 d\", values = [1.0, -1.0] }",
            "4: other_network.vast.subsidy_path.values: holds something else; write factors from \
             0 to 1000",
        ),
        (
            "other_network.vast.price_path = { every = \"30 d\", values = [] }",
            "4: other_network.vast.price_path.values: has no factor, or too many; write 1 to 1000 \
             of them",
        ),
        (
            "pool.community.kinds = { posted = \"60 %\", roaming = \"30 %\" }",
            "4: pool.community.kinds: adds up to 90 %; make the shares add up to 100 %",
        ),
        (
            "provider_kind.posted.leaving = \"move\"",
            "provider_kind.posted.move: is missing; write it as library/providers.toml does, or \
             extend it",
        ),
        (
            &rational,
            "investment.expectation: is rational, which is worked out for \"logit\" only, beside \
             \"move\"; change one",
        ),
    ];
    for (text, expected) in cases {
        let lines = lines_over_baseline(text);
        assert!(lines[0].ends_with(expected), "{text}: {lines:#?}");
    }
}
