//! What work costs: not an hour of a GPU, but what is done in it.

use crate::named::Named;
use estimate::share;
use record::{LeaseRow, Names};
use serde::Serialize;
use units::CardId;

/// What there is to know to count work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkFacts {
    /// How fast cards are, in any one unit, by `CardId`.
    pub speeds: Vec<f64>,
    /// The card in whose hours a class's work is counted, by `ClassId`; none where a job takes as
    /// long on any card.
    pub references: Vec<Option<CardId>>,
}

/// What a group's leases cost, over those that closed, or were open at the end, inside the reported
/// time. Work is the time that was paid for less what failures undid, times the speed of the card
/// over that of the reference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct WorkPrice {
    /// GPU-hours that were paid for.
    pub gpu_hours: f64,
    /// What they cost at the agreed prices, USD per GPU-hour.
    pub usd_per_gpu_hour: Option<f64>,
    /// Work that was done in them, GPU-hours of the reference.
    pub work_hours: f64,
    /// What it cost, USD per GPU-hour of the reference.
    pub usd_per_work_hour: Option<f64>,
}

/// The price of work in a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorkPrices {
    /// By job class; the reference is its own, or any card.
    pub classes: Named<WorkPrice>,
    /// By card, over classes whose jobs a faster card does sooner; the reference is that of the
    /// first of these classes.
    pub cards: Named<WorkPrice>,
    /// The reference of each class that has one; no metrics.
    pub references: Named<String>,
    /// The reference of the cards, empty where no class has one; no metric.
    pub reference: String,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    gpu_hours: f64,
    charged: f64,
    work_hours: f64,
}

impl Sums {
    fn add(&mut self, (paid, charged, work): (f64, f64, f64)) {
        self.gpu_hours += paid;
        self.charged += charged;
        self.work_hours += work;
    }

    fn finish(&self) -> WorkPrice {
        WorkPrice {
            gpu_hours: self.gpu_hours,
            usd_per_gpu_hour: share(self.charged, self.gpu_hours),
            work_hours: self.work_hours,
            usd_per_work_hour: share(self.charged, self.work_hours),
        }
    }
}

/// Notes leases as they come.
pub(crate) struct WorkTally {
    facts: WorkFacts,
    classes: Vec<Sums>,
    cards: Vec<Sums>,
}

impl WorkTally {
    pub(crate) fn new(names: &Names) -> WorkTally {
        let (cards, classes) = (names.cards.len(), names.classes.len());
        WorkTally {
            facts: WorkFacts { speeds: vec![1.0; cards], references: vec![None; classes] },
            classes: vec![Sums::default(); classes],
            cards: vec![Sums::default(); cards],
        }
    }

    /// Learns how fast cards are and in which of their hours classes count.
    pub(crate) fn learn(&mut self, facts: WorkFacts) {
        self.facts = facts;
    }

    /// The reference of the cards: that of the first class which has one.
    fn reference(&self) -> Option<CardId> {
        self.facts.references.iter().copied().flatten().next()
    }

    pub(crate) fn add(&mut self, row: &LeaseRow) {
        if !row.is_reported {
            return;
        }
        let hours = |span: units::Span| f64::from(row.gpus.0) * span.as_hours_f64();
        let (paid, charged) = (hours(row.paid_ns), row.charged_nano_usd.as_f64());
        let kept = hours(row.paid_ns.saturating_sub(row.lost_ns));
        let speed = |card: CardId| self.facts.speeds[card.index()];
        let over = |of: CardId| kept * speed(row.card) / speed(of);
        let own = self.facts.references[row.class.index()];
        let (of_class, of_card) = (own.map_or(kept, over), self.reference().map(over));
        self.classes[row.class.index()].add((paid, charged, of_class));
        if let Some(work) = of_card.filter(|_| own.is_some()) {
            self.cards[row.card.index()].add((paid, charged, work));
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> WorkPrices {
        let name = |card: CardId| names.card(card).to_string();
        let own = names.classes.iter().zip(&self.facts.references);
        let own = own.filter_map(|(class, card)| Some((class.clone(), name((*card)?))));
        WorkPrices {
            classes: Named::zip(&names.classes, self.classes.iter().map(Sums::finish)),
            cards: Named::zip(&names.cards, self.cards.iter().map(Sums::finish)),
            references: own.collect(),
            reference: self.reference().map(name).unwrap_or_default(),
        }
    }
}
