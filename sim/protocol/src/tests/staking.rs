//! Does stake come in, wait and leave by the rules, its delegators' part of the rewards with it?

use crate::stake::Staker;
use crate::testing::{CENTRE, Chain, FIZZ, Terms, hour, tokens};
use crate::{Account, Call, EraEvidence, Receipt, Rejection, process_era};
use units::{BasisPoints, DelegatorId, GpuCount, Ppm, ProviderId, SimTime, Span, Spon, TrustTier};

const START: SimTime = SimTime::ZERO;
const ANN: DelegatorId = DelegatorId(0);
const BEN: DelegatorId = DelegatorId(1);

/// A chain whose data centre has staked 60 tokens, and Ann 30 with it and Ben 10.
fn delegated() -> Chain {
    let mut chain = Chain::new();
    chain.accept(START, Call::PostStake { provider: CENTRE, amount: tokens(60) });
    for (delegator, amount) in [(ANN, tokens(30)), (BEN, tokens(10))] {
        chain.accept(START, Call::Fund { delegator, amount });
        chain.accept(START, Call::Delegate { delegator, provider: CENTRE, amount });
    }
    chain
}

fn undelegate(delegator: DelegatorId, amount: Spon) -> Call {
    Call::Undelegate { delegator, provider: CENTRE, amount }
}

/// Ends an era at `now` in which only the data centre passed its challenges.
fn end_era(chain: &mut Chain, now: SimTime) -> crate::EraReceipt {
    let good = EraEvidence { uptime: Ppm::ONE, ..EraEvidence::default() };
    let evidence = [EraEvidence::default(), EraEvidence::default(), good];
    let receipt = process_era(&mut chain.state, now, &evidence, &chain.params);
    crate::check_books(&chain.state);
    receipt
}

#[test]
fn delegated_stake_counts_and_comes_from_a_wallet() {
    let mut chain = delegated();
    assert_eq!(chain.state.stake(CENTRE), tokens(100));
    assert_eq!(chain.state.own_stake(CENTRE), tokens(60));
    let more = Call::Delegate { delegator: ANN, provider: CENTRE, amount: tokens(1) };
    assert_eq!(chain.refuse(START, more), Rejection::NotHeld { held: Spon::ZERO });
}

#[test]
fn what_leaves_waits_first_in_first_out() {
    let mut chain = delegated();
    let receipt = chain.accept(hour(1), undelegate(ANN, tokens(30)));
    let release_at = hour(1) + Span::DAY.times(14);
    assert_eq!(receipt, Receipt::Unbonding { amount: tokens(30), release_at });
    chain.accept(hour(2), Call::Unstake { provider: CENTRE, amount: tokens(5) });
    assert_eq!(chain.state.stake(CENTRE), tokens(65));
    end_era(&mut chain, hour(14 * 24));
    assert_eq!(chain.spon(Account::Unbonding(CENTRE)), tokens(35).base(), "a moment too early");
    let held = chain.spon(Account::Delegator(ANN));
    end_era(&mut chain, hour(14 * 24 + 1));
    assert_eq!(chain.spon(Account::Unbonding(CENTRE)), tokens(5).base());
    assert!(chain.spon(Account::Delegator(ANN)) >= held + tokens(30).base());
}

#[test]
fn who_holds_less_takes_out_less() {
    let mut chain = delegated();
    let refused = chain.refuse(START, undelegate(BEN, tokens(11)));
    assert_eq!(refused, Rejection::NotStaked { held: tokens(10) });
    let nobody = undelegate(DelegatorId(2), tokens(1));
    assert_eq!(chain.refuse(START, nobody), Rejection::NotStaked { held: Spon::ZERO });
    let all = Call::Unstake { provider: CENTRE, amount: tokens(61) };
    assert_eq!(chain.refuse(START, all), Rejection::NotStaked { held: tokens(60) });
    assert_eq!(chain.refuse(START, undelegate(BEN, Spon::ZERO)), Rejection::AmountTooSmall);
}

#[test]
fn the_least_stake_stays_while_a_lease_needs_it() {
    let mut chain = Chain::new();
    let least = chain.state.registry[FIZZ.index()].stake_min;
    chain.accept(START, Call::PostStake { provider: FIZZ, amount: least + tokens(1) });
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let two = Call::Unstake { provider: FIZZ, amount: tokens(2) };
    assert_eq!(chain.refuse(START, two), Rejection::StakeInUse);
    chain.accept(START, Call::Unstake { provider: FIZZ, amount: tokens(1) });
    chain.close(hour(1), lease);
    chain.accept(hour(1), two);
}

#[test]
fn delegators_get_their_part_less_the_commission() {
    let mut chain = delegated();
    let commission = BasisPoints(1_000);
    chain.accept(START, Call::SetCommission { provider: CENTRE, commission });
    let receipt = end_era(&mut chain, hour(24));
    let outcome = receipt.outcomes[CENTRE.index()];
    let reward = outcome.reward + outcome.delegators;
    // 40 of 100 tokens are delegated; a tenth of their part is the provider's.
    let net = Spon::from_base(reward.base() * 40 / 100 * 9 / 10);
    assert!((net - outcome.delegators).base().abs() <= 3, "{net:?} {outcome:?}");
    let [ann, ben] = [ANN, BEN].map(|who| chain.spon(Account::Delegator(who)));
    assert_eq!(ann + ben, outcome.delegators.base());
    let paid = |(who, amount): &(DelegatorId, Spon)| (*who, amount.base());
    assert_eq!(
        receipt.moves.delegators.iter().map(paid).collect::<Vec<_>>(),
        [(ANN, ann), (BEN, ben)]
    );
    assert!((ann - 3 * ben).abs() <= 3, "three times as much for three times the shares");
    assert_eq!(chain.spon(Account::Provider(CENTRE)), outcome.reward.base());
}

#[test]
fn a_commission_is_at_most_the_whole() {
    let mut chain = delegated();
    let commission = BasisPoints(10_001);
    let call = Call::SetCommission { provider: CENTRE, commission };
    assert_eq!(chain.refuse(START, call), Rejection::AboveWhole);
}

#[test]
fn strangers_are_refused() {
    let mut chain = delegated();
    let nowhere = ProviderId(9);
    let amount = tokens(1);
    for call in [
        Call::Delegate { delegator: ANN, provider: nowhere, amount },
        Call::Unstake { provider: nowhere, amount },
        Call::SetCommission { provider: nowhere, commission: BasisPoints(0) },
    ] {
        assert_eq!(chain.refuse(START, call), Rejection::NoSuchProvider);
    }
    let nobody = DelegatorId(3);
    for call in [
        Call::Delegate { delegator: nobody, provider: CENTRE, amount },
        undelegate(nobody, amount),
        Call::Fund { delegator: nobody, amount },
    ] {
        assert_eq!(chain.refuse(START, call), Rejection::NoSuchDelegator);
    }
}

#[test]
fn an_exit_names_its_owner() {
    let mut chain = delegated();
    chain.accept(START, undelegate(BEN, tokens(10)));
    let exit = chain.state.stakes[CENTRE.index()].exits().next().expect("it waits");
    assert_eq!(exit.staker, Staker::Delegator(BEN));
    assert_eq!(chain.state.stakes[CENTRE.index()].delegations().len(), 1);
}

#[test]
fn who_leaves_the_chain_needs_no_stake_and_is_remembered() {
    let mut chain = delegated();
    let out = Call::Deregister { provider: CENTRE };
    let lease = chain.active(Terms::PLAIN, CENTRE);
    assert_eq!(chain.refuse(START, out), Rejection::IsServing);
    chain.close(hour(1), lease);
    let one = &mut chain.state.registry[CENTRE.index()];
    (one.jailed_until, one.reputation.bad_milli) = (hour(9), 5_000);
    one.slashes.push_back(hour(1));
    chain.accept(hour(1), out);
    assert_eq!(chain.refuse(hour(1), out), Rejection::NotRegistered);
    let amount = chain.state.own_stake(CENTRE);
    assert!(amount > Spon::ZERO);
    chain.accept(hour(1), Call::Unstake { provider: CENTRE, amount });
    let one = &chain.state.registry[CENTRE.index()];
    assert_eq!((one.gpus, one.stake_min), (GpuCount(0), Spon::ZERO));
    let (gpus, multiplier_hundredths) = (GpuCount(8), 100);
    chain.accept(hour(2), Call::Register { provider: CENTRE, gpus, multiplier_hundredths });
    let one = &chain.state.registry[CENTRE.index()];
    assert!(!one.may_serve(hour(2)), "jail outlasts an absence");
    assert_eq!((one.slashes.len(), one.reputation.bad_milli), (1, 5_000));
    assert_eq!((one.trust, one.uptime.len()), (Some(TrustTier::NEWCOMER), 0));
}
