//! The answer to the end of an era: what it brought, and everything that moved.

use crate::evidence::EraOutcome;
use crate::ledger::Account;
use crate::receipt::{Ends, Slashed};
use crate::stake::Staker;
use std::ops::Add;
use units::{DelegatorId, ProviderId, Spon, Usd};

/// What an era did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EraReceipt {
    /// The era that ended.
    pub era: u32,
    /// Emitted for it: by the schedule, and burned tokens that came back.
    pub emitted: Spon,
    /// Paid to providers and delegators out of that.
    pub distributed: Spon,
    /// Per provider, by `ProviderId`.
    pub outcomes: Vec<EraOutcome>,
    /// What moved beside the rewards of providers, which stand in the outcomes.
    pub moves: EraMoves,
}

impl EraReceipt {
    /// Granted tokens that were released.
    pub fn vested(&self) -> Spon {
        self.moves.vested.iter().map(|(_, amount)| *amount).fold(Spon::ZERO, Add::add)
    }
}

/// What moved when an era ended, beside the rewards of providers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EraMoves {
    /// Of what was emitted, what was issued; the rest was in the reward pool.
    pub minted: Spon,
    /// What the foundation laid out into the reward pool.
    pub from_treasury: Spon,
    /// To which delegators how much reward went.
    pub delegators: Vec<(DelegatorId, Spon)>,
    /// To whom granted tokens were released.
    pub vested: Vec<(Account, Spon)>,
    /// What downtime in leases cost whom.
    pub slashes: Vec<(ProviderId, Slashed)>,
    /// Where slashes went whose time for an appeal is over.
    pub appeals: Vec<Ends>,
    /// Stake that was free: with which provider it was, whose it is, how much.
    pub exits: Vec<(ProviderId, Staker, Spon)>,
    /// What the vault bought back.
    pub bought_back: BoughtBack,
    /// What the foundation bought back.
    pub treasury_bought: BoughtBack,
}

/// What dollars of the vault or of the foundation bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BoughtBack {
    /// Dollars.
    pub spent: Usd,
    /// Tokens.
    pub bought: Spon,
    /// Of these, burned; the vault's rest refilled the reward pool, the foundation keeps its own.
    pub burned: Spon,
}
