//! The proof that two runs were the same: a running SHA-256 over receipts, sealed now and then.
//!
//! It covers what happened, receipts in order and a hash of the state at each era, and not how: a
//! change that pops fewer events leaves it alone. Seals let two runs find where they part.

use sha2::{Digest as _, Sha256};
use std::fmt;

/// Receipts between two seals.
const SEAL_EVERY: u64 = 4096;

/// Marks that keep records of different kinds apart in the hashed stream.
const RECEIPT: u8 = 0;
const ERA: u8 = 1;

/// Why a seal was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SealKind {
    /// Another 4,096 receipts.
    Receipts,
    /// The end of this era.
    Era(u32),
}

/// The state of the digest at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Why it was set.
    pub kind: SealKind,
    /// Receipts before it.
    pub receipts: u64,
    /// SHA-256 over everything before it.
    pub hash: [u8; 32],
}

impl fmt::Display for Seal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            SealKind::Receipts => write!(out, "the seal at {} receipts", self.receipts),
            SealKind::Era(era) => {
                write!(out, "the seal of era {era} ({} receipts)", self.receipts)
            }
        }
    }
}

/// What a finished digest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestReport {
    /// SHA-256 over the whole run, in hexadecimal.
    pub digest: String,
    /// How many receipts it covers.
    pub receipts: u64,
    /// Its seals in order.
    pub seals: Vec<Seal>,
}

/// A running digest.
///
/// ```
/// # use engine::digest::Digest;
/// let mut digest = Digest::new();
/// digest.receipt(b"order opened");
/// digest.seal_era(0, &[0; 32]);
/// assert_eq!(digest.finish().seals.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Digest {
    hash: Sha256,
    receipts: u64,
    seals: Vec<Seal>,
}

impl Digest {
    /// Over nothing yet.
    pub fn new() -> Digest {
        Digest::default()
    }

    /// Takes the bytes of one receipt.
    pub fn receipt(&mut self, bytes: &[u8]) {
        self.record(RECEIPT, bytes);
        self.receipts += 1;
        if self.receipts.is_multiple_of(SEAL_EVERY) {
            self.seal(SealKind::Receipts);
        }
    }

    /// Takes the hash of the state at the end of an era, and seals.
    pub fn seal_era(&mut self, era: u32, state_hash: &[u8]) {
        self.record(ERA, &era.to_le_bytes());
        self.record(ERA, state_hash);
        self.seal(SealKind::Era(era));
    }

    /// Closes the digest.
    pub fn finish(self) -> DigestReport {
        let digest = to_hex(&self.hash.finalize());
        DigestReport { digest, receipts: self.receipts, seals: self.seals }
    }

    /// The length in front keeps two records from being read as one.
    fn record(&mut self, mark: u8, bytes: &[u8]) {
        self.hash.update([mark]);
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
    }

    fn seal(&mut self, kind: SealKind) {
        let hash = self.hash.clone().finalize().into();
        self.seals.push(Seal { kind, receipts: self.receipts, hash });
    }
}

/// Where two runs part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The last seal that both share, if any: they part after it.
    pub last_equal: Option<Seal>,
    /// The first run's next seal, if it has one.
    pub first: Option<Seal>,
    /// The second run's next seal, if it has one.
    pub second: Option<Seal>,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.second) {
            (Some(first), Some(second)) if first.kind == second.kind => {
                write!(out, "{first} differs")?;
            }
            (Some(first), Some(second)) => write!(out, "{first} stands against {second}")?,
            (Some(only), None) => write!(out, "only the first run has {only}")?,
            (None, Some(only)) => write!(out, "only the second run has {only}")?,
            (None, None) => write!(out, "no seal differs")?,
        }
        match self.last_equal {
            Some(seal) => write!(out, "; the last they share is {seal}"),
            None => write!(out, "; they share no seal"),
        }
    }
}

/// The first seal in which two runs differ; none when they are the same to the last seal.
pub fn first_difference(a: &[Seal], b: &[Seal]) -> Option<Difference> {
    let equal = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    if equal == a.len() && equal == b.len() {
        return None;
    }
    let last_equal = a[..equal].last().copied();
    Some(Difference { last_equal, first: a.get(equal).copied(), second: b.get(equal).copied() })
}

/// Builds the hash of a state from its fields, taken in a fixed order.
///
/// Fields of different type or length never run together: each is preceded by its length.
///
/// ```
/// # use engine::digest::StateHasher;
/// let hash = StateHasher::new().u64(7).i128(-1).bytes(b"escrow").finish();
/// assert_ne!(hash, StateHasher::new().u64(7).i128(-2).bytes(b"escrow").finish());
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateHasher {
    hash: Sha256,
}

impl StateHasher {
    /// Over no field yet.
    pub fn new() -> StateHasher {
        StateHasher::default()
    }

    /// Takes an unsigned number.
    pub fn u64(&mut self, number: u64) -> &mut StateHasher {
        self.bytes(&number.to_le_bytes())
    }

    /// Takes an amount.
    pub fn i128(&mut self, number: i128) -> &mut StateHasher {
        self.bytes(&number.to_le_bytes())
    }

    /// Takes bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut StateHasher {
        self.hash.update((bytes.len() as u64).to_le_bytes());
        self.hash.update(bytes);
        self
    }

    /// The hash of all fields so far.
    pub fn finish(&self) -> [u8; 32] {
        self.hash.clone().finalize().into()
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run of `receipts` receipts and two eras, with one receipt changed.
    fn run(receipts: u64, changed: Option<u64>) -> DigestReport {
        let mut digest = Digest::new();
        for n in 0..receipts {
            let content = if changed == Some(n) { u64::MAX } else { n };
            digest.receipt(&content.to_le_bytes());
            if n == receipts / 2 {
                digest.seal_era(0, &[1; 32]);
            }
        }
        digest.seal_era(1, &[2; 32]);
        digest.finish()
    }

    #[test]
    fn equal_runs_have_equal_digests_and_seals() {
        let report = run(10_000, None);
        assert_eq!(report, run(10_000, None));
        assert_eq!(report.receipts, 10_000);
        assert_eq!(
            report.seals.iter().map(|seal| seal.receipts).collect::<Vec<_>>(),
            [4096, 5001, 8192, 10_000]
        );
        assert_eq!(first_difference(&report.seals, &report.seals), None);
    }

    #[test]
    fn a_changed_receipt_is_found_between_two_seals() {
        let (a, b) = (run(10_000, None), run(10_000, Some(4500)));
        assert_ne!(a.digest, b.digest);
        let difference = first_difference(&a.seals, &b.seals).unwrap();
        assert_eq!(difference.first.unwrap().kind, SealKind::Era(0));
        assert_eq!(
            difference.to_string(),
            "the seal of era 0 (5001 receipts) differs; \
             the last they share is the seal at 4096 receipts"
        );
    }

    #[test]
    fn a_shorter_run_is_told_apart() {
        let whole = run(10_000, None);
        let difference = first_difference(&whole.seals, &whole.seals[..1]).unwrap();
        assert_eq!(difference.second, None);
        assert!(difference.to_string().starts_with("only the first run has the seal of era 0"));
    }

    #[test]
    fn records_never_run_together() {
        let digest = |parts: &[&[u8]]| {
            let mut digest = Digest::new();
            parts.iter().for_each(|part| digest.receipt(part));
            digest.finish().digest
        };
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_ne!(digest(&[b""]), digest(&[]));
        assert_ne!(digest(&[b"", b""]), digest(&[b""]));
    }

    /// The digest of nothing is SHA-256 of nothing (FIPS 180-4, example of the empty message).
    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(
            Digest::new().finish().digest,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        let mut digest = Digest::new();
        digest.receipt(b"abc");
        let expected = "7e47cb99d8e4af79b92f2b180f4c9324720a2d16aa3b2e4aaed908e654902595";
        assert_eq!(digest.finish().digest, expected, "mark 0, length 3, abc");
    }
}
