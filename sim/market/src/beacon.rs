//! Verifiable chance: the beacon, a round key made of it, and a value for each candidate.
//!
//! A beacon is a value that nobody knows before the window of an order has closed. Three are
//! offered, each with the evidence from which anyone recomputes it off line:
//!
//! | option | computed from | who could steer it |
//! |---|---|---|
//! | `avs_threshold` | a signature of the operators together | a quorum of operators |
//! | `block_hash` | the hash of the closing block | the sequencer, by making another |
//! | `commit_reveal` | what all operators had committed to | who reveals last, by silence |
//!
//! The round key is SHA-256 over chain, order, close height and beacon; it holds no bid. All else
//! that a round draws is a counter draw under it, by identity, never by place in a list.
//!
//! Source: protocol.md 9.6.

use crate::bytes::{Bytes, Hash, Signature};
use crate::committee::{Committee, Signer, is_signed};
use crate::wrong::WrongField;
use units::{EntityKey, Philox};

/// The window's end, which every beacon is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The chain.
    pub chain_id: u64,
    /// The order whose window closed.
    pub order: EntityKey,
    /// The height of the block that closed it.
    pub height: u64,
    /// The hash of that block.
    pub block_hash: Hash,
}

/// How the beacon of a round came about, with the evidence for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beacon {
    /// The operators' signature over the closing; the beacon is its SHA-256.
    ///
    /// What is modelled: one Ed25519 key stands for the key that a group shares, and one signature
    /// for the combined one. Verification is real: the signature must hold under
    /// `Committee::group_key`. Two properties are assumed, not given: nobody holds the whole key,
    /// and there is one valid signature for each message, so that nobody picks among several. A
    /// BLS threshold signature has both; it would replace the key, the signature and
    /// [`Beacon::sign_closing`], and nothing else.
    AvsThreshold {
        /// Over `"avs_threshold/1" | chain id | order key | close height | block hash`.
        signature: Signature,
    },
    /// The hash of the closing block itself. Whoever makes blocks can make another until it likes
    /// the draw. That the hash is the chain's, only the chain can tell.
    BlockHash,
    /// SHA-256 over what operators had committed to before the window closed:
    /// `"commit_reveal/1" | chain id | order key | close height | block hash`, then for each share
    /// the operator's key and either the byte 1 and the secret, or the byte 0.
    ///
    /// A secret that was withheld is seen, and may be slashed; but who reveals last knows the
    /// beacon with and without its own secret, and has the choice of the two. That a commitment
    /// was made in time, only the chain can tell.
    CommitReveal {
        /// The commitments of all operators, by operator key, each once.
        shares: Vec<Share>,
    },
}

/// An operator's part of a beacon by commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Whose it is.
    pub operator: EntityKey,
    /// The SHA-256 of the secret, published before the window closed.
    pub commitment: Hash,
    /// The secret, published after; none when it was withheld.
    pub secret: Option<Bytes<32>>,
}

impl Share {
    /// The share of an operator that reveals its `secret`.
    pub fn revealed(operator: EntityKey, secret: Bytes<32>) -> Share {
        Share { operator, commitment: Hash::of(&[&secret.0]), secret: Some(secret) }
    }

    /// The same commitment without its secret.
    #[must_use]
    pub fn withheld(self) -> Share {
        Share { secret: None, ..self }
    }
}

impl Beacon {
    /// The beacon by the operators' signature, made with the key that stands for their shares.
    pub fn sign_closing(closing: &Closing, group: &Signer) -> Beacon {
        Beacon::AvsThreshold { signature: group.sign(&closing.message(b"avs_threshold/1")) }
    }

    /// The name in scenarios, snapshots and records.
    pub const fn name(&self) -> &'static str {
        match self {
            Beacon::AvsThreshold { .. } => "avs_threshold",
            Beacon::BlockHash => "block_hash",
            Beacon::CommitReveal { .. } => "commit_reveal",
        }
    }

    /// The value, when the evidence holds for `closing` and `committee`.
    ///
    /// # Errors
    /// The first piece of evidence that does not hold.
    pub fn value(&self, closing: &Closing, committee: &Committee) -> Result<Hash, WrongField> {
        match self {
            Beacon::AvsThreshold { signature } => {
                let message = closing.message(b"avs_threshold/1");
                if !is_signed(committee.group_key, &message, *signature) {
                    let expected = "the group's signature of the closing";
                    return Err(WrongField::new("signature", expected, signature));
                }
                Ok(Hash::of(&[&signature.0]))
            }
            Beacon::BlockHash => Ok(closing.block_hash),
            Beacon::CommitReveal { shares } => {
                check_shares(shares, committee)?;
                Ok(hash_shares(closing, shares))
            }
        }
    }
}

impl Closing {
    /// The ticket of the order under the beacon `value`.
    pub fn ticket(&self, value: Hash) -> Ticket {
        Ticket::new(self.chain_id, self.order, self.height, &value.0)
    }

    /// What is signed or hashed: a name for the use, then the closing, numbers most significant
    /// byte first.
    fn message(&self, domain: &[u8]) -> Vec<u8> {
        let numbers = [self.chain_id, self.order.0, self.height].map(u64::to_be_bytes);
        [domain, numbers.as_flattened(), &self.block_hash.0].concat()
    }
}

fn check_shares(shares: &[Share], committee: &Committee) -> Result<(), WrongField> {
    for (at, share) in shares.iter().enumerate() {
        let wrong = |field: &str, expected: &str, found: String| {
            Err(WrongField::new(field, expected, found).at(at).inside("shares"))
        };
        if committee.operator(share.operator).is_none() {
            return wrong("operator", "a member of the committee", key_text(share.operator));
        }
        if at > 0 && shares[at - 1].operator >= share.operator {
            return wrong("operator", "a larger key than the one before", key_text(share.operator));
        }
        if let Some(secret) = share.secret
            && Hash::of(&[&secret.0]) != share.commitment
        {
            return wrong("secret", "what was committed to", secret.to_string());
        }
    }
    if shares.len() != committee.operators.len() {
        // Whoever puts the evidence together could else choose among many beacons.
        return Err(WrongField::new("shares", "one of each operator", shares.len()));
    }
    if shares.iter().all(|share| share.secret.is_none()) {
        return Err(WrongField::new("shares", "at least one secret", "none"));
    }
    Ok(())
}

fn hash_shares(closing: &Closing, shares: &[Share]) -> Hash {
    let mut message = closing.message(b"commit_reveal/1");
    for share in shares {
        message.extend(share.operator.0.to_be_bytes());
        message.push(u8::from(share.secret.is_some()));
        message.extend(share.secret.iter().flat_map(|secret| secret.0));
    }
    Hash::of(&[&message])
}

/// A key as records write it.
fn key_text(key: EntityKey) -> String {
    format!("{:016x}", key.0)
}

/// Names the rule below; another rule gets another name.
const DOMAIN: &[u8] = b"match/1";

/// The randomness of one round.
///
/// It holds no bid, so no bidder moves the draw by adding or dropping bids; the beacon must not
/// exist before the window closes. One SHA-256 a round, then one counter draw a candidate that
/// depends on identity, never on a place in a list.
///
/// Source: protocol.md 9.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    values: Philox,
}

impl Ticket {
    /// The ticket of `order`, whose window closed with block `close_height` of chain `chain_id`.
    ///
    /// The Philox key is the first eight bytes, least significant first, of
    /// `SHA-256("match/1" | chain id | order key | close height | beacon)`, the numbers as eight
    /// bytes, most significant first.
    pub fn new(chain_id: u64, order: EntityKey, close_height: u64, beacon: &[u8]) -> Ticket {
        let key = Ticket::round_key(chain_id, order, close_height, beacon);
        let bytes = key.0.first_chunk().expect("SHA-256 gives 32 bytes");
        Ticket { values: Philox::new(u64::from_le_bytes(*bytes)) }
    }

    /// The whole hash of which the ticket takes the start.
    pub fn round_key(chain_id: u64, order: EntityKey, close_height: u64, beacon: &[u8]) -> Hash {
        let numbers = [chain_id, order.0, close_height].map(u64::to_be_bytes);
        Hash::of(&[DOMAIN, numbers.as_flattened(), beacon])
    }

    /// The uniform 64-bit value of `candidate` in draw family `family`.
    #[inline]
    pub fn uniform(self, candidate: EntityKey, family: u64) -> u64 {
        self.values.value(candidate.0, family)
    }

    /// The two 64-bit values of `entity` in draw family `family`.
    #[inline]
    pub(crate) fn pair(self, entity: u64, family: u64) -> [u64; 2] {
        self.values.pair(entity, family)
    }
}

/// The draw families. One for each use, so that no two uses share a value.
///
/// A uniform value for each candidate, by its key.
pub(crate) const SELECTION: u64 = 0;
/// One uniform value for the whole round.
pub(crate) const MIXTURE: u64 = 1;
/// The noise tree: this plus the level, by node.
pub(crate) const NOISE: u64 = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::committee::Operator;
    use units::{BasisPoints, Spon};

    #[test]
    fn every_part_of_the_seed_counts() {
        let order = EntityKey::group("order");
        let base = Ticket::new(1, order, 10, b"beacon");
        assert_eq!(base, Ticket::new(1, order, 10, b"beacon"));
        assert_ne!(base, Ticket::new(2, order, 10, b"beacon"));
        assert_ne!(base, Ticket::new(1, order.child(1), 10, b"beacon"));
        assert_ne!(base, Ticket::new(1, order, 11, b"beacon"));
        assert_ne!(base, Ticket::new(1, order, 10, b"beacom"));
    }

    #[test]
    fn the_key_is_the_start_of_the_digest() {
        // printf 'match/1' and 24 zero bytes | sha256sum
        let zero = Ticket::new(0, EntityKey(0), 0, b"");
        assert_eq!(zero.values, Philox::new(u64::from_le_bytes(KNOWN)));
    }

    const KNOWN: [u8; 8] = [0x2a, 0x14, 0x3e, 0x28, 0xcf, 0x6e, 0x67, 0x48];

    fn closing() -> Closing {
        let order = EntityKey::group("order");
        Closing { chain_id: 1, order, height: 10, block_hash: Hash::of(&[b"block"]) }
    }

    /// Everything that a closing says, altered one at a time.
    fn other_closings() -> [Closing; 4] {
        let base = closing();
        [
            Closing { chain_id: 2, ..base },
            Closing { order: base.order.child(1), ..base },
            Closing { height: 11, ..base },
            Closing { block_hash: Hash::of(&[b"another"]), ..base },
        ]
    }

    fn committee(group: &Signer) -> Committee {
        let operator = |n: u8| Operator {
            key: EntityKey(n.into()),
            stake: Spon::ONE,
            public_key: Signer::from_seed([n; 32]).public_key(),
        };
        let operators = [1, 2, 3].map(operator).to_vec();
        Committee { operators, quorum: BasisPoints(6_667), group_key: group.public_key() }
    }

    #[test]
    fn a_signed_beacon_holds_for_its_closing_and_its_group() {
        let group = Signer::from_seed([7; 32]);
        let beacon = Beacon::sign_closing(&closing(), &group);
        assert!(beacon.value(&closing(), &committee(&group)).is_ok());
        for other in other_closings() {
            let wrong = beacon.value(&other, &committee(&group)).expect_err("another closing");
            assert_eq!(wrong.field, "signature");
        }
        let stranger = Signer::from_seed([8; 32]);
        assert!(beacon.value(&closing(), &committee(&stranger)).is_err());
    }

    #[test]
    fn a_block_hash_beacon_is_the_hash() {
        let committee = committee(&Signer::from_seed([7; 32]));
        assert_eq!(Beacon::BlockHash.value(&closing(), &committee), Ok(closing().block_hash));
    }

    #[test]
    fn a_withheld_secret_is_seen_and_gives_one_other_beacon() {
        let committee = committee(&Signer::from_seed([7; 32]));
        let share = |n: u8| Share::revealed(EntityKey(n.into()), Bytes([n; 32]));
        let value = |shares: &[Share], closing: &Closing| -> Result<Hash, String> {
            let beacon = Beacon::CommitReveal { shares: shares.to_vec() };
            beacon.value(closing, &committee).map_err(|wrong| wrong.field)
        };
        let all = [1, 2, 3].map(share);
        let without_last = [all[0], all[1], all[2].withheld()];
        let values: Vec<_> = [&all, &without_last].map(|s| value(s, &closing())).into();
        assert!(values[0].is_ok() && values[1].is_ok());
        assert_ne!(values[0], values[1]);
        for other in other_closings() {
            assert_ne!(value(&all, &other), values[0]);
        }
        let false_secret = Share { secret: Some(Bytes([9; 32])), ..all[1] };
        let refused = |shares: &[Share]| value(shares, &closing()).expect_err("bad evidence");
        assert_eq!(refused(&[all[0], false_secret]), "shares[1].secret");
        assert_eq!(refused(&[all[0], all[0]]), "shares[1].operator");
        assert_eq!(refused(&[all[0], share(4)]), "shares[1].operator");
        assert_eq!(refused(&all.map(Share::withheld)), "shares");
        assert_eq!(refused(&[]), "shares");
    }
}
