//! Points of an era and the division of its budget.

use crate::params::{PoolRules, Rewards};
use crate::registry::Registration;
use mechanism::wide::mul_div_rounded_down;
use units::{BasisPoints, Ppm};

/// What a Fizz machine delivers of what it declared: `1 - sum of weight x shortfall`.
///
/// Source: protocol.md 3.1; its worked case is 0.855:
/// ```
/// # use protocol::compute_delivery;
/// # use units::{BasisPoints, Ppm};
/// let weights = [2_000, 1_000, 1_000, 6_000].map(BasisPoints);
/// let shortfalls = [100_000, 50_000, 0, 200_000].map(Ppm);
/// assert_eq!(compute_delivery(weights, shortfalls), Ppm(855_000));
/// ```
pub fn compute_delivery(weights: [BasisPoints; 4], shortfalls: [Ppm; 4]) -> Ppm {
    let pairs = weights.iter().zip(&shortfalls);
    let lost: u64 = pairs.map(|(w, s)| u64::from(w.0) * u64::from(s.0)).sum();
    Ppm(1_000_000 - (lost / 10_000).min(1_000_000) as u32)
}

/// Points of a provider in an era whatever its uptime, in millionths of a point.
///
/// Under provider rules `boost x GPUs x multiplier x base`, under Fizz rules
/// `base x multiplier x GPUs x delivery` (protocol.md 3.1).
pub fn compute_points(one: &Registration, rewards: &Rewards) -> u64 {
    let gpus = u64::from(one.gpus.0) * u64::from(one.multiplier_hundredths);
    match one.rules {
        PoolRules::Provider => {
            let tier = one.trust.expect("every provider under provider rules has a trust tier");
            let boost = u64::from(rewards.ladder[tier.index()].boost_hundredths);
            gpus * u64::from(rewards.provider_base) * boost * 100
        }
        PoolRules::Fizz => {
            let delivery = compute_delivery(rewards.fizz_weights, rewards.fizz_shortfalls);
            gpus * u64::from(rewards.fizz_base) * u64::from(delivery.0) / 100
        }
    }
}

/// Whether an era's uptime earns its reward.
pub fn is_rewarded(one: &Registration, uptime: Ppm, rewards: &Rewards) -> bool {
    match one.trust {
        Some(tier) => uptime >= rewards.ladder[tier.index()].slash_mark,
        None => uptime >= rewards.fizz_gate,
    }
}

/// `budget x points / total`, rounded down: what nobody gets stays in the pool.
pub fn compute_share_rounded_down(budget: i128, points: u64, total: u128) -> i128 {
    if total == 0 {
        return 0;
    }
    part_rounded_down(budget, u128::from(points), total)
}

/// The part of the emission that goes to providers under `rules`: by multiplier-weighted GPUs.
pub fn compute_budget_rounded_down(
    emission: i128,
    registry: &[Registration],
    rules: PoolRules,
) -> i128 {
    let weight =
        |one: &Registration| u128::from(one.gpus.0) * u128::from(one.multiplier_hundredths);
    let all: u128 = registry.iter().map(weight).sum();
    let ours: u128 = registry.iter().filter(|one| one.rules == rules).map(weight).sum();
    if all == 0 {
        return 0;
    }
    part_rounded_down(emission, ours, all)
}

fn part_rounded_down(amount: i128, part: u128, whole: u128) -> i128 {
    mul_div_rounded_down(amount.unsigned_abs(), part, whole) as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_shares_nothing() {
        assert_eq!(compute_share_rounded_down(100, 0, 0), 0);
        assert_eq!(compute_budget_rounded_down(100, &[], PoolRules::Fizz), 0);
    }

    #[test]
    fn what_is_lost_beyond_the_whole_leaves_nothing() {
        let weights = [10_000; 4].map(BasisPoints);
        assert_eq!(compute_delivery(weights, [Ppm::ONE; 4]), Ppm::ZERO);
    }
}
