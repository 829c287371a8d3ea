//! The only place where money moves: a double-entry ledger per asset.
//!
//! Every posting takes from one account what it gives to another. Money enters only by `inflow`
//! (from the declared outside world) and `mint`, and leaves only by `outflow` and `burn`, each
//! counted, so that per asset `sum of accounts = minted - burned + inflow - outflow` holds exactly
//! at any moment.

mod account;

mod reason;

pub use account::{Account, Party, Population};
pub use reason::Reason;

use std::collections::BTreeMap;
use units::{Asset, Base};

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
    outflow: Base,
    /// Most that the postings of remainders so far can come to.
    dust_max: Base,
}

/// What may be issued, and why (T4): the supply at genesis, emission, credits for tokens that were
/// locked, and the tokens that settle credits beyond the vault.
const MINTED_FOR: [(Asset, Reason); 4] = [
    (Asset::Spon, Reason::Genesis),
    (Asset::Spon, Reason::Emission),
    (Asset::Credit, Reason::CreditsMinted),
    (Asset::Spon, Reason::CreditsSettled),
];

/// Most that one posting of a remainder can be (T7). Parts that make a whole leave less than a unit
/// each when they are rounded down, and together a whole number: of the three parts of a payment
/// two units at most, of the four of a slash three.
const fn remainder_max(why: Reason) -> Base {
    match why {
        Reason::LeasePayment => 2,
        Reason::Slashed | Reason::OperatorSlashed => 3,
        _ => 0,
    }
}

/// The books of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Book {
    balances: Vec<Base>,
    totals: Totals,
    minted_for: BTreeMap<Reason, Base>,
}

impl Book {
    fn new(accounts: usize) -> Book {
        let totals = Totals::default();
        Book { balances: vec![0; accounts], totals, minted_for: BTreeMap::new() }
    }
}

/// The ledger: a book per asset, and the flows since they were last taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    population: Population,
    /// Where the accounts of each holding party begin, and at the end how many there are.
    starts: [usize; Party::HOLDING.len() + 1],
    books: [Book; Asset::ALL.len()],
    flows: BTreeMap<FlowKey, Flow>,
}

/// Most of an asset that the books take in from outside, in its smallest unit.
///
/// A thousand times the supply of SPON (protocol.md 3.4), and far from where arithmetic ends.
const HOLDINGS_MAX: Base = 1_000_000_000_000_000_000_000_000_000_000;

impl Ledger {
    /// Empty books for so many of each.
    pub fn new(population: Population) -> Ledger {
        let mut starts = [0; Party::HOLDING.len() + 1];
        for (place, party) in Party::HOLDING.into_iter().enumerate() {
            starts[place + 1] = starts[place] + population.count(party);
        }
        let accounts = starts[Party::HOLDING.len()];
        let books = Asset::ALL.map(|_| Book::new(accounts));
        Ledger { population, starts, books, flows: BTreeMap::new() }
    }

    /// What an account holds, in the asset's smallest unit.
    pub fn balance(&self, asset: Asset, account: Account) -> Base {
        self.books[asset as usize].balances[self.place(account)]
    }

    /// Whether the books have such an account.
    pub fn has(&self, account: Account) -> bool {
        self.find_place(account).is_some()
    }

    /// Opens the wallet of one tenant more: its number.
    pub fn add_tenant(&mut self) -> usize {
        let place = self.starts[Party::Tenants as usize + 1];
        for book in &mut self.books {
            book.balances.insert(place, 0);
        }
        for start in &mut self.starts[Party::Tenants as usize + 1..] {
            *start += 1;
        }
        self.population.tenants += 1;
        self.population.tenants - 1
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
        if to == Account::Dust {
            self.books[asset as usize].totals.dust_max += remainder_max(why);
        }
        self.note(asset, from.place().0, to.place().0, why, amount);
    }

    /// Brings `amount` in from the outside world.
    pub fn inflow(&mut self, asset: Asset, to: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.give(asset, to, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.inflow = sum(totals.inflow, amount);
        self.note(asset, Party::Outside, to.place().0, why, amount);
    }

    /// Lets `amount` go to the outside world.
    pub fn outflow(&mut self, asset: Asset, from: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.take(asset, from, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.outflow = sum(totals.outflow, amount);
        self.note(asset, from.place().0, Party::Outside, why, amount);
    }

    /// Issues `amount` new.
    ///
    /// # Panics
    /// When nothing is issued for that reason.
    pub fn mint(&mut self, asset: Asset, to: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        assert!(MINTED_FOR.contains(&(asset, why)), "T4, {why:?} does not mint {}", asset.name());
        self.give(asset, to, amount);
        let book = &mut self.books[asset as usize];
        book.totals.minted = sum(book.totals.minted, amount);
        let for_this = book.minted_for.entry(why).or_default();
        *for_this = sum(*for_this, amount);
        self.note(asset, Party::Mint, to.place().0, why, amount);
    }

    /// Destroys `amount` of what an account holds.
    pub fn burn(&mut self, asset: Asset, from: Account, amount: Base, why: Reason) {
        if amount == 0 {
            return;
        }
        self.take(asset, from, amount);
        let totals = &mut self.books[asset as usize].totals;
        totals.burned = sum(totals.burned, amount);
        self.note(asset, from.place().0, Party::Burn, why, amount);
    }

    /// The flows since they were last taken.
    pub fn flows(&self) -> &BTreeMap<FlowKey, Flow> {
        &self.flows
    }

    /// The flows since the last call, in order of their keys.
    pub fn take_flows(&mut self) -> BTreeMap<FlowKey, Flow> {
        std::mem::take(&mut self.flows)
    }

    /// What every party's accounts hold that hold anything: party, number, balance, in order.
    ///
    /// Accounts that stay empty are not named, so that a module which is switched off leaves no
    /// trace in a hash of this.
    pub fn holdings(&self, asset: Asset) -> impl Iterator<Item = (Party, usize, Base)> {
        let balances = &self.books[asset as usize].balances;
        Party::HOLDING.into_iter().enumerate().flat_map(move |(place, party)| {
            let ours = &balances[self.starts[place]..self.starts[place + 1]];
            let held = ours.iter().enumerate().filter(|(_, balance)| **balance != 0);
            held.map(move |(number, balance)| (party, number, *balance))
        })
    }

    /// What all accounts of a party hold together.
    pub fn sum_of(&self, asset: Asset, party: Party) -> Base {
        let range = self.starts[party as usize]..self.starts[party as usize + 1];
        self.books[asset as usize].balances[range].iter().sum()
    }

    /// How much of an asset there is.
    pub fn total(&self, asset: Asset) -> Base {
        self.books[asset as usize].totals.accounts
    }

    /// How much of an asset was issued so far.
    pub fn minted(&self, asset: Asset) -> Base {
        self.books[asset as usize].totals.minted
    }

    /// How much of that for one reason.
    pub fn minted_for(&self, asset: Asset, why: Reason) -> Base {
        self.books[asset as usize].minted_for.get(&why).copied().unwrap_or(0)
    }

    /// How much of an asset was destroyed so far.
    pub fn burned(&self, asset: Asset) -> Base {
        self.books[asset as usize].totals.burned
    }

    /// Checks the running totals: cheap enough for every event.
    ///
    /// # Panics
    /// When money appeared or vanished.
    pub fn check_totals(&self) {
        for asset in Asset::ALL {
            let t = &self.books[asset as usize].totals;
            let expected = t.minted - t.burned + t.inflow - t.outflow;
            assert_eq!(t.accounts, expected, "T1, {}: accounts do not add up", asset.name());
            let for_all: Base = self.books[asset as usize].minted_for.values().sum();
            assert_eq!(for_all, t.minted, "T4, {}: issued for no reason", asset.name());
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
            assert_eq!(recount, book.totals.accounts, "T2, {}: the recount differs", asset.name());
            assert!(book.balances.iter().all(|b| *b >= 0), "T3, {}: a debt", asset.name());
            let dust = book.balances[self.place(Account::Dust)];
            let most = book.totals.dust_max;
            assert!(dust <= most, "T7, {}: {dust} of dust, {most} at most", asset.name());
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
        let (party, number) = account.place();
        let is_there = number < self.population.count(party);
        is_there.then(|| self.starts[party as usize] + number)
    }

    /// Forgets what was issued for what, so that a test can see the check fail.
    #[cfg(test)]
    pub(crate) fn forget_reasons(&mut self, asset: Asset) {
        self.books[asset as usize].minted_for.clear();
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

#[cfg(test)]
mod tests;
