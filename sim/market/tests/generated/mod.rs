//! Generated markets that several test files share: ties, full pools, late bids, every filter.
#![allow(dead_code, reason = "each test file uses a part of it")]

use market::factor::{
    AvailabilityForm, PriceForm, RegionForm, ReputationForm, SlashForm, StakeForm, UptimeForm,
};
use market::{
    Activity, Candidate, Core, Forms, Host, Mode, Order, Round, RoundInput, Scoring, SoftFilters,
    Standing, Ticket, Weights, match_round,
};
use units::{
    BasisPoints, CardId, CardSet, CardShare, EntityKey, GpuCount, GpuHourPrice, KeySet, Philox,
    Ppm, RegionId, RegionSet, SimTime, Span, Spon, TrustSet, TrustTier,
};

/// Random choices of one generated market; small ranges make ties likely.
pub struct Choices {
    values: Philox,
    taken: u64,
}

impl Choices {
    pub fn new(seed: u64) -> Choices {
        Choices { values: Philox::new(seed), taken: 0 }
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.taken += 1;
        self.values.value(0x6d61_726b, self.taken) % bound
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last as u64 + 1) as usize);
        }
    }
}

/// A market of one order.
pub struct Market {
    pub order: Order,
    pub candidates: Vec<Candidate>,
    pub rtt_from_tenant: Vec<Span>,
    pub core: Core,
    pub scoring: Scoring,
    pub ticket: Ticket,
    pub draws_max: u32,
    pub is_latency_soft: bool,
    pub late_one_in: u64,
}

impl Market {
    pub fn input(&self) -> RoundInput<'_> {
        RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: self.ticket,
            scoring: &self.scoring,
            draws_max: self.draws_max,
            core: self.core,
            soft: SoftFilters { latency_bound: self.is_latency_soft, owner_cap: false },
        }
    }

    pub fn is_in_time(&self, candidate: &Candidate) -> bool {
        !Philox::new(3).value(candidate.key.0, 0).is_multiple_of(self.late_one_in)
    }

    /// Scores anew, by other weights or forms.
    pub fn rescore(&mut self, scoring: Scoring) {
        self.scoring = scoring;
        for candidate in &mut self.candidates {
            candidate.merit = scoring.merit(&candidate.standing);
        }
    }

    pub fn run(&self) -> Round {
        match_round(&self.input(), self.candidates.iter(), |c| self.is_in_time(c))
    }
}

pub fn draw_market(seed: u64) -> Market {
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
        core: Core::default(),
        scoring,
        draws_max: choices.below(5) as u32,
        is_latency_soft: choices.one_in(2),
        late_one_in: 1 + choices.below(4),
    }
}

/// Any form of each factor.
pub fn draw_forms(choices: &mut Choices) -> Forms {
    Forms {
        region: choices.one_of(RegionForm::NAMED).1,
        price: choices.one_of(PriceForm::NAMED).1,
        uptime: choices.one_of(UptimeForm::NAMED).1,
        reputation: choices.one_of(ReputationForm::NAMED).1,
        availability: choices.one_of(AvailabilityForm::NAMED).1,
        slash: choices.one_of(SlashForm::NAMED).1,
        stake: choices.one_of(StakeForm::NAMED).1,
        stake_cap_multiple: choices.one_of(&[1, 50, u32::MAX]),
        is_weighted_by_capacity: choices.one_in(2),
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

pub fn draw_candidate(
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
        activity: Activity {
            idle_since: SimTime::from_nanos(choices.below(spread)),
            served_in_era: Span::from_millis(choices.below(spread)),
            leases: choices.below(3) as u32,
            misses: choices.below(3) as u32,
        },
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
        included: if choices.one_in(5) { included.collect() } else { KeySet::default() },
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
        excluded: if choices.one_in(3) {
            [excluded].into_iter().collect()
        } else {
            KeySet::default()
        },
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
