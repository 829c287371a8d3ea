//! Whether stake secures what is at risk, and whether the network pays its way.
//!
//! All of it follows from balances, leases and the era's flows; nothing here changes any of them.

use crate::world::World;
use mechanism::wide::mul_div_rounded_down;
use protocol::{
    Account, Charge, Fault, Flow, FlowKey, Party, Reason, quote_slash_rounded_up, slashable,
};
use std::collections::VecDeque;
use units::{Asset, Base, OperatorId, Ppm, ProviderId, Span, Spon, TokenPrice, Usd};

/// Eras over whose mean net outflow the foundation's means are spread.
const RUNWAY_ERAS: usize = 30;

const YEAR: Span = Span::from_hours(365 * 24);

/// Stake against what it secures, in nano-dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Security {
    /// Stake that answers for a fault of the era.
    pub stake: Base,
    /// What escrow holds.
    pub value: Base,
    /// What cheating would cost all who serve leases.
    pub cost: Base,
    /// What it would bring them.
    pub profit: Base,
    /// For how many it would bring more than it costs.
    pub undeterred: u32,
}

impl Security {
    /// Who serves leases and delivers nothing keeps `G`, what escrow still holds for them; a
    /// challenge of the era finds it with chance `q` and its price is `f(S)`. It does not pay while
    /// `q f(S) >= G` (economics.md 1.10, gain kept, no future rents counted).
    pub fn measure(world: &World) -> Security {
        let chain = &world.chain;
        let value = |amount: Base| world.params.rail.value_rounded_down(amount, chain.price).base();
        let worth = |tokens: Spon| worth(Asset::Spon, tokens.base(), chain.price);
        let mut gains = vec![0; chain.registry.len()];
        for (_, lease) in chain.leases.iter() {
            gains[lease.provider.index()] += value(lease.locked);
        }
        let chance = detection_rounded_down(world);
        let operators = (0..chain.operators.len()).map(|id| OperatorId(id as u16));
        let mut all = Security {
            stake: operators.map(|id| worth(chain.operator_stake(id))).sum(),
            value: value(chain.ledger.balance(world.params.rail.asset(), Account::Escrow)),
            ..Security::default()
        };
        for (provider, gain) in (0..).map(ProviderId).zip(gains) {
            all.stake += worth(slashable(chain, provider, world.era_started_at));
            if gain == 0 {
                continue;
            }
            let (happened_at, lost_reward, victim) = (world.era_started_at, Spon::ZERO, None);
            let fault = Fault::WrongResult;
            let charge = Charge { provider, fault, happened_at, lost_reward, victim };
            let price = worth(quote_slash_rounded_up(chain, &charge, &world.params));
            all.add(gain, expected_rounded_down(price, chance));
        }
        all
    }

    fn add(&mut self, gain: Base, cost: Base) {
        self.cost += cost;
        self.profit += gain;
        self.undeterred += u32::from(gain > cost);
    }
}

/// How likely honest challengers find what was done in an era.
fn detection_rounded_down(world: &World) -> Ppm {
    let challengers = &world.scenario.challengers;
    let honest = u64::from(Ppm::ONE.0 - challengers.colluding.0);
    Ppm((u64::from(challengers.detection.0) * honest / u64::from(Ppm::ONE.0)) as u32)
}

fn expected_rounded_down(price: Base, chance: Ppm) -> Base {
    part_rounded_down(price, chance.0.into(), Ppm::ONE.0.into())
}

/// The network's own income and costs of an era, in nano-dollars: of the foundation, the reward
/// pool and the vault. What moves between these is neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// What tenants' payments brought.
    pub income: Base,
    /// What slashes brought.
    pub slashed: Base,
    /// Paid as rewards, and for leases.
    pub rewards: Base,
    /// Paid for gas.
    pub gas: Base,
    /// Spent on tokens that were bought back.
    pub buy_back: Base,
    /// What came to the foundation less what went.
    pub treasury_net: Base,
}

impl Results {
    /// Adds up the era's flows, tokens at `price`, each flow rounded down.
    pub fn of<'a>(
        flows: impl IntoIterator<Item = (&'a FlowKey, &'a Flow)>,
        price: TokenPrice,
    ) -> Results {
        let is_own = |party| matches!(party, Party::Treasury | Party::Rewards | Party::Vault);
        let mut all = Results::default();
        for (&(asset, from, to, why), flow) in flows {
            let amount = worth(asset, flow.amount, price);
            all.treasury_net += amount * Base::from(to == Party::Treasury);
            all.treasury_net -= amount * Base::from(from == Party::Treasury);
            match (is_own(from), is_own(to)) {
                (false, true) => all.note_received(why, amount),
                (true, false) if why == Reason::Gas => all.gas += amount,
                (true, false) => all.note_paid(asset, why, amount),
                _ => {}
            }
        }
        all
    }

    fn note_received(&mut self, why: Reason, amount: Base) {
        match why {
            Reason::LeaseFee
            | Reason::FacilitationFee
            | Reason::PayoutFee
            | Reason::LeasePayment
            | Reason::CreditsMinted => self.income += amount,
            Reason::Slashed | Reason::OperatorSlashed => self.slashed += amount,
            _ => {}
        }
    }

    fn note_paid(&mut self, asset: Asset, why: Reason, amount: Base) {
        match (asset, why) {
            (
                _,
                Reason::EraReward
                | Reason::DelegatorReward
                | Reason::Milestone
                | Reason::LeasePayment
                | Reason::GatewayFee,
            ) => self.rewards += amount,
            (Asset::Usd, Reason::TokensBought) => self.buy_back += amount,
            _ => {}
        }
    }

    /// Income and slashes, less rewards, gas and what was bought back.
    pub fn profit(&self) -> Base {
        self.income + self.slashed - self.rewards - self.gas - self.buy_back
    }
}

/// How much of an asset changed hands for a reason.
pub fn traded<'a>(
    flows: impl IntoIterator<Item = (&'a FlowKey, &'a Flow)>,
    asset: Asset,
    why: Reason,
) -> Base {
    let is_such = |key: &FlowKey| (key.0, key.3) == (asset, why);
    flows.into_iter().filter(|(key, _)| is_such(key)).map(|(_, flow)| flow.amount).sum()
}

/// Takes note of an era's net, and says how many eras `held` lasts at the mean net outflow of the
/// last ones; none while more comes than goes.
pub fn note_runway(nets: &mut VecDeque<Base>, net: Base, held: Base) -> Option<u32> {
    nets.push_back(net);
    if nets.len() > RUNWAY_ERAS {
        nets.pop_front();
    }
    let outflow = -nets.iter().sum::<Base>();
    let eras = nets.len() as Base;
    (outflow > 0).then(|| u32::try_from(held * eras / outflow).unwrap_or(u32::MAX))
}

/// What `staked` tokens could have earned elsewhere in `span`: their worth times a yearly rate.
pub fn capital_cost_rounded_down(worth: Base, per_year: Ppm, span: Span) -> Base {
    let yearly = part_rounded_down(worth, per_year.0.into(), Ppm::ONE.0.into());
    part_rounded_down(yearly, span.nanos().into(), YEAR.nanos().into())
}

/// What an amount is worth, in nano-dollars.
pub fn worth(asset: Asset, amount: Base, price: TokenPrice) -> Base {
    match asset {
        Asset::Usd | Asset::Credit => amount,
        Asset::Spon => part_rounded_down(amount, price.nanos().into(), TOKEN),
    }
}

/// Units in a token.
const TOKEN: u128 = Spon::ONE.base() as u128;

fn part_rounded_down(amount: Base, part: u128, whole: u128) -> Base {
    let amount = u128::try_from(amount).expect("what is held or moved is not below zero");
    Base::try_from(mul_div_rounded_down(amount, part, whole)).expect("a part is less than 2^127")
}

/// An amount in a column: more than nine thousand million dollars are told as that.
pub fn usd(amount: Base) -> Usd {
    let nanos = amount.clamp(Base::from(i64::MIN), Base::from(i64::MAX));
    Usd::from_base(nanos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mechanism::slash::{Gain, Temptation};
    use std::collections::BTreeMap;
    use units::BasisPoints;

    const PRICE: TokenPrice = TokenPrice::from_nanos(30_000_000);
    const TOKENS: Base = Spon::ONE.base();

    fn results(flows: &[(FlowKey, Base)]) -> Results {
        let flows: BTreeMap<FlowKey, Flow> =
            flows.iter().map(|(key, amount)| (*key, Flow { count: 1, amount: *amount })).collect();
        Results::of(&flows, PRICE)
    }

    #[test]
    fn fees_and_slashes_are_income_and_rewards_gas_and_buy_back_are_costs() {
        let (usd, spon) = (Asset::Usd, Asset::Spon);
        let found = results(&[
            ((usd, Party::Escrow, Party::Treasury, Reason::LeaseFee), 900),
            ((usd, Party::Escrow, Party::Vault, Reason::LeasePayment), 500),
            ((usd, Party::Escrow, Party::Providers, Reason::LeasePayment), 7_000),
            ((spon, Party::Contested, Party::Treasury, Reason::Slashed), 2 * TOKENS),
            ((spon, Party::Rewards, Party::Providers, Reason::EraReward), 3 * TOKENS),
            ((spon, Party::Treasury, Party::Rewards, Reason::Emission), 5 * TOKENS),
            ((usd, Party::Treasury, Party::Sequencer, Reason::Gas), 11),
            ((usd, Party::Vault, Party::Outside, Reason::TokensBought), 13),
            ((spon, Party::Outside, Party::Vault, Reason::TokensBought), TOKENS),
        ]);
        let expected = Results {
            income: 1_400,
            slashed: 60_000_000,
            rewards: 90_000_000,
            gas: 11,
            buy_back: 13,
            treasury_net: 900 + 60_000_000 - 150_000_000 - 11,
        };
        assert_eq!(found, expected);
        assert_eq!(found.profit(), 1_400 + 60_000_000 - 90_000_000 - 11 - 13);
    }

    #[test]
    fn means_last_as_long_as_the_mean_of_the_last_thirty_eras_says() {
        let mut nets = VecDeque::new();
        assert_eq!(note_runway(&mut nets, 5, 100), None, "more came than went");
        assert_eq!(note_runway(&mut nets, -25, 100), Some(10), "10 an era on average");
        for _ in 0..28 {
            note_runway(&mut nets, 0, 100);
        }
        assert_eq!(note_runway(&mut nets, 0, 100), Some(120), "25 in the last 30");
        assert_eq!(note_runway(&mut nets, 0, 100), None, "nothing in the last 30");
    }

    #[test]
    fn a_tenth_a_year_is_a_tenth_of_365_days() {
        let rate = Ppm(100_000);
        assert_eq!(capital_cost_rounded_down(3_650_000, rate, Span::DAY), 1_000);
        assert_eq!(worth(Asset::Spon, 2 * TOKENS, PRICE), 60_000_000);
        assert_eq!(usd(Base::MAX), Usd::from_nanos(i64::MAX));
    }

    /// The mechanism's own formula, `S >= (G - qV) / (qf)`, gives the same answer either side of
    /// the stake that just deters.
    #[test]
    fn who_is_undeterred_is_who_has_less_than_the_stake_that_deters() {
        let (gain, chance, fraction) = (1_000_003, Ppm(500_000), BasisPoints(3_000));
        let (gain_usd, future) = (Usd::from_base(gain), Usd::ZERO);
        let temptation =
            Temptation { gain: gain_usd, detection: chance, slashed: fraction, future };
        let least = temptation.stake_min_rounded_up(Gain::Kept).expect("some stake deters").base();
        for (stake, expected) in [(least - 10, 1), (least + 10, 0)] {
            let price = fraction.of_rounded_down(stake);
            let mut found = Security::default();
            found.add(gain, expected_rounded_down(price, chance));
            assert_eq!(found.undeterred, expected, "stake {stake}");
        }
    }
}
