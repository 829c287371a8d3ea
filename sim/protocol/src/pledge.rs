//! The least stake of a provider's machines, in the form that the network has.

use crate::params::{Params, Pledge};
use crate::registry::Registration;
use mechanism::pledge::{PowerFacts, by_model_rounded_up, per_gpu_rounded_up};
use units::{Ppm, Spon, TokenPrice, Usd};

/// Works out everybody's least stake anew, at the token's `price`.
pub(crate) fn review(registry: &mut [Registration], price: TokenPrice, params: &Params) {
    let network = registry.iter().map(compute_power).sum();
    for one in registry {
        one.stake_min = compute_stake_min(one, network, price, params);
    }
}

/// GPUs times multiplier, in hundredths.
pub(crate) fn compute_power(one: &Registration) -> u128 {
    u128::from(one.gpus.0) * u128::from(one.multiplier_hundredths)
}

/// The least stake for the machines of `one` beside a `network` of such power. Forms by GPU round
/// up, that by power rounds down as on Filecoin.
pub(crate) fn compute_stake_min(
    one: &Registration,
    network: u128,
    price: TokenPrice,
    params: &Params,
) -> Spon {
    let multiplier = Ppm(one.multiplier_hundredths.saturating_mul(10_000));
    match params.stake.pledge {
        Pledge::Dollars { per_gpu } => {
            // The form is the same in any unit of account.
            let nanos = Spon::from_base(per_gpu.base());
            let dollars = per_gpu_rounded_up(nanos, multiplier, one.gpus).base();
            price.tokens_rounded_up(Usd::from_base(dollars))
        }
        Pledge::Tokens { per_gpu } => per_gpu_rounded_up(per_gpu, multiplier, one.gpus),
        Pledge::Model { coefficient } => {
            by_model_rounded_up(u64::from(multiplier.0) * u64::from(one.gpus.0), coefficient)
        }
        Pledge::Power { rule, circulating } => {
            let power = compute_power(one);
            if power == 0 {
                return Spon::ZERO;
            }
            let emission = params.emission.first_rounded_down();
            let daily_reward = crate::stake::share_rounded_down(emission, power, network);
            // No growth is scheduled: the baseline is what there is.
            let baseline = network;
            rule.pledge_rounded_down(PowerFacts {
                power,
                network,
                baseline,
                daily_reward,
                circulating,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::PoolRules;
    use crate::testing::{params, registration, tokens};
    use mechanism::pledge::PowerPledge;
    use units::BasisPoints;

    const PRICE: TokenPrice = TokenPrice::from_nanos(30_000_000);

    fn least(pledge: Pledge, gpus: u32, hundredths: u32, price: TokenPrice) -> Spon {
        let mut params = params();
        params.stake.pledge = pledge;
        let mut all = [(gpus, hundredths), (8, 100)]
            .map(|(gpus, hundredths)| registration(PoolRules::Provider, gpus, hundredths));
        review(&mut all, price, &params);
        all[0].stake_min
    }

    #[test]
    fn the_forms_by_gpu_are_those_of_the_networks() {
        // protocol.md 4.2: 8 H100 of multiplier 10 need 16,000; a multiplier under 1 counts as 1.
        let io = Pledge::Tokens { per_gpu: tokens(200) };
        assert_eq!(least(io, 8, 1_000, PRICE), tokens(16_000));
        assert_eq!(least(io, 4, 75, PRICE), tokens(800));
        let usd = Pledge::Dollars { per_gpu: Usd::from_nanos(3_000_000_000) };
        assert_eq!(least(usd, 4, 200, PRICE), tokens(800));
        let half = TokenPrice::from_nanos(15_000_000);
        assert_eq!(least(usd, 4, 200, half), tokens(1_600), "it is worth the same");
        assert_eq!(least(io, 4, 200, half), tokens(1_600), "it does not follow the price");
        let aethir = Pledge::Model { coefficient: tokens(1_334) };
        assert_eq!(least(aethir, 2, 50, PRICE), tokens(1_334), "a small model needs less");
    }

    #[test]
    fn the_form_by_power_is_twenty_days_of_reward_and_a_share_of_the_supply() {
        let rule = PowerPledge {
            reward_days: 20,
            lock_target: BasisPoints(3_000),
            baseline_weight: BasisPoints(7_000),
            per_unit_max: tokens(1_000_000),
        };
        let circulating = tokens(1_000_000);
        let power = Pledge::Power { rule, circulating };
        // Half of all power: half of the emission for 20 days and of 30 % of the supply.
        let half = params().emission.first_rounded_down().base() / 2 * 20 + tokens(150_000).base();
        assert_eq!(least(power, 8, 100, PRICE), Spon::from_base(half));
    }
}
