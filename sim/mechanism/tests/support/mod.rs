//! Random amounts for the properties: a function of the seed and of how many were asked for.

use units::Philox;

/// Draws for a test.
pub struct Lots {
    family: Philox,
    drawn: u64,
}

impl Lots {
    /// The draws of `seed`.
    pub fn new(seed: u64) -> Lots {
        Lots { family: Philox::new(seed), drawn: 0 }
    }

    /// Something under `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.drawn += 1;
        self.family.value(0, self.drawn) % bound
    }

    /// From 1 to `2^bits - 1`, every number of bits as likely as any other.
    #[allow(dead_code, reason = "not every test draws amounts")]
    pub fn amount(&mut self, bits: u64) -> i128 {
        let width = 1 + self.below(bits);
        let wide = u128::from(self.below(u64::MAX)) << 64 | u128::from(self.below(u64::MAX));
        let top = 1_u128 << (width - 1);
        i128::try_from(top | (wide % top)).expect("an amount has fewer than 127 bits")
    }
}
