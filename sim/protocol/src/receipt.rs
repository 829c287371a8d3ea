//! The answers to accepted calls.

use crate::lease::Parts;
use crate::slots::Handle;
use units::{SimTime, Spon, Usd};

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
    /// A fault is proven.
    FaultProven {
        /// What was taken for it.
        amount: Spon,
    },
    /// A slash went back.
    SlashReturned {
        /// How much.
        amount: Spon,
    },
    /// The token's price is known.
    PriceReported,
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
    LeaseVoided,
    /// A lease is paused; its accrued part is paid.
    LeasePaused {
        /// What was paid for the GPUs.
        payment: Usd,
        /// How it was divided.
        parts: Parts,
    },
    /// A lease goes on.
    LeaseResumed,
    /// The accrued part is paid.
    LeaseSettled {
        /// What was paid for the GPUs.
        payment: Usd,
        /// How it was divided.
        parts: Parts,
    },
    /// A lease ended.
    LeaseClosed {
        /// What was paid last for the GPUs.
        payment: Usd,
        /// How that was divided.
        parts: Parts,
        /// What went back.
        refund: Usd,
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
            | Receipt::StakeDelegated { amount }
            | Receipt::FaultProven { amount }
            | Receipt::SlashReturned { amount } => put(&[amount.base()]),
            Receipt::Unbonding { amount, release_at } => {
                put(&[amount.base(), i128::from(release_at.nanos())]);
            }
            Receipt::Registered { stake_min } => put(&[stake_min.base()]),
            Receipt::OrderOpened { locked, .. } => put(&[locked.base()]),
            Receipt::OrderCancelled { refund } => put(&[refund.base()]),
            Receipt::LeaseOpened { .. }
            | Receipt::CommissionSet
            | Receipt::PriceReported
            | Receipt::LeaseConfirmed
            | Receipt::LeaseVoided
            | Receipt::LeaseResumed => put(&[]),
            Receipt::LeasePaused { payment, parts } | Receipt::LeaseSettled { payment, parts } => {
                put(&[payment.base(), parts.dust.base()])
            }
            Receipt::LeaseClosed { payment, parts, refund } => {
                put(&[payment.base(), parts.dust.base(), refund.base()]);
            }
            Receipt::OperatorSlashed { amount, magnitude } => {
                put(&[amount.base(), i128::from(*magnitude)]);
            }
        }
    }
}
