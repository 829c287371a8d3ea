//! Providers register, and post stake.

use super::require_countable;
use crate::ledger::{Account, Reason};
use crate::params::Params;
use crate::receipt::Receipt;
use crate::registry::Registration;
use crate::rejection::Rejection;
use crate::state::State;
use units::{Asset, GpuCount, ProviderId, Spon, TrustTier};

pub(super) fn apply_post_stake(
    state: &mut State,
    provider: ProviderId,
    amount: Spon,
) -> Result<Receipt, Rejection> {
    if provider.index() >= state.registry.len() {
        return Err(Rejection::NoSuchProvider);
    }
    require_countable(state, Asset::Spon, amount.base())?;
    state.ledger.inflow(Asset::Spon, Account::Stake(provider), amount.base(), Reason::StakePosted);
    Ok(Receipt::StakePosted { amount })
}

pub(super) fn apply_register(
    state: &mut State,
    provider: ProviderId,
    gpus: GpuCount,
    multiplier_hundredths: u32,
    params: &Params,
) -> Result<Receipt, Rejection> {
    let known = state.registry.get_mut(provider.index()).ok_or(Rejection::NoSuchProvider)?;
    if known.gpus.0 > 0 {
        return Err(Rejection::IsRegistered);
    }
    if gpus.0 == 0 {
        return Err(Rejection::NoGpus);
    }
    let trust = known.trust.map(|_| TrustTier::NEWCOMER);
    *known =
        Registration::new(known.rules, gpus, multiplier_hundredths, trust, state.price, params);
    Ok(Receipt::Registered { stake_min: known.stake_min })
}
