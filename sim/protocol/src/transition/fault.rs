//! Faults come before the chain with evidence, and slashes can be appealed.

use crate::ledger::Account;
use crate::params::Params;
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::slash::{give_back, slash};
use crate::slash_book::Charge;
use crate::state::State;
use units::{EntityKey, SimTime};

/// A fault is proven: evidence counts once, and only while it is fresh.
pub(super) fn apply_report_fault(
    state: &mut State,
    now: SimTime,
    charge: &Charge,
    evidence: EntityKey,
    params: &Params,
) -> Result<Receipt, Rejection> {
    if charge.provider.index() >= state.registry.len() {
        return Err(Rejection::NoSuchProvider);
    }
    if charge.victim.is_some_and(|tenant| !state.ledger.has(Account::Tenant(tenant))) {
        return Err(Rejection::NoSuchTenant);
    }
    let is_future = charge.happened_at > now;
    if is_future || now.saturating_since(charge.happened_at) > params.slashing.evidence_max_age {
        return Err(Rejection::NotTimely);
    }
    if state.slashes.is_used(evidence) {
        return Err(Rejection::EvidenceUsed);
    }
    state.slashes.note_evidence(charge.happened_at, evidence);
    let slashed = slash(state, now, charge, evidence, params);
    Ok(Receipt::FaultProven { slashed })
}

/// An appeal was right: what was taken goes back.
pub(super) fn apply_uphold_appeal(
    state: &mut State,
    now: SimTime,
    evidence: EntityKey,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let one = state.slashes.take_contested(evidence).ok_or(Rejection::NotContested)?;
    give_back(state, now, &one, params);
    Ok(Receipt::SlashReturned { provider: one.provider, taken: one.taken })
}
