//! The trust ladder: who stands where, and how soon somebody got there.

use crate::named::Named;
use record::EraRow;
use serde::Serialize;
use std::collections::BTreeMap;
use units::ProviderId;

/// Tiers of the ladder; the first is the best.
const TIERS: usize = 7;

/// Trust tiers over the reported eras that ran their full length.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Trust {
    /// Providers that ended in each tier.
    pub providers_in_tier: Named<u64>,
    /// The mean tier at the end.
    pub mean_tier_at_end: Option<f64>,
    /// Eras until the first provider stood in each tier: 1 after the first reported era.
    pub eras_to_tier: Named<Option<u32>>,
}

/// Notes tiers as they come.
#[derive(Default)]
pub(crate) struct TrustTally {
    first_era: Option<u32>,
    tiers: BTreeMap<ProviderId, u8>,
    reached: [Option<u32>; TIERS],
}

impl TrustTally {
    pub(crate) fn add(&mut self, row: &EraRow) {
        if !row.is_reported || !row.is_complete || row.trust_tier == 0 {
            return;
        }
        let first = *self.first_era.get_or_insert(row.era);
        self.tiers.insert(row.provider, row.trust_tier);
        self.reached[usize::from(row.trust_tier) - 1].get_or_insert(row.era - first + 1);
    }

    pub(crate) fn finish(&self) -> Trust {
        let in_tier = |tier: usize| {
            self.tiers.values().filter(|held| usize::from(**held) == tier).count() as u64
        };
        let sum: u64 = self.tiers.values().map(|tier| u64::from(*tier)).sum();
        let providers = self.tiers.len();
        Trust {
            providers_in_tier: (1..=TIERS).map(|tier| (tier.to_string(), in_tier(tier))).collect(),
            mean_tier_at_end: (providers > 0).then(|| sum as f64 / providers as f64),
            eras_to_tier: (1..).map(|tier: u32| tier.to_string()).zip(self.reached).collect(),
        }
    }
}
