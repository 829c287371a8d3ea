//! What must hold of the books, whatever happened. A failure is our mistake, so it panics.

use crate::lease::{Lease, LeaseState, Order, OrderState};
use crate::ledger::Account;
use crate::state::State;
use units::{Asset, Base, OperatorId, Usd};

/// Counts everything anew: every account, and escrow against what orders and leases hold.
///
/// # Panics
/// When money appeared, vanished, or is locked for nobody.
pub fn check_books(state: &State) {
    state.ledger.check_recount();
    let orders: Base = state.orders.iter().map(|(_, order)| order.locked.base()).sum();
    let leases: Base = state.leases.iter().map(|(_, lease)| lease.locked.base()).sum();
    let escrow = state.ledger.balance(Asset::Usd, Account::Escrow);
    assert_eq!(orders + leases, escrow, "escrow is not what orders and leases hold");
    for (id, stake) in (0..).map(OperatorId).zip(&state.operators) {
        let held = state.operator_stake(id);
        assert_eq!(held, stake.value_rounded_down(), "an operator's stake is not its magnitude's");
    }
    state.orders.iter().for_each(|(_, order)| check_order(state, order));
    state.leases.iter().for_each(|(_, lease)| check_lease(lease));
    let matched = state.orders.iter().filter(|(_, order)| order.state != OrderState::Open).count();
    let is_reserved = |lease: &Lease| lease.state == LeaseState::Reserved;
    let reserved = state.leases.iter().filter(|(_, lease)| is_reserved(lease)).count();
    assert_eq!(matched, reserved, "every reservation answers one matched order");
}

fn check_order(state: &State, order: &Order) {
    assert!(order.locked >= Usd::ZERO, "nobody locks less than nothing");
    let OrderState::Matched { lease } = order.state else { return };
    assert_eq!(order.locked, Usd::ZERO, "a matched order holds no money");
    let lease = state.leases.get(lease).expect("a matched order has its lease");
    assert_eq!(lease.state, LeaseState::Reserved, "a confirmed lease has no order");
    assert_eq!(lease.tenant, order.tenant, "the tenant who ordered pays");
}

fn check_lease(lease: &Lease) {
    assert!(lease.locked >= Usd::ZERO, "no lease pays more than was deposited");
    assert!(lease.charged >= Usd::ZERO, "nobody is charged less than nothing");
    assert!(lease.billed <= lease.duration, "nobody is charged for more than was agreed");
    let most = lease.price.cost_rounded_down(lease.gpus, lease.duration);
    assert!(lease.charged <= most, "nobody pays for more than was agreed");
    let is_reserved = lease.state == LeaseState::Reserved;
    assert!(!is_reserved || lease.charged == Usd::ZERO, "a reservation is not charged");
}
