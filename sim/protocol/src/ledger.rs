//! The only place where money moves: a double-entry ledger per asset.
//!
//! Every posting takes from one account what it gives to another. Money enters only by `inflow`
//! (from the declared outside world) and `mint`, and leaves only by `burn`, each counted, so that
//! per asset `sum of accounts = minted - burned + inflow` holds exactly at any moment.

use std::collections::BTreeMap;
use units::{Asset, Base, ProviderId, RegionId, TenantId};

/// Who can hold money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// A tenant's wallet.
    Tenant(TenantId),
    /// Locked money of all open orders and leases.
    Escrow,
    /// A provider's wallet.
    Provider(ProviderId),
    /// The gateway of a region.
    Gateway(RegionId),
    /// The foundation.
    Treasury,
    /// What rewards are paid from.
    Rewards,
    /// A provider's stake.
    Stake(ProviderId),
    /// Remainders of divisions.
    Dust,
}

/// Who stands at an end of a flow: accounts of one kind together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The outside world.
    Outside,
    /// Newly issued.
    Mint,
    /// Destroyed.
    Burn,
    /// Tenants' wallets.
    Tenants,
    /// Locked money.
    Escrow,
    /// Providers' wallets.
    Providers,
    /// Gateways.
    Gateways,
    /// The foundation.
    Treasury,
    /// The reward pool.
    Rewards,
    /// Stake.
    Stake,
    /// Remainders.
    Dust,
}

/// Why money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A tenant brings money from outside.
    Deposit,
    /// Money is locked for an order.
    Lock,
    /// What is not needed goes back.
    Refund,
    /// The provider's part of a lease payment.
    LeasePayment,
    /// The foundation's part of a lease payment.
    LeaseFee,
    /// The gateway's part of a lease payment.
    GatewayFee,
    /// The tenant's fee for paying in another asset than the token.
    FacilitationFee,
    /// The provider's fee for being paid in another asset than the token.
    PayoutFee,
    /// The reward of an era.
    EraReward,
    /// Tokens that fill the reward pool at the start.
    Genesis,
    /// Stake posted or topped up.
    StakePosted,
    /// Stake taken.
    Slashed,
}

/// What moved between two parties for one reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Postings.
    pub count: u64,
    /// Amount in the asset's smallest unit.
    pub amount: Base,
}

/// A flow's key: asset, from, to, why.
pub type FlowKey = (Asset, Party, Party, Reason);

/// How much came and went, per asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    accounts: Base,
    minted: Base,
    burned: Base,
    inflow: Base,
}

/// The books of one asset.
#[derive(Clone, Debug)]
struct Book {
    balances: Vec<Base>,
    totals: Totals,
}

/// The ledger: a book per asset, and the flows since they were last taken.
#[derive(Clone, Debug)]
pub struct Ledger {
    tenants: usize,
    providers: usize,
    gateways: usize,
    books: [Book; 2],
    flows: BTreeMap<FlowKey, Flow>,
}

const SINGLE_ACCOUNTS: usize = 4;

impl Ledger {
    /// Empty books for so many tenants, providers and gateways.
    pub fn new(tenants: usize, providers: usize, gateways: usize) -> Ledger {
        let accounts = SINGLE_ACCOUNTS + tenants + 2 * providers + gateways;
        let book = Book { balances: vec![0; accounts], totals: Totals::default() };
        Ledger { tenants, providers, gateways, books: [book.clone(), book], flows: BTreeMap::new() }
    }

    /// What an account holds, in the asset's smallest unit.
    pub fn balance(&self, asset: Asset, account: Account) -> Base {
        self.books[asset as usize].balances[self.place(account)]
    }

    /// Moves `amount` from one account to another.
    ///
    /// # Panics
    /// When the amount is negative or more than the account holds: calls check that first.
    pub fn transfer(
        &mut self,
        asset: Asset,
        from: Account,
        to: Account,
        amount: Base,
        why: Reason,
    ) {
        if amount == 0 {
            return;
        }
        self.take(asset, from, amount);
        self.give(asset, to, amount);
        self.note(asset, party(from), party(to), why, amount);
    }

    /// Brings `amount` in from the outside world.
    pub fn inflow(&mut self, asset: Asset, to: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.give(asset, to, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.inflow = sum(totals.inflow, amount);
        self.note(asset, Party::Outside, party(to), why, amount);
    }

    /// Issues `amount` new.
    pub fn mint(&mut self, asset: Asset, to: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.give(asset, to, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.minted = sum(totals.minted, amount);
        self.note(asset, Party::Mint, party(to), why, amount);
    }

    /// Destroys `amount` of what an account holds.
    pub fn burn(&mut self, asset: Asset, from: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.take(asset, from, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.burned = sum(totals.burned, amount);
        self.note(asset, party(from), Party::Burn, why, amount);
    }

    /// The flows since the last call, in order of their keys.
    pub fn take_flows(&mut self) -> BTreeMap<FlowKey, Flow> {
        std::mem::take(&mut self.flows)
    }

    /// All balances of an asset in account order, for the state hash.
    pub fn balances(&self, asset: Asset) -> &[Base] {
        &self.books[asset as usize].balances
    }

    /// Checks the running totals: cheap enough for every event.
    ///
    /// # Panics
    /// When money appeared or vanished.
    pub fn check_totals(&self) {
        for asset in Asset::ALL {
            let t = &self.books[asset as usize].totals;
            let expected = t.minted - t.burned + t.inflow;
            assert_eq!(t.accounts, expected, "{}: accounts do not add up", asset.name());
        }
    }

    /// Adds every account up anew and compares with the running totals.
    ///
    /// # Panics
    /// When they differ, or an account is below zero.
    pub fn check_recount(&self) {
        self.check_totals();
        for asset in Asset::ALL {
            let book = &self.books[asset as usize];
            let recount: Base = book.balances.iter().sum();
            assert_eq!(recount, book.totals.accounts, "{}: the recount differs", asset.name());
            assert!(book.balances.iter().all(|b| *b >= 0), "{}: a debt", asset.name());
        }
    }

    fn take(&mut self, asset: Asset, from: Account, amount: Base) {
        assert!(amount > 0, "{from:?}: {amount} {} is not an amount", asset.name());
        let place = self.place(from);
        let book = &mut self.books[asset as usize];
        let held = &mut book.balances[place];
        assert!(*held >= amount, "{from:?} holds {held} and should pay {amount} {}", asset.name());
        *held -= amount;
        book.totals.accounts -= amount;
    }

    fn give(&mut self, asset: Asset, to: Account, amount: Base) {
        assert!(amount > 0, "{to:?}: {amount} {} is not an amount", asset.name());
        let place = self.place(to);
        let book = &mut self.books[asset as usize];
        book.balances[place] = sum(book.balances[place], amount);
        book.totals.accounts = sum(book.totals.accounts, amount);
    }

    fn note(&mut self, asset: Asset, from: Party, to: Party, why: Reason, amount: Base) {
        let flow = self.flows.entry((asset, from, to, why)).or_default();
        flow.count += 1;
        flow.amount = sum(flow.amount, amount);
    }

    fn place(&self, account: Account) -> usize {
        let group = |start: usize, size: usize, index: usize| {
            assert!(index < size, "{account:?} has no place in the books");
            start + index
        };
        let tenants = SINGLE_ACCOUNTS;
        let providers = tenants + self.tenants;
        let stakes = providers + self.providers;
        let gateways = stakes + self.providers;
        match account {
            Account::Escrow => 0,
            Account::Treasury => 1,
            Account::Rewards => 2,
            Account::Dust => 3,
            Account::Tenant(id) => group(tenants, self.tenants, id.index()),
            Account::Provider(id) => group(providers, self.providers, id.index()),
            Account::Stake(id) => group(stakes, self.providers, id.index()),
            Account::Gateway(id) => group(gateways, self.gateways, id.index()),
        }
    }

    /// Makes money out of nothing, so that a test can see the checks fail.
    #[cfg(test)]
    pub(crate) fn sabotage(&mut self, asset: Asset, account: Account, amount: Base) {
        let place = self.place(account);
        self.books[asset as usize].balances[place] += amount;
    }
}

fn sum(a: Base, b: Base) -> Base {
    a.checked_add(b).expect("no asset has 2^127 units")
}

fn party(account: Account) -> Party {
    match account {
        Account::Tenant(_) => Party::Tenants,
        Account::Escrow => Party::Escrow,
        Account::Provider(_) => Party::Providers,
        Account::Gateway(_) => Party::Gateways,
        Account::Treasury => Party::Treasury,
        Account::Rewards => Party::Rewards,
        Account::Stake(_) => Party::Stake,
        Account::Dust => Party::Dust,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::new(2, 2, 1);
        ledger.inflow(Asset::Usd, Account::Tenant(TenantId(0)), 100, Reason::Deposit);
        ledger
    }

    #[test]
    fn every_posting_has_two_sides() {
        let mut ledger = ledger();
        ledger.transfer(
            Asset::Usd,
            Account::Tenant(TenantId(0)),
            Account::Escrow,
            60,
            Reason::Lock,
        );
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
    fn accounts_do_not_share_a_place() {
        let ledger = Ledger::new(2, 3, 2);
        let mut places: Vec<usize> = [Account::Escrow, Account::Treasury, Account::Rewards]
            .into_iter()
            .chain([Account::Dust])
            .chain((0..2).map(|n| Account::Tenant(TenantId(n))))
            .chain((0..3).flat_map(|n| [ProviderId(n)].map(Account::Provider)))
            .chain((0..3).map(|n| Account::Stake(ProviderId(n))))
            .chain((0..2).map(|n| Account::Gateway(RegionId(n))))
            .map(|account| ledger.place(account))
            .collect();
        places.sort_unstable();
        assert_eq!(places, (0..14).collect::<Vec<_>>());
    }
}
