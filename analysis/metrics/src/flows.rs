//! Where tokens and dollars went.

use crate::named::Named;
use record::{FlowParty, FlowReason, FlowRow};
use serde::Serialize;
use std::collections::BTreeMap;
use units::{Asset, Base};

/// What moved between two parties for one reason over all reported eras.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flow {
    /// The asset: USD or SPON.
    pub asset: &'static str,
    /// Who paid.
    pub from: &'static str,
    /// Who received.
    pub to: &'static str,
    /// Why.
    pub reason: &'static str,
    /// Postings.
    pub count: u64,
    /// How much: whole dollars or whole tokens.
    pub amount: f64,
}

/// The books of one asset over all reported eras, in whole dollars or whole tokens.
///
/// `held_change = inflow - outflow + minted - burned`, and it is the sum of `change_by_party`:
/// both are computed from the flows exactly, and must agree to the last unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Books {
    /// Came from the declared outside world.
    pub inflow: f64,
    /// Went to it.
    pub outflow: f64,
    /// Newly issued.
    pub minted: f64,
    /// Destroyed.
    pub burned: f64,
    /// Growth of what all parties inside hold together.
    pub held_change: f64,
    /// Received less paid, by party inside.
    pub change_by_party: Named<f64>,
}

/// All flows of the reported eras.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Flows {
    /// By asset.
    pub books: Named<Books>,
    /// By asset, payer, receiver and reason.
    pub flows: Vec<Flow>,
}

/// Asset by place in `Asset::ALL`, payer, receiver, reason.
type Key = (usize, FlowParty, FlowParty, FlowReason);

/// Adds up flows as they come; amounts in units of 10^-18, exact.
#[derive(Default)]
pub(crate) struct FlowTally {
    flows: BTreeMap<Key, (u64, Base)>,
}

impl FlowTally {
    pub(crate) fn add(&mut self, row: &FlowRow) {
        if !row.is_reported {
            return;
        }
        let asset = Asset::ALL.iter().position(|asset| asset.name() == row.asset);
        let asset = asset.expect("the ledger holds no other asset");
        let sums = self.flows.entry((asset, row.from, row.to, row.reason)).or_default();
        sums.0 += row.count;
        sums.1 += row.amount.base();
    }

    pub(crate) fn finish(&self) -> Flows {
        let books = (0..Asset::ALL.len())
            .map(|asset| (Asset::ALL[asset].name().to_string(), self.books(asset)))
            .collect();
        Flows { books, flows: self.flows.iter().map(flow).collect() }
    }

    fn books(&self, asset: usize) -> Books {
        let changes = self.changes(asset);
        let of = |party: FlowParty| changes[party as usize];
        let (inflow, outflow) = self.through(asset, FlowParty::Outside);
        let (minted, _) = self.through(asset, FlowParty::Mint);
        let (_, burned) = self.through(asset, FlowParty::Burn);
        let inside = FlowParty::ALL.iter().filter(|party| is_inside(**party));
        let held_change: Base = inside.clone().map(|party| of(*party)).sum();
        assert_eq!(held_change, inflow - outflow + minted - burned, "flows have two sides");
        Books {
            inflow: whole(inflow),
            outflow: whole(outflow),
            minted: whole(minted),
            burned: whole(burned),
            held_change: whole(held_change),
            change_by_party: inside.map(|party| (party.name().into(), whole(of(*party)))).collect(),
        }
    }

    /// Received less paid, by party.
    fn changes(&self, asset: usize) -> [Base; FlowParty::ALL.len()] {
        let mut changes = [0; FlowParty::ALL.len()];
        for ((_, from, to, _), (_, amount)) in self.flows.iter().filter(|(key, _)| key.0 == asset) {
            changes[*from as usize] -= amount;
            changes[*to as usize] += amount;
        }
        changes
    }

    /// What came from a party and what went to it.
    fn through(&self, asset: usize, party: FlowParty) -> (Base, Base) {
        let of_asset = || self.flows.iter().filter(|(key, _)| key.0 == asset);
        let sum = |is_one: &dyn Fn(&Key) -> bool| {
            of_asset().filter(|(key, _)| is_one(key)).map(|(_, (_, amount))| *amount).sum()
        };
        (sum(&|key| key.1 == party), sum(&|key| key.2 == party))
    }
}

fn flow((key, sums): (&Key, &(u64, Base))) -> Flow {
    Flow {
        asset: Asset::ALL[key.0].name(),
        from: key.1.name(),
        to: key.2.name(),
        reason: key.3.name(),
        count: sums.0,
        amount: whole(sums.1),
    }
}

/// Whether the party holds money; the others are where it comes from and goes to.
fn is_inside(party: FlowParty) -> bool {
    !matches!(party, FlowParty::Outside | FlowParty::Mint | FlowParty::Burn)
}

/// Units of 10^-18 as whole dollars or tokens.
pub(crate) fn whole(amount: Base) -> f64 {
    amount as f64 / 1e18
}
