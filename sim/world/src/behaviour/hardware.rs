//! What hardware is worth with its age, and what new generations of cards do to older ones.
//!
//! Nobody decides by the value here: it is what capital costs, as books tell it.

use crate::behaviour::outside::{ONE, scaled};
use crate::purpose;
use crate::world::World;
use units::{CardId, EntityKey, Ppm, ProviderId, SimTime, Span, Usd};

/// A year of 365 days in microseconds, as wear counts it.
const YEAR_MICROS: u128 = 365 * 24 * 3_600_000_000;

impl World {
    /// Applies the generations that have come by `now`; whether rents of any card changed.
    pub fn cut_rents(&mut self, now: SimTime) -> bool {
        let span = now.since(SimTime::ZERO);
        let hardware = &self.scenario.hardware;
        if hardware.generations.is_empty() {
            return false;
        }
        let cards = (0..self.scenario.cards.len()).map(|card| CardId(card as u16));
        let cut = |card: CardId| {
            let come = hardware.generations_before(span, card);
            come.fold(ONE, |left, one| scaled(left, part(one.rents)))
        };
        let cuts: Vec<u64> = cards.map(cut).collect();
        let has_changed = cuts != self.rent_cuts;
        self.rent_cuts = cuts;
        has_changed
    }

    /// What a GPU of a provider would be sold for now: its price new, less age and generations.
    pub fn resale_value(&self, id: ProviderId, now: SimTime) -> Usd {
        let provider = &self.providers[id.index()];
        let hardware = &self.scenario.hardware;
        let age = provider.card_age + now.since(provider.joined_at.min(now));
        let price = self.scenario.cards[usize::from(provider.card.0)].price;
        let aged = scaled(price.nanos() as u64, hardware.ageing.left_nano_rounded(age));
        let come = hardware.generations_before(now.since(SimTime::ZERO), provider.card);
        let left = come.fold(aged, |value, one| scaled(value, part(one.resale)));
        Usd::from_nanos(left as i64)
    }

    /// What capital cost a provider in the era that ends, for GPUs as long as they were installed:
    /// the value lost since the era began or it joined, and interest on what it was then.
    pub fn capital_cost(&self, id: ProviderId, now: SimTime, installed_gpu_us: u128) -> [Usd; 2] {
        let since = self.era_started_at.max(self.providers[id.index()].joined_at.min(now));
        let since_us = u128::from(now.since(since).nanos() / 1_000).max(1);
        let (before, after) = (self.resale_value(id, since), self.resale_value(id, now));
        let rate = self.scenario.costs.capital_per_year;
        let lost = share_rounded_up(before - after, installed_gpu_us, since_us);
        let yearly = share_rounded_up(before, u128::from(rate.0), u128::from(Ppm::ONE.0));
        [lost, share_rounded_up(yearly, installed_gpu_us, YEAR_MICROS)]
    }

    /// How old an owner's cards are at the start; one that comes later brings new ones.
    pub fn draw_card_age(&self, owner: EntityKey) -> Span {
        let (min, max) = (self.scenario.hardware.age_min, self.scenario.hardware.age_max);
        let width = max.saturating_sub(min).nanos();
        if width == 0 {
            return min;
        }
        min + Span::from_nanos(self.draws.at(purpose::CARD_AGE, owner, 0).below(width + 1))
    }
}

/// A share in billionths.
fn part(share: Ppm) -> u64 {
    u64::from(share.0) * (ONE / u64::from(Ppm::ONE.0))
}

/// An amount, not below zero, times a ratio; a started nano-dollar is counted in full.
fn share_rounded_up(amount: Usd, of: u128, whole: u128) -> Usd {
    let product = (amount.nanos() as u128).checked_mul(of).expect("less than 2^128 of these");
    Usd::from_base(product.div_ceil(whole) as i128)
}
