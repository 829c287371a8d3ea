//! The chain's state: one plain struct.

use crate::committee::OperatorStake;
use crate::emission::EmissionBook;
use crate::gas_book::GasBook;
use crate::lease::{Lease, Order};
use crate::ledger::{Account, Ledger, Party, Population, Reason};
use crate::misuse::Conduct;
use crate::params::Params;
use crate::pledge::review;
use crate::registry::Registration;
use crate::slash_book::SlashBook;
use crate::slots::Slots;
use crate::stake::StakeBook;
use crate::supply::{Grant, SupplyBook};
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
    /// How tenants behaved, by `TenantId`.
    pub conduct: Vec<Conduct>,
    /// Slashes that can be appealed, and the recent past.
    pub slashes: SlashBook,
    /// What eras emit, and what they emitted.
    pub emission: EmissionBook,
    /// What was granted, and what is released of it.
    pub supply: SupplyBook,
    /// What was paid for gas.
    pub gas: GasBook,
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

/// An amount of a mechanism as the ledger counts it.
pub(crate) fn signed(amount: u128) -> Base {
    Base::try_from(amount).expect("no asset has 2^127 units")
}

/// What is in a pool.
pub(crate) fn reserves(pool: &SwapPool) -> [(Asset, Base); 2] {
    [(Asset::Spon, pool.reserve(Side::Tokens)), (Asset::Usd, pool.reserve(Side::Dollars))]
}

impl State {
    /// The chain at genesis: the supply where it belongs, and the committee's stakes posted.
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
        let ledger = Ledger::new(population);
        let mut state = State {
            ledger,
            orders: Slots::default(),
            leases: Slots::default(),
            registry,
            operators: operator_stakes.iter().map(|posted| OperatorStake::new(*posted)).collect(),
            price,
            exchange,
            vault: Vault::new(Spon::ZERO),
            stakes: vec![StakeBook::default(); providers],
            conduct: vec![Conduct::default(); tenants],
            slashes: SlashBook::default(),
            emission: EmissionBook::new(&params.emission),
            supply: params.supply.clone(),
            gas: GasBook::default(),
            eras: 0,
        };
        state.issue_supply(params.reward_pool);
        for (id, stake) in (0..).map(OperatorId).zip(operator_stakes) {
            state.take_in(Account::OperatorStake(id), *stake, Reason::StakePosted);
        }
        if let Some(pool) = &exchange {
            let tokens = Spon::from_base(pool.reserve(Side::Tokens));
            state.take_in(Account::Exchange, tokens, Reason::Genesis);
            let (asset, dollars) = (Asset::Usd, pool.reserve(Side::Dollars));
            state.ledger.inflow(asset, Account::Exchange, dollars, Reason::Genesis);
        }
        state
    }

    /// Issues what was granted; without a grant the reward pool alone.
    fn issue_supply(&mut self, reward_pool: Spon) {
        let State { ledger, supply, .. } = self;
        if !supply.is_declared() {
            let (pool, why) = (reward_pool.base(), Reason::Genesis);
            return ledger.mint(Asset::Spon, Account::Rewards, pool, why);
        }
        for Grant { beneficiary, allocation } in &supply.grants {
            let locked = allocation.locked(supply.age);
            let released = allocation.released(supply.age);
            for (account, amount) in
                [(beneficiary.waits_in(), locked), (beneficiary.account(), released)]
            {
                ledger.mint(Asset::Spon, account, signed(amount), Reason::Genesis);
            }
        }
    }

    /// Tokens that somebody brings: bought from their holders, where the supply is declared. What
    /// these do not have comes from outside.
    pub(crate) fn take_in(&mut self, to: Account, amount: Spon, why: Reason) {
        let held = self.ledger.balance(Asset::Spon, Account::Holders);
        let amount = amount.base();
        let from_holders = if self.supply.is_declared() { amount.min(held) } else { 0 };
        self.ledger.transfer(Asset::Spon, Account::Holders, to, from_holders, why);
        self.ledger.inflow(Asset::Spon, to, amount - from_holders, why);
    }

    /// Tokens that somebody gives away: to holders, where the supply is declared.
    pub(crate) fn let_out(&mut self, from: Account, amount: Spon, why: Reason) {
        if self.supply.is_declared() {
            self.ledger.transfer(Asset::Spon, from, Account::Holders, amount.base(), why);
        } else {
            self.ledger.outflow(Asset::Spon, from, amount.base(), why);
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
