//! A provider as it truly is. What the market is told stands in `World::candidates`.

use crate::state::bidder::{Bidder, Past};
use crate::state::investment::{Outlook, Presence, Travel};
use crate::state::meter::{GpuTime, Meter};
use protocol::EraOutcome;
use record::ProviderRole;
use units::{
    CardId, EntityKey, GpuHourPrice, HostClassId, KwhPrice, MachineId, PoolId, ProviderId,
    ProviderKindId, RegionId, SimTime, Span, Spon, Usd,
};

/// Lease money of one era.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Paid by tenants for the GPUs.
    pub charged: Usd,
    /// What came to the provider after all shares and fees.
    pub income: Usd,
    /// Stake with it that was taken before the end of the era, less what appeals gave back.
    pub slashed: Spon,
    /// Of it, what was delegated.
    pub slashed_delegated: Spon,
    /// Gas of its calls.
    pub gas: Usd,
}

impl Books {
    /// What was taken of the provider's own stake in an era that ends so, less what appeals gave
    /// back.
    pub fn own_slash(&self, outcome: &EraOutcome) -> Spon {
        let at_end = outcome.slash - outcome.slash_delegated;
        at_end + self.slashed - self.slashed_delegated
    }
}

/// Sums over the complete reported eras: one that is cut short has not been rewarded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// GPU-time.
    pub time: GpuTime,
    /// Lease income.
    pub income: Usd,
    /// Rewards at the token's price.
    pub reward: Usd,
    /// Stake lost at the token's price.
    pub slash: Usd,
    /// Electricity.
    pub electricity: Usd,
    /// Wear.
    pub wear: Usd,
    /// Gas of its calls, paid or not.
    pub gas: Usd,
    /// Rent, staff and network.
    pub upkeep: Usd,
    /// Loss of the cards' value and interest on it; what wears is a part of the loss.
    pub capital: Usd,
    /// Of that, the interest.
    pub interest: Usd,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its key.
    pub key: EntityKey,
    /// The key of its owner: its own, unless the owner has several identities.
    pub owner_key: EntityKey,
    /// The first identity of its owner; they stand in a row.
    pub owner_first: ProviderId,
    /// How many identities its owner has.
    pub owner_identities: u32,
    /// The first machine that its owner may add, each an identity of its own; they stand in a row.
    pub added_first: ProviderId,
    /// How many of them.
    pub added: u32,
    /// How it behaves.
    pub kind: ProviderKindId,
    /// What it is to the question of the scenario.
    pub role: ProviderRole,
    /// When it joined; for newcomers who have not, when they will, and never if they may not.
    pub joined_at: SimTime,
    /// Whether it is there.
    pub presence: Presence,
    /// On which network its machines are.
    pub travel: Travel,
    /// When it first left, be it that it came back: the end of its first stay.
    pub left_at: Option<SimTime>,
    /// What it earned, as far as it decides by that.
    pub outlook: Outlook,
    /// Leases that it confirmed in the reported time.
    pub leases_won: u64,
    /// When it confirmed its first lease of the run.
    pub first_lease_at: Option<SimTime>,
    /// Its pool.
    pub pool: PoolId,
    /// Where it is.
    pub region: RegionId,
    /// The host class of its machines.
    pub host_class: HostClassId,
    /// The card in its machines.
    pub card: CardId,
    /// How old its cards were when it joined.
    pub card_age: Span,
    /// What a kilowatt-hour costs it at the start.
    pub tariff: KwhPrice,
    /// What it asks for a GPU-hour: at the rents of the start where it follows the book, at any
    /// rents where it does not.
    pub asked: GpuHourPrice,
    /// What it asks at least.
    pub reserve: GpuHourPrice,
    /// What its way to ask remembers.
    pub bidder: Bidder,
    /// Its first machine; they stand in a row.
    pub first_machine: MachineId,
    /// How many machines it has.
    pub machines: u32,
    /// Its GPU-time.
    pub meter: Meter,
    /// Tokens that it had when it last sold some.
    pub tokens_kept: Spon,
    /// Its lease money of this era.
    pub books: Books,
    /// What it came to since the start, slashes and costs counted.
    pub net: Usd,
    /// What a staked token brought its delegator since delegators last chose, in 10^-9 of it.
    pub yield_nano: i64,
    /// GPU-time that open leases lost to its machines in this era, in GPU-nanoseconds.
    pub downtime_gpu_ns: u64,
    /// When it last had more to offer than the moment before: a bid on an order that it learned
    /// of earlier would have offered less.
    pub capacity_grew_at: SimTime,
    /// When its next maintenance begins, or the present one began, once it is announced.
    pub maintenance_at: Option<SimTime>,
    /// The shelf of its pool where it belongs.
    pub shelf: u32,
    /// Its place on that shelf, if it has free GPUs.
    pub place: Option<u32>,
    /// What it came to over the complete reported eras.
    pub totals: Totals,
}

impl Provider {
    /// Whether it has not decided to come, or was not let in.
    pub const fn is_possible(&self) -> bool {
        matches!(self.presence, Presence::Prospect | Presence::Refused)
    }

    /// Its machines.
    pub fn machine_ids(&self) -> impl Iterator<Item = MachineId> + use<> {
        let first = self.first_machine.0;
        (first..first + self.machines).map(MachineId)
    }

    /// All identities of its owner, itself among them.
    pub fn owner_ids(&self) -> impl Iterator<Item = ProviderId> + use<> {
        let first = self.owner_first.0;
        (first..first + self.owner_identities).map(ProviderId).chain(self.added_ids())
    }

    /// What its owner has added or may add, in the order in which it would.
    pub fn added_ids(&self) -> impl Iterator<Item = ProviderId> + use<> {
        let first = self.added_first.0;
        (first..first + self.added).map(ProviderId)
    }
}

impl Totals {
    /// Adds an era.
    pub fn add(&mut self, era: &Totals) {
        self.time.installed += era.time.installed;
        self.time.available += era.time.available;
        self.time.reserved += era.time.reserved;
        self.time.paid += era.time.paid;
        self.time.busy += era.time.busy;
        self.time.slowed += era.time.slowed;
        self.time.owner += era.time.owner;
        self.income += era.income;
        self.reward += era.reward;
        self.slash += era.slash;
        self.electricity += era.electricity;
        self.wear += era.wear;
        self.gas += era.gas;
        self.upkeep += era.upkeep;
        self.capital += era.capital;
        self.interest += era.interest;
    }

    /// What a way to ask a price remembers of it.
    pub fn past(&self) -> Past {
        Past {
            available: self.time.available,
            reserved: self.time.reserved,
            earned: self.income - self.electricity - self.wear,
        }
    }

    /// Income and rewards less slash, electricity, wear, gas and upkeep.
    pub fn net(&self) -> Usd {
        let costs = self.electricity + self.wear + self.gas + self.upkeep;
        self.income + self.reward - self.slash - costs
    }

    /// What is left when capital costs what it costs, in the place of wear.
    pub fn net_with_capital(&self) -> Usd {
        self.net() + self.wear - self.capital
    }
}
