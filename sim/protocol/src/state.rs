//! The chain's state: one plain struct.

use crate::committee::OperatorStake;
use crate::lease::{Lease, Order};
use crate::ledger::{Account, Ledger, Reason};
use crate::params::Params;
use crate::registry::Registration;
use crate::slots::Slots;
use units::{Asset, OperatorId, ProviderId, Spon};

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
    /// Operators, by `OperatorId`.
    pub operators: Vec<OperatorStake>,
    /// Eras that have ended.
    pub eras: u32,
}

impl State {
    /// The chain at genesis: providers registered without stake, the reward pool filled, and the
    /// committee's stakes posted, by `OperatorId`.
    pub fn genesis(
        tenants: usize,
        gateways: usize,
        registry: Vec<Registration>,
        operator_stakes: &[Spon],
        params: &Params,
    ) -> State {
        let mut ledger = Ledger::new(tenants, registry.len(), gateways, operator_stakes.len());
        let pool = params.rewards.pool.base();
        ledger.mint(Asset::Spon, Account::Rewards, pool, Reason::Genesis);
        for (id, stake) in (0..).map(OperatorId).zip(operator_stakes) {
            let account = Account::OperatorStake(id);
            ledger.inflow(Asset::Spon, account, stake.base(), Reason::StakePosted);
        }
        let operators = operator_stakes.iter().map(|posted| OperatorStake::new(*posted)).collect();
        let (orders, leases) = (Slots::default(), Slots::default());
        State { ledger, orders, leases, registry, operators, eras: 0 }
    }

    /// A provider's stake in tokens.
    pub fn stake(&self, provider: ProviderId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::Stake(provider)))
    }

    /// An operator's stake in tokens, what was slashed taken off: the weight of its signature.
    pub fn operator_stake(&self, operator: OperatorId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::OperatorStake(operator)))
    }
}
