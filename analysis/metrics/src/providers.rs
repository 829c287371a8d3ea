//! Who loses money, and how unequally income is spread.

use crate::named::Named;
use estimate::{gini, share, top_share};
use record::{Names, ProviderRow};
use serde::Serialize;

/// Providers of a group and those that lost money over the reported time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Losses {
    /// Providers.
    pub providers: u64,
    /// Providers with net earnings below zero.
    pub losing: u64,
    /// `losing / providers`.
    pub share: Option<f64>,
}

/// Who loses money, cut in several ways.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LossShares {
    /// All providers.
    pub all: Losses,
    /// By pool.
    pub pools: Named<Losses>,
    /// By card.
    pub cards: Named<Losses>,
    /// By region.
    pub regions: Named<Losses>,
}

/// How unequally lease income is spread over providers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Concentration {
    /// Gini coefficient: 0 when all earn the same, near 1 when one earns all.
    pub lease_income_gini: Option<f64>,
    /// The share of the best-earning tenth of providers.
    pub lease_income_top_10_share: Option<f64>,
}

/// Notes providers as they come: one number each, so memory follows their number.
pub(crate) struct ProviderTally {
    all: Losses,
    pools: Vec<Losses>,
    cards: Vec<Losses>,
    regions: Vec<Losses>,
    incomes: Vec<f64>,
}

impl ProviderTally {
    pub(crate) fn new(names: &Names) -> ProviderTally {
        ProviderTally {
            all: Losses::default(),
            pools: vec![Losses::default(); names.pools.len()],
            cards: vec![Losses::default(); names.cards.len()],
            regions: vec![Losses::default(); names.regions.len()],
            incomes: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, row: &ProviderRow) {
        let groups = [
            &mut self.all,
            &mut self.pools[row.pool.index()],
            &mut self.cards[usize::from(row.card.0)],
            &mut self.regions[row.region.index()],
        ];
        for group in groups {
            group.providers += 1;
            group.losing += u64::from(row.net_nano_usd.nanos() < 0);
        }
        self.incomes.push(row.lease_income_nano_usd.as_f64());
    }

    pub(crate) fn losses(&self, names: &Names) -> LossShares {
        let shares = |groups: &[Losses]| groups.iter().map(with_share).collect::<Vec<_>>();
        LossShares {
            all: with_share(&self.all),
            pools: Named::zip(&names.pools, shares(&self.pools)),
            cards: Named::zip(&names.cards, shares(&self.cards)),
            regions: Named::zip(&names.regions, shares(&self.regions)),
        }
    }

    pub(crate) fn concentration(&self) -> Concentration {
        Concentration {
            lease_income_gini: gini(&self.incomes),
            lease_income_top_10_share: top_share(&self.incomes, 0.1),
        }
    }
}

fn with_share(group: &Losses) -> Losses {
    Losses { share: share(group.losing as f64, group.providers as f64), ..*group }
}
