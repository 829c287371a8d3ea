//! Providers enter a market and leave it, at reviews at the ends of eras (economics.md 1.12).
//!
//! Each decides by itself, by what it expects and by a lot of its own key and the review's number:
//! one prospect more moves no other's lot. Who leaves takes no more leases, and is gone when those
//! that it had are over; its stake waits on its way out as any does.

use crate::behaviour::fault::set_cause;
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
use record::{SupplyChange, SupplyReason};
use scenario::{Entry, EntryRule, LeasesLeft, Leaving};
use units::{GpuHourPrice, PoolId, ProviderId, SimTime, Span, Spon, Usd};

/// Hours of a year, as rates are per year.
const YEAR_HOURS: f64 = 8_760.0;
/// A month, as entry is counted by.
const MONTH: Span = Span::from_hours(30 * 24);

/// Who leaves goes on leaving; every so many eras everybody decides anew.
pub fn review_supply(world: &mut World, step: &mut Step<'_>) {
    if world.scenario.deciding_by().is_empty() {
        return;
    }
    world.note_markets();
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
        if let Presence::Leaving(reason) = world.providers[index].presence {
            wind_down(world, step, id, reason);
        }
    }
}

/// Who is there may leave, who has left may come back.
fn decide(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let leaving = world.leaving_of(id);
    let Some(reason) = reason_of_leaving(leaving) else { return };
    let Some(forecast) = world.forecast(id) else { return };
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
fn leave(
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
fn wind_down(world: &mut World, step: &mut Step<'_>, provider: ProviderId, reason: SupplyReason) {
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
    one.left_at.get_or_insert(step.now);
    observe::supply(world, step, provider, SupplyChange::Left, reason, None);
}

/// Prospects of a pool who want to enter order hardware, as long as there is some to be had, in an
/// order drawn for that: the lot by which they decided is lower the less they had reason to.
fn order_hardware(world: &mut World, step: &mut Step<'_>, pool: PoolId) {
    let Some(entry) = world.pool(pool).entry else { return };
    let mut willing: Vec<(f64, ProviderId, Forecast)> = Vec::new();
    for id in world.prospects_of(pool) {
        let Some(forecast) = world.forecast(id) else { continue };
        if world.wants_to_enter(id, entry, forecast) && world.can_pay(id, entry) {
            willing.push((world.draw_turn(id), id, forecast));
        }
    }
    willing.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    let ordered = &mut world.pools[pool.index()].market.ordered;
    while ordered.pop_front_if(|at| step.now.since(*at) >= MONTH).is_some() {}
    for (_, id, forecast) in willing {
        if world.pools[pool.index()].market.ordered.len() >= entry.per_month as usize {
            return;
        }
        if world.is_refused(id) {
            refuse(world, step, id, Some(forecast));
        } else {
            world.pools[pool.index()].market.ordered.push_back(step.now);
            order(world, step, id, entry, forecast);
        }
    }
}

/// A prospect that was let in orders its machines.
fn order(world: &mut World, step: &mut Step<'_>, id: ProviderId, entry: Entry, forecast: Forecast) {
    let reason = reason_of_entry(entry.rule);
    let width = entry.lead_max.saturating_sub(entry.lead_min).nanos() + 1;
    let key = world.providers[id.index()].owner_key;
    let lead =
        entry.lead_min + Span::from_nanos(world.draws.at(purpose::LEAD, key, 0).below(width));
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
    fn leaving_of(&self, id: ProviderId) -> Leaving {
        self.scenario.provider_kinds[self.providers[id.index()].kind.index()].leaving
    }

    fn prospects_of(&self, pool: PoolId) -> Vec<ProviderId> {
        let first = self.pools[pool.index()].first_provider.0;
        let ids = (first..first + self.pools[pool.index()].providers).map(ProviderId);
        let is_prospect =
            |id: &ProviderId| self.providers[id.index()].presence == Presence::Prospect;
        ids.filter(is_prospect).collect()
    }

    fn wants_to_leave(&self, id: ProviderId, rule: Leaving, forecast: Forecast) -> bool {
        match rule {
            Leaving::Never => false,
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
            Leaving::Never | Leaving::Margin => false,
            Leaving::Logit => {
                self.draw_review(id) < self.chance_to_think() * logistic(self.utility(forecast))
            }
            Leaving::Hysteresis => {
                forecast.revenue * YEAR_HOURS > self.triggers_of(id, forecast).enter
            }
        }
    }

    fn wants_to_enter(&self, id: ProviderId, entry: Entry, forecast: Forecast) -> bool {
        match entry.rule {
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
    fn draw_review(&self, id: ProviderId) -> f64 {
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
    fn chance_to_think(&self) -> f64 {
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
    fn can_pay(&self, id: ProviderId, entry: Entry) -> bool {
        let Some(capital) = entry.capital else { return true };
        let key = self.providers[id.index()].owner_key;
        let law = LogNormal::new(capital.median.as_f64(), capital.sigma);
        self.draws.at(purpose::CAPITAL, key, 0).sample(&law) >= self.outlay_of(id).as_f64()
    }

    fn window(&self) -> usize {
        self.scenario.investment.window_eras as usize
    }
}

fn dollars(price: GpuHourPrice) -> f64 {
    price.nanos() as f64 / 1e9
}

const fn reason_of_leaving(rule: Leaving) -> Option<SupplyReason> {
    match rule {
        Leaving::Never => None,
        Leaving::Logit => Some(SupplyReason::Logit),
        Leaving::Hysteresis => Some(SupplyReason::Hysteresis),
        Leaving::Margin => Some(SupplyReason::Margin),
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
