//! The chain's state: one plain struct.

use crate::lease::{Lease, Order};
use crate::ledger::{Account, Ledger, Reason};
use crate::params::Params;
use crate::registry::Registration;
use crate::slots::Slots;
use units::{Asset, ProviderId, Spon};

/// Everything that the chain knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Where all money is.
    pub ledger: Ledger,
    /// Open orders.
    pub orders: Slots<Order>,
    /// Leases in force.
    pub leases: Slots<Lease>,
    /// Providers, by `ProviderId`.
    pub registry: Vec<Registration>,
    /// Eras that have ended.
    pub eras: u32,
}

impl State {
    /// The chain at genesis: providers registered, the reward pool filled, no stake yet.
    pub fn genesis(
        tenants: usize,
        gateways: usize,
        registry: Vec<Registration>,
        params: &Params,
    ) -> State {
        let mut ledger = Ledger::new(tenants, registry.len(), gateways);
        let pool = params.rewards.pool.base();
        ledger.mint(Asset::Spon, Account::Rewards, pool, Reason::Genesis);
        State { ledger, orders: Slots::default(), leases: Slots::default(), registry, eras: 0 }
    }

    /// A provider's stake in tokens.
    pub fn stake(&self, provider: ProviderId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::Stake(provider)))
    }
}
