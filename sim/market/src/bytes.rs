//! Fixed numbers of bytes that are written as hex: hashes, public keys, signatures.

use sha2::{Digest, Sha256};
use std::fmt;

/// `N` bytes. In text two lower-case hex digits each.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes<const N: usize>(pub [u8; N]);

/// A SHA-256 value.
pub type Hash = Bytes<32>;
/// An Ed25519 public key.
pub type PublicKey = Bytes<32>;
/// An Ed25519 signature.
pub type Signature = Bytes<64>;

impl Hash {
    /// SHA-256 of `parts`, one after the other.
    pub fn of(parts: &[&[u8]]) -> Hash {
        let hasher = parts.iter().fold(Sha256::new(), |hasher, part| hasher.chain_update(part));
        Bytes(hasher.finalize().into())
    }
}

/// SHA-256 of what is added bit by bit.
#[derive(Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    /// Goes on with `bytes`.
    pub(crate) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that was added.
    pub(crate) fn finish(self) -> Hash {
        Bytes(self.0.finalize().into())
    }
}

impl<const N: usize> Bytes<N> {
    /// Reads what `Display` writes, and nothing else.
    ///
    /// ```
    /// # use market::Bytes;
    /// assert_eq!(Bytes::from_hex("00ff"), Some(Bytes([0, 255])));
    /// assert_eq!(Bytes::<2>::from_hex("00FF"), None);
    /// assert_eq!(Bytes([0, 255]).to_string(), "00ff");
    /// ```
    pub fn from_hex(text: &str) -> Option<Bytes<N>> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != N || !rest.is_empty() {
            return None;
        }
        let mut bytes = [0; N];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Bytes(bytes))
    }
}

impl<const N: usize> fmt::Display for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
