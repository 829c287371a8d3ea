//! The matching logic of the marketplace: pure, integer, verifiable.
//!
//! It knows orders, candidates and a beacon, and nothing of the simulator, which is its first
//! customer. Every operator that holds the same view and the same beacon computes the same
//! [`Round`], on any machine: there is no float, no clock, no file and no generator in here.
//!
//! ```text
//! Order ─┐                                    ┌─ failed filters ─> explain
//!        ├─> eligible ─> score ─> core ─> rank ┤
//! Candidates ┘             │        │          └─ picks, best first (the miss takes the next)
//!                    factors, weights  Ticket (chain, order, close height, beacon) ─> noise
//! ```
//!
//! Source: protocol.md 1.3 and 9. Modules below may import only modules above them.

mod bytes;
pub mod fixed;
mod order;
mod weights;
mod wrong;

mod committee;
pub mod merkle;

mod beacon;
mod candidate;
pub mod factor;

mod noise;

mod eligible;
mod score;

mod bounds;

mod core;

mod round;

mod gang;
mod placement;

mod index;

mod explain;
mod record;

mod assess;

mod why_not;

pub use assess::{Assessment, assess};
pub use beacon::{Beacon, Closing, Share, Ticket};
pub use bytes::{Bytes, Hash, PublicKey, Signature};
pub use candidate::{Activity, Candidate, Merit, Standing};
pub use committee::{Committee, Operator, Signer, quorum_stake};
pub use core::{
    AdditiveUniform, BestFit, Contest, Core, Entrant, FifoQueue, FirstFit, KalypsoLinear,
    KalypsoProduct, LatencyFirst, LavaProduct, LeastLoaded, LivepeerMix, LowestPrice, PowerOfD,
    Random, Virtue, WeightedSoftmax,
};
pub use eligible::{Reject, SoftFilters, check_eligible};
pub use explain::{first_failing, first_failing_until};
pub use factor::Forms;
pub use gang::{GangInput, GangRound, match_gang};
pub use index::{ColumnScan, Index, Kernel};
pub use merkle::{Arrival, BidLeaf, bids_root};
pub use noise::Noise;
pub use order::{Host, Mode, Order};
pub use placement::{CardRule, Interference, Need, Node, Placement, Room};
pub use record::{Bid, Facts, MatchRecord, Picked, Rejected, Rules, Signed};
pub use round::{Pick, Round, RoundInput, first_pick, match_round, match_round_eager};
pub use score::{DrawKey, Points, ScoreCard, Scoring, ScoringError};
pub use weights::Weights;
pub use why_not::{Chance, Level, Lever, WhyNot, why_not};
pub use wrong::WrongField;
