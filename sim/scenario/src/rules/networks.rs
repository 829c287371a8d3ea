//! Other networks, and which provider kinds move between them.

use super::choice::by_card;
use crate::reader::{Names, Table};
use crate::validated::{Leaving, Moving, MovingRule, OtherNetwork, Scenario, Schedule};
use units::Span;
use units::text::{parse_gpu_hour_price, parse_ppm, parse_usd};

/// Most that a network pays, in book prices.
const MULTIPLE_MAX: f64 = 100.0;
/// Most factors of a schedule, and the largest of them.
const STEPS_MAX: usize = 1_000;
const FACTOR_MAX: f64 = 1_000.0;
/// Most eras of notice.
const NOTICE_MAX: u32 = 365;
/// Longest time that somebody reckons with: 20 years.
const HORIZON_MAX: Span = Span::from_hours(20 * 8_766);

/// The networks, in the order of the file.
pub fn other_networks(root: &Table, cards: &Names) -> Vec<OtherNetwork> {
    let networks = root.entries("other_network", |name, table| {
        table.require(name != OtherNetwork::HERE, "", || {
            "has the name of this network; choose another name".to_string()
        });
        network(name, table, cards)
    });
    networks.into_iter().map(|(_, network)| network).collect()
}

fn network(name: &str, table: &Table, cards: &Names) -> OtherNetwork {
    let share = |key: &str| {
        let share = table.quantity(key, parse_ppm);
        table.require(share <= units::Ppm::ONE, key, || {
            "is more than the whole; write at most \"100 %\"".to_string()
        });
        share
    };
    OtherNetwork {
        name: name.to_string(),
        is_open: table.flag("is_open"),
        prices: by_card(table, "prices", cards, |of, card| {
            Some(of.quantity(card, parse_gpu_hour_price))
        }),
        multiple_hundredths: table.hundredths("multiple", 0.0..=MULTIPLE_MAX),
        follows_rents: table.word("prices_follow", &[("nothing", false), ("rents", true)]),
        price_path: table.optional("price_path", schedule),
        utilization: share("utilization"),
        fee: share("fee"),
        subsidy: table.number("subsidy", 0.0..=MULTIPLE_MAX),
        follows_token: table.word("subsidy_follows", &[("nothing", false), ("token", true)]),
        subsidy_path: table.optional("subsidy_path", schedule),
    }
}

fn schedule(table: &Table) -> Schedule {
    let values = table.numbers("values");
    let is_fit = |value: &f64| (0.0..=FACTOR_MAX).contains(value);
    table.require(values.iter().all(is_fit), "values", || {
        format!("holds something else; write factors from 0 to {FACTOR_MAX}")
    });
    table.require((1..=STEPS_MAX).contains(&values.len()), "values", || {
        format!("has no factor, or too many; write 1 to {STEPS_MAX} of them")
    });
    Schedule { every: table.span_above_zero("every"), values }
}

/// How a kind moves between networks.
pub fn moving(table: &Table) -> Moving {
    let horizon = table.span_above_zero("horizon");
    table.require(horizon <= HORIZON_MAX, "horizon", || {
        "is more than 20 years; shorten it".to_string()
    });
    Moving {
        rule: table.word("rule", &[("npv", MovingRule::Npv), ("logit", MovingRule::Logit)]),
        switching: table.quantity("switching", parse_usd),
        horizon,
        notice_eras: table.whole("notice_eras", 0..=NOTICE_MAX),
    }
}

/// Who may move has somewhere to go, and a network that is open has somebody who may come.
pub fn check_networks(root: &Table, scenario: &Scenario) {
    let kinds = scenario.provider_kinds.iter().enumerate();
    let mut movers = kinds.filter(|(place, kind)| {
        let is_used = |weights: &[f64]| weights.get(*place).is_some_and(|weight| *weight > 0.0);
        matches!(kind.leaving, Leaving::Move(_))
            && scenario.pools.iter().any(|pool| is_used(&pool.kind_weights.0))
    });
    let mover = movers.next().map(|(_, kind)| &kind.name);
    let mut open = scenario.other_networks.iter().filter(|network| network.is_open);
    match (mover, open.next()) {
        (Some(kind), None) => root.problem_below(
            &format!("provider_kind.{kind}.leaving"),
            "has nowhere to go; write is_open = true for an other_network, or another word",
        ),
        (None, Some(network)) => root.problem_below(
            &format!("other_network.{}.is_open", network.name),
            "leads nobody there; close it, or give a provider kind of a pool leaving = \"move\"",
        ),
        _ => {}
    }
}
