//! Dividing a budget by shares: everyone's part is rounded down, the remainder has a name.

use crate::wide::mul_div_rounded_down;

/// A budget divided: the parts in the order of the shares, and what rounding left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The part of each share, rounded down.
    pub parts: Vec<u128>,
    /// What nobody got; the whole budget when nobody has a share.
    pub undistributed: u128,
}

/// Divides `budget` in proportion to `shares`: `floor(budget x share / sum)` (economics.md 1.11).
///
/// Less than one unit per share stays undistributed. A larger share of a larger sum never gets
/// less: raising one's own share alone cannot lower one's part.
///
/// ```
/// # use mechanism::split::split_rounded_down;
/// let split = split_rounded_down(100, &[1, 1, 1]);
/// assert_eq!((split.parts, split.undistributed), (vec![33, 33, 33], 1));
/// ```
///
/// # Panics
/// When the shares add up to more than 128 bits.
pub fn split_rounded_down(budget: u128, shares: &[u128]) -> Split {
    let add = |sum: u128, share: &u128| sum.checked_add(*share).expect("shares are below 2^127");
    let whole = shares.iter().fold(0, add);
    let part = |&share: &u128| match share {
        0 => 0,
        share => mul_div_rounded_down(budget, share, whole),
    };
    let parts: Vec<u128> = shares.iter().map(part).collect();
    let undistributed = budget - parts.iter().sum::<u128>();
    Split { parts, undistributed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_remainder_are_the_budget_and_the_remainder_is_small() {
        for budget in [0, 1, 99, 10_u128.pow(27), u128::MAX] {
            for shares in [&[7_u128][..], &[1, 2, 3], &[0, 5, 0, u128::MAX / 2], &[1; 64]] {
                let split = split_rounded_down(budget, shares);
                assert_eq!(split.parts.iter().sum::<u128>() + split.undistributed, budget);
                assert!(split.undistributed < shares.len() as u128);
                let is_idle = |(part, share): (&u128, &u128)| *share > 0 || *part == 0;
                assert!(split.parts.iter().zip(shares).all(is_idle));
            }
        }
    }

    #[test]
    fn without_shares_nothing_is_distributed() {
        for shares in [&[][..], &[0, 0]] {
            let split = split_rounded_down(50, shares);
            assert_eq!((split.parts.len(), split.undistributed), (shares.len(), 50));
            assert!(split.parts.iter().all(|part| *part == 0));
        }
    }

    #[test]
    fn a_larger_share_of_ones_own_never_gets_less() {
        let mut last = 0;
        for share in 0..500 {
            let part = split_rounded_down(1_000, &[share, 37, 91]).parts[0];
            assert!(part >= last, "share {share}");
            last = part;
        }
    }
}
