//! Shelves: a pool's providers by card and price, so that a round looks at few who are too dear.

use crate::state::Shelf;
use crate::world::World;
use market::Candidate;
use units::{CardId, PoolId};

/// Bands of prices that each card's providers are divided into. More bands, fewer candidates that
/// are too dear are looked at; eight leave a few per cent.
const PRICE_BANDS: usize = 8;

impl World {
    /// Divides the providers of all pools anew: asks that went different ways blur the bands.
    pub fn shelve_anew(&mut self) {
        (0..self.pools.len()).for_each(|pool| self.shelve(PoolId(pool as u16)));
    }

    /// Divides a pool's providers by card, and each card's by price into bands of equal numbers.
    pub fn shelve(&mut self, id: PoolId) {
        let pool = &mut self.pools[id.index()];
        pool.shelves.clear();
        for card in (0..self.scenario.cards.len()).map(|card| CardId(card as u16)) {
            let first = pool.first_provider.index();
            let everybody = &self.candidates[first..first + pool.providers as usize];
            let ours = everybody.iter().filter(|candidate| candidate.card == card);
            let mut ours: Vec<&Candidate> = ours.collect();
            ours.sort_unstable_by_key(|candidate| (candidate.bid, candidate.key));
            for band in ours.chunks(ours.len().div_ceil(PRICE_BANDS).max(1)) {
                let mut listed = Vec::new();
                for candidate in band {
                    let provider = &mut self.providers[candidate.provider.index()];
                    provider.shelf = pool.shelves.len() as u32;
                    if let Some(place) = &mut provider.place {
                        *place = listed.len() as u32;
                        listed.push(**candidate);
                    }
                }
                pool.shelves.push(Shelf { card, price_min: band[0].bid, listed });
            }
        }
    }
}
