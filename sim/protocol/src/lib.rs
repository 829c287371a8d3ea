//! The chain as a pure state machine: ledger, escrow, leases, stake, trust and eras.
//!
//! `apply` takes a call and answers with a receipt, or with a rejection that leaves the state as
//! it was; `process_era` closes an accounting period. There is no clock, no randomness and no
//! network here: time and evidence come as arguments.
//!
//! **Invariant:** money moves only through [`Ledger`].
//!
//! Modules below may import only modules above them.

mod slots;

mod committee;
mod fault;
mod ledger;
mod stake;

mod gas_book;

mod emission;
mod rail;
mod reward_mode;
mod supply;

mod params;

mod evidence;
mod lease;
mod misuse;
mod registry;
mod slash_book;

mod pledge;

mod receipt;
mod rejection;

mod era_receipt;

mod call;

mod state;

mod exchange;
mod invariant;
mod payment;
mod reward;
mod slash;

mod issue;
mod milestone;

mod era;
mod transition;

mod audit;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use audit::{Audit, Finding, Moment, Rule, Subject};
pub use call::{Call, CloseCause, Seller};
pub use committee::{DecisionDigest, OperatorStake, Signature, Verdict, find_quorum};
pub use emission::{EmissionBook, EmissionRules};
pub use era::process_era;
pub use era_receipt::{BoughtBack, EraMoves, EraReceipt};
pub use evidence::{EraEvidence, EraOutcome};
pub use exchange::quote_tokens_rounded_up;
pub use fault::Fault;
pub use gas_book::{GasBook, Payer};
pub use invariant::check_books;
pub use issue::measure_supply;
pub use lease::{Lease, LeaseState, Order, OrderState, Parts, Promise};
pub use ledger::{Account, Flow, FlowKey, Ledger, Party, Population, Reason};
pub use mechanism::credits::CreditRules;
pub use mechanism::pledge::PowerPledge;
pub use mechanism::slash::Destinations;
pub use misuse::{Conduct, Forfeit, Misuse};
pub use params::{
    ContractRules, FaultRule, Fees, Milestones, Params, Pledge, PoolRules, Rewards, SlashRules,
    StakeRules, StandingRules, TenantRules, TrustRung,
};
pub use rail::{BuyBack, Rail};
pub use receipt::{Ends, Receipt, Settlement, Slashed, Way};
pub use registry::{EraSums, Registration, Reputation, UptimeWindow};
pub use rejection::Rejection;
pub use reward::{compute_delivery, compute_points};
pub use reward_mode::{Milestone, PoolSplit, RewardMode};
pub use slash::{quote_slash_rounded_up, slashable};
pub use slash_book::{Charge, Contested, SlashBook, Taken};
pub use slots::{Handle, Slots};
pub use stake::{Delegation, Exit, StakeBook, Staker};
pub use state::{Genesis, State};
pub use supply::{Beneficiary, Grant, SupplyBook};
pub use transition::{apply, is_drained};
