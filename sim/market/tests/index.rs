//! The index gives exactly the picks of the scan, on generated markets with ties, full pools, late
//! bids and updates in between. `INDEX_ROUNDS=1000000 cargo test --release -p market --test index`
//! tries a million rounds.

use market::factor::{
    AvailabilityForm, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm, UptimeForm,
};
use market::{
    Candidate, ColumnScan, Core, Forms, Host, Index, Kernel, Mode, Order, Round, RoundInput,
    Scoring, SoftFilters, Standing, Ticket, WeightedSoftmax, Weights, match_round_eager,
};
use units::{
    BasisPoints, CardId, CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, Philox, Ppm,
    ProviderId, RegionId, RegionSet, SimTime, Span, Spon, TrustSet, TrustTier,
};

/// Random choices of one generated market; small ranges make ties likely.
struct Choices {
    values: Philox,
    taken: u64,
}

impl Choices {
    fn below(&mut self, bound: u64) -> u64 {
        self.taken += 1;
        self.values.value(0x696e_6478, self.taken) % bound
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    /// One of the named forms of a factor, the default half of the time.
    fn form<T: Copy>(&mut self, named: &[(&str, T)]) -> T {
        if self.one_in(2) { named[0].1 } else { self.of(named).1 }
    }
}

/// How a market's candidates are drawn.
#[derive(Clone, Copy)]
struct Habit {
    /// Values of each quantity: few make ties.
    spread: u64,
    /// One in so many fails a filter that most pass.
    failing: u64,
    /// One in so many has no GPU free.
    full: u64,
    gpus: u64,
    regions: u64,
    /// From one registration number to the next.
    number_step: u32,
    /// How large prices are.
    price_bits: u64,
}

fn draw_habit(choices: &mut Choices) -> Habit {
    Habit {
        spread: choices.of(&[1, 2, 5, 1_000]),
        failing: choices.of(&[4, 60, 1_000]),
        full: choices.of(&[1, 3, 40, 1_000, 1_000]),
        gpus: choices.of(&[1, 8, 70_000]),
        regions: choices.of(&[1, 3, 64]),
        number_step: choices.of(&[1, 1, 7, 40]),
        price_bits: choices.of(&[0, 4, 20, 45]),
    }
}

fn draw_candidate(choices: &mut Choices, ordinal: u32, habit: Habit) -> Candidate {
    let Habit { spread, failing, full, gpus, regions, number_step, price_bits } = habit;
    let standing = Standing {
        uptime: Ppm(800_000 + (choices.below(spread) * 200_000 / spread) as u32),
        good_milli: choices.below(spread) * 900,
        bad_milli: choices.below(spread) * 300,
        slash_halves: (choices.below(6) / 4) as u32,
        stake: Spon::from_base(1_000 + i128::from(choices.below(spread)) * 40),
        stake_min: Spon::from_base(if choices.one_in(failing) { 1_001 } else { 1_000 }),
    };
    let gpus_on_node = GpuCount(1 + choices.below(gpus) as u32);
    let free = if choices.one_in(full) { 0 } else { choices.below(u64::from(gpus_on_node.0) + 1) };
    // Counts that contradict each other must not matter: they are what somebody advertised.
    let total = if choices.one_in(9) { choices.below(5) } else { u64::from(gpus_on_node.0) + 3 };
    let key = EntityKey::group("generated").child(u64::from(ordinal));
    let bid = (60 + choices.below(spread) * 60 / spread) << price_bits;
    Candidate {
        last_mile: Span::from_nanos(choices.below(spread) * 50_000_000 / spread),
        merit: scoring_of(Weights::BALANCED, Forms::capped_at(50)).merit(&standing),
        gpus_free: GpuCount((free + choices.below(3)) as u32),
        gpus_total: GpuCount(total as u32),
        gpus_free_on_node: GpuCount(free as u32),
        gpus_on_node,
        share_free_on_card: CardShare(choices.of(&[0, 500, 1_000])),
        region: RegionId(choices.below(regions) as u16),
        card: CardId(u16::from(choices.one_in(failing))),
        is_active: !choices.one_in(failing),
        trust_tier: TrustTier::new(choices.below(8) as u8),
        joined_at: SimTime::from_nanos(choices.below(spread)),
        provider: ProviderId(ordinal),
        owner_leases: choices.below(4) as u32,
        host: Host { cpus: 8 + choices.below(2) as u32, ..Host::AMPLE },
        standing,
        ..Candidate::plain(
            key,
            ordinal * number_step + 3,
            if choices.one_in(failing) { Mode::Fizz } else { Mode::Provider },
            GpuHourPrice::from_nanos(bid),
        )
    }
}

fn draw_order(choices: &mut Choices, habit: Habit, seed: u64) -> Order {
    let good_tiers = (1..=5).filter_map(TrustTier::new).fold(TrustSet::NONE, TrustSet::with);
    let name = |ordinal| EntityKey::group("generated").child(ordinal);
    let names = |ordinals: &[u64]| ordinals.iter().map(|ordinal| name(*ordinal)).collect();
    let few = RegionSet::default().with(RegionId(0)).with(RegionId(2));
    let ceiling = choices.of(&[0, 61, 90, 100, 150, 300, 300, 300]) << habit.price_bits;
    let key = EntityKey::group("tenant").child(seed);
    let mode = if choices.one_in(20) { Mode::Fizz } else { Mode::Provider };
    let is_share = choices.one_in(8);
    let gpus = (choices.below(3) * choices.below(habit.gpus) / 2) as u32;
    Order {
        trust_tiers: choices.of(&[TrustSet::ANY, good_tiers]),
        uptime_min: choices.of(&[Ppm(0), Ppm(0), Ppm(0), Ppm(870_000), Ppm(990_000)]),
        regions: choices.of(&[RegionSet::ALL, RegionSet::ALL, RegionSet::ALL, few]),
        lawful: if choices.one_in(8) { few } else { RegionSet::ALL },
        included: names(if choices.one_in(20) { &[0, 5] } else { &[] }),
        excluded: names(if choices.one_in(3) { &[1] } else { &[] }),
        cards: CardSet::default().with(CardId(0)).with(CardId(choices.below(2) as u16)),
        gpus: if is_share { GpuCount(1) } else { GpuCount(gpus) },
        share: if is_share { CardShare(400) } else { CardShare::WHOLE },
        host: Host { cpus: choices.of(&[0, 0, 9]), ..Host::default() },
        latency_bound: choices.one_in(2).then(|| Span::from_millis(choices.below(200))),
        owner_leases_max: choices.one_in(4).then(|| choices.below(4) as u32),
        near: few,
        ..Order::plain(key, mode, GpuHourPrice::from_nanos(ceiling))
    }
}

fn draw_weights(choices: &mut Choices) -> Weights {
    let mut weight = |most: u64| BasisPoints(choices.of(&[0, 1, most / 2, most, 10_000]) as u32);
    let weights = Weights {
        region: weight(3_000),
        price: weight(5_000),
        uptime: weight(2_000),
        reputation: weight(100),
        availability: weight(2_000),
        slash: weight(4_000),
        stake: weight(700),
        randomness: BasisPoints(0),
    };
    let named = Weights { randomness: BasisPoints(0), ..Weights::BALANCED };
    let weights = if choices.one_in(4) { named } else { weights };
    Weights { randomness: BasisPoints(choices.of(&[0, 0, 0, 1, 500, 10_000])), ..weights }
}

fn draw_forms(choices: &mut Choices) -> Forms {
    Forms {
        region: choices.form(RegionForm::NAMED),
        price: choices.form(PriceForm::NAMED),
        uptime: choices.form(UptimeForm::NAMED),
        reputation: choices.form(ReputationForm::NAMED),
        availability: choices.form(AvailabilityForm::NAMED),
        slash: choices.form(SlashForm::NAMED),
        stake: choices.form(StakeForm::NAMED),
        stake_cap_multiple: choices.of(&[1, 50]),
        is_weighted_by_capacity: choices.one_in(4),
    }
}

fn scoring_of(weights: Weights, forms: Forms) -> Scoring {
    Scoring::new(weights, forms).expect("weights inside the bounds")
}

/// One order and what it is decided by.
struct Request {
    order: Order,
    scoring: Scoring,
    rtt_from_tenant: Vec<Span>,
    draws_max: u32,
    soft: SoftFilters,
    late_one_in: u64,
}

impl Request {
    fn draw(choices: &mut Choices, habit: Habit, scoring: Scoring, seed: u64) -> Request {
        let nearest = choices.below(25);
        let known = choices.of(&[0, 2, 64, 64, 64, 64, 64, 64]);
        Request {
            order: draw_order(choices, habit, seed),
            scoring,
            rtt_from_tenant: (0..known)
                .map(|n| Span::from_millis(nearest + 25 * (n % 8)))
                .collect(),
            draws_max: choices.of(&[0, 1, 1, 1, 2, 4, 4, 4, 1_000]),
            soft: SoftFilters { latency_bound: choices.one_in(2), owner_cap: choices.one_in(2) },
            late_one_in: choices.of(&[1, 2, 4, 20, 1_000_000, 1_000_000]),
        }
    }

    fn input(&self) -> RoundInput<'_> {
        RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: Ticket::new(1, self.order.key, 7, b"beacon"),
            core: Core::WeightedSoftmax(WeightedSoftmax),
            scoring: &self.scoring,
            draws_max: self.draws_max,
            soft: self.soft,
        }
    }

    fn is_in_time(&self, candidate: &Candidate) -> bool {
        !Philox::new(3).value(candidate.key.0, 0).is_multiple_of(self.late_one_in)
    }

    fn by_index(&self, index: &Index) -> Round {
        index.match_round(&self.input(), |candidate| self.is_in_time(candidate))
    }

    fn by_sorting(&self, candidates: &[Candidate]) -> Round {
        match_round_eager(&self.input(), candidates.iter(), |c| self.is_in_time(c))
    }
}

/// What rounds met, so that a test can say that it tried everything.
#[derive(Debug, Default)]
struct Seen {
    rounds: u64,
    picks: u64,
    empty: u64,
    dropped: u64,
    late: u64,
}

impl Seen {
    fn note(&mut self, round: &Round) {
        self.rounds += 1;
        self.picks += round.picks.len() as u64;
        self.empty += u64::from(round.picks.is_empty());
        self.dropped += u64::from(round.dropped != SoftFilters::default());
        self.late += u64::from(round.late);
    }
}

/// A market of one seed: rounds and updates in turn, each round asked of every index.
fn play(seed: u64, seen: &mut Seen) {
    let mut choices = Choices { values: Philox::new(seed), taken: 0 };
    let habit = draw_habit(&mut choices);
    let size = choices.of(&[0, 1, 2, 12, 40, 40, 150, 1_200]) as u32;
    let mut candidates: Vec<Candidate> =
        (0..size).map(|ordinal| draw_candidate(&mut choices, ordinal, habit)).collect();
    let forms = draw_forms(&mut choices);
    let named_scoring = scoring_of(draw_weights(&mut choices), forms);
    let basis = scoring_of(Weights::BALANCED, forms);
    let mut any = Index::new(&basis, candidates.iter().copied());
    let mut named = Index::named(&named_scoring, candidates.iter().copied());
    for step in 0..10 {
        let is_named = choices.one_in(2);
        let scoring =
            if is_named { named_scoring } else { scoring_of(draw_weights(&mut choices), forms) };
        let request = Request::draw(&mut choices, habit, scoring, 100 * seed + step);
        let expected = request.by_sorting(&candidates);
        assert_eq!(request.by_index(&any), expected, "seed {seed}, step {step}");
        if is_named {
            assert_eq!(request.by_index(&named), expected, "seed {seed}, step {step}, named");
            if scoring.weights().randomness == BasisPoints(0) {
                let by_rows = named.scan_buckets(&request.input(), |c| request.is_in_time(c));
                assert_eq!(by_rows, expected, "seed {seed}, step {step}, named, every row");
            }
        }
        seen.note(&expected);
        for _ in 0..choices.of(&[0, 1, 2, 3, 9]) {
            change(&mut choices, habit, &mut candidates, [&mut any, &mut named]);
        }
        if choices.one_in(20) {
            any.rebuild();
            named.rebuild();
        }
    }
}

/// One candidate changes a little, or wholly, or goes, or another comes.
fn change(
    choices: &mut Choices,
    habit: Habit,
    candidates: &mut Vec<Candidate>,
    indexes: [&mut Index; 2],
) {
    let ordinal = choices.below(candidates.len() as u64 + 2) as u32;
    let at = candidates.iter().position(|c| c.provider == ProviderId(ordinal));
    let fresh = draw_candidate(choices, ordinal, habit);
    let kind = choices.below(8);
    match at {
        Some(at) if kind == 0 => {
            let gone = candidates.swap_remove(at).provider;
            for index in indexes {
                index.remove(gone);
                index.update_capacity(gone, fresh.gpus_free, fresh.gpus_free_on_node);
            }
            return;
        }
        Some(at) if kind == 1 => candidates[at] = fresh,
        Some(at) if kind == 2 => candidates[at].bid = fresh.bid,
        Some(at) if kind == 3 => {
            (candidates[at].standing, candidates[at].merit) = (fresh.standing, fresh.merit);
        }
        Some(at) if kind == 4 => candidates[at].last_mile = Span::from_secs(choices.below(4)),
        Some(at) if kind == 5 => candidates[at].is_active = fresh.is_active,
        Some(at) => {
            let (free, on_node) = (fresh.gpus_free, fresh.gpus_free_on_node);
            (candidates[at].gpus_free, candidates[at].gpus_free_on_node) = (free, on_node);
            let provider = candidates[at].provider;
            indexes.into_iter().for_each(|index| index.update_capacity(provider, free, on_node));
            return;
        }
        None => candidates.push(fresh),
    }
    let changed = at.map_or(fresh, |at| candidates[at]);
    indexes.into_iter().for_each(|index| index.update(&changed));
}

/// How many rounds to try; a slice of the million, unless the environment asks for more.
fn rounds() -> u64 {
    let asked = std::env::var("INDEX_ROUNDS").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(30_000)
}

#[test]
fn the_index_and_the_named_index_give_the_picks_of_sorting_everybody() {
    let mut seen = Seen::default();
    for seed in 0..rounds() / 10 {
        play(seed, &mut seen);
    }
    let least = seen.rounds / 50;
    assert!(seen.picks > seen.rounds && seen.empty > least, "{seen:?}");
    assert!(seen.dropped > least / 4 && seen.late > least, "{seen:?}");
}

#[test]
fn every_kernel_gives_the_same_rounds() {
    let mut choices = Choices { values: Philox::new(5), taken: 0 };
    let habit = Habit {
        spread: 1_000,
        failing: 50,
        full: 3,
        gpus: 8,
        regions: 3,
        number_step: 1,
        price_bits: 20,
    };
    let candidates: Vec<Candidate> =
        (0..5_000).map(|ordinal| draw_candidate(&mut choices, ordinal, habit)).collect();
    let forms = Forms::capped_at(50);
    let basis = scoring_of(Weights::BALANCED, forms);
    let fastest = Index::new(&basis, candidates.iter().copied());
    let portable = fastest.clone().with_kernel(Kernel::PORTABLE);
    let scans = [Kernel::best(), Kernel::PORTABLE]
        .map(|kernel| ColumnScan::new(&basis, kernel, &candidates));
    for seed in 0..1_000 {
        let greedy = Weights { randomness: BasisPoints(0), ..draw_weights(&mut choices) };
        let request = Request::draw(&mut choices, habit, scoring_of(greedy, forms), seed);
        let round = request.by_index(&fastest);
        assert_eq!(request.by_index(&portable), round, "seed {seed}");
        for scan in &scans {
            let by_scan = scan.match_round(&request.input(), |c| request.is_in_time(c));
            assert_eq!(by_scan, round, "seed {seed}");
        }
    }
}

/// Numbers beyond one root of the noise tree, and candidates far from each other.
#[test]
fn far_numbers_are_drawn_as_by_sorting() {
    let mut choices = Choices { values: Philox::new(9), taken: 0 };
    let scoring = scoring_of(Weights::BALANCED, Forms::capped_at(50));
    let mut candidates: Vec<Candidate> = Vec::new();
    for (ordinal, number) in [0, 31, 32, (1 << 20) - 1, 1 << 20, 2_500_000].into_iter().enumerate()
    {
        let key = EntityKey::group("generated").child(ordinal as u64);
        let bid = GpuHourPrice::from_nanos(60 + choices.below(60));
        let plain = Candidate::plain(key, number, Mode::Provider, bid);
        let merit = scoring.merit(&plain.standing);
        candidates.push(Candidate { provider: ProviderId(ordinal as u32), merit, ..plain });
    }
    let index = Index::new(&scoring, candidates.iter().copied());
    for seed in 0..300 {
        let key = EntityKey::group("tenant").child(seed);
        let request = Request {
            order: Order::plain(key, Mode::Provider, GpuHourPrice::from_nanos(150)),
            scoring,
            rtt_from_tenant: vec![Span::from_millis(40)],
            draws_max: 2,
            soft: SoftFilters::default(),
            late_one_in: 5,
        };
        assert_eq!(request.by_index(&index), request.by_sorting(&candidates), "seed {seed}");
    }
}
