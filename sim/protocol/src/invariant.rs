//! What must hold of the books, whatever happened. A failure is our mistake, so it panics.

use crate::lease::{Lease, LeaseState, Order, OrderState, Promise};
use crate::ledger::{Account, Reason};
use crate::misuse::Conduct;
use crate::stake::Delegation;
use crate::state::{State, reserves};
use std::ops::Add;
use units::{Asset, Base, OperatorId, ProviderId, SimTime, Spon, TenantId, Usd};

/// Counts everything anew: every account, and escrow against what orders and leases hold.
///
/// # Panics
/// When money appeared, vanished, or is locked for nobody.
pub fn check_books(state: &State) {
    state.ledger.check_recount();
    let orders: Base = state.orders.iter().map(|(_, order)| order.locked + order.surety).sum();
    let leases: Base = state.leases.iter().map(|(_, lease)| lease.locked + lease.surety).sum();
    let in_escrow = |asset| state.ledger.balance(asset, Account::Escrow);
    let escrow: Base = Asset::ALL.into_iter().map(in_escrow).sum();
    assert_eq!(orders + leases, escrow, "L1, escrow is not what orders and leases hold");
    for (id, stake) in (0..).map(OperatorId).zip(&state.operators) {
        let held = state.operator_stake(id);
        assert_eq!(held, stake.tokens(), "{id:?}: K6, the stake is not its magnitude's");
    }
    state.orders.iter().for_each(|(_, order)| check_order(state, order));
    state.leases.iter().for_each(|(_, lease)| check_lease(lease));
    check_conduct(state);
    check_stakes(state);
    check_tokens(state);
    check_supply(state);
    let matched = state.orders.iter().filter(|(_, order)| order.state != OrderState::Open).count();
    let is_reserved = |lease: &Lease| lease.state == LeaseState::Reserved;
    let reserved = state.leases.iter().filter(|(_, lease)| is_reserved(lease)).count();
    assert_eq!(matched, reserved, "every reservation answers one matched order");
}

/// The vault and the pool hold what they say, credits are those that were not settled (T8, T10),
/// and who builds blocks holds what was paid for gas.
fn check_tokens(state: &State) {
    let held = |asset, account| state.ledger.balance(asset, account);
    let vault = state.vault.tokens().base();
    assert_eq!(vault, held(Asset::Spon, Account::Vault), "T8, the vault's tokens differ");
    let credits: Base = state.ledger.holdings(Asset::Credit).map(|(_, _, held)| held).sum();
    assert_eq!(state.vault.outstanding().base(), credits, "T8, credits outstanding differ");
    for (asset, reserve) in state.exchange.iter().flat_map(reserves) {
        let account = held(asset, Account::Exchange);
        assert_eq!(reserve, account, "T10, {}: the pool's reserve differs", asset.name());
    }
    for asset in Asset::ALL {
        let (paid, account) = (state.gas.paid(asset), held(asset, Account::Sequencer));
        assert_eq!(paid, account, "{}: gas that nobody paid for", asset.name());
    }
}

/// Every wallet of a tenant has a past, and nobody is banned who did nothing.
fn check_conduct(state: &State) {
    let (known, next) = (state.conduct.len(), state.conduct.len() as u32);
    let has = |number| state.ledger.has(Account::Tenant(TenantId(number)));
    let is_each = known == 0 || has(next - 1);
    assert!(is_each && !has(next), "a tenant's conduct is not remembered");
    let is_wrong = |one: &Conduct| one.is_banned && one.strikes == 0;
    assert!(!state.conduct.iter().any(is_wrong), "a tenant is banned for nothing");
}

/// Emission is what its schedule says and what the ledger issued for it (T5, T9), and what is
/// granted and not released stands apart (T6).
fn check_supply(state: &State) {
    let minted = state.ledger.minted_for(Asset::Spon, Reason::Emission);
    state.emission.check(minted.unsigned_abs());
    let vesting = state.ledger.balance(Asset::Spon, Account::Vesting);
    assert_eq!(vesting.unsigned_abs(), state.supply.locked(), "T6, what vests is not locked");
}

/// Stake is somebody's: shares add up and are worth what is there (K1), what waits is in the
/// account and in order (K4), and what is contested is held (K3).
fn check_stakes(state: &State) {
    for (id, book) in (0..).map(ProviderId).zip(&state.stakes) {
        let delegated = state.delegated(id);
        let shares: u128 = book.delegations().iter().map(|one| one.shares).sum();
        assert_eq!(shares, book.shares(), "{id:?}: K1, shares do not add up");
        let worth = |one: &Delegation| book.worth_rounded_down(one.delegator, delegated);
        let all = book.delegations().iter().map(worth).fold(Spon::ZERO, Add::add);
        let lost = delegated - all;
        let most = Spon::from_base(book.delegations().len() as Base);
        assert!(lost == Spon::ZERO || lost < most, "{id:?}: K1, {lost:?} belong to nobody");
        let waiting = book.exits().fold(Spon::ZERO, |sum, exit| sum + exit.amount);
        let held = state.ledger.balance(Asset::Spon, Account::Unbonding(id));
        assert_eq!(waiting.base(), held, "{id:?}: K4, what waits is not in the account");
        let moments: Vec<SimTime> = book.exits().map(|exit| exit.release_at).collect();
        assert!(moments.is_sorted(), "{id:?}: K4, first in, first out");
    }
    let contested = state.slashes.contested().map(|one| one.taken.total());
    let held = state.ledger.balance(Asset::Spon, Account::Contested);
    let sum = contested.fold(Spon::ZERO, Add::add);
    assert_eq!(sum.base(), held, "K3, what is contested is not held");
}

fn check_order(state: &State, order: &Order) {
    assert!(order.locked >= 0 && order.surety >= 0, "nobody locks less than nothing");
    let OrderState::Matched { lease } = order.state else { return };
    assert_eq!((order.locked, order.surety), (0, 0), "a matched order holds no money");
    let lease = state.leases.get(lease).expect("a matched order has its lease");
    assert_eq!(lease.state, LeaseState::Reserved, "L4, a confirmed lease has no order");
    assert_eq!(lease.tenant, order.tenant, "the tenant who ordered pays");
}

fn check_lease(lease: &Lease) {
    assert!(lease.surety >= 0, "L1, no surety answers for more than it is");
    assert!(lease.locked >= 0, "L1, no lease pays more than was deposited");
    assert!(lease.charged >= Usd::ZERO, "nobody is charged less than nothing");
    assert!(lease.billed <= lease.duration, "nobody is charged for more than was agreed");
    let most = lease.price.cost_rounded_down(lease.gpus, lease.duration);
    assert!(lease.charged <= most, "L3, nobody pays for more than was agreed");
    let is_kept = lease.promise == Promise::Spot || lease.reclaim_at.is_none();
    assert!(is_kept, "L6, notice was given of a lease that is for a term");
    assert!(lease.promise.fits_into(lease.duration), "a lease is as long as its term");
    let is_reserved = lease.state == LeaseState::Reserved;
    assert!(!is_reserved || lease.charged == Usd::ZERO, "L4, a reservation is not charged");
}
