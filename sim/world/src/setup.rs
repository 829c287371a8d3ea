//! From a scenario to a world: who exists, what they have, what they did before the run.

mod choice;
mod committee;
mod demand;
mod fleet;
mod history;
mod supply;

use crate::behaviour::outside::ONE;
use crate::behaviour::provider::log_normal;
use crate::purpose;
use crate::state::{ClassLaws, Crews, Delegator, Line, Provider, ViewLog};
use crate::world::{Search, World};
use drivers::Deviation;
use engine::digest::Digest;
use engine::distribution::{Law, LogNormalCeiling};
use engine::draws::Draws;
use market::Scoring;
use mechanism::feed::Feed;
use mechanism::swap_pool::SwapPool;
use network::link::Jitter;
use network::topology::Topology;
use protocol::{
    ContractRules, Genesis, Params, Registration, SlashRules, Slots, StakeRules, StandingRules,
    State,
};
use rand_distr::weighted::WeightedAliasIndex;
use record::ProviderRole;
use scenario::{Card, Durations, Exchange, LineScope, Moved, Scenario, Traded};
use std::collections::VecDeque;
use units::{
    Asset, BasisPoints, ClassId, EntityKey, PoolId, ProviderId, RegionId, RegionSet, SimTime, Spon,
    Usd,
};

/// Builds the world of a scenario. Nothing has happened yet: no stake, no faults, no leases.
pub fn build(scenario: &Scenario, seed: u64, search: Search) -> World {
    let params = params(scenario);
    let mut world = World {
        scoring: scoring(scenario),
        topology: topology(scenario),
        jitter: Jitter::new(scenario.latency.jitter_median, scenario.latency.jitter_sigma),
        thinking_most: LogNormalCeiling::new(&log_normal(scenario.latency.thinking)),
        computing_bounds: LogNormalCeiling::new(&log_normal(scenario.committee.compute)),
        laws: (0..scenario.classes.len()).map(|id| laws(scenario, ClassId(id as u16))).collect(),
        chain: State::genesis(nobody(scenario), &params),
        draws: Draws::new(seed),
        params,
        audit: None,
        search,
        providers: Vec::new(),
        candidates: Vec::new(),
        operators: Vec::new(),
        views: Vec::new(),
        view_log: ViewLog::default(),
        evidence: Slots::default(),
        delegators: delegators(scenario),
        offences: Vec::new(),
        appeals: Slots::default(),
        machines: Vec::new(),
        machines_in: vec![Vec::new(); scenario.regions.len()],
        outages: vec![0; scenario.regions.len()],
        tenants: Vec::new(),
        tenants_in: vec![Vec::new(); scenario.regions.len()],
        near: near(scenario),
        misses: VecDeque::new(),
        lines: Vec::new(),
        stirred: Vec::new(),
        crews: scenario.repair_crews.iter().map(|crews| Crews::new(*crews)).collect(),
        pools: Vec::new(),
        streams: Vec::new(),
        choice: None,
        jobs: Slots::default(),
        drivers: scenario.drivers.joint.begin(&Draws::new(seed)),
        factors: [ONE; Moved::ALL.len()],
        rent_cuts: vec![ONE; scenario.cards.len()],
        deviation: Deviation::NONE,
        net_bought: Usd::ZERO,
        gas: None,
        feed: Feed::new(scenario.exchange.feed_window),
        era_started_at: SimTime::ZERO,
        hour_started_at: SimTime::ZERO,
        issued_before: [0; 2],
        treasury_nets: VecDeque::new(),
        digest: Digest::new(),
        scratch: Vec::new(),
        scenario: scenario.clone(),
    };
    let registry = supply::add_supply(&mut world);
    world.lines = lines(&world);
    committee::add_committee(&mut world);
    demand::add_tenants(&mut world);
    begin_chain(&mut world, registry);
    demand::add_streams(&mut world);
    choice::add_choice(&mut world);
    world
}

/// The chain as it stands before the first call: who there is, and what they have.
fn begin_chain(world: &mut World, registry: Vec<Registration>) {
    let scenario = &world.scenario;
    let (tenants, regions) = (world.tenants.len(), world.scenario.regions.len());
    let posted = scenario.committee.operators.iter();
    let posted: Vec<_> = posted.map(|one| scenario.committee.posted_rounded_down(one)).collect();
    let genesis = Genesis {
        tenants,
        gateways: regions,
        delegators: world.delegators.len(),
        registry,
        operator_stakes: &posted,
        price: scenario.token.price,
        exchange: exchange(scenario),
    };
    world.chain = State::genesis(genesis, &world.params);
    let ledger = &world.chain.ledger;
    world.issued_before = [ledger.minted(Asset::Spon), ledger.burned(Asset::Spon)];
}

/// Empty lines, where orders wait in lines.
fn lines(world: &World) -> Vec<Line> {
    let waiting = &world.scenario.waiting;
    let count = match waiting.scope {
        _ if !waiting.is_line => 0,
        LineScope::Pool => world.pools.len(),
        LineScope::Provider => world.providers.len(),
    };
    vec![Line::default(); count]
}

/// Delegators, who have staked with nobody yet.
fn delegators(scenario: &Scenario) -> Vec<Delegator> {
    let group = EntityKey::group("delegators");
    let ordinals = 0..u64::from(scenario.delegation.delegators);
    ordinals.map(|ordinal| Delegator { key: group.child(ordinal), with: None }).collect()
}

/// The pool of the start: dollars as declared, and tokens worth as much. A started unit of tokens
/// is dropped, so that the pool's price, which is rounded down, is the one that was declared.
fn exchange(scenario: &Scenario) -> Option<SwapPool> {
    if scenario.token.traded != Traded::Pool {
        return None;
    }
    let Exchange { dollars, fee, .. } = scenario.exchange;
    let price = i128::from(scenario.token.price.nanos());
    let tokens = dollars.base() * Spon::ONE.base() / price;
    let pool = SwapPool::new(tokens, dollars.base(), fee);
    Some(pool.expect("validation refuses pools that are empty or cannot be counted"))
}

/// The regions of each region's continent.
fn near(scenario: &Scenario) -> Vec<RegionSet> {
    let of = |continent: &str| {
        let all = (0u16..).map(RegionId).zip(&scenario.regions);
        let here = all.filter(|(_, region)| region.continent == continent);
        here.fold(RegionSet::default(), |set, (id, _)| set.with(id))
    };
    scenario.regions.iter().map(|region| of(&region.continent)).collect()
}

fn params(scenario: &Scenario) -> Params {
    Params {
        block: scenario.chain.block,
        rail: scenario.payment,
        fees: scenario.fees,
        rewards: scenario.rewards.clone(),
        emission: scenario.emission.rules.clone(),
        reward_pool: scenario.emission.pool,
        supply: scenario.supply.clone(),
        buy_back: scenario.treasury,
        stake: StakeRules {
            pledge: scenario.stake.pledge,
            review_eras: scenario.stake.review_eras,
            unbonding: scenario.stake.unbonding,
        },
        slashing: SlashRules {
            faults: scenario.slashing.faults,
            destinations: scenario.slashing.destinations,
            appeal: scenario.slashing.appeal,
            evidence_max_age: scenario.slashing.evidence_max_age,
            operator: scenario.committee.slash_fraction,
            window: scenario.slashing.window,
        },
        standing: StandingRules {
            uptime_prior: scenario.matching.uptime_prior,
            uptime_prior_eras: scenario.matching.uptime_prior_eras,
            uptime_window_eras: scenario.matching.uptime_window_eras,
            reputation_half_life: scenario.matching.reputation_half_life,
        },
        tenants: scenario.tenant_rules,
        contract: ContractRules {
            notice: scenario.contracts.notice,
            termination: scenario.contracts.long.map_or(BasisPoints(0), |long| long.termination),
        },
    }
}

/// A chain without anybody, until it is known who there is.
fn nobody(scenario: &Scenario) -> Genesis<'static> {
    let registry = Vec::new();
    let (operator_stakes, price) = (&[], scenario.token.price);
    Genesis {
        tenants: 0,
        gateways: 0,
        delegators: 0,
        registry,
        operator_stakes,
        price,
        exchange: None,
    }
}

fn scoring(scenario: &Scenario) -> Scoring {
    let matching = &scenario.matching;
    Scoring::new(matching.weights, matching.forms)
        .expect("validation refuses weights that do not add up")
}

fn topology(scenario: &Scenario) -> Topology {
    if scenario.chain.has_latency {
        Topology::from_rtt_micros(&scenario.latency.rtt_us)
    } else {
        Topology::instant(scenario.regions.len() as u16)
    }
}

fn laws(scenario: &Scenario, id: ClassId) -> ClassLaws {
    let class = &scenario.classes[id.index()];
    let pool = &scenario.pools[class.pool.index()];
    let durations: Vec<Law> = (0..class.sizes.len())
        .map(|size| scenario::load_sheet::law(class.duration.of_size(size)))
        .collect();
    let sizes: Vec<f64> = class.sizes.iter().map(|(_, weight)| *weight).collect();
    let found: Vec<f64> = match class.duration {
        Durations::Alike(_) => sizes.clone(),
        Durations::BySize(_) => {
            sizes.iter().zip(&durations).map(|(weight, law)| weight * law.mean()).collect()
        }
    };
    let per_speed = |(weight, card): (&f64, &Card)| weight / f64::from(card.speed_gflops);
    let cards_found: Vec<f64> = match class.reference {
        None => pool.card_weights.clone(),
        Some(_) => pool.card_weights.iter().zip(&scenario.cards).map(per_speed).collect(),
    };
    ClassLaws {
        durations,
        sizes: alias(&sizes),
        sizes_found: alias(&found),
        cards: card_dice(&pool.card_weights),
        cards_found: card_dice(&cards_found),
    }
}

/// A table to draw an index by weight: sums and quotients only, the same on every platform.
fn alias(weights: &[f64]) -> WeightedAliasIndex<f64> {
    WeightedAliasIndex::new(weights.to_vec())
        .expect("validation refuses weights that are negative or all zero")
}

/// Sides that dice of cards have at least.
const CARD_SIDES_MIN: usize = 14;

/// A table to draw a card. It ends with the last card that has a weight, or later: what stands
/// behind in the catalogue and is nobody's moves no draw.
fn card_dice(weights: &[f64]) -> WeightedAliasIndex<f64> {
    let used = weights.iter().rposition(|weight| *weight > 0.0).map_or(0, |last| last + 1);
    alias(&weights[..used.max(CARD_SIDES_MIN).min(weights.len())])
}

impl World {
    /// The stake a provider starts with: an even lot between the two multiples of its minimum, or
    /// its part of what its owner divides.
    pub fn draw_stake(&self, id: ProviderId) -> units::Spon {
        let stake = &self.scenario.stake;
        let provider = &self.providers[id.index()];
        let width = stake.initial_max - stake.initial_min;
        let lot = self.draws.at(purpose::STAKE, provider.owner_key, 0).unit();
        let multiple = match self.pool(provider.pool).splitting {
            Some(splitting) if provider.role == ProviderRole::Split => splitting.stake,
            _ => stake.initial_min + width * lot,
        };
        let millionths = (multiple * 1e6 + 0.5) as i128;
        let least = self.chain.registry[id.index()].stake_min.base();
        units::Spon::from_base(least * millionths / 1_000_000)
    }

    /// GPUs of a pool that are up on average, without those of newcomers and declared providers:
    /// adding machines must not add demand for them.
    pub fn gpus_available(&self, id: PoolId) -> f64 {
        let per_machine = self.pool(id).gpus_per_machine;
        let others = [ProviderRole::Newcomer, ProviderRole::Fleet, ProviderRole::Added];
        let is_counted = |role| !others.contains(&role);
        let is_here = |one: &&Provider| one.pool == id && is_counted(one.role);
        let ours = self.providers.iter().filter(is_here);
        let gpus = |provider: &Provider| {
            let up = self.scenario.availability(provider.host_class, per_machine);
            f64::from(provider.machines * per_machine.0) * up
        };
        ours.map(gpus).sum()
    }
}
