//! Provider kinds: bundles of behaviour that the providers of a pool are a mixture of.

use super::Leaving;
use units::{GpuHourPrice, Ppm, ProviderKindId, Span};

/// How some of a pool's providers behave.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderKind {
    /// The name.
    pub name: String,
    /// How they ask a price.
    pub bidding: Bidding,
    /// When they leave.
    pub leaving: Leaving,
    /// Whether they never ask less than what leaves them the electricity of a card under load.
    pub keeps_electricity: bool,
}

impl ProviderKind {
    /// Whether what they ask changes by anything but the rents of the book.
    pub fn is_moving(&self) -> bool {
        self.keeps_electricity || self.bidding.review().is_some()
    }
}

/// How a provider comes to what it asks for a GPU-hour (protocol.md 9.8, economics.md 1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bidding {
    /// A multiple of the book price, drawn once around 1 by its pool's dispersion.
    Posted,
    /// The sum of what its script charges for the parts of a machine.
    ScriptTable(ScriptTable),
    /// What a GPU-hour costs it, and a margin.
    CostPlus(CostPlus),
    /// More when much of what it has is rented, less when little is.
    UtilizationFeedback(UtilizationFeedback),
    /// Just below others who have the same card.
    Undercut(Undercut),
    /// The multiple of the book price that earned most, most of the time.
    Learning(Learning),
}

/// What each card is asked for, whatever happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptTable {
    /// By `CardId`.
    pub prices: Vec<GpuHourPrice>,
}

/// Electricity, wear and capital of a GPU-hour, and a margin on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CostPlus {
    /// Time between reviews, in whole hours.
    pub review: Span,
    /// Share of its time that it counts on a card being rented: what is spent all the time is
    /// asked for that share of it.
    pub rented: Ppm,
    /// What is added to the cost.
    pub margin: Ppm,
}

/// Up or down by a step, from where it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UtilizationFeedback {
    /// Time between reviews, in whole hours: the window of what was rented.
    pub review: Span,
    /// Share of what was up and rented, above which it asks more.
    pub raise_above: Ppm,
    /// Share below which it asks less.
    pub lower_below: Ppm,
    /// The part by which it asks more or less.
    pub step: Ppm,
    /// Least that it asks, in hundredths of the book price.
    pub min_hundredths: u32,
    /// Most that it asks, in hundredths of the book price.
    pub max_hundredths: u32,
}

/// Below the cheapest, but not below cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undercut {
    /// Time between reviews, in whole hours.
    pub review: Span,
    /// Which of the others, from the cheapest, 1.
    pub rank: u32,
    /// By how much of that one's ask.
    pub by: Ppm,
}

/// An adversarial bandit over multiples of the book price: EXP3 (Auer et al. 2002).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learning {
    /// Time between reviews, in whole eras: how long it tries each multiple.
    pub review: Span,
    /// The multiples, in hundredths, ascending.
    pub multiples_hundredths: Vec<u32>,
    /// Share of its choices that are even lots among all.
    pub explore: Ppm,
    /// How much the score of a multiple grows by the best that could be earned, before it is
    /// divided by the chance of having tried it.
    pub rate: Ppm,
}

impl Bidding {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Bidding::Posted => "posted",
            Bidding::ScriptTable(_) => "script_table",
            Bidding::CostPlus(_) => "cost_plus",
            Bidding::UtilizationFeedback(_) => "utilization_feedback",
            Bidding::Undercut(_) => "undercut",
            Bidding::Learning(_) => "learning",
        }
    }

    /// Time between reviews; none where there is nothing to review.
    pub const fn review(&self) -> Option<Span> {
        match self {
            Bidding::Posted | Bidding::ScriptTable(_) => None,
            Bidding::CostPlus(rule) => Some(rule.review),
            Bidding::UtilizationFeedback(rule) => Some(rule.review),
            Bidding::Undercut(rule) => Some(rule.review),
            Bidding::Learning(rule) => Some(rule.review),
        }
    }

    /// Whether what it asks is a multiple of the book, which moves with the rents of the market.
    pub const fn follows_book(&self) -> bool {
        matches!(self, Bidding::Posted | Bidding::UtilizationFeedback(_) | Bidding::Learning(_))
    }
}

/// Weight of each kind of a pool's providers, by `ProviderKindId`, or of its tenants, by place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KindWeights(pub Vec<f64>);

impl KindWeights {
    /// The kind of all, when one has the whole weight: then nothing is drawn.
    pub fn only(&self) -> Option<ProviderKindId> {
        let mut some = self.some();
        let (first, second) = (some.next(), some.next());
        first.filter(|_| second.is_none())
    }

    /// The kind at a lot from 0 up to 1. Kinds without weight take no part, wherever they stand.
    pub fn at(&self, lot: f64) -> ProviderKindId {
        let mut left = lot * self.0.iter().sum::<f64>();
        let mut last = ProviderKindId(0);
        for (id, weight) in self.ids().filter(|(_, weight)| *weight > 0.0) {
            last = id;
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
        last
    }

    /// The kinds that have weight.
    pub fn some(&self) -> impl Iterator<Item = ProviderKindId> + '_ {
        self.ids().filter(|(_, weight)| *weight > 0.0).map(|(id, _)| id)
    }

    fn ids(&self) -> impl Iterator<Item = (ProviderKindId, f64)> + '_ {
        (0..).map(ProviderKindId).zip(self.0.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_falls_to_the_kind_whose_share_it_is_in() {
        let weights = KindWeights(vec![0.25, 0.0, 0.75]);
        let kinds = [0.0, 0.2499, 0.25, 0.9999].map(|lot| weights.at(lot).0);
        assert_eq!(kinds, [0, 0, 2, 2]);
        assert_eq!(weights.only(), None);
    }

    #[test]
    fn a_kind_without_weight_moves_no_lot() {
        let (few, more) = (vec![0.3, 0.7], vec![0.0, 0.3, 0.0, 0.7, 0.0]);
        for lot in (0..1_000).map(|n| f64::from(n) / 1e3) {
            let (few, more) = (KindWeights(few.clone()).at(lot), KindWeights(more.clone()).at(lot));
            assert_eq!(2 * few.0 + 1, more.0);
        }
        assert_eq!(KindWeights(vec![0.0, 1.0]).only(), Some(ProviderKindId(1)));
    }
}
