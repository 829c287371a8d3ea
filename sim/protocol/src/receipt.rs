//! The answers to accepted calls.

use crate::gas_book::Payer;
use crate::lease::Parts;
use crate::misuse::Forfeit;
use crate::slash_book::Taken;
use crate::slots::Handle;
use mechanism::slash::Division;
use units::{Asset, Base, ProviderId, SimTime, Spon, TenantId, Usd};

/// What a settlement came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What was paid for the GPUs, in dollars.
    pub payment: Usd,
    /// What was due and escrow could not pay, the tenant's own fee with it.
    pub unpaid: Usd,
    /// Worth of what left escrow, the tenant's own fee with it.
    pub outlay: Usd,
    /// Worth of what the provider received.
    pub income: Usd,
    /// How the payment was divided, in the asset that was paid.
    pub parts: Parts,
    /// Taken out of escrow for the GPUs, in the asset that was locked.
    pub paid: Base,
    /// Taken out of escrow for the tenant's own fee, in the asset that was locked.
    pub fee: Base,
    /// What became of that.
    pub way: Way,
}

/// How a payment out of escrow became what its parts are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The parts are of what was locked.
    AsLocked {
        /// In this asset.
        asset: Asset,
    },
    /// Credits were burned; the parts are tokens out of the vault.
    FromVault {
        /// Tokens that were minted because the vault had no more.
        minted: Base,
    },
    /// The provider's part went into the vault in dollars, and the provider was paid otherwise.
    FromPool {
        /// Tokens out of the reward pool.
        tokens: Base,
        /// Dollars out of the vault, for what the pool did not have.
        dollars: Base,
    },
}

impl Way {
    /// What was locked.
    pub const fn asset(self) -> Asset {
        match self {
            Way::AsLocked { asset } => asset,
            Way::FromVault { .. } => Asset::Credit,
            Way::FromPool { .. } => Asset::Usd,
        }
    }
}

/// Where a slash went that cannot be appealed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Who was harmed; where nobody was, that part is the foundation's.
    pub victim: Option<TenantId>,
    /// The parts.
    pub parts: Division,
}

/// What was taken for a fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slashed {
    /// From whom how much.
    pub taken: Taken,
    /// Where it went; none while it can be appealed, and of nothing.
    pub ends: Option<Ends>,
}

/// The answer to an accepted call: what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// Money came in.
    Deposited {
        /// How much.
        amount: Usd,
    },
    /// Stake was posted.
    StakePosted {
        /// How much.
        amount: Spon,
    },
    /// GPUs are registered.
    Registered {
        /// The least stake for them.
        stake_min: Spon,
    },
    /// GPUs are no longer registered.
    Deregistered,
    /// Stake is on its way out.
    Unbonding {
        /// How much.
        amount: Spon,
        /// When it is free.
        release_at: SimTime,
    },
    /// Tokens came in.
    Funded {
        /// How much.
        amount: Spon,
    },
    /// Tokens are staked with a provider.
    StakeDelegated {
        /// How much.
        amount: Spon,
    },
    /// A commission is set.
    CommissionSet,
    /// Maintenance began or ended.
    MaintenanceSet,
    /// A fault is proven.
    FaultProven {
        /// What was taken for it.
        slashed: Slashed,
    },
    /// A slash went back.
    SlashReturned {
        /// To whom.
        provider: ProviderId,
        /// What.
        taken: Taken,
    },
    /// The token's price is known.
    PriceReported,
    /// Tokens were bought.
    TokensBought {
        /// How many.
        amount: Spon,
        /// What they cost.
        cost: Usd,
    },
    /// Tokens were sold.
    TokensSold {
        /// What they brought.
        proceeds: Usd,
    },
    /// Somebody outside traded.
    TradedOutside {
        /// What it took out, in the smallest unit.
        received: Base,
    },
    /// Credits were minted.
    CreditsMinted {
        /// How many.
        credits: Usd,
        /// Tokens that went into the vault for them.
        tokens: Spon,
    },
    /// An order is open.
    OrderOpened {
        /// Where it is kept.
        order: Handle,
        /// What the deposit is worth.
        locked: Usd,
        /// The asset that was locked.
        asset: Asset,
        /// How much of it.
        amount: Base,
        /// How much of it beside that, to answer for misuse.
        surety: Base,
    },
    /// An order ended without a lease.
    OrderCancelled {
        /// What that is worth which went back.
        refund: Usd,
        /// How much went back of the asset that was locked.
        amount: Base,
    },
    /// A lease waits for confirmation.
    LeaseOpened {
        /// Where it is kept.
        lease: Handle,
    },
    /// A lease is in force.
    LeaseConfirmed,
    /// A lease is void.
    LeaseVoided {
        /// What was taken for that.
        slashed: Slashed,
    },
    /// A lease is paused; its accrued part is paid.
    LeasePaused {
        /// What was paid.
        settlement: Settlement,
    },
    /// A lease goes on.
    LeaseResumed,
    /// A notice was given.
    ReclaimAnnounced {
        /// From when on the lease may be taken back.
        due_at: SimTime,
    },
    /// The accrued part is paid.
    LeaseSettled {
        /// What was paid.
        settlement: Settlement,
    },
    /// A lease ended.
    LeaseClosed {
        /// What was paid.
        settlement: Settlement,
        /// What that is worth which went back.
        refund: Usd,
        /// How much went back of the asset that was locked.
        amount: Base,
        /// What was taken for it.
        slashed: Slashed,
    },
    /// A matched order was taken back.
    OrderWithdrawn {
        /// How much went back of the asset that was locked.
        amount: Base,
        /// What it cost.
        forfeit: Forfeit,
    },
    /// A lease waits for a verdict.
    LeaseDisputed,
    /// A lease ended, and what was due was not paid.
    DisputeUpheld {
        /// What the provider lost.
        unearned: Usd,
        /// What that is worth which went back.
        refund: Usd,
        /// How much went back of the asset that was locked.
        amount: Base,
    },
    /// A lease ended because its tenant misused it.
    LeaseForfeited {
        /// What was paid.
        settlement: Settlement,
        /// What that is worth which went back.
        refund: Usd,
        /// How much went back of the asset that was locked.
        amount: Base,
        /// What it cost.
        forfeit: Forfeit,
    },
    /// A wallet is open.
    Enrolled {
        /// Whose.
        tenant: TenantId,
    },
    /// Gas was paid.
    GasPaid {
        /// Who paid.
        payer: Payer,
        /// With what.
        asset: Asset,
        /// How much, in the asset's smallest unit.
        amount: Base,
    },
    /// An operator lost stake.
    OperatorSlashed {
        /// How much.
        amount: Spon,
        /// What is left of its magnitude, of 10^18.
        magnitude: u64,
        /// Where it went.
        parts: Division,
    },
}

impl Receipt {
    /// Writes what was done. Places in slots are left out: they are memory, not meaning. So are
    /// amounts that others of the receipt determine: the seal of an era has all balances.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |amounts: &[i128]| {
            amounts.iter().for_each(|amount| out.extend_from_slice(&amount.to_le_bytes()));
        };
        match self {
            Receipt::Deposited { amount } => put(&[amount.base()]),
            Receipt::StakePosted { amount }
            | Receipt::Funded { amount }
            | Receipt::StakeDelegated { amount } => put(&[amount.base()]),
            Receipt::FaultProven { slashed: Slashed { taken, .. } }
            | Receipt::SlashReturned { taken, .. } => put(&[taken.total().base()]),
            Receipt::TokensBought { amount, cost } => put(&[amount.base(), cost.base()]),
            Receipt::TokensSold { proceeds: dollars }
            | Receipt::CreditsMinted { credits: dollars, .. } => {
                put(&[dollars.base()]);
            }
            Receipt::TradedOutside { received: amount } | Receipt::GasPaid { amount, .. } => {
                put(&[*amount]);
            }
            Receipt::Unbonding { amount, release_at } => {
                put(&[amount.base(), i128::from(release_at.nanos())]);
            }
            Receipt::ReclaimAnnounced { due_at } => put(&[i128::from(due_at.nanos())]),
            Receipt::Registered { stake_min } => put(&[stake_min.base()]),
            Receipt::OrderOpened { locked, .. } => put(&[locked.base()]),
            Receipt::OrderCancelled { refund, .. } => put(&[refund.base()]),
            Receipt::OrderWithdrawn { amount, forfeit } => put(&[*amount, forfeit.amount]),
            Receipt::DisputeUpheld { unearned, refund, .. } => {
                put(&[unearned.base(), refund.base()]);
            }
            Receipt::LeaseForfeited { settlement, refund, forfeit, .. } => {
                let Settlement { payment, parts, .. } = settlement;
                put(&[payment.base(), parts.dust, refund.base(), forfeit.amount]);
            }
            Receipt::Enrolled { tenant } => put(&[i128::from(tenant.0)]),
            Receipt::LeaseOpened { .. }
            | Receipt::LeaseDisputed
            | Receipt::CommissionSet
            | Receipt::Deregistered
            | Receipt::MaintenanceSet
            | Receipt::PriceReported
            | Receipt::LeaseConfirmed
            | Receipt::LeaseResumed => put(&[]),
            Receipt::LeasePaused { settlement } | Receipt::LeaseSettled { settlement } => {
                put(&[settlement.payment.base(), settlement.parts.dust])
            }
            Receipt::LeaseVoided { slashed } => put(&[slashed.taken.total().base()]),
            Receipt::LeaseClosed { settlement, refund, slashed, .. } => {
                let Settlement { payment, parts, .. } = settlement;
                let slashed = slashed.taken.total();
                put(&[payment.base(), parts.dust, refund.base(), slashed.base()]);
            }
            Receipt::OperatorSlashed { amount, magnitude, .. } => {
                put(&[amount.base(), i128::from(*magnitude)]);
            }
        }
    }
}
