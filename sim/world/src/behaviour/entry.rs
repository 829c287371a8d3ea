//! Providers enter a market and leave it, at reviews at the ends of eras (economics.md 1.12).
//!
//! Each decides by itself, by what it expects and by a lot of its own key and the review's number:
//! one prospect more moves no other's lot. Who leaves takes no more leases, and is gone when those
//! that it had are over; its stake waits on its way out as any does.

use crate::behaviour::fault::set_cause;
use crate::behaviour::moving::{choose_network, note_networks, reason_of_moving, travel};
use crate::behaviour::provider::register;
use crate::event::Event;
use crate::invest::{Project, Triggers, Wandering, chance_within, logistic};
use crate::observe;
use crate::purpose;
use crate::state::{Cause, Forecast, Presence};
use crate::world::{Step, World};
use engine::distribution::LogNormal;
use engine::draws::Purpose;
use protocol::Call;
use record::{ProviderRole, SupplyChange, SupplyReason};
use scenario::{Buying, Capital, Entry, EntryRule, Expansion, LeasesLeft, Leaving};
use units::{GpuHourPrice, PoolId, ProviderId, SimTime, Span, Spon, Usd};

/// Hours of a year, as rates are per year.
pub const YEAR_HOURS: f64 = 8_760.0;
/// A month, as entry is counted by.
const MONTH: Span = Span::from_hours(30 * 24);

/// Who leaves goes on leaving; every so many eras everybody decides anew.
pub fn review_supply(world: &mut World, step: &mut Step<'_>) {
    if world.scenario.deciding_by().is_empty() {
        return;
    }
    world.note_markets();
    note_networks(world, step);
    if world.chain.eras.is_multiple_of(world.scenario.investment.review_eras) {
        for index in 0..world.providers.len() {
            decide(world, step, ProviderId(index as u32));
        }
        for pool in 0..world.pools.len() {
            order_hardware(world, step, PoolId(pool as u16));
        }
    }
    for index in 0..world.providers.len() {
        let id = ProviderId(index as u32);
        if world.providers[index].travel.next.is_some() {
            travel(world, step, id);
        } else if let Presence::Leaving(reason) = world.providers[index].presence {
            wind_down(world, step, id, reason);
        }
    }
}

/// Who is there may leave, who has left may come back.
fn decide(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let leaving = world.leaving_of(id);
    let Some(reason) = reason_of_leaving(leaving) else { return };
    let Some(forecast) = world.forecast(id) else { return };
    if let Leaving::Move(moving) = leaving {
        return choose_network(world, step, id, moving, forecast);
    }
    match world.providers[id.index()].presence {
        Presence::Here if world.wants_to_leave(id, leaving, forecast) => {
            leave(world, step, id, reason, forecast);
        }
        Presence::Left if world.wants_back(id, leaving, forecast) => {
            register(world, step, id);
            observe::supply(world, step, id, SupplyChange::Returned, reason, Some(forecast));
        }
        _ => {}
    }
}

/// A provider takes no more leases; or drops those that it has. It does not bid any more, and the
/// chain knows nothing of it: until its last lease is over its stake answers as before
/// (economics.md 1.9).
pub fn leave(
    world: &mut World,
    step: &mut Step<'_>,
    provider: ProviderId,
    reason: SupplyReason,
    forecast: Forecast,
) {
    world.providers[provider.index()].presence = Presence::Leaving(reason);
    observe::supply(world, step, provider, SupplyChange::Leaving, reason, Some(forecast));
    world.refresh_capacity(step.now, provider);
}

/// Machines without leases are switched off; when all are, the provider leaves the chain and its
/// stake starts on its way out.
pub fn wind_down(
    world: &mut World,
    step: &mut Step<'_>,
    provider: ProviderId,
    reason: SupplyReason,
) {
    let is_dropping = world.scenario.investment.leases == LeasesLeft::Drop;
    for id in world.providers[provider.index()].machine_ids() {
        let machine = &world.machines[id.index()];
        if (is_dropping || machine.jobs.is_empty()) && !machine.causes.has(Cause::Absent) {
            set_cause(world, step, id, Cause::Absent, true);
        }
    }
    let mut machines = world.providers[provider.index()].machine_ids();
    if machines.any(|id| !world.machines[id.index()].jobs.is_empty()) {
        return;
    }
    let gpus = u64::from(world.chain.registry[provider.index()].gpus.0);
    world.call(step.now, Call::Deregister { provider });
    let amount = world.chain.own_stake(provider);
    if amount > Spon::ZERO {
        world.call(step.now, Call::Unstake { provider, amount });
    }
    world.change_usage(step.now, provider, |usage| usage.installed -= gpus);
    world.refresh_standing(step.now, provider);
    world.refresh_capacity(step.now, provider);
    let one = &mut world.providers[provider.index()];
    one.presence = Presence::Left;
    one.travel.arrive();
    one.left_at.get_or_insert(step.now);
    observe::supply(world, step, provider, SupplyChange::Left, reason, None);
}

/// Prospects of a pool who want to enter order hardware, and then owners who want more of it.
fn order_hardware(world: &mut World, step: &mut Step<'_>, pool: PoolId) {
    if let Some(Entry { buying, .. }) = world.pool(pool).entry {
        let prospects = world.prospects_of(pool);
        let prospects = prospects.into_iter().filter_map(|id| world.forecast(id).map(|f| (id, f)));
        let prospects = prospects.filter(|(id, _)| world.can_pay(*id, buying));
        let willing = world.willing(prospects.collect(), buying);
        order_all(world, step, (pool, PROSPECTS), willing, buying);
    }
    if let Some(Expansion { buying, .. }) = world.pool(pool).expansion {
        let willing = world.willing(world.additions_of(pool, buying), buying);
        order_all(world, step, (pool, OWNERS), willing, buying);
    }
}

/// Who orders hardware: the places of `PoolMarket::ordered`.
const PROSPECTS: usize = 0;
const OWNERS: usize = 1;

/// As long as there is hardware to be had, in an order drawn for that: the lot by which they
/// decided is lower the less they had reason to.
fn order_all(
    world: &mut World,
    step: &mut Step<'_>,
    (pool, who): (PoolId, usize),
    mut willing: Vec<(ProviderId, Forecast)>,
    buying: Buying,
) {
    let turn = |id: ProviderId| world.draw_turn(id);
    willing.sort_by(|one, other| turn(one.0).total_cmp(&turn(other.0)).then(one.0.cmp(&other.0)));
    let ordered = &mut world.pools[pool.index()].market.ordered[who];
    while ordered.pop_front_if(|at| step.now.since(*at) >= MONTH).is_some() {}
    for (id, forecast) in willing {
        if world.pools[pool.index()].market.ordered[who].len() >= buying.per_month as usize {
            return;
        }
        if world.is_refused(id) {
            refuse(world, step, id, Some(forecast));
        } else {
            world.pools[pool.index()].market.ordered[who].push_back(step.now);
            order(world, step, id, buying, forecast);
        }
    }
}

/// Who was let in orders its machines.
fn order(
    world: &mut World,
    step: &mut Step<'_>,
    id: ProviderId,
    buying: Buying,
    forecast: Forecast,
) {
    let reason = reason_of_entry(buying.rule);
    let width = buying.lead_max.saturating_sub(buying.lead_min).nanos() + 1;
    let key = world.providers[id.index()].key;
    let lead =
        buying.lead_min + Span::from_nanos(world.draws.at(purpose::LEAD, key, 0).below(width));
    let joins_at = step.now + lead + world.check_delay(id);
    world.providers[id.index()].presence = Presence::Expected(reason);
    world.providers[id.index()].joined_at = joins_at;
    world.candidates[id.index()].joined_at = joins_at;
    observe::supply(world, step, id, SupplyChange::Ordered, reason, Some(forecast));
    step.out.at(joins_at, Event::ProviderJoined(id));
}

/// An owner fails the check, for good.
pub fn refuse(world: &mut World, step: &mut Step<'_>, id: ProviderId, forecast: Option<Forecast>) {
    let one = &mut world.providers[id.index()];
    (one.presence, one.joined_at) = (Presence::Refused, SimTime::NEVER);
    observe::supply(world, step, id, SupplyChange::Refused, SupplyReason::Admission, forecast);
}

impl World {
    /// When a provider leaves.
    pub fn leaving_of(&self, id: ProviderId) -> Leaving {
        self.scenario.provider_kinds[self.providers[id.index()].kind.index()].leaving
    }

    fn prospects_of(&self, pool: PoolId) -> Vec<ProviderId> {
        let first = self.pools[pool.index()].first_provider.0;
        let ids = (first..first + self.pools[pool.index()].providers).map(ProviderId);
        let is_prospect = |id: &ProviderId| {
            let one = &self.providers[id.index()];
            one.presence == Presence::Prospect && one.role != ProviderRole::Added
        };
        ids.filter(is_prospect).collect()
    }

    /// The next machine of each owner of a pool who is there and has the money, with what it
    /// expects from those that it has.
    fn additions_of(&self, pool: PoolId, buying: Buying) -> Vec<(ProviderId, Forecast)> {
        let first = self.pools[pool.index()].first_provider.0;
        let owners = (first..first + self.pools[pool.index()].founders).map(ProviderId);
        let next = |owner: ProviderId| {
            let one = &self.providers[owner.index()];
            let is_free =
                |id: &ProviderId| self.providers[id.index()].presence == Presence::Prospect;
            let added = one.added_ids().find(is_free).filter(|_| one.presence == Presence::Here)?;
            let can_pay = self.can_pay_more(owner, added, buying);
            self.forecast(owner).filter(|_| can_pay).map(|forecast| (added, forecast))
        };
        owners.filter_map(next).collect()
    }

    /// Those who want to buy.
    fn willing(
        &self,
        mut all: Vec<(ProviderId, Forecast)>,
        buying: Buying,
    ) -> Vec<(ProviderId, Forecast)> {
        all.retain(|(id, forecast)| self.wants_to_enter(*id, buying, *forecast));
        all
    }

    fn wants_to_leave(&self, id: ProviderId, rule: Leaving, forecast: Forecast) -> bool {
        match rule {
            Leaving::Never | Leaving::Move(_) => false,
            Leaving::Logit => {
                self.draw_review(id) < self.chance_to_think() * logistic(-self.utility(forecast))
            }
            Leaving::Hysteresis => {
                forecast.revenue * YEAR_HOURS < self.triggers_of(id, forecast).leave
            }
            Leaving::Margin => {
                let (outlook, window) = (&self.providers[id.index()].outlook, self.window());
                let means = [&outlook.revenue, &outlook.cost].map(|one| one.mean_of_full(window));
                matches!(means, [Some(revenue), Some(cost)] if revenue < cost)
            }
        }
    }

    /// Whether who has left comes back: by the logit with the machines that it has kept; by the
    /// triggers, which are those of Dixit, as if it had to buy them again. Who left for want of
    /// cash has sold them.
    fn wants_back(&self, id: ProviderId, rule: Leaving, forecast: Forecast) -> bool {
        match rule {
            Leaving::Never | Leaving::Margin | Leaving::Move(_) => false,
            Leaving::Logit => {
                self.draw_review(id) < self.chance_to_think() * logistic(self.utility(forecast))
            }
            Leaving::Hysteresis => {
                forecast.revenue * YEAR_HOURS > self.triggers_of(id, forecast).enter
            }
        }
    }

    fn wants_to_enter(&self, id: ProviderId, buying: Buying, forecast: Forecast) -> bool {
        match buying.rule {
            EntryRule::Logit => {
                let cost = forecast.cost + self.hire_of(id);
                self.wants_back(id, Leaving::Logit, Forecast { cost, ..forecast })
            }
            EntryRule::Hysteresis => self.wants_back(id, Leaving::Hysteresis, forecast),
            EntryRule::Npv => self.project_of(id, forecast).value() > 0.0,
            EntryRule::Option => {
                let project = self.project_of(id, forecast);
                project.gross() > self.wandering().multiple() * project.price
            }
            EntryRule::Bull => {
                let rate = self.scenario.investment.bull.strength * self.gain_of(id, forecast);
                self.draw_review(id) < chance_within(rate, self.review_months())
            }
        }
    }

    /// The lot by which somebody decides in this review.
    pub fn draw_review(&self, id: ProviderId) -> f64 {
        self.draw_of_review(purpose::INVESTMENT, id)
    }

    /// The lot by which those who want hardware in this review get it.
    fn draw_turn(&self, id: ProviderId) -> f64 {
        self.draw_of_review(purpose::HARDWARE_TURN, id)
    }

    fn draw_of_review(&self, of: Purpose, id: ProviderId) -> f64 {
        let number = u64::from(self.chain.eras / self.scenario.investment.review_eras);
        self.draws.at(of, self.providers[id.index()].key, number).unit()
    }

    fn review_months(&self) -> f64 {
        let eras = f64::from(self.scenario.investment.review_eras);
        self.scenario.rewards.era.as_secs_f64() * eras / MONTH.as_secs_f64()
    }

    /// The chance that somebody thinks about it at all in this review.
    pub fn chance_to_think(&self) -> f64 {
        chance_within(self.scenario.investment.logit.per_month, self.review_months())
    }

    /// How much better it is to be there than elsewhere, in units of how much tastes differ.
    fn utility(&self, forecast: Forecast) -> f64 {
        let logit = &self.scenario.investment.logit;
        (forecast.revenue - forecast.cost - dollars(logit.outside)) / dollars(logit.scale)
    }

    fn wandering(&self) -> Wandering {
        let rule = &self.scenario.investment.hysteresis;
        Wandering { rate: rule.rate, drift: rule.drift, sigma: rule.sigma }
    }

    /// Between which revenues, in dollars a year, a provider stays as it is.
    fn triggers_of(&self, id: ProviderId, forecast: Forecast) -> Triggers {
        let price = self.hardware_price(id);
        let leave_cost = price * self.scenario.investment.hysteresis.leave_cost.as_f64();
        self.wandering().triggers(forecast.cost * YEAR_HOURS, price, leave_cost)
    }

    /// A GPU of a provider as something to invest in.
    fn project_of(&self, id: ProviderId, forecast: Forecast) -> Project {
        let rule = &self.scenario.investment.npv;
        let price = self.hardware_price(id);
        Project {
            revenue: forecast.revenue * YEAR_HOURS,
            cost: forecast.cost * YEAR_HOURS,
            decline: rule.decline,
            rate: rule.rate,
            life: rule.life.as_hours_f64() / YEAR_HOURS,
            price,
            salvage: price * rule.salvage.as_f64(),
        }
    }

    /// What a GPU costs a prospect who has to buy it, over its life, in dollars an hour.
    pub fn hire_of(&self, id: ProviderId) -> f64 {
        self.project_of(id, Forecast::default()).hire() / YEAR_HOURS
    }

    /// By how much of it the time in which a GPU pays itself back is shorter than the one at which
    /// nobody is drawn in: half the time is a gain of 1.
    fn gain_of(&self, id: ProviderId, forecast: Forecast) -> f64 {
        let payback_hours = self.scenario.investment.bull.payback.as_hours_f64();
        let earned = (forecast.revenue - forecast.cost) * payback_hours;
        (earned / self.hardware_price(id) - 1.0).max(0.0)
    }

    /// What a GPU of a provider's card costs, in dollars.
    fn hardware_price(&self, id: ProviderId) -> f64 {
        self.scenario.cards[self.providers[id.index()].card.index()].price.as_f64()
    }

    /// What a prospect spends to be there: its cards, and the check.
    pub fn outlay_of(&self, id: ProviderId) -> Usd {
        let provider = &self.providers[id.index()];
        let gpus = i64::from(self.candidates[id.index()].gpus_total.0);
        let cards = self.scenario.cards[provider.card.index()].price.nanos().saturating_mul(gpus);
        Usd::from_nanos(cards) + self.check_cost(id)
    }

    /// What being checked costs a provider.
    pub fn check_cost(&self, id: ProviderId) -> Usd {
        let check = self.pool(self.providers[id.index()].pool).admission.check();
        check.map_or(Usd::ZERO, |check| check.cost)
    }

    /// How long being checked takes a provider.
    pub fn check_delay(&self, id: ProviderId) -> Span {
        let check = self.pool(self.providers[id.index()].pool).admission.check();
        check.map_or(Span::ZERO, |check| check.delay)
    }

    /// Whether a prospect's capital is enough.
    fn can_pay(&self, id: ProviderId, buying: Buying) -> bool {
        let needed = self.outlay_of(id).as_f64();
        buying.capital.is_none_or(|capital| self.draw_capital(id, capital) >= needed)
    }

    /// Whether an owner's capital is enough for one machine more: what it came to since the start
    /// adds to it, and what it ordered before is spent.
    fn can_pay_more(&self, owner: ProviderId, next: ProviderId, buying: Buying) -> bool {
        let Some(capital) = buying.capital else { return true };
        let one = &self.providers[owner.index()];
        let earned: f64 = one.owner_ids().map(|id| self.providers[id.index()].net.as_f64()).sum();
        let is_bought = |id: &ProviderId| !self.providers[id.index()].is_possible();
        let bought = one.added_ids().filter(is_bought).count() as f64;
        let needed = self.outlay_of(next).as_f64() * (bought + 1.0);
        self.draw_capital(owner, capital) + earned >= needed
    }

    /// What somebody has to spend at the start, in dollars.
    fn draw_capital(&self, id: ProviderId, capital: Capital) -> f64 {
        let key = self.providers[id.index()].owner_key;
        let law = LogNormal::new(capital.median.as_f64(), capital.sigma);
        self.draws.at(purpose::CAPITAL, key, 0).sample(&law)
    }

    fn window(&self) -> usize {
        self.scenario.investment.window_eras as usize
    }
}

pub fn dollars(price: GpuHourPrice) -> f64 {
    price.nanos() as f64 / 1e9
}

const fn reason_of_leaving(rule: Leaving) -> Option<SupplyReason> {
    match rule {
        Leaving::Never => None,
        Leaving::Logit => Some(SupplyReason::Logit),
        Leaving::Hysteresis => Some(SupplyReason::Hysteresis),
        Leaving::Margin => Some(SupplyReason::Margin),
        Leaving::Move(moving) => Some(reason_of_moving(moving)),
    }
}

const fn reason_of_entry(rule: EntryRule) -> SupplyReason {
    match rule {
        EntryRule::Logit => SupplyReason::Logit,
        EntryRule::Npv => SupplyReason::Npv,
        EntryRule::Option => SupplyReason::Option,
        EntryRule::Hysteresis => SupplyReason::Hysteresis,
        EntryRule::Bull => SupplyReason::Bull,
    }
}
