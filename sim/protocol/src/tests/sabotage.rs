//! Would the checks notice? Each test breaks one thing and waits for its assertion.

use crate::EraOutcome;
use crate::era::check_points;
use crate::testing::{CENTRE, Chain, FIZZ, OTHER_FIZZ, TENANT, Terms, hour, tokens};
use crate::{Account, Call, DecisionDigest, Fault, LeaseState, OrderState, Reason, check_books};
use mechanism::swap_pool::SwapPool;
use units::{
    Asset, DelegatorId, EntityKey, GpuCount, OperatorId, Ppm, SimTime, Span, Spon, TenantId, Usd,
};

const CENT: i128 = 10_000_000;

/// Takes a cent from `from` to `to` as no call would.
fn embezzle(chain: &mut Chain, from: Account, to: Account) {
    chain.state.ledger.transfer(Asset::Usd, from, to, CENT, Reason::Refund);
}

#[test]
#[should_panic(expected = "USD: the recount differs")]
fn dollars_from_nothing_are_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.sabotage(Asset::Usd, Account::Treasury, 1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "SPON: the recount differs")]
fn tokens_that_vanish_are_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.sabotage(Asset::Spon, Account::Rewards, -1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "USD: a debt")]
fn a_balance_below_zero_is_noticed_though_the_sum_is_right() {
    let mut chain = Chain::new();
    chain.state.ledger.sabotage(Asset::Usd, Account::Treasury, 1);
    chain.state.ledger.sabotage(Asset::Usd, Account::Provider(FIZZ), -1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "escrow is not what orders and leases hold")]
fn escrow_that_leaks_is_noticed() {
    let mut chain = Chain::new();
    chain.order(Terms::PLAIN);
    embezzle(&mut chain, Account::Escrow, Account::Treasury);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "escrow is not what orders and leases hold")]
fn money_locked_for_nobody_is_noticed() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    chain.state.orders.remove(order);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a matched order holds no money")]
fn money_held_by_order_and_lease_is_noticed() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let cent = CENT;
    let locked = chain.state.leases.get(lease).unwrap().locked;
    chain.state.orders.get_mut(order).unwrap().locked = cent;
    chain.state.leases.get_mut(lease).unwrap().locked = locked - cent;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "nobody locks less than nothing")]
fn an_order_that_owes_is_noticed() {
    let mut chain = Chain::new();
    let order = chain.order(Terms::PLAIN);
    let other = chain.order(Terms::PLAIN);
    let both = chain.state.orders.get(order).unwrap().locked;
    let both = both + both + CENT;
    chain.state.orders.get_mut(order).unwrap().locked = -CENT;
    chain.state.orders.get_mut(other).unwrap().locked = both;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "no lease pays more than was deposited")]
fn a_lease_that_pays_with_the_money_of_another_is_noticed() {
    let mut chain = Chain::new();
    let (lease, other) = (chain.active(Terms::PLAIN, FIZZ), chain.active(Terms::PLAIN, FIZZ));
    let both = chain.state.leases.get(lease).unwrap().locked;
    let both = both + both + CENT;
    chain.state.leases.get_mut(lease).unwrap().locked = -CENT;
    chain.state.leases.get_mut(other).unwrap().locked = both;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a matched order has its lease")]
fn an_order_whose_lease_has_left_is_noticed() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.state.leases.remove(lease);
    let (escrow, wallet) = (Account::Escrow, Account::Tenant(TENANT));
    let all = chain.usd(escrow);
    chain.state.ledger.transfer(Asset::Usd, escrow, wallet, all, Reason::Refund);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a confirmed lease has no order")]
fn an_order_that_outlives_the_confirmation_is_noticed() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().state = LeaseState::Paused;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "the tenant who ordered pays")]
fn a_lease_on_the_account_of_another_tenant_is_noticed() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().tenant = TenantId(1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "every reservation answers one matched order")]
fn a_reservation_without_an_order_is_noticed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, OTHER_FIZZ);
    chain.state.leases.get_mut(lease).unwrap().state = LeaseState::Reserved;
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "every reservation answers one matched order")]
fn two_orders_behind_one_lease_are_noticed() {
    let mut chain = Chain::new();
    let (order, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    let copy = *chain.state.orders.get(order).unwrap();
    assert_eq!(copy.state, OrderState::Matched { lease });
    chain.state.orders.insert(copy);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "nobody is charged for more than was agreed")]
fn time_billed_beyond_the_agreed_is_noticed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let lease = chain.state.leases.get_mut(lease).unwrap();
    lease.billed = lease.duration + Span::from_nanos(1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "nobody pays for more than was agreed")]
fn money_charged_beyond_the_agreed_is_noticed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().charged = Usd::from_nanos(10_000_000_001);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "nobody is charged less than nothing")]
fn a_bill_below_zero_is_noticed() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().charged = Usd::from_nanos(-1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "a reservation is not charged")]
fn a_charged_reservation_is_noticed() {
    let mut chain = Chain::new();
    let (_, lease) = chain.reserved(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().charged = Usd::from_nanos(1);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "nobody pays more than was deposited")]
fn a_lease_without_money_is_not_settled() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.state.leases.get_mut(lease).unwrap().locked = 0;
    let _ = crate::apply(&mut chain.state, hour(1), Call::SettleLease { lease }, &chain.params);
}

#[test]
#[should_panic(expected = "Escrow holds 0 and should pay")]
fn a_lease_whose_escrow_is_gone_is_not_settled() {
    let mut chain = Chain::new();
    let lease = chain.active(Terms::PLAIN, FIZZ);
    let all = chain.usd(Account::Escrow);
    let (from, to) = (Account::Escrow, Account::Treasury);
    chain.state.ledger.transfer(Asset::Usd, from, to, all, Reason::Refund);
    let _ = crate::apply(&mut chain.state, hour(1), Call::SettleLease { lease }, &chain.params);
}

#[test]
#[should_panic(expected = "K6, the stake is not its magnitude's")]
fn an_operators_stake_from_nothing_is_noticed() {
    let mut chain = Chain::new();
    let (signed, recomputed) = (DecisionDigest(1), DecisionDigest(2));
    let call = Call::SlashOperator { operator: OperatorId(0), signed, recomputed };
    chain.accept(SimTime::ZERO, call);
    chain.state.operators[0].sabotage();
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "K6, the stake is not its magnitude's")]
fn an_operators_tokens_that_move_without_a_slash_are_noticed() {
    let mut chain = Chain::new();
    let (from, to) = (Account::OperatorStake(OperatorId(1)), Account::Treasury);
    chain.state.ledger.transfer(Asset::Spon, from, to, 1, Reason::OperatorSlashed);
    check_books(&chain.state);
}

#[test]
fn the_books_of_an_honest_chain_pass() {
    let mut chain = Chain::new();
    chain.order(Terms::PLAIN);
    chain.reserved(Terms::PLAIN, OTHER_FIZZ);
    let lease = chain.active(Terms::PLAIN, FIZZ);
    chain.accept(hour(1), Call::PauseLease { lease });
    assert!(chain.usd(Account::Escrow) > 0);
    assert_eq!(chain.state.orders.len() + chain.state.leases.len(), 4);
    check_books(&chain.state);
    assert!(chain.close(SimTime::NEVER, lease).1 > Usd::ZERO);
}

/// A data centre with a delegator.
fn delegated() -> Chain {
    let mut chain = Chain::new();
    let (delegator, amount) = (DelegatorId(0), tokens(7));
    chain.accept(SimTime::ZERO, Call::Fund { delegator, amount });
    chain.accept(SimTime::ZERO, Call::Delegate { delegator, provider: CENTRE, amount });
    chain
}

#[test]
#[should_panic(expected = "K1, shares do not add up")]
fn a_share_for_nothing_is_noticed() {
    let mut chain = delegated();
    chain.state.stakes[CENTRE.index()].sabotage();
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "belong to nobody")]
fn delegated_stake_without_an_owner_is_noticed() {
    let mut chain = delegated();
    chain.state.stakes[CENTRE.index()].wipe_delegations();
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "K4, what waits is not in the account")]
fn an_exit_that_leaks_is_noticed() {
    let mut chain = delegated();
    let call = Call::Undelegate { delegator: DelegatorId(0), provider: CENTRE, amount: tokens(2) };
    chain.accept(SimTime::ZERO, call);
    let (from, to) = (Account::Unbonding(CENTRE), Account::Treasury);
    chain.state.ledger.transfer(Asset::Spon, from, to, 1, Reason::Released);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "K3, what is contested is not held")]
fn a_contested_slash_that_leaks_is_noticed() {
    let mut chain = delegated();
    chain.params.slashing.appeal = Span::DAY;
    let call = Call::ReportFault {
        provider: CENTRE,
        fault: Fault::DataMisuse,
        happened_at: SimTime::ZERO,
        victim: None,
        evidence: EntityKey(1),
    };
    chain.accept(SimTime::ZERO, call);
    let (from, to) = (Account::Contested, Account::Treasury);
    chain.state.ledger.transfer(Asset::Spon, from, to, 1, Reason::Slashed);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T8, the vault's tokens differ")]
fn a_vault_that_leaks_is_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.transfer(Asset::Spon, Account::Rewards, Account::Vault, 1, Reason::BuyBack);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "USD: gas that nobody paid for")]
fn gas_that_nobody_paid_for_is_noticed() {
    let mut chain = Chain::new();
    chain.state.ledger.inflow(Asset::Usd, Account::Sequencer, 1, Reason::Gas);
    check_books(&chain.state);
}

#[test]
#[should_panic(expected = "T8, credits outstanding differ")]
fn a_credit_for_nothing_is_noticed() {
    let mut chain = Chain::new();
    let wallet = Account::Tenant(TENANT);
    chain.state.ledger.mint(Asset::Credit, wallet, 1, Reason::CreditsMinted);
    check_books(&chain.state);
}

/// Rewards as they would be paid next, of points that `outcome` says the first provider has.
fn rewarded(outcome: EraOutcome, spoil: impl Fn(&mut Chain)) {
    let mut chain = Chain::new();
    spoil(&mut chain);
    let outcomes = [outcome, EraOutcome::default(), EraOutcome::default()];
    check_points(&chain.state, hour(24), &outcomes, &chain.params);
}

/// What the first provider's GPU gives: a card of multiplier 4 under Fizz rules.
const WHOLE: EraOutcome = EraOutcome {
    points_micro: 2_000_000_000,
    reward: Spon::ONE,
    delegators: Spon::ZERO,
    slash: Spon::ZERO,
    slash_delegated: Spon::ZERO,
};

#[test]
fn points_of_what_stands_are_rewarded() {
    rewarded(WHOLE, |_| {});
}

#[test]
#[should_panic(expected = "K8, 2000000001 points, 2000000000 at most")]
fn points_of_capacity_that_does_not_exist_are_noticed() {
    rewarded(EraOutcome { points_micro: WHOLE.points_micro + 1, ..WHOLE }, |_| {});
}

#[test]
#[should_panic(expected = "K8, 2000000000 points, 0 at most")]
fn points_of_who_registered_nothing_are_noticed() {
    rewarded(WHOLE, |chain| chain.state.registry[0].gpus = GpuCount(0));
}

#[test]
#[should_panic(expected = "for no points")]
fn a_reward_without_points_is_noticed() {
    rewarded(EraOutcome { points_micro: 0, ..WHOLE }, |_| {});
}

#[test]
#[should_panic(expected = "points while barred")]
fn points_in_jail_are_noticed() {
    rewarded(WHOLE, |chain| chain.state.registry[0].jailed_until = hour(25));
}

#[test]
#[should_panic(expected = "T10, USD: the pool's reserve differs")]
fn a_pool_that_leaks_is_noticed() {
    let mut chain = Chain::new();
    chain.state.exchange = SwapPool::new(7, 7, Ppm(3_000));
    let ledger = &mut chain.state.ledger;
    ledger.inflow(Asset::Spon, Account::Exchange, 7, Reason::Genesis);
    ledger.inflow(Asset::Usd, Account::Exchange, 6, Reason::Genesis);
    check_books(&chain.state);
}
