//! The answers to accepted calls.

use crate::lease::Parts;
use crate::slash_book::Taken;
use crate::slots::Handle;
use units::{Base, SimTime, Spon, Usd};

/// What a settlement came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
        taken: Taken,
    },
    /// A slash went back.
    SlashReturned {
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
    },
    /// An order is open.
    OrderOpened {
        /// Where it is kept.
        order: Handle,
        /// What was locked.
        locked: Usd,
    },
    /// An order ended without a lease.
    OrderCancelled {
        /// What went back.
        refund: Usd,
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
        slashed: Taken,
    },
    /// A lease is paused; its accrued part is paid.
    LeasePaused {
        /// What was paid.
        settlement: Settlement,
    },
    /// A lease goes on.
    LeaseResumed,
    /// The accrued part is paid.
    LeaseSettled {
        /// What was paid.
        settlement: Settlement,
    },
    /// A lease ended.
    LeaseClosed {
        /// What was paid.
        settlement: Settlement,
        /// What went back.
        refund: Usd,
        /// What was taken for it.
        slashed: Taken,
    },
    /// An operator lost stake.
    OperatorSlashed {
        /// How much.
        amount: Spon,
        /// What is left of its magnitude, of 10^18.
        magnitude: u64,
    },
}

impl Receipt {
    /// Writes what was done. Places in slots are left out: they are memory, not meaning.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |amounts: &[i128]| {
            amounts.iter().for_each(|amount| out.extend_from_slice(&amount.to_le_bytes()));
        };
        match self {
            Receipt::Deposited { amount } => put(&[amount.base()]),
            Receipt::StakePosted { amount }
            | Receipt::Funded { amount }
            | Receipt::StakeDelegated { amount } => put(&[amount.base()]),
            Receipt::FaultProven { taken } | Receipt::SlashReturned { taken } => {
                put(&[taken.total().base()]);
            }
            Receipt::TokensBought { amount, cost } => put(&[amount.base(), cost.base()]),
            Receipt::TokensSold { proceeds: dollars }
            | Receipt::CreditsMinted { credits: dollars } => {
                put(&[dollars.base()]);
            }
            Receipt::TradedOutside { received } => put(&[*received]),
            Receipt::Unbonding { amount, release_at } => {
                put(&[amount.base(), i128::from(release_at.nanos())]);
            }
            Receipt::Registered { stake_min } => put(&[stake_min.base()]),
            Receipt::OrderOpened { locked, .. } => put(&[locked.base()]),
            Receipt::OrderCancelled { refund } => put(&[refund.base()]),
            Receipt::LeaseOpened { .. }
            | Receipt::CommissionSet
            | Receipt::MaintenanceSet
            | Receipt::PriceReported
            | Receipt::LeaseConfirmed
            | Receipt::LeaseResumed => put(&[]),
            Receipt::LeasePaused { settlement } | Receipt::LeaseSettled { settlement } => {
                put(&[settlement.payment.base(), settlement.parts.dust])
            }
            Receipt::LeaseVoided { slashed } => put(&[slashed.total().base()]),
            Receipt::LeaseClosed { settlement, refund, slashed } => {
                let Settlement { payment, parts, .. } = settlement;
                put(&[payment.base(), parts.dust, refund.base(), slashed.total().base()]);
            }
            Receipt::OperatorSlashed { amount, magnitude } => {
                put(&[amount.base(), i128::from(*magnitude)]);
            }
        }
    }
}
