//! When is a call refused? `Chain::refuse` holds the state before and after equal.

use crate::testing::{CENTRE, Chain, FIZZ, REGION, TENANT, Terms, hour, tokens};
use crate::{Call, CloseCause, Handle, LeaseState, OrderState, Receipt, Rejection};
use std::collections::BTreeSet;
use units::{
    Asset, EntityKey, GpuCount, GpuHourPrice, Ppm, ProviderId, RegionId, SimTime, Span, Spon,
    TenantId, TrustTier, Usd,
};

const START: SimTime = SimTime::ZERO;
const CAUSE: CloseCause = CloseCause::Agreed;

fn open_lease(order: Handle) -> Call {
    Call::OpenLease {
        order,
        provider: FIZZ,
        region: REGION,
        price: Terms::PLAIN.price,
        agreed: None,
    }
}

#[test]
fn an_order_needs_its_whole_deposit() {
    let mut chain = Chain::new();
    let held = Usd::from_nanos(10_199_999_999);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: held });
    let needed = Usd::from_nanos(10_200_000_000);
    let (asset, needed, held) = (Asset::Usd, needed.base(), held.base());
    let refused = Rejection::DepositTooSmall { asset, needed, held };
    let call = Terms::PLAIN.order_of(TENANT, EntityKey(1));
    assert_eq!(chain.refuse(START, call), refused);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(1) });
    chain.accept(START, call);
}

#[test]
fn an_order_that_has_ended_takes_no_call() {
    let mut chain = Chain::new();
    let ended = chain.order(Terms::PLAIN);
    chain.accept(START, Call::CancelOrder { order: ended });
    // Its place is taken by another, with a lease.
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    assert_ne!(order, ended);
    for call in [
        Call::CancelOrder { order: ended },
        open_lease(ended),
        Call::ConfirmLease { order: ended, lease },
        Call::VoidLease { order: ended, lease },
    ] {
        assert_eq!(chain.refuse(START, call), Rejection::NoSuchOrder, "{call:?}");
    }
}

#[test]
fn a_lease_that_has_ended_takes_no_call() {
    let mut chain = Chain::new();
    let ended = chain.active(Terms::PLAIN, FIZZ);
    chain.close(hour(1), ended);
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    assert_ne!(lease, ended);
    for call in [
        Call::ConfirmLease { order, lease: ended },
        Call::VoidLease { order, lease: ended },
        Call::PauseLease { lease: ended },
        Call::ResumeLease { lease: ended },
        Call::SettleLease { lease: ended },
        Call::CloseLease { lease: ended, cause: CAUSE },
    ] {
        assert_eq!(chain.refuse(hour(1), call), Rejection::NoSuchLease, "{call:?}");
    }
}

#[test]
fn a_matched_order_is_neither_cancelled_nor_matched_again() {
    let mut chain = Chain::new();
    let (order, _) = chain.reserved(Terms::PLAIN, FIZZ);
    for call in [Call::CancelOrder { order }, open_lease(order)] {
        assert_eq!(chain.refuse(START, call), Rejection::WrongState, "{call:?}");
    }
}

#[test]
fn a_reserved_lease_is_neither_charged_nor_closed() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    for call in [
        Call::PauseLease { lease },
        Call::ResumeLease { lease },
        Call::SettleLease { lease },
        Call::CloseLease { lease, cause: CAUSE },
    ] {
        assert_eq!(chain.refuse(hour(1), call), Rejection::WrongState, "{call:?}");
    }
}

#[test]
fn a_paused_lease_is_neither_paused_nor_settled_and_an_active_one_not_resumed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    assert_eq!(chain.refuse(hour(1), Call::ResumeLease { lease }), Rejection::WrongState);
    chain.accept(hour(1), Call::PauseLease { lease });
    for call in [Call::PauseLease { lease }, Call::SettleLease { lease }] {
        assert_eq!(chain.refuse(hour(2), call), Rejection::WrongState, "{call:?}");
    }
}

#[test]
fn an_open_order_has_no_lease_to_confirm_or_void() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let order = chain.order(Terms::PLAIN);
    for call in [Call::ConfirmLease { order, lease }, Call::VoidLease { order, lease }] {
        assert_eq!(chain.refuse(START, call), Rejection::WrongState, "{call:?}");
    }
}

#[test]
fn the_lease_of_another_order_is_refused_even_under_the_same_key() {
    let mut chain = Chain::new();
    // Both orders bear the key 1, but the second has locked ten times as much.
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let large = Terms { gpus: GpuCount(10), ..Terms::PLAIN };
    let (other_order, other_lease) = chain.reserved(large, FIZZ);
    for call in [
        Call::ConfirmLease { order, lease: other_lease },
        Call::VoidLease { order, lease: other_lease },
        Call::VoidLease { order: other_order, lease },
    ] {
        assert_eq!(chain.refuse(START, call), Rejection::WrongState, "{call:?}");
    }
    chain.accept(START, Call::VoidLease { order, lease });
    assert_eq!(chain.state.orders.get(order).unwrap().locked, 10_200_000_000);
    assert_eq!(chain.state.orders.get(order).unwrap().state, OrderState::Open);
    let left = chain.state.leases.get(other_lease).unwrap();
    assert_eq!(left.state, LeaseState::Reserved);
}

/// A faster card may cost more for each hour of its fewer hours: never more in all than the order
/// would have (the deposit covers that), and never longer.
#[test]
fn a_shorter_lease_may_cost_more_for_an_hour_and_no_more_in_all() {
    let (ceiling, asked) = (Terms::PLAIN.price.nanos(), Terms::PLAIN.duration);
    let lease = |order, price, span| {
        let price = GpuHourPrice::from_nanos(price);
        Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: Some(span) }
    };
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let quarter = Span::from_nanos(asked.nanos() / 4);
    let longer = asked + Span::from_nanos(1);
    let whole = lease(order, ceiling + 1, asked);
    for call in [lease(order, 4 * ceiling + 1, quarter), lease(order, 1, longer), whole] {
        assert_eq!(chain.refuse(START, call), Rejection::AboveCeiling, "{call:?}");
    }
    let nothing = lease(order, ceiling, Span::ZERO);
    assert_eq!(chain.refuse(START, nothing), Rejection::AboveCeiling);
    let receipt = chain.accept(START, lease(order, 4 * ceiling, quarter));
    let Receipt::LeaseOpened { lease } = receipt else { panic!("{receipt:?}") };
    chain.accept(START, Call::ConfirmLease { order, lease });
    let (payment, refund) = chain.close(START + asked, lease);
    assert_eq!((payment.nanos(), refund.nanos()), (10_000_000_000, 0));
}

#[test]
fn a_price_above_the_ceiling_is_refused_and_the_ceiling_is_not() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let price = GpuHourPrice::from_nanos(Terms::PLAIN.price.nanos() + 1);
    let call = Call::OpenLease { order, provider: FIZZ, region: REGION, price, agreed: None };
    assert_eq!(chain.refuse(START, call), Rejection::AboveCeiling);
    chain.accept(START, open_lease(order));
}

#[test]
fn who_is_not_on_the_chain_takes_no_part() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let (tenant, provider, region) = (TenantId(2), ProviderId(3), RegionId(2));
    let price = Terms::PLAIN.price;
    let cases = [
        (Call::Deposit { tenant, amount: Usd::ZERO }, Rejection::NoSuchTenant),
        (Terms::PLAIN.order_of(tenant, EntityKey(1)), Rejection::NoSuchTenant),
        (Call::PostStake { provider, amount: tokens(1) }, Rejection::NoSuchProvider),
        (
            Call::OpenLease { order, provider, region: REGION, price, agreed: None },
            Rejection::NoSuchProvider,
        ),
        (
            Call::OpenLease { order, provider: CENTRE, region, price, agreed: None },
            Rejection::NoSuchRegion,
        ),
    ];
    for (call, why) in cases {
        assert_eq!(chain.refuse(START, call), why, "{call:?}");
    }
}

#[test]
fn nobody_brings_less_than_nothing() {
    let mut chain = Chain::new();
    for nanos in [-1, i64::MIN] {
        let call = Call::Deposit { tenant: TENANT, amount: Usd::from_nanos(nanos) };
        assert_eq!(chain.refuse(START, call), Rejection::NegativeAmount);
    }
    for base in [-1, i128::MIN] {
        let call = Call::PostStake { provider: FIZZ, amount: Spon::from_base(base) };
        assert_eq!(chain.refuse(START, call), Rejection::NegativeAmount);
    }
}

#[test]
fn an_order_for_no_gpus_is_refused() {
    let mut chain = Chain::new();
    let none = Terms { gpus: GpuCount(0), ..Terms::PLAIN };
    assert_eq!(chain.refuse(START, none.order_of(TENANT, EntityKey(1))), Rejection::NoGpus);
}

#[test]
fn tokens_beyond_what_the_books_take_are_refused() {
    let mut chain = Chain::new();
    let held = chain.state.ledger.holdings(Asset::Spon).map(|(_, _, held)| held).sum::<i128>();
    let room = 10_i128.pow(30) - held;
    for base in [room + 1, i128::MAX] {
        let call = Call::PostStake { provider: FIZZ, amount: Spon::from_base(base) };
        assert_eq!(chain.refuse(START, call), Rejection::AmountTooLarge);
    }
    chain.accept(START, Call::PostStake { provider: FIZZ, amount: Spon::from_base(room) });
    let one_more = Call::PostStake { provider: CENTRE, amount: Spon::from_base(1) };
    assert_eq!(chain.refuse(START, one_more), Rejection::AmountTooLarge);
}

#[test]
fn an_order_beyond_what_a_bill_can_be_is_refused() {
    let mut chain = Chain::new();
    let price = GpuHourPrice::from_nanos;
    let hours = Span::from_hours;
    for (price, gpus, duration) in [
        (price(u64::MAX), GpuCount(u32::MAX), Span::from_nanos(u64::MAX)),
        (price(u64::MAX), GpuCount(1), hours(1)),
        (price(1_000_000_000), GpuCount(1_000_000), hours(1_000)),
    ] {
        let call = Terms { price, gpus, duration }.order_of(TENANT, EntityKey(1));
        assert_eq!(chain.refuse(START, call), Rejection::AmountTooLarge, "{call:?}");
    }
    let most =
        Terms { price: price(999_999_999), gpus: GpuCount(1_000_000), duration: hours(1_000) };
    let lease = chain.active(most, CENTRE);
    let (payment, refund) = chain.close(SimTime::NEVER, lease);
    assert_eq!(payment, Usd::from_nanos(999_999_999_000_000_000));
    assert_eq!(refund, Usd::ZERO);
}

#[test]
fn every_rejection_says_something_of_its_own() {
    let all = [
        Rejection::DepositTooSmall { asset: Asset::Usd, needed: 2_000_000_000, held: 0 },
        Rejection::NoSuchOrder,
        Rejection::NoSuchLease,
        Rejection::IsRegistered,
        Rejection::NotRegistered,
        Rejection::IsServing,
        Rejection::WrongState,
        Rejection::AboveCeiling,
        Rejection::NoSuchProvider,
        Rejection::NegativeAmount,
        Rejection::NoGpus,
        Rejection::NoSuchTenant,
        Rejection::NoSuchRegion,
        Rejection::AmountTooLarge,
        Rejection::NoSuchOperator,
        Rejection::NoDeviation,
        Rejection::NothingToSlash,
        Rejection::NoSuchDelegator,
        Rejection::NotHeld { held: Spon::ZERO },
        Rejection::NotStaked { held: Spon::ZERO },
        Rejection::AmountTooSmall,
        Rejection::StakeInUse,
        Rejection::AboveWhole,
        Rejection::IsContested,
        Rejection::NotTimely,
        Rejection::EvidenceUsed,
        Rejection::NotContested,
        Rejection::NoPrice,
        Rejection::NoSuchSeller,
        Rejection::NoSuchPayer,
        Rejection::NoCredits,
        Rejection::CreditsHalted,
    ];
    let texts: BTreeSet<String> = all.iter().map(Rejection::to_string).collect();
    assert_eq!(texts.len(), all.len());
    assert!(texts.contains("the wallet holds 0 USD; bring at least 2 USD first"), "{texts:?}");
}

#[test]
fn machines_are_registered_once() {
    let mut chain = Chain::new();
    let register = |provider: u32, gpus: u32| Call::Register {
        provider: ProviderId(provider),
        gpus: GpuCount(gpus),
        multiplier_hundredths: 100,
    };
    assert_eq!(chain.refuse(START, register(0, 1)), Rejection::IsRegistered);
    assert_eq!(chain.refuse(START, register(99, 1)), Rejection::NoSuchProvider);
    // A name without machines, whose eras so far were empty ones.
    let one = &mut chain.state.registry[CENTRE.index()];
    one.gpus = GpuCount(0);
    one.uptime.note(Ppm(0), 30);
    assert_eq!(chain.refuse(START, register(CENTRE.0, 0)), Rejection::NoGpus);
    chain.accept(START, register(CENTRE.0, 8));
    let one = &chain.state.registry[CENTRE.index()];
    assert_eq!((one.gpus, one.trust), (GpuCount(8), Some(TrustTier::NEWCOMER)));
    assert!(one.uptime.is_empty() && one.stake_min > Spon::ZERO);
    assert_eq!(chain.refuse(START, register(CENTRE.0, 8)), Rejection::IsRegistered);
}
