//! The words of rows for who pays whom, and why.

use protocol::{Party, Reason};
use record::{FlowParty, FlowReason};

/// The group of accounts that a row names.
pub fn party(party: Party) -> FlowParty {
    match party {
        Party::Outside => FlowParty::Outside,
        Party::Mint => FlowParty::Mint,
        Party::Burn => FlowParty::Burn,
        Party::Tenants => FlowParty::Tenants,
        Party::Escrow => FlowParty::Escrow,
        Party::Providers => FlowParty::Providers,
        Party::Gateways => FlowParty::Gateways,
        Party::Treasury => FlowParty::Treasury,
        Party::Rewards => FlowParty::Rewards,
        Party::Stake => FlowParty::Stake,
        Party::Dust => FlowParty::Dust,
        Party::OperatorStake => FlowParty::OperatorStake,
        Party::Delegated => FlowParty::Delegated,
        Party::Unbonding => FlowParty::Unbonding,
        Party::Delegators => FlowParty::Delegators,
        Party::Vault => FlowParty::Vault,
        Party::Exchange => FlowParty::Exchange,
        Party::Vesting => FlowParty::Vesting,
        Party::Holders => FlowParty::Holders,
        Party::Contested => FlowParty::Contested,
        Party::Challengers => FlowParty::Challengers,
        Party::Sequencer => FlowParty::Sequencer,
    }
}

/// The reason that a row names.
pub fn flow_reason(reason: Reason) -> FlowReason {
    match reason {
        Reason::Deposit => FlowReason::Deposit,
        Reason::Lock => FlowReason::Lock,
        Reason::Refund => FlowReason::Refund,
        Reason::LeasePayment => FlowReason::LeasePayment,
        Reason::LeaseFee => FlowReason::LeaseFee,
        Reason::GatewayFee => FlowReason::GatewayFee,
        Reason::FacilitationFee => FlowReason::FacilitationFee,
        Reason::PayoutFee => FlowReason::PayoutFee,
        Reason::EraReward => FlowReason::EraReward,
        Reason::Genesis => FlowReason::Genesis,
        Reason::StakePosted => FlowReason::StakePosted,
        Reason::Slashed => FlowReason::Slashed,
        Reason::Delegated => FlowReason::Delegated,
        Reason::Unbonded => FlowReason::Unbonded,
        Reason::Released => FlowReason::Released,
        Reason::SlashReturned => FlowReason::SlashReturned,
        Reason::Bounty => FlowReason::Bounty,
        Reason::Compensation => FlowReason::Compensation,
        Reason::DelegatorReward => FlowReason::DelegatorReward,
        Reason::TokensBought => FlowReason::TokensBought,
        Reason::TokensSold => FlowReason::TokensSold,
        Reason::OutsideTrade => FlowReason::OutsideTrade,
        Reason::CreditsMinted => FlowReason::CreditsMinted,
        Reason::CreditsSettled => FlowReason::CreditsSettled,
        Reason::BuyBack => FlowReason::BuyBack,
        Reason::OperatorSlashed => FlowReason::OperatorSlashed,
        Reason::Emission => FlowReason::Emission,
        Reason::Vested => FlowReason::Vested,
        Reason::Milestone => FlowReason::Milestone,
        Reason::Gas => FlowReason::Gas,
        Reason::Forfeited => FlowReason::Forfeited,
    }
}
