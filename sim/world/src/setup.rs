//! From a scenario to a world: who exists, what they have, what they did before the run.

use crate::purpose;
use crate::state::{
    Books, Causes, ClassLaws, HourCounts, Machine, Meter, PoolState, Provider, Shelf, Stream,
    Tenant, Totals,
};
use crate::world::{Search, World};
use engine::digest::Digest;
use engine::distribution::{Exponential, LogNormal, TruncatedGeometric};
use engine::draws::{Draws, Purpose};
use market::{Candidate, Mode, Scoring};
use network::link::Jitter;
use network::topology::Topology;
use protocol::{Params, PoolRules, Registration, Slots, State};
use rand::distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;
use scenario::{HostClass, Pool, Scenario, UpDown};
use units::{
    CardId, ClassId, EntityKey, GpuCount, GpuHourPrice, HostClassId, MachineId, PoolId, Ppm,
    ProviderId, RegionId, SimTime, Span, TenantId, TrustTier,
};

/// Builds the world of a scenario. Nothing has happened yet: no stake, no faults, no leases.
pub fn build(scenario: &Scenario, seed: u64, search: Search) -> World {
    let params = params(scenario);
    let mut world = World {
        scoring: scoring(scenario),
        topology: topology(scenario),
        jitter: Jitter::new(scenario.latency.jitter_median, scenario.latency.jitter_sigma),
        laws: (0..scenario.classes.len()).map(|id| laws(scenario, ClassId(id as u16))).collect(),
        chain: State::genesis(0, 0, Vec::new(), &params),
        draws: Draws::new(seed),
        params,
        search,
        providers: Vec::new(),
        candidates: Vec::new(),
        machines: Vec::new(),
        machines_in: vec![Vec::new(); scenario.regions.len()],
        outages: vec![0; scenario.regions.len()],
        tenants: Vec::new(),
        tenants_in: vec![Vec::new(); scenario.regions.len()],
        pools: Vec::new(),
        streams: Vec::new(),
        jobs: Slots::default(),
        era_started_at: SimTime::ZERO,
        hour_started_at: SimTime::ZERO,
        digest: Digest::new(),
        scratch: Vec::new(),
        scenario: scenario.clone(),
    };
    let registry = add_supply(&mut world);
    add_tenants(&mut world);
    let (tenants, regions) = (world.tenants.len(), world.scenario.regions.len());
    world.chain = State::genesis(tenants, regions, registry, &world.params);
    add_streams(&mut world);
    world
}

fn params(scenario: &Scenario) -> Params {
    Params {
        block: scenario.chain.block,
        fees: scenario.fees,
        rewards: scenario.rewards.clone(),
        stake_minimum_per_gpu: scenario.stake.minimum_per_gpu,
        slash_burned: scenario.stake.slash_burned,
        token_price: scenario.token.price,
        uptime_prior: scenario.matching.uptime_prior,
        uptime_prior_eras: scenario.matching.uptime_prior_eras,
        uptime_window_eras: scenario.matching.uptime_window_eras,
        reputation_half_life: scenario.matching.reputation_half_life,
        slash_window: scenario.stake.slash_window,
    }
}

fn scoring(scenario: &Scenario) -> Scoring {
    let matching = &scenario.matching;
    Scoring::new(matching.weights, matching.stake_cap_multiple)
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
    ClassLaws {
        duration: scenario::load_sheet::law(&class.duration),
        sizes: alias(&class.sizes.iter().map(|(_, weight)| *weight).collect::<Vec<_>>()),
        cards: alias(&pool.card_weights),
    }
}

/// A table to draw an index by weight: sums and quotients only, the same on every platform.
fn alias(weights: &[f64]) -> WeightedAliasIndex<f64> {
    WeightedAliasIndex::new(weights.to_vec())
        .expect("validation refuses weights that are negative or all zero")
}

/// Adds the providers and machines of every pool; returns their registrations.
fn add_supply(world: &mut World) -> Vec<Registration> {
    let mut registry = Vec::new();
    for index in 0..world.scenario.pools.len() {
        let pool = world.scenario.pools[index].clone();
        let key = EntityKey::group(&pool.name);
        world.pools.push(PoolState {
            key,
            first_provider: ProviderId(world.providers.len() as u32),
            providers: pool.providers,
            shelves: Vec::new(),
            meter: Meter::default(),
            counts: HourCounts::default(),
            waiting: 0,
            demand_state: 0.0,
            demand_ppm: 1_000_000,
        });
        let dice = PoolDice::new(&pool);
        for ordinal in 0..pool.providers {
            let key = key.child(u64::from(ordinal));
            registry.push(add_provider(world, PoolId(index as u16), &pool, &dice, key));
        }
        add_shelves(world, PoolId(index as u16));
    }
    registry
}

/// Bands of prices that each card's providers are divided into. More bands, fewer candidates that
/// are too dear are looked at; eight leave a few per cent.
const PRICE_BANDS: usize = 8;

/// Divides a pool's providers by card, and each card's by price into bands of equal numbers.
fn add_shelves(world: &mut World, id: PoolId) {
    let pool = &mut world.pools[id.index()];
    for card in (0..world.scenario.cards.len()).map(|card| CardId(card as u16)) {
        let first = pool.first_provider.index();
        let everybody = &world.candidates[first..first + pool.providers as usize];
        let ours = everybody.iter().filter(|candidate| candidate.card == card);
        let mut ours: Vec<&Candidate> = ours.collect();
        ours.sort_unstable_by_key(|candidate| (candidate.bid, candidate.key));
        for band in ours.chunks(ours.len().div_ceil(PRICE_BANDS).max(1)) {
            for candidate in band {
                world.providers[candidate.provider.index()].shelf = pool.shelves.len() as u32;
            }
            let price_min = band[0].bid;
            pool.shelves.push(Shelf { card, price_min, providers: Vec::new() });
        }
    }
}

/// What a pool's providers are drawn from.
struct PoolDice {
    cards: WeightedAliasIndex<f64>,
    regions: WeightedAliasIndex<f64>,
    host_classes: WeightedAliasIndex<f64>,
    machines: TruncatedGeometric,
    trust: Option<WeightedAliasIndex<f64>>,
}

impl PoolDice {
    fn new(pool: &Pool) -> PoolDice {
        let (min, max) = (pool.machines_min, pool.machines_max);
        PoolDice {
            cards: alias(&pool.card_weights),
            regions: alias(&pool.region_weights),
            host_classes: alias(&pool.host_class_weights),
            machines: TruncatedGeometric::with_mean(min, max, pool.machines_mean),
            trust: (pool.rules == PoolRules::Provider).then(|| alias(&pool.trust_weights)),
        }
    }
}

fn add_provider(
    world: &mut World,
    pool_id: PoolId,
    pool: &Pool,
    dice: &PoolDice,
    key: EntityKey,
) -> Registration {
    let draws = world.draws;
    let draw = |purpose: Purpose| draws.at(purpose, key, 0);
    let id = ProviderId(world.providers.len() as u32);
    let provider = Provider {
        key,
        pool: pool_id,
        region: RegionId(dice.regions.sample(&mut draw(purpose::REGION)) as u16),
        host_class: HostClassId(dice.host_classes.sample(&mut draw(purpose::HOST_CLASS)) as u16),
        card: CardId(dice.cards.sample(&mut draw(purpose::CARD)) as u16),
        first_machine: MachineId(world.machines.len() as u32),
        machines: dice.machines.sample(&mut draw(purpose::MACHINES)),
        meter: Meter::default(),
        books: Books::default(),
        downtime_gpu_ns: 0,
        capacity_grew_at: SimTime::ZERO,
        shelf: 0,
        place: None,
        totals: Totals::default(),
    };
    let trust = dice.trust.as_ref().map(|weights| {
        let number = weights.sample(&mut draw(purpose::TRUST)) as u8 + 1;
        TrustTier::new(number).expect("seven weights are declared")
    });
    let candidate = advertise(world, pool, &provider, id, trust);
    let gpus = candidate.gpus_total;
    for ordinal in 0..provider.machines {
        add_machine(world, id, &provider, pool.gpus_per_machine, ordinal);
    }
    let multiplier = world.scenario.cards[usize::from(provider.card.0)].multiplier_hundredths;
    let mut one = Registration::new(pool.rules, gpus, multiplier, trust, &world.params);
    note_history(world, &provider, &mut one);
    world.candidates.push(candidate);
    world.providers.push(provider);
    let installed = u64::from(gpus.0);
    world.change_usage(SimTime::ZERO, id, |usage| {
        usage.installed += installed;
        usage.available += installed;
    });
    one
}

/// What a new provider tells the market. Prices lie around the book by the pool's dispersion.
fn advertise(
    world: &World,
    pool: &Pool,
    provider: &Provider,
    id: ProviderId,
    trust_tier: Option<TrustTier>,
) -> Candidate {
    let draw = |purpose: Purpose| world.draws.at(purpose, provider.key, 0);
    let book = world.scenario.cards[usize::from(provider.card.0)].book_price.nanos();
    let factor = draw(purpose::PRICE).sample(&LogNormal::new(1.0, pool.price_sigma));
    let latency = &world.scenario.latency;
    let width = latency.last_mile_max.saturating_sub(latency.last_mile_min).nanos() + 1;
    let last_mile = latency.last_mile_min + Span::from_nanos(draw(purpose::LAST_MILE).below(width));
    let has_last_mile = pool.is_home && world.scenario.chain.has_latency;
    let gpus_total = GpuCount(pool.gpus_per_machine.0 * provider.machines);
    Candidate {
        key: provider.key,
        bid: GpuHourPrice::from_nanos((book as f64 * factor + 0.5) as u64),
        last_mile: if has_last_mile { last_mile } else { Span::ZERO },
        merit: market::Merit::default(),
        gpus_free: GpuCount(0),
        gpus_total,
        gpus_free_on_node: GpuCount(0),
        gpus_on_node: pool.gpus_per_machine,
        region: provider.region,
        card: provider.card,
        mode: match pool.rules {
            PoolRules::Fizz => Mode::Fizz,
            PoolRules::Provider => Mode::Provider,
        },
        is_active: false,
        trust_tier,
        joined_at: SimTime::ZERO,
        provider: id,
        standing: market::Standing {
            uptime: Ppm::ZERO,
            good_milli: 0,
            bad_milli: 0,
            slash_halves: 0,
            stake: units::Spon::ZERO,
            stake_min: units::Spon::ZERO,
        },
    }
}

fn add_machine(
    world: &mut World,
    id: ProviderId,
    provider: &Provider,
    gpus: GpuCount,
    ordinal: u32,
) {
    world.machines_in[provider.region.index()].push(MachineId(world.machines.len() as u32));
    world.machines.push(Machine {
        key: provider.key.child(u64::from(ordinal)),
        provider: id,
        gpus: gpus.0,
        gpus_free: gpus.0,
        causes: Causes::default(),
        causes_at_era: Causes::default(),
        trail: Vec::new(),
        faults: 0,
        gpu_faults: 0,
        jobs: Vec::new(),
        breaches: Vec::new(),
        eager_challenges: [0; 3],
    });
}

/// Gives a provider the uptimes of a full window before the run: each era the mean share of it
/// that its machines, run through their faults and nights, were up.
fn note_history(world: &World, provider: &Provider, one: &mut Registration) {
    let eras = world.params.uptime_window_eras;
    let host = &world.scenario.host_classes[provider.host_class.index()];
    let night = host.daily_off.map_or(1.0, |off| 1.0 - off.length.as_secs_f64() / 86_400.0);
    let machines: Vec<&Machine> = world.machines[provider.first_machine.index()..].iter().collect();
    let mut sums = vec![0.0; eras as usize];
    for machine in &machines {
        let up = draw_history(world, host, machine.key, eras);
        sums.iter_mut().zip(up).for_each(|(sum, up)| *sum += up * night);
    }
    for sum in sums {
        let uptime = sum / machines.len().max(1) as f64;
        one.uptime.note(Ppm((uptime * 1e6 + 0.5) as u32), eras);
    }
}

/// The share of each of the last eras that a machine was up, by its fault law.
fn draw_history(world: &World, host: &HostClass, key: EntityKey, eras: u32) -> Vec<f64> {
    let Some(UpDown { between, repair }) = host.fault else { return vec![1.0; eras as usize] };
    let era = world.params.rewards.era.as_secs_f64();
    let (up_mean, down_mean) = (between.as_secs_f64(), repair.as_secs_f64());
    let mut is_up =
        world.draws.at(purpose::HISTORY, key, 0).unit() * (up_mean + down_mean) < up_mean;
    let mut up = vec![0.0; eras as usize];
    let (mut at, end, mut ordinal) = (0.0, era * f64::from(eras), 1);
    while at < end {
        let mean = if is_up { up_mean } else { down_mean };
        let length = world.draws.at(purpose::HISTORY, key, ordinal).sample(&Exponential::new(mean));
        if is_up {
            add_stretch(&mut up, era, at, (at + length).min(end));
        }
        (at, is_up, ordinal) = (at + length, !is_up, ordinal + 1);
    }
    up
}

/// Adds the stretch from `from` to `to` to the eras it lies in, as shares of an era.
fn add_stretch(up: &mut [f64], era: f64, from: f64, to: f64) {
    for (index, share) in up.iter_mut().enumerate() {
        let (start, end) = (era * index as f64, era * (index + 1) as f64);
        *share += (to.min(end) - from.max(start)).max(0.0) / era;
    }
}

fn add_tenants(world: &mut World) {
    let regions = alias(&world.scenario.tenants.region_weights);
    let group = EntityKey::group("tenants");
    for ordinal in 0..world.scenario.tenants.count {
        let key = group.child(u64::from(ordinal));
        let lot = regions.sample(&mut world.draws.at(purpose::TENANT_REGION, key, 0));
        let region = RegionId(lot as u16);
        world.tenants_in[region.index()].push(TenantId(ordinal));
        world.tenants.push(Tenant { key, region });
    }
}

/// One stream of arrivals per class and region of tenants, at the rates that meet the demand.
fn add_streams(world: &mut World) {
    let tenants = world.tenants.len();
    for pool in 0..world.pools.len() {
        let pool = PoolId(pool as u16);
        let loads = scenario::class_loads(&world.scenario, pool, world.gpus_available(pool));
        for load in loads {
            for region in 0..world.scenario.regions.len() {
                let here = world.tenants_in[region].len();
                let key = EntityKey::group(&world.scenario.classes[load.class.index()].name);
                let per_hour = load.arrivals_per_hour * here as f64 / tenants.max(1) as f64;
                if per_hour > 0.0 {
                    let key = key.child(EntityKey::group(&world.scenario.regions[region].name).0);
                    let region = RegionId(region as u16);
                    world.streams.push(Stream { key, pool, class: load.class, region, per_hour });
                }
            }
        }
    }
}

impl World {
    /// The stake a provider starts with: an even lot between the two multiples of its minimum.
    pub fn draw_stake(&self, id: ProviderId) -> units::Spon {
        let stake = &self.scenario.stake;
        let key = self.providers[id.index()].key;
        let width = stake.initial_max - stake.initial_min;
        let multiple = stake.initial_min + width * self.draws.at(purpose::STAKE, key, 0).unit();
        let millionths = (multiple * 1e6 + 0.5) as i128;
        let least = self.chain.registry[id.index()].stake_min.base();
        units::Spon::from_base(least * millionths / 1_000_000)
    }

    /// GPUs of a pool that are up on average.
    pub fn gpus_available(&self, id: PoolId) -> f64 {
        let per_machine = self.pool(id).gpus_per_machine;
        let ours = self.providers.iter().filter(|provider| provider.pool == id);
        let gpus = |provider: &Provider| {
            let up = self.scenario.availability(provider.host_class, per_machine);
            f64::from(provider.machines * per_machine.0) * up
        };
        ours.map(gpus).sum()
    }
}
