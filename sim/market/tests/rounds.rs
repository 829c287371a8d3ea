//! What must hold for every round, on generated markets with ties, full pools and late bids.

use market::{
    Candidate, Core, Forms, Host, Mode, Order, Reject, Round, RoundInput, Scoring, SoftFilters,
    Standing, Ticket, Weights, check_eligible, first_failing, match_round, match_round_eager,
};
use units::{
    BasisPoints, CardId, CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, Philox, Ppm,
    RegionId, RegionSet, SimTime, Span, Spon, TrustSet, TrustTier,
};

/// Random choices of one generated market; small ranges make ties likely.
struct Choices {
    values: Philox,
    taken: u64,
}

impl Choices {
    fn new(seed: u64) -> Choices {
        Choices { values: Philox::new(seed), taken: 0 }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.taken += 1;
        self.values.value(0x6d61_726b, self.taken) % bound
    }

    fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// A market of one order.
struct Market {
    order: Order,
    candidates: Vec<Candidate>,
    rtt_from_tenant: Vec<Span>,
    scoring: Scoring,
    ticket: Ticket,
    draws_max: u32,
    is_latency_soft: bool,
    late_one_in: u64,
}

impl Market {
    fn input(&self) -> RoundInput<'_> {
        RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: self.ticket,
            scoring: &self.scoring,
            draws_max: self.draws_max,
            core: Core::default(),
            soft: SoftFilters { latency_bound: self.is_latency_soft, owner_cap: false },
        }
    }

    fn is_in_time(&self, candidate: &Candidate) -> bool {
        !Philox::new(3).value(candidate.key.0, 0).is_multiple_of(self.late_one_in)
    }

    fn run(&self) -> Round {
        match_round(&self.input(), self.candidates.iter(), |c| self.is_in_time(c))
    }
}

fn draw_market(seed: u64) -> Market {
    let mut choices = Choices::new(seed);
    let scoring = draw_scoring(&mut choices);
    let spread = [2, 5, 1_000][choices.below(3) as usize];
    let failing = [3, 20, 1_000][choices.below(3) as usize];
    let count = [0, 1, 2, 12, 40][choices.below(5) as usize];
    let candidates = (0..count)
        .map(|ordinal| draw_candidate(&mut choices, ordinal, spread, failing, &scoring))
        .collect();
    let order = draw_order(&mut choices, seed);
    Market {
        ticket: Ticket::new(1, order.key, 7, &seed.to_le_bytes()),
        order,
        candidates,
        rtt_from_tenant: [5, 60, 110].map(Span::from_millis).to_vec(),
        scoring,
        draws_max: choices.below(5) as u32,
        is_latency_soft: choices.one_in(2),
        late_one_in: 1 + choices.below(4),
    }
}

fn draw_scoring(choices: &mut Choices) -> Scoring {
    let randomness = [0, 0, 1, 500, 10_000][choices.below(5) as usize];
    let mut weights = Weights { randomness: BasisPoints(randomness), ..Weights::BALANCED };
    if choices.one_in(4) {
        // Few scores, many ties.
        let none = BasisPoints(0);
        weights = Weights { region: none, price: none, stake: none, slash: none, ..weights };
    }
    Scoring::new(weights, Forms::capped_at(50)).expect("weights inside the bounds")
}

fn draw_candidate(
    choices: &mut Choices,
    ordinal: u32,
    spread: u64,
    failing: u64,
    scoring: &Scoring,
) -> Candidate {
    let standing = Standing {
        uptime: Ppm(800_000 + (choices.below(spread) * 200_000 / spread) as u32),
        good_milli: choices.below(spread) * 900,
        bad_milli: choices.below(spread) * 300,
        slash_halves: choices.below(3) as u32,
        stake: Spon::from_base(1_000 + i128::from(choices.below(spread)) * 40),
        stake_min: Spon::from_base(if choices.one_in(failing) { 1_001 } else { 1_000 }),
    };
    let gpus_on_node = GpuCount(if choices.one_in(failing) { 1 } else { 8 });
    let gpus_free_on_node = GpuCount(choices.below(u64::from(gpus_on_node.0) + 1) as u32);
    let key = EntityKey::group("generated").child(u64::from(ordinal));
    let mode = if choices.one_in(failing) { Mode::Fizz } else { Mode::Provider };
    Candidate {
        bid: GpuHourPrice::from_nanos(60 + choices.below(spread) * 60 / spread),
        last_mile: Span::from_millis(choices.below(spread) * 50 / spread),
        merit: scoring.merit(&standing),
        gpus_free: GpuCount(gpus_free_on_node.0 + choices.below(3) as u32),
        gpus_total: GpuCount(gpus_on_node.0 + 3),
        gpus_free_on_node,
        gpus_on_node,
        region: RegionId(choices.below(3) as u16),
        card: CardId(u16::from(choices.one_in(failing))),
        is_active: !choices.one_in(failing),
        trust_tier: TrustTier::new(choices.below(8) as u8),
        joined_at: SimTime::from_nanos(choices.below(spread)),
        standing,
        owner_leases: choices.below(4) as u32,
        host: Host { cpus: 8 + choices.below(3) as u32, ..Host::AMPLE },
        share_free_on_card: CardShare((choices.below(5) * 250) as u16),
        ..Candidate::plain(key, ordinal, mode, GpuHourPrice::default())
    }
}

fn draw_order(choices: &mut Choices, seed: u64) -> Order {
    let good_tiers = (1..=5).filter_map(TrustTier::new).fold(TrustSet::NONE, TrustSet::with);
    let excluded = EntityKey::group("generated").child(1);
    let regions = RegionSet::default().with(RegionId(0));
    let share = if choices.one_in(3) { CardShare(500) } else { CardShare::WHOLE };
    let gpus = if share < CardShare::WHOLE { 1 } else { 1 + choices.below(3) as u32 };
    let included = (0..8).map(|n| EntityKey::group("generated").child(n));
    Order {
        lawful: if choices.one_in(5) { regions } else { RegionSet::ALL },
        included: if choices.one_in(5) { included.collect() } else { Vec::new() },
        share,
        host: Host { cpus: choices.below(10) as u32, ..Host::default() },
        owner_leases_max: choices.one_in(3).then_some(2),
        trust_tiers: if choices.one_in(2) { TrustSet::ANY } else { good_tiers },
        uptime_min: if choices.one_in(3) { Ppm(850_000) } else { Ppm::ZERO },
        regions: if choices.one_in(4) {
            RegionSet::default().with(RegionId(0)).with(RegionId(1))
        } else {
            RegionSet::ALL
        },
        excluded: if choices.one_in(3) { vec![excluded] } else { Vec::new() },
        cards: CardSet::default().with(CardId(0)),
        gpus: GpuCount(gpus),
        latency_bound: choices.one_in(2).then(|| Span::from_millis(40 + choices.below(80))),
        ..Order::plain(
            EntityKey::group("tenant").child(seed),
            Mode::Provider,
            GpuHourPrice::from_nanos(100),
        )
    }
}

#[test]
fn the_lazy_round_is_the_eager_round() {
    let (mut dropped, mut late, mut full) = (0, 0, 0);
    for seed in 0..100_000 {
        let market = draw_market(seed);
        let eager =
            match_round_eager(&market.input(), market.candidates.iter(), |c| market.is_in_time(c));
        assert_eq!(market.run(), eager, "seed {seed}");
        dropped += u32::from(eager.dropped.latency_bound);
        late += u32::from(eager.late);
        full += u32::from(eager.picks.len() > 1 && eager.picks.len() == market.draws_max as usize);
    }
    assert!(dropped > 1_000 && late > 1_000 && full > 1_000, "{dropped} {late} {full}");
}

#[test]
fn lazy_evaluation_asks_few() {
    let mut market = draw_market(4);
    let mut choices = Choices::new(4);
    market.candidates = (0..2_000)
        .map(|ordinal| draw_candidate(&mut choices, ordinal, 1_000, 1_000, &market.scoring))
        .collect();
    market.draws_max = 3;
    let mut asked = 0;
    let round = match_round(&market.input(), market.candidates.iter(), |_| {
        asked += 1;
        true
    });
    let input = market.input();
    let passes = |c: &&Candidate| check_eligible(input.order, c, input.rtt_from_tenant).is_ok();
    let eligible = market.candidates.iter().filter(passes).count();
    assert!(eligible > 200, "{eligible} eligible");
    assert!(!round.picks.is_empty());
    assert!(asked * 4 < eligible, "{asked} asked of {eligible}");
}

#[test]
fn the_order_of_candidates_does_not_matter() {
    for seed in 0..5_000 {
        let mut market = draw_market(seed);
        let round = market.run();
        market.candidates.reverse();
        assert_eq!(market.run(), round, "seed {seed}, reversed");
        let middle = market.candidates.len() / 3;
        market.candidates.rotate_left(middle);
        assert_eq!(market.run(), round, "seed {seed}, rotated");
    }
}

#[test]
fn one_candidate_more_leaves_the_order_of_the_others() {
    for seed in 0..5_000 {
        let mut market = draw_market(seed);
        market.draws_max = u32::MAX;
        let Some(removed) = market.candidates.first().map(|c| c.key) else { continue };
        let with = market.run();
        market.candidates.remove(0);
        let without = market.run();
        if with.dropped.latency_bound != without.dropped.latency_bound {
            continue; // The one removed was the only one near enough.
        }
        let others: Vec<_> = with.picks.into_iter().filter(|pick| pick.key != removed).collect();
        assert_eq!(others, without.picks, "seed {seed}");
    }
}

#[test]
fn a_late_bid_never_wins_and_picks_are_sorted() {
    for seed in 0..5_000 {
        let market = draw_market(seed);
        let round = market.run();
        for pick in &round.picks {
            let candidate = &market.candidates[pick.provider.index()];
            assert!(market.is_in_time(candidate), "seed {seed}");
        }
        assert!(round.picks.is_sorted_by(|a, b| a.draw_key >= b.draw_key), "seed {seed}");
        assert!(round.picks.len() <= market.draws_max as usize, "seed {seed}");
    }
}

/// Better in one factor, all else equal, never ranks lower at the same draw.
#[test]
fn better_in_one_factor_never_ranks_lower() {
    let improve: [fn(&mut Candidate); 7] = [
        |c| c.last_mile = Span::from_nanos(c.last_mile.nanos() / 2),
        |c| c.bid = GpuHourPrice::from_nanos(c.bid.nanos() - 1),
        |c| c.standing.uptime.0 = (c.standing.uptime.0 + 10_000).min(1_000_000),
        |c| c.standing.good_milli += 1_000,
        |c| c.gpus_free.0 = (c.gpus_free.0 + 1).min(c.gpus_total.0),
        |c| c.standing.slash_halves = c.standing.slash_halves.saturating_sub(1),
        |c| c.standing.stake += Spon::from_base(500),
    ];
    for seed in 0..5_000 {
        let mut market = draw_market(seed);
        (market.draws_max, market.late_one_in, market.is_latency_soft) =
            (u32::MAX, 1_000_000, false);
        let Some(key) = market.candidates.first().map(|c| c.key) else { continue };
        let place = |round: &Round| round.picks.iter().position(|pick| pick.key == key);
        let Some(before) = place(&market.run()) else { continue };
        let original = market.candidates[0];
        for improve in improve {
            improve(&mut market.candidates[0]);
            market.candidates[0].merit = market.scoring.merit(&market.candidates[0].standing);
            let after = place(&market.run()).expect("better is still eligible");
            assert!(after <= before, "seed {seed}: {original:?} to {:?}", market.candidates[0]);
            market.candidates[0] = original;
        }
    }
}

/// The filters as a plain list of questions, in their order: the slow obvious version.
fn find_reject(order: &Order, c: &Candidate, rtt: &[Span]) -> Option<Reject> {
    let is_trusted = match c.trust_tier {
        Some(tier) => order.trust_tiers.contains(tier),
        None => order.trust_tiers == TrustSet::ANY,
    };
    let latency = rtt[c.region.index()] + c.last_mile;
    let is_named = order.included.is_empty() || order.included.contains(&c.key);
    let is_share = order.share < CardShare::WHOLE && c.share_free_on_card >= order.share;
    let questions = [
        (c.is_active, Reject::Inactive),
        (c.mode == order.mode, Reject::Mode),
        (order.mode == Mode::Fizz || is_trusted, Reject::TrustTier),
        (c.standing.uptime >= order.uptime_min, Reject::UptimeMinimum),
        (is_named && !order.excluded.contains(&c.key), Reject::Excluded),
        (order.regions.contains(c.region), Reject::Region),
        (order.lawful.contains(c.region), Reject::Law),
        (order.cards.contains(c.card), Reject::Card),
        (c.gpus_on_node >= order.gpus, Reject::NodeSize),
        (c.gpus_free_on_node >= order.gpus || is_share, Reject::Capacity),
        (c.host.cpus >= order.host.cpus, Reject::Host),
        (c.bid <= order.ceiling, Reject::Price),
        (c.standing.stake >= c.standing.stake_min, Reject::Stake),
        (order.latency_bound.is_none_or(|bound| latency <= bound), Reject::Latency),
        (order.owner_leases_max.is_none_or(|most| c.owner_leases < most), Reject::OwnerCap),
    ];
    questions.into_iter().find(|(passes, _)| !passes).map(|(_, reject)| reject)
}

#[test]
fn each_rejected_candidate_has_exactly_the_first_reason() {
    let mut seen = [0_u32; 15];
    for seed in 0..20_000 {
        let market = draw_market(seed);
        for candidate in &market.candidates {
            let expected = find_reject(&market.order, candidate, &market.rtt_from_tenant);
            let found = check_eligible(&market.order, candidate, &market.rtt_from_tenant).err();
            assert_eq!(found, expected, "seed {seed}: {candidate:?}");
            if let Some(reject) = found {
                seen[reject as usize] += 1;
            }
        }
    }
    assert!(seen.iter().all(|count| *count > 100), "every filter was tried: {seen:?}");
}

/// The set after each filter in turn: the slow obvious version of the explanation.
#[test]
fn the_explanation_is_the_first_filter_that_leaves_nobody() {
    for seed in 0..20_000 {
        let market = draw_market(seed);
        let mut order = market.order.clone();
        if market.is_latency_soft {
            order.latency_bound = None;
        }
        let rejects = |reject: Reject| {
            market.candidates.iter().all(|candidate| {
                find_reject(&order, candidate, &market.rtt_from_tenant)
                    .is_some_and(|first| first <= reject)
            })
        };
        let expected = Reject::ALL.into_iter().find(|reject| rejects(*reject));
        let found = first_failing(&market.input(), market.candidates.iter());
        assert_eq!(found, expected, "seed {seed}");
        let round = market.run();
        if market.draws_max > 0 && round.picks.is_empty() {
            assert_eq!(found.is_none(), round.late, "seed {seed}: nobody, or nobody in time");
        }
    }
}

#[test]
fn an_unknown_region_is_refused_not_a_panic() {
    let market = draw_market(3);
    let rejected = market.candidates.iter().all(|candidate| {
        check_eligible(&market.order, candidate, &[]).is_err_and(|reject| reject <= Reject::Region)
    });
    assert!(rejected);
    let input = RoundInput { rtt_from_tenant: &[], ..market.input() };
    assert_eq!(match_round(&input, market.candidates.iter(), |_| true).picks, []);
}
