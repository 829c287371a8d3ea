//! Delegators stake with the provider that suits them best, and move when another does.
//!
//! A delegator's taste for a provider is one Gumbel lot for the whole run; it adds the yearly net
//! yield of a staked token since the last choice, times the declared sensitivity. Over many
//! delegators that is a logit; for each of them, only a changed yield is a reason to move.

use crate::purpose;
use crate::world::{Step, World};
use protocol::{Account, Call, EraReceipt, Receipt};
use units::{Asset, BasisPoints, DelegatorId, ProviderId, SimTime, Span, Spon};

const YEAR: Span = Span::from_hours(365 * 24);
/// Ordinals of draws have 56 bits.
const ORDINAL_SHIFT: u32 = 8;

/// Delegators bring their tokens and stake them for the first time.
pub fn start_delegation(world: &mut World, step: &mut Step<'_>) {
    if world.delegators.is_empty() {
        return;
    }
    let (amount, commission) =
        (world.scenario.delegation.tokens, world.scenario.delegation.commission);
    for index in 0..world.providers.len() {
        let provider = ProviderId(index as u32);
        world.call(step.now, Call::SetCommission { provider, commission });
    }
    for index in 0..world.delegators.len() {
        let delegator = DelegatorId(index as u32);
        world.call(step.now, Call::Fund { delegator, amount });
        choose(world, step.now, delegator);
    }
}

/// Notes what a staked token brought in the era, and every so many eras lets delegators choose.
pub fn reallocate(world: &mut World, step: &mut Step<'_>, receipt: &EraReceipt) {
    if world.delegators.is_empty() {
        return;
    }
    note_yields(world, receipt);
    if !world.chain.eras.is_multiple_of(world.scenario.delegation.every_eras) {
        return;
    }
    for index in 0..world.delegators.len() {
        choose(world, step.now, DelegatorId(index as u32));
    }
    for provider in &mut world.providers {
        provider.yield_nano = 0;
    }
}

fn note_yields(world: &mut World, receipt: &EraReceipt) {
    let commission = world.scenario.delegation.commission;
    for (index, outcome) in receipt.outcomes.iter().enumerate() {
        let slashed = outcome.slash + world.providers[index].books.slashed;
        let stake = world.chain.stake(ProviderId(index as u32)) + slashed;
        let reward = outcome.reward + outcome.delegators;
        world.providers[index].yield_nano += compute_yield_nano(reward, slashed, stake, commission);
    }
}

/// What a staked token brings its delegator, in 10^-9 of it; rounded towards zero.
fn compute_yield_nano(reward: Spon, slashed: Spon, stake: Spon, commission: BasisPoints) -> i64 {
    if stake <= Spon::ZERO {
        return 0;
    }
    let kept = Spon::from_base(commission.of_rounded_up(reward.base()));
    let net = (reward - kept - slashed).base();
    let nano = net.saturating_mul(1_000_000_000) / stake.base();
    nano.clamp(i128::from(i64::MIN) / 1_000_000, i128::from(i64::MAX) / 1_000_000) as i64
}

/// Moves a delegator's stake to whom it likes best now, and stakes what is free in its wallet.
fn choose(world: &mut World, now: SimTime, delegator: DelegatorId) {
    let Some(best) = world.find_best(delegator) else { return };
    if let Some(provider) = world.delegators[delegator.index()].with.filter(|with| *with != best) {
        let delegated = world.chain.delegated(provider);
        let book = &world.chain.stakes[provider.index()];
        let amount = book.worth_rounded_down(delegator, delegated);
        if amount > Spon::ZERO {
            world.call(now, Call::Undelegate { delegator, provider, amount });
        }
    }
    world.delegators[delegator.index()].with = Some(best);
    let wallet = Account::Delegator(delegator);
    let amount = Spon::from_base(world.chain.ledger.balance(Asset::Spon, wallet));
    if amount > Spon::ZERO {
        // Refused while all that is delegated there is contested, or for less than a share: the
        // tokens stay in the wallet until the next choice.
        let answer = world.ask(now, Call::Delegate { delegator, provider: best, amount });
        assert!(matches!(answer, Ok(Receipt::StakeDelegated { .. }) | Err(_)), "{answer:?}");
    }
}

impl World {
    /// The provider that suits a delegator best; the first of equals.
    fn find_best(&self, delegator: DelegatorId) -> Option<ProviderId> {
        let delegation = &self.scenario.delegation;
        let span = self.scenario.rewards.era.as_secs_f64() * f64::from(delegation.every_eras);
        let per_year = YEAR.as_secs_f64() / span;
        let key = self.delegators[delegator.index()].key;
        let mut best = None;
        for (index, provider) in self.providers.iter().enumerate() {
            if self.chain.registry[index].gpus.0 == 0 {
                continue; // It has not joined.
            }
            let ordinal = provider.key.0 >> ORDINAL_SHIFT;
            let lot = self.draws.at(purpose::TASTE, key, ordinal).unit_open();
            let taste = -libm::log(-libm::log(lot));
            let net = provider.yield_nano as f64 / 1e9 * per_year;
            let liking = taste + delegation.sensitivity * net;
            if best.is_none_or(|(most, _)| liking > most) {
                best = Some((liking, ProviderId(index as u32)));
            }
        }
        best.map(|(_, provider)| provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yield_is_the_reward_less_commission_and_slash_over_the_stake() {
        let tokens = |count: i128| Spon::from_base(count * Spon::ONE.base());
        let commission = BasisPoints(1_000);
        let of = |reward, slashed| {
            compute_yield_nano(tokens(reward), tokens(slashed), tokens(1_000), commission)
        };
        assert_eq!(of(10, 0), 9_000_000, "nine of a thousand");
        assert_eq!(of(0, 5), -5_000_000);
        assert_eq!(of(10, 9), 0);
        assert_eq!(compute_yield_nano(tokens(1), tokens(0), tokens(0), commission), 0);
    }
}
