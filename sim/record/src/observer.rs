//! Who watches a run: it receives rows and cannot write to the world.

use crate::row::{
    BidRow, DemandRow, EconomyRow, EraRow, FlowRow, GasRow, JobRow, LeaseRow, MisuseRow,
    NetworkRow, OperatorRow, OrderRow, PriceRow, ProviderRow, RentRow, RoundRow, SeriesRow,
    SlashRow, SupplyRow, TenantRow, VenueRow,
};

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
    /// An operator's answers of one era.
    Operator(&'a OperatorRow),
    /// A pool's hour.
    Series(&'a SeriesRow),
    /// What moves from outside, in an hour.
    Price(&'a PriceRow),
    /// A price that a rule sets.
    Rent(&'a RentRow),
    /// A pool's demand in an hour.
    Demand(&'a DemandRow),
    /// Jobs that went to a venue in an era.
    Venue(&'a VenueRow),
    /// A misuse by a tenant.
    Misuse(&'a MisuseRow),
    /// Money that moved in an era.
    Flow(&'a FlowRow),
    /// The token in an era.
    Economy(&'a EconomyRow),
    /// A party's calls of an era.
    Gas(&'a GasRow),
    /// A provider that enters or leaves.
    Supply(&'a SupplyRow),
    /// A job whose fate is known, or that is open at the end of the run.
    Job(&'a JobRow),
    /// A tenant at the end of the run.
    Tenant(&'a TenantRow),
    /// Another network in an era.
    Network(&'a NetworkRow),
    /// A round.
    Round(&'a RoundRow),
    /// A bid on a sampled order.
    Bid(&'a BidRow),
}

/// Receives every row of a run in the order of the run.
pub trait Observer {
    /// Takes note of a row.
    fn on_row(&mut self, row: Row<'_>);

    /// Whether the rounds and bids of sampled orders are wanted: they are made only when somebody
    /// looks.
    fn wants_sample(&self) -> bool {
        false
    }

    /// Whether the rounds of all orders that nobody was drawn for are wanted as well. Each takes a
    /// look at the whole pool.
    fn wants_unmatched(&self) -> bool {
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

    fn wants_sample(&self) -> bool {
        self.0.wants_sample() || self.1.wants_sample()
    }

    fn wants_unmatched(&self) -> bool {
        self.0.wants_unmatched() || self.1.wants_unmatched()
    }
}
