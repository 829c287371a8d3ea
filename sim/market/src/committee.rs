//! Who signs matches: operators, their stakes and keys, and how much stake makes a quorum.
//!
//! Signatures are Ed25519 (RFC 8032) and verified strictly: no second signature can be made of a
//! valid one without the secret key, and no weak key is taken.

use crate::bytes::{Bytes, PublicKey, Signature};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use std::fmt;
use units::{BasisPoints, EntityKey, Spon};

/// The operators that may sign, as the chain knows them when a window closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    /// Its members, by key, each once.
    pub operators: Vec<Operator>,
    /// Share of the stake that makes a match final.
    pub quorum: BasisPoints,
    /// The key under which the members sign beacons together.
    pub group_key: PublicKey,
}

/// A member of the committee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Who it is.
    pub key: EntityKey,
    /// What it can lose, and how much its signature counts.
    pub stake: Spon,
    /// What its signatures are verified with.
    pub public_key: PublicKey,
}

impl Committee {
    /// The member called `key`.
    pub fn operator(&self, key: EntityKey) -> Option<&Operator> {
        let place = self.operators.binary_search_by_key(&key, |operator| operator.key);
        place.ok().map(|place| &self.operators[place])
    }

    /// The least stake that makes a quorum, rounded up.
    pub fn quorum_stake(&self) -> Spon {
        let all = self.operators.iter().fold(0_i128, |sum, o| sum.saturating_add(o.stake.base()));
        quorum_stake(Spon::from_base(all), self.quorum)
    }
}

/// The least stake that makes a `quorum` of `all`, rounded up.
///
/// In parts and saturating, because the stakes of a record may be anything.
pub fn quorum_stake(all: Spon, quorum: BasisPoints) -> Spon {
    let (whole, rest) = (all.base() / 10_000, all.base() % 10_000);
    let share = i128::from(quorum.0);
    Spon::from_base(whole.saturating_mul(share).saturating_add((rest * share + 9_999) / 10_000))
}

/// A secret key.
#[derive(Clone)]
pub struct Signer(SigningKey);

impl Signer {
    /// The signer of the secret `seed`.
    pub fn from_seed(seed: [u8; 32]) -> Signer {
        Signer(SigningKey::from_bytes(&seed))
    }

    /// What verifies its signatures.
    pub fn public_key(&self) -> PublicKey {
        Bytes(self.0.verifying_key().to_bytes())
    }

    /// Its signature of `message`; the same message gives the same signature.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Bytes(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.public_key())
    }
}

/// Whether `signature` is that of `message` under `public_key`.
pub(crate) fn is_signed(public_key: PublicKey, message: &[u8], signature: Signature) -> bool {
    let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
    VerifyingKey::from_bytes(&public_key.0)
        .is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_one_key_and_one_message() {
        let [a, b] = [[1; 32], [2; 32]].map(Signer::from_seed);
        let signature = a.sign(b"match");
        assert!(is_signed(a.public_key(), b"match", signature));
        assert!(!is_signed(a.public_key(), b"catch", signature));
        assert!(!is_signed(b.public_key(), b"match", signature));
        assert!(!is_signed(Bytes([0; 32]), b"match", Bytes([0; 64])), "a weak key");
    }

    #[test]
    fn a_quorum_is_rounded_up() {
        let of = |stakes: &[i128], quorum| {
            let operator = |(n, stake): (usize, &i128)| Operator {
                key: EntityKey(n as u64),
                stake: Spon::from_base(*stake),
                public_key: Bytes([0; 32]),
            };
            let operators = stakes.iter().enumerate().map(operator).collect();
            Committee { operators, quorum: BasisPoints(quorum), group_key: Bytes([0; 32]) }
                .quorum_stake()
                .base()
        };
        assert_eq!(of(&[1, 1, 1], 6_667), 3, "2.0001 of 3");
        assert_eq!(of(&[10_000, 20_000], 6_667), 20_001);
        assert_eq!(of(&[5], 0), 0);
        assert_eq!(of(&[], 6_667), 0);
    }
}
