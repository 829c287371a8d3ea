//! Jobs that are an amount of work: a faster card needs less time for them, and may cost more.

use crate::state::{Job, Pace};
use crate::world::World;
use market::{Candidate, Round};
use units::{CardId, ClassId, GpuHourPrice, ProviderId, Span};

/// What rounding may cost a lease of its order's length.
const NANOSECOND: Span = Span::from_nanos(1);

impl World {
    /// Whether a job is an amount of work, not of time.
    pub fn is_of_work(&self, job: &Job) -> bool {
        self.class_of(job).reference.is_some()
    }

    /// How fast a card does a job's work.
    pub fn pace_on(&self, job: &Job, card: CardId) -> Pace {
        if self.is_of_work(job) {
            Pace::new(self.speed_of(card), self.speed_of(job.card))
        } else {
            Pace::SAME
        }
    }

    fn speed_of(&self, card: CardId) -> u32 {
        self.scenario.cards[usize::from(card.0)].speed_gflops
    }

    /// What a class's declared or drawn length is on the card asked for.
    pub fn work_on(&self, class: ClassId, card: CardId, declared: Span) -> Span {
        let reference = self.scenario.classes[class.index()].reference;
        reference.map_or(declared, |reference| {
            Pace::new(self.speed_of(card), self.speed_of(reference)).time_rounded_up(declared)
        })
    }

    /// The length of an order for what is left of a job, with so much time beside the work: it must
    /// do for the slowest card, which is the one asked for, and pay for the fastest, where time
    /// beside the work costs the most. Nobody may have a card that will do: then nobody serves, and
    /// the length does not matter.
    pub fn order_length(&self, job: &Job, beside: Span) -> Span {
        if !self.is_of_work(job) {
            return job.remaining + beside;
        }
        let has = self.pools[self.class_of(job).pool.index()].cards;
        let cards = (0..self.scenario.cards.len()).map(|card| CardId(card as u16));
        let here = cards.filter(|card| has.contains(*card) && job.cards.contains(*card));
        let paid = here.map(|card| self.pace_on(job, card).work_rounded_up(beside + NANOSECOND));
        job.remaining + paid.max().unwrap_or(beside)
    }

    /// How fast a provider's card does a job's work, and the length that it agrees on where that is
    /// not the order's.
    pub fn pace_of_lease(&self, job: &Job, id: ProviderId, beside: Span) -> (Pace, Option<Span>) {
        if !self.is_of_work(job) {
            return (Pace::SAME, None);
        }
        let pace = self.pace_on(job, self.candidates[id.index()].card);
        (pace, Some(pace.time_rounded_up(job.remaining) + beside))
    }

    /// A candidate as the job's order compares it: by the price of an hour of work on the card that
    /// it asks for.
    pub fn by_work(&self, job: &Job, candidate: &Candidate) -> Candidate {
        Candidate { bid: self.price_for(job, candidate), ..*candidate }
    }

    /// What an order compares with its ceiling: the price of work, or of time for a job of time.
    pub fn price_for(&self, job: &Job, candidate: &Candidate) -> GpuHourPrice {
        self.pace_on(job, candidate.card).price_rounded_up(candidate.bid)
    }

    /// Whether a job's order pays what a candidate asks.
    pub fn is_affordable(&self, job: &Job, candidate: &Candidate) -> bool {
        self.price_for(job, candidate) <= job.ceiling
    }

    /// Gives the picks of rounds that were held by price of work the price of an hour again.
    pub fn restore_prices(&self, job: &Job, rounds: &mut [Round]) {
        if self.is_of_work(job) {
            for pick in rounds.iter_mut().flat_map(|round| &mut round.picks) {
                pick.price = self.candidates[pick.provider.index()].bid;
            }
        }
    }
}
