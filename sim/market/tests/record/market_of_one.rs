//! A market of one order, small enough to alter every bit of its record.

use market::{
    Arrival, Beacon, Bytes, Candidate, Closing, Committee, Core, Facts, Forms, Hash, MatchRecord,
    Mode, Operator, Order, RoundInput, Scoring, Share, Signer, SoftFilters, Standing, Weights,
    match_round,
};
use units::{
    BasisPoints, EntityKey, GpuCount, GpuHourPrice, Ppm, RegionId, SimTime, Span, Spon, TrustTier,
};

/// What a record is made from.
pub struct Market {
    pub order: Order,
    pub candidates: Vec<Candidate>,
    pub rtt_from_tenant: Vec<Span>,
    pub core: Core,
    pub soft: SoftFilters,
    pub draws_max: u32,
    /// So many of the candidates bid too late, the first ones.
    pub late: u32,
    pub committee: Committee,
    pub beacon: Beacon,
}

/// Four operators with their secrets.
pub fn signers() -> [(EntityKey, Signer); 4] {
    [1, 2, 3, 4].map(|n| (EntityKey(n), Signer::from_seed([n as u8; 32])))
}

pub fn sign_all(record: &mut MatchRecord) {
    for (operator, signer) in signers() {
        record.sign(operator, &signer);
    }
}

/// The first wrong field of a record that has one.
pub fn field(record: &MatchRecord) -> String {
    record.verify().expect_err("something is wrong").field
}

fn closing() -> Closing {
    let order = EntityKey::group("order");
    Closing { chain_id: 7, order, height: 1_002, block_hash: Hash::of(&[b"block"]) }
}

impl Market {
    /// A market of `count` candidates that all pass, under the default core.
    pub fn new(count: u64) -> Market {
        let group = Signer::from_seed([9; 32]);
        let operator = |((key, signer), stake): ((EntityKey, Signer), i128)| Operator {
            key,
            stake: Spon::from_base(stake * Spon::ONE.base()),
            public_key: signer.public_key(),
        };
        let operators = signers().into_iter().zip([40, 30, 20, 10]).map(operator).collect();
        let ceiling = GpuHourPrice::from_nanos(300_000_000);
        Market {
            order: Order {
                latency_bound: Some(Span::from_millis(400)),
                owner_leases_max: Some(5),
                excluded: [EntityKey(3)].into_iter().collect(),
                ..Order::plain(closing().order, Mode::Provider, ceiling)
            },
            candidates: (0..count).map(candidate).collect(),
            rtt_from_tenant: [5, 60, 110].map(Span::from_millis).to_vec(),
            core: Core::default(),
            soft: SoftFilters { latency_bound: true, owner_cap: false },
            draws_max: 2,
            late: 0,
            committee: Committee {
                operators,
                quorum: BasisPoints(6_667),
                group_key: group.public_key(),
            },
            beacon: Beacon::sign_closing(&closing(), &group),
        }
    }

    /// One beacon of each option, one secret withheld.
    pub fn beacons(&self) -> [Beacon; 3] {
        let share = |n: u8| Share::revealed(EntityKey(n.into()), Bytes([n; 32]));
        let shares = vec![share(1), share(2), share(3).withheld(), share(4)];
        [self.beacon.clone(), Beacon::BlockHash, Beacon::CommitReveal { shares }]
    }

    pub fn scoring(&self) -> Scoring {
        Scoring::new(Weights::BALANCED, Forms::capped_at(50)).expect("balanced weights score")
    }

    pub fn facts(&self) -> Facts {
        let (beacon, committee) = (self.beacon.clone(), self.committee.clone());
        Facts { closing: closing(), beacon, committee }
    }

    pub fn input<'m>(&'m self, scoring: &'m Scoring) -> RoundInput<'m> {
        let value = self.beacon.value(&closing(), &self.committee).expect("sound evidence");
        RoundInput {
            order: &self.order,
            rtt_from_tenant: &self.rtt_from_tenant,
            ticket: closing().ticket(value),
            core: self.core,
            scoring,
            draws_max: self.draws_max,
            soft: self.soft,
        }
    }

    /// The record of the round, signed by everybody.
    pub fn signed_record(&self) -> MatchRecord {
        let scoring = self.scoring();
        let input = self.input(&scoring);
        let is_in_time = |candidate: &Candidate| candidate.number >= 100 + self.late;
        let round = match_round(&input, self.candidates.iter(), is_in_time);
        let bids = self.candidates.iter().map(|candidate| {
            let arrival = Arrival { height: 1_001, index: candidate.number - 100 };
            (candidate, is_in_time(candidate).then_some(arrival))
        });
        let mut record = MatchRecord::make(&self.facts(), &input, &round, bids)
            .expect("the search decided as the slow round does");
        sign_all(&mut record);
        record
    }
}

fn candidate(n: u64) -> Candidate {
    let scoring = Market::scoring(&Market { candidates: Vec::new(), ..Market::new(0) });
    let standing = Standing {
        uptime: Ppm(900_000 + 13_000 * n as u32),
        good_milli: 1_000 * n,
        bad_milli: 700,
        slash_halves: (n % 2) as u32,
        stake: Spon::from_base((1_000 + 777 * i128::from(n)) * Spon::ONE.base()),
        stake_min: Spon::from_base(1_000 * Spon::ONE.base()),
    };
    let key = EntityKey::group("provider").child(n);
    let bid = GpuHourPrice::from_nanos(150_000_000 + 20_000_000 * n);
    let mut candidate = Candidate {
        last_mile: Span::from_millis(7 + n),
        merit: scoring.merit(&standing),
        gpus_free: GpuCount(4),
        gpus_total: GpuCount(8),
        gpus_free_on_node: GpuCount(4),
        gpus_on_node: GpuCount(8),
        region: RegionId((n % 3) as u16),
        trust_tier: TrustTier::new(3),
        joined_at: SimTime::from_nanos(n),
        owner_leases: 2,
        standing,
        ..Candidate::plain(key, 100 + n as u32, Mode::Provider, bid)
    };
    candidate.activity.idle_since = SimTime::from_nanos(50 - n);
    candidate.activity.served_in_era = Span::from_hours(n);
    candidate
}
