//! Recorded cases: what is given, the operation, what must come out.
//!
//! Here the worked vector of protocol.md 9.9 through the matcher's public face, with nothing of
//! the simulator: balanced weights, ceiling 0.30 USD, least stake 1,000 SPON, cap 50,000 SPON.

use market::{Candidate, Mode, Order, RoundInput, Scoring, Standing, Ticket, Weights, match_round};
use units::{
    BasisPoints, CardId, CardSet, EntityKey, GpuCount, GpuHourPrice, Ppm, ProviderId, RegionId,
    RegionSet, SimTime, Span, Spon, TrustSet,
};

/// Round trip in ms, bid in cents, uptime in ppm, good, bad, GPUs left of 100, slashes, stake.
type Given = (u64, u64, u32, u64, u64, u32, u32, i128);

const GIVEN: [Given; 3] = [
    (20, 25, 995_000, 40, 1, 50, 0, 5_000),
    (85, 16, 930_000, 12, 3, 75, 1, 1_000),
    (160, 20, 999_000, 200, 2, 10, 0, 60_000),
];

/// The printed scores `A`, in ten-thousandths.
const PRINTED: [u32; 3] = [7_375, 6_637, 7_337];

fn candidate(ordinal: usize, scoring: &Scoring) -> Candidate {
    let (rtt_ms, cents, uptime, good, bad, left, slashes, stake) = GIVEN[ordinal];
    let tokens = |count: i128| Spon::from_base(count * Spon::ONE.base());
    let standing = Standing {
        uptime: Ppm(uptime),
        good_milli: good * 1_000,
        bad_milli: bad * 1_000,
        slash_halves: 2 * slashes,
        stake: tokens(stake),
        stake_min: tokens(1_000),
    };
    Candidate {
        key: EntityKey::group("worked vector").child(ordinal as u64),
        bid: GpuHourPrice::from_nanos(cents * 10_000_000),
        last_mile: Span::from_millis(rtt_ms),
        merit: scoring.merit(&standing),
        gpus_free: GpuCount(left + 1),
        gpus_total: GpuCount(100),
        gpus_free_on_node: GpuCount(1),
        gpus_on_node: GpuCount(1),
        region: RegionId(0),
        card: CardId(0),
        mode: Mode::Fizz,
        is_active: true,
        trust_tier: None,
        joined_at: SimTime::ZERO,
        provider: ProviderId(ordinal as u32),
        standing,
    }
}

#[test]
fn the_worked_vector_of_the_protocol_holds() {
    // Without randomness every pick comes in the order of its score.
    let weights = Weights { randomness: BasisPoints(0), ..Weights::BALANCED };
    let scoring = Scoring::new(weights, 50).expect("the balanced weights score");
    let candidates = [0, 1, 2].map(|ordinal| candidate(ordinal, &scoring));
    let order = Order {
        key: EntityKey::group("order"),
        mode: Mode::Fizz,
        trust_tiers: TrustSet::ANY,
        uptime_min: Ppm::ZERO,
        regions: RegionSet::ALL,
        excluded: Vec::new(),
        cards: CardSet::default().with(CardId(0)),
        gpus: GpuCount(1),
        ceiling: GpuHourPrice::from_nanos(300_000_000),
        latency_bound: None,
        tenant_region: RegionId(0),
    };
    let input = RoundInput {
        order: &order,
        rtt_from_tenant: &[Span::ZERO],
        ticket: Ticket::new(1, order.key, 2, b"beacon"),
        scoring: &scoring,
        draws_max: 3,
        is_latency_soft: true,
    };
    let round = match_round(&input, candidates.iter(), |_| true);

    let winners: Vec<usize> = round.picks.iter().map(|pick| pick.provider.index()).collect();
    assert_eq!(winners, [0, 2, 1]);
    for pick in &round.picks {
        let rounded = (pick.score.0 + 50) / 100;
        assert_eq!(rounded, PRINTED[pick.provider.index()], "candidate {}", pick.provider.0);
    }
}
