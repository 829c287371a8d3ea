//! Does the chain punish by itself what it sees: leases that were not confirmed or not kept; and
//! who may not serve?

use crate::testing::{CENTRE, Chain, REGION, TENANT, Terms, destinations, hour, tokens};
use crate::{Account, Call, CloseCause, EraEvidence, Fault, FaultRule, Pledge, Receipt, Rejection};
use crate::{Ends, Slashed, Taken, check_books, process_era};
use units::{BasisPoints, EntityKey, Ppm, SimTime, Span, Spon, TokenPrice};

const START: SimTime = SimTime::ZERO;

/// A data centre with 100 tokens of its own, where `fault` costs a tenth and half goes to tenants.
fn staked(fault: Fault) -> Chain {
    let mut chain = Chain::new();
    chain.accept(START, Call::PostStake { provider: CENTRE, amount: tokens(100) });
    let rule = &mut chain.params.slashing.faults[fault as usize];
    *rule = FaultRule { of_stake: BasisPoints(1_000), ..FaultRule::default() };
    chain.params.slashing.destinations = destinations(0, 5_000, 0);
    chain
}

fn fail(chain: &mut Chain, at: SimTime) -> Spon {
    let lease = chain.active(Terms::PLAIN, CENTRE);
    let cause = CloseCause::ProviderFailed;
    match chain.accept(at, Call::CloseLease { lease, cause }) {
        Receipt::LeaseClosed { slashed, .. } => slashed.taken.total(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_does_not_confirm_is_slashed_and_the_tenant_compensated() {
    let mut chain = staked(Fault::NoShow);
    let (order, lease) = chain.reserved(Terms::PLAIN, CENTRE);
    let receipt = chain.accept(hour(1), Call::VoidLease { order, lease });
    let parts = chain.params.slashing.destinations.divide_rounded_down(tokens(10));
    let ends = Some(Ends { victim: Some(TENANT), parts });
    let taken = Taken { own: tokens(10), ..Taken::default() };
    assert_eq!(receipt, Receipt::LeaseVoided { slashed: Slashed { taken, ends } });
    assert_eq!(chain.spon(Account::Tenant(TENANT)), tokens(5).base());
    assert_eq!(chain.state.stake(CENTRE), tokens(90));
}

#[test]
fn a_lease_that_the_provider_failed_is_slashed_and_one_that_was_served_is_not() {
    let mut chain = staked(Fault::AbandonedLease);
    assert_eq!(fail(&mut chain, hour(1)), tokens(10));
    let lease = chain.active(Terms::PLAIN, CENTRE);
    chain.close(hour(2), lease);
    assert_eq!(chain.state.stake(CENTRE), tokens(90));
}

#[test]
fn a_lease_is_evidence_once() {
    let mut chain = staked(Fault::AbandonedLease);
    assert_eq!(fail(&mut chain, hour(1)), tokens(10));
    // Orders of these tests have one key.
    assert_eq!(fail(&mut chain, hour(2)), Spon::ZERO);
}

#[test]
fn a_fault_that_costs_nothing_leaves_no_trace() {
    let mut chain = staked(Fault::NoShow);
    assert_eq!(fail(&mut chain, hour(1)), Spon::ZERO);
    assert_eq!(chain.state.slashes, crate::SlashBook::default());
    assert!(chain.state.registry[CENTRE.index()].slashes.is_empty());
}

fn open(chain: &mut Chain) -> Call {
    let order = chain.order(Terms::PLAIN);
    Call::OpenLease {
        order,
        provider: CENTRE,
        region: REGION,
        price: Terms::PLAIN.price,
        agreed: None,
    }
}

#[test]
fn who_is_in_jail_or_in_maintenance_opens_no_lease() {
    let mut chain = staked(Fault::AbandonedLease);
    chain.params.slashing.faults[Fault::AbandonedLease as usize].jail = Span::from_hours(2);
    fail(&mut chain, hour(1));
    let call = open(&mut chain);
    assert_eq!(chain.refuse(hour(2), call), Rejection::MayNotServe);
    chain.accept(hour(3), Call::SetMaintenance { provider: CENTRE, is_on: true });
    assert_eq!(chain.refuse(hour(3), call), Rejection::MayNotServe);
    chain.accept(hour(4), Call::SetMaintenance { provider: CENTRE, is_on: false });
    chain.accept(hour(4), call);
}

/// Ends an era in which leases of the data centre lost eight GPU-hours.
fn end_era(chain: &mut Chain) -> Spon {
    let downtime_gpu_ns = 8 * Span::HOUR.nanos();
    let seen = EraEvidence { uptime: Ppm::ONE, downtime_gpu_ns, ..EraEvidence::default() };
    let receipt = process_era(&mut chain.state, hour(24), &[seen; 3], &chain.params);
    check_books(&chain.state);
    receipt.outcomes[CENTRE.index()].slash
}

#[test]
fn downtime_costs_no_stake_in_maintenance() {
    let mut chain = staked(Fault::DowntimeInLease);
    assert_eq!(end_era(&mut chain), tokens(10), "a share of the stake, though no reward was lost");
    chain.accept(hour(24), Call::SetMaintenance { provider: CENTRE, is_on: true });
    assert_eq!(end_era(&mut chain), Spon::ZERO);
}

#[test]
fn a_lease_that_maintenance_ends_costs_no_stake() {
    let mut chain = staked(Fault::AbandonedLease);
    let lease = chain.active(Terms::PLAIN, CENTRE);
    chain.accept(hour(1), Call::SetMaintenance { provider: CENTRE, is_on: true });
    let cause = CloseCause::ProviderFailed;
    let receipt = chain.accept(hour(1), Call::CloseLease { lease, cause });
    assert!(
        matches!(receipt, Receipt::LeaseClosed { slashed, .. } if slashed == Slashed::default())
    );
    chain.accept(hour(2), Call::SetMaintenance { provider: CENTRE, is_on: false });
    assert_eq!(chain.state.stake(CENTRE), tokens(100));
}

#[test]
fn downtime_can_cost_the_reward_and_a_stay_in_jail() {
    let mut chain = staked(Fault::DowntimeInLease);
    let rule = &mut chain.params.slashing.faults[Fault::DowntimeInLease as usize];
    (rule.takes_reward, rule.jail) = (true, Span::HOUR);
    end_era(&mut chain);
    assert_eq!(chain.spon(Account::Provider(CENTRE)), 0);
    assert_eq!(chain.state.registry[CENTRE.index()].jailed_until, hour(25));
}

#[test]
fn an_appeal_that_is_right_ends_the_jail() {
    let mut chain = staked(Fault::WrongResult);
    chain.params.slashing.appeal = Span::DAY;
    chain.params.slashing.faults[Fault::WrongResult as usize].jail = Span::DAY;
    let (fault, victim, evidence) = (Fault::WrongResult, None, EntityKey(1));
    let call = Call::ReportFault { provider: CENTRE, fault, happened_at: START, victim, evidence };
    chain.accept(START, call);
    let order = open(&mut chain);
    assert_eq!(chain.refuse(hour(1), order), Rejection::MayNotServe);
    chain.accept(hour(1), Call::UpholdAppeal { evidence });
    chain.accept(hour(1), order);
    assert!(chain.state.registry[CENTRE.index()].slashes.is_empty(), "it never was");
}

#[test]
fn least_stakes_follow_the_price_when_they_are_reviewed() {
    let mut chain = Chain::new();
    let before = chain.state.registry[CENTRE.index()].stake_min;
    chain.params.stake.review_eras = 2;
    let half = TokenPrice::from_nanos(chain.state.price.nanos() / 2);
    chain.accept(START, Call::ReportPrice { price: half });
    end_era(&mut chain);
    assert_eq!(chain.state.registry[CENTRE.index()].stake_min, before);
    end_era(&mut chain);
    let twice = chain.state.registry[CENTRE.index()].stake_min;
    assert!((twice.base() - 2 * before.base()).abs() <= 2, "{before:?} {twice:?}");
    chain.params.stake.pledge = Pledge::Tokens { per_gpu: tokens(200) };
    end_era(&mut chain);
    end_era(&mut chain);
    assert_eq!(chain.state.registry[CENTRE.index()].stake_min, tokens(1_600));
}
