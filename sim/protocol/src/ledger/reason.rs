//! Why money moves.

/// Why money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A tenant brings money from outside.
    Deposit,
    /// Money is locked for an order.
    Lock,
    /// What is not needed goes back.
    Refund,
    /// The provider's part of a lease payment.
    LeasePayment,
    /// The foundation's part of a lease payment.
    LeaseFee,
    /// The gateway's part of a lease payment.
    GatewayFee,
    /// The tenant's fee for paying in another asset than the token.
    FacilitationFee,
    /// The provider's fee for being paid in another asset than the token.
    PayoutFee,
    /// The reward of an era.
    EraReward,
    /// Tokens that are there at the start.
    Genesis,
    /// Stake posted or topped up.
    StakePosted,
    /// Stake taken.
    Slashed,
    /// Tokens go from a wallet into stake with a provider.
    Delegated,
    /// Stake starts on its way out.
    Unbonded,
    /// Stake that waited is free.
    Released,
    /// Slashed stake goes back, because an appeal was right.
    SlashReturned,
    /// Who proved a fault is rewarded.
    Bounty,
    /// Who was harmed is compensated.
    Compensation,
    /// Delegators' part of an era's reward.
    DelegatorReward,
    /// Tokens are bought for dollars.
    TokensBought,
    /// Tokens are sold for dollars.
    TokensSold,
    /// Somebody outside trades in the pool on news.
    OutsideTrade,
    /// Tokens go into the vault, and credits come out.
    CreditsMinted,
    /// Credits are burned, and paid in tokens.
    CreditsSettled,
    /// The vault's dollars buy tokens back.
    BuyBack,
    /// An operator's stake taken.
    OperatorSlashed,
    /// The emission of an era.
    Emission,
    /// Granted tokens are released.
    Vested,
    /// The prize for a run of good eras.
    Milestone,
    /// Gas of calls is paid for.
    Gas,
    /// What a tenant's misuse costs it.
    Forfeited,
}
