//! What the chain remembers of slashes: evidence that was used, and what can still be appealed.

use crate::fault::Fault;
use crate::ledger::Account;
use crate::params::Params;
use crate::stake::Staker;
use std::collections::{BTreeMap, VecDeque};
use units::{EntityKey, ProviderId, SimTime, Spon, TenantId};

/// A fault as it comes before the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Who is to blame.
    pub provider: ProviderId,
    /// What happened.
    pub fault: Fault,
    /// When: stake that was on its way out before does not answer for it.
    pub happened_at: SimTime,
    /// The reward of the time that was lost by it.
    pub lost_reward: Spon,
    /// Who was harmed.
    pub victim: Option<TenantId>,
}

/// What was taken, and from whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Of the provider's own stake.
    pub own: Spon,
    /// Of what was delegated to it.
    pub delegated: Spon,
    /// Of what was on its way out.
    pub unbonding: Spon,
}

impl Taken {
    /// All of it.
    pub fn total(&self) -> Spon {
        self.own + self.delegated + self.unbonding
    }

    /// The accounts of `provider` that it came from, and how much from each.
    pub(crate) fn sources(&self, provider: ProviderId) -> [(Account, Spon); 3] {
        [
            (Account::Stake(provider), self.own),
            (Account::Delegated(provider), self.delegated),
            (Account::Unbonding(provider), self.unbonding),
        ]
    }

    /// The accounts of `provider` that it goes back to when an appeal is upheld.
    pub(crate) fn ways_back(&self, provider: ProviderId) -> [(Account, Spon); 2] {
        let leaving = self.delegated + self.unbonding;
        [(Account::Stake(provider), self.own), (Account::Unbonding(provider), leaving)]
    }
}

/// A slash that can still be appealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contested {
    /// The evidence that it rests on.
    pub evidence: EntityKey,
    /// From whom it was taken.
    pub provider: ProviderId,
    /// When.
    pub slashed_at: SimTime,
    /// What was taken.
    pub taken: Taken,
    /// Of it, what was delegated or on its way out, and whose that was.
    pub exits: Vec<(Staker, Spon)>,
    /// Who was harmed.
    pub victim: Option<TenantId>,
    /// When nobody can appeal any more.
    pub final_at: SimTime,
}

/// Slashes of the recent past, and those that can still be appealed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlashBook {
    /// Evidence that was used, with the moment of its fault.
    used: BTreeMap<EntityKey, SimTime>,
    /// When how much was taken.
    recent: VecDeque<(SimTime, Spon)>,
    /// Slashes that can be appealed, first the oldest.
    contested: VecDeque<Contested>,
}

impl SlashBook {
    /// Whether this evidence has been used.
    pub fn is_used(&self, evidence: EntityKey) -> bool {
        self.used.contains_key(&evidence)
    }

    /// Slashes that can still be appealed, first the oldest.
    pub fn contested(&self) -> impl Iterator<Item = &Contested> {
        self.contested.iter()
    }

    /// Whether a slash of this provider can still be appealed.
    pub(crate) fn is_contested(&self, provider: ProviderId) -> bool {
        self.contested.iter().any(|one| one.provider == provider)
    }

    /// Takes note of evidence, so that it is not used again.
    pub(crate) fn note_evidence(&mut self, at: SimTime, evidence: EntityKey) {
        self.used.insert(evidence, at);
    }

    /// Takes out the contested slash that rests on `evidence`.
    pub(crate) fn take_contested(&mut self, evidence: EntityKey) -> Option<Contested> {
        let place = self.contested.iter().position(|one| one.evidence == evidence)?;
        self.contested.remove(place)
    }

    /// Takes note of what was taken, for the correlated part of later slashes.
    pub(crate) fn note_taken(&mut self, at: SimTime, amount: Spon) {
        self.recent.push_back((at, amount));
    }

    /// Forgets what was taken, because it went back.
    pub(crate) fn forget_taken(&mut self, at: SimTime, amount: Spon) {
        if let Some(place) = self.recent.iter().position(|one| *one == (at, amount)) {
            self.recent.remove(place);
        }
    }

    /// Lets a slash wait for its appeal.
    pub(crate) fn contest(&mut self, one: Contested) {
        self.contested.push_back(one);
    }

    /// The oldest slash whose time for an appeal is over at `now`.
    pub(crate) fn take_final(&mut self, now: SimTime) -> Option<Contested> {
        self.contested.pop_front_if(|one| one.final_at <= now)
    }

    /// Forgets what is older than the windows of the rules.
    pub(crate) fn forget(&mut self, now: SimTime, params: &Params) {
        let rules = &params.slashing;
        self.used.retain(|_, at| now.saturating_since(*at) <= rules.evidence_max_age);
        let is_old = |at: SimTime| now.saturating_since(at) >= rules.window;
        while self.recent.pop_front_if(|(at, _)| is_old(*at)).is_some() {}
    }

    /// What was taken within the window.
    pub(crate) fn recent_sum(&self) -> Spon {
        self.recent.iter().fold(Spon::ZERO, |sum, (_, amount)| sum + *amount)
    }
}
