//! Rounds of anything that validation lets through, with every value as large or as small as its
//! type: no panic (overflow is checked), no late pick, picks sorted and inside the bounds.

mod generated;

use generated::{Choices, draw_forms};
use market::{
    Activity, Candidate, Core, Host, KalypsoLinear, LavaProduct, LivepeerMix, Mode, Order,
    PowerOfD, Round, RoundInput, Scoring, SoftFilters, Standing, Ticket, Weights, check_eligible,
    first_failing, match_round, match_round_eager,
};
use units::{
    BasisPoints, CardId, CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, KeySet, Ppm,
    ProviderId, RegionId, RegionSet, SimTime, Span, Spon, TrustSet, TrustTier,
};

/// Values from the ends and the middle of a type.
trait Extremes {
    fn wide(&mut self) -> u64;

    fn narrow(&mut self) -> u32 {
        match self.wide() {
            u64::MAX => u32::MAX,
            value => value as u32,
        }
    }

    fn short(&mut self) -> u16 {
        match self.wide() {
            u64::MAX => u16::MAX,
            value => value as u16,
        }
    }

    fn signed(&mut self) -> i128 {
        let magnitude = match self.wide() {
            u64::MAX => i128::MAX,
            value => i128::from(value) << (self.wide() % 63),
        };
        if self.wide().is_multiple_of(4) { -1 - magnitude } else { magnitude }
    }
}

impl Extremes for Choices {
    fn wide(&mut self) -> u64 {
        let random = self.below(u64::MAX);
        let of_any_size = random >> self.below(64);
        let chosen = [0, 1, 2, 1_000, of_any_size, of_any_size, u64::MAX - 1, u64::MAX];
        self.one_of(&chosen)
    }
}

/// Few in number and often a set of all, so that most rounds have somebody.
fn draw_regions(choices: &mut Choices) -> RegionSet {
    if choices.one_in(8) { RegionSet(choices.wide()) } else { RegionSet::ALL }
}

fn draw_weights(choices: &mut Choices) -> Weights {
    if choices.one_in(3) {
        return choices.one_of(&Weights::NAMED).1;
    }
    let mut weight = || BasisPoints(choices.one_of(&[0, 0, 1, 500, 9_999, 10_000]));
    Weights {
        region: weight(),
        price: weight(),
        uptime: weight(),
        reputation: weight(),
        availability: weight(),
        slash: weight(),
        stake: weight(),
        randomness: weight(),
    }
}

/// Every core, its parameters as published or anything at all.
fn draw_core(choices: &mut Choices) -> Core {
    let cores: Vec<Core> = Core::all().map(|(_, core)| core).collect();
    let core = choices.one_of(&cores);
    if choices.one_in(2) {
        return core;
    }
    match core {
        Core::LivepeerMix(_) => Core::LivepeerMix(LivepeerMix {
            stake: BasisPoints(choices.narrow()),
            price: BasisPoints(choices.narrow()),
            random: BasisPoints(choices.narrow()),
            price_unit: GpuHourPrice::from_nanos(choices.wide()),
        }),
        Core::LavaProduct(_) => Core::LavaProduct(LavaProduct {
            stake_exponent_milli: choices.short(),
            geo_exponent_milli: choices.short(),
        }),
        Core::KalypsoLinear(_) => {
            let mut coefficient = || choices.one_of(&[i8::MIN, -15, 0, 1, i8::MAX]);
            Core::KalypsoLinear(KalypsoLinear {
                successes: coefficient(),
                slashes: coefficient(),
                price: coefficient(),
                time: coefficient(),
                leases: coefficient(),
            })
        }
        Core::PowerOfD(_) => Core::PowerOfD(PowerOfD { choices: choices.narrow() }),
        other => other,
    }
}

fn draw_host(choices: &mut Choices) -> Host {
    Host {
        cpus: choices.narrow(),
        memory_mib: choices.narrow(),
        shared_memory_mib: choices.narrow(),
        disk_gib: choices.narrow(),
        bandwidth_mbps: choices.narrow(),
    }
}

fn draw_order(choices: &mut Choices, seed: u64) -> Order {
    let key = EntityKey(choices.wide() ^ seed);
    if choices.one_in(2) {
        // Nearly everybody passes.
        return Order::plain(key, Mode::Fizz, GpuHourPrice::from_nanos(u64::MAX));
    }
    let ceiling = if choices.one_in(2) { u64::MAX } else { choices.wide() };
    let mode = if choices.one_in(3) { Mode::Provider } else { Mode::Fizz };
    let names = |choices: &mut Choices| match choices.one_in(8) {
        true => (0..choices.below(3)).map(EntityKey).collect(),
        false => KeySet::default(),
    };
    Order {
        trust_tiers: if choices.one_in(8) { TrustSet::NONE } else { TrustSet::ANY },
        uptime_min: if choices.one_in(4) { Ppm(choices.narrow()) } else { Ppm::ZERO },
        regions: draw_regions(choices),
        lawful: draw_regions(choices),
        included: names(choices),
        excluded: names(choices),
        cards: if choices.one_in(8) {
            CardSet(u128::from(choices.wide()) << 64 | u128::from(choices.wide()))
        } else {
            CardSet::ALL
        },
        gpus: GpuCount(if choices.one_in(4) { choices.narrow() } else { choices.below(2) as u32 }),
        share: CardShare(choices.one_of(&[0, 1, 500, 999, 1_000])),
        host: if choices.one_in(8) { draw_host(choices) } else { Host::default() },
        latency_bound: choices.one_in(3).then(|| Span::from_nanos(choices.wide())),
        owner_leases_max: choices.one_in(3).then(|| choices.narrow()),
        tenant_region: RegionId(choices.below(64) as u16),
        near: RegionSet(choices.wide()),
        ..Order::plain(key, mode, GpuHourPrice::from_nanos(ceiling))
    }
}

fn draw_standing(choices: &mut Choices) -> Standing {
    Standing {
        uptime: Ppm(choices.below(1_000_001) as u32),
        good_milli: choices.wide(),
        bad_milli: choices.wide(),
        slash_halves: choices.narrow(),
        stake: Spon::from_base(choices.signed()),
        stake_min: Spon::from_base(if choices.one_in(2) { 0 } else { choices.signed() }),
    }
}

/// Any candidate with the registration number `number`, at `place` of its vector.
fn draw_candidate(choices: &mut Choices, number: u32, place: u32, scoring: &Scoring) -> Candidate {
    let standing = draw_standing(choices);
    let mode = if choices.one_in(3) { Mode::Provider } else { Mode::Fizz };
    let key = EntityKey(if choices.one_in(2) { u64::from(place) } else { choices.wide() });
    let bid = GpuHourPrice::from_nanos(choices.wide());
    Candidate {
        last_mile: Span::from_nanos(choices.wide()),
        merit: scoring.merit(&standing),
        gpus_free: GpuCount(choices.narrow()),
        gpus_total: GpuCount(choices.narrow()),
        gpus_free_on_node: GpuCount(choices.narrow()),
        gpus_on_node: GpuCount(choices.narrow()),
        share_free_on_card: CardShare(choices.one_of(&[0, 1, 500, 999, 1_000])),
        region: RegionId(choices.below(64) as u16),
        card: CardId(choices.below(64) as u16),
        is_active: !choices.one_in(16),
        trust_tier: TrustTier::new(choices.below(8) as u8),
        joined_at: SimTime::from_nanos(choices.wide()),
        provider: ProviderId(place),
        owner_leases: choices.narrow(),
        host: if choices.one_in(4) { draw_host(choices) } else { Host::AMPLE },
        activity: Activity {
            idle_since: SimTime::from_nanos(choices.wide()),
            served_in_era: Span::from_nanos(choices.wide()),
            leases: choices.narrow(),
            misses: choices.narrow(),
        },
        standing,
        ..Candidate::plain(key, number, mode, bid)
    }
}

/// Candidates with numbers from everywhere in the registry, none twice.
fn draw_candidates(choices: &mut Choices, scoring: &Scoring) -> Vec<Candidate> {
    let count = choices.one_of(&[0, 1, 2, 5, 12, 40]);
    let mut numbers: Vec<u32> = (0..count)
        .map(|n| if choices.one_in(2) { n } else { choices.narrow().wrapping_sub(n) })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    choices.shuffle(&mut numbers);
    (0..).zip(numbers).map(|(at, number)| draw_candidate(choices, number, at, scoring)).collect()
}

/// What must hold for the round of any input.
fn check_round(
    input: &RoundInput<'_>,
    candidates: &[Candidate],
    round: &Round,
    bid_in_time: impl Fn(&Candidate) -> bool,
    seed: u64,
) {
    let mut order = input.order.clone();
    if round.dropped.latency_bound {
        order.latency_bound = None;
    }
    if round.dropped.owner_cap {
        order.owner_leases_max = None;
    }
    assert!(round.picks.len() <= input.draws_max as usize, "seed {seed}");
    let is_sorted = round.picks.is_sorted_by(|a, b| (b.draw_key, a.price) <= (a.draw_key, b.price));
    assert!(is_sorted, "seed {seed}: {:?}", round.picks);
    for (at, pick) in round.picks.iter().enumerate() {
        let candidate = &candidates[pick.provider.index()];
        assert!(bid_in_time(candidate), "seed {seed}: {pick:?} came late");
        let is_eligible = check_eligible(&order, candidate, input.rtt_from_tenant);
        assert_eq!(is_eligible, Ok(()), "seed {seed}: {pick:?}");
        assert_eq!((pick.key, pick.price), (candidate.key, candidate.bid), "seed {seed}");
        assert!(pick.score <= Ppm::ONE, "seed {seed}: {pick:?}");
        let is_twice = round.picks[..at].iter().any(|other| other.provider == pick.provider);
        assert!(!is_twice, "seed {seed}: {pick:?} is drawn twice");
    }
}

/// One round of anything; says whether somebody was picked.
fn fuzz_round(seed: u64) -> bool {
    let mut choices = Choices::new(seed);
    let forms = draw_forms(&mut choices);
    let scoring = Scoring::new(draw_weights(&mut choices), forms).expect("inside the bounds");
    let candidates = draw_candidates(&mut choices, &scoring);
    let order = draw_order(&mut choices, seed);
    let regions = choices.one_of(&[0, 1, 63, 64, 64, 64, 64, 64, 64]);
    let rtt_from_tenant: Vec<Span> =
        (0..regions).map(|_| Span::from_nanos(choices.wide())).collect();
    let input = RoundInput {
        order: &order,
        rtt_from_tenant: &rtt_from_tenant,
        ticket: Ticket::new(choices.wide(), order.key, choices.wide(), &seed.to_be_bytes()),
        core: draw_core(&mut choices),
        scoring: &scoring,
        draws_max: choices.one_of(&[0, 1, 1, 3, 3, u32::MAX, u32::MAX]),
        soft: SoftFilters { latency_bound: choices.one_in(2), owner_cap: choices.one_in(2) },
    };
    let late_one_in = choices.one_of(&[1, 2, 3, u64::MAX, u64::MAX]);
    let bid_in_time = |c: &Candidate| !(u64::from(c.number) ^ seed).is_multiple_of(late_one_in);
    let round = match_round(&input, candidates.iter(), bid_in_time);
    check_round(&input, &candidates, &round, bid_in_time, seed);
    let eager = match_round_eager(&input, candidates.iter(), bid_in_time);
    assert_eq!(round, eager, "seed {seed}: lazy and eager");
    let reject = first_failing(&input, candidates.iter());
    assert!(round.picks.is_empty() || reject.is_none(), "seed {seed}: {reject:?} left somebody");
    !round.picks.is_empty()
}

/// At least a fifth of the rounds must pick somebody, or the inputs are too wild to try the cores.
fn fuzz(seeds: std::ops::Range<u64>) {
    let rounds = seeds.end - seeds.start;
    let picked = seeds.filter(|seed| fuzz_round(*seed)).count() as u64;
    assert!(picked * 5 > rounds, "{picked} of {rounds} rounds picked somebody");
}

#[test]
fn no_input_breaks_a_round() {
    fuzz(0..30_000);
}

#[test]
#[ignore = "the whole of it takes a minute: cargo test -p market --test fuzz -- --ignored"]
fn no_input_breaks_any_of_a_million_rounds() {
    fuzz(1_000_000..2_000_000);
}
