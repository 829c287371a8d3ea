//! Prices that a rule sets, as rows.

use crate::state::Stand;
use crate::world::{Step, World};
use record::{RentRow, Row};
use units::{CardId, PoolId};

/// Writes the price of every card that somebody has in a pool, and what the rule saw.
pub fn rents(world: &World, step: &mut Step<'_>, pool: PoolId, stands: &[Stand]) {
    let prices = &world.pools[pool.index()].rents;
    for ((card, stand), price) in (0..).map(CardId).zip(stands).zip(prices) {
        let Some(ask_min) = stand.ask_min else { continue };
        let row = RentRow {
            at_ns: step.now,
            is_reported: step.now >= world.report_start(),
            pool,
            card,
            price_nano_usd_per_gpu_hour: *price,
            ask_min_nano_usd_per_gpu_hour: ask_min,
            offered_gpus: stand.offered,
            used_gpus: stand.used,
        };
        step.observer.on_row(Row::Rent(&row));
    }
}
