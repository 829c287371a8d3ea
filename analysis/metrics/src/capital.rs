//! What capital costs, and whether a card pays: by card, hardware tier and label.

use crate::capacity::GPU_HOUR;
use crate::named::Named;
use estimate::{Investment, share};
use record::{EraRow, Names};
use serde::Serialize;
use units::{CardLabel, HardwareTier};

/// Days of a year, as the laws of ageing count it.
const YEAR_DAYS: f64 = 365.0;

/// What is to know of a card to judge it as an investment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CardFacts {
    /// Its price new, USD.
    pub price_usd: f64,
    /// What is left of it when it is sold, USD.
    pub salvage_usd: f64,
    /// The network's label under the rules of each pool, by `PoolId`; none where it has none.
    pub labels: Vec<Option<CardLabel>>,
}

/// What the GPUs of a group cost and bring at the rate of the reported eras, complete ones only.
///
/// Cash is net earnings without wear, which nobody pays in money. An investment is the price new,
/// cash for ever as it was, and what the card is sold for at the end of its life.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Capital {
    /// Mean price new, USD per registered GPU.
    pub price_usd: Option<f64>,
    /// Loss of value and interest, USD per registered GPU-hour.
    pub capital_usd_per_gpu_hour: Option<f64>,
    /// Net earnings, USD per registered GPU-day.
    pub net_usd_per_gpu_day: Option<f64>,
    /// The same with the cost of capital in the place of wear.
    pub net_with_capital_usd_per_gpu_day: Option<f64>,
    /// Net earnings without wear, USD per registered GPU-year of 365 days.
    pub cash_usd_per_gpu_year: Option<f64>,
    /// Price over yearly cash, or the life of the card where its sale makes up what lacks; none
    /// where not even that does: never.
    pub payback_years: Option<f64>,
    /// Effective yearly rate of return over the life; none where the price does not come back:
    /// never.
    pub irr: Option<f64>,
}

/// Capital of everything, and cut in several ways.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Capitals {
    /// All GPUs.
    pub all: Capital,
    /// By hardware tier.
    pub tiers: Named<Capital>,
    /// By the network's label, under the rules of the pool.
    pub labels: Named<Capital>,
    /// By card.
    pub cards: Named<Capital>,
}

/// Sums of one group. Money in nano-dollars, prices in USD times GPU-days.
#[derive(Clone, Copy, Default)]
struct Sums {
    gpu_us: u128,
    net: i128,
    net_with_capital: i128,
    wear: i128,
    capital: i128,
    price_days: f64,
    salvage_days: f64,
}

impl Sums {
    fn add(&mut self, row: &EraRow, facts: &CardFacts) {
        let days = row.installed_gpu_us as f64 / (24.0 * GPU_HOUR);
        self.gpu_us += u128::from(row.installed_gpu_us);
        self.net += row.net_nano_usd.base();
        self.net_with_capital += row.net_with_capital_nano_usd.base();
        self.wear += row.wear_nano_usd.base();
        self.capital += row.capital_nano_usd.base();
        self.price_days += facts.price_usd * days;
        self.salvage_days += facts.salvage_usd * days;
    }

    fn finish(&self, life_years: f64) -> Capital {
        let days = self.gpu_us as f64 / (24.0 * GPU_HOUR);
        let a_day = |sum: i128| share(sum as f64 / 1e9, days);
        let cash = a_day(self.net + self.wear).map(|usd| usd * YEAR_DAYS);
        // Without facts of the cards nothing is known of their price.
        let price_usd = share(self.price_days, days).filter(|price| *price > 0.0);
        let investment = cash.zip(price_usd).map(|(revenue, price)| Investment {
            price,
            revenue,
            fall: 0.0,
            opex: 0.0,
            years: life_years,
            salvage: self.salvage_days / days,
        });
        Capital {
            price_usd,
            capital_usd_per_gpu_hour: a_day(self.capital).map(|usd| usd / 24.0),
            net_usd_per_gpu_day: a_day(self.net),
            net_with_capital_usd_per_gpu_day: a_day(self.net_with_capital),
            cash_usd_per_gpu_year: cash,
            payback_years: investment.and_then(|one| one.payback_years()),
            irr: investment.and_then(|one| one.irr()),
        }
    }
}

/// Notes eras as they come.
pub(crate) struct CapitalTally {
    life_years: f64,
    facts: Vec<CardFacts>,
    all: Sums,
    tiers: [Sums; HardwareTier::ALL.len()],
    labels: [Sums; CardLabel::NAMED.len()],
    cards: Vec<Sums>,
}

impl CapitalTally {
    pub(crate) fn new(names: &Names) -> CapitalTally {
        CapitalTally {
            life_years: 0.0,
            facts: vec![CardFacts::default(); names.cards.len()],
            all: Sums::default(),
            tiers: Default::default(),
            labels: Default::default(),
            cards: vec![Sums::default(); names.cards.len()],
        }
    }

    /// Learns what cards cost, by `CardId`, and how long they run.
    pub(crate) fn learn(&mut self, facts: Vec<CardFacts>, life_years: f64) {
        (self.facts, self.life_years) = (facts, life_years);
    }

    pub(crate) fn add(&mut self, row: &EraRow) {
        if !row.is_reported || !row.is_complete || row.installed_gpu_us == 0 {
            return;
        }
        let card = usize::from(row.card.0);
        let facts = &self.facts[card];
        self.all.add(row, facts);
        self.tiers[row.hardware_tier as usize].add(row, facts);
        self.cards[card].add(row, facts);
        if let Some(label) = facts.labels.get(row.pool.index()).copied().flatten() {
            self.labels[label as usize].add(row, facts);
        }
    }

    pub(crate) fn finish(&self, names: &Names) -> Capitals {
        let finish = |sums: &Sums| sums.finish(self.life_years);
        let tiers: Vec<String> = HardwareTier::ALL.map(|tier| tier.name().to_string()).into();
        let labels: Vec<String> = CardLabel::NAMED.map(|(name, _)| name.to_string()).into();
        Capitals {
            all: finish(&self.all),
            tiers: Named::zip(&tiers, self.tiers.iter().map(finish)),
            labels: Named::zip(&labels, self.labels.iter().map(finish)),
            cards: Named::zip(&names.cards, self.cards.iter().map(finish)),
        }
    }
}
