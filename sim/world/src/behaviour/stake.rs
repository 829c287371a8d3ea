//! Providers' stake: topped up or not, taken, and what that means for their leases.

use crate::observe;
use crate::world::{Step, World};
use protocol::{Call, Fault, Taken};
use scenario::TopUp;
use units::{ProviderId, Spon, Usd};

/// Providers whose stake is under the least bring what is missing, as far as they care to; who does
/// not is passed over by the matcher's filter F10 until it does.
pub fn top_up_stakes(world: &mut World, step: &mut Step<'_>) {
    for index in 0..world.providers.len() {
        let provider = ProviderId(index as u32);
        let missing = world.missing_stake(provider);
        let is_willing = match world.scenario.stake.top_up {
            TopUp::Always => true,
            TopUp::Never => false,
            TopUp::IfItPays => world.providers[index].net >= Usd::ZERO,
        };
        if missing > Spon::ZERO && is_willing {
            world.call(step.now, Call::PostStake { provider, amount: missing });
        }
    }
}

/// Enters a slash that came before the end of the era into the provider's books, and keeps it from
/// new leases while it is in jail.
pub fn note_slash(
    world: &mut World,
    step: &mut Step<'_>,
    id: ProviderId,
    fault: Fault,
    taken: Taken,
    is_false: bool,
) {
    if taken.total() > Spon::ZERO {
        let books = &mut world.providers[id.index()].books;
        books.slashed += taken.total();
        books.slashed_delegated += taken.delegated;
        observe::slash(world, step, id, fault, taken, is_false);
    }
    watch_jail(world, step, id);
}

/// A provider in jail offers nothing until its time is over.
pub fn watch_jail(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let jailed_until = world.chain.registry[id.index()].jailed_until;
    if jailed_until > step.now {
        step.out.at(jailed_until, crate::event::Event::JailEnded(id));
        world.refresh_capacity(step.now, id);
    }
}

impl World {
    /// What a provider's stake lacks of the least.
    pub fn missing_stake(&self, id: ProviderId) -> Spon {
        let least = self.chain.registry[id.index()].stake_min;
        (least - self.chain.stake(id)).max(Spon::ZERO)
    }
}
