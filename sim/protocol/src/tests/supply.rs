//! Is what is granted locked until it is released (T6), and where are all tokens then?

use crate::testing::{CENTRE, Chain, FIZZ, Lots, params, registration, tokens};
use crate::{
    Account, Beneficiary, Call, EraEvidence, Grant, PoolRules, Reason, SupplyBook, check_books,
    measure_supply,
};
use mechanism::vesting::{Allocation, Stage};
use units::{Asset, Ppm, SimTime, Spon};

const GOOD: EraEvidence = EraEvidence { uptime: Ppm::ONE, downtime_gpu_ns: 0, cooling_gpu_ns: 0 };

fn base(whole: i128) -> u128 {
    tokens(whole).base().unsigned_abs()
}

fn grant(beneficiary: Beneficiary, allocation: Allocation) -> Grant {
    Grant { beneficiary, allocation }
}

/// Ten thousand tokens: a team behind a cliff, the foundation, rewards, and makers of liquidity.
fn table(age: u64) -> SupplyBook {
    let grants = vec![
        grant(Beneficiary::Holders, Allocation::linear(base(4_000), 10, 30)),
        grant(Beneficiary::Treasury, Allocation::linear(base(1_000), 4, 8)),
        grant(Beneficiary::Rewards, Allocation::linear(base(3_000), 0, 60)),
        grant(Beneficiary::Holders, Allocation::at_once(base(2_000))),
    ];
    SupplyBook { grants, age }
}

fn chain(supply: SupplyBook) -> Chain {
    let mut params = params();
    params.supply = supply;
    let fizz = registration(PoolRules::Fizz, 1, 400);
    Chain::of(vec![fizz.clone(), fizz, registration(PoolRules::Provider, 8, 100)], params)
}

#[test]
fn genesis_puts_every_token_where_its_age_says() {
    let chain = chain(table(10));
    let held = |account| Spon::from_base(chain.spon(account));
    // The committee's thousand came from holders.
    assert_eq!(held(Account::Holders), tokens(2_000 + 500 - 1_000));
    assert_eq!(held(Account::Treasury), tokens(750));
    assert_eq!(held(Account::Vesting), tokens(4_000 + 250));
    assert_eq!(held(Account::Rewards), tokens(2_500));
    assert_eq!(chain.state.ledger.total(Asset::Spon), tokens(10_000).base());
    let supply = measure_supply(&chain.state);
    assert_eq!(supply.circulating(), base(1_500));
    check_books(&chain.state);
}

#[test]
fn releases_follow_their_grants_to_the_last_unit() {
    for seed in 0..40 {
        let mut lots = Lots::new(seed);
        let mut draw = |beneficiary| {
            let mut stage = || Stage {
                amount: u128::from(lots.below(1_000_000_000)),
                wait_eras: lots.below(9),
                release_eras: lots.below(20),
            };
            let stages = vec![stage(), stage()];
            let at_start = u128::from(lots.below(1_000_000));
            grant(beneficiary, Allocation { at_start, stages })
        };
        let who = [Beneficiary::Holders, Beneficiary::Treasury, Beneficiary::Holders];
        let grants: Vec<Grant> = who.map(&mut draw).to_vec();
        let mut chain = chain(SupplyBook { grants: grants.clone(), age: lots.below(12) });
        let mut locked = chain.spon(Account::Vesting);
        for _ in 0..70 {
            let vested = chain.era(&[GOOD; 3]).vested().base();
            assert!(vested >= 0, "seed {seed}: released is monotone");
            locked -= vested;
            assert_eq!(chain.spon(Account::Vesting), locked, "seed {seed}");
        }
        assert_eq!(locked, 0, "seed {seed}: all is released at the end");
        let granted: u128 = grants.iter().map(|grant| grant.allocation.granted()).sum();
        let minted = chain.state.ledger.minted_for(Asset::Spon, Reason::Genesis);
        assert_eq!(minted.unsigned_abs(), granted, "seed {seed}");
    }
}

#[test]
fn a_cliff_releases_nothing_and_then_begins() {
    let mut chain = chain(table(0));
    let vested: Vec<f64> = (0..13).map(|_| chain.era(&[GOOD; 3]).vested().as_f64()).collect();
    assert_eq!(vested[..4], [0.0; 4]);
    assert_eq!(vested[4..10], [125.0; 6], "the foundation's eighths");
    assert!((vested[10] - 125.0 - 4_000.0 / 30.0).abs() < 1e-9, "the team's first day");
    assert!((vested[12] - 4_000.0 / 30.0).abs() < 1e-9);
}

#[test]
fn stake_is_bought_from_holders_and_what_they_lack_comes_from_outside() {
    let mut chain = chain(table(10));
    chain.accept(SimTime::ZERO, Call::PostStake { provider: CENTRE, amount: tokens(1_200) });
    assert_eq!(chain.state.ledger.total(Asset::Spon), tokens(10_000).base());
    chain.accept(SimTime::ZERO, Call::PostStake { provider: FIZZ, amount: tokens(500) });
    assert_eq!(chain.spon(Account::Holders), 0);
    assert_eq!(chain.state.ledger.total(Asset::Spon), tokens(10_200).base());
    assert_eq!(measure_supply(&chain.state).staked, base(2_700));
}

#[test]
#[should_panic(expected = "T6, what vests is not locked")]
fn a_release_before_its_time_is_noticed() {
    let mut chain = chain(table(3));
    let (from, to) = (Account::Vesting, Account::Holders);
    chain.state.ledger.transfer(Asset::Spon, from, to, 1, Reason::Vested);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T6, what vests is not locked")]
fn a_release_that_is_forgotten_is_noticed() {
    let mut chain = chain(table(12));
    chain.state.supply.step();
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T4, SPON: issued for no reason")]
fn tokens_issued_for_no_reason_are_noticed() {
    let mut chain = chain(table(0));
    chain.state.ledger.forget_reasons(Asset::Spon);
    check_books(&chain.state);
}
