//! The counter-based random function that draws and beacons share: Philox4x32-10.
//!
//! Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
//! The known answers in the tests are those of the authors' Random123 library. A value is a pure
//! function of key and counter, so nothing depends on who asked first.

const ROUNDS: usize = 10;
const MULTIPLIERS: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Ten rounds of Philox on a counter of four words under a key of two.
// Twenty multiplications that wait for each other: inside a loop, several run side by side.
#[inline(always)]
pub fn philox4x32(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let low = MULTIPLIERS[0] * u64::from(counter[0]);
        let high = MULTIPLIERS[1] * u64::from(counter[2]);
        counter = [
            (high >> 32) as u32 ^ counter[1] ^ key[0],
            high as u32,
            (low >> 32) as u32 ^ counter[3] ^ key[1],
            low as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

/// A key of Philox: one family of values, each a function of an entity and an ordinal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Philox {
    key: [u32; 2],
}

impl Philox {
    /// The family under a 64-bit key.
    pub const fn new(key: u64) -> Philox {
        Philox { key: [key as u32, (key >> 32) as u32] }
    }

    /// The two 64-bit values of `(entity, ordinal)`.
    #[inline]
    pub fn pair(self, entity: u64, ordinal: u64) -> [u64; 2] {
        let counter =
            [entity as u32, (entity >> 32) as u32, ordinal as u32, (ordinal >> 32) as u32];
        let [a, b, c, d] = philox4x32(counter, self.key);
        [u64::from(a) | u64::from(b) << 32, u64::from(c) | u64::from(d) << 32]
    }

    /// The first 64-bit value of `(entity, ordinal)`.
    #[inline]
    pub fn value(self, entity: u64, ordinal: u64) -> u64 {
        self.pair(entity, ordinal)[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_the_authors_hold() {
        assert_eq!(
            philox4x32([0; 4], [0; 2]),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        );
        assert_eq!(
            philox4x32([u32::MAX; 4], [u32::MAX; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(
            philox4x32(
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0]
            ),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        );
    }
}
