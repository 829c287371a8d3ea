//! Does every posting have two sides, and would a missing one be found?

use super::*;
use units::{DelegatorId, OperatorId, ProviderId, RegionId, TenantId};

fn ledger() -> Ledger {
    let population =
        Population { tenants: 2, providers: 2, gateways: 1, operators: 1, delegators: 0 };
    let mut ledger = Ledger::new(population);
    ledger.inflow(Asset::Usd, Account::Tenant(TenantId(0)), 100, Reason::Deposit);
    ledger
}

#[test]
fn every_posting_has_two_sides() {
    let mut ledger = ledger();
    ledger.transfer(Asset::Usd, Account::Tenant(TenantId(0)), Account::Escrow, 60, Reason::Lock);
    ledger.mint(Asset::Spon, Account::Rewards, 7, Reason::Genesis);
    ledger.burn(Asset::Spon, Account::Rewards, 3, Reason::Slashed);
    ledger.check_recount();
    assert_eq!(ledger.balance(Asset::Usd, Account::Escrow), 60);
    let flows = ledger.take_flows();
    assert_eq!(flows.len(), 4);
    let key = (Asset::Usd, Party::Tenants, Party::Escrow, Reason::Lock);
    assert_eq!(flows[&key], Flow { count: 1, amount: 60 });
}

#[test]
#[should_panic(expected = "should pay")]
fn nobody_pays_what_they_do_not_have() {
    ledger().transfer(Asset::Usd, Account::Escrow, Account::Treasury, 1, Reason::LeaseFee);
}

#[test]
#[should_panic(expected = "the recount differs")]
fn money_from_nothing_is_found() {
    let mut ledger = ledger();
    ledger.sabotage(Asset::Usd, Account::Treasury, 1);
    ledger.check_recount();
}

#[test]
#[should_panic(expected = "USD: accounts do not add up")]
fn totals_that_differ_from_what_came_and_went_are_found() {
    let mut ledger = ledger();
    ledger.books[Asset::Usd as usize].totals.minted += 1;
    ledger.check_totals();
}

#[test]
#[should_panic(expected = "is not an amount")]
fn nobody_takes_by_paying_less_than_nothing() {
    let wallet = Account::Tenant(TenantId(0));
    ledger().transfer(Asset::Usd, Account::Escrow, wallet, -1, Reason::Refund);
}

#[test]
#[should_panic(expected = "should pay 8 SPON")]
fn nobody_burns_more_than_they_hold() {
    let mut ledger = ledger();
    ledger.mint(Asset::Spon, Account::Rewards, 7, Reason::Genesis);
    ledger.burn(Asset::Spon, Account::Rewards, 8, Reason::Slashed);
}

#[test]
#[should_panic(expected = "has no place in the books")]
fn money_for_nobody_is_refused() {
    let stranger = Account::Gateway(RegionId(1));
    assert!(!ledger().has(stranger));
    ledger().inflow(Asset::Usd, stranger, 1, Reason::Deposit);
}

#[test]
fn the_books_take_in_what_they_can_count() {
    let ledger = ledger();
    assert!(ledger.can_take_in(Asset::Usd, HOLDINGS_MAX - 100));
    assert!(!ledger.can_take_in(Asset::Usd, HOLDINGS_MAX - 99));
    assert!(!ledger.can_take_in(Asset::Spon, Base::MAX));
}

#[test]
fn accounts_do_not_share_a_place() {
    let population =
        Population { tenants: 2, providers: 3, gateways: 2, operators: 2, delegators: 4 };
    let ledger = Ledger::new(population);
    let single = [
        Account::Escrow,
        Account::Treasury,
        Account::Rewards,
        Account::Dust,
        Account::Vault,
        Account::Exchange,
        Account::Vesting,
        Account::Holders,
        Account::Contested,
        Account::Challengers,
        Account::Sequencer,
    ];
    let of_provider = |n| {
        let id = ProviderId(n);
        [Account::Provider(id), Account::Stake(id), Account::Delegated(id), Account::Unbonding(id)]
    };
    let mut places: Vec<usize> = single
        .into_iter()
        .chain((0..2).map(|n| Account::Tenant(TenantId(n))))
        .chain((0..3).flat_map(of_provider))
        .chain((0..2).map(|n| Account::Gateway(RegionId(n))))
        .chain((0..2).map(|n| Account::OperatorStake(OperatorId(n))))
        .chain((0..4).map(|n| Account::Delegator(DelegatorId(n))))
        .map(|account| ledger.place(account))
        .collect();
    places.sort_unstable();
    assert_eq!(places, (0..11 + 2 + 12 + 2 + 2 + 4).collect::<Vec<_>>());
}

#[test]
fn every_holding_party_stands_at_its_own_place() {
    for (place, party) in Party::HOLDING.into_iter().enumerate() {
        assert_eq!(party as usize, place, "{party:?}");
    }
}

#[test]
fn holdings_name_who_holds_something() {
    let ledger = ledger();
    let held: Vec<_> = ledger.holdings(Asset::Usd).collect();
    assert_eq!(held, [(Party::Tenants, 0, 100)]);
    assert_eq!(ledger.sum_of(Asset::Usd, Party::Tenants), 100);
    assert_eq!(ledger.holdings(Asset::Spon).count(), 0);
}

#[test]
fn what_goes_outside_is_counted() {
    let mut ledger = ledger();
    ledger.outflow(Asset::Usd, Account::Tenant(TenantId(0)), 40, Reason::Deposit);
    ledger.check_recount();
    assert_eq!(ledger.balance(Asset::Usd, Account::Tenant(TenantId(0))), 60);
}

#[test]
#[should_panic(expected = "T4, Refund does not mint USD")]
fn dollars_are_not_issued() {
    ledger().mint(Asset::Usd, Account::Treasury, 1, Reason::Refund);
}

#[test]
#[should_panic(expected = "T7, USD: 6 of dust, 5 at most")]
fn dust_that_is_more_than_dust_is_found() {
    let mut ledger = ledger();
    let from = Account::Tenant(TenantId(0));
    ledger.transfer(Asset::Usd, from, Account::Dust, 2, Reason::LeasePayment);
    ledger.transfer(Asset::Usd, from, Account::Dust, 3, Reason::Slashed);
    ledger.check_recount();
    ledger.transfer(Asset::Usd, from, Account::Dust, 1, Reason::Refund);
    ledger.check_recount();
}
