//! What calls cost, by who sent them.

use crate::named::Named;
use estimate::share;
use record::{EraRow, FlowParty, GasRow, PriceRow};
use serde::Serialize;
use std::collections::BTreeMap;

/// Gas over the complete reported eras; zero where it is not charged.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Gas {
    /// Calls that stand in blocks.
    pub calls: f64,
    /// What they cost, USD.
    pub fees_usd: f64,
    /// What one costs in the mean, USD.
    pub mean_usd: Option<f64>,
    /// The part of the cost that the chain below takes for bytes.
    pub data_share: Option<f64>,
    /// What could not be paid so far, at the end, USD.
    pub owed_usd: f64,
    /// What providers' calls cost, as a share of their lease income.
    pub share_of_income: Option<f64>,
    /// What all calls cost, as a share of what tenants paid for GPUs.
    pub share_of_revenue: Option<f64>,
    /// How long a settlement waits for its batch in the mean, seconds.
    pub batch_wait_s: Option<f64>,
    /// What a unit of gas costs in the mean of hours, gwei.
    pub fee_gwei: Option<f64>,
    /// The highest that a call paid for it.
    pub fee_gwei_max: Option<f64>,
    /// The longest that a call waited for its block behind others, seconds.
    pub queue_s_max: Option<f64>,
    /// By who sent the calls.
    pub parties: Named<PartyGas>,
}

/// The gas of one party.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PartyGas {
    /// Calls.
    pub calls: f64,
    /// What they cost, USD.
    pub fees_usd: f64,
    /// What could not be paid so far, at the end, USD.
    pub owed_usd: f64,
}

/// Who sends calls.
const PAYERS: [FlowParty; 5] = [
    FlowParty::Tenants,
    FlowParty::Providers,
    FlowParty::Delegators,
    FlowParty::Treasury,
    FlowParty::Challengers,
];

/// Sums of a party, in nano-dollars.
#[derive(Clone, Copy, Default)]
struct Sums {
    calls: u64,
    fees: i128,
    data: i128,
    owed: i128,
}

/// Adds up the rows as they come.
#[derive(Default)]
pub(crate) struct GasTally {
    parties: BTreeMap<FlowParty, Sums>,
    batched: u64,
    waited_ns: u128,
    income: i128,
    charged: i128,
    hours: u64,
    fee_sum: u128,
    fee_max: u64,
    queue_max_ns: u64,
}

impl GasTally {
    pub(crate) fn add(&mut self, row: &GasRow) {
        if !row.is_reported || !row.is_complete {
            return;
        }
        let sums = self.parties.entry(row.party).or_default();
        sums.calls += row.calls;
        sums.fees += row.fees_nano_usd.base();
        sums.data += row.data_nano_usd.base();
        sums.owed = row.owed_nano_usd.base();
        self.fee_max = self.fee_max.max(row.fee_max_wei);
        self.queue_max_ns = self.queue_max_ns.max(row.queue_max_ns.nanos());
        self.batched += row.batched;
        self.waited_ns += u128::from(row.batch_wait_ns.nanos());
    }

    pub(crate) fn add_era(&mut self, row: &EraRow) {
        if row.is_reported && row.is_complete {
            self.income += row.lease_income_nano_usd.base();
            self.charged += row.charged_nano_usd.base();
        }
    }

    pub(crate) fn add_price(&mut self, row: &PriceRow) {
        if row.is_reported {
            self.hours += 1;
            self.fee_sum += u128::from(row.gas_fee_wei);
        }
    }

    pub(crate) fn finish(&self) -> Gas {
        let usd = |nanos: i128| nanos as f64 / 1e9;
        let all = |get: fn(&Sums) -> i128| self.parties.values().map(get).sum::<i128>() as f64;
        let calls: u64 = self.parties.values().map(|sums| sums.calls).sum();
        let fees = all(|sums| sums.fees);
        let ours = self.parties.get(&FlowParty::Providers).map_or(0.0, |sums| sums.fees as f64);
        let party = |party: FlowParty| {
            let sums = self.parties.get(&party).copied().unwrap_or_default();
            let of = PartyGas {
                calls: sums.calls as f64,
                fees_usd: usd(sums.fees),
                owed_usd: usd(sums.owed),
            };
            (party.name().to_string(), of)
        };
        Gas {
            calls: calls as f64,
            fees_usd: fees / 1e9,
            mean_usd: share(fees / 1e9, calls as f64),
            data_share: share(all(|sums| sums.data), fees),
            owed_usd: all(|sums| sums.owed) / 1e9,
            share_of_income: share(ours, self.income as f64),
            share_of_revenue: share(fees, self.charged as f64),
            batch_wait_s: share(self.waited_ns as f64 / 1e9, self.batched as f64),
            fee_gwei: share(self.fee_sum as f64 / 1e9, self.hours as f64),
            fee_gwei_max: (self.hours > 0).then_some(self.fee_max as f64 / 1e9),
            queue_s_max: (self.hours > 0).then_some(self.queue_max_ns as f64 / 1e9),
            parties: PAYERS.into_iter().map(party).collect(),
        }
    }
}
