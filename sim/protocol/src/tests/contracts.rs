//! May a provider take a lease back, and what does a tenant pay who ends a term early?

use crate::testing::{CENTRE, Chain, FIZZ, REGION, TENANT, Terms, hour};
use crate::{Account, Call, CloseCause, Handle, Promise, Receipt, Rejection, check_books};
use units::{EntityKey, GpuHourPrice, SimTime, Span, Usd};

const START: SimTime = SimTime::ZERO;
const TERM: Span = Span::from_hours(8);

/// A lease of ten hours at a dollar an hour, for a term of eight.
fn for_a_term(chain: &mut Chain) -> Handle {
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(10_200_000_000) });
    let order = ordered(chain, TERM);
    let price = Terms::PLAIN.price;
    let call = Call::OpenLease { order, provider: CENTRE, region: REGION, price, agreed: None };
    let Receipt::LeaseOpened { lease } = chain.accept(START, call) else { panic!("it opens") };
    chain.accept(START, Call::ConfirmLease { order, lease });
    lease
}

fn order_of(term: Span) -> Call {
    let Call::OpenOrder { key, tenant, gpus, ceiling, duration, .. } =
        Terms::PLAIN.order_of(TENANT, EntityKey(1))
    else {
        unreachable!("it orders");
    };
    Call::OpenOrder {
        key,
        tenant,
        gpus,
        ceiling,
        duration,
        funded: None,
        promise: Promise::Term(term),
    }
}

fn ordered(chain: &mut Chain, term: Span) -> Handle {
    match chain.accept(START, order_of(term)) {
        Receipt::OrderOpened { order, .. } => order,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_spot_lease_is_taken_back_when_its_notice_is_over_and_paid_until_then() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let close = Call::CloseLease { lease, cause: CloseCause::Reclaimed };
    assert_eq!(chain.refuse(hour(1), close), Rejection::WrongState, "no notice was given");
    let due_at = hour(1) + chain.params.contract.notice;
    let receipt = chain.accept(hour(1), Call::AnnounceReclaim { lease });
    assert_eq!(receipt, Receipt::ReclaimAnnounced { due_at });
    let early = SimTime::from_nanos(due_at.nanos() - 1);
    assert_eq!(chain.refuse(early, close), Rejection::NoticeRuns { due_at });
    let before = chain.state.registry[FIZZ.index()].reputation;
    let receipt = chain.accept(due_at, close);
    let Receipt::LeaseClosed { settlement, slashed, .. } = receipt else { panic!("{receipt:?}") };
    let paid = Terms::PLAIN.price.cost_rounded_down(Terms::PLAIN.gpus, due_at.since(START));
    assert_eq!(settlement.payment, paid, "pay goes on while the notice runs, at the same rate");
    assert_eq!(slashed.taken.total(), units::Spon::ZERO);
    assert_eq!(chain.state.registry[FIZZ.index()].reputation, before, "neither good nor bad");
}

#[test]
fn a_term_is_not_taken_back() {
    let mut chain = Chain::new();
    let lease = for_a_term(&mut chain);
    let call = Call::AnnounceReclaim { lease };
    assert_eq!(chain.refuse(hour(1), call), Rejection::UnderContract);
    let close = Call::CloseLease { lease, cause: CloseCause::Reclaimed };
    assert_eq!(chain.refuse(hour(1), close), Rejection::WrongState);
}

/// Half of what is left of the term is paid beside what was served, and divided like it.
#[test]
fn who_ends_a_term_early_pays_a_part_of_what_is_left() {
    let mut chain = Chain::new();
    let lease = for_a_term(&mut chain);
    chain.settle(hour(1), lease);
    let (payment, refund) = chain.close(hour(2), lease);
    assert_eq!(payment, Usd::from_nanos(1_000_000_000 + 3_000_000_000));
    assert_eq!(refund, Usd::from_nanos(10_200_000_000 - 5_100_000_000));
    // 80 % of five dollars, less 1 % for being paid in dollars.
    assert_eq!(chain.usd(Account::Provider(CENTRE)), 4_000_000_000 * 99 / 100);
    check_books(&chain.state);
}

#[test]
fn after_its_term_a_lease_ends_as_any_other() {
    for end in [hour(8), hour(9), hour(10), hour(11)] {
        let mut chain = Chain::new();
        let lease = for_a_term(&mut chain);
        let (payment, _) = chain.close(end, lease);
        let hours = end.since(START).as_hours_f64().min(10.0) as i64;
        assert_eq!(payment, Usd::from_nanos(hours * 1_000_000_000), "{end:?}");
    }
}

/// A provider that fails a term is paid for what it served and no more.
#[test]
fn who_fails_a_term_forfeits_what_is_left() {
    let mut chain = Chain::new();
    let lease = for_a_term(&mut chain);
    let cause = CloseCause::ProviderFailed;
    let receipt = chain.accept(hour(2), Call::CloseLease { lease, cause });
    let Receipt::LeaseClosed { settlement, .. } = receipt else { panic!("{receipt:?}") };
    assert_eq!(settlement.payment, Usd::from_nanos(2_000_000_000));
}

#[test]
fn a_lease_is_as_long_as_its_term() {
    let mut chain = Chain::new();
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(10_200_000_000) });
    let long = order_of(Span::from_hours(11));
    assert_eq!(chain.refuse(START, long), Rejection::BelowTerm);
    let order = ordered(&mut chain, TERM);
    let price = GpuHourPrice::from_nanos(1_000_000_000);
    let agreed = Some(Span::from_hours(7));
    let call = Call::OpenLease { order, provider: CENTRE, region: REGION, price, agreed };
    assert_eq!(chain.refuse(START, call), Rejection::BelowTerm);
}

#[test]
#[should_panic(expected = "L6, notice was given of a lease that is for a term")]
fn a_notice_of_a_term_is_noticed() {
    let mut chain = Chain::new();
    let lease = for_a_term(&mut chain);
    chain.state.leases.get_mut(lease).expect("it is in force").reclaim_at = Some(hour(1));
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a lease is as long as its term")]
fn a_term_that_grows_is_noticed() {
    let mut chain = Chain::new();
    let lease = for_a_term(&mut chain);
    let longer = Promise::Term(Span::from_hours(11));
    chain.state.leases.get_mut(lease).expect("it is in force").promise = longer;
    check_books(&chain.state);
}
