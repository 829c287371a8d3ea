//! Who can hold money, one by one and by kind.

use units::{DelegatorId, OperatorId, ProviderId, RegionId, TenantId};

/// Who can hold money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// A tenant's wallet.
    Tenant(TenantId),
    /// Locked money of all open orders and leases.
    Escrow,
    /// A provider's wallet.
    Provider(ProviderId),
    /// The gateway of a region.
    Gateway(RegionId),
    /// The foundation.
    Treasury,
    /// What rewards are paid from.
    Rewards,
    /// A provider's own stake.
    Stake(ProviderId),
    /// Remainders of divisions.
    Dust,
    /// An operator's stake.
    OperatorStake(OperatorId),
    /// What delegators have staked with a provider.
    Delegated(ProviderId),
    /// What leaves a provider's stake, its own and delegated; it can still be slashed.
    Unbonding(ProviderId),
    /// A delegator's wallet.
    Delegator(DelegatorId),
    /// What backs credits.
    Vault,
    /// The reserves of the pool in which tokens are exchanged for dollars.
    Exchange,
    /// Granted tokens that are not released yet.
    Vesting,
    /// Released tokens of those who take no part in the market.
    Holders,
    /// Slashed stake while the slash can be appealed.
    Contested,
    /// Those who prove faults.
    Challengers,
    /// Who builds blocks and is paid for gas.
    Sequencer,
}

/// Who stands at an end of a flow: accounts of one kind together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Tenants' wallets.
    Tenants,
    /// Locked money.
    Escrow,
    /// Providers' wallets.
    Providers,
    /// Gateways.
    Gateways,
    /// The foundation.
    Treasury,
    /// The reward pool.
    Rewards,
    /// Providers' own stake.
    Stake,
    /// Remainders.
    Dust,
    /// Operators' stake.
    OperatorStake,
    /// Delegated stake.
    Delegated,
    /// Stake that leaves.
    Unbonding,
    /// Delegators' wallets.
    Delegators,
    /// What backs credits.
    Vault,
    /// The pool in which tokens are exchanged.
    Exchange,
    /// Granted and not released.
    Vesting,
    /// Released, outside the market.
    Holders,
    /// Slashed stake while the slash can be appealed.
    Contested,
    /// Those who prove faults.
    Challengers,
    /// Who builds blocks.
    Sequencer,
    /// The outside world.
    Outside,
    /// Newly issued.
    Mint,
    /// Destroyed.
    Burn,
}

impl Party {
    /// The parties that hold money, in the order of their accounts in a book.
    pub const HOLDING: [Party; 19] = [
        Party::Tenants,
        Party::Escrow,
        Party::Providers,
        Party::Gateways,
        Party::Treasury,
        Party::Rewards,
        Party::Stake,
        Party::Dust,
        Party::OperatorStake,
        Party::Delegated,
        Party::Unbonding,
        Party::Delegators,
        Party::Vault,
        Party::Exchange,
        Party::Vesting,
        Party::Holders,
        Party::Contested,
        Party::Challengers,
        Party::Sequencer,
    ];
}

impl Account {
    /// Its kind, and its number among those.
    pub const fn place(self) -> (Party, usize) {
        match self {
            Account::Tenant(id) => (Party::Tenants, id.index()),
            Account::Escrow => (Party::Escrow, 0),
            Account::Provider(id) => (Party::Providers, id.index()),
            Account::Gateway(id) => (Party::Gateways, id.index()),
            Account::Treasury => (Party::Treasury, 0),
            Account::Rewards => (Party::Rewards, 0),
            Account::Stake(id) => (Party::Stake, id.index()),
            Account::Dust => (Party::Dust, 0),
            Account::OperatorStake(id) => (Party::OperatorStake, id.index()),
            Account::Delegated(id) => (Party::Delegated, id.index()),
            Account::Unbonding(id) => (Party::Unbonding, id.index()),
            Account::Delegator(id) => (Party::Delegators, id.index()),
            Account::Vault => (Party::Vault, 0),
            Account::Exchange => (Party::Exchange, 0),
            Account::Vesting => (Party::Vesting, 0),
            Account::Holders => (Party::Holders, 0),
            Account::Contested => (Party::Contested, 0),
            Account::Challengers => (Party::Challengers, 0),
            Account::Sequencer => (Party::Sequencer, 0),
        }
    }
}

/// How many there are of each who may be many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Population {
    /// Tenants.
    pub tenants: usize,
    /// Providers.
    pub providers: usize,
    /// Gateways, one a region.
    pub gateways: usize,
    /// Operators.
    pub operators: usize,
    /// Delegators.
    pub delegators: usize,
}

impl Population {
    /// Accounts of a kind.
    pub(super) const fn count(&self, party: Party) -> usize {
        match party {
            Party::Tenants => self.tenants,
            Party::Providers | Party::Stake | Party::Delegated | Party::Unbonding => self.providers,
            Party::Gateways => self.gateways,
            Party::OperatorStake => self.operators,
            Party::Delegators => self.delegators,
            Party::Outside | Party::Mint | Party::Burn => 0,
            _ => 1,
        }
    }
}
