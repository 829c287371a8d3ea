//! Who was granted the token's supply, and how much of it is released.

use crate::ledger::Account;
use mechanism::vesting::Allocation;

/// Who a grant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beneficiary {
    /// Those who take no part in the market: team, investors, users, makers of liquidity.
    Holders,
    /// The foundation.
    Treasury,
    /// Providers: what is not released yet is the pool that emission pays from.
    Rewards,
}

impl Beneficiary {
    /// Where released tokens of the grant go.
    pub(crate) const fn account(self) -> Account {
        match self {
            // What rewards released before the run is with those who earned it.
            Beneficiary::Holders | Beneficiary::Rewards => Account::Holders,
            Beneficiary::Treasury => Account::Treasury,
        }
    }

    /// Where tokens wait that are not released.
    pub(crate) const fn waits_in(self) -> Account {
        match self {
            Beneficiary::Rewards => Account::Rewards,
            Beneficiary::Holders | Beneficiary::Treasury => Account::Vesting,
        }
    }
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who it is for.
    pub beneficiary: Beneficiary,
    /// How much, and when it is released; ages are eras since the launch of the token.
    pub allocation: Allocation,
}

/// The token table. Without a grant the supply is not declared: tokens then come from outside and
/// leave for there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SupplyBook {
    /// The grants.
    pub grants: Vec<Grant>,
    /// Eras since the launch.
    pub age: u64,
}

impl SupplyBook {
    /// Whether the supply is declared.
    pub fn is_declared(&self) -> bool {
        !self.grants.is_empty()
    }

    /// Moves on by an era: what is released, grant by grant. Rewards are left to the emission.
    pub(crate) fn step(&mut self) -> Vec<(Account, u128)> {
        let (before, after) = (self.age, self.age + 1);
        self.age = after;
        let vests = |grant: &&Grant| grant.beneficiary.waits_in() == Account::Vesting;
        let due = |grant: &Grant| {
            let Grant { beneficiary, allocation } = grant;
            (beneficiary.account(), allocation.released(after) - allocation.released(before))
        };
        self.grants.iter().filter(vests).map(due).collect()
    }

    /// All that was granted to somebody, released or not.
    pub fn granted(&self, to: Beneficiary) -> u128 {
        let theirs = self.grants.iter().filter(|grant| grant.beneficiary == to);
        theirs.map(|grant| grant.allocation.granted()).sum()
    }

    /// Granted and not released, rewards left out.
    pub fn locked(&self) -> u128 {
        let vests = |grant: &&Grant| grant.beneficiary.waits_in() == Account::Vesting;
        self.grants.iter().filter(vests).map(|grant| grant.allocation.locked(self.age)).sum()
    }
}
