//! What can be asked of the chain, and its answers.

use crate::committee::DecisionDigest;
use crate::lease::Parts;
use crate::slots::Handle;
use std::fmt;
use units::{
    EntityKey, GpuCount, GpuHourPrice, OperatorId, ProviderId, RegionId, Span, Spon, TenantId, Usd,
};

/// A request to the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A tenant brings money from outside.
    Deposit {
        /// Whose wallet.
        tenant: TenantId,
        /// How much.
        amount: Usd,
    },
    /// A provider posts stake from outside, at registration or to top it up.
    PostStake {
        /// Whose stake.
        provider: ProviderId,
        /// How much.
        amount: Spon,
    },
    /// A provider that has no GPUs on the chain yet registers them, without a past.
    Register {
        /// Who.
        provider: ProviderId,
        /// Its GPUs.
        gpus: GpuCount,
        /// Reward multiplier of its card, in hundredths.
        multiplier_hundredths: u32,
    },
    /// A tenant asks for GPUs and locks the deposit.
    OpenOrder {
        /// The order's key.
        key: EntityKey,
        /// Who asks.
        tenant: TenantId,
        /// GPUs asked for.
        gpus: GpuCount,
        /// Highest price accepted.
        ceiling: GpuHourPrice,
        /// Agreed length.
        duration: Span,
    },
    /// An order that found no provider ends; its money goes back.
    CancelOrder {
        /// Which.
        order: Handle,
    },
    /// A signed match becomes a lease.
    OpenLease {
        /// The order.
        order: Handle,
        /// Who serves.
        provider: ProviderId,
        /// The provider's region.
        region: RegionId,
        /// The accepted price.
        price: GpuHourPrice,
    },
    /// The provider confirms the reservation: charging begins.
    ConfirmLease {
        /// The order, which ends.
        order: Handle,
        /// The lease.
        lease: Handle,
    },
    /// The provider never confirmed: the lease is void, the order open again.
    VoidLease {
        /// The order.
        order: Handle,
        /// The lease, which ends.
        lease: Handle,
    },
    /// The machine went down: charging stops while the grace runs.
    PauseLease {
        /// Which.
        lease: Handle,
    },
    /// The machine came back within the grace: charging goes on.
    ResumeLease {
        /// Which.
        lease: Handle,
    },
    /// Pays what has accrued and leaves the lease in force.
    SettleLease {
        /// Which.
        lease: Handle,
    },
    /// Pays what has accrued, sends the rest back, ends the lease.
    CloseLease {
        /// Which.
        lease: Handle,
        /// Why.
        cause: CloseCause,
    },
    /// Somebody proves that an operator signed what its own view does not give.
    SlashOperator {
        /// Who signed.
        operator: OperatorId,
        /// What it signed.
        signed: DecisionDigest,
        /// What the view that it declared gives.
        recomputed: DecisionDigest,
    },
}

/// Why a lease closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCause {
    /// The agreed time was served.
    Agreed,
    /// The machine failed and the lease closed, or its work moved elsewhere.
    ProviderFailed,
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

/// Why a call was refused. The state is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The wallet holds less than the deposit.
    DepositTooSmall {
        /// What the order needs.
        needed: Usd,
        /// What the wallet holds.
        held: Usd,
    },
    /// No such order, or it has ended.
    NoSuchOrder,
    /// No such lease, or it has ended.
    NoSuchLease,
    /// The provider has registered before.
    IsRegistered,
    /// The order or lease is not in the state that the call needs.
    WrongState,
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
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Rejection::DepositTooSmall { needed, held } => write!(
                f,
                "the wallet holds {} USD; deposit at least {} USD first",
                held.as_f64(),
                needed.as_f64()
            ),
            Rejection::NoSuchOrder => write!(f, "the order has ended; open another"),
            Rejection::NoSuchLease => write!(f, "the lease has ended"),
            Rejection::IsRegistered => write!(f, "the provider has registered its GPUs before"),
            Rejection::WrongState => write!(f, "the order or lease is past or before that step"),
            Rejection::AboveCeiling => write!(f, "the price is above the order's ceiling"),
            Rejection::NoSuchProvider => write!(f, "the provider is not registered"),
            Rejection::NegativeAmount => write!(f, "an amount must be zero or more"),
            Rejection::NoGpus => {
                write!(f, "an order or a registration needs at least one GPU")
            }
            Rejection::NoSuchTenant => write!(f, "the tenant has no wallet on this chain"),
            Rejection::NoSuchRegion => write!(f, "the region has no gateway on this chain"),
            Rejection::AmountTooLarge => {
                write!(f, "the amount is more than the chain counts; ask for less")
            }
            Rejection::NoSuchOperator => write!(f, "the operator is not in the committee"),
            Rejection::NoDeviation => write!(f, "the signature is what the operator's view gives"),
            Rejection::NothingToSlash => write!(f, "the operator has no stake left"),
        }
    }
}

impl std::error::Error for Rejection {}

impl Call {
    /// Writes the call and its receipt as bytes for the digest: a kind, who, and what it did.
    pub fn encode_with(&self, receipt: &Receipt, out: &mut Vec<u8>) {
        let mut put = |kind: u8, words: &[i128]| {
            out.push(kind);
            words.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
        };
        match *self {
            Call::Deposit { tenant, .. } => put(1, &[i128::from(tenant.0)]),
            Call::PostStake { provider, .. } => put(2, &[i128::from(provider.0)]),
            Call::OpenOrder { key, tenant, gpus, ceiling, duration } => put(
                3,
                &[
                    i128::from(key.0),
                    i128::from(tenant.0),
                    i128::from(gpus.0),
                    i128::from(ceiling.nanos()),
                    i128::from(duration.nanos()),
                ],
            ),
            Call::CancelOrder { .. } => put(4, &[]),
            Call::OpenLease { provider, price, .. } => {
                put(5, &[i128::from(provider.0), i128::from(price.nanos())]);
            }
            Call::ConfirmLease { .. } => put(6, &[]),
            Call::VoidLease { .. } => put(7, &[]),
            Call::PauseLease { .. } => put(8, &[]),
            Call::ResumeLease { .. } => put(9, &[]),
            Call::SettleLease { .. } => put(10, &[]),
            Call::CloseLease { cause, .. } => put(11, &[i128::from(cause == CloseCause::Agreed)]),
            Call::SlashOperator { operator, signed, recomputed } => {
                put(12, &[i128::from(operator.0), i128::from(signed.0), i128::from(recomputed.0)])
            }
            Call::Register { provider, gpus, .. } => {
                put(13, &[i128::from(provider.0), i128::from(gpus.0)]);
            }
        }
        receipt.encode(out);
    }
}

impl Receipt {
    /// Writes what was done. Places in slots are left out: they are memory, not meaning.
    fn encode(&self, out: &mut Vec<u8>) {
        let mut put = |amounts: &[i128]| {
            amounts.iter().for_each(|amount| out.extend_from_slice(&amount.to_le_bytes()));
        };
        match self {
            Receipt::Deposited { amount } => put(&[amount.base()]),
            Receipt::StakePosted { amount } => put(&[amount.base()]),
            Receipt::Registered { stake_min } => put(&[stake_min.base()]),
            Receipt::OrderOpened { locked, .. } => put(&[locked.base()]),
            Receipt::OrderCancelled { refund } => put(&[refund.base()]),
            Receipt::LeaseOpened { .. }
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
