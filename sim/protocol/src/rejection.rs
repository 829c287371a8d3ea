//! Why calls are refused, each with what to do about it.

use std::fmt;
use units::Usd;

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
