//! What must hold of the books, whatever happened. A failure is our mistake, so it panics.

use crate::lease::{LeaseState, OrderState};
use crate::ledger::Account;
use crate::state::State;
use units::{Asset, Base};

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
    check_states(state);
}

fn check_states(state: &State) {
    for (_, order) in state.orders.iter() {
        let is_empty = order.locked.base() == 0;
        assert!(order.state == OrderState::Open || is_empty, "a matched order holds no money");
    }
    for (_, lease) in state.leases.iter() {
        assert!(lease.charged.base() >= 0, "nobody is charged less than nothing");
        assert!(lease.billed <= lease.duration, "nobody is charged for more than was agreed");
        let is_reserved = lease.state == LeaseState::Reserved;
        assert!(!is_reserved || lease.charged.base() == 0, "a reservation is not charged");
    }
}
