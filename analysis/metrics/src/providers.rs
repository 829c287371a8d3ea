//! Who loses money.

use crate::named::Named;
use estimate::share;
use record::{Names, ProviderRow};
use serde::Serialize;
use units::HardwareTier;

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

impl Losses {
    fn note(&mut self, is_losing: bool) {
        self.providers += 1;
        self.losing += u64::from(is_losing);
    }
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
    /// By hardware tier.
    pub tiers: Named<Losses>,
    /// By region.
    pub regions: Named<Losses>,
    /// By provider kind.
    pub kinds: Named<Losses>,
    /// All providers if cards rented for the prices of another book.
    ///
    /// A first-order answer: a provider's lease income is scaled by what its card rents for in
    /// that book over what it rents for in the book in force; leases, rewards, slashes and costs
    /// stay as they were. Bids and ceilings scale alike, so who is matched does not change within
    /// a card; which cards are affordable does, and only a run under that book shows it.
    pub price_books: Named<Losses>,
}

/// Notes providers as they come.
pub(crate) struct ProviderTally {
    all: Losses,
    pools: Vec<Losses>,
    cards: Vec<Losses>,
    tiers: [Losses; HardwareTier::ALL.len()],
    regions: Vec<Losses>,
    kinds: Vec<Losses>,
    price_books: Vec<BookTally>,
}

/// Losses under the prices of one book.
struct BookTally {
    name: String,
    /// Its price over the price in force, by `CardId`.
    ratios: Vec<f64>,
    losses: Losses,
}

impl ProviderTally {
    pub(crate) fn new(names: &Names) -> ProviderTally {
        ProviderTally {
            all: Losses::default(),
            pools: vec![Losses::default(); names.pools.len()],
            cards: vec![Losses::default(); names.cards.len()],
            tiers: Default::default(),
            regions: vec![Losses::default(); names.regions.len()],
            kinds: vec![Losses::default(); names.provider_kinds.len()],
            price_books: Vec::new(),
        }
    }

    /// Compares with these books as well: names, and prices over those in force by `CardId`.
    pub(crate) fn compare_price_books(&mut self, books: Vec<(String, Vec<f64>)>) {
        let tally = |(name, ratios)| BookTally { name, ratios, losses: Losses::default() };
        self.price_books = books.into_iter().map(tally).collect();
    }

    pub(crate) fn add(&mut self, row: &ProviderRow) {
        if row.installed_gpu_s == 0 {
            return; // No era was complete: nothing can be said of its earnings.
        }
        let groups = [
            &mut self.all,
            &mut self.pools[row.pool.index()],
            &mut self.cards[usize::from(row.card.0)],
            &mut self.tiers[row.hardware_tier as usize],
            &mut self.regions[row.region.index()],
            &mut self.kinds[row.provider_kind.index()],
        ];
        let (net, income) = (row.net_nano_usd.as_f64(), row.lease_income_nano_usd.as_f64());
        groups.into_iter().for_each(|group| group.note(row.net_nano_usd.nanos() < 0));
        for book in &mut self.price_books {
            let gain = income * (book.ratios[usize::from(row.card.0)] - 1.0);
            book.losses.note(net + gain < 0.0);
        }
    }

    pub(crate) fn losses(&self, names: &Names) -> LossShares {
        let shares = |groups: &[Losses]| groups.iter().map(with_share).collect::<Vec<_>>();
        let tiers: Vec<_> = HardwareTier::ALL.map(|tier| tier.name().to_string()).into();
        LossShares {
            all: with_share(&self.all),
            pools: Named::zip(&names.pools, shares(&self.pools)),
            cards: Named::zip(&names.cards, shares(&self.cards)),
            tiers: Named::zip(&tiers, shares(&self.tiers)),
            regions: Named::zip(&names.regions, shares(&self.regions)),
            kinds: Named::zip(&names.provider_kinds, shares(&self.kinds)),
            price_books: self
                .price_books
                .iter()
                .map(|book| (book.name.clone(), with_share(&book.losses)))
                .collect(),
        }
    }
}

fn with_share(group: &Losses) -> Losses {
    Losses { share: share(group.losing as f64, group.providers as f64), ..*group }
}
