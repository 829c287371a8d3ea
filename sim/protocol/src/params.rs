//! The protocol's parameters. Scenarios fill them; no default hides here.

use crate::emission::EmissionRules;
use crate::fault::Fault;
use crate::rail::{BuyBack, Rail};
use crate::reward_mode::{Milestone, PoolSplit, RewardMode};
use crate::supply::SupplyBook;
use market::Mode;
use mechanism::pledge::PowerPledge;
use mechanism::slash::Destinations;
use units::{BasisPoints, Ppm, Span, Spon, TrustTier, Usd};

/// The rules a provider lives under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PoolRules {
    /// Home machines of one GPU behind gateways: no trust tier, gated rewards.
    Fizz,
    /// Data-centre providers: trust tiers, points by tier.
    Provider,
}

impl PoolRules {
    /// The service that such a provider gives, as the matcher calls it.
    pub const fn mode(self) -> Mode {
        match self {
            PoolRules::Fizz => Mode::Fizz,
            PoolRules::Provider => Mode::Provider,
        }
    }
}

/// What a lease costs beyond its price.
#[derive(Clone, Copy, Debug)]
pub struct Fees {
    /// Foundation's share of a lease payment under provider rules.
    pub provider_foundation: BasisPoints,
    /// Foundation's share under Fizz rules.
    pub fizz_foundation: BasisPoints,
    /// Gateway's share under Fizz rules.
    pub fizz_gateway: BasisPoints,
    /// Tenant's fee on top for paying in another asset than the token.
    pub facilitation: BasisPoints,
    /// Provider's fee for being paid in another asset than the token.
    pub payout: BasisPoints,
}

/// Eras, challenges, trust and rewards.
#[derive(Clone, Debug)]
pub struct Rewards {
    /// Length of an era.
    pub era: Span,
    /// Challenges of one machine in an era, one at a random moment of each equal slot.
    pub challenges: u32,
    /// Weight of the GPU part of a challenge; the rest is the processor's.
    pub gpu_weight: BasisPoints,
    /// How long a machine earns no points after it came back.
    pub cool_down: Span,
    /// How an era's budget is shared.
    pub mode: RewardMode,
    /// How it is divided between the kinds of rules; without a split by multiplier-weighted GPUs.
    pub split: Option<PoolSplit>,
    /// Prizes for a run of good eras.
    pub milestones: Milestones,
    /// Base points of one GPU under provider rules.
    pub provider_base: u32,
    /// Base points of one GPU under Fizz rules.
    pub fizz_base: u32,
    /// Uptime under which a Fizz machine earns nothing in an era.
    pub fizz_gate: Ppm,
    /// Weights of processor, memory, disk and GPU in the delivery of a Fizz machine.
    pub fizz_weights: [BasisPoints; 4],
    /// Shortfalls of the four that a Fizz machine delivers.
    pub fizz_shortfalls: [Ppm; 4],
    /// The trust ladder, tiers 1 to 7.
    pub ladder: [TrustRung; 7],
}

/// Prizes for a run of good eras; with a share of nothing there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// For the uptime of eras.
    pub uptime: Milestone,
    /// For the share of leases that ended well, as far as it is remembered.
    pub quality: Milestone,
}

/// One rung of the trust ladder.
#[derive(Clone, Copy, Debug)]
pub struct TrustRung {
    /// The tier.
    pub tier: TrustTier,
    /// Uptime of an era above which the tier is held and the era counts towards the next.
    pub uptime: Ppm,
    /// Uptime of an era under which its reward is lost.
    pub slash_mark: Ppm,
    /// Multiplier of the points, in hundredths.
    pub boost_hundredths: u32,
    /// Consecutive good eras to rise; zero where one cannot.
    pub eras_up: u32,
    /// Consecutive bad eras to fall; zero where one cannot.
    pub eras_down: u32,
}

/// The form of the least stake of a provider's machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pledge {
    /// Dollars for each GPU, more for a multiplier above 1, in tokens at the price.
    Dollars {
        /// For a GPU of multiplier 1.
        per_gpu: Usd,
    },
    /// Tokens for each GPU, more for a multiplier above 1, as on io.net (protocol.md 4.2).
    Tokens {
        /// For a GPU of multiplier 1.
        per_gpu: Spon,
    },
    /// Tokens by the number of each GPU's model, as on Aethir (protocol.md 4.3). Its table is not
    /// published; the reward multiplier stands for it.
    Model {
        /// For a GPU of multiplier 1.
        coefficient: Spon,
    },
    /// Days of reward and a share of the supply, as on Filecoin (economics.md 1.9); power is GPUs
    /// times multiplier.
    Power {
        /// The rule.
        rule: PowerPledge,
        /// Supply that is not locked.
        circulating: Spon,
    },
}

impl Pledge {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Pledge::Dollars { .. } => "dollars",
            Pledge::Tokens { .. } => "tokens",
            Pledge::Model { .. } => "model",
            Pledge::Power { .. } => "power",
        }
    }
}

/// What must be staked.
#[derive(Clone, Copy, Debug)]
pub struct StakeRules {
    /// The least stake.
    pub pledge: Pledge,
    /// Eras between reviews of everybody's least stake; zero for none.
    pub review_eras: u32,
    /// How long stake waits on its way out.
    pub unbonding: Span,
}

/// What one kind of fault costs; the parts add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultRule {
    /// A fixed amount.
    pub base: Spon,
    /// Share of all that can be slashed.
    pub of_stake: BasisPoints,
    /// Share of the least stake of the provider's machines.
    pub of_minimum: BasisPoints,
    /// The reward of the time that was lost, so many hundredths of it.
    pub lost_reward_hundredths: u32,
    /// How many times the share of all stake that was slashed lately is taken too.
    pub correlation: u32,
    /// Whether the era's reward is lost too.
    pub takes_reward: bool,
    /// How long the provider may not serve.
    pub jail: Span,
}

impl FaultRule {
    /// Whether the fault costs nothing at all.
    pub fn is_free(&self) -> bool {
        *self == FaultRule::default()
    }
}

/// What is taken of stake, and where it goes.
#[derive(Clone, Debug)]
pub struct SlashRules {
    /// The price of each fault, in the order of [`Fault::ALL`].
    pub faults: [FaultRule; Fault::ALL.len()],
    /// Where it goes.
    pub destinations: Destinations,
    /// How long a slash can be appealed before it is final.
    pub appeal: Span,
    /// How old a fault may be when it comes before the chain.
    pub evidence_max_age: Span,
    /// Part of an operator's magnitude that a proven deviation takes.
    pub operator: BasisPoints,
    /// How long a slash is remembered.
    pub window: Span,
}

impl SlashRules {
    /// The price of a fault.
    pub const fn rule(&self, fault: Fault) -> &FaultRule {
        &self.faults[fault as usize]
    }
}

/// How what a provider did becomes what matching goes by.
#[derive(Clone, Copy, Debug)]
pub struct StandingRules {
    /// A newcomer's uptime before it has a record.
    pub uptime_prior: Ppm,
    /// How many eras the prior is worth.
    pub uptime_prior_eras: u32,
    /// Eras in the uptime window.
    pub uptime_window_eras: u32,
    /// Half-life of good and bad lease endings.
    pub reputation_half_life: Span,
}

/// What tenants lock beside a payment, and what their misuse costs them. The default asks nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TenantRules {
    /// The surety: locked beside an order's payment, the price of so much time at its ceiling. It
    /// goes back when the order or its lease ends well.
    pub surety: Span,
    /// The least time that an order must pay for; none where it must pay for all of it.
    pub part_funding: Option<Span>,
    /// Beside the surety, the part of what is left of its deposit that forbidden work loses.
    pub forfeit: BasisPoints,
    /// Of what is lost, the part of the provider who was harmed; the rest is the foundation's.
    pub to_provider: BasisPoints,
    /// Misuses that end in a ban; zero for none.
    pub strikes: u32,
}

/// Everything the transition function needs to know.
#[derive(Clone, Debug)]
pub struct Params {
    /// Time between blocks; zero for no blocks.
    pub block: Span,
    /// How tenants pay and providers are paid.
    pub rail: Rail,
    /// Fees.
    pub fees: Fees,
    /// Eras and rewards.
    pub rewards: Rewards,
    /// Where the budget of an era comes from.
    pub emission: EmissionRules,
    /// Tokens in the reward pool at the start, unless a grant of the supply fills it.
    pub reward_pool: Spon,
    /// The token table at the start.
    pub supply: SupplyBook,
    /// What becomes of the foundation's dollars when an era ends.
    pub buy_back: BuyBack,
    /// What must be staked.
    pub stake: StakeRules,
    /// What is taken of it.
    pub slashing: SlashRules,
    /// How deeds become standing.
    pub standing: StandingRules,
    /// What tenants answer with.
    pub tenants: TenantRules,
    /// What leases promise.
    pub contract: ContractRules,
}

/// What leases promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractRules {
    /// From a provider's notice to the moment from which it may take a spot lease back.
    pub notice: Span,
    /// The part of what is left of a term that a tenant pays who ends it early.
    pub termination: BasisPoints,
}

impl Params {
    /// The tenant's fee for not paying in the token, on this rail.
    pub fn facilitation(&self) -> BasisPoints {
        if self.rail.has_facilitation_fee() { self.fees.facilitation } else { BasisPoints(0) }
    }

    /// The provider's fee for not being paid in the token, on this rail.
    pub fn payout(&self) -> BasisPoints {
        if self.rail.has_payout_fee() { self.fees.payout } else { BasisPoints(0) }
    }
}
