//! The validated scenario: complete, consistent, in units. All other code trusts it.
//!
//! No field has a default in code: every value was written in a scenario file.

mod committee;
mod drivers;
mod emission;
mod exchange;
mod gas;
mod pricing;
mod stake;

pub use crate::matching::{BeaconKind, Grinding, Matching};
pub use crate::price_book::PriceBook;
pub use committee::{Censors, Committee, Operator, Slow};
pub use drivers::{Drivers, Moved, UNMOVED};
pub use emission::Emission;
pub use exchange::{Exchange, Token, TokenSales, Traded};
pub use gas::{CallKind, Chain, ChainGas, Finality, GasRules};
pub use pricing::{Pick, Pricing};
pub use protocol::{
    Beneficiary, BuyBack, Destinations, EmissionRules, Fault, FaultRule, Fees, Grant, Milestone,
    Milestones, Pledge, PoolRules, PoolSplit, PowerPledge, Rail, RewardMode, Rewards, SupplyBook,
    TrustRung,
};
pub use stake::{Challengers, Delegation, Misconduct, Slashing, Stake, TopUp};
use units::{
    CardId, CardSet, GpuCount, GpuHourPrice, HardwareTier, HostClassId, KwhPrice, Ppm, Span, Usd,
    Watts,
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
    /// What fails together.
    pub region_outage: RegionOutage,
    /// The tenants.
    pub tenants: Tenants,
    /// Supply and demand, by `PoolId`.
    pub pools: Vec<Pool>,
    /// Job classes of all pools, by `ClassId`.
    pub classes: Vec<Class>,
    /// How orders are placed, retried and given up.
    pub ordering: Ordering,
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

/// A region: a place with law and latency.
#[derive(Clone, Debug)]
pub struct Region {
    /// The name.
    pub name: String,
    /// The city that stands for it: latencies were measured from there.
    pub city: String,
    /// The continent: regions of one continent count as near when no position is known.
    pub continent: String,
    /// Local time less UTC, in minutes.
    pub utc_offset_minutes: i32,
    /// What a household pays.
    pub household_tariff: KwhPrice,
    /// What a business pays.
    pub business_tariff: KwhPrice,
}

/// How far regions are from one another.
#[derive(Clone, Debug)]
pub struct Latency {
    /// Round trips between regions in microseconds, by row and column; symmetric.
    pub rtt_us: Vec<Vec<u32>>,
    /// Shortest last mile of a home, added to its round trips.
    pub last_mile_min: Span,
    /// Longest last mile of a home.
    pub last_mile_max: Span,
    /// Median of the relative jitter of one message.
    pub jitter_median: Ppm,
    /// Log standard deviation of the jitter.
    pub jitter_sigma: f64,
    /// Time a provider thinks before it bids.
    pub thinking: LogNormal,
}

/// A log-normal span by its median.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// The median.
    pub median: Span,
    /// The standard deviation of the natural logarithm.
    pub sigma: f64,
}

/// A card model.
#[derive(Clone, Debug)]
pub struct Card {
    /// The name.
    pub name: String,
    /// What it is worth.
    pub tier: HardwareTier,
    /// Its price new.
    pub price: Usd,
    /// Its memory in GiB.
    pub memory_gib: u32,
    /// Half-precision throughput, in GFLOP/s, without tensor cores.
    pub speed_gflops: u32,
    /// Power under load.
    pub power: Watts,
    /// The reward multiplier, in hundredths.
    pub multiplier_hundredths: u32,
    /// Rent in the scenario's price book.
    pub book_price: GpuHourPrice,
}

/// How often the machines of a host class are down.
#[derive(Clone, Debug)]
pub struct HostClass {
    /// The name.
    pub name: String,
    /// Faults, if it has any.
    pub fault: Option<UpDown>,
    /// Faults of single GPUs, if it has any: they stop the machine's work but not its processor.
    pub gpu_fault: Option<UpDown>,
    /// A nightly time off, if it has one.
    pub daily_off: Option<DailyOff>,
}

/// Alternating times up and down, both exponential.
#[derive(Clone, Copy, Debug)]
pub struct UpDown {
    /// Mean time between failures: of the machine, or of one GPU.
    pub between: Span,
    /// Mean time to repair.
    pub repair: Span,
}

/// A time off each day by local time.
#[derive(Clone, Copy, Debug)]
pub struct DailyOff {
    /// Local time of day when it starts, on average.
    pub start: Span,
    /// Each machine's own start lies within this much of the average, evenly.
    pub spread: Span,
    /// How long it lasts.
    pub length: Span,
}

/// Outages that hit a part of a region at once.
#[derive(Clone, Copy, Debug)]
pub struct RegionOutage {
    /// Mean time between outages in one region; zero for none.
    pub between: Span,
    /// How long one lasts.
    pub length: LogNormal,
    /// Share of the region's machines that it stops.
    pub share: Ppm,
}

/// Who needs GPUs.
#[derive(Clone, Debug)]
pub struct Tenants {
    /// How many.
    pub count: u32,
    /// Weight of each region, by `RegionId`; drawn once for each tenant.
    pub region_weights: Vec<f64>,
}

/// A pool: supply and the demand that is aimed at it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The name.
    pub name: String,
    /// Its rules.
    pub rules: PoolRules,
    /// How many providers.
    pub providers: u32,
    /// Fewest machines of one provider.
    pub machines_min: u32,
    /// Most machines of one provider.
    pub machines_max: u32,
    /// Mean machines of one provider: a geometric number, cut to the two ends.
    pub machines_mean: f64,
    /// GPUs in each machine.
    pub gpus_per_machine: GpuCount,
    /// Weight of each card, by `CardId`.
    pub card_weights: Vec<f64>,
    /// Weight of each region, by `RegionId`.
    pub region_weights: Vec<f64>,
    /// Weight of each host class, by `HostClassId`.
    pub host_class_weights: Vec<f64>,
    /// Log standard deviation of asked prices around the book.
    pub price_sigma: f64,
    /// Whether its machines are in homes: household tariff, last mile.
    pub is_home: bool,
    /// Weight of each trust tier at the start, tiers 1 to 7; empty under Fizz rules.
    pub trust_weights: Vec<f64>,
    /// Providers that join later, if any do.
    pub newcomers: Option<Newcomers>,
    /// Owners who register under several identities, if any do.
    pub splitting: Option<Splitting>,
    /// What its providers do wrong, if they do.
    pub misconduct: Option<Misconduct>,
    /// What demand aims at.
    pub demand: Demand,
    /// Size of the hourly demand multiplier: standard deviation of its logarithm.
    pub demand_sigma: f64,
    /// Its correlation from hour to hour.
    pub demand_correlation: f64,
    /// Multipliers of the 24 local hours; mean 1.
    pub hours: [f64; 24],
    /// Multipliers of the 7 local weekdays from Monday; mean 1.
    pub weekdays: [f64; 7],
}

/// Providers that join a pool later, without a past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newcomers {
    /// How many, beyond the pool's providers.
    pub count: u32,
    /// When, from the start of the run.
    pub join: Span,
}

/// Owners who divide their machines and their stake among several identities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Splitting {
    /// How many of the pool's providers do.
    pub owners: u32,
    /// Identities of each; no more than it has machines.
    pub identities: u32,
    /// What each of them stakes in all, in multiples of its minimum.
    pub stake: f64,
}

/// What a pool's demand aims at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    /// A share of the GPU-hours that are up.
    Load(f64),
    /// GPUs wanted at once, whatever the supply.
    Gpus(f64),
}

/// A job class of a pool.
#[derive(Clone, Debug)]
pub struct Class {
    /// The name: `<pool>.<class>`.
    pub name: String,
    /// Its pool.
    pub pool: units::PoolId,
    /// Its share of the pool's GPU-hours.
    pub share: Ppm,
    /// Numbers of GPUs that it asks for, and their weights.
    pub sizes: Vec<(GpuCount, f64)>,
    /// How long its jobs run.
    pub duration: Duration,
    /// How its work survives a failure.
    pub progress: Progress,
    /// What its leases declare for a failure.
    pub on_failure: OnFailure,
    /// Least uptime over the last eras that it accepts; zero for none.
    pub uptime_min: Ppm,
    /// The range of its latency bounds; none for no bound.
    pub latency_bound: Option<(Span, Span)>,
}

/// How long jobs run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duration {
    /// The law.
    pub law: DurationLaw,
    /// Shortest.
    pub min: Span,
    /// Longest.
    pub max: Span,
}

/// The law of a duration before it is cut to its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DurationLaw {
    /// Log-normal: median and standard deviation of the natural logarithm.
    LogNormal(LogNormal),
    /// Exponential with this mean.
    Exponential(Span),
    /// Always this long.
    Fixed(Span),
}

/// How work survives a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A service: time served is served.
    Service,
    /// Saved at this interval: what came after the last save is lost.
    Checkpoint(Span),
    /// Nothing is saved: a failure loses all.
    Restart,
}

/// What a lease declares for a failure of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnFailure {
    /// It closes; the tenant orders the remainder after the retry interval.
    Close,
    /// It waits this long for the machine, unpaid, then closes.
    PauseAndResume(Span),
    /// It closes and the remainder is ordered at once.
    Migrate,
}

/// How orders are placed, retried and given up.
#[derive(Clone, Copy, Debug)]
pub struct Ordering {
    /// Time between an order that failed and the next.
    pub retry_every: Span,
    /// Time after which a tenant gives a job up, counted from when it last lost its place.
    pub patience: Span,
    /// Lowest ceiling as a multiple of the book price of the card asked for.
    pub ceiling_min: f64,
    /// Highest ceiling as a multiple of the book price.
    pub ceiling_max: f64,
    /// Time a provider has to confirm a reservation.
    pub ready_timeout: Span,
    /// Shortest image pull and boot.
    pub boot_min: Span,
    /// Longest image pull and boot.
    pub boot_max: Span,
}

/// What owning and running machines costs.
#[derive(Clone, Copy, Debug)]
pub struct Costs {
    /// Power of the host around each GPU while it is up, beside the card.
    pub host_power: Watts,
    /// Share of its full power that an idle card draws.
    pub idle_power: Ppm,
    /// What a data centre draws for each watt of its machines, in hundredths.
    pub pue_hundredths: u32,
    /// Share of its price that a card loses in a year of leases.
    pub wear_per_year: Ppm,
    /// What capital costs in a year, as a share of it: what stake could earn elsewhere.
    pub capital_per_year: Ppm,
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

    /// The share of time that a host class is up, by the renewal theorem and independence.
    ///
    /// `A = (1 - off/24 h) * MTBF/(MTBF+MTTR) * [GPU: same, with n cards failing apart]`.
    pub fn availability(&self, host_class: HostClassId, gpus: GpuCount) -> f64 {
        let host = &self.host_classes[host_class.index()];
        let renewal = |law: &UpDown, units: f64| {
            let between = law.between.as_secs_f64() / units;
            between / (between + law.repair.as_secs_f64())
        };
        let daily = host.daily_off.map_or(1.0, |off| 1.0 - off.length.as_secs_f64() / 86_400.0);
        let fault = host.fault.as_ref().map_or(1.0, |law| renewal(law, 1.0));
        let gpu = host.gpu_fault.as_ref().map_or(1.0, |law| renewal(law, f64::from(gpus.0)));
        daily * fault * gpu
    }
}
