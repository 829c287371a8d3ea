//! The validated scenario: complete, consistent, in units. All other code trusts it.
//!
//! No field has a default in code: every value was written in a scenario file.

mod arrivals;
mod choice;
mod committee;
mod contract;
mod drivers;
mod emission;
mod exchange;
mod fleet;
mod gas;
mod hardware;
mod hosts;
mod investment;
mod machines;
mod misuse;
mod networks;
mod owners;
mod place;
mod pricing;
mod providers;
mod service;
mod stake;
mod supply;
mod waiting;
mod work;

pub use crate::matching::{BeaconKind, Grinding, Matching};
pub use crate::price_book::PriceBook;
pub use arrivals::{Bursts, Growth, Replay, ReplayJob, Wave};
pub use choice::{Churn, DemandCurve, TenantKind, Venue, VenueKind, Venues};
pub use committee::{Censors, Committee, Operator, Slow};
pub use contract::{Contracts, LongContract};
pub use drivers::{Drivers, Moved, UNMOVED};
pub use emission::Emission;
pub use exchange::{Exchange, Token, TokenSales, Traded};
pub use fleet::FleetProvider;
pub use gas::{CallKind, Chain, ChainGas, Finality, GasRules};
pub use hardware::{Generation, Hardware};
pub use hosts::{DailyOff, Faults, HostClass, Maintenance, RegionOutage, Trace, UpDown};
pub use investment::{
    Admission, BullRule, Buying, Capital, Check, Entry, EntryRule, Expansion, Expecting,
    HysteresisRule, Investment, LeasesLeft, Leaving, LogitRule, NpvRule,
};
pub use machines::{ByRules, Card, Costs};
pub use misuse::{Comeback, Dispute, Drain, Forbidden, Spam, TenantMisuse};
pub use networks::{Moving, MovingRule, OtherNetwork, Schedule, open_networks};
pub use owners::{Activity, OwnerProfile, WEEK_HOURS};
pub use place::{Country, Latency, Region};
pub use pricing::{Pick, Pricing};
pub use protocol::{
    Beneficiary, BuyBack, Destinations, EmissionRules, Fault, FaultRule, Fees, Grant, Milestone,
    Milestones, Pledge, PoolRules, PoolSplit, PowerPledge, Rail, RewardMode, Rewards, SupplyBook,
    TenantRules, TrustRung,
};
pub use providers::{
    Bidding, CostPlus, KindWeights, Learning, ProviderKind, ScriptTable, Undercut,
    UtilizationFeedback,
};
pub use service::{Finished, ServiceLevel, Started};
pub use stake::{Challengers, Delegation, Misconduct, Slashing, Stake, TopUp};
pub use supply::{Demand, Newcomers, Pool, Splitting};
use units::{CardId, CardSet, GpuCount, HostClassId, Span};
pub use waiting::{LineScope, Waiting};
pub use work::{
    Class, Duration, DurationLaw, Durations, Image, OnFailure, Ordering, Progress, Tenants,
};

/// One declared experiment.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The name: the file's name without its ending.
    pub name: String,
    /// What the scenario asks.
    pub question: String,
    /// What its author expects to see.
    pub expectation: String,
    /// When it runs and for how long.
    pub clock: Clock,
    /// The chain that orders and leases live on.
    pub chain: Chain,
    /// What calls to it cost.
    pub gas: GasRules,
    /// Who signs matches, and when.
    pub committee: Committee,
    /// How a provider is chosen.
    pub matching: Matching,
    /// The regions of the world, by `RegionId`.
    pub regions: Vec<Region>,
    /// Countries whose electricity has a price of its own.
    pub countries: Vec<Country>,
    /// How far they are from one another.
    pub latency: Latency,
    /// The card catalogue, by `CardId`.
    pub cards: Vec<Card>,
    /// All declared price books, in the order of the file.
    pub price_books: Vec<PriceBook>,
    /// The one in force, by its place among them.
    pub price_book: usize,
    /// The host classes, by `HostClassId`.
    pub host_classes: Vec<HostClass>,
    /// How providers may behave, by `ProviderKindId`.
    pub provider_kinds: Vec<ProviderKind>,
    /// When they enter and leave.
    pub investment: Investment,
    /// Where else they can take their machines, in the order of the file.
    pub other_networks: Vec<OtherNetwork>,
    /// How owners use consumer machines, in the order of the file.
    pub owner_profiles: Vec<OwnerProfile>,
    /// What fails together.
    pub region_outage: RegionOutage,
    /// The tenants.
    pub tenants: Tenants,
    /// Supply and demand, by `PoolId`.
    pub pools: Vec<Pool>,
    /// Providers that a user declared one by one.
    pub fleet: Vec<FleetProvider>,
    /// Job classes of all pools, by `ClassId`.
    pub classes: Vec<Class>,
    /// How tenants may choose a venue, by their place in `Pool::tenant_kinds`.
    pub tenant_kinds: Vec<TenantKind>,
    /// Where else they can take a job, in the order of the file.
    pub venue_list: Vec<Venue>,
    /// What holds for all venues.
    pub venues: Venues,
    /// What tenants answer with.
    pub tenant_rules: TenantRules,
    /// How some of them misbehave.
    pub tenant_misuse: TenantMisuse,
    /// How orders are placed, retried and given up.
    pub ordering: Ordering,
    /// How they wait when they find nobody.
    pub waiting: Waiting,
    /// How many crews repair the machines of each host class, by `HostClassId`; none for as many
    /// as are needed.
    pub repair_crews: Vec<Option<u32>>,
    /// What leases promise.
    pub contracts: Contracts,
    /// What a lease costs beyond its price.
    pub fees: Fees,
    /// How tenants pay and providers are paid.
    pub payment: Rail,
    /// How rents are made.
    pub pricing: Pricing,
    /// What must be staked.
    pub stake: Stake,
    /// What a fault costs.
    pub slashing: Slashing,
    /// Who delegates stake to providers.
    pub delegation: Delegation,
    /// Who finds what providers do wrong.
    pub challengers: Challengers,
    /// Eras, challenges, trust and rewards.
    pub rewards: Rewards,
    /// Where the budget of an era comes from.
    pub emission: Emission,
    /// Who was granted the supply.
    pub supply: SupplyBook,
    /// The token.
    pub token: Token,
    /// The pool in which it is traded, if it is.
    pub exchange: Exchange,
    /// What the market's own trades do to its price, where they count outside.
    pub impact: ::drivers::Combined,
    /// Who sells it.
    pub token_sales: TokenSales,
    /// How the foundation buys it back.
    pub treasury: BuyBack,
    /// What moves from outside, the token's price among it.
    pub drivers: Drivers,
    /// What owning and running machines costs.
    pub costs: Costs,
    /// How hardware loses value.
    pub hardware: Hardware,
    /// What `check` holds the results against.
    pub expects: Vec<Expect>,
}

/// When a scenario runs and for how long.
#[derive(Clone, Debug)]
pub struct Clock {
    /// The first seed.
    pub seed: u64,
    /// Days since Monday on which the run starts, 0 to 6; the run starts at 00:00 UTC.
    pub start_weekday: u32,
    /// Time before anything is reported; a whole number of eras.
    pub warm_up: Span,
    /// Reported time.
    pub horizon: Span,
}

impl Clock {
    /// Warm-up and reported time together.
    pub fn total(&self) -> Span {
        self.warm_up + self.horizon
    }
}

/// A log-normal span by its median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// The median.
    pub median: Span,
    /// The standard deviation of the natural logarithm.
    pub sigma: f64,
}

/// One thing `check` holds the results against.
#[derive(Clone, Debug, PartialEq)]
pub struct Expect {
    /// The metric: its path in `summary.json`, with dots.
    pub metric: String,
    /// The variant whose results it is about; none for the scenario as it stands.
    pub variant: Option<String>,
    /// Lowest value that passes.
    pub min: Option<f64>,
    /// Highest value that passes.
    pub max: Option<f64>,
    /// The file that declares it, for messages.
    pub file: String,
    /// The line of its metric, from 1.
    pub line: u32,
}

impl Scenario {
    /// The cards that will do for a job which asks for `asked`: at least its memory and speed.
    pub fn cards_at_least(&self, asked: CardId) -> CardSet {
        let least = &self.cards[usize::from(asked.0)];
        let good = |card: &Card| {
            card.memory_gib >= least.memory_gib && card.speed_gflops >= least.speed_gflops
        };
        let ids = (0u16..).map(CardId).zip(&self.cards);
        ids.filter(|(_, card)| good(card)).fold(CardSet::default(), |set, (id, _)| set.with(id))
    }

    /// The share of time that a machine of a host class is up and its owner leaves it to others.
    pub fn availability(&self, host_class: HostClassId, gpus: GpuCount) -> f64 {
        let host = &self.host_classes[host_class.index()];
        let owner = host.owner_use.map_or(1.0, |place| self.owner_profiles[place].availability());
        host.availability(gpus) * owner
    }
}
