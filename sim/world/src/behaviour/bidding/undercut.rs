//! `undercut`: just below others who have the same card and are free.

use crate::state::Provider;
use crate::world::World;
use scenario::Undercut;
use std::collections::BTreeMap;
use units::{CardId, GpuHourPrice, PoolId, Ppm, ProviderId};

/// What is asked below another's ask, rounded down.
pub fn ask(rule: &Undercut, other: GpuHourPrice) -> GpuHourPrice {
    let rest = u128::from(Ppm::ONE.0 - rule.by.0);
    let nanos = u128::from(other.nanos()) * rest / u128::from(Ppm::ONE.0);
    GpuHourPrice::from_nanos(u64::try_from(nanos).expect("a part of a price is a price"))
}

/// What can be seen of each card in each pool: the asks of who has free GPUs, ascending, with their
/// owners.
#[derive(Default)]
pub struct Sightings(BTreeMap<(PoolId, CardId), Vec<(GpuHourPrice, ProviderId)>>);

impl Sightings {
    /// The ask of the so-manieth cheapest that is not the provider's own; none when there are not
    /// as many.
    pub fn nth_cheapest(
        &mut self,
        world: &World,
        provider: &Provider,
        rank: u32,
    ) -> Option<GpuHourPrice> {
        let place = (provider.pool, provider.card);
        let asks = self.0.entry(place).or_insert_with(|| see(world, place));
        nth_of_others(asks, provider.owner_first, rank)
    }
}

fn see(world: &World, (pool, card): (PoolId, CardId)) -> Vec<(GpuHourPrice, ProviderId)> {
    let ids = world.provider_ids(pool).map(|id| (id, &world.providers[id.index()]));
    let free = ids.filter(|(_, other)| other.card == card && other.place.is_some());
    let mut asks: Vec<_> = free.map(|(id, other)| (world.ask_of(id), other.owner_first)).collect();
    asks.sort_unstable();
    asks
}

fn nth_of_others(
    asks: &[(GpuHourPrice, ProviderId)],
    owner: ProviderId,
    rank: u32,
) -> Option<GpuHourPrice> {
    let others = asks.iter().filter(|(_, other)| *other != owner);
    others.map(|(ask, _)| *ask).nth(rank as usize - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Span;

    #[test]
    fn an_ask_lies_below_that_of_the_cheapest_other() {
        let rule = Undercut { review: Span::HOUR, rank: 1, by: Ppm(10_000) };
        assert_eq!(ask(&rule, GpuHourPrice::from_nanos(250_000_050)).nanos(), 247_500_049);
        let asks = [(100, 7), (200, 8), (300, 7), (400, 9)];
        let asks = asks.map(|(ask, id)| (GpuHourPrice::from_nanos(ask), ProviderId(id)));
        let nth =
            |owner, rank| nth_of_others(&asks, ProviderId(owner), rank).map(|ask| ask.nanos());
        assert_eq!((nth(9, 1), nth(9, 3)), (Some(100), Some(300)));
        assert_eq!((nth(7, 1), nth(7, 2)), (Some(200), Some(400)), "not its own identities");
        assert_eq!((nth(7, 3), nth(8, 3)), (None, Some(400)), "there are no more");
    }
}
