//! Whether a job is wanted at the price, and where its tenant takes it (economics.md 1.2).
//!
//! Everything is asked of the job's own key: a higher price only takes jobs away, and a venue that
//! nobody would choose moves no other choice. Costs are in USD per GPU-hour; they are floats, and
//! what follows from them is a place or a count.

use crate::behaviour::logit::{Alternative, choose, gumbel, inclusive_values, log_sum};
use crate::purpose;
use crate::state::{Job, Memory};
use crate::world::World;
use protocol::Handle;
use record::VenueReason;
use scenario::{Churn, DemandCurve, TenantKind, Venue, VenueKind};
use units::{CardId, EntityKey, GpuHourPrice, PoolId, RegionId, SimTime, Span, TenantId, VenueId};

/// This network among venues.
pub const HERE: VenueId = VenueId(0);

/// The parts of a venue's cost, in the order of [`Prospect::parts`].
const REASONS: [VenueReason; 7] = [
    VenueReason::Price,
    VenueReason::Stability,
    VenueReason::Wait,
    VenueReason::Latency,
    VenueReason::Law,
    VenueReason::Habit,
    VenueReason::Appeal,
];
const PRICE: usize = 0;
const LAW: usize = 4;
const HABIT: usize = 5;
const APPEAL: usize = 6;

/// What somebody asks about: work of this length on a card, from a region, for a pool.
#[derive(Clone, Copy, Debug)]
struct Need {
    pool: PoolId,
    card: CardId,
    region: RegionId,
    length: Span,
    /// Of its long contract here; nothing for spot.
    term: Span,
}

/// What a venue costs a tenant for a need.
#[derive(Clone, Copy, Debug)]
struct Prospect {
    venue: VenueId,
    nest: usize,
    /// Of a GPU-hour of work, with time that is paid for and not used.
    price: GpuHourPrice,
    /// What a GPU-hour costs in all, part by part, USD.
    parts: [f64; 7],
}

impl Prospect {
    fn cost(&self) -> f64 {
        self.parts.iter().sum()
    }
}

/// Where a job goes.
#[derive(Clone, Copy, Debug)]
struct Decision {
    venue: VenueId,
    price: GpuHourPrice,
    reason: VenueReason,
    /// In nano-dollars per GPU-hour.
    surplus: i64,
}

/// Whether a job that would come at the lowest price is wanted at that of the hour.
pub fn is_wanted(world: &mut World, job: &Job) -> bool {
    let pool = world.class_of(job).pool;
    let Some(curve) = world.class_of(job).demand_curve else { return true };
    let books = world.choice.as_mut().expect("demand that answers to price has books");
    let measured = &books.measured[pool.index()];
    let (comes, is_wanted) = match curve {
        DemandCurve::Reservation { .. } => {
            (true, job.ceiling >= measured.prices[usize::from(job.card.0)])
        }
        _ => {
            let lot = world.draws.at(purpose::WANTED, job.key, 0).unit() * curve.at_most();
            let is_wanted = lot < curve.quantity(measured.price_ppm as f64 / 1e6);
            (is_wanted, is_wanted)
        }
    };
    let [possible, wanted] = &mut books.wanted[job.class.index()];
    *possible += 1;
    *wanted += u64::from(is_wanted);
    comes
}

/// Whether the tenant of a new job brings it to this network; if not, it has gone elsewhere.
pub fn comes_here(world: &mut World, now: SimTime, job: &Job) -> bool {
    let pool = world.class_of(job).pool;
    if !world.is_choosing(pool) {
        return true;
    }
    let memory = *world.memory(job.tenant, pool);
    let decision = match (memory.last, &world.tenant_kind_of(&memory).churn) {
        (Some(last), Some(_)) => world.stay_with(now, job, last),
        _ => world.choose_venue(now, job, &memory, |_| true),
    };
    world.send(now, job, decision, memory.last);
    decision.venue == HERE
}

/// Takes a job that waited too long elsewhere.
pub fn send_elsewhere(world: &mut World, now: SimTime, handle: Handle) {
    let job = world.job(handle).clone();
    let memory = *world.memory(job.tenant, world.class_of(&job).pool);
    let decision = world.choose_venue(now, &job, &memory, |venue| venue != HERE);
    let decision = Decision { reason: VenueReason::Waited, ..decision };
    world.send(now, &job, decision, memory.last);
}

/// Prices are looked at, and those who think of moving do: an hour begins.
pub fn on_hour(world: &mut World, now: SimTime) {
    if world.choice.is_none() {
        return;
    }
    for pool in (0..world.pools.len()).map(|pool| PoolId(pool as u16)) {
        world.measure(pool);
        if world.is_choosing(pool) {
            review_regulars(world, now, pool);
        }
    }
}

/// Regulars of one venue think of moving, each kind of them at its own times.
fn review_regulars(world: &mut World, now: SimTime, pool: PoolId) {
    let since = now.since(SimTime::ZERO);
    let is_due = |churn: &Churn| !since.is_zero() && since.floored_to(churn.every) == since;
    let kinds = world.scenario.tenant_kinds.iter();
    let due: Vec<bool> = kinds.map(|kind| kind.churn.as_ref().is_some_and(is_due)).collect();
    if !due.contains(&true) {
        return;
    }
    for tenant in (0..world.tenants.len()).map(|tenant| TenantId(tenant as u32)) {
        let memory = *world.memory(tenant, pool);
        if world.tenants[tenant.index()].successor.is_some() {
            continue; // It goes on under its new name.
        }
        if due[usize::from(memory.kind)]
            && let Some(moved) = world.move_regular(now, tenant, pool, &memory)
        {
            world.memory_mut(tenant, pool).go_to(now, moved);
        }
    }
}

impl World {
    fn memory_mut(&mut self, tenant: TenantId, pool: PoolId) -> &mut Memory {
        let books = self.choice.as_mut().expect("who chooses has books");
        &mut books.memories[pool.index()][tenant.index()]
    }

    /// A job's tenant is one of this network's: it has work here when the run begins.
    pub fn note_regular(&mut self, tenant: TenantId, pool: PoolId) {
        if self.is_choosing(pool) {
            self.memory_mut(tenant, pool).go_to(SimTime::ZERO, HERE);
        }
    }

    /// A job's work was interrupted, or its tenant gave up: it remembers, and others see it.
    pub fn note_failure(&mut self, now: SimTime, handle: Handle, is_interruption: bool) {
        let job = self.job(handle);
        let (pool, tenant, gpus) = (self.class_of(job).pool, job.tenant, job.gpus());
        if !self.is_choosing(pool) {
            return;
        }
        let half_life = self.tenant_kind_of(self.memory(tenant, pool)).memory;
        let is_preemption = is_interruption && self.is_wanted_back(handle);
        self.memory_mut(tenant, pool).note_failure(now, half_life);
        let books = self.choice.as_mut().expect("who chooses has books");
        if is_interruption {
            books.measured[pool.index()].note_interruption(gpus, is_preemption);
        }
    }

    /// A job has a lease, or its tenant does not wait any more.
    pub fn note_wait(&mut self, now: SimTime, handle: Handle) {
        let job = self.job(handle);
        let (pool, waited) = (self.class_of(job).pool, now.since(job.waiting_since));
        if let Some(books) = &mut self.choice {
            books.measured[pool.index()].note_wait(waited);
        }
    }

    /// What a pool's GPUs ask now, and what its hour adds to what is measured.
    fn measure(&mut self, pool: PoolId) {
        let paid = self.pools[pool.index()].paid_gpu_us;
        let prices: Vec<GpuHourPrice> =
            (0..self.scenario.cards.len()).map(|card| self.mean_bid(pool, card)).collect();
        let weights = &self.pool(pool).card_weights;
        let cards = prices.iter().zip(&self.scenario.cards).zip(weights);
        let index = cards.map(|((price, card), weight)| {
            weight * price.nanos() as f64 / card.book_price.nanos().max(1) as f64
        });
        let price_ppm = (index.sum::<f64>() * 1e6 + 0.5) as u64;
        let window = self.scenario.venues.window;
        let books = self.choice.as_mut().expect("it was looked at");
        let measured = &mut books.measured[pool.index()];
        (measured.prices, measured.price_ppm) = (prices, price_ppm);
        measured.end_hour(paid, window);
    }

    /// The mean bid of a card's free GPUs, rounded down; of all that are there when none is free,
    /// and the book price when none is there.
    fn mean_bid(&self, pool: PoolId, card: usize) -> GpuHourPrice {
        let card = CardId(card as u16);
        let state = &self.pools[pool.index()];
        let first = state.first_provider.index();
        let all = &self.candidates[first..first + state.providers as usize];
        let is_there = |one: &&market::Candidate| self.is_registered(one.provider);
        let ours = all.iter().filter(|one| one.card == card).filter(is_there);
        let mean = |gpus: fn(&market::Candidate) -> u64| {
            let add = |(bids, count): (u128, u64), one: &market::Candidate| {
                let gpus = gpus(one);
                (bids + u128::from(one.bid.nanos()) * u128::from(gpus), count + gpus)
            };
            let (bids, count) = ours.clone().fold((0, 0), add);
            bids.checked_div(u128::from(count))
        };
        let free = mean(|one| if one.is_active { u64::from(one.gpus_free.0) } else { 0 });
        let asked = free.or_else(|| mean(|one| u64::from(one.gpus_total.0)));
        let nanos = asked.and_then(|nanos| u64::try_from(nanos).ok());
        nanos.map_or(self.book_price(card), GpuHourPrice::from_nanos)
    }

    /// What a regular does, who does not compare.
    fn stay_with(&self, now: SimTime, job: &Job, venue: VenueId) -> Decision {
        let memory = self.memory(job.tenant, self.class_of(job).pool);
        let prospects = self.prospects(now, self.need_of(job), memory);
        let price = prospects.iter().find(|one| one.venue == venue).map_or_else(
            || unreachable!("a regular's venue is open as long as the run"),
            |prospect| prospect.price,
        );
        Decision { venue, price, reason: VenueReason::Regular, surplus: 0 }
    }

    /// Chooses among venues for a job.
    fn choose_venue(
        &self,
        now: SimTime,
        job: &Job,
        memory: &Memory,
        is_open: impl Fn(VenueId) -> bool,
    ) -> Decision {
        let prospects = self.prospects(now, self.need_of(job), memory);
        let prospects: Vec<Prospect> =
            prospects.into_iter().filter(|one| is_open(one.venue)).collect();
        let (place, log_sum) = self.pick(&prospects, memory, job.key);
        let chosen = prospects[place];
        let surplus = log_sum / self.tenant_kind_of(memory).sensitivity;
        let surplus = libm::round(surplus * 1e9) as i64;
        let reason = reason_of(&prospects, place);
        Decision { venue: chosen.venue, price: chosen.price, reason, surplus }
    }

    /// The place of the prospect that is chosen under the tastes of `key`, and the log sum of all.
    fn pick(&self, prospects: &[Prospect], memory: &Memory, key: EntityKey) -> (usize, f64) {
        let alpha = self.tenant_kind_of(memory).sensitivity;
        let alternative =
            |one: &Prospect| Alternative { utility: -alpha * one.cost(), nest: one.nest };
        let alternatives: Vec<Alternative> = prospects.iter().map(alternative).collect();
        let venues = &self.scenario.venues;
        let lambdas = [venues.network_nest, venues.cloud_nest];
        let inclusive = inclusive_values(&alternatives, &lambdas);
        let taste = |name: EntityKey| {
            // An ordinal of a draw has 56 bits.
            gumbel(self.draws.at(purpose::VENUE, key, name.0 >> 8).unit_open())
        };
        let of_nest = |nest: usize| taste(EntityKey::group("venue nests").child(nest as u64));
        let own = |place: usize| taste(self.venue_key(prospects[place].venue));
        let place = choose(&alternatives, &inclusive, &lambdas, of_nest, own);
        (place.expect("one can choose among venues"), log_sum(&inclusive))
    }

    fn venue_key(&self, venue: VenueId) -> EntityKey {
        EntityKey::group(self.other(venue).map_or(Venue::HERE, |other| &other.name))
    }

    fn other(&self, venue: VenueId) -> Option<&Venue> {
        venue.index().checked_sub(1).map(|place| &self.scenario.venue_list[place])
    }

    fn need_of(&self, job: &Job) -> Need {
        Need {
            pool: self.class_of(job).pool,
            card: job.card,
            region: self.tenants[job.tenant.index()].region,
            length: job.remaining,
            term: job.term_left,
        }
    }

    /// What this network and every open venue cost.
    fn prospects(&self, now: SimTime, need: Need, memory: &Memory) -> Vec<Prospect> {
        let mut prospects = vec![self.prospect_here(now, need, memory)];
        for (place, venue) in self.scenario.venue_list.iter().enumerate() {
            if venue.is_open {
                let id = VenueId(place as u16 + 1);
                prospects.push(self.prospect_there(need, memory, id, venue));
            }
        }
        prospects
    }

    fn prospect_here(&self, now: SimTime, need: Need, memory: &Memory) -> Prospect {
        let books = self.choice.as_ref().expect("who chooses has books");
        let measured = &books.measured[need.pool.index()];
        let kind = self.tenant_kind_of(memory);
        let bid = measured.prices[usize::from(need.card.0)];
        let price = self.price_of_work_rounded_up(bid, need.term, need.length);
        let own = memory.failures_micro(now, kind.memory) as f64 / 1e6 * kind.failure;
        let round_trip = books.round_trips[need.pool.index()][need.region.index()];
        let interruptions = measured.interruptions_per_month() + own;
        let mut parts = parts(kind, price, interruptions, measured.wait(), round_trip);
        parts[HABIT] = self.cost_of_moving(memory, HERE);
        Prospect { venue: HERE, nest: nest_of(VenueKind::Network), price, parts }
    }

    fn prospect_there(&self, need: Need, memory: &Memory, id: VenueId, venue: &Venue) -> Prospect {
        let kind = self.tenant_kind_of(memory);
        let card = usize::from(need.card.0);
        let listed = venue.prices[card].unwrap_or_else(|| {
            let hundredths = u64::from(venue.multiple_hundredths);
            let book = self.book_price(need.card).nanos().saturating_mul(hundredths);
            GpuHourPrice::from_nanos(book / 100)
        });
        let price = with_idle_time(listed, venue.contract_min, need.length);
        let interruptions = venue.interruptions_per_month();
        let mut parts = parts(kind, price, interruptions, venue.waits[card], venue.round_trip);
        parts[LAW] = usd(kind.law) * venue.law;
        parts[HABIT] = self.cost_of_moving(memory, id);
        parts[APPEAL] = -venue.appeal;
        Prospect { venue: id, nest: nest_of(venue.kind), price, parts }
    }

    fn cost_of_moving(&self, memory: &Memory, to: VenueId) -> f64 {
        let is_move = memory.last.is_some_and(|last| last != to);
        if is_move { usd(self.tenant_kind_of(memory).inertia) } else { 0.0 }
    }

    /// Counts a job with the venue that it goes to, and remembers that its tenant was there.
    fn send(&mut self, now: SimTime, job: &Job, decision: Decision, last: Option<VenueId>) {
        let pool = self.class_of(job).pool;
        let Decision { venue, price, reason, surplus } = decision;
        if reason != VenueReason::Waited {
            self.memory_mut(job.tenant, pool).go_to(now, venue);
        }
        let books = self.choice.as_mut().expect("who chooses has books");
        let sent = books.sent.entry((job.came_in, job.class, venue, reason)).or_default();
        sent.jobs += 1;
        sent.gpu_s += job.remaining.nanos() / Span::SECOND.nanos() * job.gpus();
        sent.spend += price.cost_rounded_up(job.gpus, job.remaining);
        sent.stayed += u64::from(last == Some(venue));
        sent.surplus += surplus;
    }

    /// Where a regular is after thinking of moving; none while it stays.
    fn move_regular(
        &self,
        now: SimTime,
        tenant: TenantId,
        pool: PoolId,
        memory: &Memory,
    ) -> Option<VenueId> {
        let kind = self.tenant_kind_of(memory);
        let churn = kind.churn.as_ref()?;
        let number = now.since(SimTime::ZERO).nanos() / churn.every.nanos();
        let of_pool = self.pools[pool.index()].key.0;
        let key = self.tenants[tenant.index()].key.child(of_pool).child(number);
        let weights = self.pool(pool).card_weights.iter().enumerate();
        let heaviest =
            weights.fold(
                (0, 0.0),
                |best, (place, weight)| {
                    if *weight > best.1 { (place, *weight) } else { best }
                },
            );
        let need = Need {
            pool,
            card: CardId(heaviest.0 as u16),
            region: self.tenants[tenant.index()].region,
            length: churn.every,
            term: Span::ZERO,
        };
        let mut prospects = self.prospects(now, need, memory);
        let here = prospects.remove(0);
        let cheapest = prospects.iter().map(|one| one.parts[PRICE]).fold(f64::INFINITY, f64::min);
        let dearer = here.parts[PRICE] - cheapest;
        let failures = memory.failures_micro(now, kind.memory) as f64 / 1e6;
        let is_here = memory.last == Some(HERE);
        let chance = if is_here {
            churn.leave.as_f64() * libm::exp(churn.price * dearer + churn.failures * failures)
        } else {
            churn.come_back.as_f64() * libm::exp(-churn.price * dearer)
        };
        if self.draws.at(purpose::MOVE, key, 0).unit() >= chance {
            return None;
        }
        if !is_here {
            return Some(HERE);
        }
        Some(prospects[self.pick(&prospects, memory, key).0].venue)
    }
}

/// The parts of a cost that here and elsewhere have alike.
fn parts(
    kind: &TenantKind,
    price: GpuHourPrice,
    interruptions: f64,
    wait: Span,
    round_trip: Span,
) -> [f64; 7] {
    let days = wait.as_secs_f64() / 86_400.0;
    let tenths = round_trip.as_secs_f64() * 10.0;
    [
        usd(price),
        usd(kind.stability) * interruptions,
        usd(kind.wait) * days,
        usd(kind.latency) * tenths,
        0.0,
        0.0,
        0.0,
    ]
}

fn usd(price: GpuHourPrice) -> f64 {
    price.nanos() as f64 / 1e9
}

fn nest_of(kind: VenueKind) -> usize {
    match kind {
        VenueKind::Network => 0,
        VenueKind::Cloud => 1,
    }
}

/// The price of a GPU-hour of work where at least `least` is paid for, rounded up.
fn with_idle_time(price: GpuHourPrice, least: Span, length: Span) -> GpuHourPrice {
    if length >= least || length.is_zero() {
        return price;
    }
    let paid = u128::from(price.nanos()) * u128::from(least.nanos());
    let nanos = paid.div_ceil(u128::from(length.nanos()));
    GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// In what a prospect is best ahead of the next best one; a taste if another costs less in all.
fn reason_of(prospects: &[Prospect], chosen: usize) -> VenueReason {
    let mut others = prospects.iter().enumerate().filter(|(place, _)| *place != chosen);
    let Some((_, first)) = others.next() else { return VenueReason::Taste };
    let nearer = |best: &'_ Prospect, one: &'_ Prospect| one.cost() < best.cost();
    let next = others.fold(first, |best, (_, one)| if nearer(best, one) { one } else { best });
    let own = &prospects[chosen];
    if next.cost() <= own.cost() {
        return VenueReason::Taste;
    }
    let ahead = next.parts.iter().zip(&own.parts).map(|(other, own)| other - own);
    let most = ahead.zip(REASONS).reduce(|best, next| if next.0 > best.0 { next } else { best });
    most.map_or(VenueReason::Taste, |(_, reason)| reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prospect(price: f64, wait: f64) -> Prospect {
        let mut parts = [0.0; 7];
        (parts[0], parts[2]) = (price, wait);
        Prospect { venue: HERE, nest: 0, price: GpuHourPrice::default(), parts }
    }

    #[test]
    fn a_reason_is_where_the_chosen_is_most_ahead() {
        let prospects = [prospect(1.0, 0.5), prospect(3.0, 0.0), prospect(2.0, 0.0)];
        assert_eq!(reason_of(&prospects, 0), VenueReason::Price);
        assert_eq!(reason_of(&prospects, 1), VenueReason::Taste, "another is cheaper");
        let prospects = [prospect(1.0, 3.0), prospect(2.0, 0.0)];
        assert_eq!(reason_of(&prospects, 1), VenueReason::Wait);
        assert_eq!(reason_of(&prospects[..1], 0), VenueReason::Taste, "nothing was compared");
    }

    #[test]
    fn a_short_job_pays_the_whole_contract() {
        let price = GpuHourPrice::from_nanos(10);
        let (hour, day) = (Span::HOUR, Span::DAY);
        assert_eq!(with_idle_time(price, hour, day), price);
        assert_eq!(with_idle_time(price, day, hour).nanos(), 240);
        assert_eq!(with_idle_time(price, day, Span::from_hours(7)).nanos(), 35, "34.3 rounded up");
    }
}
