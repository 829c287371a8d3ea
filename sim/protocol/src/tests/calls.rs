//! What does every accepted call do?

use crate::Slashed;
use crate::testing::{CENTRE, Chain, FIZZ, REGION, TENANT, Terms, hour, tokens};
use crate::{
    Account, Call, CloseCause, LeaseState, OrderState, Payer, Receipt, Rejection, Reputation,
};
use units::{Asset, EntityKey, SimTime, Usd};

const WALLET: Account = Account::Tenant(TENANT);
const START: SimTime = SimTime::ZERO;
/// Ten hours at a dollar, and 2 % for not paying in the token.
const DEPOSIT: i128 = 10_200_000_000;

#[test]
fn a_deposit_fills_the_wallet_of_its_tenant() {
    let mut chain = Chain::new();
    let amount = Usd::from_nanos(7);
    let receipt = chain.accept(START, Call::Deposit { tenant: TENANT, amount });
    assert_eq!(receipt, Receipt::Deposited { amount });
    assert_eq!(chain.usd(WALLET), 7);
}

#[test]
fn posted_stake_is_the_providers() {
    let mut chain = Chain::new();
    let amount = tokens(333);
    let receipt = chain.accept(START, Call::PostStake { provider: CENTRE, amount });
    assert_eq!(receipt, Receipt::StakePosted { amount });
    assert_eq!(chain.state.stake(CENTRE), amount);
    assert_eq!(chain.state.stake(FIZZ), tokens(0));
}

#[test]
fn an_order_locks_the_ceiling_for_its_duration_and_the_fee() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    assert_eq!(chain.usd(WALLET), 0);
    assert_eq!(chain.usd(Account::Escrow), DEPOSIT);
    let order = chain.state.orders.get(order).unwrap();
    assert_eq!(order.locked, DEPOSIT);
    assert_eq!(order.state, OrderState::Open);
}

#[test]
fn a_cancelled_order_gives_everything_back() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let receipt = chain.accept(hour(1), Call::CancelOrder { order });
    let Receipt::OrderCancelled { refund, .. } = receipt else { panic!("{receipt:?}") };
    assert_eq!(refund.base(), DEPOSIT);
    assert_eq!(chain.usd(WALLET), DEPOSIT);
    assert!(chain.state.orders.is_empty());
}

#[test]
fn a_lease_takes_over_what_its_order_locked() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    assert_eq!(chain.usd(Account::Escrow), DEPOSIT);
    let matched = chain.state.orders.get(order).unwrap();
    assert_eq!(matched.state, OrderState::Matched { lease });
    assert_eq!(matched.locked, 0);
    let lease = chain.state.leases.get(lease).unwrap();
    assert_eq!(lease.locked, DEPOSIT);
    assert_eq!(lease.state, LeaseState::Reserved);
}

#[test]
fn a_confirmed_lease_is_in_force_and_its_order_has_left() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let receipt = chain.accept(hour(1), Call::ConfirmLease { order, lease });
    assert_eq!(receipt, Receipt::LeaseConfirmed);
    assert!(chain.state.orders.is_empty());
    let lease = chain.state.leases.get(lease).unwrap();
    assert_eq!(lease.state, LeaseState::Active { since: hour(1) });
}

#[test]
fn a_void_lease_reopens_its_order_and_counts_against_the_provider() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let receipt = chain.accept(hour(1), Call::VoidLease { order, lease });
    assert_eq!(receipt, Receipt::LeaseVoided { slashed: Slashed::default() });
    assert!(chain.state.leases.is_empty());
    let reopened = chain.state.orders.get(order).unwrap();
    assert_eq!(reopened.state, OrderState::Open);
    assert_eq!(reopened.locked, DEPOSIT);
    let bad = Reputation { good_milli: 0, bad_milli: 1000 };
    assert_eq!(chain.state.registry[FIZZ.index()].reputation, bad);
    chain.accept(hour(1), Call::CancelOrder { order });
    assert_eq!(chain.usd(WALLET), DEPOSIT);
}

#[test]
fn an_order_that_was_reopened_is_matched_again() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.accept(START, Call::VoidLease { order, lease });
    let price = Terms::PLAIN.price;
    let call = Call::OpenLease { order, provider: CENTRE, region: REGION, price, agreed: None };
    let Receipt::LeaseOpened { lease } = chain.accept(START, call) else { panic!() };
    chain.accept(START, Call::ConfirmLease { order, lease });
    assert_eq!(chain.state.leases.get(lease).unwrap().provider, CENTRE);
}

#[test]
fn a_settled_hour_under_fizz_rules_is_divided_as_published() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    assert_eq!(chain.settle(hour(1), lease), Usd::from_nanos(1_000_000_000));
    // 93 % less 1 % of it to the provider; 5 %, that 1 % and the tenant's 2 % to the foundation.
    assert_eq!(chain.usd(Account::Provider(FIZZ)), 920_700_000);
    assert_eq!(chain.usd(Account::Treasury), 50_000_000 + 9_300_000 + 20_000_000);
    assert_eq!(chain.usd(Account::Gateway(REGION)), 20_000_000);
    assert_eq!(chain.usd(Account::Escrow), DEPOSIT - 1_020_000_000);
    assert_eq!(chain.usd(Account::Dust), 0);
    let lease = chain.state.leases.get(lease).unwrap();
    assert!(matches!(lease.state, LeaseState::Active { .. }));
}

#[test]
fn a_settled_hour_under_provider_rules_is_divided_as_published() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, CENTRE);
    chain.settle(hour(1), lease);
    assert_eq!(chain.usd(Account::Provider(CENTRE)), 792_000_000);
    assert_eq!(chain.usd(Account::Treasury), 200_000_000 + 8_000_000 + 20_000_000);
    assert_eq!(chain.usd(Account::Gateway(REGION)), 0);
}

#[test]
fn a_pause_pays_what_has_accrued_and_a_resumed_lease_goes_on() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let receipt = chain.accept(hour(2), Call::PauseLease { lease });
    let Receipt::LeasePaused { settlement } = receipt else { panic!("{receipt:?}") };
    assert_eq!(settlement.payment, Usd::from_nanos(2_000_000_000));
    assert_eq!(chain.state.leases.get(lease).unwrap().state, LeaseState::Paused);
    assert_eq!(chain.accept(hour(5), Call::ResumeLease { lease }), Receipt::LeaseResumed);
    let resumed = chain.state.leases.get(lease).unwrap();
    assert_eq!(resumed.state, LeaseState::Active { since: hour(5) });
}

#[test]
fn a_closed_lease_pays_refunds_and_leaves() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let (payment, refund) = chain.close(hour(4), lease);
    assert_eq!(payment, Usd::from_nanos(4_000_000_000));
    assert_eq!(refund, Usd::from_nanos(6_120_000_000));
    assert_eq!(chain.usd(WALLET), refund.base());
    assert_eq!(chain.usd(Account::Escrow), 0);
    assert!(chain.state.leases.is_empty());
    let good = Reputation { good_milli: 1000, bad_milli: 0 };
    assert_eq!(chain.state.registry[FIZZ.index()].reputation, good);
}

#[test]
fn a_failed_lease_counts_against_the_provider_even_from_a_pause() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.accept(hour(1), Call::PauseLease { lease });
    let cause = CloseCause::ProviderFailed;
    let receipt = chain.accept(hour(3), Call::CloseLease { lease, cause });
    let Receipt::LeaseClosed { settlement, refund, .. } = receipt else { panic!("{receipt:?}") };
    let payment = settlement.payment;
    assert_eq!(payment, Usd::ZERO);
    assert_eq!(refund.base(), DEPOSIT - 1_020_000_000);
    let bad = Reputation { good_milli: 0, bad_milli: 1000 };
    assert_eq!(chain.state.registry[FIZZ.index()].reputation, bad);
}

#[test]
fn the_digest_sees_what_a_call_did() {
    let bytes = |call: Call, receipt: Receipt| {
        let mut out = Vec::new();
        call.encode_with(&receipt, &mut out);
        out
    };
    let amount = Usd::from_nanos(5);
    let deposit = Call::Deposit { tenant: TENANT, amount };
    let five = bytes(deposit, Receipt::Deposited { amount });
    let six = bytes(deposit, Receipt::Deposited { amount: Usd::from_nanos(6) });
    assert_ne!(five, six);
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let other = Terms::PLAIN.order_of(TENANT, EntityKey(2));
    let (asset, units) = (Asset::Usd, amount.base());
    let receipt = Receipt::OrderOpened { order, locked: amount, asset, amount: units, surety: 0 };
    assert_ne!(bytes(Terms::PLAIN.order_of(TENANT, EntityKey(1)), receipt), bytes(other, receipt));
    let cancel = Call::CancelOrder { order };
    assert_eq!(bytes(cancel, Receipt::OrderCancelled { refund: amount, amount: units })[0], 4);
}

#[test]
fn gas_goes_to_who_builds_blocks_and_its_receipt_says_who_paid_what() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, CENTRE);
    chain.close(hour(3), lease);
    let payer = Payer::Provider(CENTRE);
    let held = chain.usd(payer.account());
    assert!(held > 7);
    let pay = |amount| Call::PayGas { payer, asset: Asset::Usd, amount };
    let receipt = chain.accept(hour(3), pay(7));
    assert_eq!(receipt, Receipt::GasPaid { payer, asset: Asset::Usd, amount: 7 });
    assert_eq!((chain.usd(payer.account()), chain.usd(Account::Sequencer)), (held - 7, 7));
    let (asset, needed, left) = (Asset::Usd, held, held - 7);
    let why = chain.refuse(hour(3), pay(needed));
    assert_eq!(why, Rejection::DepositTooSmall { asset, needed, held: left });
    let credit = Call::PayGas { payer, asset: Asset::Credit, amount: 1 };
    assert_eq!(chain.refuse(hour(3), credit), Rejection::NoSuchPayer);
}
