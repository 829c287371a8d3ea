//! What a user's own providers earn, beside their peers.

use crate::named::Named;
use estimate::{quantile_of_sorted, share};
use record::{Names, ProviderRole, ProviderRow, key_of_declared};
use serde::Serialize;
use units::EntityKey;

/// What one declared provider came to, per GPU and day that it was installed, and its peers: all
/// providers of its pool with its card that were not declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FleetEarnings {
    /// GPUs that are registered at the end: none where it has left, or is on another network.
    pub gpus: u64,
    /// GPU-days that it was registered.
    pub gpu_days: f64,
    /// Paid GPU-hours over those with the machine up.
    pub utilization_of_available: Option<f64>,
    /// Up over installed GPU-hours.
    pub availability: Option<f64>,
    /// Lease income, USD per GPU-day.
    pub lease_income_usd_per_gpu_day: Option<f64>,
    /// Rewards, USD per GPU-day.
    pub reward_usd_per_gpu_day: Option<f64>,
    /// Electricity, USD per GPU-day.
    pub electricity_usd_per_gpu_day: Option<f64>,
    /// Wear, USD per GPU-day.
    pub wear_usd_per_gpu_day: Option<f64>,
    /// Slashes and gas, USD per GPU-day.
    pub slash_and_gas_usd_per_gpu_day: Option<f64>,
    /// Net earnings, USD per GPU-day.
    pub net_usd_per_gpu_day: Option<f64>,
    /// Net earnings in all, USD.
    pub net_usd: f64,
    /// 1 when it lost money, 0 when it did not; its mean over seeds is the chance of loss.
    pub lost_money: Option<f64>,
    /// Peers.
    pub peers: u64,
    /// Share of the peers that lost money.
    pub peers_losing_share: Option<f64>,
    /// A quarter of the peers net no more than this, USD per GPU-day.
    pub peers_net_p25: Option<f64>,
    /// Half of the peers net no more than this, USD per GPU-day.
    pub peers_net_p50: Option<f64>,
    /// Three quarters of the peers net no more than this, USD per GPU-day.
    pub peers_net_p75: Option<f64>,
    /// Share of the peers that net less per GPU-day.
    pub ahead_of_peers_share: Option<f64>,
}

/// What is kept of a provider: memory follows their number, and only where somebody is declared.
struct Kept {
    pool: usize,
    card: u16,
    net_per_gpu_day: f64,
}

/// Notes providers as they come.
pub(crate) struct FleetTally {
    declared: Vec<(EntityKey, Option<ProviderRow>)>,
    others: Vec<Kept>,
}

impl FleetTally {
    pub(crate) fn new(names: &Names) -> FleetTally {
        let declared = names.fleet.iter().map(|name| (key_of_declared(name), None)).collect();
        FleetTally { declared, others: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: &ProviderRow) {
        if self.declared.is_empty() || row.installed_gpu_s == 0 {
            return; // Nobody asked, or no era was complete.
        }
        if row.role == ProviderRole::Fleet {
            let own = self.declared.iter_mut().find(|(key, _)| *key == row.owner_key);
            own.expect("a declared provider has a name").1 = Some(*row);
            return;
        }
        let net_per_gpu_day = per_gpu_day(row, row.net_nano_usd.as_f64());
        self.others.push(Kept { pool: row.pool.index(), card: row.card.0, net_per_gpu_day });
    }

    pub(crate) fn finish(&self, names: &Names) -> Named<FleetEarnings> {
        let earnings = |row: &Option<ProviderRow>| row.as_ref().map(|row| self.earnings(row));
        let all = self.declared.iter().map(|(_, row)| earnings(row).unwrap_or_default());
        Named::zip(&names.fleet, all)
    }

    fn earnings(&self, row: &ProviderRow) -> FleetEarnings {
        let is_peer = |kept: &&Kept| kept.pool == row.pool.index() && kept.card == row.card.0;
        let peers = self.others.iter().filter(is_peer).map(|kept| kept.net_per_gpu_day);
        let mut peers: Vec<f64> = peers.collect();
        peers.sort_by(f64::total_cmp);
        let below = |limit: f64| peers.partition_point(|net| *net < limit) as f64;
        let quantile = |q: f64| quantile_of_sorted(&peers, q);
        let each = |usd: f64| Some(per_gpu_day(row, usd));
        let net = row.net_nano_usd.as_f64();
        FleetEarnings {
            gpus: u64::from(row.gpus.0),
            gpu_days: row.installed_gpu_s as f64 / DAY,
            utilization_of_available: share(row.paid_gpu_s as f64, row.available_gpu_s as f64),
            availability: share(row.available_gpu_s as f64, row.installed_gpu_s as f64),
            lease_income_usd_per_gpu_day: each(row.lease_income_nano_usd.as_f64()),
            reward_usd_per_gpu_day: each(row.reward_nano_usd.as_f64()),
            electricity_usd_per_gpu_day: each(row.electricity_nano_usd.as_f64()),
            wear_usd_per_gpu_day: each(row.wear_nano_usd.as_f64()),
            slash_and_gas_usd_per_gpu_day: each(
                row.slash_nano_usd.as_f64() + row.gas_nano_usd.as_f64(),
            ),
            net_usd_per_gpu_day: each(net),
            net_usd: net,
            lost_money: Some(f64::from(u8::from(net < 0.0))),
            peers: peers.len() as u64,
            peers_losing_share: share(below(0.0), peers.len() as f64),
            peers_net_p25: quantile(0.25),
            peers_net_p50: quantile(0.5),
            peers_net_p75: quantile(0.75),
            ahead_of_peers_share: share(below(per_gpu_day(row, net)), peers.len() as f64),
        }
    }
}

/// Seconds of a day.
const DAY: f64 = 86_400.0;

fn per_gpu_day(row: &ProviderRow, usd: f64) -> f64 {
    usd / (row.installed_gpu_s as f64 / DAY)
}
