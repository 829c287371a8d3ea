//! Who watches a run: it receives rows and cannot write to the world.

use crate::row::{BidRow, EraRow, FlowRow, LeaseRow, OrderRow, ProviderRow, SeriesRow, SlashRow};
use units::{CardId, ClassId, HostClassId, PoolId, RegionId};

/// One row of any table.
#[derive(Clone, Copy, Debug)]
pub enum Row<'a> {
    /// An order whose fate is known.
    Order(&'a OrderRow),
    /// A lease that closed.
    Lease(&'a LeaseRow),
    /// A provider at the end of the run.
    Provider(&'a ProviderRow),
    /// A provider's books of one era.
    Era(&'a EraRow),
    /// A loss of stake.
    Slash(&'a SlashRow),
    /// A pool's hour.
    Series(&'a SeriesRow),
    /// Money that moved in an era.
    Flow(&'a FlowRow),
    /// A bid on a sampled order.
    Bid(&'a BidRow),
}

/// Receives every row of a run in the order of the run.
pub trait Observer {
    /// Takes note of a row.
    fn on_row(&mut self, row: Row<'_>);

    /// Whether bid rows are wanted: they are made only when somebody looks.
    fn wants_bids(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl Observer for () {
    fn on_row(&mut self, _row: Row<'_>) {}
}

/// Two observers side by side.
impl<A: Observer, B: Observer> Observer for (A, B) {
    fn on_row(&mut self, row: Row<'_>) {
        self.0.on_row(row);
        self.1.on_row(row);
    }

    fn wants_bids(&self) -> bool {
        self.0.wants_bids() || self.1.wants_bids()
    }
}

/// The names behind the identifiers in rows, by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Pools.
    pub pools: Vec<String>,
    /// Regions.
    pub regions: Vec<String>,
    /// Cards.
    pub cards: Vec<String>,
    /// Job classes.
    pub classes: Vec<String>,
    /// Host classes.
    pub host_classes: Vec<String>,
}

impl Names {
    /// The name of a pool.
    pub fn pool(&self, id: PoolId) -> &str {
        &self.pools[id.index()]
    }

    /// The name of a region.
    pub fn region(&self, id: RegionId) -> &str {
        &self.regions[id.index()]
    }

    /// The name of a card.
    pub fn card(&self, id: CardId) -> &str {
        &self.cards[usize::from(id.0)]
    }

    /// The name of a job class.
    pub fn class(&self, id: ClassId) -> &str {
        &self.classes[id.index()]
    }

    /// The name of a host class.
    pub fn host_class(&self, id: HostClassId) -> &str {
        &self.host_classes[id.index()]
    }
}
