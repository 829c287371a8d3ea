//! Whether stake secures what is at risk, and whether the network pays its way.

use record::EconomyRow;
use serde::Serialize;
use units::{Base, Usd};

/// Stake against what it secures, and the network's own profit and loss: sums over the complete
/// reported eras, and where things stand at their end; whole tokens and dollars.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Solvency {
    /// Stake at risk at the end, dollars.
    pub stake_at_risk_usd: Option<f64>,
    /// Value at risk at the end, dollars.
    pub value_at_risk_usd: Option<f64>,
    /// Stake at risk over value at risk at the end (economics.md 1.16); none where nothing is at
    /// risk.
    pub security_ratio: Option<f64>,
    /// The least that it was in any era.
    pub security_ratio_min: Option<f64>,
    /// Expected cost of cheating over what it would bring, of all who served leases at the end of
    /// an era, the least of all eras (economics.md 1.10).
    pub deterrence_min: Option<f64>,
    /// Most providers in any era for whom cheating would have paid.
    pub undeterred_max: Option<u32>,
    /// Eras at whose end it would have paid for somebody.
    pub eras_undeterred: u32,
    /// What stake could have earned elsewhere, dollars.
    pub capital_cost_usd: f64,
    /// Tokens sold less tokens bought.
    pub net_sold_spon: f64,
    /// Dollars that sellers received less dollars that buyers paid.
    pub net_sold_usd: f64,
    /// What came to the foundation less what went, dollars.
    pub treasury_net_usd: f64,
    /// Eras that the foundation's means last at the end; none where more came than went.
    pub treasury_runway_eras: Option<u32>,
    /// What tenants' payments brought the network, dollars.
    pub income_usd: f64,
    /// What slashes brought it, dollars.
    pub slashed_usd: f64,
    /// What it paid for rewards and for leases, dollars.
    pub rewards_usd: f64,
    /// What it paid for gas, dollars.
    pub gas_usd: f64,
    /// What it spent on tokens that were bought back, dollars.
    pub buy_back_usd: f64,
    /// Income and slashes, less rewards, gas and tokens bought back, dollars.
    pub profit_usd: f64,
}

/// Keeps the rows of complete reported eras.
#[derive(Default)]
pub(crate) struct SolvencyTally {
    rows: Vec<EconomyRow>,
}

impl SolvencyTally {
    pub(crate) fn add(&mut self, row: &EconomyRow) {
        if row.is_reported && row.is_complete {
            self.rows.push(*row);
        }
    }

    pub(crate) fn finish(&self) -> Solvency {
        let end = self.rows.last();
        let sum = |get: fn(&EconomyRow) -> Usd| {
            self.rows.iter().map(get).map(Usd::base).sum::<Base>() as f64 / 1e9
        };
        let sold = |row: &EconomyRow| row.sold_spon.base() - row.bought_spon.base();
        let least = |ratio: fn(&EconomyRow) -> Option<f64>| {
            self.rows.iter().filter_map(ratio).min_by(f64::total_cmp)
        };
        let undeterred = self.rows.iter().filter(|row| row.undeterred > 0).count();
        Solvency {
            stake_at_risk_usd: end.map(|row| row.stake_at_risk_nano_usd.as_f64()),
            value_at_risk_usd: end.map(|row| row.value_at_risk_nano_usd.as_f64()),
            security_ratio: end.and_then(security_ratio),
            security_ratio_min: least(security_ratio),
            deterrence_min: least(deterrence),
            undeterred_max: self.rows.iter().map(|row| row.undeterred).max(),
            eras_undeterred: undeterred as u32,
            capital_cost_usd: sum(|row| row.capital_cost_nano_usd),
            net_sold_spon: self.rows.iter().map(sold).sum::<Base>() as f64 / 1e18,
            net_sold_usd: sum(|row| row.sold_nano_usd - row.bought_nano_usd),
            treasury_net_usd: sum(|row| row.treasury_net_nano_usd),
            treasury_runway_eras: end.and_then(|row| row.treasury_runway_eras),
            income_usd: sum(|row| row.income_nano_usd),
            slashed_usd: sum(|row| row.slashed_nano_usd),
            rewards_usd: sum(|row| row.rewards_nano_usd),
            gas_usd: sum(|row| row.gas_nano_usd),
            buy_back_usd: sum(|row| row.buy_back_nano_usd),
            profit_usd: sum(|row| row.profit_nano_usd),
        }
    }
}

fn security_ratio(row: &EconomyRow) -> Option<f64> {
    ratio(row.stake_at_risk_nano_usd, row.value_at_risk_nano_usd)
}

fn deterrence(row: &EconomyRow) -> Option<f64> {
    ratio(row.corruption_cost_nano_usd, row.corruption_profit_nano_usd)
}

fn ratio(part: Usd, whole: Usd) -> Option<f64> {
    (whole > Usd::ZERO).then(|| part.as_f64() / whole.as_f64())
}
