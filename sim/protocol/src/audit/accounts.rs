//! The auditor's own balances.

use super::Subject;
use crate::ledger::{Account, Ledger, Party};
use units::{Asset, Base};

/// An end of what a receipt tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// An account.
    Of(Account),
    /// The outside world.
    Outside,
    /// Newly issued.
    Mint,
    /// Destroyed.
    Burn,
}

const ASSETS: usize = Asset::ALL.len();

/// Movements that wait at most. Places in memory are looked up one after another when many
/// movements are entered together, and the processor need not wait for each.
const WAITING_MAX: usize = 512;

/// What a receipt tells of.
#[derive(Clone, Copy, Debug)]
struct Movement {
    asset: Asset,
    from: End,
    to: End,
    amount: Base,
}

/// Balances by asset, party and number, and what was issued and destroyed.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    held: [[Vec<Base>; Party::HOLDING.len()]; ASSETS],
    minted: [Base; ASSETS],
    burned: [Base; ASSETS],
    total: [Base; ASSETS],
    movements: Vec<Movement>,
    /// How many of them are in the balances.
    entered: usize,
    /// Where those of the last receipt begin.
    last: usize,
}

impl Accounts {
    /// The balances of a ledger at the opening.
    pub fn open(ledger: &Ledger) -> Accounts {
        let mut accounts = Accounts {
            held: Asset::ALL.map(|_| Party::HOLDING.map(|_| Vec::new())),
            minted: Asset::ALL.map(|asset| ledger.minted(asset)),
            burned: Asset::ALL.map(|asset| ledger.burned(asset)),
            total: [0; ASSETS],
            movements: Vec::with_capacity(WAITING_MAX),
            entered: 0,
            last: 0,
        };
        for asset in Asset::ALL {
            for (party, number, balance) in ledger.holdings(asset) {
                accounts.add(asset, party, number, balance);
                accounts.total[asset as usize] += balance;
            }
        }
        accounts
    }

    /// What an account holds.
    pub fn balance(&mut self, asset: Asset, account: Account) -> Base {
        self.enter();
        self.read(asset, account)
    }

    /// A new receipt comes.
    pub fn begin(&mut self) {
        if self.movements.len() >= WAITING_MAX {
            self.enter();
            self.movements.clear();
            self.entered = 0;
        }
        self.last = self.movements.len();
    }

    /// Writes down that `amount` moved. A balance may go below zero: then the receipts are wrong,
    /// and the comparison finds it.
    pub fn post(&mut self, asset: Asset, from: End, to: End, amount: Base) {
        if amount != 0 {
            self.movements.push(Movement { asset, from, to, amount });
        }
    }

    /// Enters what waits into the balances.
    fn enter(&mut self) {
        for place in self.entered..self.movements.len() {
            let Movement { asset, from, to, amount } = self.movements[place];
            self.enter_end(asset, from, -amount);
            self.enter_end(asset, to, amount);
        }
        self.entered = self.movements.len();
    }

    /// What comes from elsewhere than an account is there from now on, and what goes elsewhere no
    /// more: between accounts the total stays.
    fn enter_end(&mut self, asset: Asset, end: End, amount: Base) {
        let of = asset as usize;
        if let End::Of(account) = end {
            let (party, number) = account.place();
            return self.add(asset, party, number, amount);
        }
        self.total[of] -= amount;
        match end {
            End::Mint => self.minted[of] -= amount,
            End::Burn => self.burned[of] += amount,
            End::Of(_) | End::Outside => {}
        }
    }

    fn add(&mut self, asset: Asset, party: Party, number: usize, amount: Base) {
        let held = &mut self.held[asset as usize][party as usize];
        if held.len() <= number {
            held.resize(number + 1, 0);
        }
        held[number] += amount;
    }

    fn read(&self, asset: Asset, account: Account) -> Base {
        let (party, number) = account.place();
        self.held[asset as usize][party as usize].get(number).copied().unwrap_or(0)
    }

    /// Issued, destroyed, and there.
    pub fn totals(&mut self, asset: Asset) -> [Base; 3] {
        self.enter();
        [self.minted, self.burned, self.total].map(|of| of[asset as usize])
    }

    /// Where the accounts that the last receipt touched differ from the ledger's.
    pub fn differences_of_touched(&mut self, ledger: &Ledger) -> Vec<(Subject, Base, Base)> {
        self.enter();
        let ends = self.movements[self.last..].iter().flat_map(|one| {
            let of = |end| if let End::Of(account) = end { Some(account) } else { None };
            [one.from, one.to].into_iter().filter_map(of).map(|account| (one.asset, account))
        });
        let pairs = ends.map(|(asset, account)| {
            let books = if ledger.has(account) { ledger.balance(asset, account) } else { 0 };
            let (party, number) = account.place();
            (Subject::Account(asset, party, number), books, self.read(asset, account))
        });
        pairs.filter(|(_, books, own)| books != own).collect()
    }

    /// Where any account differs from the ledger's.
    pub fn differences(&mut self, ledger: &Ledger) -> Vec<(Subject, Base, Base)> {
        self.enter();
        let differs = |asset: &Asset| !self.holdings(*asset).eq(ledger.holdings(*asset));
        let differing = Asset::ALL.into_iter().filter(differs);
        differing.flat_map(|asset| self.list_differences(asset, ledger)).collect()
    }

    fn list_differences(&self, asset: Asset, ledger: &Ledger) -> Vec<(Subject, Base, Base)> {
        let books: Vec<_> = ledger.holdings(asset).collect();
        let own: Vec<_> = self.holdings(asset).collect();
        let of = |list: &[(Party, usize, Base)], party, number| {
            let found = list.iter().find(|one| (one.0, one.1) == (party, number));
            found.map_or(0, |one| one.2)
        };
        let mut places: Vec<_> = books.iter().chain(&own).map(|one| (one.0, one.1)).collect();
        places.sort_unstable();
        places.dedup();
        let pairs = places.into_iter().map(|(party, number)| {
            let subject = Subject::Account(asset, party, number);
            (subject, of(&books, party, number), of(&own, party, number))
        });
        pairs.filter(|(_, books, own)| books != own).collect()
    }

    /// What is not zero, in the ledger's order.
    fn holdings(&self, asset: Asset) -> impl Iterator<Item = (Party, usize, Base)> {
        Party::HOLDING.into_iter().flat_map(move |party| {
            let held = self.held[asset as usize][party as usize].iter().enumerate();
            let held = held.map(move |(number, balance)| (party, number, *balance));
            held.filter(|(.., balance)| *balance != 0)
        })
    }
}
