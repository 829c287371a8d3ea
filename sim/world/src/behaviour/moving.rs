//! Providers take their machines to other networks, and back (economics.md 1.12, multi-homing).
//!
//! Who may move holds what it expects here against what every open network pays now for its card.
//! Whatever it gives up or finds is per GPU-hour that is there, let or not, less electricity and
//! upkeep; the other network's fee is taken off, its own slashes are not known here.

use crate::behaviour::entry::{YEAR_HOURS, dollars, leave, wind_down};
use crate::behaviour::outside::ONE;
use crate::behaviour::provider::register;
use crate::invest::Project;
use crate::observe::{self, Stay};
use crate::state::{Forecast, Outlook, Presence, Travel};
use crate::world::{Step, World};
use record::{SupplyChange, SupplyReason};
use scenario::{Leaving, Moved, Moving, MovingRule, OtherNetwork, open_networks};
use std::collections::BTreeMap;
use units::{NetworkId, ProviderId, SimTime, Usd};

/// A network, and what a GPU-hour there comes to, in dollars.
type Worth = (NetworkId, f64);

/// Decides where a provider's machines are best off, unless it is on its way already.
pub fn choose_network(
    world: &mut World,
    step: &mut Step<'_>,
    id: ProviderId,
    moving: Moving,
    forecast: Forecast,
) {
    let Provider { presence, travel } = Provider::of(world, id);
    let is_settled = match presence {
        Presence::Here => true,
        Presence::Left => travel.network != Travel::HERE,
        _ => false,
    };
    if !is_settled || travel.next.is_some() {
        return;
    }
    let worths = world.worths(step.now, id, forecast);
    let best = match moving.rule {
        MovingRule::Npv => best_by_value(&worths, travel.network, world.worth_moving(moving)),
        MovingRule::Logit => world.best_by_taste(id, &worths, travel.network, moving),
    };
    if best == travel.network {
        return;
    }
    let mine = &mut world.providers[id.index()].travel;
    (mine.next, mine.notice_left) = (Some(best), moving.notice_eras);
    if presence == Presence::Here {
        leave(world, step, id, reason_of_moving(moving), forecast);
    }
}

/// Who has said that it goes does so when its notice is over.
pub fn travel(world: &mut World, step: &mut Step<'_>, id: ProviderId) {
    let mine = &mut world.providers[id.index()].travel;
    if mine.notice_left > 0 {
        mine.notice_left -= 1;
        return;
    }
    let goes_here = mine.next == Some(Travel::HERE);
    match world.providers[id.index()].presence {
        Presence::Leaving(reason) => wind_down(world, step, id, reason),
        Presence::Left => arrive(world, step, id, goes_here),
        _ => unreachable!("who travels is leaving or away"),
    }
}

/// A provider comes to another network, or back to this one: there it registers anew, posts its
/// stake, and goes by what it sees from now on.
fn arrive(world: &mut World, step: &mut Step<'_>, id: ProviderId, is_here: bool) {
    let Leaving::Move(moving) = world.leaving_of(id) else {
        unreachable!("only who moves is on another network");
    };
    let (reason, forecast) = (reason_of_moving(moving), world.forecast(id));
    if !is_here {
        world.providers[id.index()].travel.arrive();
        return observe::supply(world, step, id, SupplyChange::Moved, reason, forecast);
    }
    register(world, step, id);
    observe::supply(world, step, id, SupplyChange::Returned, reason, forecast);
    let one = &mut world.providers[id.index()];
    one.travel.arrive();
    one.outlook = Outlook::default();
}

/// Writes what every open network came to in the era that has ended, where anybody may move.
/// Machines change networks at the ends of eras, so who is there now was there all the time.
pub fn note_networks(world: &World, step: &mut Step<'_>) {
    if !world.scenario.deciding_by().contains(&"move") {
        return;
    }
    let ids = open_networks(&world.scenario.other_networks).map(|(network, _)| network);
    let mut stays: BTreeMap<NetworkId, Stay> = ids.map(|id| (id, Stay::default())).collect();
    for id in (0..world.providers.len()).map(|index| ProviderId(index as u32)) {
        if matches!(world.leaving_of(id), Leaving::Move(_)) {
            world.note_stay(step.now, id, &mut stays);
        }
    }
    for (network, stay) in stays {
        observe::network(world, step, network, &stay);
    }
}

/// By which rule somebody moved.
pub const fn reason_of_moving(moving: Moving) -> SupplyReason {
    match moving.rule {
        MovingRule::Npv => SupplyReason::MoveNpv,
        MovingRule::Logit => SupplyReason::MoveLogit,
    }
}

/// The best worth, where it is better than staying by more than `least`; the first of equals.
fn best_by_value(worths: &[Worth], present: NetworkId, least: f64) -> NetworkId {
    let at_present = worths.iter().find(|(network, _)| *network == present);
    let Some((_, net)) = at_present else { return present };
    let mut best = (present, net + least);
    for worth in worths.iter().filter(|(network, _)| *network != present) {
        if worth.1 > best.1 {
            best = *worth;
        }
    }
    best.0
}

/// The network at a lot from 0 up to 1, of which each has a part by the exponential of its utility.
fn at_lot(utilities: &[Worth], lot: f64) -> Option<NetworkId> {
    let most = utilities.iter().map(|(_, utility)| *utility).fold(f64::NEG_INFINITY, f64::max);
    let weight = |utility: f64| libm::exp(utility - most);
    let mut left = lot * utilities.iter().map(|(_, utility)| weight(*utility)).sum::<f64>();
    let mut found = None;
    for (network, utility) in utilities {
        found = Some(*network);
        left -= weight(*utility);
        if left < 0.0 {
            break;
        }
    }
    found
}

/// What the decision needs of a provider.
struct Provider {
    presence: Presence,
    travel: Travel,
}

impl Provider {
    fn of(world: &World, id: ProviderId) -> Provider {
        let one = &world.providers[id.index()];
        Provider { presence: one.presence, travel: one.travel }
    }
}

impl World {
    /// What a move costs a provider that may.
    pub fn moving_cost(&self, id: ProviderId) -> Usd {
        let Leaving::Move(moving) = self.leaving_of(id) else { return Usd::ZERO };
        let gpus = i64::from(self.candidates[id.index()].gpus_total.0);
        Usd::from_nanos(moving.switching.nanos().saturating_mul(gpus))
    }

    /// This network and all that are open, with what a GPU-hour comes to there.
    fn worths(&self, now: SimTime, id: ProviderId, forecast: Forecast) -> Vec<Worth> {
        let here = (Travel::HERE, forecast.revenue - forecast.cost);
        let others = open_networks(&self.scenario.other_networks);
        let others = others.map(|(network, one)| (network, self.net_on(now, id, one)));
        [here].into_iter().chain(others).collect()
    }

    /// What a GPU-hour that is there comes to on another network, at what it pays now.
    fn net_on(&self, now: SimTime, id: ProviderId, network: &OtherNetwork) -> f64 {
        let provider = &self.providers[id.index()];
        let card = usize::from(provider.card.0);
        let book = dollars(self.scenario.cards[card].book_price);
        let factor = |follows: bool, moved| match follows {
            true => self.factor(moved) as f64 / ONE as f64,
            false => 1.0,
        };
        let at = |path: &Option<scenario::Schedule>| path.as_ref().map_or(1.0, |path| path.at(now));
        let by_book = || book * f64::from(network.multiple_hundredths) / 100.0;
        let price = network.prices[card].map_or_else(by_book, dollars)
            * factor(network.follows_rents, Moved::Rents)
            * at(&network.price_path);
        let subsidy = book
            * network.subsidy
            * factor(network.follows_token, Moved::Token)
            * at(&network.subsidy_path);
        let gpus = self.pool(provider.pool).gpus_per_machine;
        let up = self.scenario.availability(provider.host_class, gpus);
        let used = network.utilization.as_f64();
        let revenue = up * (used * price * (1.0 - network.fee.as_f64()) + subsidy);
        revenue - self.estimate_cost(id, up * used)
    }

    /// By how much a GPU-hour must come to more elsewhere for a move to be worth what it costs:
    /// over the time that is reckoned with, at what money costs.
    fn worth_moving(&self, moving: Moving) -> f64 {
        let dollar_an_hour = Project {
            revenue: YEAR_HOURS,
            cost: 0.0,
            decline: 0.0,
            rate: self.scenario.investment.npv.rate,
            life: moving.horizon.as_hours_f64() / YEAR_HOURS,
            price: 0.0,
            salvage: 0.0,
        };
        moving.switching.as_f64() / dollar_an_hour.value()
    }

    /// Who thinks about it in this review draws by a logit of what networks come to; every other
    /// one than the present is worse by what the way there costs.
    fn best_by_taste(
        &self,
        id: ProviderId,
        worths: &[Worth],
        present: NetworkId,
        moving: Moving,
    ) -> NetworkId {
        let (lot, thinks) = (self.draw_review(id), self.chance_to_think());
        if lot >= thinks {
            return present;
        }
        let least = self.worth_moving(moving);
        let scale = dollars(self.scenario.investment.logit.scale);
        let utility = |&(network, net): &Worth| {
            let way = if network == present { 0.0 } else { least };
            (network, (net - way) / scale)
        };
        let utilities: Vec<Worth> = worths.iter().map(utility).collect();
        at_lot(&utilities, lot / thinks).unwrap_or(present)
    }

    /// Adds what a provider that may move came to in an era, where it is and where it is not.
    fn note_stay(&self, now: SimTime, id: ProviderId, stays: &mut BTreeMap<NetworkId, Stay>) {
        let Provider { presence, travel } = Provider::of(self, id);
        let Some(forecast) = self.forecast(id) else { return };
        let gpus = self.candidates[id.index()].gpus_total.0;
        let hours = f64::from(gpus) * self.scenario.rewards.era.as_hours_f64();
        let worths = self.worths(now, id, forecast);
        let here = worths[0].1;
        let best = best_by_value(&worths, Travel::HERE, 0.0);
        let of = |network| worths.iter().find(|worth| worth.0 == network).map(|worth| worth.1);
        if presence == Presence::Left {
            let (Some(net), Some(stay)) = (of(travel.network), stays.get_mut(&travel.network))
            else {
                return;
            };
            stay.providers += 1;
            stay.gpus += u64::from(gpus);
            stay.earned += net * hours;
            stay.forgone += here * hours;
        } else if let (Presence::Here, Some(net), Some(stay)) =
            (presence, of(best), stays.get_mut(&best))
        {
            stay.missed += (net - here) * hours;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORTHS: [Worth; 3] = [(NetworkId(0), 0.10), (NetworkId(1), 0.15), (NetworkId(2), 0.20)];

    #[test]
    fn who_reckons_goes_where_it_is_better_by_more_than_the_way_costs() {
        let best = |present: u16, least| best_by_value(&WORTHS, NetworkId(present), least).0;
        assert_eq!(best(0, 0.0), 2);
        assert_eq!(best(0, 0.0999), 2);
        assert_eq!(best(0, 0.1001), 0, "not worth the way");
        assert_eq!(best(1, 0.06), 1);
        assert_eq!(best(2, 0.0), 2);
        assert_eq!(best(9, 0.0), 9, "what it is on has closed: nothing to hold against");
    }

    #[test]
    fn a_lot_falls_to_networks_by_the_logit() {
        let utilities = WORTHS.map(|(network, net)| (network, net / 0.05));
        let sum: f64 = utilities.iter().map(|(_, utility)| libm::exp(*utility)).sum();
        let mut below = 0.0;
        for (network, utility) in utilities {
            let share = libm::exp(utility) / sum;
            for part in [0.001, 0.5, 0.999] {
                assert_eq!(at_lot(&utilities, below + part * share), Some(network));
            }
            below += share;
        }
        assert_eq!(at_lot(&[], 0.5), None);
    }
}
