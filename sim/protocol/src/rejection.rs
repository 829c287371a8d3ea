//! Why calls are refused, each with what to do about it.

use std::fmt;
use units::{Asset, Base, SimTime, Spon};

/// Why a call was refused. The state is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The wallet holds less than is needed.
    DepositTooSmall {
        /// Of what.
        asset: Asset,
        /// What is needed, in the asset's smallest unit.
        needed: Base,
        /// What the wallet holds.
        held: Base,
    },
    /// No such order, or it has ended.
    NoSuchOrder,
    /// No such lease, or it has ended.
    NoSuchLease,
    /// The provider has GPUs on the chain already.
    IsRegistered,
    /// The provider has no GPUs on the chain.
    NotRegistered,
    /// Leases of the provider are open.
    IsServing,
    /// The order or lease is not in the state that the call needs.
    WrongState,
    /// The lease is for a term, which its provider may not take back.
    UnderContract,
    /// The lease is shorter than the term that is promised.
    BelowTerm,
    /// The notice is not over yet.
    NoticeRuns {
        /// When it is.
        due_at: SimTime,
    },
    /// The price is above the order's ceiling.
    AboveCeiling,
    /// No such provider.
    NoSuchProvider,
    /// The amount is below zero.
    NegativeAmount,
    /// An order or a registration needs at least one GPU.
    NoGpus,
    /// No such tenant.
    NoSuchTenant,
    /// No such region.
    NoSuchRegion,
    /// The amount is more than the chain can count.
    AmountTooLarge,
    /// No such operator.
    NoSuchOperator,
    /// The operator signed what its view gives: nothing is proven.
    NoDeviation,
    /// The operator's stake is gone.
    NothingToSlash,
    /// No such delegator.
    NoSuchDelegator,
    /// The wallet holds fewer tokens.
    NotHeld {
        /// What it holds.
        held: Spon,
    },
    /// Less is staked.
    NotStaked {
        /// What is.
        held: Spon,
    },
    /// The amount is zero, or less than a share.
    AmountTooSmall,
    /// Leases need the stake.
    StakeInUse,
    /// The provider is in jail or in maintenance.
    MayNotServe,
    /// A share is more than the whole.
    AboveWhole,
    /// The stake was slashed, and the slash can still be appealed.
    IsContested,
    /// The fault is too old, or still to come.
    NotTimely,
    /// The evidence was used before.
    EvidenceUsed,
    /// No slash that rests on this evidence can be appealed.
    NotContested,
    /// A token costs something.
    NoPrice,
    /// The chain has no pool to trade in.
    NoExchange,
    /// No such wallet.
    NoSuchSeller,
    /// No such wallet, or gas is not paid in that asset.
    NoSuchPayer,
    /// The network has no credits.
    NoCredits,
    /// The vault covers too little of the credits outstanding.
    CreditsHalted,
    /// The tenant misused the network before.
    Banned,
    /// The order pays for less than the rules ask.
    Underfunded,
    /// Escrow still pays what is due, or was to pay for all of it.
    NotDrained,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::DepositTooSmall { asset, needed, held } => {
                let whole = |amount: &Base| (amount * asset.scale()) as f64 / 1e18;
                let (name, held, needed) = (asset.name(), whole(held), whole(needed));
                write!(f, "the wallet holds {held} {name}; bring at least {needed} {name} first")
            }
            Rejection::NoSuchOrder => write!(f, "the order has ended; open another"),
            Rejection::NoSuchLease => write!(f, "the lease has ended"),
            Rejection::IsRegistered => write!(f, "the provider has registered its GPUs before"),
            Rejection::NotRegistered => write!(f, "the provider has no GPUs on the chain"),
            Rejection::IsServing => write!(f, "leases are open; wait for their end"),
            Rejection::WrongState => write!(f, "the order or lease is past or before that step"),
            Rejection::UnderContract => write!(f, "the lease is for a term, served to its end"),
            Rejection::BelowTerm => write!(f, "the lease is shorter than its term; agree on more"),
            Rejection::NoticeRuns { due_at } => {
                let hours = due_at.since(SimTime::ZERO).as_hours_f64();
                write!(f, "the notice runs until hour {hours:.4}; wait for its end")
            }
            Rejection::AboveCeiling => write!(f, "the price is above the order's ceiling"),
            Rejection::NoSuchProvider => write!(f, "the provider is not registered"),
            Rejection::NegativeAmount => write!(f, "an amount must be zero or more"),
            Rejection::NoGpus => write!(f, "an order or a registration needs one GPU or more"),
            Rejection::NoSuchTenant => write!(f, "the tenant has no wallet on this chain"),
            Rejection::NoSuchRegion => write!(f, "the region has no gateway on this chain"),
            Rejection::AmountTooLarge => {
                write!(f, "the amount is more than the chain counts; ask for less")
            }
            Rejection::NoSuchOperator => write!(f, "the operator is not in the committee"),
            Rejection::NoDeviation => write!(f, "the signature is what the operator's view gives"),
            Rejection::NothingToSlash => write!(f, "the operator has no stake left"),
            Rejection::NoSuchDelegator => write!(f, "the delegator has no wallet on this chain"),
            Rejection::NotHeld { held } => {
                write!(f, "the wallet holds {} SPON; fund it first", held.as_f64())
            }
            Rejection::NotStaked { held } => {
                write!(f, "only {} SPON are staked; take out less", held.as_f64())
            }
            Rejection::AmountTooSmall => write!(f, "the amount is less than can be counted"),
            Rejection::StakeInUse => {
                write!(f, "leases need the least stake; take out less or close them first")
            }
            Rejection::MayNotServe => {
                write!(f, "the provider is in jail or in maintenance; choose another")
            }
            Rejection::AboveWhole => write!(f, "a share is at most the whole"),
            Rejection::IsContested => {
                write!(f, "a slash of this stake can still be appealed; wait for its end")
            }
            Rejection::NotTimely => write!(f, "the fault is too old, or has not happened yet"),
            Rejection::EvidenceUsed => write!(f, "the evidence was used before"),
            Rejection::NotContested => write!(f, "no slash that can be appealed rests on this"),
            Rejection::NoExchange => write!(f, "the chain has no pool; declare one to trade in"),
            Rejection::NoSuchSeller => write!(f, "the seller has no wallet on this chain"),
            Rejection::NoSuchPayer => {
                write!(f, "nobody pays so for gas; pay dollars or tokens of a wallet")
            }
            Rejection::NoCredits => write!(f, "this network has no credits; pay as it is declared"),
            Rejection::CreditsHalted => {
                write!(f, "the vault covers too little; settlements go on, top up later")
            }
            Rejection::Banned => write!(f, "the tenant is banned; nobody serves it any more"),
            Rejection::Underfunded => {
                write!(f, "too little of the order is funded; fund more of it, or the whole")
            }
            Rejection::NotDrained => write!(f, "escrow can still pay; wait until it is empty"),
            Rejection::NoPrice => write!(f, "the price is zero; report one above zero"),
        }
    }
}

impl std::error::Error for Rejection {}
