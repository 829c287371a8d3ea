//! The transition function: one call, one receipt, or a rejection that changes nothing.

mod fault;

mod gas;

mod lease;

mod misuse;

mod operator;

mod order;

mod stake;

mod wallet;

pub use lease::is_drained;

use crate::call::Call;
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slash_book::Charge;
use crate::state::State;
use units::{Asset, Base, SimTime, Spon};

/// Applies `call` in the block at `now`.
///
/// # Errors
/// A [`Rejection`] says why the call was refused; the state is then as it was.
///
/// # Panics
/// When `now` runs backwards under a lease: blocks come in order.
pub fn apply(
    state: &mut State,
    now: SimTime,
    call: Call,
    params: &Params,
) -> Result<Receipt, Rejection> {
    match call {
        Call::Deposit { tenant, amount } => wallet::apply_deposit(state, tenant, amount),
        Call::PostStake { provider, amount } => stake::apply_post_stake(state, provider, amount),
        Call::Register { provider, gpus, multiplier_hundredths } => {
            stake::apply_register(state, provider, gpus, multiplier_hundredths, params)
        }
        Call::Deregister { provider } => stake::apply_deregister(state, provider),
        Call::Unstake { provider, amount } => {
            stake::apply_unstake(state, now, provider, amount, params)
        }
        Call::Fund { delegator, amount } => wallet::apply_fund(state, delegator, amount),
        Call::Delegate { delegator, provider, amount } => {
            stake::apply_delegate(state, delegator, provider, amount)
        }
        Call::Undelegate { delegator, provider, amount } => {
            stake::apply_undelegate(state, now, delegator, provider, amount, params)
        }
        Call::SetCommission { provider, commission } => {
            stake::apply_set_commission(state, provider, commission)
        }
        Call::SetMaintenance { provider, is_on } => {
            stake::apply_set_maintenance(state, provider, is_on)
        }
        Call::ReportFault { provider, fault, happened_at, victim, evidence } => {
            let charge = Charge { provider, fault, happened_at, lost_reward: Spon::ZERO, victim };
            fault::apply_report_fault(state, now, &charge, evidence, params)
        }
        Call::UpholdAppeal { evidence } => fault::apply_uphold_appeal(state, now, evidence, params),
        Call::ReportPrice { price } => wallet::apply_report_price(state, price),
        Call::BuyTokens { tenant, amount } => wallet::apply_buy_tokens(state, tenant, amount),
        Call::SellTokens { seller, amount } => wallet::apply_sell_tokens(state, seller, amount),
        Call::TradeOutside { pays, paid } => wallet::apply_trade_outside(state, pays, paid),
        Call::PayGas { payer, asset, amount } => gas::apply_pay_gas(state, payer, asset, amount),
        Call::TopUp { tenant, value } => wallet::apply_top_up(state, tenant, value, params),
        Call::OpenOrder { key, tenant, gpus, ceiling, duration, funded, promise } => {
            let terms = order::OrderTerms { key, tenant, gpus, ceiling, duration, funded, promise };
            order::apply_open_order(state, terms, params)
        }
        Call::CancelOrder { order } => order::apply_cancel_order(state, order, params),
        Call::OpenLease { order, provider, region, price, agreed } => {
            let terms = lease::LeaseTerms { provider, region, price, agreed };
            lease::apply_open_lease(state, now, order, terms)
        }
        Call::ConfirmLease { order, lease } => lease::apply_confirm_lease(state, now, order, lease),
        Call::VoidLease { order, lease } => lease::apply_void(state, now, order, lease, params),
        Call::PauseLease { lease } => lease::apply_pause_lease(state, now, lease, params),
        Call::ResumeLease { lease } => lease::apply_resume_lease(state, now, lease),
        Call::AnnounceReclaim { lease } => lease::apply_announce_reclaim(state, now, lease, params),
        Call::SettleLease { lease } => lease::apply_settle_lease(state, now, lease, params),
        Call::CloseLease { lease, cause } => {
            lease::apply_close_lease(state, now, lease, cause, params)
        }
        Call::WithdrawOrder { order, lease } => misuse::apply_withdraw(state, order, lease, params),
        Call::DisputeLease { lease } => misuse::apply_dispute_lease(state, now, lease, params),
        Call::UpholdDispute { lease } => misuse::apply_uphold_dispute(state, now, lease, params),
        Call::ForfeitLease { lease, misuse } => {
            misuse::apply_forfeit_lease(state, now, lease, misuse, params)
        }
        Call::Enroll => misuse::apply_enroll(state),
        Call::SlashOperator { operator, signed, recomputed } => {
            operator::apply_slash_operator(state, operator, signed, recomputed, params)
        }
    }
}

/// Refuses amounts below zero, and such that the books could not count.
fn require_countable(state: &State, asset: Asset, amount: Base) -> Result<(), Rejection> {
    if amount < 0 {
        return Err(Rejection::NegativeAmount);
    }
    if state.ledger.can_take_in(asset, amount) { Ok(()) } else { Err(Rejection::AmountTooLarge) }
}

/// Refuses to move nothing, or less.
fn require_amount(amount: Spon) -> Result<(), Rejection> {
    if amount < Spon::ZERO {
        return Err(Rejection::NegativeAmount);
    }
    if amount == Spon::ZERO { Err(Rejection::AmountTooSmall) } else { Ok(()) }
}
