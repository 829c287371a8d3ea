//! The laws of stake that two states of the chain must keep between them (economics.md 2.4): K2 to
//! K6. What holds of one state alone, K1 and K4's order, is in `check_books`.

use crate::stake::unsigned;
use crate::testing::{CENTRE, Chain, hour, tokens};
use crate::{Account, Call, Fault, Receipt, Slashed, State, slashable};
use mechanism::wide::mul_div_rounded_down;
use std::collections::BTreeSet;
use units::{Asset, Base, BasisPoints, DelegatorId, EntityKey, ProviderId, SimTime, Span, Spon};

/// Watches a run of calls and eras.
#[derive(Default)]
pub struct Laws {
    /// Evidence that counted, with the moment of its fault.
    used: BTreeSet<(EntityKey, SimTime)>,
}

impl Laws {
    /// Holds an accepted call against the laws.
    ///
    /// # Panics
    /// When one is broken.
    pub fn check_call(&mut self, before: &State, after: &State, call: Call, receipt: Receipt) {
        for (before, after) in before.operators.iter().zip(&after.operators) {
            assert!(after.magnitude() <= before.magnitude(), "K6, a magnitude rose");
        }
        let Call::ReportFault { provider, happened_at, evidence, .. } = call else { return };
        let Receipt::FaultProven { slashed } = receipt else { return };
        let amount = slashed.taken.total();
        assert!(self.used.insert((evidence, happened_at)), "K2, evidence counted twice");
        let most = slashable(before, provider, happened_at);
        assert!(Spon::ZERO <= amount && amount <= most, "K2, {amount:?} of {most:?}");
        check_ends(before, after, provider, amount);
        check_shares(before, after, provider, happened_at, amount);
    }

    /// Holds the end of an era at `now` against the laws.
    ///
    /// # Panics
    /// When one is broken.
    pub fn check_era(&self, before: &State, after: &State, now: SimTime) {
        for (before, after) in before.stakes.iter().zip(&after.stakes) {
            let waits = |exit: &&crate::Exit| exit.release_at > now;
            let (stay, left) = (before.exits().filter(waits), after.exits());
            assert_eq!(stay.count(), left.count(), "K4, what waits is what is not yet free");
        }
    }
}

/// What all accounts hold.
fn supply(state: &State) -> Base {
    state.ledger.holdings(Asset::Spon).map(|(_, _, held)| held).sum()
}

/// `slashed = burned + compensated + bounty + treasury`, the remainder and what is contested with
/// it.
fn check_ends(before: &State, after: &State, provider: ProviderId, amount: Spon) {
    let grown = |account| {
        after.ledger.balance(Asset::Spon, account) - before.ledger.balance(Asset::Spon, account)
    };
    let [stake, delegated, waiting] =
        [Account::Stake(provider), Account::Delegated(provider), Account::Unbonding(provider)];
    assert_eq!(-(grown(stake) + grown(delegated) + grown(waiting)), amount.base(), "K3, taken");
    let burned = supply(before) - supply(after);
    let tenants = [0, 1].map(|id| grown(Account::Tenant(units::TenantId(id)))).iter().sum::<Base>();
    let ends = [Account::Treasury, Account::Challengers, Account::Dust, Account::Contested];
    let sent: Base = ends.into_iter().map(grown).sum();
    assert_eq!(burned + tenants + sent, amount.base(), "K3, a slash went elsewhere");
}

/// Everybody who answers loses in proportion, but for what rounding leaves.
fn check_shares(before: &State, after: &State, id: ProviderId, at: SimTime, amount: Spon) {
    let whole = unsigned(slashable(before, id, at));
    let exits = before.stakes[id.index()].exits().count() as u128;
    for (before, after) in
        [(before.own_stake(id), after.own_stake(id)), (before.delegated(id), after.delegated(id))]
    {
        if whole == 0 {
            continue;
        }
        let due = mul_div_rounded_down(unsigned(amount), unsigned(before), whole);
        let lost = unsigned(before - after);
        assert!(due <= lost && lost <= due + exits + 2, "K5, {lost} instead of {due}");
    }
}

/// A data centre with stake of its own and of a delegator, before and after a fault.
fn slashed() -> (State, State, Call, Receipt) {
    let mut chain = Chain::new();
    chain.params.slashing.faults[Fault::NoShow as usize].of_stake = BasisPoints(1_000);
    let (provider, delegator, amount) = (CENTRE, DelegatorId(0), tokens(50));
    chain.accept(SimTime::ZERO, Call::PostStake { provider, amount });
    chain.accept(SimTime::ZERO, Call::Fund { delegator, amount });
    chain.accept(SimTime::ZERO, Call::Delegate { delegator, provider, amount });
    let before = chain.state.clone();
    let (fault, happened_at, victim) = (Fault::NoShow, SimTime::ZERO, None);
    let call = Call::ReportFault { provider, fault, happened_at, victim, evidence: EntityKey(1) };
    let receipt = chain.accept(hour(1), call);
    (before, chain.state, call, receipt)
}

#[test]
fn an_honest_slash_keeps_the_laws() {
    let (before, after, call, receipt) = slashed();
    Laws::default().check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K2, evidence counted twice")]
fn evidence_that_counts_twice_is_noticed() {
    let (before, after, call, receipt) = slashed();
    let mut laws = Laws::default();
    laws.check_call(&before, &after, call, receipt);
    laws.check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K2, ")]
fn a_slash_of_more_than_there_is_is_noticed() {
    let (before, after, call, _) = slashed();
    let taken = crate::Taken { own: tokens(101), ..crate::Taken::default() };
    let receipt = Receipt::FaultProven { slashed: Slashed { taken, ends: None } };
    Laws::default().check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K3, a slash went elsewhere")]
fn a_slash_that_goes_astray_is_noticed() {
    let (before, mut after, call, receipt) = slashed();
    let why = crate::Reason::Slashed;
    after.ledger.transfer(Asset::Spon, Account::Treasury, Account::Rewards, 1, why);
    Laws::default().check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K5, ")]
fn a_delegator_who_pays_for_the_provider_is_noticed() {
    let (before, mut after, call, receipt) = slashed();
    let (from, to, why) =
        (Account::Delegated(CENTRE), Account::Stake(CENTRE), crate::Reason::Slashed);
    after.ledger.transfer(Asset::Spon, from, to, 1_000, why);
    Laws::default().check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K6, a magnitude rose")]
fn a_magnitude_that_rises_is_noticed() {
    let (mut before, after, call, receipt) = slashed();
    before.operators[0].slash_rounded_up(BasisPoints(1));
    Laws::default().check_call(&before, &after, call, receipt);
}

#[test]
#[should_panic(expected = "K4, what waits")]
fn stake_that_leaves_early_is_noticed() {
    let mut chain = Chain::new();
    let (provider, amount) = (CENTRE, tokens(50));
    chain.accept(SimTime::ZERO, Call::PostStake { provider, amount });
    let before = chain.state.clone();
    chain.accept(SimTime::ZERO, Call::Unstake { provider, amount });
    let now = SimTime::ZERO + Span::DAY;
    Laws::default().check_era(&chain.state, &before, now);
}
