//! Providers: what they advertise, and when their bids arrive.

use crate::behaviour::entry::refuse;
use crate::behaviour::fault::set_cause;
use crate::observe;
use crate::purpose;
use crate::state::{Advertised, Cause, Change, Machine, Outlook, Presence};
use crate::world::{Search, Step, World};
use engine::distribution::LogNormal;
use engine::draws::Draw;
use market::{Candidate, Standing};
use protocol::{Call, Handle};
use record::{SupplyChange, SupplyReason};
use units::{CardShare, EntityKey, GpuCount, MachineId, ProviderId, SimTime, Span};

/// When a provider learns of an order and when its bid is at the sequencer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BidTimes {
    /// It has heard of the order.
    pub learned_at: SimTime,
    /// Its bid has arrived.
    pub arrived_at: SimTime,
}

/// How long an order that was won and not served is remembered (protocol.md 4.4, Kalypso).
const MISS_MEMORY: Span = Span::from_hours(48);

/// Ordinals of draws have 56 bits; the upper bits of an order's key tell orders apart as well.
const ORDINAL_SHIFT: u32 = 8;

/// The sampler of a declared log-normal law, in seconds.
pub fn log_normal(law: scenario::LogNormal) -> LogNormal {
    LogNormal::new(law.median.as_secs_f64(), law.sigma)
}

/// A span of a declared log-normal law, rounded to the nanosecond.
pub fn draw_span(law: scenario::LogNormal, draw: &mut Draw) -> Span {
    Span::from_secs_f64_rounded(draw.sample(&log_normal(law)))
}

/// A newcomer joins, unless the check before admission finds that it would cheat. Who decided to
/// enter was checked before it bought anything.
pub fn on_provider_joined(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let Presence::Expected(reason) = world.providers[id.index()].presence else {
        unreachable!("who joins was expected");
    };
    if reason == SupplyReason::Declared && world.is_refused(id) {
        return refuse(world, step, id, None);
    }
    register(world, step, id);
    observe::supply(world, step, id, SupplyChange::Joined, reason, None);
}

/// A provider registers its machines and posts its stake; from now on it bids. Who was there before
/// came back for what the market is now: what it saw then counts no more.
pub fn register(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    world.providers[id.index()].presence = Presence::Here;
    world.providers[id.index()].outlook = Outlook::default();
    let candidate = &world.candidates[id.index()];
    let (gpus, card) = (candidate.gpus_total, usize::from(candidate.card.0));
    let rules = world.pool(world.providers[id.index()].pool).rules;
    let multiplier_hundredths = world.scenario.cards[card].multiplier_hundredths.of(rules);
    world.call(step.now, Call::Register { provider: id, gpus, multiplier_hundredths });
    let amount = world.draw_stake(id);
    world.call(step.now, Call::PostStake { provider: id, amount });
    world.refresh_standing(step.now, id);
    world.change_usage(step.now, id, |usage| usage.installed += u64::from(gpus.0));
    for machine in world.providers[id.index()].machine_ids() {
        set_cause(world, step, machine, Cause::Absent, false);
    }
}

impl World {
    /// Whether a provider takes leases: the chain lets it, and it is not about to leave.
    pub fn may_serve(&self, id: ProviderId, now: SimTime) -> bool {
        let is_leaving = matches!(self.providers[id.index()].presence, Presence::Leaving(_));
        self.chain.registry[id.index()].may_serve(now) && !is_leaving
    }

    /// Counts a lease that opens or ends in what matchers know of a provider and its owner. What
    /// it has served is as of now, and stands until its next lease opens or ends.
    pub fn count_lease(&mut self, id: ProviderId, opens: bool) {
        let count = |leases: &mut u32| *leases = if opens { *leases + 1 } else { *leases - 1 };
        let provider = &self.providers[id.index()];
        let served = u64::try_from(provider.meter.paid_nanos()).unwrap_or(u64::MAX);
        let activity = &mut self.candidates[id.index()].activity;
        activity.served_in_era = Span::from_nanos(served);
        count(&mut activity.leases);
        for identity in provider.owner_ids() {
            count(&mut self.candidates[identity.index()].owner_leases);
            self.relist(identity);
        }
    }

    /// Counts an order that a provider won and did not serve.
    pub fn count_miss(&mut self, now: SimTime, id: ProviderId) {
        self.candidates[id.index()].activity.misses += 1;
        self.misses.push_back((now, id));
        self.relist(id);
    }

    /// Forgets misses that are too old; called every hour.
    pub fn forget_misses(&mut self, now: SimTime) {
        let is_old = |at: &mut (SimTime, ProviderId)| now.since(at.0) >= MISS_MEMORY;
        while let Some((_, id)) = self.misses.pop_front_if(is_old) {
            self.candidates[id.index()].activity.misses -= 1;
            self.relist(id);
        }
    }

    /// Counts anew what matchers know of everybody's leases and misses, and holds what stands on
    /// shelves against it.
    ///
    /// # Panics
    /// When a count or a copy has gone astray.
    pub fn check_activity(&self) {
        let mut misses = vec![0_u32; self.providers.len()];
        self.misses.iter().for_each(|(_, id)| misses[id.index()] += 1);
        for (provider, candidate) in self.providers.iter().zip(&self.candidates) {
            let jobs = provider.machine_ids().map(|id| self.machines[id.index()].jobs.len());
            let id = candidate.provider;
            assert_eq!(candidate.activity.leases as usize, jobs.sum::<usize>(), "leases of {id:?}");
            let of_owner = provider.owner_ids();
            let of_owner = of_owner.map(|id| self.candidates[id.index()].activity.leases);
            assert_eq!(candidate.owner_leases, of_owner.sum::<u32>(), "leases of the owner {id:?}");
            assert_eq!(candidate.activity.misses, misses[id.index()], "misses of {id:?}");
            let standing = provider.machine_ids().map(|id| self.machines[id.index()].gpus);
            check_registered(id, self.chain.registry[id.index()].gpus, standing.sum());
            let shelves = &self.pools[provider.pool.index()].shelves;
            let copy = |place: u32| &shelves[provider.shelf as usize].listed[place as usize];
            let copy = provider.place.map(copy);
            assert!(copy.is_none_or(|copy| copy == candidate), "the copy of {id:?}");
            let shelf = &shelves[provider.shelf as usize];
            assert!(shelf.card == candidate.card, "the shelf of {id:?} holds its card");
            assert!(shelf.price_min <= candidate.bid, "{id:?} bids below its shelf");
            let rent = self.pools[provider.pool.index()].rents.get(usize::from(candidate.card.0));
            let bid = rent.copied().unwrap_or(self.ask_of(id));
            assert_eq!(candidate.bid, bid, "what {id:?} bids is what it asks, or what a rule says");
        }
    }

    /// Counts a lease that a provider confirmed.
    pub fn count_win(&mut self, now: SimTime, id: ProviderId) {
        let is_reported = now >= self.report_start();
        let provider = &mut self.providers[id.index()];
        provider.leases_won += u64::from(is_reported);
        provider.first_lease_at.get_or_insert(now);
    }

    /// When `candidate` would hear of the order of the block at `included_at`, and its bid arrive.
    ///
    /// A function of order and provider alone, so it may be asked never, once or often.
    pub fn draw_bid_times(
        &self,
        order: EntityKey,
        included_at: SimTime,
        candidate: &Candidate,
    ) -> BidTimes {
        if !self.scenario.chain.has_latency {
            return BidTimes { learned_at: included_at, arrived_at: included_at };
        }
        let mut draw = self.draws.at(purpose::BID, candidate.key, order.0 >> ORDINAL_SHIFT);
        let way = self.one_way_to_sequencer(candidate);
        let learned_at = included_at + self.draw_delay(way, &mut draw);
        let decided_at = learned_at + self.draw_thinking(&mut draw);
        BidTimes { learned_at, arrived_at: decided_at + self.draw_delay(way, &mut draw) }
    }

    /// What the arrival of [`World::draw_bid_times`] is not later than.
    fn bound_arrival(
        &self,
        order: EntityKey,
        included_at: SimTime,
        candidate: &Candidate,
    ) -> SimTime {
        let mut draw = self.draws.at(purpose::BID, candidate.key, order.0 >> ORDINAL_SHIFT);
        let way = self.one_way_to_sequencer(candidate);
        let learned_at = included_at + self.jitter.delay_most(way, &mut draw);
        let thinking = Span::from_secs_f64_rounded(self.thinking_most.draw(&mut draw));
        learned_at + thinking + self.jitter.delay_most(way, &mut draw)
    }

    /// Whether a candidate's bid on a job's order stands when the window has closed: it arrived by
    /// then, and what it offers was free from the moment it learned of the order, because capacity
    /// last grew at `capacity_grew_at`. Who has announced maintenance does not bid for what would
    /// still run then.
    pub fn is_bid_standing(
        &self,
        handle: Handle,
        candidate: &Candidate,
        capacity_grew_at: SimTime,
    ) -> bool {
        let attempt = self.job(handle).attempt.as_ref().expect("a bid answers an order");
        let called_at = attempt.called_at.expect("a round's order is in a block");
        let closed_at = attempt.closed_at.expect("bids are looked at when the window has closed");
        let order = attempt.key;
        let length = self.scenario.ordering.ready_timeout + attempt.duration;
        if self.overlaps_maintenance(closed_at, candidate.provider, length) {
            return false;
        }
        if self.search == Search::Lazy && self.scenario.chain.has_latency {
            // Nearly all bids stand by far: that is seen without working out when they came.
            let learned_at_least = called_at + self.one_way_to_sequencer(candidate);
            let arrived_at_most = self.bound_arrival(order, called_at, candidate);
            if arrived_at_most <= closed_at && capacity_grew_at <= learned_at_least {
                return true;
            }
        }
        let times = self.draw_bid_times(order, called_at, candidate);
        times.arrived_at <= closed_at && capacity_grew_at <= times.learned_at
    }

    /// One way between a candidate and the sequencer, without jitter.
    pub fn one_way_to_sequencer(&self, candidate: &Candidate) -> Span {
        let round_trip = self.round_trip(self.scenario.chain.sequencer, candidate);
        Span::from_nanos(round_trip.nanos() / 2)
    }

    /// A message's delay: its way with jitter.
    pub fn draw_delay(&self, way: Span, draw: &mut Draw) -> Span {
        if !self.scenario.chain.has_latency || way.is_zero() {
            return Span::ZERO;
        }
        self.jitter.delay(way, draw)
    }

    /// A provider's time to decide.
    pub fn draw_thinking(&self, draw: &mut Draw) -> Span {
        if !self.scenario.chain.has_latency {
            return Span::ZERO;
        }
        draw_span(self.scenario.latency.thinking, draw)
    }

    /// Brings the advertised capacity of a provider up to date after its machines changed.
    pub fn refresh_capacity(&mut self, now: SimTime, id: ProviderId) {
        let provider = &self.providers[id.index()];
        let may_serve = self.may_serve(id, now) && self.takes_rent(id);
        let machines = || {
            let first = provider.first_machine.index();
            self.machines[first..first + provider.machines as usize].iter()
        };
        let up = |machine: &&Machine| may_serve && machine.takes_leases();
        let on_node = machines().filter(up).map(|m| m.gpus_free).max().unwrap_or(0);
        let free = machines().filter(up).map(|m| m.gpus_free).sum();
        let is_active = machines().any(|machine| up(&machine));
        let candidate = &mut self.candidates[id.index()];
        let before = Advertised {
            gpus_free_on_node: candidate.gpus_free_on_node,
            gpus_free: candidate.gpus_free,
            share_free_on_card: candidate.share_free_on_card,
            is_active: candidate.is_active,
            capacity_grew_at: provider.capacity_grew_at,
        };
        if on_node > candidate.gpus_free_on_node.0 {
            self.providers[id.index()].capacity_grew_at = now;
            candidate.activity.idle_since = now;
        }
        let grew = on_node > before.gpus_free_on_node.0 || free > before.gpus_free.0;
        candidate.gpus_free_on_node = GpuCount(on_node);
        candidate.gpus_free = GpuCount(free);
        candidate.share_free_on_card = if free > 0 { CardShare::WHOLE } else { CardShare(0) };
        candidate.is_active = is_active;
        let is_same = before.gpus_free_on_node == candidate.gpus_free_on_node
            && before.gpus_free == candidate.gpus_free
            && before.is_active == is_active;
        if !is_same {
            self.view_log.note(Change { at: now, provider: id, before });
        }
        self.refresh_listing(id, on_node > 0);
        if grew {
            self.stir(id);
        }
    }

    /// Puts a provider on its shelf, or takes it off.
    fn refresh_listing(&mut self, id: ProviderId, is_available: bool) {
        let provider = &mut self.providers[id.index()];
        let pool = &mut self.pools[provider.pool.index()];
        let listed = &mut pool.shelves[provider.shelf as usize].listed;
        match (provider.place, is_available) {
            (None, true) => {
                provider.place = Some(listed.len() as u32);
                listed.push(self.candidates[id.index()]);
            }
            (Some(place), false) => {
                provider.place = None;
                listed.swap_remove(place as usize);
                if let Some(moved) = listed.get(place as usize) {
                    self.providers[moved.provider.index()].place = Some(place);
                }
            }
            (Some(_), true) => self.relist(id),
            (None, false) => {}
        }
    }

    /// Brings the copy on a provider's shelf up to date, if there is one.
    pub fn relist(&mut self, id: ProviderId) {
        let provider = &self.providers[id.index()];
        if let Some(place) = provider.place {
            let shelf = &mut self.pools[provider.pool.index()].shelves[provider.shelf as usize];
            shelf.listed[place as usize] = self.candidates[id.index()];
        }
    }

    /// Brings what the matcher knows of a provider's past up to date.
    pub fn refresh_standing(&mut self, now: SimTime, id: ProviderId) {
        let one = &self.chain.registry[id.index()];
        let standing = Standing {
            uptime: one.uptime_mean(&self.params),
            good_milli: one.reputation.good_milli,
            bad_milli: one.reputation.bad_milli,
            slash_halves: one.slash_halves(now, self.params.slashing.window),
            stake: self.chain.stake(id),
            stake_min: one.stake_min,
        };
        let trust_tier = one.trust;
        let candidate = &mut self.candidates[id.index()];
        candidate.trust_tier = trust_tier;
        candidate.standing = standing;
        candidate.merit = self.scoring.merit(&standing);
        self.relist(id);
    }

    /// The machine of a provider where `gpus` leave the fewest GPUs unused; none when no machine
    /// that is up has so many free, or the provider may take no leases.
    pub fn best_fitting_machine(
        &self,
        now: SimTime,
        id: ProviderId,
        gpus: GpuCount,
    ) -> Option<MachineId> {
        let provider = &self.providers[id.index()];
        let may_serve = self.may_serve(id, now);
        let fits = |machine: &MachineId| {
            let machine = &self.machines[machine.index()];
            may_serve && machine.takes_leases() && machine.gpus_free >= gpus.0
        };
        let rest = |machine: &MachineId| self.machines[machine.index()].gpus_free;
        provider.machine_ids().filter(fits).min_by_key(rest)
    }
}

/// Nobody is rewarded for capacity that does not exist (economics.md 2.4, K8): who has registered
/// GPUs has them.
fn check_registered(id: ProviderId, registered: GpuCount, standing: u32) {
    let is_real = registered.0 == 0 || registered.0 == standing;
    assert!(is_real, "{id:?}: K8, {registered:?} are registered and {standing} stand");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "K8, GpuCount(9) are registered and 8 stand")]
    fn a_gpu_that_only_the_chain_knows_is_found() {
        check_registered(ProviderId(0), GpuCount(0), 8); // It has not joined.
        check_registered(ProviderId(0), GpuCount(8), 8);
        check_registered(ProviderId(0), GpuCount(9), 8);
    }
}
