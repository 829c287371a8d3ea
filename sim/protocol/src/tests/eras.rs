//! Does the end of an era pay, take and burn exactly what the rules say?

use crate::ledger::Party;
use crate::testing::{
    CENTRE, Chain, FIZZ, Lots, OTHER_FIZZ, hour, ladder, params, registration, tokens, trust,
};
use crate::{
    Account, Call, EraEvidence, EraReceipt, PoolRules, Reason, check_books, compute_points,
    process_era,
};
use units::{Asset, Ppm, ProviderId, SimTime, Span, Spon};

/// A clean era.
const GOOD: EraEvidence = EraEvidence { uptime: Ppm::ONE, downtime_gpu_ns: 0, cooling_gpu_ns: 0 };
const BAD: EraEvidence = EraEvidence { uptime: Ppm::ZERO, ..GOOD };

fn seen(uptime: u32) -> EraEvidence {
    EraEvidence { uptime: Ppm(uptime), ..GOOD }
}

fn down_for(gpus: u64, span: Span) -> EraEvidence {
    EraEvidence { downtime_gpu_ns: gpus * span.nanos(), ..GOOD }
}

impl Chain {
    /// Ends an era at the end of the first day, and checks the books.
    pub(super) fn era(&mut self, evidence: &[EraEvidence]) -> EraReceipt {
        let receipt = process_era(&mut self.state, hour(24), evidence, &self.params);
        check_books(&self.state);
        receipt
    }

    pub(super) fn stake(&mut self, provider: ProviderId, amount: Spon) {
        self.accept(SimTime::ZERO, Call::PostStake { provider, amount });
    }
}

fn paid(receipt: &EraReceipt) -> i128 {
    receipt.outcomes.iter().map(|outcome| outcome.reward.base()).sum()
}

#[test]
fn the_two_kinds_of_rules_share_the_budget_by_weighted_gpus() {
    let mut chain = Chain::new();
    let receipt = chain.era(&[GOOD; 3]);
    assert_eq!(receipt.emitted, tokens(164_271));
    assert_eq!(receipt.era, 0);
    // Half of it is 82,135.5 SPON; the two home machines are alike.
    let rewards: Vec<f64> = receipt.outcomes.iter().map(|one| one.reward.as_f64()).collect();
    assert_eq!(rewards, [41_067.75, 41_067.75, 82_135.5]);
    assert_eq!(chain.spon(Account::Provider(CENTRE)), receipt.outcomes[2].reward.base());
    assert_eq!(chain.era(&[GOOD; 3]).era, 1);
}

#[test]
fn what_is_not_paid_stays_in_the_pool() {
    for seed in 0..300 {
        let mut lots = Lots::new(seed);
        let mut draw = |rules| {
            let one = registration(rules, 1 + lots.below(64) as u32, 1 + lots.below(2_000) as u32);
            (one, seen(lots.below(1_000_001) as u32))
        };
        let rules = [PoolRules::Fizz, PoolRules::Provider, PoolRules::Provider, PoolRules::Fizz];
        let (registry, evidence): (Vec<_>, Vec<_>) = rules.map(&mut draw).into_iter().unzip();
        let mut chain = Chain::of(registry, params());
        let before = chain.spon(Account::Rewards);
        let receipt = chain.era(&evidence);
        let undistributed = chain.spon(Account::Rewards) - (before - receipt.emitted.base());
        assert!(paid(&receipt) <= receipt.emitted.base(), "seed {seed}");
        assert!(undistributed >= 0, "seed {seed}");
        assert_eq!(paid(&receipt) + undistributed, receipt.emitted.base(), "seed {seed}");
        for (id, outcome) in (0..).map(ProviderId).zip(&receipt.outcomes) {
            assert_eq!(chain.spon(Account::Provider(id)), outcome.reward.base(), "seed {seed}");
        }
    }
}

#[test]
fn when_all_are_eligible_only_remainders_stay() {
    for seed in 0..300 {
        let mut lots = Lots::new(seed);
        let rules = [PoolRules::Fizz, PoolRules::Provider, PoolRules::Fizz, PoolRules::Provider];
        let mut draw =
            |rules| registration(rules, 1 + lots.below(64) as u32, 1 + lots.below(2_000) as u32);
        let mut chain = Chain::of(rules.map(&mut draw).to_vec(), params());
        let receipt = chain.era(&[GOOD; 4]);
        let undistributed = receipt.emitted.base() - paid(&receipt);
        assert!((0..6).contains(&undistributed), "seed {seed}: {undistributed}");
    }
}

#[test]
fn an_era_in_which_nobody_is_eligible_pays_nothing() {
    let mut chain = Chain::new();
    let receipt = chain.era(&[BAD; 3]);
    assert_eq!(paid(&receipt), 0);
    assert!(receipt.outcomes.iter().all(|outcome| outcome.points_micro == 0));
    assert_eq!(chain.spon(Account::Rewards), params().reward_pool.base());
}

#[test]
fn a_chain_without_providers_pays_nothing() {
    let mut chain = Chain::of(Vec::new(), params());
    assert!(chain.era(&[]).outcomes.is_empty());
    assert_eq!(chain.state.eras, 1);
}

#[test]
fn the_mark_of_each_tier_earns_and_a_millionth_under_it_does_not() {
    for number in 1..=6 {
        let mark = ladder()[trust(number).index()].slash_mark;
        for (uptime, earns) in [(mark.0, true), (mark.0 - 1, false)] {
            let mut chain = Chain::new();
            chain.state.registry[CENTRE.index()].trust = Some(trust(number));
            let receipt = chain.era(&[GOOD, GOOD, seen(uptime)]);
            let outcome = receipt.outcomes[CENTRE.index()];
            assert_eq!(outcome.reward > Spon::ZERO, earns, "tier {number}, {uptime}");
            assert_eq!(outcome.points_micro > 0, earns, "tier {number}, {uptime}");
        }
    }
}

#[test]
fn a_newcomer_under_provider_rules_earns_nothing_yet() {
    let mut chain = Chain::new();
    chain.state.registry[CENTRE.index()].trust = Some(trust(7));
    assert_eq!(chain.era(&[GOOD; 3]).outcomes[CENTRE.index()].reward, Spon::ZERO);
}

#[test]
fn half_an_era_passes_the_fizz_gate_and_a_millionth_less_does_not() {
    let mut chain = Chain::new();
    let outcomes = chain.era(&[seen(500_000), seen(499_999), GOOD]).outcomes;
    assert!(outcomes[FIZZ.index()].reward > Spon::ZERO);
    assert_eq!(outcomes[OTHER_FIZZ.index()].reward, Spon::ZERO);
}

#[test]
fn more_points_never_bring_less() {
    let reward = |gpus: u32, multiplier: u32, tier: u8, rules| {
        let own = registration(rules, gpus, multiplier);
        let mut chain = Chain::new();
        chain.state.registry[CENTRE.index()].trust = Some(trust(6));
        chain.state.registry.push(own);
        chain = Chain::of(chain.state.registry, chain.params);
        if rules == PoolRules::Provider {
            chain.state.registry[3].trust = Some(trust(tier));
        }
        chain.era(&[GOOD; 4]).outcomes[3].reward
    };
    for rules in [PoolRules::Fizz, PoolRules::Provider] {
        for step in 1..40 {
            let now = reward(step, 250, 6, rules);
            assert!(reward(step + 1, 250, 6, rules) > now);
            assert!(reward(step, 251, 6, rules) > now);
        }
    }
    for tier in 2..=7 {
        let better = reward(4, 250, tier - 1, PoolRules::Provider);
        assert!(better > reward(4, 250, tier, PoolRules::Provider), "tier {tier}");
    }
}

#[test]
fn downtime_in_a_lease_costs_the_reward_of_the_same_duration() {
    let mut chain = Chain::new();
    chain.stake(CENTRE, tokens(1_000_000));
    // Four of eight GPUs for six of 24 hours are an eighth of 82,135.5 SPON.
    let receipt = chain.era(&[GOOD, GOOD, down_for(4, Span::from_hours(6))]);
    let outcome = receipt.outcomes[CENTRE.index()];
    assert_eq!(outcome.slash, Spon::from_base(10_266_937_500_000_000_000_000));
    assert_eq!(outcome.slash.base() * 8, outcome.reward.base());
    assert_eq!(chain.state.stake(CENTRE), tokens(1_000_000) - outcome.slash);
    assert_eq!(chain.state.registry[CENTRE.index()].slashes, [hour(24)]);
}

#[test]
fn downtime_is_slashed_though_the_era_earned_nothing() {
    let mut chain = Chain::new();
    chain.stake(CENTRE, tokens(1_000_000));
    let all_day = EraEvidence { uptime: Ppm::ZERO, ..down_for(8, Span::DAY) };
    let outcome = chain.era(&[GOOD, GOOD, all_day]).outcomes[CENTRE.index()];
    assert_eq!(outcome.reward, Spon::ZERO);
    assert_eq!(outcome.slash, Spon::from_base(82_135_500_000_000_000_000_000));
}

#[test]
fn slashed_stake_is_burned_or_the_foundations() {
    for seed in 0..200 {
        let mut lots = Lots::new(seed);
        let mut chain = Chain::new();
        let posted = Spon::from_base(1 + i128::from(lots.below(u64::MAX)) * 10_000);
        chain.stake(CENTRE, posted);
        chain.state.ledger.take_flows();
        let lost = Span::from_nanos(lots.below(Span::DAY.nanos()));
        let outcome = chain.era(&[GOOD, GOOD, down_for(8, lost)]).outcomes[CENTRE.index()];
        let flows = chain.state.ledger.take_flows();
        let flow = |to| {
            let key = (Asset::Spon, Party::Contested, to, Reason::Slashed);
            flows.get(&key).map_or(0, |flow| flow.amount)
        };
        let (burned, kept) = (flow(Party::Burn), flow(Party::Treasury));
        let dust = flow(Party::Dust);
        assert!(dust <= 1, "seed {seed}: two divisions leave {dust}");
        assert!(outcome.slash <= posted, "seed {seed}");
        assert_eq!(burned + kept + dust, outcome.slash.base(), "seed {seed}");
        assert_eq!(
            burned,
            params().slashing.destinations.divide_rounded_down(outcome.slash).burned.base()
        );
        assert_eq!(chain.spon(Account::Treasury), kept, "seed {seed}");
        assert_eq!(chain.state.stake(CENTRE), posted - outcome.slash, "seed {seed}");
    }
}

#[test]
fn no_more_is_slashed_than_there_is() {
    let mut chain = Chain::new();
    chain.stake(CENTRE, tokens(5));
    let all_day = down_for(8, Span::DAY);
    assert_eq!(chain.era(&[GOOD, GOOD, all_day]).outcomes[CENTRE.index()].slash, tokens(5));
    assert_eq!(chain.era(&[GOOD, GOOD, all_day]).outcomes[CENTRE.index()].slash, Spon::ZERO);
    assert_eq!(chain.state.registry[CENTRE.index()].slashes.len(), 1);
}

#[test]
fn the_downtime_of_a_large_provider_is_counted_exactly() {
    // The budget times the GPU-nanoseconds of a day on 10,000 GPUs has more than 128 bits.
    let mut chain = Chain::of(vec![registration(PoolRules::Provider, 10_000, 1_200)], params());
    chain.stake(ProviderId(0), tokens(1_000_000));
    let outcome = chain.era(&[down_for(10_000, Span::from_hours(8))]).outcomes[0];
    assert_eq!(outcome.reward, tokens(164_271));
    assert_eq!(outcome.slash, tokens(54_757));
}

#[test]
fn home_machines_lose_no_stake_by_downtime() {
    let mut chain = Chain::new();
    chain.stake(FIZZ, tokens(10));
    let outcome = chain.era(&[down_for(1, Span::DAY), GOOD, GOOD]).outcomes[FIZZ.index()];
    assert_eq!(outcome.slash, Spon::ZERO);
    assert_eq!(chain.state.stake(FIZZ), tokens(10));
}

#[test]
fn what_one_forfeits_the_others_share() {
    let receipt = Chain::new().era(&[GOOD, BAD, GOOD]);
    let rewards: Vec<f64> = receipt.outcomes.iter().map(|one| one.reward.as_f64()).collect();
    assert_eq!(rewards, [82_135.5, 0.0, 82_135.5]);
}

#[test]
fn emission_ends_with_the_pool() {
    let mut params = params();
    let full = tokens(164_271);
    params.reward_pool = Spon::from_base(full.base() * 5 / 2);
    let mut chain = Chain::of(vec![registration(PoolRules::Fizz, 1, 100)], params);
    let half = Spon::from_base(full.base() / 2);
    for expected in [full, full, half, Spon::ZERO, Spon::ZERO] {
        let receipt = chain.era(&[GOOD]);
        assert_eq!(receipt.emitted, expected);
        assert_eq!(receipt.outcomes[0].reward, expected);
    }
    assert_eq!(chain.spon(Account::Rewards), 0);
}

#[test]
fn the_published_case_delivers_855_of_a_thousand() {
    // Shortfalls of 10, 5, 0 and 20 % (protocol.md 3.1): 500 points become 427.5.
    let mut rewards = params().rewards;
    let one = registration(PoolRules::Fizz, 1, 100);
    assert_eq!(compute_points(&one, &rewards), 500_000_000);
    rewards.fizz_shortfalls = [100_000, 50_000, 0, 200_000].map(Ppm);
    assert_eq!(compute_points(&one, &rewards), 427_500_000);
}

#[test]
fn points_under_provider_rules_are_boost_times_gpus_times_multiplier_times_base() {
    let rewards = params().rewards;
    let mut one = registration(PoolRules::Provider, 8, 1_200);
    let boosts = [20, 17, 15, 12, 11, 10, 0];
    for (number, tenths) in (1..=7).zip(boosts) {
        one.trust = Some(trust(number));
        assert_eq!(compute_points(&one, &rewards), 8 * 12 * 20 * tenths * 100_000);
    }
}

#[test]
#[should_panic(expected = "evidence is given for every provider")]
fn an_era_without_evidence_is_not_closed() {
    Chain::new().era(&[GOOD; 2]);
}
