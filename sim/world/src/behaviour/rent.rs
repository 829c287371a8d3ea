//! What a GPU-hour rents for: what each provider asks, or one price for a card in a pool that a
//! rule sets, hour by hour (economics.md 1.4).
//!
//! Under a rule a provider's ask is its reserve: above the price it stays out, below it is paid the
//! price. Leases keep theirs.

use crate::behaviour::bidding::review_asks;
use crate::observe;
use crate::state::Stand;
use crate::world::{Step, World};
use mechanism::gas::Target;
use mechanism::rent::{Quote, TargetRent, UtilizationRent};
use mechanism::rent::{clear, cloud_less_discount_rounded_down};
use scenario::{Pick, Pricing};
use units::{CardId, GpuHourPrice, PoolId, Ppm, ProviderId, SimTime};

/// Sets the prices of the hour that begins, and what providers bid by them. Where no rule sets
/// them, bids change only when what providers ask `has_changed`.
pub fn set_rents(world: &mut World, step: &mut Step<'_>, has_changed: bool) {
    let has_reviewed = review_asks(world, step.now);
    let Some(every) = world.scenario.pricing.every() else {
        if has_changed || has_reviewed {
            world.post_bids(step.now);
        }
        if has_reviewed {
            world.shelve_anew();
        }
        return;
    };
    let hours = step.now.since(SimTime::ZERO);
    let is_due = hours.floored_to(every) == hours;
    for pool in (0..world.pools.len()).map(|pool| PoolId(pool as u16)) {
        let stands = world.see_stands(step.now, pool);
        if is_due {
            world.pools[pool.index()].rents = world.compute_rents(pool, &stands);
        }
        observe::rents(world, step, pool, &stands);
    }
    world.post_bids(step.now);
}

impl World {
    /// Whether a provider bids: not when a rule's price is below what it asks.
    pub fn takes_rent(&self, id: ProviderId) -> bool {
        self.ask_of(id) <= self.candidates[id.index()].bid
    }

    /// Every provider bids what the rule sets, or what it asks where there is no rule.
    fn post_bids(&mut self, now: SimTime) {
        for shelf in self.pools.iter_mut().flat_map(|pool| &mut pool.shelves) {
            shelf.price_min = GpuHourPrice::from_nanos(u64::MAX);
        }
        for id in (0..self.providers.len()).map(|id| ProviderId(id as u32)) {
            let ask = self.ask_of(id);
            let provider = &self.providers[id.index()];
            let pool = &mut self.pools[provider.pool.index()];
            let bid = pool.rents.get(usize::from(provider.card.0)).copied().unwrap_or(ask);
            let shelf = &mut pool.shelves[provider.shelf as usize];
            shelf.price_min = shelf.price_min.min(bid);
            self.candidates[id.index()].bid = bid;
            self.refresh_capacity(now, id);
        }
    }

    /// What a rule sees of every card in a pool, by `CardId`.
    fn see_stands(&self, now: SimTime, pool: PoolId) -> Vec<Stand> {
        let mut stands = vec![Stand::default(); self.scenario.cards.len()];
        for id in self.provider_ids(pool) {
            let provider = &self.providers[id.index()];
            let stand = &mut stands[usize::from(provider.card.0)];
            let (up, held) = self.count_gpus(now, id);
            stand.used += held;
            stand.offered += if self.takes_rent(id) { up } else { held };
            if self.is_registered(id) {
                let ask = self.ask_of(id);
                stand.ask_min = Some(stand.ask_min.map_or(ask, |least| least.min(ask)));
            }
        }
        stands
    }

    /// GPUs of a provider that are up and may serve, with all that leases hold; and the latter.
    fn count_gpus(&self, now: SimTime, id: ProviderId) -> (u64, u64) {
        let may_serve = self.may_serve(id, now);
        let machines = self.providers[id.index()].machine_ids();
        let counts = machines.map(|id| {
            let machine = &self.machines[id.index()];
            let held = machine.gpus - machine.gpus_free;
            let is_up = may_serve && machine.causes.is_up();
            (u64::from(if is_up { machine.gpus } else { held }), u64::from(held))
        });
        counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    }

    /// The next price of every card in a pool; before the first, prices are those of the book.
    fn compute_rents(&self, pool: PoolId, stands: &[Stand]) -> Vec<GpuHourPrice> {
        let cards = (0..).map(CardId).zip(stands);
        let next = |(card, stand): (CardId, &Stand)| {
            let last = self.pools[pool.index()].rents.get(usize::from(card.0)).copied();
            self.compute_rent(pool, card, stand, last)
        };
        cards.map(next).collect()
    }

    fn compute_rent(
        &self,
        pool: PoolId,
        card: CardId,
        stand: &Stand,
        last: Option<GpuHourPrice>,
    ) -> GpuHourPrice {
        let book = self.book_price(card);
        // Below the lowest ask nobody is left from whom to learn what is in use.
        let Some(floor) = stand.ask_min else { return book };
        match self.scenario.pricing {
            Pricing::Posted => unreachable!("nobody sets posted prices"),
            Pricing::CloudDiscount { cloud_hundredths, discount } => {
                let cloud = book.nanos().saturating_mul(u64::from(cloud_hundredths)) / 100;
                cloud_less_discount_rounded_down(GpuHourPrice::from_nanos(cloud), discount)
            }
            Pricing::Clearing { pick, .. } => {
                let cleared = self.clear_card(pool, card, pick);
                cleared.or(last).unwrap_or(book)
            }
            _ if last.is_none() || stand.offered == 0 => last.unwrap_or(book).max(floor),
            Pricing::Utilization { target, gain, step_max, .. } => {
                let rule = UtilizationRent { target, gain, step_max, floor };
                let used = Ppm::ratio_rounded_down(stand.used, stand.offered);
                rule.step(last.unwrap_or(book), used)
            }
            Pricing::Eip1559 { target, divisor, .. } => {
                // Both in millionths: whole GPUs would round the target of a rare card away.
                let used = Ppm::ratio_rounded_down(stand.used, stand.offered);
                let target = Target { used: u64::from(target.0), divisor: u64::from(divisor) };
                TargetRent { target, floor }.step(last.unwrap_or(book), u64::from(used.0))
            }
        }
    }

    /// Clears what is up of a card in a pool against the jobs that ask for it, whether they run or
    /// wait; none when nobody would trade.
    fn clear_card(&self, pool: PoolId, card: CardId, pick: Pick) -> Option<GpuHourPrice> {
        let now = self.hour_started_at;
        let ours = |id: &ProviderId| self.providers[id.index()].card == card;
        let ask = |id: ProviderId| Quote {
            key: self.providers[id.index()].key,
            price: self.ask_of(id),
            gpus: self.count_gpus(now, id).0,
        };
        let asks: Vec<Quote> = self.provider_ids(pool).filter(ours).map(ask).collect();
        let jobs = self.jobs.iter().map(|(_, job)| job);
        let jobs = jobs.filter(|job| job.card == card && self.class_of(job).pool == pool);
        let ceiling = jobs.map(|job| Quote { key: job.key, price: job.ceiling, gpus: job.gpus() });
        clear(&asks, &ceiling.collect::<Vec<_>>()).map(|cleared| cleared.price(pick))
    }

    /// Whether a provider's machines are on the chain's list: it is there, or on its way out.
    pub fn is_registered(&self, id: ProviderId) -> bool {
        self.chain.registry[id.index()].gpus.0 > 0
    }

    /// The providers of a pool, whether they are there or not.
    pub fn provider_ids(&self, pool: PoolId) -> impl Iterator<Item = ProviderId> + use<> {
        let pool = &self.pools[pool.index()];
        let first = pool.first_provider.0;
        (first..first + pool.providers).map(ProviderId)
    }
}
