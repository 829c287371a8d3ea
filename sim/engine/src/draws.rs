//! Keyed draws: chance as a function of seed, purpose, entity key and ordinal.
//!
//! There is no generator to share, so a value never depends on who asked first, on threads or on
//! how many other entities exist. What a purpose means is the caller's business.

use rand::distr::Distribution;
use rand::rand_core::utils::fill_bytes_via_next_word;
use rand::{Rng, TryRng};
use std::convert::Infallible;
use units::{EntityKey, Philox};

/// Ordinals have this many bits; the rest of Philox's second word counts blocks in a stream.
const ORDINAL_BITS: u32 = 56;
/// Values in one stream: 256 blocks of two.
const STREAM_LENGTH: u16 = 512;
/// 2^64 over the golden ratio: neighbouring purposes land far apart.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a draw is for; callers declare one constant per kind of question.
///
/// Two questions with different purposes never see the same stream. A constant, once used, keeps
/// its number: changing it changes results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Purpose(pub u32);

/// All the chance of one run.
///
/// ```
/// # use engine::draws::{Draws, Purpose};
/// # use units::EntityKey;
/// let (draws, tenant) = (Draws::new(1), EntityKey::group("tenant"));
/// let first = draws.at(Purpose(3), tenant, 0).unit();
/// let _other = draws.at(Purpose(4), tenant, 0).unit();
/// assert_eq!(draws.at(Purpose(3), tenant, 0).unit(), first);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Draws {
    mixed_seed: u64,
}

impl Draws {
    /// The chance of the run with this seed.
    pub const fn new(seed: u64) -> Draws {
        Draws { mixed_seed: mix(seed) }
    }

    /// The stream of `(purpose, key, ordinal)`, from its beginning.
    ///
    /// # Panics
    /// When `ordinal` needs more than 56 bits.
    #[inline]
    pub const fn at(&self, purpose: Purpose, key: EntityKey, ordinal: u64) -> Draw {
        assert!(ordinal >> ORDINAL_BITS == 0, "an ordinal of a draw has at most 56 bits");
        let step = (purpose.0 as u64).wrapping_mul(GOLDEN);
        let philox = Philox::new(mix(self.mixed_seed.wrapping_add(step)));
        Draw { philox, key: key.0, base: ordinal << (64 - ORDINAL_BITS), used: 0, spare: 0 }
    }
}

/// A bijection of 64 bits in which every input bit moves about half of the output bits.
///
/// Source: Stafford's variant 13 of the finalizer of MurmurHash3, as in SplitMix64 (Steele, Lea
/// and Flood 2014).
const fn mix(word: u64) -> u64 {
    let word = (word ^ word >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ word >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ word >> 31
}

/// One stream of 512 values of 64 bits; also a generator for everything `rand` offers.
///
/// Not `Copy`: a copy by accident would repeat values.
#[derive(Clone, Debug)]
pub struct Draw {
    philox: Philox,
    key: u64,
    base: u64,
    used: u16,
    spare: u64,
}

impl Draw {
    /// The next 64 bits.
    ///
    /// # Panics
    /// After 512 values: a question that may need more should take one ordinal per part.
    #[inline]
    pub fn word(&mut self) -> u64 {
        let used = self.used;
        self.used += 1;
        if used % 2 == 1 {
            return self.spare;
        }
        assert!(used < STREAM_LENGTH, "a stream of draws ends after 512 values");
        let [first, second] = self.philox.pair(self.key, self.base | u64::from(used / 2));
        self.spare = second;
        first
    }

    /// A float in [0, 1), one of 2^53 with equal chances.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.word() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A float in (0, 1), never 0 or 1, symmetric about one half.
    #[inline]
    pub fn unit_open(&mut self) -> f64 {
        unit_open(self)
    }

    /// A whole number below `bound`, all with exactly equal chances.
    ///
    /// Source: Lemire, "Fast random integer generation in an interval" (2019).
    ///
    /// # Panics
    /// When `bound` is zero.
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "no number is below zero");
        let mut product = u128::from(self.word()) * u128::from(bound);
        if (product as u64) < bound {
            let unfair = bound.wrapping_neg() % bound;
            while (product as u64) < unfair {
                product = u128::from(self.word()) * u128::from(bound);
            }
        }
        (product >> 64) as u64
    }

    /// A value of `law`.
    #[inline]
    pub fn sample(&mut self, law: &impl Distribution<f64>) -> f64 {
        law.sample(self)
    }
}

/// A float in (0, 1), symmetric about one half: the middles of 2^52 equal intervals.
///
/// Never 0 or 1, so an inverse distribution function is finite on it, and `1 - u` is exact.
#[inline]
pub(crate) fn unit_open<R: Rng + ?Sized>(random: &mut R) -> f64 {
    unit_open_of_word(random.next_u64())
}

/// The same of a word at hand.
#[inline]
pub(crate) fn unit_open_of_word(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

impl TryRng for Draw {
    type Error = Infallible;

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.word() >> 32) as u32)
    }

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.word())
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(bytes, || self.try_next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const KEY: EntityKey = EntityKey(0x0123_4567_89AB_CDEF);

    fn draw(seed: u64, purpose: u32, key: u64, ordinal: u64) -> Draw {
        Draws::new(seed).at(Purpose(purpose), EntityKey(key), ordinal)
    }

    #[test]
    fn the_values_of_a_stream_never_change() {
        let mut stream = Draws::new(1).at(Purpose(2), KEY, 3);
        let words: Vec<u64> = (0..4).map(|_| stream.word()).collect();
        assert_eq!(words, KNOWN_WORDS);
    }

    /// Computed apart from this code, in Python, from the papers of Philox and SplitMix64.
    const KNOWN_WORDS: [u64; 4] = [
        0x3f84_069e_4c71_01ad,
        0x37eb_74f1_3422_b269,
        0x8e5e_35eb_ba36_83df,
        0xef05_1c5d_fc26_58d0,
    ];

    #[test]
    fn seed_purpose_key_ordinal_and_place_each_change_the_value() {
        let mut seen = BTreeSet::new();
        for (seed, purpose, key, ordinal) in
            (0..10_000).map(|n| (n % 10, (n / 10 % 10) as u32, n / 100 % 10, n / 1000))
        {
            let mut stream = draw(seed, purpose, key, ordinal);
            seen.extend([stream.word(), stream.word(), stream.word()]);
        }
        assert_eq!(seen.len(), 30_000);
    }

    #[test]
    fn a_whole_stream_has_512_different_values() {
        let mut stream = draw(1, 1, 1, (1 << 56) - 1);
        let seen: BTreeSet<u64> = (0..512).map(|_| stream.word()).collect();
        assert_eq!(seen.len(), 512);
    }

    #[test]
    #[should_panic(expected = "512 values")]
    fn a_stream_ends_loudly() {
        let mut stream = draw(1, 1, 1, 1);
        (0..513).for_each(|_| {
            stream.word();
        });
    }

    #[test]
    #[should_panic(expected = "56 bits")]
    fn an_ordinal_of_57_bits_is_refused() {
        draw(1, 1, 1, 1 << 56);
    }

    /// Lag-one correlation along each axis; one in a thousand of right generators would fail.
    #[test]
    fn neighbours_along_every_axis_are_uncorrelated() {
        const N: u64 = 100_000;
        let axes: [fn(u64) -> Draw; 4] = [
            |n| draw(n, 1, 1, 1),
            |n| draw(1, n as u32, 1, 1),
            |n| draw(1, 1, n, 1),
            |n| draw(1, 1, 1, n),
        ];
        for axis in axes {
            let values: Vec<f64> = (0..=N).map(|n| axis(n).unit() - 0.5).collect();
            let lagged: f64 = values.windows(2).map(|pair| pair[0] * pair[1]).sum();
            let mean: f64 = values.iter().sum::<f64>() / N as f64;
            assert!((lagged * 12.0 / (N as f64).sqrt()).abs() < 3.7);
            assert!((mean * (12.0 * N as f64).sqrt()).abs() < 3.7);
        }
    }

    #[test]
    fn floats_stay_in_their_intervals() {
        for n in 0..100_000 {
            let mut stream = draw(5, 0, 0, n);
            assert!((0.0..1.0).contains(&stream.unit()));
            let open = stream.unit_open();
            assert!(open > 0.0);
            assert!(open < 1.0);
        }
    }

    /// Chi-square with 6 degrees of freedom: 22.46 is passed once in a thousand.
    #[test]
    fn whole_numbers_below_seven_are_fair() {
        let mut counts = [0_u32; 7];
        for n in 0..70_000 {
            counts[draw(9, 0, 0, n).below(7) as usize] += 1;
        }
        let chi: f64 = counts.iter().map(|&c| (f64::from(c) - 1e4).powi(2) / 1e4).sum();
        assert!(chi < 22.46, "{counts:?}");
        assert_eq!(draw(9, 0, 0, 0).below(1), 0);
        let huge = (1 << 63) + 1;
        assert!((0..1000).all(|n| draw(9, 0, 0, n).below(huge) < huge));
    }

    #[test]
    fn rand_reads_the_same_stream() {
        let mut bytes = [0_u8; 12];
        draw(1, 1, 1, 1).fill_bytes(&mut bytes);
        let mut stream = draw(1, 1, 1, 1);
        assert_eq!(bytes[..8], stream.next_u64().to_le_bytes());
        assert_eq!(bytes[8..], stream.next_u64().to_le_bytes()[..4]);
    }
}
