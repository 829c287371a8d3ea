//! What providers ask: one file for each way to come to a price (protocol.md 9.8).
//!
//! An owner decides for all its identities, at its reviews, from what it has seen since the last
//! one and what all asked before anybody reviewed in this hour, so the order of providers means
//! nothing. Where a rule sets the rents, what is asked is what a provider would take.

mod cost_plus;
mod learning;
mod undercut;
mod utilization_feedback;

use crate::purpose;
use crate::state::{Bidder, Lessons, Past, Provider};
use crate::world::World;
use scenario::{Bidding, KindWeights, Pool, ProviderKind};
use undercut::Sightings;
use units::{CardId, GpuHourPrice, ProviderId, SimTime, Span};

use crate::behaviour::outside::scaled;

/// What a review comes to.
struct Review {
    owner: ProviderId,
    asked: GpuHourPrice,
    reserve: GpuHourPrice,
    bidder: Option<Bidder>,
}

/// Owners whose time has come say what they ask from now on; whether anybody asks another price.
pub fn review_asks(world: &mut World, now: SimTime) -> bool {
    if !world.has_moving_kinds() {
        return false;
    }
    let mut sightings = Sightings::default();
    let all = (0..world.providers.len()).map(|id| ProviderId(id as u32));
    let owners = all.filter(|id| world.providers[id.index()].owner_first == *id);
    let reviews: Vec<Review> =
        owners.filter_map(|owner| world.review(now, owner, &mut sightings)).collect();
    let mut has_changed = false;
    for Review { owner, asked, reserve, bidder } in reviews {
        if let Some(bidder) = bidder {
            world.providers[owner.index()].bidder = bidder;
        }
        for id in world.providers[owner.index()].owner_ids() {
            let provider = &mut world.providers[id.index()];
            has_changed |= (provider.asked, provider.reserve) != (asked, reserve);
            (provider.asked, provider.reserve) = (asked, reserve);
        }
    }
    has_changed
}

impl World {
    /// Sets what a provider asks first: `drawn` is a lot around the book.
    pub fn begin_asking(&self, provider: &mut Provider, drawn: GpuHourPrice) {
        let kind = self.kind_of(provider);
        let lot = |review: Span| {
            let grain =
                if let Bidding::Learning(_) = kind.bidding { self.era() } else { Span::HOUR };
            let draw = &mut self.draws.at(purpose::REVIEW, provider.owner_key, 0);
            Span::from_nanos(draw.below(review.nanos() / grain.nanos()) * grain.nanos())
        };
        let phase = kind.bidding.review().map_or(Span::ZERO, lot);
        let mut bidder = Bidder { drawn, phase, ..Bidder::default() };
        let asked = match &kind.bidding {
            Bidding::Posted | Bidding::UtilizationFeedback(_) | Bidding::Undercut(_) => drawn,
            Bidding::ScriptTable(script) => script.prices[usize::from(provider.card.0)],
            Bidding::CostPlus(rule) => cost_plus::ask(rule, &self.hour_costs(provider)),
            Bidding::Learning(rule) => {
                bidder.lessons = Lessons::new(rule);
                let lot = self.draws.at(purpose::LESSON, provider.owner_key, 0).unit();
                bidder.lessons.choose(rule, lot);
                self.multiple_of_book(provider, rule.multiples_hundredths[bidder.lessons.tried])
            }
        };
        (provider.asked, provider.reserve) = (asked, self.reserve_of(provider));
        provider.bidder = bidder;
    }

    /// What a provider asks for a GPU-hour at the rents of the hour.
    pub fn ask_of(&self, id: ProviderId) -> GpuHourPrice {
        self.asked_by(&self.providers[id.index()])
    }

    /// The same of a provider that may not have its place yet.
    pub fn asked_by(&self, provider: &Provider) -> GpuHourPrice {
        let follows_book = self.kind_of(provider).bidding.follows_book();
        let asked = if follows_book {
            self.at_rents(provider.card, provider.asked)
        } else {
            provider.asked
        };
        asked.max(provider.reserve)
    }

    /// Notes what a provider came to in an era that closes.
    pub fn note_past(&mut self, id: ProviderId, era: Past) {
        let bidder = &mut self.providers[id.index()].bidder;
        bidder.past = bidder.past.with(era);
    }

    /// Whether anybody may ask another price than at the rents of the start.
    pub fn has_moving_kinds(&self) -> bool {
        let kinds = &self.scenario.provider_kinds;
        let moves = |weights: &KindWeights| weights.some().any(|id| kinds[id.index()].is_moving());
        self.scenario.pools.iter().any(|pool: &Pool| moves(&pool.kind_weights))
    }

    /// What an owner asks from now on; none where there is nothing to think about.
    fn review(&self, now: SimTime, owner: ProviderId, seen: &mut Sightings) -> Option<Review> {
        let provider = &self.providers[owner.index()];
        let kind = self.kind_of(provider);
        if !kind.is_moving() || provider.joined_at > now {
            return None;
        }
        let reserve = self.reserve_of(provider);
        if !is_due(kind, provider.bidder.phase, now) {
            return Some(Review { owner, asked: provider.asked, reserve, bidder: None });
        }
        let mut bidder = provider.bidder.clone();
        let past = self.past_of_owner(now, owner);
        let window = past.since(bidder.reviewed);
        (bidder.reviews, bidder.reviewed) = (bidder.reviews + 1, past);
        let asked = match &kind.bidding {
            Bidding::Posted | Bidding::ScriptTable(_) => provider.asked,
            Bidding::CostPlus(rule) => cost_plus::ask(rule, &self.hour_costs(provider)),
            Bidding::UtilizationFeedback(rule) => {
                let book = self.scenario.cards[usize::from(provider.card.0)].book_price;
                utilization_feedback::ask(rule, provider.asked, book, &window)
            }
            Bidding::Undercut(rule) => {
                let least = self.hour_costs(provider).running();
                let other = seen.nth_cheapest(self, provider, rule.rank);
                let alone = self.at_rents(provider.card, bidder.drawn);
                other.map_or(alone, |other| undercut::ask(rule, other)).max(least)
            }
            Bidding::Learning(rule) => {
                let best = self.best_of_book(provider, rule);
                bidder.lessons.learn(rule, learning::reward_nano(&window, best));
                let ordinal = bidder.reviews;
                let lot = self.draws.at(purpose::LESSON, provider.owner_key, ordinal).unit();
                bidder.lessons.choose(rule, lot);
                self.multiple_of_book(provider, rule.multiples_hundredths[bidder.lessons.tried])
            }
        };
        Some(Review { owner, asked, reserve, bidder: Some(bidder) })
    }

    /// The kind of a provider.
    pub fn kind_of(&self, provider: &Provider) -> &ProviderKind {
        &self.scenario.provider_kinds[provider.kind.index()]
    }

    /// What an owner has come to, up to now in time and up to the last era in money.
    fn past_of_owner(&self, now: SimTime, owner: ProviderId) -> Past {
        let of = |id: ProviderId| {
            let provider = &self.providers[id.index()];
            let time = provider.meter.peek(now);
            let (available, reserved) = (time.available, time.reserved);
            provider.bidder.past.with(Past { available, reserved, ..Past::default() })
        };
        self.providers[owner.index()].owner_ids().map(of).fold(Past::default(), Past::with)
    }

    /// What is left of a provider's bid at least: the electricity of a card under load, where it
    /// keeps to that.
    fn reserve_of(&self, provider: &Provider) -> GpuHourPrice {
        if !self.kind_of(provider).keeps_electricity {
            return GpuHourPrice::from_nanos(0);
        }
        self.hour_costs(provider).electricity()
    }

    /// A part of the book price of a provider's card at the rents of the start, rounded half up.
    fn multiple_of_book(&self, provider: &Provider, hundredths: u32) -> GpuHourPrice {
        let book = self.scenario.cards[usize::from(provider.card.0)].book_price.nanos();
        let nanos = (u128::from(book) * u128::from(hundredths) + 50) / 100;
        GpuHourPrice::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// What a GPU-hour brings a provider at the highest multiple that it tries, fees off.
    fn best_of_book(&self, provider: &Provider, rule: &scenario::Learning) -> GpuHourPrice {
        let most = rule.multiples_hundredths.last().expect("validation wants some multiples");
        let asked = self.at_rents(provider.card, self.multiple_of_book(provider, *most));
        self.hour_costs(provider).kept_rounded_down(asked)
    }

    /// A price of the start at the rents of the hour.
    fn at_rents(&self, card: CardId, price: GpuHourPrice) -> GpuHourPrice {
        GpuHourPrice::from_nanos(scaled(price.nanos(), self.rent_factor(card)))
    }

    fn era(&self) -> Span {
        self.scenario.rewards.era
    }
}

/// Whether an owner reviews what it asks in the hour that begins: when a whole interval is over.
fn is_due(kind: &ProviderKind, phase: Span, now: SimTime) -> bool {
    let since = now.since(SimTime::ZERO).saturating_sub(phase);
    let interval = kind.bidding.review();
    !since.is_zero() && interval.is_some_and(|every| since.floored_to(every) == since)
}
