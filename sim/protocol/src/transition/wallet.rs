//! Money that comes from outside.

use super::require_countable;
use crate::ledger::{Account, Reason};
use crate::receipt::Receipt;
use crate::rejection::Rejection;
use crate::state::State;
use units::{Asset, TenantId, Usd};

pub(super) fn apply_deposit(
    state: &mut State,
    tenant: TenantId,
    amount: Usd,
) -> Result<Receipt, Rejection> {
    let wallet = Account::Tenant(tenant);
    if !state.ledger.has(wallet) {
        return Err(Rejection::NoSuchTenant);
    }
    require_countable(state, Asset::Usd, amount.base())?;
    state.ledger.inflow(Asset::Usd, wallet, amount.base(), Reason::Deposit);
    Ok(Receipt::Deposited { amount })
}
