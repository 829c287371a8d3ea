//! Stake: what the provider can lose.

use super::forms;
use crate::fixed;
use units::{Ppm, Spon};

forms! {
    /// How stake `S` is scored, up to a cap that is a multiple of the minimum.
    StakeForm {
        /// `ln(1 + S / S_min) / ln(1 + cap / S_min)`: the higher the likelier, says the source;
        /// that it flattens is ours (protocol.md 9.4). Rewards splitting.
        Log = "log",
        /// `S / cap`, as Livepeer and Lava weigh it (protocol.md 4.4). Splitting is neutral.
        Linear = "linear",
        /// `sqrt(S / cap)` (protocol.md 9.4).
        SquareRoot = "square_root",
        /// `S / (S + S_min)`, without a cap: one minimum scores a half (economics.md 1.3).
        Saturating = "saturating",
    }
}

/// The score of `stake`. With no minimum there is nothing to measure by and everybody scores in
/// full.
///
/// ```
/// # use market::factor::{self, StakeForm};
/// # use units::{Ppm, Spon};
/// let minimum = Spon::from_base(1_000);
/// let score = |stake, form| factor::stake(Spon::from_base(stake), minimum, 50, form);
/// assert_eq!(score(50_000, StakeForm::Log), Ppm::ONE);
/// assert_eq!(score(0, StakeForm::Log), Ppm::ZERO);
/// assert_eq!(score(12_500, StakeForm::Linear), Ppm(250_000));
/// assert_eq!(score(12_500, StakeForm::SquareRoot), Ppm(500_000));
/// assert_eq!(score(1_000, StakeForm::Saturating), Ppm(500_000));
/// ```
pub fn stake(stake: Spon, stake_min: Spon, cap_multiple: u32, form: StakeForm) -> Ppm {
    if stake_min <= Spon::ZERO {
        return Ppm::ONE;
    }
    let cap = u64::from(cap_multiple) << 32;
    let whole = compute_multiple(stake, stake_min);
    let multiple = whole.min(cap);
    match form {
        StakeForm::Log => {
            let share = |multiple: u64| fixed::ln(fixed::ONE.saturating_add(multiple));
            Ppm::ratio_rounded_down(share(multiple).unsigned_abs(), share(cap).unsigned_abs())
        }
        StakeForm::Linear => Ppm::ratio_rounded_down(multiple, cap),
        StakeForm::SquareRoot => {
            let square = (u128::from(multiple) * 1_000_000_000_000).checked_div(u128::from(cap));
            let root = square.unwrap_or(0).isqrt();
            Ppm(u32::try_from(root).expect("the root of at most a million squared"))
        }
        StakeForm::Saturating => {
            Ppm::ratio_rounded_down(whole >> 1, (whole >> 1).saturating_add(fixed::ONE >> 1))
        }
    }
}

/// `stake / stake_min` in Q32.32, as large as that goes; a debt counts as nothing.
fn compute_multiple(stake: Spon, stake_min: Spon) -> u64 {
    let (mut part, mut whole) = (stake.base().max(0), stake_min.base());
    // All the tokens there are need 90 bits; beyond 95, bits that no score shows give room.
    while part >> 95 != 0 && whole > 1 {
        (part, whole) = (part >> 1, whole >> 1);
    }
    let multiple = part.checked_mul(1 << 32).map_or(i128::MAX, |scaled| scaled / whole);
    u64::try_from(multiple).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stake_beyond_any_supply_is_still_scored() {
        let (most, half) = (Spon::from_base(i128::MAX), Spon::from_base(i128::MAX / 2));
        let (one, two) = (Spon::from_base(1), Spon::from_base(2));
        for (_, form) in StakeForm::NAMED {
            assert!(stake(most, one, u32::MAX, *form) >= Ppm(999_999), "{form:?}");
            let [huge, small] = [stake(half, most, 1, *form), stake(one, two, 1, *form)];
            assert!(huge.0.abs_diff(small.0) <= 1, "{form:?}: a half is a half, in any unit");
            assert_eq!(stake(Spon::from_base(-5), one, 50, *form), Ppm::ZERO, "{form:?}");
            assert_eq!(stake(Spon::ZERO, Spon::ZERO, 50, *form), Ppm::ONE, "{form:?}");
        }
    }

    #[test]
    fn more_stake_never_scores_less() {
        for (_, form) in StakeForm::NAMED {
            let scores: Vec<Ppm> = (0..3_000)
                .map(|n| stake(Spon::from_base(n * 37), Spon::from_base(1_000), 50, *form))
                .collect();
            assert!(scores.is_sorted(), "{form:?}");
        }
    }
}
