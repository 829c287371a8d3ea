//! A merged tree to a scenario, section by section, with every problem.

use crate::catalogue as cat;
use crate::doubts::doubts;
use crate::effort::efforts;
use crate::fleet::fleet;
use crate::load_sheet::LoadSheet;
use crate::matching;
use crate::node::Node;
use crate::places::remedy_of_missing;
use crate::pools::{self, Catalogues};
use crate::problem::Problem;
use crate::reader::{Desk, Names, Table};
use crate::rules;
use crate::validated::{Card, Expecting, Pledge, Pool, Scenario, Traded};
use crate::variant::{self, Comparison};
use units::{Ppm, RegionSet, Span};

/// What was found in a tree: a scenario that counts only if no problem is more than a warning.
pub struct Found {
    /// The scenario; placeholders stand where there are problems.
    pub scenario: Scenario,
    /// What it holds side by side.
    pub comparison: Comparison,
    /// Problems and warnings.
    pub problems: Vec<Problem>,
}

/// Reads and checks a whole tree. `file` is the one that was asked for.
pub fn validate(tree: &Node, file: &str, is_incomplete: bool) -> Found {
    let desk = Desk { is_incomplete, ..Desk::new(Vec::new(), remedy_of_missing) };
    let root = Table::root(&desk, tree);
    let scenario = read_scenario(&root, file);
    let comparison = variant::comparison(&root);
    check_variants(&root, &scenario, &comparison);
    check_tenants(&root, &scenario);
    check_words(&root, &scenario);
    check_gas(&root, &scenario);
    check_lines(&root, &scenario);
    check_crews(&root, &scenario);
    rules::check_choice(&root, &scenario);
    rules::check_misuse(&root, &scenario);
    rules::check_contracts(&root, &scenario);
    check_expectations(&root, &scenario);
    rules::check_networks(&root, &scenario);
    if desk.problems.borrow().iter().all(|problem| problem.is_warning) {
        check_sizes(&root, &scenario);
    }
    if desk.problems.borrow().iter().all(|problem| problem.is_warning) {
        let doubts = doubts(&scenario).into_iter().chain(efforts(&scenario));
        doubts.for_each(|(path, message)| root.warning_at(&path, message));
    }
    root.refuse_unknown();
    for key in ["question", "expectation"] {
        warn_if_inherited(&root, key, file);
    }
    Found { scenario, comparison, problems: desk.problems.into_inner() }
}

fn read_scenario(root: &Table, file: &str) -> Scenario {
    let catalogues = catalogues(root);
    let rewards = rules::rewards(root);
    let supply = rules::supply(root, rewards.era);
    let (token, declared) = rules::token(root);
    let clock = rules::clock(root, rewards.era);
    let length = clock.total();
    let pools = pools::pools(root, &catalogues, length);
    let mut host_classes = cat::host_classes(root, &cat::owner_profile_names(root));
    let fleet = fleet(root, &catalogues, &pools, &mut host_classes);
    let classes = pools::classes(root, &pools, &catalogues.cards);
    let (ordering, waiting) = rules::ordering(root, &classes);
    let (tenant_rules, escrow_check) = rules::tenant_rules(root);
    let price_books = cat::price_books(root, &catalogues.cards);
    let price_book = cat::price_book(root, &price_books);
    Scenario {
        name: stem(file).to_string(),
        question: root.text("question"),
        expectation: root.text("expectation"),
        clock,
        chain: rules::chain(root, &catalogues.regions),
        gas: rules::gas(root),
        committee: rules::committee(root, &catalogues.regions),
        matching: matching::matching(root),
        regions: cat::regions(root),
        countries: cat::countries(root, &catalogues.regions),
        latency: cat::latency(root, &catalogues.regions),
        cards: cat::cards(root, price_books.get(price_book)),
        price_books,
        price_book,
        repair_crews: rules::repair_crews(root, &catalogues.host_classes, host_classes.len()),
        host_classes,
        owner_profiles: cat::owner_profiles(root),
        provider_kinds: rules::provider_kinds(root, &catalogues.cards, rewards.era),
        investment: rules::investment(root),
        other_networks: rules::other_networks(root, &catalogues.cards),
        region_outage: cat::region_outage(root),
        tenants: pools::tenants(root, &catalogues.regions),
        pools,
        fleet,
        tenant_kinds: rules::tenant_kinds(root),
        tenant_rules,
        tenant_misuse: rules::tenant_misuse(root, escrow_check),
        venue_list: rules::venue_list(root, &catalogues.cards),
        venues: rules::venues(root),
        classes,
        ordering,
        waiting,
        contracts: rules::contracts(root),
        fees: rules::fees(root),
        payment: rules::payment(root),
        pricing: rules::pricing(root),
        stake: rules::stake(root),
        slashing: rules::slashing(root),
        emission: rules::emission(root, rewards.era, &supply),
        delegation: rules::delegation(root),
        challengers: rules::challengers(root),
        rewards,
        supply,
        token,
        exchange: rules::exchange(root),
        impact: rules::impact(root),
        token_sales: rules::token_sales(root),
        treasury: rules::treasury(root),
        drivers: rules::drivers(root, declared),
        costs: rules::costs(root),
        hardware: rules::hardware(root, &catalogues.cards, length),
        expects: rules::expects(root),
    }
}

/// The names that the rest refers to.
fn catalogues(root: &Table) -> Catalogues {
    Catalogues {
        cards: cat::card_names(root),
        regions: cat::region_names(root),
        host_classes: cat::host_class_names(root),
        provider_kinds: cat::provider_kind_names(root),
        classes: pools::class_names(root),
        tenant_kinds: cat::tenant_kind_names(root),
        checks: rules::checks(root),
    }
}

/// What is expected of a variant is expected of one that there is.
fn check_variants(root: &Table, scenario: &Scenario, comparison: &Comparison) {
    let names = comparison.variants.iter().map(|variant| variant.name.clone()).collect();
    let names = Names::new("variant", names);
    for name in scenario.expects.iter().filter_map(|expect| expect.variant.as_ref()) {
        if names.index(name).is_none() {
            root.problem("expect", format!("of variant {name} {}", names.unknown(name)));
        }
    }
}

/// What is in line at a provider is told by no view but a full and present one.
fn check_lines(root: &Table, scenario: &Scenario) {
    let mut operators = scenario.committee.operators.iter();
    let is_plain = operators.all(|one| {
        let hides = one.censors.as_ref().is_some_and(|censors| {
            censors.providers > Ppm::ZERO || censors.providers_from != RegionSet::default()
        });
        one.view_lag.is_zero() && !hides
    });
    root.require(is_plain || !scenario.waiting.is_at_providers(), "ordering", || {
        "has lines at providers, which old or censored views do not show; write scope = \"pool\", \
         or set view_lag to \"0 s\" and let no operator censor providers"
            .to_string()
    });
}

/// Demand comes from somebody.
fn check_tenants(root: &Table, scenario: &Scenario) {
    let is_peopled = scenario.tenants.count > 0 || scenario.classes.is_empty();
    root.require(is_peopled || scenario.pools.iter().all(pools::has_no_demand), "tenants", || {
        "has count 0 while pools have demand; write at least 1".to_string()
    });
}

/// Most arrivals in an hour, in the mean: a run that draws more would not end in a day.
const ARRIVALS_MAX: f64 = 5e6;
/// Most dollars that an era's rewards may be worth, and most tokens that anybody may hold.
const REWARDS_USD_MAX: f64 = 1e9;
const TOKENS_MAX: f64 = 1e11;

/// What is possible value by value can still be too much together.
fn check_sizes(root: &Table, scenario: &Scenario) {
    let end = scenario.clock.total();
    let growth = scenario.classes.iter().filter_map(|class| class.growth.as_ref());
    let growth = growth.map(|growth| growth.largest(Span::ZERO, end)).fold(1.0, f64::max);
    let arrivals = LoadSheet::of(scenario).arrivals_per_hour() * growth;
    root.require(arrivals <= ARRIVALS_MAX, "class", || {
        format!("makes {arrivals:.0} jobs an hour; lower the demand or lengthen the jobs")
    });
    let price = scenario.token.price.nanos() as f64 / 1e9;
    let worth = scenario.emission.largest().as_f64() * price;
    root.require(worth <= REWARDS_USD_MAX, "emission", || {
        format!("pays {worth:.0} USD an era at the token's price; lower it or token.price")
    });
    let committee = scenario.committee.stake.as_f64();
    root.require((1.0..=TOKENS_MAX).contains(&committee), "committee", || {
        format!("has a stake of {committee:.0} SPON; write 1 to {TOKENS_MAX:.0}")
    });
    let tokens = scenario.exchange.dollars.as_f64() / price;
    let is_pooled = scenario.token.traded == Traded::Pool;
    root.require(!is_pooled || tokens <= TOKENS_MAX, "exchange", || {
        format!("holds {tokens:.0} SPON; lower its dollars or raise token.price")
    });
    let stake = largest_stake(scenario, price);
    root.require(stake <= TOKENS_MAX, "stake", || {
        format!("asks up to {stake:.0} SPON of one provider; lower it or raise token.price")
    });
}

/// The largest stake that any provider may start with, in tokens of this price.
fn largest_stake(scenario: &Scenario, price: f64) -> f64 {
    let gpus = |pool: &Pool| f64::from(pool.machines_max) * f64::from(pool.gpus_per_machine.0);
    let gpus = scenario.pools.iter().map(gpus).fold(0.0, f64::max);
    let multiplier = |card: &Card| {
        let most = card.multiplier_hundredths.both().into_iter().max().unwrap_or_default();
        f64::from(most.max(100)) / 100.0
    };
    let multiplier = scenario.cards.iter().map(multiplier).fold(1.0, f64::max);
    let stake = &scenario.stake;
    let least = match stake.pledge {
        Pledge::Dollars { per_gpu } => per_gpu.as_f64() / price * multiplier * gpus,
        Pledge::Tokens { per_gpu: one } | Pledge::Model { coefficient: one } => {
            one.as_f64() * multiplier * gpus
        }
        Pledge::Power { rule, circulating } => {
            let days = f64::from(rule.reward_days);
            circulating.as_f64() + scenario.emission.largest().as_f64() * days
        }
    };
    least * stake.initial_max.max(1.0)
}

/// A settlement fits into a block, alone at least, and its batch into an era.
fn check_gas(root: &Table, scenario: &Scenario) {
    let alone = scenario.gas.settlement.gas.total(1);
    let most = scenario.gas.calls.into_iter().max().unwrap_or_default().max(alone);
    root.require(most <= scenario.chain.gas.block_limit, "gas", || {
        format!("has a call of {} gas, more than a block holds; lower it", most.0)
    });
    root.require(scenario.gas.settle_every <= scenario.rewards.era, "gas.settle_every", || {
        "is longer than an era, at whose end every batch is sent; write less".to_string()
    });
}

/// What all expect together is known where all decide by `logit`.
fn check_expectations(root: &Table, scenario: &Scenario) {
    let is_rational = scenario.investment.expectation == Expecting::Rational;
    let others = scenario.deciding_by().into_iter().find(|rule| *rule != "logit");
    root.require(!is_rational || others.is_none(), "investment.expectation", || {
        let rule = others.unwrap_or_default();
        format!(
            "is rational, which is worked out for \"logit\" only, beside \"{rule}\"; change one"
        )
    });
}

/// A recording says itself when a machine was repaired.
fn check_crews(root: &Table, scenario: &Scenario) {
    for (host, crews) in scenario.host_classes.iter().zip(&scenario.repair_crews) {
        let is_sound = host.traces().is_none() || crews.is_none();
        root.require(is_sound, "repair_crews", || {
            format!("limits who repairs {}, which follows a recording; write \"none\"", host.name)
        });
    }
}

/// Question and expectation say something.
fn check_words(root: &Table, scenario: &Scenario) {
    let (asks, hopes) = (&scenario.question, &scenario.expectation);
    root.require(!asks.is_empty(), "question", || "is empty; write what the scenario asks".into());
    root.require(!hopes.is_empty(), "expectation", || "is empty; write what you expect".into());
}

/// A file that asks nothing itself gets its base's question, which is seldom what was meant.
fn warn_if_inherited(root: &Table, key: &str, file: &str) {
    let origin = root.peek(key).map(|node| &*node.origin.file);
    if origin.is_some_and(|from| from != file && from != "--set") {
        root.warning(key, format!("is inherited; write what {file} itself asks and expects"));
    }
}

/// A file's name without its folder and its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}
