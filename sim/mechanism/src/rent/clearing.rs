//! One price for all: the price at which the most GPUs change hands.
//!
//! Asks are sorted up and ceilings down, and pairs trade while the ask is not above the ceiling
//! (economics.md 1.4). Every price between the last pair and the first that does not trade clears
//! the market: that is the interval of which the rule picks one. At equal prices the smaller key
//! goes first, whatever the order of the lists.

use units::{EntityKey, GpuHourPrice};

/// A wish to trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Who; equal prices are served in the order of keys.
    pub key: EntityKey,
    /// The least price of who sells, the highest price of who buys.
    pub price: GpuHourPrice,
    /// How many GPUs at most.
    pub gpus: u64,
}

/// What trades, and at which prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clearing {
    /// GPUs that change hands.
    pub volume: u64,
    /// The lowest price that clears.
    pub lowest: GpuHourPrice,
    /// The highest price that clears.
    pub highest: GpuHourPrice,
    /// GPUs let of each ask, in the order of the asks.
    pub asks: Vec<u64>,
    /// GPUs taken of each ceiling, in the order of the ceilings.
    pub ceilings: Vec<u64>,
}

/// Which price of the interval is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The lowest: tenants keep the difference.
    Low,
    /// The middle, a started nano-dollar dropped.
    Middle,
    /// The highest: providers keep the difference.
    High,
}

impl Clearing {
    /// The one price that all pay.
    pub fn price(&self, pick: Pick) -> GpuHourPrice {
        let (low, high) = (self.lowest.nanos(), self.highest.nanos());
        GpuHourPrice::from_nanos(match pick {
            Pick::Low => low,
            Pick::Middle => low + (high - low) / 2,
            Pick::High => high,
        })
    }
}

/// Clears `asks` against `ceilings`; none when no ask is at or below a ceiling.
pub fn clear(asks: &[Quote], ceilings: &[Quote]) -> Option<Clearing> {
    let mut sellers = Side::new(asks, |a, b| a.price.cmp(&b.price));
    let mut buyers = Side::new(ceilings, |a, b| b.price.cmp(&a.price));
    let (mut volume, mut last) = (0, None);
    while let (Some(ask), Some(ceiling)) = (sellers.best(), buyers.best()) {
        if ask.price > ceiling.price {
            break;
        }
        let gpus = sellers.left().min(buyers.left());
        sellers.take(gpus);
        buyers.take(gpus);
        volume += gpus;
        last = Some((ask.price, ceiling.price));
    }
    let (ask, ceiling) = last?;
    let lowest = buyers.best().map_or(ask, |next| next.price.max(ask));
    let highest = sellers.best().map_or(ceiling, |next| next.price.min(ceiling));
    assert!(lowest <= highest, "what does not trade stands outside of what does");
    Some(Clearing { volume, lowest, highest, asks: sellers.traded, ceilings: buyers.traded })
}

/// One side of the market, best first.
struct Side<'a> {
    quotes: &'a [Quote],
    /// Places in `quotes`; those before `next` have traded in full.
    order: Vec<usize>,
    next: usize,
    traded: Vec<u64>,
}

impl<'a> Side<'a> {
    fn new(quotes: &'a [Quote], by: impl Fn(&Quote, &Quote) -> std::cmp::Ordering) -> Side<'a> {
        let mut order: Vec<usize> = (0..quotes.len()).filter(|at| quotes[*at].gpus > 0).collect();
        order.sort_by(|a, b| {
            let (a, b) = (&quotes[*a], &quotes[*b]);
            by(a, b).then(a.key.cmp(&b.key))
        });
        Side { quotes, order, next: 0, traded: vec![0; quotes.len()] }
    }

    fn best(&self) -> Option<Quote> {
        self.order.get(self.next).map(|at| self.quotes[*at])
    }

    fn left(&self) -> u64 {
        let place = self.order[self.next];
        self.quotes[place].gpus - self.traded[place]
    }

    fn take(&mut self, gpus: u64) {
        self.traded[self.order[self.next]] += gpus;
        if self.left() == 0 {
            self.next += 1;
        }
    }
}
