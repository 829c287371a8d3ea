//! What must hold for every round, on generated markets with ties, full pools and late bids.

mod generated;

use generated::{Choices, draw_candidate, draw_market};
use market::{
    Candidate, Mode, Order, Reject, RoundInput, check_eligible, first_failing, match_round,
    match_round_eager,
};
use units::{CardShare, Span, TrustSet};

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

/// The filters as a plain list of questions, in their order: the slow obvious version.
fn find_reject(order: &Order, c: &Candidate, rtt: &[Span]) -> Option<Reject> {
    let is_trusted = match c.trust_tier {
        Some(tier) => order.trust_tiers.contains(tier),
        None => order.trust_tiers == TrustSet::ANY,
    };
    let latency = rtt[c.region.index()] + c.last_mile;
    let is_named = order.included.is_empty() || order.included.contains(c.key);
    let is_share = order.share < CardShare::WHOLE && c.share_free_on_card >= order.share;
    let questions = [
        (c.is_active, Reject::Inactive),
        (c.mode == order.mode, Reject::Mode),
        (order.mode == Mode::Fizz || is_trusted, Reject::TrustTier),
        (c.standing.uptime >= order.uptime_min, Reject::UptimeMinimum),
        (is_named && !order.excluded.contains(c.key), Reject::Excluded),
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
