//! When a fault does not pay: the stake that deters it, and how likely audits find it.

use super::Magnitudes;
use crate::wide::mul_div_rounded_up;
use units::{Base, BasisPoints, Ppm, Usd};

/// What somebody who could cheat weighs (economics.md 1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temptation {
    /// What cheating brings.
    pub gain: Usd,
    /// How likely it is found.
    pub detection: Ppm,
    /// Share of the stake that is lost then.
    pub slashed: BasisPoints,
    /// What future rents are worth that are lost then.
    pub future: Usd,
}

/// What becomes of the gain when the cheating is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gain {
    /// It stays with the cheat.
    Kept,
    /// It is taken back.
    ClawedBack,
}

impl Temptation {
    /// The least stake with which cheating does not pay, a started nano-dollar in full:
    /// `(G - qV) / (qf)` when the gain is kept, `((1 - q)G - qV) / (qf)` when it is taken back.
    ///
    /// None when no stake that an account can hold deters.
    ///
    /// # Panics
    /// When the detection is above the whole: validation refuses it.
    pub fn stake_min_rounded_up(&self, gain: Gain) -> Option<Usd> {
        let (found, whole) = (Base::from(self.detection.0), Base::from(Ppm::ONE.0));
        assert!(found <= whole, "validation refuses a detection above the whole");
        let enjoyed = match gain {
            Gain::Kept => whole,
            Gain::ClawedBack => whole - found,
        };
        // In millionths of nano-dollars: 2^63 times 10^10 is far below 2^127.
        let lacking = self.gain.base() * enjoyed - self.future.base() * found;
        if lacking <= 0 {
            return Some(Usd::ZERO);
        }
        let scaled = lacking * Base::from(BasisPoints::WHOLE.0);
        let taken = found * Base::from(self.slashed.0);
        let stake = scaled.checked_div(taken)? + Base::from(scaled % taken != 0);
        i64::try_from(stake).ok().map(Usd::from_nanos)
    }
}

/// How likely `audits` independent audits, each of which finds a fault with `chance`, all miss it:
/// `(1 - a)^k` in parts of 10^18, rounded up at each product.
///
/// # Panics
/// When the chance is above the whole: validation refuses it.
pub fn escape_rounded_up(chance: Ppm, audits: u32) -> u64 {
    assert!(chance <= Ppm::ONE, "validation refuses a chance above the whole");
    let whole = u128::from(Magnitudes::WHOLE);
    let times = |a: u128, b: u128| mul_div_rounded_up(a, b, whole);
    let missed = u128::from(Ppm::ONE.0 - chance.0) * (whole / u128::from(Ppm::ONE.0));
    let (mut power, mut square, mut left) = (whole, missed, audits);
    while left > 0 {
        if left & 1 == 1 {
            power = times(power, square);
        }
        square = times(square, square);
        left >>= 1;
    }
    u64::try_from(power).expect("a chance is at most the whole")
}

/// How likely one of `audits` finds the fault: `1 - (1 - a)^k`, rounded down.
pub fn detection_rounded_down(chance: Ppm, audits: u32) -> Ppm {
    let found = Magnitudes::WHOLE - escape_rounded_up(chance, audits);
    Ppm::ratio_rounded_down(found, Magnitudes::WHOLE)
}
