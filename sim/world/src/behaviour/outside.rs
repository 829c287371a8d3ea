//! What moves from outside: once an hour, all of it together.

use crate::behaviour::rent::set_rents;
use crate::observe;
use crate::world::{Step, World};
use mechanism::swap_pool::SwapPool;
use protocol::{Account, Call, EraReceipt, Seller};
use scenario::{Beneficiary, Drivers, Moved, TokenSales, Traded};
use units::{
    Asset, BasisPoints, CardId, GpuHourPrice, ProviderId, SimTime, Span, Spon, TokenPrice, Usd,
};

/// Moves the drivers on to the hour that begins, and everything that follows them.
pub fn move_drivers(world: &mut World, step: &mut Step<'_>) {
    let span = step.now.since(world.drivers.now());
    if !span.is_zero() {
        let World { scenario, draws, drivers, .. } = world;
        scenario.drivers.joint.step(draws, drivers, span);
    }
    let (rents, before) = (world.factor(Moved::Rents), world.factor(Moved::Token));
    world.factors = Moved::ALL.map(|moved| {
        let nanos = world.drivers.nanos_rounded(moved as usize);
        nanos.clamp(Drivers::FACTOR_MIN, Drivers::FACTOR_MAX)
    });
    let is_cut = world.cut_rents(step.now);
    set_rents(world, step, is_cut || world.factor(Moved::Rents) != rents);
    world.move_gas(step.now);
    let token = world.factor(Moved::Token);
    world.trade_on_news(step.now, before, token);
    world.move_deviation(step.now, span);
    world.report_price(step.now);
    observe::prices(world, step);
}

impl World {
    /// What a driver has come to, in billionths of what it was at the start.
    pub fn factor(&self, moved: Moved) -> u64 {
        self.factors[moved as usize]
    }

    /// What the rents of a card have come to: the driver, and newer cards.
    pub fn rent_factor(&self, card: CardId) -> u64 {
        scaled(self.rent_cuts[usize::from(card.0)], self.factor(Moved::Rents))
    }

    /// The book price of a card at the rents of the hour.
    pub fn book_price(&self, card: CardId) -> GpuHourPrice {
        let book = self.scenario.cards[usize::from(card.0)].book_price;
        GpuHourPrice::from_nanos(scaled(book.nanos(), self.rent_factor(card)))
    }

    /// What a token costs outside.
    pub fn token_price_outside(&self) -> TokenPrice {
        let start = self.scenario.token.price.nanos();
        TokenPrice::from_nanos(scaled(start, self.factor(Moved::Token)).max(1))
    }

    /// What a token costs where it is traded.
    pub fn token_price_traded(&self) -> TokenPrice {
        let spot = self.chain.exchange.as_ref().map(SwapPool::spot_rounded_down);
        let outside = self.token_price_outside().nanos();
        let pressed = || scaled(outside, self.deviation.nanos_rounded()).max(1);
        spot.unwrap_or_else(|| TokenPrice::from_nanos(pressed()))
    }

    /// What the market bought and sold in a day moves the price from what it is outside, and that
    /// wears off hour by hour (economics.md 1.8, N3): the form holds for the flow of a day.
    fn move_deviation(&mut self, now: SimTime, span: Span) {
        if self.scenario.token.traded != Traded::Impact {
            return;
        }
        let is_new_day = now.since(SimTime::ZERO).nanos().is_multiple_of(Span::DAY.nanos());
        let flow = if is_new_day { std::mem::take(&mut self.net_bought) } else { Usd::ZERO };
        self.deviation.step(&self.scenario.impact, flow, span);
    }

    /// Tokens in a wallet.
    pub fn held_by(&self, account: Account) -> Spon {
        Spon::from_base(self.chain.ledger.balance(Asset::Spon, account))
    }

    /// Somebody outside trades in the pool until its price has moved as news would have it: from
    /// where the market's own trades left it, by as much as the driver moved.
    fn trade_on_news(&mut self, now: SimTime, before: u64, after: u64) {
        let Some(pool) = &self.chain.exchange else { return };
        let spot = u128::from(pool.spot_rounded_down().nanos());
        let moved = (spot * u128::from(after) + u128::from(before) / 2) / u128::from(before);
        let target = TokenPrice::from_nanos(u64::try_from(moved).unwrap_or(u64::MAX).max(1));
        if let Some((pays, paid)) = pool.quote_move(target).filter(|_| before != after) {
            self.call(now, Call::TradeOutside { pays, paid });
        }
    }

    /// Sells the declared part of the tokens that came into providers' wallets since the last era,
    /// and of what the era released to holders.
    pub fn sell_tokens(&mut self, now: SimTime) {
        let TokenSales { providers, holders, .. } = self.scenario.token_sales;
        for index in 0..self.providers.len() {
            let seller = Seller::Provider(ProviderId(index as u32));
            let kept = self.providers[index].tokens_kept;
            self.providers[index].tokens_kept = self.sell_part(now, seller, kept, providers);
        }
        let released = holders.of_rounded_down(self.released_to_holders().base());
        let amount = Spon::from_base(released).min(self.held_by(Account::Holders));
        if amount > Spon::ZERO {
            self.call(now, Call::SellTokens { seller: Seller::Holders, amount });
        }
    }

    /// Sells the declared part of what the era paid to each delegator, before they stake it.
    pub fn sell_delegators_rewards(&mut self, now: SimTime, receipt: &EraReceipt) {
        for (delegator, paid) in &receipt.moves.delegators {
            let part = self.scenario.token_sales.delegators.of_rounded_down(paid.base());
            let (seller, amount) = (Seller::Delegator(*delegator), Spon::from_base(part));
            if amount > Spon::ZERO {
                self.call(now, Call::SellTokens { seller, amount });
            }
        }
    }

    /// What the era that ended released to those who take no part in the market.
    fn released_to_holders(&self) -> Spon {
        let supply = &self.chain.supply;
        let ours = supply.grants.iter().filter(|one| one.beneficiary == Beneficiary::Holders);
        let released =
            |age: u64| -> u128 { ours.clone().map(|one| one.allocation.released(age)).sum() };
        let grown = released(supply.age) - released(supply.age.saturating_sub(1));
        Spon::from_base(i128::try_from(grown).expect("the supply can be counted"))
    }

    /// Sells `part` of what a wallet holds beyond `kept`, and answers with what it holds then.
    fn sell_part(&mut self, now: SimTime, seller: Seller, kept: Spon, part: BasisPoints) -> Spon {
        let held = self.held_by(seller.account());
        let gained = (held.base() - kept.base()).max(0);
        let amount = Spon::from_base(part.of_rounded_down(gained));
        if amount > Spon::ZERO {
            self.call(now, Call::SellTokens { seller, amount });
        }
        held - amount
    }

    /// The chain's feed says what a token costs, if that is news.
    fn report_price(&mut self, now: SimTime) {
        let seen = self.feed.mean_rounded_down(now).filter(|_| self.chain.exchange.is_some());
        let price = seen.unwrap_or_else(|| self.token_price_traded());
        let price = TokenPrice::from_nanos(price.nanos().max(1));
        if price != self.chain.price {
            self.call(now, Call::ReportPrice { price });
        }
    }
}

/// `nanos` times a factor in billionths, rounded half up, at most what can be counted.
pub fn scaled(nanos: u64, factor: u64) -> u64 {
    let product = u128::from(nanos) * u128::from(factor);
    let scaled = (product + u128::from(ONE / 2)) / u128::from(ONE);
    u64::try_from(scaled).unwrap_or(u64::MAX)
}

/// One, in billionths.
pub const ONE: u64 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_move_stays_to_the_unit() {
        for nanos in [1, 30_000_000, u64::from(u32::MAX), 7_000_000_000_001] {
            assert_eq!(scaled(nanos, ONE), nanos);
        }
        assert_eq!(scaled(30_000_001, ONE / 2), 15_000_001);
    }
}
