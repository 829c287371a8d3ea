//! Ethereum's division of rewards, as a case of dividing a budget by shares.

use mechanism::split::split_rounded_down;

/// Weights of source, target, head, sync committee and proposer, of 64 (Altair).
const WEIGHTS: [u128; 5] = [14, 26, 14, 2, 8];

/// Base reward of one ether of effective balance, in gwei: 64 x 10^9 / isqrt(total in gwei).
fn base_reward(staked_ether: u128) -> u128 {
    64_000_000_000 / (staked_ether * 1_000_000_000).isqrt()
}

/// economics.md 5.2: 2795 gwei at 524,288 ether staked, 22.9693 % in 82,180 epochs of a year.
#[test]
fn oracle_base_reward_and_perfect_yield_of_ethereum() {
    assert_eq!(base_reward(524_288), 2_795);
    // 2795 x 82,180 gwei of 10^9, in units of 10^-6.
    assert_eq!((base_reward(524_288) * 82_180 + 500) / 1_000, 229_693);
}

/// The identities of CADLabs' tests: the proposer has 1/8, attestations 54/64, of any budget.
#[test]
fn oracle_shares_of_ethereum() {
    assert_eq!(WEIGHTS.iter().sum::<u128>(), 64);
    for staked in [524_288, 1_000_000, 33_600_000] {
        let budget = base_reward(staked) * staked;
        let split = split_rounded_down(budget, &WEIGHTS);
        assert_eq!(split.parts[4], budget / 8);
        let attestations: u128 = split.parts[..3].iter().sum();
        assert!((budget * 54 / 64).abs_diff(attestations) <= 3, "each part is rounded down");
        assert!(split.undistributed < 5);
        // Of a budget that 64 divides, nothing is left and the identities are exact.
        let exact = split_rounded_down(64 * budget, &WEIGHTS);
        assert_eq!(exact.parts, WEIGHTS.map(|weight| weight * budget));
        assert_eq!(exact.undistributed, 0);
    }
}
