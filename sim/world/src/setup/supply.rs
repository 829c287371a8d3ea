//! Providers and their machines, drawn from what each pool declares.

use super::fleet;
use super::history::note_history;
use super::{alias, card_dice};
use crate::purpose;
use crate::state::{
    Bidder, Books, BurstState, Cause, Causes, HourCounts, JobCounts, Machine, Meter, Outlook,
    PoolMarket, PoolState, Presence, Provider, Session, Totals, Travel,
};
use crate::world::World;
use engine::distribution::{LogNormal, TruncatedGeometric};
use engine::draws::Purpose;
use market::Candidate;
use protocol::{PoolRules, Registration};
use rand::distr::Distribution;
use rand_distr::weighted::WeightedAliasIndex;
use record::{ProviderRole, SupplyReason, key_of_declared};
use scenario::{Expansion, FleetProvider, Pool};
use std::ops::Range;
use units::{
    CardId, CardShare, EntityKey, GpuCount, GpuHourPrice, HostClassId, KwhPrice, MachineId, PoolId,
    Ppm, ProviderId, ProviderKindId, RegionId, SimTime, Span, Spon, TrustTier, Usd,
};

/// Adds the providers and machines of every pool; returns their registrations.
pub fn add_supply(world: &mut World) -> Vec<Registration> {
    let mut registry = Vec::new();
    for index in 0..world.scenario.pools.len() {
        let pool = world.scenario.pools[index].clone();
        let key = EntityKey::group(&pool.name);
        world.pools.push(PoolState {
            key,
            first_provider: ProviderId(world.providers.len() as u32),
            providers: 0,
            founders: 0,
            cards: fleet::cards_in(&world.scenario, PoolId(index as u16)),
            bandwidth_min: fleet::bandwidth_min_in(&world.scenario, PoolId(index as u16)),
            shelves: Vec::new(),
            rents: Vec::new(),
            meter: Meter::default(),
            paid_gpu_us: 0,
            jobs: JobCounts::default(),
            market: PoolMarket::default(),
            counts: HourCounts::default(),
            waiting: 0,
            demand_state: 0.0,
            demand_ppm: 1_000_000,
            bursts: BurstState::default(),
        });
        let dice = PoolDice::new(&pool);
        let first = world.providers.len() as u32;
        let id = PoolId(index as u16);
        for (ordinal, (role, presence)) in (0..).zip(roles(&pool)) {
            let owner = Owner { key: key.child(ordinal), role, presence, declared: None };
            add_owner(world, id, &pool, &dice, owner, &mut registry);
            if role != ProviderRole::Newcomer {
                world.pools[index].founders = world.providers.len() as u32 - first;
            }
        }
        for place in fleet::of_pool(&world.scenario, id) {
            let key = key_of_declared(&world.scenario.fleet[place].name);
            let (role, presence) = (ProviderRole::Fleet, Presence::Here);
            let owner = Owner { key, role, presence, declared: Some(place) };
            add_owner(world, id, &pool, &dice, owner, &mut registry);
        }
        for ordinal in 0..pool.entry.map_or(0, |entry| u64::from(entry.prospects)) {
            let (key, role) = (key.child(PROSPECT | ordinal), ProviderRole::Newcomer);
            let owner = Owner { key, role, presence: Presence::Prospect, declared: None };
            add_owner(world, id, &pool, &dice, owner, &mut registry);
        }
        if let Some(expansion) = pool.expansion {
            let founders = first..first + world.pools[index].founders;
            for founder in founders.map(ProviderId) {
                add_additions(world, (id, &pool, &dice), founder, expansion, &mut registry);
            }
        }
        world.pools[index].providers = world.providers.len() as u32 - first;
        world.shelve(id);
    }
    registry
}

/// Who registers in a pool: those who split stand behind the others, so that their identities move
/// nobody's number; newcomers come behind them, then who was declared one by one, and last of all
/// those who may enter, whom nobody counts until they do.
fn roles(pool: &Pool) -> impl Iterator<Item = (ProviderRole, Presence)> {
    let split = pool.splitting.map_or(0, |splitting| splitting.owners);
    let newcomers = pool.newcomers.map_or(0, |newcomers| newcomers.count);
    let of = |role, presence, count| std::iter::repeat_n((role, presence), count as usize);
    of(ProviderRole::Ordinary, Presence::Here, pool.providers - split)
        .chain(of(ProviderRole::Split, Presence::Here, split))
        .chain(of(ProviderRole::Newcomer, Presence::Expected(SupplyReason::Declared), newcomers))
}

/// Somebody who registers machines.
#[derive(Clone, Copy)]
struct Owner {
    key: EntityKey,
    role: ProviderRole,
    presence: Presence,
    /// Its place among the providers that were declared one by one, if it is one of them.
    declared: Option<usize>,
}

impl Owner {
    fn declared(self, world: &World) -> Option<&FleetProvider> {
        self.declared.map(|place| &world.scenario.fleet[place])
    }
}

/// Keys of prospects are children of their pool's from here on; those of others come before.
const PROSPECT: u64 = 1 << 32;

/// Keys of identities are children of their owner's from here on; those of machines come before.
const IDENTITY: u64 = 1 << 32;

/// Registers an owner's machines, under one identity or divided among several.
fn add_owner(
    world: &mut World,
    pool_id: PoolId,
    pool: &Pool,
    dice: &PoolDice,
    owner: Owner,
    registry: &mut Vec<Registration>,
) {
    let drawn = || dice.machines.sample(&mut world.draws.at(purpose::MACHINES, owner.key, 0));
    let machines = owner.declared(world).map_or_else(drawn, |declared| declared.machines);
    let splitting = pool.splitting.filter(|_| owner.role == ProviderRole::Split);
    let identities = splitting.map_or(1, |splitting| splitting.identities.min(machines));
    let owner_first = ProviderId(world.providers.len() as u32);
    for number in 0..identities {
        let own = |at: u32| (u64::from(machines) * u64::from(at) / u64::from(identities)) as u32;
        let key = match identities {
            1 => owner.key,
            _ => owner.key.child(IDENTITY | u64::from(number)),
        };
        let identity = Identity {
            key,
            owner_first,
            owner_identities: identities,
            machines: own(number)..own(number + 1),
        };
        registry.push(add_provider(world, pool_id, pool, dice, owner, identity));
    }
}

/// Adds the machines that an owner of the start may buy later: alike to those that it has, and each
/// registered by itself. They stand behind all others, so that they move nobody's number.
fn add_additions(
    world: &mut World,
    (pool_id, pool, dice): (PoolId, &Pool, &PoolDice),
    founder: ProviderId,
    expansion: Expansion,
    registry: &mut Vec<Registration>,
) {
    let one = &world.providers[founder.index()];
    if one.role == ProviderRole::Split {
        return;
    }
    let key = one.owner_key;
    let owner =
        Owner { key, role: ProviderRole::Added, presence: Presence::Prospect, declared: None };
    let added_first = ProviderId(world.providers.len() as u32);
    for number in 0..expansion.machines {
        let machine = ADDED | number;
        let identity = Identity {
            key: key.child(IDENTITY | u64::from(machine)),
            owner_first: founder,
            owner_identities: 1,
            machines: machine..machine + 1,
        };
        registry.push(add_provider(world, pool_id, pool, dice, owner, identity));
    }
    let all = [founder].into_iter().chain((added_first.0..).map(ProviderId));
    for id in all.take(1 + expansion.machines as usize) {
        let one = &mut world.providers[id.index()];
        (one.added_first, one.added) = (added_first, expansion.machines);
    }
}

/// Ordinals of machines that are added begin here; those of the start come before.
const ADDED: u32 = 1 << 31;

/// One registration of an owner.
struct Identity {
    key: EntityKey,
    owner_first: ProviderId,
    owner_identities: u32,
    /// Which of the owner's machines it has.
    machines: Range<u32>,
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
            cards: card_dice(&pool.card_weights),
            regions: alias(&pool.region_weights),
            host_classes: host_dice(&pool.host_class_weights),
            machines: TruncatedGeometric::with_mean(min, max, pool.machines_mean),
            trust: (pool.rules == PoolRules::Provider).then(|| alias(&pool.trust_weights)),
        }
    }
}

/// Sides that dice of host classes have at least.
const HOST_SIDES_MIN: usize = 5;

/// A table to draw a host class. It ends with the last one that has a weight, or later: what stands
/// behind in the library and is nobody's moves no draw.
fn host_dice(weights: &[f64]) -> WeightedAliasIndex<f64> {
    let used = weights.iter().rposition(|weight| *weight > 0.0).map_or(0, |last| last + 1);
    alias(&weights[..used.max(HOST_SIDES_MIN).min(weights.len())])
}

fn add_provider(
    world: &mut World,
    pool_id: PoolId,
    pool: &Pool,
    dice: &PoolDice,
    owner: Owner,
    identity: Identity,
) -> Registration {
    let id = ProviderId(world.providers.len() as u32);
    let mut provider = draw_provider(world, pool_id, pool, dice, owner, &identity);
    let trust = dice.trust.as_ref().map(|weights| {
        let number = weights.sample(&mut world.draws.at(purpose::TRUST, owner.key, 0)) as u8 + 1;
        TrustTier::new(number).expect("seven weights are declared")
    });
    let drawn = match owner.declared(world) {
        Some(declared) => fleet::ask(world, declared),
        None => draw_ask(world, pool, &provider),
    };
    world.begin_asking(&mut provider, drawn);
    let candidate = advertise(world, pool, &provider, id, trust);
    let gpus = candidate.gpus_total;
    for ordinal in identity.machines {
        add_machine(world, id, &provider, pool.gpus_per_machine, ordinal);
    }
    let multiplier = world.scenario.cards[usize::from(provider.card.0)].multiplier_hundredths;
    let multiplier = multiplier.of(pool.rules);
    // A newcomer is a name without machines until it registers them.
    let is_newcomer = owner.presence != Presence::Here;
    let gpus = if is_newcomer { GpuCount(0) } else { gpus };
    let mut one = Registration::new(pool.rules, gpus, multiplier, trust);
    if !is_newcomer {
        note_history(world, &provider, &mut one);
    }
    world.candidates.push(candidate);
    world.providers.push(provider);
    let installed = u64::from(gpus.0);
    world.change_usage(SimTime::ZERO, id, |usage| {
        usage.installed += installed;
        usage.available += installed;
    });
    one
}

/// A provider as its pool's dice make it. Draws go by the owner's key: its identities are alike.
fn draw_provider(
    world: &World,
    pool_id: PoolId,
    pool: &Pool,
    dice: &PoolDice,
    owner: Owner,
    identity: &Identity,
) -> Provider {
    let draw = |purpose: Purpose| world.draws.at(purpose, owner.key, 0);
    let region = RegionId(dice.regions.sample(&mut draw(purpose::REGION)) as u16);
    let drawn = Provider {
        key: identity.key,
        owner_key: owner.key,
        owner_first: identity.owner_first,
        owner_identities: identity.owner_identities,
        role: draw_role(world, owner),
        added_first: ProviderId(0),
        added: 0,
        kind: draw_kind(world, pool, owner),
        joined_at: joins_at(pool, owner.presence),
        presence: owner.presence,
        travel: Travel::default(),
        left_at: None,
        outlook: Outlook::default(),
        leases_won: 0,
        first_lease_at: None,
        pool: pool_id,
        region,
        host_class: HostClassId(dice.host_classes.sample(&mut draw(purpose::HOST_CLASS)) as u16),
        card: CardId(dice.cards.sample(&mut draw(purpose::CARD)) as u16),
        card_age: match owner.presence {
            Presence::Here => world.draw_card_age(owner.key),
            _ => Span::ZERO,
        },
        tariff: draw_tariff(world, pool, owner, region),
        asked: GpuHourPrice::from_nanos(0),
        reserve: GpuHourPrice::from_nanos(0),
        bidder: Bidder::default(),
        first_machine: MachineId(world.machines.len() as u32),
        machines: identity.machines.len() as u32,
        meter: Meter::default(),
        tokens_kept: Spon::ZERO,
        books: Books::default(),
        net: Usd::ZERO,
        yield_nano: 0,
        downtime_gpu_ns: 0,
        capacity_grew_at: SimTime::ZERO,
        maintenance_at: None,
        shelf: 0,
        place: None,
        totals: Totals::default(),
    };
    match owner.declared(world) {
        Some(declared) => {
            fleet::as_declared(drawn, declared, |region| tariff_of(world, pool, region))
        }
        None => drawn,
    }
}

/// When an owner joins, as far as that is known: newcomers are checked first.
fn joins_at(pool: &Pool, presence: Presence) -> SimTime {
    let delay = pool.admission.check().map_or(Span::ZERO, |check| check.delay);
    match (presence, pool.newcomers) {
        (Presence::Expected(_), Some(newcomers)) => SimTime::ZERO + newcomers.join + delay,
        (Presence::Prospect, _) => SimTime::NEVER,
        _ => SimTime::ZERO,
    }
}

/// How an owner behaves, all its identities alike; where all of a pool do the same, nothing is
/// drawn.
fn draw_kind(world: &World, pool: &Pool, owner: Owner) -> ProviderKindId {
    let lot = || world.draws.at(purpose::KIND, owner.key, 0).unit();
    pool.kind_weights.only().unwrap_or_else(|| pool.kind_weights.at(lot()))
}

/// What a kilowatt-hour costs an owner at the start: in its country, if its region has some.
fn draw_tariff(world: &World, pool: &Pool, owner: Owner, region: RegionId) -> KwhPrice {
    let of_region = tariff_of(world, pool, region);
    let here = world.scenario.countries.iter().filter(|country| country.region == region);
    if !pool.is_by_country {
        return of_region;
    }
    let mut lot = world.draws.at(purpose::COUNTRY, owner.key, 0).below(u64::from(Ppm::ONE.0));
    for country in here {
        let share = u64::from(country.share.0);
        if lot < share {
            let own = if pool.is_home { country.household_tariff } else { country.business_tariff };
            return own.unwrap_or(of_region);
        }
        lot -= share;
    }
    of_region
}

/// What a kilowatt-hour costs at the start in a region.
fn tariff_of(world: &World, pool: &Pool, region: RegionId) -> KwhPrice {
    let region = &world.scenario.regions[region.index()];
    if pool.is_home { region.household_tariff } else { region.business_tariff }
}

/// An owner's role; who is ordinary may be among those whom a sequencer favours.
fn draw_role(world: &World, owner: Owner) -> ProviderRole {
    let favoured = u64::from(world.scenario.matching.grinding.favoured.0);
    let lot = || world.draws.at(purpose::FAVOURED, owner.key, 0).below(1_000_000);
    match owner.role {
        ProviderRole::Ordinary if favoured > 0 && lot() < favoured => ProviderRole::Favoured,
        role => role,
    }
}

/// A price around the book by the pool's dispersion.
fn draw_ask(world: &World, pool: &Pool, provider: &Provider) -> GpuHourPrice {
    let book = world.scenario.cards[usize::from(provider.card.0)].book_price.nanos();
    let mut draw = world.draws.at(purpose::PRICE, provider.owner_key, 0);
    let factor = draw.sample(&LogNormal::new(1.0, pool.price_sigma));
    GpuHourPrice::from_nanos((book as f64 * factor + 0.5) as u64)
}

/// What a new provider tells the market.
fn advertise(
    world: &World,
    pool: &Pool,
    provider: &Provider,
    id: ProviderId,
    trust_tier: Option<TrustTier>,
) -> Candidate {
    let mut draw = world.draws.at(purpose::LAST_MILE, provider.owner_key, 0);
    let latency = &world.scenario.latency;
    let width = latency.last_mile_max.saturating_sub(latency.last_mile_min).nanos() + 1;
    let last_mile = latency.last_mile_min + Span::from_nanos(draw.below(width));
    let has_last_mile = pool.is_home && world.scenario.chain.has_latency;
    let gpus_total = GpuCount(pool.gpus_per_machine.0 * provider.machines);
    let bid = world.asked_by(provider);
    // Pools are registries of their own, so an order meets no number twice.
    let number = id.0 - world.pools[provider.pool.index()].first_provider.0;
    Candidate {
        last_mile: if has_last_mile { last_mile } else { Span::ZERO },
        gpus_free: GpuCount(0),
        gpus_total,
        gpus_free_on_node: GpuCount(0),
        gpus_on_node: pool.gpus_per_machine,
        share_free_on_card: CardShare(0),
        region: provider.region,
        card: provider.card,
        is_active: false,
        trust_tier,
        provider: id,
        joined_at: provider.joined_at,
        ..Candidate::plain(provider.key, number, pool.rules.mode(), bid)
    }
}

fn add_machine(
    world: &mut World,
    id: ProviderId,
    provider: &Provider,
    gpus: GpuCount,
    ordinal: u32,
) {
    let is_here = provider.presence == Presence::Here;
    let none = Causes::default();
    let causes = if is_here { none } else { none.with(Cause::Absent) };
    world.machines_in[provider.region.index()].push(MachineId(world.machines.len() as u32));
    world.machines.push(Machine {
        key: provider.owner_key.child(u64::from(ordinal)),
        provider: id,
        gpus: gpus.0,
        gpus_free: gpus.0,
        causes,
        causes_at_era: causes,
        back_at: None,
        trail: Vec::new(),
        faults: 0,
        gpu_faults: 0,
        session: Session::default(),
        notice: None,
        jobs: Vec::new(),
        breaches: Vec::new(),
        eager_challenges: [0; 3],
    });
}
