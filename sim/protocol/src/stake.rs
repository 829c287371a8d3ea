//! Whose stake it is: shares of what is delegated to a provider, and what is on its way out.
//!
//! The tokens stand in the ledger; here is who they belong to. A delegation is a number of shares:
//! a slash lowers what each share is worth, so that equal shares lose equally (economics.md 2.4).
//! What leaves waits in a queue, first in, first out, and can be slashed until it is released.

use mechanism::wide::{mul_div_rounded_down, mul_div_rounded_up};
use std::collections::VecDeque;
use units::{Base, BasisPoints, DelegatorId, SimTime, Spon};

/// Who has something at stake with a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Staker {
    /// The provider itself.
    Provider,
    /// A delegator.
    Delegator(DelegatorId),
}

/// A delegator's part of what is delegated to a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Whose.
    pub delegator: DelegatorId,
    /// Shares, never zero.
    pub shares: u128,
}

/// Stake on its way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit {
    /// Whose.
    pub staker: Staker,
    /// How much; slashes lower it.
    pub amount: Spon,
    /// When it was asked for: it answers for what happened before.
    pub begun_at: SimTime,
    /// When it is free.
    pub release_at: SimTime,
}

/// What the chain knows of the stake with one provider, beside the balances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StakeBook {
    /// Part of its delegators' rewards that the provider keeps.
    pub commission: BasisPoints,
    delegations: Vec<Delegation>,
    shares: u128,
    exits: VecDeque<Exit>,
}

impl StakeBook {
    /// Delegations in the order of their delegators.
    pub fn delegations(&self) -> &[Delegation] {
        &self.delegations
    }

    /// All shares.
    pub fn shares(&self) -> u128 {
        self.shares
    }

    /// What is on its way out, first the oldest.
    pub fn exits(&self) -> impl Iterator<Item = &Exit> {
        self.exits.iter()
    }

    /// What a delegator's shares are worth when `delegated` stands for all of them.
    pub fn worth_rounded_down(&self, delegator: DelegatorId, delegated: Spon) -> Spon {
        let shares = self.find(delegator).map_or(0, |place| self.delegations[place].shares);
        share_rounded_down(delegated, shares, self.shares)
    }

    /// Shares for `amount` more on top of `delegated`; none when it is less than a share is worth.
    pub(crate) fn delegate(
        &mut self,
        delegator: DelegatorId,
        amount: Spon,
        delegated: Spon,
    ) -> Option<u128> {
        let shares = if self.shares == 0 {
            unsigned(amount)
        } else {
            mul_div_rounded_down(unsigned(amount), self.shares, unsigned(delegated))
        };
        if shares == 0 {
            return None;
        }
        match self.delegations.binary_search_by_key(&delegator, |one| one.delegator) {
            Ok(place) => self.delegations[place].shares += shares,
            Err(place) => self.delegations.insert(place, Delegation { delegator, shares }),
        }
        self.shares += shares;
        Some(shares)
    }

    /// Gives up the shares that `amount` of `delegated` is worth, a started share in full.
    ///
    /// # Panics
    /// When that is more than the delegator's shares are worth.
    pub(crate) fn undelegate(&mut self, delegator: DelegatorId, amount: Spon, delegated: Spon) {
        let place = self.find(delegator).expect("callers look what the shares are worth");
        let needed = mul_div_rounded_up(unsigned(amount), self.shares, unsigned(delegated));
        let held = self.delegations[place].shares;
        // Who takes out all that the shares are worth leaves no crumb of a share behind.
        let is_all = amount == share_rounded_down(delegated, held, self.shares);
        let given = if is_all { held } else { needed };
        assert!(given <= held, "callers look what the shares are worth");
        self.shares -= given;
        self.delegations[place].shares -= given;
        if given == held {
            self.delegations.remove(place);
        }
    }

    /// Queues what leaves.
    ///
    /// # Panics
    /// When it would be free before what stands in front of it.
    pub(crate) fn queue(&mut self, exit: Exit) {
        let last = self.exits.back().map_or(SimTime::ZERO, |last| last.release_at);
        assert!(last <= exit.release_at, "first in, first out");
        self.exits.push_back(exit);
    }

    /// The oldest exit, if it is free at `now`.
    pub(crate) fn release(&mut self, now: SimTime) -> Option<Exit> {
        self.exits.pop_front_if(|exit| exit.release_at <= now)
    }

    /// Exits that answer for what happened at `moment`: they were asked for later.
    pub(crate) fn answering_mut(&mut self, moment: SimTime) -> impl Iterator<Item = &mut Exit> {
        self.exits.iter_mut().filter(move |exit| exit.begun_at >= moment)
    }

    /// Forgets all delegations, because nothing is left of what they stood for.
    pub(crate) fn wipe_delegations(&mut self) {
        self.delegations.clear();
        self.shares = 0;
    }

    fn find(&self, delegator: DelegatorId) -> Option<usize> {
        self.delegations.binary_search_by_key(&delegator, |one| one.delegator).ok()
    }

    /// Gives shares to somebody for nothing, so that a test can see the check fail.
    #[cfg(test)]
    pub(crate) fn sabotage(&mut self) {
        self.delegations[0].shares += 1;
    }
}

/// `amount x part / whole`, rounded down; nothing of nothing.
pub(crate) fn share_rounded_down(amount: Spon, part: u128, whole: u128) -> Spon {
    if whole == 0 {
        return Spon::ZERO;
    }
    Spon::from_base(mul_div_rounded_down(unsigned(amount), part, whole) as Base)
}

pub(crate) fn unsigned(amount: Spon) -> u128 {
    u128::try_from(amount.base()).expect("no balance is below zero")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::tokens;

    const ANN: DelegatorId = DelegatorId(1);
    const BEN: DelegatorId = DelegatorId(2);

    #[test]
    fn equal_shares_lose_equally() {
        let mut book = StakeBook::default();
        book.delegate(BEN, tokens(10), Spon::ZERO).expect("a share");
        book.delegate(ANN, tokens(10), tokens(10)).expect("a share");
        assert_eq!(book.worth_rounded_down(ANN, tokens(20)), tokens(10));
        let slashed = tokens(20) - Spon::from_base(7);
        let [ann, ben] = [ANN, BEN].map(|who| book.worth_rounded_down(who, slashed));
        assert_eq!(ann, ben);
        assert_eq!(ann + ben, slashed - Spon::from_base(1), "one unit cannot be halved");
    }

    #[test]
    fn a_share_bought_after_a_slash_does_not_pay_for_it() {
        let mut book = StakeBook::default();
        book.delegate(ANN, tokens(10), Spon::ZERO).expect("a share");
        // A slash took half.
        book.delegate(BEN, tokens(5), tokens(5)).expect("a share");
        assert_eq!(book.worth_rounded_down(BEN, tokens(10)), tokens(5));
        assert_eq!(book.worth_rounded_down(ANN, tokens(10)), tokens(5));
    }

    #[test]
    fn who_takes_out_everything_has_no_share_left() {
        let mut book = StakeBook::default();
        book.delegate(ANN, Spon::from_base(3), Spon::ZERO).expect("a share");
        book.delegate(BEN, Spon::from_base(4), Spon::from_base(3)).expect("a share");
        let slashed = Spon::from_base(5);
        let worth = book.worth_rounded_down(ANN, slashed);
        book.undelegate(ANN, worth, slashed);
        assert_eq!(book.delegations().len(), 1);
        assert_eq!(book.shares(), 4);
    }

    #[test]
    fn less_than_a_share_buys_nothing() {
        let mut book = StakeBook::default();
        book.delegate(ANN, Spon::from_base(1), Spon::ZERO).expect("a share");
        assert_eq!(book.delegate(BEN, Spon::from_base(1), Spon::from_base(2)), None);
    }

    #[test]
    #[should_panic(expected = "first in, first out")]
    fn nobody_overtakes() {
        let mut book = StakeBook::default();
        let exit = |hours| Exit {
            staker: Staker::Provider,
            amount: tokens(1),
            begun_at: SimTime::ZERO,
            release_at: crate::testing::hour(hours),
        };
        book.queue(exit(2));
        book.queue(exit(1));
    }
}
