//! Verifiable chance: a round key from order, height and beacon, and a value for each candidate.

use sha2::{Digest, Sha256};
use units::{EntityKey, Philox};

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
        let seed = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(chain_id.to_be_bytes())
            .chain_update(order.0.to_be_bytes())
            .chain_update(close_height.to_be_bytes())
            .chain_update(beacon)
            .finalize();
        let bytes = seed.first_chunk().expect("SHA-256 gives 32 bytes");
        Ticket { values: Philox::new(u64::from_le_bytes(*bytes)) }
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
}
