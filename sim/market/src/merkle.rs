//! A Merkle tree over the admitted bids: one hash for all, and short proofs that a bid was counted.
//!
//! A leaf is hashed behind the byte 0, a node behind the byte 1, so no node passes for a leaf. A
//! tree of `n` leaves splits after the largest power of two below `n`; nobody is paired with
//! itself, so no two lists of bids share a root. The shape is the one of RFC 6962, section 2.1.
//!
//! A leaf of 32 bytes, all numbers most significant byte first:
//!
//! | bytes | what |
//! |---|---|
//! | 0-7 | provider key |
//! | 8-11 | registration number |
//! | 12-19 | bid, in nano-dollars per GPU-hour |
//! | 20-27 | height of the block that took the bid in |
//! | 28-31 | place of the bid in that block |
//!
//! Source: protocol.md 9.6 for what a leaf holds.

use crate::bytes::Hash;
use units::{EntityKey, GpuHourPrice};

const LEAF: &[u8] = &[0];
const NODE: &[u8] = &[1];

/// When a bid came: the block that took it in, and its place there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// The height of the block.
    pub height: u64,
    /// The place among the bids of the block.
    pub index: u32,
}

/// What the root says of one admitted bid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BidLeaf {
    /// Whose bid it is. Bids stand in this order.
    pub provider: EntityKey,
    /// The registration number, from which noise is drawn.
    pub number: u32,
    /// What it asks, in nano-dollars per GPU-hour.
    pub bid: GpuHourPrice,
    /// When it came.
    pub arrival: Arrival,
}

impl BidLeaf {
    /// The hash of the leaf.
    pub fn hash(&self) -> Hash {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.provider.0.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.number.to_be_bytes());
        bytes[12..20].copy_from_slice(&self.bid.nanos().to_be_bytes());
        bytes[20..28].copy_from_slice(&self.arrival.height.to_be_bytes());
        bytes[28..].copy_from_slice(&self.arrival.index.to_be_bytes());
        Hash::of(&[LEAF, &bytes])
    }
}

/// The root over `bids`, in whatever order they come: all that a round without a record needs.
///
/// Without bids it is the SHA-256 of nothing.
///
/// ```
/// # use market::{Arrival, BidLeaf, bids_root};
/// # use units::{EntityKey, GpuHourPrice};
/// let bid = |key| BidLeaf {
///     provider: EntityKey(key),
///     number: 0,
///     bid: GpuHourPrice::from_nanos(100),
///     arrival: Arrival { height: 7, index: 0 },
/// };
/// assert_eq!(bids_root([bid(1), bid(2)]), bids_root([bid(2), bid(1)]));
/// assert_ne!(bids_root([bid(1), bid(2)]), bids_root([bid(1)]));
/// ```
pub fn bids_root(bids: impl IntoIterator<Item = BidLeaf>) -> Hash {
    let mut bids: Vec<BidLeaf> = bids.into_iter().collect();
    bids.sort_unstable();
    root(bids.iter().map(BidLeaf::hash))
}

/// The root over leaves in this order, in one pass with the memory of one path.
pub fn root(leaves: impl IntoIterator<Item = Hash>) -> Hash {
    // The whole trees so far, the largest first, each a power of two of leaves.
    let mut whole: Vec<(u32, Hash)> = Vec::new();
    for leaf in leaves {
        let (mut level, mut hash) = (0, leaf);
        while let Some((_, left)) = whole.pop_if(|(left_level, _)| *left_level == level) {
            (level, hash) = (level + 1, join(left, hash));
        }
        whole.push((level, hash));
    }
    let hashes = whole.into_iter().map(|(_, hash)| hash);
    hashes.rev().reduce(|right, left| join(left, right)).unwrap_or_else(|| Hash::of(&[]))
}

/// A proof that a leaf stands at a place among those of a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The place of the leaf.
    pub index: u64,
    /// How many leaves there are.
    pub count: u64,
    /// The neighbours on the way from the leaf to the root.
    pub path: Vec<Hash>,
}

impl Inclusion {
    /// The proof for the leaf at `index`; none when there is no such leaf.
    pub fn new(leaves: &[Hash], index: usize) -> Option<Inclusion> {
        leaves.get(index)?;
        let mut path = Vec::new();
        let (mut below, mut at) = (leaves, index);
        while below.len() > 1 {
            let (left, right) = below.split_at(split(below.len() as u64) as usize);
            let is_left = at < left.len();
            path.push(root(if is_left { right } else { left }.iter().copied()));
            (below, at) = if is_left { (left, at) } else { (right, at - left.len()) };
        }
        path.reverse();
        Some(Inclusion { index: index as u64, count: leaves.len() as u64, path })
    }

    /// Whether the proof leads from `leaf` to `root`.
    pub fn leads_to(&self, leaf: Hash, root: Hash) -> bool {
        let Some(sides) = self.sides() else {
            return false;
        };
        let join_side = |hash, (is_left, neighbour): (bool, &Hash)| {
            if is_left { join(hash, *neighbour) } else { join(*neighbour, hash) }
        };
        sides.len() == self.path.len()
            && sides.into_iter().rev().zip(&self.path).fold(leaf, join_side) == root
    }

    /// From the root down, whether the leaf is in the left part; none when it is nowhere.
    fn sides(&self) -> Option<Vec<bool>> {
        let (mut at, mut count) = (self.index, self.count);
        if at >= count {
            return None;
        }
        let mut sides = Vec::new();
        while count > 1 {
            let left = split(count);
            sides.push(at < left);
            (at, count) = if at < left { (at, left) } else { (at - left, count - left) };
        }
        Some(sides)
    }
}

/// How many of `count` leaves, at least two, stand in the left part: the largest power of two
/// below.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

fn join(left: Hash, right: Hash) -> Hash {
    Hash::of(&[NODE, &left.0, &right.0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaves(count: u64) -> Vec<Hash> {
        let leaf = |n| BidLeaf {
            provider: EntityKey(n),
            number: n as u32,
            bid: GpuHourPrice::from_nanos(100 + n),
            arrival: Arrival { height: 7, index: n as u32 },
        };
        (0..count).map(|n| leaf(n).hash()).collect()
    }

    /// The definition, word for word.
    fn slow_root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::of(&[]),
            [leaf] => *leaf,
            _ => {
                let half = leaves.len().next_power_of_two() / 2;
                join(slow_root(&leaves[..half]), slow_root(&leaves[half..]))
            }
        }
    }

    #[test]
    fn one_pass_gives_the_root_of_the_definition() {
        for count in 0..70 {
            let leaves = leaves(count);
            assert_eq!(root(leaves.iter().copied()), slow_root(&leaves), "{count} leaves");
        }
    }

    #[test]
    fn the_hashes_are_those_of_rfc_6962() {
        // printf '' | sha256sum; printf '\0' and 32 zero bytes | sha256sum
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(root([]).to_string(), empty);
        let zero = BidLeaf {
            provider: EntityKey(0),
            number: 0,
            bid: GpuHourPrice::default(),
            arrival: Arrival::default(),
        };
        assert_eq!(zero.hash().to_string(), ZERO_LEAF);
    }

    const ZERO_LEAF: &str = "7f9c9e31ac8256ca2f258583df262dbc7d6f68f2a03043d5c99a4ae5a7396ce9";

    #[test]
    fn every_leaf_has_a_proof_and_no_other_leaf_or_place_does() {
        for count in 1..20_u64 {
            let leaves = leaves(count);
            let root = root(leaves.iter().copied());
            for (at, leaf) in leaves.iter().enumerate() {
                let proof = Inclusion::new(&leaves, at).expect("a leaf of the tree");
                assert!(proof.leads_to(*leaf, root));
                for (other_at, other) in leaves.iter().enumerate().filter(|(n, _)| *n != at) {
                    assert!(!proof.leads_to(*other, root), "a forged leaf");
                    let moved = Inclusion { index: other_at as u64, ..proof.clone() };
                    assert!(!moved.leads_to(*leaf, root), "a wrong place");
                }
                for n in 0..proof.path.len() {
                    let mut bent = proof.clone();
                    bent.path[n].0[31] ^= 1;
                    assert!(!bent.leads_to(*leaf, root), "a forged neighbour");
                }
                let outside = Inclusion { index: count, ..proof.clone() };
                assert!(!outside.leads_to(*leaf, root), "a place beyond the end");
                let long = Inclusion { path: [proof.path, vec![root]].concat(), ..proof };
                assert!(!long.leads_to(*leaf, root), "a path too long");
            }
            assert_eq!(Inclusion::new(&leaves, leaves.len()), None);
        }
    }

    #[test]
    fn a_node_is_no_leaf_and_a_doubled_leaf_another_tree() {
        let leaves = leaves(4);
        let whole = root(leaves.iter().copied());
        let [left, right] = [0, 2].map(|at| join(leaves[at], leaves[at + 1]));
        // Had leaves and nodes one prefix, the two nodes would be leaves of a tree of two, which
        // is what a leaf made of the two hashes would then show.
        let made_up = Hash::of(&[LEAF, &leaves[0].0, &leaves[1].0]);
        assert_ne!(made_up, left);
        let proof = Inclusion { index: 0, count: 2, path: vec![right] };
        assert!(!proof.leads_to(made_up, whole));
        let [a, b, c] = [leaves[0], leaves[1], leaves[2]];
        assert_ne!(root([a, b, c]), root([a, b, c, c]));
    }
}
