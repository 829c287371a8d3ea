//! What calls cost, what fits into blocks, and when what is in a block is final.

use mechanism::gas::{BatchSize, CallSize, FeeRule, Gas, Wei};
use units::{BasisPoints, SimTime, Span, Usd};

/// The chain that orders and leases live on: its profile, and where it stands.
#[derive(Clone, Debug, Default)]
pub struct Chain {
    /// The name of the profile.
    pub profile: String,
    /// Time between blocks; zero for no blocks at all.
    pub block: Span,
    /// The bid window in blocks.
    pub bid_window_blocks: u32,
    /// Whether messages take time; false only in theory scenarios.
    pub has_latency: bool,
    /// Where the sequencer stands.
    pub sequencer: units::RegionId,
    /// What a unit of gas costs, and how much of it fits into a block.
    pub gas: ChainGas,
    /// When what is in a block is final.
    pub finality: Finality,
}

/// What a unit of gas costs on a chain, and how much of it there is.
#[derive(Clone, Debug, Default)]
pub struct ChainGas {
    /// The fee at the start, and how it moves.
    pub rule: FeeRule,
    /// The most gas in a block.
    pub block_limit: Gas,
    /// Gas a second that others use while it costs no more than it must.
    pub others_per_s: Gas,
}

/// When what is in a block is final.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finality {
    /// Whether leases wait for it; else the sequencer's word is enough.
    pub is_awaited: bool,
    /// How often blocks are published on the chain below.
    pub publish_every: Span,
    /// How long what is published takes to be final there.
    pub hard: Span,
}

impl Finality {
    /// When a lease may go on whose call is in a block at `included_at`.
    ///
    /// ```
    /// # use scenario::Finality;
    /// # use units::{SimTime, Span};
    /// let minutes = |n: u64| Span::from_secs(60 * n);
    /// let hard = Finality { is_awaited: true, publish_every: minutes(15), hard: minutes(13) };
    /// let at = SimTime::ZERO + minutes(16);
    /// assert_eq!(hard.reached_at(at), SimTime::ZERO + minutes(30 + 13));
    /// assert_eq!(Finality { is_awaited: false, ..hard }.reached_at(at), at);
    /// ```
    pub fn reached_at(&self, included_at: SimTime) -> SimTime {
        if !self.is_awaited {
            return included_at;
        }
        included_at.rounded_up(self.publish_every) + self.hard
    }
}

/// A kind of call, by what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// An order opens.
    Order,
    /// An order ends without a lease, or a lease is void.
    Cancel,
    /// A signed match becomes a lease.
    Match,
    /// A provider confirms or resumes a lease.
    Confirm,
    /// A provider registers its machines.
    Register,
    /// Stake moves, or its conditions.
    Stake,
    /// A provider claims its reward of an era.
    Claim,
    /// A proof, an appeal, or what the feed says.
    Report,
    /// Tokens are bought or sold, or turned into credits.
    Trade,
}

impl CallKind {
    /// All of them.
    pub const ALL: [CallKind; 9] = [
        CallKind::Order,
        CallKind::Cancel,
        CallKind::Match,
        CallKind::Confirm,
        CallKind::Register,
        CallKind::Stake,
        CallKind::Claim,
        CallKind::Report,
        CallKind::Trade,
    ];

    /// The word in scenarios.
    pub const fn name(self) -> &'static str {
        match self {
            CallKind::Order => "order",
            CallKind::Cancel => "cancel",
            CallKind::Match => "match",
            CallKind::Confirm => "confirm",
            CallKind::Register => "register",
            CallKind::Stake => "stake",
            CallKind::Claim => "claim",
            CallKind::Report => "report",
            CallKind::Trade => "trade",
        }
    }
}

/// What calls cost who sends them.
#[derive(Clone, Debug)]
pub struct GasRules {
    /// Whether they cost anything, and take space in blocks.
    pub is_charged: bool,
    /// The price of a coin.
    pub coin: Usd,
    /// What a unit of gas costs on the chain below, where the bytes of calls are published.
    pub data_fee: Wei,
    /// Bytes of a call that is no settlement.
    pub bytes_per_call: u64,
    /// Gas of a call, by kind, in the order of [`CallKind::ALL`].
    pub calls: [Gas; CallKind::ALL.len()],
    /// What a batch of settlements needs.
    pub settlement: BatchSize,
    /// How long settlements wait for a common batch; zero when each is sent alone.
    pub settle_every: Span,
    /// The gas of an order, as a part of its highest price, from which its tenant does not send it.
    pub share_max: Option<BasisPoints>,
}

impl GasRules {
    /// What a call of a kind needs.
    pub fn size(&self, kind: CallKind) -> CallSize {
        CallSize { gas: self.calls[kind as usize], bytes: self.bytes_per_call }
    }
}
