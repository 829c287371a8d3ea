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

/// Balances by party and number, and what was issued and destroyed.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    held: [Vec<[Base; ASSETS]>; Party::HOLDING.len()],
    minted: [Base; ASSETS],
    burned: [Base; ASSETS],
    total: [Base; ASSETS],
    touched: Vec<(Asset, Account)>,
}

impl Accounts {
    /// The balances of a ledger at the opening.
    pub fn open(ledger: &Ledger) -> Accounts {
        let mut accounts = Accounts {
            held: Party::HOLDING.map(|_| Vec::new()),
            minted: Asset::ALL.map(|asset| ledger.minted(asset)),
            burned: Asset::ALL.map(|asset| ledger.burned(asset)),
            total: [0; ASSETS],
            touched: Vec::new(),
        };
        for asset in Asset::ALL {
            for (party, number, balance) in ledger.holdings(asset) {
                *accounts.held_mut(asset, party, number) = balance;
                accounts.total[asset as usize] += balance;
            }
        }
        accounts
    }

    /// What an account holds.
    pub fn balance(&self, asset: Asset, account: Account) -> Base {
        let (party, number) = account.place();
        self.held[party as usize].get(number).map_or(0, |held| held[asset as usize])
    }

    /// Writes down that `amount` moved. A balance may go below zero: then the receipts are wrong,
    /// and the comparison finds it.
    pub fn post(&mut self, asset: Asset, from: End, to: End, amount: Base) {
        if amount == 0 {
            return;
        }
        for (end, sign) in [(from, -1), (to, 1)] {
            let place = asset as usize;
            match end {
                End::Of(account) => {
                    let (party, number) = account.place();
                    *self.held_mut(asset, party, number) += sign * amount;
                    self.total[place] += sign * amount;
                    self.touched.push((asset, account));
                }
                End::Outside => {}
                End::Mint => self.minted[place] += amount,
                End::Burn => self.burned[place] += amount,
            }
        }
    }

    /// A new receipt comes.
    pub fn forget_touched(&mut self) {
        self.touched.clear();
    }

    /// Issued, destroyed, and there.
    pub fn totals(&self, asset: Asset) -> [Base; 3] {
        [self.minted, self.burned, self.total].map(|of| of[asset as usize])
    }

    /// Where the accounts that the last receipt touched differ from the ledger's.
    pub fn differences_of_touched(
        &self,
        ledger: &Ledger,
    ) -> impl Iterator<Item = (Subject, Base, Base)> {
        let pairs = self.touched.iter().map(move |(asset, account)| {
            let books = if ledger.has(*account) { ledger.balance(*asset, *account) } else { 0 };
            let (party, number) = account.place();
            let subject = Subject::Account(*asset, party, number);
            (subject, books, self.balance(*asset, *account))
        });
        pairs.filter(|(_, books, own)| books != own)
    }

    /// Where any account differs from the ledger's.
    pub fn differences(&self, ledger: &Ledger) -> Vec<(Subject, Base, Base)> {
        let differing = Asset::ALL.into_iter().filter(|asset| {
            let own = self.holdings(*asset);
            !own.eq(ledger.holdings(*asset))
        });
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
            let held = self.held[party as usize].iter().enumerate();
            let held = held.map(move |(number, held)| (party, number, held[asset as usize]));
            held.filter(|(.., balance)| *balance != 0)
        })
    }

    fn held_mut(&mut self, asset: Asset, party: Party, number: usize) -> &mut Base {
        let held = &mut self.held[party as usize];
        if held.len() <= number {
            held.resize(number + 1, [0; ASSETS]);
        }
        &mut held[number][asset as usize]
    }
}
