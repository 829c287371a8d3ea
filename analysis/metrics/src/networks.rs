//! Other networks to which providers take their machines: who went, who came back, and what it
//! brought them and cost.

use crate::named::Named;
use record::{Names, NetworkRow, SupplyChange, SupplyRow};
use serde::Serialize;

/// One network in the reported time.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NetworkGroup {
    /// Providers that came there, from here or from another network.
    pub came: u64,
    /// Their GPUs.
    pub gpus_came: u64,
    /// Providers that came back from there.
    pub returned: u64,
    /// Their GPUs.
    pub gpus_returned: u64,
    /// GPUs there in the mean over the reported eras.
    pub gpus_mean: f64,
    /// GPUs there in the last of them.
    pub gpus_at_end: u64,
    /// What those came to who were there, less electricity, fees and upkeep, USD.
    pub earned_usd: f64,
    /// What they expected to come to here in the same time, USD: what they gave up.
    pub forgone_usd: f64,
    /// What those who stayed, and could have gone, expected to come to there beyond what they
    /// expected here, USD: what staying cost them.
    pub missed_usd: f64,
}

/// Sums of one network.
#[derive(Clone, Default)]
struct Tally {
    group: NetworkGroup,
    gpu_eras: u64,
    eras: u64,
}

impl Tally {
    fn finish(&self) -> NetworkGroup {
        let eras = self.eras.max(1) as f64;
        NetworkGroup { gpus_mean: self.gpu_eras as f64 / eras, ..self.group.clone() }
    }
}

/// Notes who is on other networks.
pub(crate) struct NetworkTally(Vec<Tally>);

impl NetworkTally {
    pub(crate) fn new(names: &Names) -> NetworkTally {
        NetworkTally(vec![Tally::default(); names.networks.len()])
    }

    pub(crate) fn add_change(&mut self, row: &SupplyRow) {
        if !row.is_reported {
            return;
        }
        let gpus = u64::from(row.gpus.0);
        let group = &mut self.0[row.network.index()].group;
        match row.change {
            SupplyChange::Left | SupplyChange::Moved => {
                (group.came, group.gpus_came) = (group.came + 1, group.gpus_came + gpus);
            }
            SupplyChange::Returned => {
                group.returned += 1;
                group.gpus_returned += gpus;
            }
            _ => {}
        }
    }

    pub(crate) fn add(&mut self, row: &NetworkRow) {
        if !row.is_reported {
            return;
        }
        let tally = &mut self.0[row.network.index()];
        (tally.eras, tally.gpu_eras) = (tally.eras + 1, tally.gpu_eras + row.gpus);
        let group = &mut tally.group;
        group.gpus_at_end = row.gpus;
        group.earned_usd += row.earned_nano_usd.as_f64();
        group.forgone_usd += row.forgone_nano_usd.as_f64();
        group.missed_usd += row.missed_nano_usd.as_f64();
    }

    /// Of this network there is nothing to say here.
    pub(crate) fn finish(&self, names: &Names) -> Named<NetworkGroup> {
        let others = names.networks.iter().zip(&self.0).skip(1);
        others.map(|(name, tally)| (name.clone(), tally.finish())).collect()
    }
}
