//! Gas: when calls get into blocks, what their senders owe for them, and what is paid of it.

use crate::behaviour::outside::ONE;
use crate::state::{COIN, Charge, GasBooks, party_of};
use crate::world::World;
use mechanism::gas::Wei;
use mechanism::wide::{mul_div_rounded_down, mul_div_rounded_up};
use protocol::{Call, EraReceipt, Handle, Payer};
use scenario::{CallKind, Moved};
use units::{Asset, Base, ProviderId, SimTime, Spon, Usd};

impl World {
    /// Opens the books of gas, if it is charged: what stands before the first event was paid for
    /// before.
    pub fn open_gas(&mut self, now: SimTime) {
        if self.scenario.gas.is_charged {
            self.gas = Some(GasBooks::open(now, &self.scenario.chain, &self.scenario.gas));
        }
    }

    /// Closes the blocks up to `now`; from then on fees follow what moved outside.
    pub fn move_gas(&mut self, now: SimTime) {
        let below = u128::from(self.factor(Moved::DataFee));
        let load = self.factor(Moved::ChainLoad);
        let World { scenario, gas: Some(gas), .. } = self else { return };
        let data_fee = Wei(mul_div_rounded_down(scenario.gas.data_fee.0, below, ONE.into()));
        gas.advance(now, &scenario.gas);
        gas.set_outside(data_fee, scenario.chain.gas.others_per_s, load);
    }

    /// The block of a call that is sent now and arrives at `arrival`: the first then, or a later
    /// one while those before it are full. The queue is taken as its sender sees it.
    pub fn included_at(&mut self, now: SimTime, arrival: SimTime, payer: Payer) -> SimTime {
        let block = self.block_at(arrival);
        let World { scenario, gas: Some(gas), .. } = self else { return block };
        gas.advance(now, &scenario.gas);
        block + gas.queue(party_of(payer))
    }

    /// Whether a tenant's own gas for an order is a larger part of its highest price than it
    /// accepts.
    pub fn is_gas_too_dear(&mut self, now: SimTime, handle: Handle) -> bool {
        let Some(most) = self.scenario.gas.share_max else { return false };
        let job = self.job(handle);
        let span = job.attempt.as_ref().expect("an order is on its way").duration;
        let price = job.ceiling.cost_rounded_down(job.gpus, span);
        let World { scenario, gas: Some(gas), .. } = self else { return false };
        gas.advance(now, &scenario.gas);
        let cost = gas.price(scenario.gas.size(CallKind::Order));
        let accepted = Usd::from_base(most.of_rounded_down(price.base()));
        usd_rounded_up(cost, scenario.gas.coin) > accepted
    }

    /// Every provider with a reward claims it.
    pub fn charge_claims(&mut self, now: SimTime, receipt: &EraReceipt) {
        let World { scenario, gas: Some(gas), .. } = self else { return };
        for (id, outcome) in (0..).map(ProviderId).zip(&receipt.outcomes) {
            if outcome.reward > Spon::ZERO {
                let claim = Charge::Call(CallKind::Claim);
                gas.charge(now, Payer::Provider(id), claim, &scenario.gas);
            }
        }
    }

    /// Bills what was used since the last era, and lets everybody pay what it can of what it owes.
    pub fn pay_gas(&mut self, now: SimTime) {
        let World { scenario, gas: Some(gas), providers, .. } = self else { return };
        gas.advance(now, &scenario.gas);
        gas.send_batch(now, &scenario.gas);
        gas.billed = std::mem::take(&mut gas.sums);
        for (payer, used) in std::mem::take(&mut gas.unbilled) {
            let bill = usd_rounded_up(used, scenario.gas.coin);
            gas.billed[party_of(payer)].fees += bill;
            *gas.owed.entry(payer).or_default() += bill;
            if let Payer::Provider(id) = payer {
                providers[id.index()].books.gas += bill;
            }
        }
        for (payer, owed) in std::mem::take(&mut gas.owed) {
            let left = self.settle_gas(now, payer, owed);
            if left > Usd::ZERO {
                let gas = self.gas.as_mut().expect("gas is charged");
                gas.owed.insert(payer, left);
            }
        }
    }

    /// Pays in dollars first, then in tokens at the feed's price; answers with what is left due. A
    /// tenant brings dollars that it lacks, as it does for a deposit.
    fn settle_gas(&mut self, now: SimTime, payer: Payer, owed: Usd) -> Usd {
        let held = |world: &World, asset| world.chain.ledger.balance(asset, payer.account());
        if let Payer::Tenant(tenant) = payer {
            let lacking = owed - Usd::from_base(held(self, Asset::Usd));
            if lacking > Usd::ZERO {
                self.call(now, Call::Deposit { tenant, amount: lacking });
            }
        }
        let dollars = Usd::from_base(held(self, Asset::Usd)).min(owed);
        let rest = owed - dollars;
        let needed = self.chain.price.tokens_rounded_up(rest);
        let tokens = Spon::from_base(held(self, Asset::Spon)).min(needed);
        let worth = tokens.value_rounded_down(self.chain.price).min(rest);
        for (asset, amount) in [(Asset::Usd, dollars.base()), (Asset::Spon, tokens.base())] {
            if amount > 0 {
                self.call(now, Call::PayGas { payer, asset, amount });
            }
        }
        let gas = self.gas.as_mut().expect("gas is charged");
        let sums = &mut gas.billed[party_of(payer)];
        sums.paid += dollars;
        sums.paid_tokens += tokens;
        sums.settled += dollars + worth;
        rest - worth
    }
}

/// What so much gas is worth when a coin costs `coin`; a started nano-dollar is paid in full.
fn usd_rounded_up(gas: Wei, coin: Usd) -> Usd {
    let nanos = mul_div_rounded_up(gas.0, coin.nanos().unsigned_abs().into(), COIN);
    Usd::from_base(Base::try_from(nanos).expect("gas costs less than all dollars there are"))
}
