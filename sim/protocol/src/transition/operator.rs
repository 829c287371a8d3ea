//! Operators who sign what their view does not give.

use crate::committee::DecisionDigest;
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::state::State;
use units::{Asset, OperatorId};

/// Lowers an operator's magnitude by the declared fraction, and takes the tokens that its stake is
/// then worth less: a share is burned, the rest is the foundation's.
pub(super) fn apply_slash_operator(
    state: &mut State,
    operator: OperatorId,
    signed: DecisionDigest,
    recomputed: DecisionDigest,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let stake = state.operators.get_mut(operator.index()).ok_or(Rejection::NoSuchOperator)?;
    if signed == recomputed {
        return Err(Rejection::NoDeviation);
    }
    if stake.magnitude() == 0 {
        return Err(Rejection::NothingToSlash);
    }
    let before = stake.value_rounded_down();
    stake.slash(params.slashing.operator);
    let amount = before - stake.value_rounded_down();
    let magnitude = stake.magnitude();
    let burned = params.slashing.destinations.burned.of_rounded_down(amount.base());
    let (from, kept) = (Account::OperatorStake(operator), amount.base() - burned);
    state.ledger.burn(Asset::Spon, from, burned, Reason::OperatorSlashed);
    state.ledger.transfer(Asset::Spon, from, Account::Treasury, kept, Reason::OperatorSlashed);
    Ok(Receipt::OperatorSlashed { amount, magnitude })
}
