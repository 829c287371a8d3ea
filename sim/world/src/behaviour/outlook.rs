//! What providers and prospects expect to earn, from what was earned (economics.md 1.12).

use crate::invest::{Deciding, Expectation, Memory, solve_crowd};
use crate::state::{Crowd, Forecast, GpuTime, PoolMarket, Presence, Totals};
use crate::world::World;
use scenario::{Expecting, Leaving};
use units::{PoolId, ProviderId};

/// GPU-microseconds of a GPU-hour.
const HOUR_MICROS: f64 = 3.6e9;

impl World {
    /// Takes note of what an era brought a provider.
    pub fn note_outlook(&mut self, id: ProviderId, sums: &Totals) {
        let hours = sums.time.installed as f64 / HOUR_MICROS;
        if hours <= 0.0 {
            return;
        }
        let book = self.book_price(self.providers[id.index()].card);
        let (revenue, cost) = (sums.income + sums.reward, sums.electricity + sums.gas + sums.slash);
        let upkeep = self.scenario.investment.upkeep.nanos() as f64 / 1e9;
        let (window, weight) = self.window_and_weight();
        let provider = &mut self.providers[id.index()];
        provider.outlook.revenue.note(revenue.as_f64() / hours, window, weight);
        provider.outlook.cost.note(cost.as_f64() / hours + upkeep, window, weight);
        let market = &mut self.pools[provider.pool.index()].market;
        market.cards.resize_with(self.scenario.cards.len(), Default::default);
        let card = &mut market.cards[provider.card.index()];
        card.gpu_us += sums.time.installed;
        card.revenue += i128::from(revenue.nanos());
        market.book += u128::from(book.nanos()) * sums.time.installed;
        market.paid_gpu_us += sums.time.paid;
        market.cost += i128::from(cost.nanos());
    }

    /// Closes what all pools saw of the era.
    pub fn note_markets(&mut self) {
        let (window, weight) = self.window_and_weight();
        let era = self.scenario.rewards.era.as_hours_f64();
        let upkeep = self.scenario.investment.upkeep.nanos() as f64 / 1e9;
        for pool in &mut self.pools {
            close_market(&mut pool.market, era, upkeep, |memory, value| {
                memory.note(value, window, weight);
            });
        }
    }

    fn window_and_weight(&self) -> (usize, f64) {
        let investment = &self.scenario.investment;
        (investment.window_eras as usize, investment.ewma_weight)
    }

    fn expectation(&self) -> Expectation {
        let investment = &self.scenario.investment;
        match investment.expectation {
            Expecting::Naive | Expecting::Rational => Expectation::Naive,
            Expecting::Ewma => Expectation::Ewma,
            Expecting::Optimistic => Expectation::Quantile(investment.optimistic_quantile),
        }
    }

    /// What a provider expects, whether it is there or not; none before anybody earned anything.
    pub fn forecast(&self, id: ProviderId) -> Option<Forecast> {
        let provider = &self.providers[id.index()];
        let own = match provider.presence {
            Presence::Here | Presence::Leaving(_) => provider.outlook.forecast(self.expectation()),
            _ => self.forecast_outside(id),
        };
        let own = own?;
        if self.scenario.investment.expectation != Expecting::Rational {
            return Some(own);
        }
        Some(Forecast { revenue: own.revenue * self.dilution(provider.pool), ..own })
    }

    /// What somebody expects who is not there: what its card earns in the pool, or as much of its
    /// book price as others earn of theirs; where nobody is, all of it.
    fn forecast_outside(&self, id: ProviderId) -> Option<Forecast> {
        let by = self.expectation();
        let provider = &self.providers[id.index()];
        let market = &self.pools[provider.pool.index()].market;
        let of_card = market.cards.get(provider.card.index());
        let book = self.book_price(provider.card).nanos() as f64 / 1e9;
        let revenue = of_card
            .and_then(|card| card.memory.expect(by))
            .unwrap_or_else(|| book * market.over_book.expect(by).unwrap_or(1.0));
        let load = market.load.expect(by).unwrap_or(1.0);
        Some(Forecast { revenue, cost: self.estimate_cost(id, load) })
    }

    /// What a GPU-hour costs a provider when so much of the time is paid for, in dollars: what can
    /// be known before one is there, without gas and slashes.
    pub fn estimate_cost(&self, id: ProviderId, load: f64) -> f64 {
        let provider = &self.providers[id.index()];
        let pool = self.pool(provider.pool);
        let up = self.scenario.availability(provider.host_class, pool.gpus_per_machine);
        let part = |share: f64| (share.clamp(0.0, 1.0) * HOUR_MICROS) as u128;
        let time = GpuTime {
            installed: part(1.0),
            available: part(up),
            reserved: part(load.min(up)),
            paid: part(load.min(up)),
            ..GpuTime::default()
        };
        let upkeep = self.scenario.investment.upkeep.nanos() as f64 / 1e9;
        self.electricity_rounded_up(provider, &time).as_f64() + upkeep
    }

    /// What remains of today's revenue when as many are there as all then want to be: `n / n*`.
    fn dilution(&self, id: PoolId) -> f64 {
        let Crowd { gpus, revenue, cost } = self.pools[id.index()].market.crowd;
        if gpus <= 0.0 {
            return 1.0;
        }
        let logit = &self.scenario.investment.logit;
        let [scale, outside] = [logit.scale, logit.outside].map(|price| price.nanos() as f64 / 1e9);
        let (stay, deciding) = self.gpus_possible(id, cost + outside);
        gpus / solve_crowd(stay, &deciding, revenue, scale)
    }

    /// GPUs in a pool, now or soon, of those who never leave; and of those who decide at a cost per
    /// hour, who have theirs or would have to buy them.
    fn gpus_possible(&self, id: PoolId, cost: f64) -> (f64, [Deciding; 2]) {
        let (mut stay, mut hire, mut counts) = (0.0, 0.0, [0.0; 2]);
        for candidate in self.provider_ids(id).map(|id| &self.candidates[id.index()]) {
            let one = &self.providers[candidate.provider.index()];
            let gpus = f64::from(candidate.gpus_total.0);
            let leaving = self.scenario.provider_kinds[one.kind.index()].leaving;
            match one.presence {
                Presence::Refused => {}
                Presence::Here | Presence::Expected(_) if leaving == Leaving::Never => stay += gpus,
                Presence::Prospect => {
                    hire += gpus * self.hire_of(candidate.provider);
                    counts[1] += gpus;
                }
                _ => counts[0] += gpus,
            }
        }
        let hire = if counts[1] > 0.0 { hire / counts[1] } else { 0.0 };
        let [have, buy] = counts;
        let (have, buy) =
            (Deciding { count: have, cost }, Deciding { count: buy, cost: cost + hire });
        (stay, [have, buy])
    }
}

fn close_market(market: &mut PoolMarket, era: f64, upkeep: f64, note: impl Fn(&mut Memory, f64)) {
    let hours = |gpu_us: u128| gpu_us as f64 / HOUR_MICROS;
    let dollars = |nanos: i128| nanos as f64 / 1e9;
    let all = hours(market.cards.iter().map(|card| card.gpu_us).sum());
    let revenue = dollars(market.cards.iter().map(|card| card.revenue).sum());
    market.crowd = Crowd::default();
    if all > 0.0 {
        note(&mut market.over_book, revenue / (hours(market.book) / 1e9));
        note(&mut market.load, hours(market.paid_gpu_us) / all);
        let cost = dollars(market.cost) / all + upkeep;
        market.crowd = Crowd { gpus: all / era, revenue: revenue / era, cost };
    }
    for card in market.cards.iter_mut().filter(|card| card.gpu_us > 0) {
        note(&mut card.memory, dollars(card.revenue) / hours(card.gpu_us));
        (card.gpu_us, card.revenue) = (0, 0);
    }
    (market.book, market.paid_gpu_us, market.cost) = (0, 0, 0);
}
