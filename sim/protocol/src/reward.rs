//! Points of an era and the division of its budget.

use crate::params::{Params, PoolRules, Rewards};
use crate::registry::Registration;
use crate::reward_mode::{PoolSplit, RewardMode};
use mechanism::wide::mul_div_rounded_down;
use units::{BasisPoints, Ppm, Span, Spon, TokenPrice};

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

/// What providers under one kind of rules share in an era, and how (economics.md 1.11).
#[derive(Clone, Copy, Debug)]
pub struct Pot {
    /// Most that is paid, in base units of the token.
    pub budget: i128,
    /// How it is shared.
    pub mode: RewardMode,
    /// The token's price.
    pub price: TokenPrice,
    /// The length of an era.
    pub era: Span,
    /// GPU-time that was paid for, in GPU-nanoseconds.
    pub served_gpu_ns: u128,
    /// GPU-time that was proven, in GPU-nanoseconds.
    pub proven_gpu_ns: u128,
}

impl Pot {
    /// The pot of an era; `uptimes` are those of the registered.
    pub fn of(
        budget: i128,
        price: TokenPrice,
        registry: &[Registration],
        uptimes: impl Iterator<Item = Ppm>,
        rules: PoolRules,
        params: &Params,
    ) -> Pot {
        let (mode, era) = (params.rewards.mode, params.rewards.era);
        let budget = compute_budget_rounded_down(budget, registry, rules, params.rewards.split);
        let mut pot = Pot { budget, mode, price, era, served_gpu_ns: 0, proven_gpu_ns: 0 };
        for (one, uptime) in registry.iter().zip(uptimes).filter(|(one, _)| one.rules == rules) {
            let time = u128::from(one.gpus.0) * u128::from(era.nanos());
            pot.served_gpu_ns += one.era.served_gpu_ns;
            pot.proven_gpu_ns += time * u128::from(uptime.0) / u128::from(Ppm::ONE.0);
        }
        pot
    }

    /// What a provider with so many points claims: its points, or tokens. Rounded down.
    pub fn claim_rounded_down(&self, one: &Registration, points: u64, uptime: Ppm) -> u128 {
        match self.mode {
            RewardMode::Off => 0,
            RewardMode::Points
            | RewardMode::UtilizationGap { .. }
            | RewardMode::PayerBand { .. } => points.into(),
            RewardMode::UsdFloor { per_gpu_hour } => {
                let weight = u128::from(one.gpus.0) * u128::from(one.multiplier_hundredths);
                let proven = weight * u128::from(uptime.0) * u128::from(self.era.nanos());
                // Millionths of the time times hundredths of a multiplier.
                let whole = 100_000_000 * u128::from(Span::HOUR.nanos());
                let floor = mul_div_rounded_down(per_gpu_hour.nanos().into(), proven, whole);
                self.tokens_rounded_down(floor.saturating_sub(one.era.revenue_nanos))
            }
            RewardMode::RevenueMatch { share } => {
                let (share, whole) = (u128::from(share.0), u128::from(BasisPoints::WHOLE.0));
                let nanos = mul_div_rounded_down(one.era.revenue_nanos, share, whole);
                self.tokens_rounded_down(nanos)
            }
        }
    }

    /// What one of `claims` in all brings, rounded down: what nobody gets stays in the pool.
    pub fn share_rounded_down(&self, claim: u128, claims: u128) -> i128 {
        if claims == 0 {
            return 0;
        }
        part_rounded_down(self.paid_rounded_down(claims), claim, claims)
    }

    /// What is paid in all when `claims` are made.
    fn paid_rounded_down(&self, claims: u128) -> i128 {
        match self.mode {
            RewardMode::Off => 0,
            RewardMode::Points | RewardMode::PayerBand { .. } => self.budget,
            RewardMode::UsdFloor { .. } | RewardMode::RevenueMatch { .. } => {
                self.budget.min(i128::try_from(claims).unwrap_or(i128::MAX))
            }
            RewardMode::UtilizationGap { full_at } => {
                let full = self.proven_gpu_ns * u128::from(full_at.0) / u128::from(Ppm::ONE.0);
                let idle = full.saturating_sub(self.served_gpu_ns);
                if full == 0 { 0 } else { part_rounded_down(self.budget, idle, full) }
            }
        }
    }

    fn tokens_rounded_down(&self, nanos: u128) -> u128 {
        let one = Spon::ONE.base().unsigned_abs();
        mul_div_rounded_down(nanos, one, self.price.nanos().into())
    }
}

/// The part of a budget that goes to providers under `rules`: what is declared, or by
/// multiplier-weighted GPUs.
pub fn compute_budget_rounded_down(
    emission: i128,
    registry: &[Registration],
    rules: PoolRules,
    split: Option<PoolSplit>,
) -> i128 {
    if let Some(split) = split {
        let share = match rules {
            PoolRules::Provider => split.provider,
            PoolRules::Fizz => split.fizz,
        };
        return share.of_rounded_down(emission);
    }
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
        assert_eq!(compute_budget_rounded_down(100, &[], PoolRules::Fizz, None), 0);
    }

    #[test]
    fn what_is_lost_beyond_the_whole_leaves_nothing() {
        let weights = [10_000; 4].map(BasisPoints);
        assert_eq!(compute_delivery(weights, [Ppm::ONE; 4]), Ppm::ZERO);
    }
}
