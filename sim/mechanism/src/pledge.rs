//! How much stake a provider must post: pledges by GPU, by reward and supply, by model.

use crate::wide::mul_div_rounded_up;
use ruint::aliases::U256;
use units::{BasisPoints, GpuCount, Ppm, Spon};

/// io.net's pledge (protocol.md 4.2): `base x max(1, multiplier) x gpus`, a started unit in full.
///
/// ```
/// # use mechanism::pledge::per_gpu_rounded_up;
/// # use units::{GpuCount, Ppm, Spon};
/// let base = Spon::from_base(200);
/// let h100 = per_gpu_rounded_up(base, Ppm(10_000_000), GpuCount(8));
/// assert_eq!(h100, Spon::from_base(16_000));
/// ```
pub fn per_gpu_rounded_up(base: Spon, multiplier: Ppm, gpus: GpuCount) -> Spon {
    let multiplier = u128::from(multiplier.max(Ppm::ONE).0) * u128::from(gpus.0);
    amount(mul_div_rounded_up(count(base), multiplier, u128::from(Ppm::ONE.0)))
}

/// Aethir's pledge (protocol.md 4.3): a model's number, in millionths, times a coefficient in
/// tokens, a started unit in full.
pub fn by_model_rounded_up(model_millionths: u64, coefficient: Spon) -> Spon {
    let whole = u128::from(Ppm::ONE.0);
    amount(mul_div_rounded_up(count(coefficient), u128::from(model_millionths), whole))
}

/// Filecoin's pledge for new power (economics.md 1.9): days of reward, and a share of the
/// circulating supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerPledge {
    /// Days of expected reward; 20 there.
    pub reward_days: u32,
    /// Share of the circulating supply that all power together locks; 30 % there.
    pub lock_target: BasisPoints,
    /// How much of that is shared by the larger of baseline and network, the rest by the network
    /// alone; 70 % there, once its ramp has ended.
    pub baseline_weight: BasisPoints,
    /// The most for a unit of power.
    pub per_unit_max: Spon,
}

/// What the pledge depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PowerFacts {
    /// The new power; more than zero.
    pub power: u128,
    /// All power there is.
    pub network: u128,
    /// The power that the schedule of growth expects.
    pub baseline: u128,
    /// Reward that the new power can expect in a day.
    pub daily_reward: Spon,
    /// Supply that is not locked.
    pub circulating: Spon,
}

impl PowerPledge {
    /// The pledge; both shares of the supply are rounded down as there, and at least one unit is
    /// pledged for the reward.
    ///
    /// # Panics
    /// When there is no power, or more than 2^100 units of it.
    pub fn pledge_rounded_down(&self, facts: PowerFacts) -> Spon {
        assert!(facts.power > 0 && facts.power <= 1 << 100, "power is registered before a pledge");
        let days = i128::from(self.reward_days);
        let reward = facts.daily_reward.base().checked_mul(days).expect("a reward is below 2^95");
        let widest = facts.network.max(facts.power);
        let by_baseline =
            self.share_rounded_down(&facts, self.baseline_weight, widest.max(facts.baseline));
        let rest = BasisPoints::WHOLE.0.checked_sub(self.baseline_weight.0);
        let rest = BasisPoints(rest.expect("validation refuses a weight above the whole"));
        let by_network = self.share_rounded_down(&facts, rest, widest);
        let pledge = Spon::from_base(reward.max(1)) + by_baseline + by_network;
        let most = count(self.per_unit_max).saturating_mul(facts.power).min(i128::MAX as u128);
        pledge.min(amount(most))
    }

    /// `weight x lock target x circulating x power / of`, rounded down once.
    fn share_rounded_down(&self, facts: &PowerFacts, weight: BasisPoints, of: u128) -> Spon {
        let whole = U256::from(BasisPoints::WHOLE.0);
        let rules = U256::from(weight.0) * U256::from(self.lock_target.0);
        let scaled = U256::from(count(facts.circulating)) * U256::from(facts.power) * rules;
        let share = u128::try_from(scaled / (U256::from(of) * whole * whole));
        amount(share.expect("a share of the supply is at most the supply"))
    }
}

fn count(amount: Spon) -> u128 {
    u128::try_from(amount.base()).expect("pledges are made of what is there")
}

fn amount(count: u128) -> Spon {
    Spon::from_base(i128::try_from(count).expect("a pledge is below 2^127"))
}
