//! Operators who sign what their view does not give.

use crate::committee::DecisionDigest;
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::{Ends, Receipt};
use crate::rejection::Rejection;
use crate::slash::send;
use crate::state::State;
use units::OperatorId;

/// Lowers an operator's magnitude by the declared fraction and takes the tokens that go with it,
/// which have the destinations of any slash; nobody in particular is harmed.
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
    let amount = stake.slash_rounded_up(params.slashing.operator);
    let magnitude = stake.magnitude();
    let (from, why) = (Account::OperatorStake(operator), Reason::OperatorSlashed);
    let ends = &params.slashing.destinations;
    let Ends { parts, .. } = send(&mut state.ledger, from, amount, None, ends, why);
    Ok(Receipt::OperatorSlashed { amount, magnitude, parts })
}
