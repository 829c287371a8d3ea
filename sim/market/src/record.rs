//! The match record: all that decided a round, so that anyone can decide it again, off line.
//!
//! A record holds the order, the rules, the evidence of the beacon and every admitted bid as the
//! matcher saw it; what follows from them; a digest over both; and the operators' signatures of
//! the digest. [`MatchRecord::verify`] recomputes all that follows and names the first field that
//! does not hold.
//!
//! **The digest** is SHA-256 over one line `place=value` for each value of the record before the
//! digest, in the order of the fields below, each line ended by a line feed: `order.gpus=1`,
//! `bids[0].candidate.bid_nano_usd_per_gpu_hour=175000000`. A list has first a line of its own,
//! `bids=3 items`; a field that is empty is `null`. Values are as in JSON, without quotes: numbers
//! of more than 32 bits in decimal text (many readers of JSON lose bits beyond the 53rd); keys,
//! sets of regions and cards, and hashes in lower-case hex. No value holds a line feed or an
//! equals sign, so no two records share their lines.
//!
//! **What a record cannot prove alone:** that the committee, the block's hash and the commitments
//! of a beacon are the chain's ([`MatchRecord::verify_under`] takes a committee that is trusted),
//! that no bid in time was left out, and the counts of the rejected. Operators sign for the last
//! two. Altering what nothing else determines is noticed by the digest.
//!
//! Source: protocol.md 9.6 and 9.7.

mod form;
mod json;
mod make;
mod rules;
mod tree;
mod verify;

use crate::beacon::{Beacon, Closing};
use crate::bytes::{Hash, Signature};
use crate::candidate::Candidate;
use crate::committee::{Committee, Operator, Signer};
use crate::eligible::{Filter, SoftFilters};
use crate::merkle::{Arrival, BidLeaf};
use crate::order::Order;
use crate::score::{DrawKey, ScoreCard};
use form::{Form, fields};
pub use make::Facts;
pub use rules::{Rejected, Rules};
use tree::Tree;
use units::{EntityKey, GpuHourPrice, Ppm, Span};

/// A match that anyone can verify.
///
/// Serde writes and reads it as one object with the fields in this order; unknown, missing and
/// doubled fields are refused, and so is a value that is not written in the one way.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchRecord {
    /// The version of this format: [`MatchRecord::VERSION`].
    pub version: u32,
    /// The chain.
    pub chain_id: u64,
    /// The height of the block that closed the window.
    pub close_height: u64,
    /// The hash of that block; the chain vouches for it.
    pub block_hash: Hash,
    /// The order, with everything that decides.
    pub order: Order,
    /// Round trips between the tenant's region and each region, in region order.
    pub rtt_from_tenant: Vec<Span>,
    /// How the bids were ranked.
    pub rules: Rules,
    /// Who may sign.
    pub committee: Committee,
    /// The option of the beacon, with its evidence.
    pub beacon: Beacon,
    /// The beacon: follows from the evidence.
    pub beacon_value: Hash,
    /// SHA-256 of chain, order, close height and beacon: `Ticket::round_key`.
    pub round_key: Hash,
    /// How many candidates were not admitted, by the first filter in force that each failed.
    pub rejected: Rejected,
    /// The filters that were dropped because nobody met them.
    pub dropped: SoftFilters,
    /// The root over the bids: `bids_root`.
    pub bids_root: Hash,
    /// The admitted bids, by provider key.
    pub bids: Vec<Bid>,
    /// Who was drawn: the winner, then who follows after a miss.
    pub picks: Vec<Picked>,
    /// SHA-256 over everything above.
    pub digest: Hash,
    /// Signatures of the digest, by operator key, with the stake of a quorum.
    pub signatures: Vec<Signed>,
}

/// An admitted bid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bid {
    /// The candidate as the matcher saw it; without merit and place, which are worked out.
    pub candidate: Candidate,
    /// When the bid came.
    pub arrival: Arrival,
    /// The seven scores.
    pub card: ScoreCard,
    /// Their weighted mean `A`.
    pub score: Ppm,
    /// What the core ranked it by, the largest first.
    pub draw_key: DrawKey,
}

/// A drawn bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked {
    /// Whose it is.
    pub provider: EntityKey,
    /// The price of the lease, in nano-dollars per GPU-hour.
    pub price: GpuHourPrice,
}

/// An operator's signature of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Who signed.
    pub operator: EntityKey,
    /// Ed25519 over `"match_record/1" | digest`.
    pub signature: Signature,
}

impl MatchRecord {
    /// The version of the format that this code writes and reads.
    pub const VERSION: u32 = 1;

    /// Adds the signature of `operator`, or replaces it.
    pub fn sign(&mut self, operator: EntityKey, signer: &Signer) {
        let signature = signer.sign(&self.message());
        let at = self.signatures.partition_point(|signed| signed.operator < operator);
        self.signatures.retain(|signed| signed.operator != operator);
        self.signatures.insert(at, Signed { operator, signature });
    }

    /// The leaves of the root, in the order of the bids.
    pub fn leaves(&self) -> impl Iterator<Item = BidLeaf> {
        self.bids.iter().map(|bid| BidLeaf {
            provider: bid.candidate.key,
            number: bid.candidate.number,
            bid: bid.candidate.bid,
            arrival: bid.arrival,
        })
    }

    /// The end of the window that the beacon is about.
    pub fn closing(&self) -> Closing {
        Closing {
            chain_id: self.chain_id,
            order: self.order.key,
            height: self.close_height,
            block_hash: self.block_hash,
        }
    }

    /// The filters that every bid passed: all but those that were dropped.
    fn filter(&self) -> Filter<'_> {
        Filter::new(&self.order, &self.rtt_from_tenant).without(self.dropped)
    }

    /// What operators sign.
    fn message(&self) -> Vec<u8> {
        [b"match_record/1".as_slice(), &self.digest.0].concat()
    }

    /// The digest of what stands before it.
    fn compute_digest(&self) -> Hash {
        let Tree::Map(mut fields) = self.write() else { unreachable!("a record is a map") };
        fields.retain(|(name, _)| name != "digest" && name != "signatures");
        Tree::Map(fields).digest()
    }
}

fields!(MatchRecord {
    version = "version",
    chain_id = "chain_id",
    close_height = "close_height",
    block_hash = "block_hash",
    order = "order",
    rtt_from_tenant = "rtt_from_tenant_ns",
    rules = "rules",
    committee = "committee",
    beacon = "beacon",
    beacon_value = "beacon_value",
    round_key = "round_key",
    rejected = "rejected",
    dropped = "dropped",
    bids_root = "bids_root",
    bids = "bids",
    picks = "picks",
    digest = "digest",
    signatures = "signatures",
});

fields!(Bid {
    candidate = "candidate",
    arrival = "arrival",
    card = "card",
    score = "score_ppm",
    draw_key = "draw_key",
});

fields!(Picked { provider = "provider", price = "price_nano_usd_per_gpu_hour" });

fields!(Signed { operator = "operator", signature = "signature" });

fields!(Committee { operators = "operators", quorum = "quorum_bp", group_key = "group_key" });

fields!(Operator { key = "key", stake = "stake_atto_spon", public_key = "public_key" });
