//! Who pays for gas, and what was ever paid: the other side of what stands with who builds blocks.

use crate::ledger::Account;
use units::{Asset, Base, DelegatorId, ProviderId, TenantId};

/// Who sends calls, and pays for their gas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// A tenant.
    Tenant(TenantId),
    /// A provider.
    Provider(ProviderId),
    /// A delegator.
    Delegator(DelegatorId),
    /// The foundation, for what the committee and the feed post.
    Foundation,
    /// Those who prove faults.
    Challengers,
}

impl Payer {
    /// Its wallet.
    pub const fn account(self) -> Account {
        match self {
            Payer::Tenant(id) => Account::Tenant(id),
            Payer::Provider(id) => Account::Provider(id),
            Payer::Delegator(id) => Account::Delegator(id),
            Payer::Foundation => Account::Treasury,
            Payer::Challengers => Account::Challengers,
        }
    }
}

/// What was paid for gas since the start, by asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GasBook {
    paid: [Base; Asset::ALL.len()],
}

impl GasBook {
    /// What was paid in an asset, in its smallest unit.
    pub fn paid(&self, asset: Asset) -> Base {
        self.paid[asset as usize]
    }

    pub(crate) fn note(&mut self, asset: Asset, amount: Base) {
        self.paid[asset as usize] += amount;
    }
}
