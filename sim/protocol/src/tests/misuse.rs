//! Misuse by tenants: what each costs, whom it is paid to, and what only looks like it.

use crate::testing::{CENTRE, Chain, FIZZ, REGION, TENANT, Terms, hour};
use crate::{
    Account, Audit, Call, CloseCause, Conduct, Forfeit, Handle, Misuse, Receipt, Rejection, Rule,
    TenantRules, apply, check_books, is_drained,
};
use units::{Asset, BasisPoints, EntityKey, SimTime, Span, TenantId, Usd};

const START: SimTime = SimTime::ZERO;
const DOLLAR: i128 = 1_000_000_000;

/// Two hours of the ceiling answer, of which three quarters are the provider's; forbidden work
/// loses half of the rest; two strikes are enough.
const RULES: TenantRules = TenantRules {
    surety: Span::from_hours(2),
    part_funding: Some(Span::HOUR),
    forfeit: BasisPoints(5_000),
    to_provider: BasisPoints(7_500),
    strikes: 2,
};

fn chain() -> Chain {
    let mut chain = Chain::new();
    chain.params.tenants = RULES;
    chain
}

fn forfeit(receipt: Receipt) -> Forfeit {
    match receipt {
        Receipt::LeaseForfeited { forfeit, .. } | Receipt::OrderWithdrawn { forfeit, .. } => {
            forfeit
        }
        other => panic!("{other:?}"),
    }
}

/// A lease of ten hours at a dollar, of which three are paid for.
fn part_funded(chain: &mut Chain) -> Handle {
    let mut call = Terms::PLAIN.order_of(TENANT, EntityKey(1));
    let Call::OpenOrder { funded, .. } = &mut call else { unreachable!("it is one") };
    *funded = Some(Span::from_hours(3));
    let amount = Usd::from_nanos(5_060_000_000); // Three hours, 2 % on them, and the surety.
    chain.accept(START, Call::Deposit { tenant: TENANT, amount });
    let Receipt::OrderOpened { order, amount, surety, .. } = chain.accept(START, call) else {
        panic!("it is open");
    };
    assert_eq!((amount, surety), (3 * DOLLAR + DOLLAR * 6 / 100, 2 * DOLLAR));
    let (provider, price) = (CENTRE, Terms::PLAIN.price);
    let call = Call::OpenLease { order, provider, region: REGION, price, agreed: None };
    let Receipt::LeaseOpened { lease } = chain.accept(START, call) else { panic!("it is open") };
    chain.accept(START, Call::ConfirmLease { order, lease });
    lease
}

#[test]
fn a_surety_goes_back_when_all_ends_well() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let (payment, refund) = chain.close(hour(10), lease);
    assert_eq!((payment.base(), refund.base()), (10 * DOLLAR, 2 * DOLLAR));
    let order = chain.order(Terms::PLAIN);
    let all = chain.usd(Account::Escrow);
    assert_eq!(all, 12 * DOLLAR + DOLLAR / 5);
    let receipt = chain.accept(START, Call::CancelOrder { order });
    assert!(matches!(receipt, Receipt::OrderCancelled { amount, .. } if amount == all));
    assert_eq!(chain.state.conduct[0], Conduct::default());
}

#[test]
fn a_reservation_for_nothing_costs_the_surety_and_not_the_providers_name() {
    let mut chain = chain();
    let (order, lease) = chain.reserved(Terms::PLAIN, CENTRE);
    let name = chain.state.registry[CENTRE.index()].clone();
    let receipt = chain.accept(hour(1), Call::WithdrawOrder { order, lease });
    let known = Forfeit { amount: 2 * DOLLAR, to_provider: DOLLAR * 3 / 2, is_ban: false };
    assert_eq!(forfeit(receipt), known);
    assert_eq!(chain.usd(Account::Provider(CENTRE)), DOLLAR * 3 / 2);
    assert_eq!(chain.usd(Account::Treasury), DOLLAR / 2);
    assert_eq!(chain.usd(Account::Escrow), 0);
    assert_eq!(chain.state.registry[CENTRE.index()], name);
    assert_eq!(chain.state.conduct[0].strikes, 1);
    let gone = chain.refuse(hour(1), Call::WithdrawOrder { order, lease });
    assert_eq!(gone, Rejection::NoSuchOrder);
}

#[test]
fn a_confirmed_lease_cannot_be_withdrawn() {
    let mut chain = chain();
    let (order, lease) = chain.reserved(Terms::PLAIN, CENTRE);
    let forfeit = Call::ForfeitLease { lease, misuse: Misuse::ForbiddenWork };
    assert_eq!(chain.refuse(START, forfeit), Rejection::WrongState, "nothing runs yet");
    chain.accept(START, Call::ConfirmLease { order, lease });
    let late = chain.refuse(hour(1), Call::WithdrawOrder { order, lease });
    assert_eq!(late, Rejection::NoSuchOrder);
    let as_lease = Call::ForfeitLease { lease, misuse: Misuse::Withdrawal };
    assert_eq!(chain.refuse(hour(1), as_lease), Rejection::WrongState);
}

#[test]
fn an_order_pays_for_as_much_as_the_rules_ask() {
    let mut chain = chain();
    let amount = Usd::from_nanos(100_000_000_000);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount });
    let mut call = Terms::PLAIN.order_of(TENANT, EntityKey(1));
    let mut fund = |span| {
        let Call::OpenOrder { funded, .. } = &mut call else { unreachable!("it is one") };
        *funded = Some(span);
        call
    };
    let [too_little, whole] = [Span::from_secs(3_599), Span::from_hours(11)].map(&mut fund);
    assert_eq!(chain.refuse(START, too_little), Rejection::Underfunded);
    chain.accept(START, whole);
    assert!(chain.state.orders.iter().all(|(_, order)| order.is_whole));
    let part = fund(Span::HOUR);
    chain.params.tenants.part_funding = None;
    assert_eq!(chain.refuse(START, part), Rejection::Underfunded);
}

#[test]
fn what_a_drained_escrow_leaves_unpaid_is_the_time_until_somebody_looks() {
    let mut chain = chain();
    let lease = part_funded(&mut chain);
    let call = Call::ForfeitLease { lease, misuse: Misuse::Drain };
    let is_dry = |chain: &Chain, at| is_drained(&chain.state, at, lease, &chain.params);
    assert!(!is_dry(&chain, hour(2)) && is_dry(&chain, hour(3)));
    assert_eq!(chain.refuse(hour(2), call), Rejection::NotDrained);
    let quarter = hour(3) + Span::from_secs(900);
    let Receipt::LeaseForfeited { settlement, amount, forfeit, .. } = chain.accept(quarter, call)
    else {
        panic!("it is over");
    };
    // A quarter of an hour and the tenant's fee on it, whichever part of the two was paid first.
    assert_eq!(settlement.unpaid.base(), DOLLAR / 4 + DOLLAR / 200);
    assert_eq!(settlement.payment.base(), 3 * DOLLAR + DOLLAR * 6 / 100);
    assert_eq!((amount, forfeit.amount), (0, 2 * DOLLAR));
    assert!(forfeit.to_provider > settlement.unpaid.base(), "the surety pays for it");
}

#[test]
fn an_order_that_pays_for_all_cannot_be_drained() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    assert!(!is_drained(&chain.state, hour(20), lease, &chain.params));
    let call = Call::ForfeitLease { lease, misuse: Misuse::Drain };
    assert_eq!(chain.refuse(hour(20), call), Rejection::NotDrained);
}

#[test]
fn forbidden_work_is_paid_for_and_loses_a_part_of_the_rest() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.accept(hour(2), Call::PauseLease { lease });
    let call = Call::ForfeitLease { lease, misuse: Misuse::ForbiddenWork };
    let Receipt::LeaseForfeited { settlement, amount, forfeit, .. } = chain.accept(hour(4), call)
    else {
        panic!("it is over");
    };
    let rest = 8 * DOLLAR + DOLLAR * 16 / 100; // Eight hours and 2 % of them.
    assert_eq!(settlement.payment, Usd::ZERO, "it was paused, and paid until then");
    assert_eq!((forfeit.amount, amount), (2 * DOLLAR + rest / 2, rest / 2));
    assert_eq!(chain.usd(Account::Escrow), 0);
}

#[test]
fn a_disputed_lease_waits_and_does_nothing_else() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.settle(hour(1), lease);
    assert_eq!(chain.accept(hour(3), Call::DisputeLease { lease }), Receipt::LeaseDisputed);
    let cause = CloseCause::Agreed;
    for call in [
        Call::DisputeLease { lease },
        Call::SettleLease { lease },
        Call::PauseLease { lease },
        Call::ResumeLease { lease },
        Call::CloseLease { lease, cause },
        Call::ForfeitLease { lease, misuse: Misuse::Drain },
        Call::ForfeitLease { lease, misuse: Misuse::ForbiddenWork },
    ] {
        assert_eq!(chain.refuse(hour(4), call), Rejection::WrongState, "{call:?}");
    }
    assert_eq!(chain.accept(hour(4), Call::Deregister { provider: FIZZ }), Receipt::Deregistered);
}

#[test]
fn a_lost_dispute_is_paid_and_costs_the_surety() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let call = Call::ForfeitLease { lease, misuse: Misuse::FalseDispute };
    assert_eq!(chain.refuse(hour(3), call), Rejection::WrongState, "there is no dispute yet");
    assert_eq!(chain.refuse(hour(3), Call::UpholdDispute { lease }), Rejection::WrongState);
    chain.accept(hour(3), Call::DisputeLease { lease });
    let Receipt::LeaseForfeited { settlement, forfeit, .. } = chain.accept(hour(50), call) else {
        panic!("it is over");
    };
    assert_eq!(settlement.payment.base(), 3 * DOLLAR, "time stood still");
    assert_eq!(forfeit.amount, 2 * DOLLAR);
}

#[test]
fn an_upheld_dispute_takes_what_was_not_paid_yet_and_counts_against_the_provider() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.settle(hour(1), lease);
    let earned = chain.usd(Account::Provider(FIZZ));
    chain.accept(hour(3), Call::DisputeLease { lease });
    let receipt = chain.accept(hour(50), Call::UpholdDispute { lease });
    let Receipt::DisputeUpheld { unearned, amount, .. } = receipt else { panic!("{receipt:?}") };
    assert_eq!(unearned.base(), 2 * DOLLAR);
    assert_eq!(amount, 11 * DOLLAR + DOLLAR * 18 / 100, "nine hours, their fee and the surety");
    assert_eq!(chain.usd(Account::Provider(FIZZ)), earned);
    assert_eq!(chain.state.registry[FIZZ.index()].reputation.bad_milli, 1_000);
    assert_eq!(chain.state.conduct[0], Conduct::default());
}

#[test]
fn the_banned_open_no_order_and_who_enrolls_is_new() {
    let mut chain = chain();
    for is_ban in [false, true] {
        let (order, lease) = chain.reserved(Terms::PLAIN, CENTRE);
        let receipt = chain.accept(START, Call::WithdrawOrder { order, lease });
        assert_eq!(forfeit(receipt).is_ban, is_ban);
    }
    let amount = Usd::from_nanos(50_000_000_000);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount });
    let order = |tenant| Terms::PLAIN.order_of(tenant, EntityKey(9));
    assert_eq!(chain.refuse(START, order(TENANT)), Rejection::Banned);
    assert_eq!(chain.refuse(START, order(TenantId(2))), Rejection::NoSuchTenant);
    let provider = chain.usd(Account::Provider(CENTRE));
    let receipt = chain.accept(START, Call::Enroll);
    assert_eq!(receipt, Receipt::Enrolled { tenant: TenantId(2) });
    assert_eq!(chain.usd(Account::Provider(CENTRE)), provider, "no other account has moved");
    chain.accept(START, Call::Deposit { tenant: TenantId(2), amount });
    chain.accept(START, order(TenantId(2)));
}

/// The rules that the auditor finds broken when the answer to `call` is told as `tell` makes it.
fn rules_broken(chain: &mut Chain, call: Call, tell: impl Fn(&mut Receipt)) -> Vec<Rule> {
    let mut audit = Audit::open(&chain.state);
    let mut receipt = apply(&mut chain.state, hour(4), call, &chain.params).expect("it holds");
    tell(&mut receipt);
    audit.note(call, &receipt);
    audit.compare(&chain.state);
    audit.findings().iter().map(|one| one.rule).collect()
}

/// How a loss is told, and what that breaks.
type Told = (fn(&mut Forfeit), Rule);

#[test]
fn what_is_lost_cannot_be_told_falsely() {
    let tells: [Told; 4] = [
        (|told| told.amount -= 1, Rule::Forfeit),
        (|told| told.to_provider += 1, Rule::Balance),
        (|told| told.to_provider = -1, Rule::Forfeit),
        (|told| (told.amount, told.to_provider) = (99 * DOLLAR, 0), Rule::Forfeit),
    ];
    for misuse in [Misuse::Drain, Misuse::ForbiddenWork, Misuse::FalseDispute] {
        for (tell, rule) in tells {
            let mut chain = chain();
            let lease = part_funded(&mut chain);
            if misuse == Misuse::FalseDispute {
                chain.accept(hour(3), Call::DisputeLease { lease });
            }
            let call = Call::ForfeitLease { lease, misuse };
            let mut honest = Chain { state: chain.state.clone(), params: chain.params.clone() };
            assert_eq!(rules_broken(&mut honest, call, |_| {}), [], "{misuse:?}");
            let rules = rules_broken(&mut chain, call, |receipt| {
                let Receipt::LeaseForfeited { forfeit, .. } = receipt else {
                    panic!("{receipt:?}")
                };
                tell(forfeit);
            });
            assert!(rules.contains(&rule), "{misuse:?}: {rules:?}");
        }
    }
}

#[test]
fn a_withdrawal_and_a_verdict_cannot_be_told_falsely() {
    let mut first = chain();
    let (order, lease) = first.reserved(Terms::PLAIN, CENTRE);
    let rules = rules_broken(&mut first, Call::WithdrawOrder { order, lease }, |receipt| {
        let Receipt::OrderWithdrawn { amount, .. } = receipt else { panic!("{receipt:?}") };
        *amount += 1;
    });
    assert!(rules.contains(&Rule::Deposit), "{rules:?}");
    let mut second = chain();
    let lease = second.active(Terms::PLAIN, FIZZ);
    second.accept(hour(3), Call::DisputeLease { lease });
    let rules = rules_broken(&mut second, Call::UpholdDispute { lease }, |receipt| {
        let Receipt::DisputeUpheld { amount, .. } = receipt else { panic!("{receipt:?}") };
        *amount -= 1;
    });
    assert!(rules.contains(&Rule::Deposit), "{rules:?}");
}

#[test]
fn an_order_of_a_banned_tenant_is_found() {
    let mut chain = chain();
    let amount = Usd::from_nanos(50_000_000_000);
    chain.accept(START, Call::Deposit { tenant: TENANT, amount });
    chain.state.conduct[0] = Conduct { strikes: 2, is_banned: true };
    let mut audit = Audit::open(&chain.state);
    chain.state.conduct[0].is_banned = false;
    let call = Terms::PLAIN.order_of(TENANT, EntityKey(1));
    let receipt = apply(&mut chain.state, START, call, &chain.params).expect("it was forgotten");
    audit.note(call, &receipt);
    assert_eq!(audit.findings()[0].rule, Rule::Ban);
}

#[test]
#[should_panic(expected = "escrow is not what orders and leases hold")]
fn a_surety_that_vanishes_is_noticed() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().surety = 0;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "no surety answers for more than it is")]
fn a_surety_that_is_spent_twice_is_noticed() {
    let mut chain = chain();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let lease = chain.state.leases.get_mut(lease).unwrap();
    lease.locked += 2 * lease.surety;
    lease.surety = -lease.surety;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a matched order holds no money")]
fn a_surety_held_by_order_and_lease_is_noticed() {
    let mut chain = chain();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.state.orders.get_mut(order).unwrap().surety = 1;
    chain.state.leases.get_mut(lease).unwrap().surety -= 1;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a tenant is banned for nothing")]
fn a_ban_without_a_strike_is_noticed() {
    let mut chain = chain();
    chain.state.conduct[1].is_banned = true;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a tenant's conduct is not remembered")]
fn a_wallet_without_a_past_is_noticed() {
    let mut chain = chain();
    chain.state.ledger.add_tenant();
    check_books(&chain.state);
}

#[test]
fn wallets_that_are_opened_later_leave_all_balances_in_their_place() {
    let mut chain = chain();
    let before: Vec<_> = chain.state.ledger.holdings(Asset::Spon).collect();
    for tenant in (2..42).map(TenantId) {
        assert_eq!(chain.accept(START, Call::Enroll), Receipt::Enrolled { tenant });
    }
    let after: Vec<_> = chain.state.ledger.holdings(Asset::Spon).collect();
    assert_eq!(before, after);
    assert_eq!(chain.state.conduct.len(), 42);
}
