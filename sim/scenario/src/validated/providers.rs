//! Provider kinds: bundles of behaviour that the providers of a pool are a mixture of.

use units::ProviderKindId;

/// How some of a pool's providers behave.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderKind {
    /// The name.
    pub name: String,
    /// How they ask a price.
    pub bidding: Bidding,
}

/// How a provider comes to what it asks for a GPU-hour (protocol.md 9.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bidding {
    /// It asks a multiple of the book price, drawn once around 1 by its pool's dispersion.
    Posted,
}

impl Bidding {
    /// The word in scenarios.
    pub const fn name(&self) -> &'static str {
        match self {
            Bidding::Posted => "posted",
        }
    }
}

/// Weight of each provider kind of a pool, by `ProviderKindId`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KindWeights(pub Vec<f64>);

impl KindWeights {
    /// The kind of all, when one has the whole weight: then nothing is drawn.
    pub fn only(&self) -> Option<ProviderKindId> {
        let mut some = self.ids().filter(|(_, weight)| *weight > 0.0);
        let (first, second) = (some.next(), some.next());
        first.filter(|_| second.is_none()).map(|(id, _)| id)
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
