//! The chain's state: one plain struct.

use crate::committee::OperatorStake;
use crate::lease::{Lease, Order};
use crate::ledger::{Account, Ledger, Party, Population, Reason};
use crate::params::Params;
use crate::pledge::review;
use crate::registry::Registration;
use crate::slash_book::SlashBook;
use crate::slots::Slots;
use crate::stake::StakeBook;
use mechanism::credits::Vault;
use mechanism::swap_pool::{Side, SwapPool};
use units::{Asset, Base, OperatorId, ProviderId, Spon, TokenPrice};

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
    /// The token's price as the chain's feed last said.
    pub price: TokenPrice,
    /// The pool in which tokens are exchanged; without one they are traded with the outside.
    pub exchange: Option<SwapPool>,
    /// What backs credits.
    pub vault: Vault,
    /// Whose stake it is, by `ProviderId`.
    pub stakes: Vec<StakeBook>,
    /// Slashes that can be appealed, and the recent past.
    pub slashes: SlashBook,
    /// Eras that have ended.
    pub eras: u32,
}

/// Who is there at the start.
pub struct Genesis<'a> {
    /// Tenants.
    pub tenants: usize,
    /// Gateways, one a region.
    pub gateways: usize,
    /// Delegators.
    pub delegators: usize,
    /// Providers, registered without stake, by `ProviderId`.
    pub registry: Vec<Registration>,
    /// What each operator posts, by `OperatorId`.
    pub operator_stakes: &'a [Spon],
    /// The token's price.
    pub price: TokenPrice,
    /// The pool in which tokens are exchanged.
    pub exchange: Option<SwapPool>,
}

/// What is in a pool.
pub(crate) fn reserves(pool: &SwapPool) -> [(Asset, Base); 2] {
    [(Asset::Spon, pool.reserve(Side::Tokens)), (Asset::Usd, pool.reserve(Side::Dollars))]
}

impl State {
    /// The chain at genesis: the reward pool filled, and the committee's stakes posted.
    pub fn genesis(genesis: Genesis<'_>, params: &Params) -> State {
        let Genesis {
            tenants,
            gateways,
            delegators,
            mut registry,
            operator_stakes,
            price,
            exchange,
        } = genesis;
        review(&mut registry, price, params);
        let (providers, operators) = (registry.len(), operator_stakes.len());
        let population = Population { tenants, providers, gateways, operators, delegators };
        let mut ledger = Ledger::new(population);
        let pool = params.rewards.pool.base();
        ledger.mint(Asset::Spon, Account::Rewards, pool, Reason::Genesis);
        for (id, stake) in (0..).map(OperatorId).zip(operator_stakes) {
            let account = Account::OperatorStake(id);
            ledger.inflow(Asset::Spon, account, stake.base(), Reason::StakePosted);
        }
        let operators = operator_stakes.iter().map(|posted| OperatorStake::new(*posted)).collect();
        let (orders, leases) = (Slots::default(), Slots::default());
        let stakes = vec![StakeBook::default(); providers];
        let slashes = SlashBook::default();
        for (asset, amount) in exchange.iter().flat_map(reserves) {
            ledger.inflow(asset, Account::Exchange, amount, Reason::Genesis);
        }
        let vault = Vault::new(Spon::ZERO);
        State {
            ledger,
            orders,
            leases,
            registry,
            operators,
            price,
            exchange,
            vault,
            stakes,
            slashes,
            eras: 0,
        }
    }

    /// The stake with a provider, its own and what is delegated to it: what matching goes by.
    pub fn stake(&self, provider: ProviderId) -> Spon {
        self.own_stake(provider) + self.delegated(provider)
    }

    /// A provider's own stake.
    pub fn own_stake(&self, provider: ProviderId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::Stake(provider)))
    }

    /// What is delegated to a provider.
    pub fn delegated(&self, provider: ProviderId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::Delegated(provider)))
    }

    /// All stake with providers.
    pub fn staked(&self) -> Spon {
        let sum = |party| self.ledger.sum_of(Asset::Spon, party);
        Spon::from_base(sum(Party::Stake) + sum(Party::Delegated))
    }

    /// An operator's stake in tokens, what was slashed taken off: the weight of its signature.
    pub fn operator_stake(&self, operator: OperatorId) -> Spon {
        Spon::from_base(self.ledger.balance(Asset::Spon, Account::OperatorStake(operator)))
    }
}
