//! Ratios as integers: basis points for rules, parts per million for scores.

/// A ratio in hundredths of a per cent; 10,000 is the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct BasisPoints(pub u32);

impl BasisPoints {
    /// The whole: 100 %.
    pub const WHOLE: BasisPoints = BasisPoints(10_000);

    /// This share of `amount`, the remainder dropped.
    ///
    /// ```
    /// # use units::BasisPoints;
    /// assert_eq!(BasisPoints(2_000).of_rounded_down(99), 19);
    /// ```
    pub fn of_rounded_down(self, amount: i128) -> i128 {
        assert!(amount >= 0, "a share is taken of what is there, not of a debt");
        amount.checked_mul(i128::from(self.0)).expect("amounts are far below 2^113") / 10_000
    }

    /// This share of `amount`, a started unit taken in full.
    pub fn of_rounded_up(self, amount: i128) -> i128 {
        assert!(amount >= 0, "a share is taken of what is there, not of a debt");
        let product = amount.checked_mul(i128::from(self.0)).expect("amounts are far below 2^113");
        product / 10_000 + i128::from(product % 10_000 != 0)
    }
}

/// A ratio in millionths; 1,000,000 is the whole. Scores and uptimes are in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ppm(pub u32);

impl Ppm {
    /// Nothing.
    pub const ZERO: Ppm = Ppm(0);
    /// The whole.
    pub const ONE: Ppm = Ppm(1_000_000);

    /// `part / whole`, the remainder dropped, at most the whole; zero when there is no whole.
    ///
    /// ```
    /// # use units::Ppm;
    /// assert_eq!(Ppm::ratio_rounded_down(1, 3), Ppm(333_333));
    /// ```
    #[inline]
    pub fn ratio_rounded_down(part: u64, whole: u64) -> Ppm {
        if whole == 0 {
            return Ppm::ZERO;
        }
        // Nearly always it fits into 64 bits, where a division costs a quarter.
        let millionths = match part.checked_mul(1_000_000) {
            Some(scaled) => u128::from(scaled / whole),
            None => u128::from(part) * 1_000_000 / u128::from(whole),
        };
        Ppm(u32::try_from(millionths.min(1_000_000)).expect("at most a million"))
    }

    /// As a float, for analysis only.
    pub fn as_f64(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_roundings_differ_by_at_most_one_unit() {
        for amount in [0, 1, 99, 10_000, 123_456_789] {
            let share = BasisPoints(333);
            let difference = share.of_rounded_up(amount) - share.of_rounded_down(amount);
            assert!(difference == 0 || difference == 1);
        }
    }

    #[test]
    fn a_ratio_never_exceeds_the_whole() {
        assert_eq!(Ppm::ratio_rounded_down(5, 3), Ppm::ONE);
        assert_eq!(Ppm::ratio_rounded_down(5, 0), Ppm::ZERO);
    }
}
