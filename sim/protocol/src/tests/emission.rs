//! Does an era emit what its schedule says (T5), and do no more burned tokens come back than were
//! burned (T9)?

use crate::testing::{Chain, Lots, PRICE, params, registration, tokens};
use crate::{Account, EmissionRules, EraEvidence, PoolRules, Reason, RewardMode, check_books};
use mechanism::emission::{
    Baseline, BaselineTerms, Bonding, BondingPull, Damped, Exponential, Halving, LinearPool,
    NetEmission, Schedule, Table, UsdTarget, WHOLE,
};
use units::{Asset, BasisPoints, GpuHourPrice, Ppm, ProviderId, Spon, Usd};

const GOOD: EraEvidence = EraEvidence { uptime: Ppm::ONE, downtime_gpu_ns: 0, cooling_gpu_ns: 0 };

fn base(whole: i128) -> u128 {
    tokens(whole).base().unsigned_abs()
}

/// One schedule of each kind, all small enough to reach their ends.
fn schedules() -> Vec<Schedule> {
    let terms = BaselineTerms {
        simple_total: base(300),
        baseline_total: base(700),
        half_life_eras: 20,
        capacity_at_start: 2_000_000,
        doubling_eras: 15,
    };
    let pull = BondingPull {
        rate: WHOLE / 10,
        change: WHOLE / 8,
        lowest: WHOLE / 20,
        highest: WHOLE / 5,
        target: WHOLE / 2,
        eras_per_year: 365,
    };
    vec![
        Schedule::None,
        Schedule::LinearPool(LinearPool { pool: base(1_000) + 1, eras: 37 }),
        Schedule::Halving(Halving { first: base(100) + 3, period_eras: 7 }),
        Schedule::Exponential(Exponential { total: base(900), half_life_eras: 11 }),
        Schedule::Damped(Damped { first: base(70), keep: Ppm(900_000), period_eras: 9 }),
        Schedule::Table(Table { amounts: vec![base(10), 7, base(3)], period_eras: 13 }),
        Schedule::Baseline(Baseline::new(&terms)),
        Schedule::Bonding(Bonding { rate_ppb: 218_500, change_ppb: 500, target_ppb: 500_000_000 }),
        Schedule::BondingPull(pull),
        Schedule::UsdTarget(UsdTarget { buy_back: BasisPoints(5_000) }),
    ]
}

fn rules(schedule: Schedule, first_era: u64) -> EmissionRules {
    let owed_per_gpu_hour = GpuHourPrice::from_nanos(40_000_000);
    EmissionRules { schedule, first_era, net: None, owed_per_gpu_hour }
}

/// A home machine and a data centre under a schedule, with a pool of 2,000 tokens.
fn chain(rules: EmissionRules) -> Chain {
    let registry =
        vec![registration(PoolRules::Fizz, 1, 400), registration(PoolRules::Provider, 8, 100)];
    let mut params = params();
    params.emission = rules;
    params.reward_pool = tokens(2_000);
    Chain::of(registry, params)
}

#[test]
fn every_era_emits_what_its_schedule_says_whatever_is_proven() {
    for schedule in schedules() {
        for first_era in [0, 5] {
            let mut chain = chain(rules(schedule.clone(), first_era));
            let mut lots = Lots::new(first_era);
            for era in first_era..first_era + 60 {
                let evidence = [(); 2].map(|()| {
                    let uptime = Ppm(lots.below(1_000_001) as u32);
                    EraEvidence { uptime, ..GOOD }
                });
                let minted = chain.state.ledger.minted(Asset::Spon);
                let receipt = chain.era(&evidence);
                let minted = chain.state.ledger.minted(Asset::Spon) - minted;
                let at = |era| schedule.cumulative(era).unwrap_or(0);
                let due = (at(era + 1) - at(era)) as i128;
                let is_pool = matches!(schedule, Schedule::LinearPool(_) | Schedule::UsdTarget(_));
                if schedule.cumulative(0).is_some() {
                    assert_eq!(receipt.emitted.base(), due, "{schedule:?}, era {era}");
                }
                assert_eq!(minted, if is_pool { 0 } else { receipt.emitted.base() });
                assert!(receipt.distributed <= receipt.emitted);
            }
        }
    }
}

/// One step of any length comes to what as many short ones do (economics.md 5.2).
#[test]
fn schedules_of_the_calendar_are_step_invariant() {
    for schedule in schedules() {
        let Some(all) = schedule.cumulative(1_000) else { continue };
        let mut chain = chain(rules(schedule.clone(), 0));
        let sum: i128 = (0..1_000).map(|_| chain.era(&[GOOD; 2]).emitted.base()).sum();
        assert_eq!(sum, all as i128, "{schedule:?}");
        assert!(all <= schedule.cap().expect("a schedule of the calendar has a bound"));
    }
}

#[test]
fn stake_that_is_missing_raises_the_inflation_and_stake_that_is_there_lowers_it() {
    let bonding = Bonding { rate_ppb: 100_000, change_ppb: 1_000, target_ppb: 500_000_000 };
    for (stake, rate_ppb) in [(1_000, 101_000), (9_000, 99_000)] {
        let mut chain = chain(rules(Schedule::Bonding(bonding), 0));
        chain.stake(ProviderId(1), tokens(stake));
        // Beside the stake there are the pool's two thousand and the committee's thousand.
        let supply = chain.state.ledger.total(Asset::Spon);
        assert_eq!(supply, tokens(3_000 + stake).base());
        let emitted = chain.era(&[GOOD; 2]).emitted.base();
        assert_eq!(emitted, supply / 1_000_000_000 * rate_ppb);
    }
}

#[test]
fn pay_owed_in_dollars_comes_from_the_pool_and_then_from_the_foundation() {
    let schedule = Schedule::UsdTarget(UsdTarget { buy_back: BasisPoints(5_000) });
    let mut chain = chain(rules(schedule, 0));
    // 12 GPUs of multiplier 1 for a day at 4 cents an hour are 11.52 dollars, or 384 tokens.
    assert_eq!(chain.state.price, PRICE);
    for _ in 0..5 {
        assert_eq!(chain.era(&[GOOD; 2]).emitted, tokens(384));
    }
    let (from, to) = (Account::Rewards, Account::Treasury);
    let left = chain.spon(from);
    chain.state.ledger.transfer(Asset::Spon, from, to, left - 7, Reason::LeaseFee);
    assert_eq!(chain.era(&[GOOD; 2]).emitted.base(), left, "80 tokens are all there is");
    assert_eq!(chain.spon(Account::Treasury), 0);
    let crumbs = chain.era(&[GOOD; 2]).emitted;
    assert!(crumbs < Spon::from_base(3), "{crumbs:?}: only what divisions left");
}

#[test]
fn burned_tokens_come_back_and_never_more_than_were_burned() {
    let net = NetEmission { pool: 0, limit: base(30), parts: 4 };
    let (floor, ceiling) = (BasisPoints(5_000), BasisPoints(30_000));
    let halving = Schedule::Halving(Halving { first: base(10), period_eras: 7 });
    let mut chain = chain(EmissionRules { net: Some(net), ..rules(halving, 0) });
    chain.params.rewards.mode = RewardMode::PayerBand { floor, ceiling };
    let mut lots = Lots::new(9);
    for era in 0..200 {
        let burned = (lots.below(60) * lots.below(2)) as i128;
        let pool = chain.spon(Account::Rewards);
        let burned = tokens(burned).base().min(pool);
        chain.state.ledger.burn(Asset::Spon, Account::Rewards, burned, Reason::Slashed);
        let cents = i64::try_from(lots.below(2_000)).unwrap();
        let payment = Usd::from_nanos(cents * 10_000_000);
        chain.state.registry[1].era.note(payment, 1_000_000_000);
        let receipt = chain.era(&[GOOD; 2]);
        let emitted = chain.state.ledger.minted_for(Asset::Spon, Reason::Emission);
        let scheduled = chain.params.emission.schedule.cumulative(era + 1).unwrap() as i128;
        assert!(emitted - scheduled <= chain.state.ledger.burned(Asset::Spon));
        let most = 3 * cents as i128 * 10_000_000 * 10_i128.pow(18) / PRICE.nanos() as i128;
        assert!(receipt.distributed.base() <= most, "era {era}: above the band");
    }
    let came_back = chain.state.ledger.minted_for(Asset::Spon, Reason::Emission);
    assert!(came_back > tokens(100).base(), "{came_back}");
}

#[test]
#[should_panic(expected = "T5, emission is not what the schedule says")]
fn an_era_that_emits_more_is_noticed() {
    let mut chain = Chain::new();
    chain.state.emission.sabotage(1, 0, 0);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T5, more is emitted than the schedule ever does")]
fn emission_above_the_cap_is_noticed() {
    let terms = BaselineTerms {
        simple_total: 10,
        baseline_total: 10,
        half_life_eras: 2,
        capacity_at_start: 1,
        doubling_eras: 2,
    };
    let mut chain = chain(rules(Schedule::Baseline(Baseline::new(&terms)), 0));
    chain.state.emission.sabotage(21, 0, 0);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T5, the ledger issued something else")]
fn tokens_that_are_issued_beside_the_schedule_are_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.mint(Asset::Spon, Account::Rewards, 1, Reason::Emission);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T9, more came back than was burned")]
fn a_token_that_comes_back_unburned_is_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.mint(Asset::Spon, Account::Rewards, 1, Reason::Emission);
    chain.state.emission.sabotage(0, 1, 0);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "K7, more is paid out than was emitted")]
fn a_reward_that_was_not_emitted_is_noticed() {
    let mut chain = Chain::new();
    chain.state.emission.sabotage(0, 0, 1);
    check_books(&chain.state);
}
