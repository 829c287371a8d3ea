//! The only place where money moves: a double-entry ledger per asset.
//!
//! Every posting takes from one account what it gives to another. Money enters only by `inflow`
//! (from the declared outside world) and `mint`, and leaves only by `burn`, each counted, so that
//! per asset `sum of accounts = minted - burned + inflow` holds exactly at any moment.

use std::collections::BTreeMap;
use units::{Asset, Base, OperatorId, ProviderId, RegionId, TenantId};

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
    /// An operator's stake.
    OperatorStake(OperatorId),
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
    /// Operators' stake.
    OperatorStake,
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
    /// An operator's stake taken.
    OperatorSlashed,
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
#[derive(Clone, Debug, PartialEq, Eq)]
struct Book {
    balances: Vec<Base>,
    totals: Totals,
}

/// The ledger: a book per asset, and the flows since they were last taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    tenants: usize,
    providers: usize,
    gateways: usize,
    operators: usize,
    books: [Book; 2],
    flows: BTreeMap<FlowKey, Flow>,
}

const SINGLE_ACCOUNTS: usize = 4;

/// Most of an asset that the books take in from outside, in its smallest unit.
///
/// A thousand times the supply of SPON (protocol.md 3.4), and far from where arithmetic ends.
const HOLDINGS_MAX: Base = 1_000_000_000_000_000_000_000_000_000_000;

impl Ledger {
    /// Empty books for so many tenants, providers, gateways and operators.
    pub fn new(tenants: usize, providers: usize, gateways: usize, operators: usize) -> Ledger {
        let accounts = SINGLE_ACCOUNTS + tenants + 2 * providers + gateways + operators;
        let book = Book { balances: vec![0; accounts], totals: Totals::default() };
        let (books, flows) = ([book.clone(), book], BTreeMap::new());
        Ledger { tenants, providers, gateways, operators, books, flows }
    }

    /// What an account holds, in the asset's smallest unit.
    pub fn balance(&self, asset: Asset, account: Account) -> Base {
        self.books[asset as usize].balances[self.place(account)]
    }

    /// Whether the books have such an account.
    pub fn has(&self, account: Account) -> bool {
        self.find_place(account).is_some()
    }

    /// Whether `amount` more can come in from outside and still be counted.
    pub fn can_take_in(&self, asset: Asset, amount: Base) -> bool {
        amount <= HOLDINGS_MAX - self.books[asset as usize].totals.accounts
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
        let place = self.find_place(account);
        place.unwrap_or_else(|| panic!("{account:?} has no place in the books"))
    }

    fn find_place(&self, account: Account) -> Option<usize> {
        let group =
            |start: usize, size: usize, index: usize| (index < size).then_some(start + index);
        let tenants = SINGLE_ACCOUNTS;
        let providers = tenants + self.tenants;
        let stakes = providers + self.providers;
        let gateways = stakes + self.providers;
        let operators = gateways + self.gateways;
        match account {
            Account::Escrow => Some(0),
            Account::Treasury => Some(1),
            Account::Rewards => Some(2),
            Account::Dust => Some(3),
            Account::Tenant(id) => group(tenants, self.tenants, id.index()),
            Account::Provider(id) => group(providers, self.providers, id.index()),
            Account::Stake(id) => group(stakes, self.providers, id.index()),
            Account::Gateway(id) => group(gateways, self.gateways, id.index()),
            Account::OperatorStake(id) => group(operators, self.operators, id.index()),
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
        Account::OperatorStake(_) => Party::OperatorStake,
    }
}

#[cfg(test)]
mod tests;
