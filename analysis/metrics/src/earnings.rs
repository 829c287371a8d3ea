//! What a registered GPU earns in a day, idle days included.

use crate::capacity::GPU_HOUR;
use estimate::{Sketch, share};
use record::EraRow;
use serde::Serialize;
use units::Usd;

/// Earnings of a group in USD per GPU-day, over all its registered GPU-days, idle ones too.
///
/// One provider in one complete reported era is as many samples as it has GPUs, each of its books
/// divided by its registered GPU-time. Eras cut short are left out: they were never rewarded.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Earnings {
    /// Registered GPU-days.
    pub gpu_days: f64,
    /// Net earnings that a tenth of the GPU-days stay below.
    pub p10: Option<f64>,
    /// Net earnings that half of the GPU-days stay below.
    pub p50: Option<f64>,
    /// Net earnings that nine tenths of the GPU-days stay below.
    pub p90: Option<f64>,
    /// Mean net earnings: the sum of the means below, what tenants paid left out.
    pub mean: Option<f64>,
    /// Mean of what tenants paid for the GPUs, before anybody's share and fee.
    pub charged: Option<f64>,
    /// Mean lease income after the shares of foundation and gateway and the payout fee.
    pub lease_income: Option<f64>,
    /// Mean reward at the token's price of each era.
    pub reward: Option<f64>,
    /// Mean of stake lost; negative.
    pub slash: Option<f64>,
    /// Mean cost of electricity; negative.
    pub electricity: Option<f64>,
    /// Mean wear; negative.
    pub wear: Option<f64>,
    /// Mean cost of gas; negative.
    pub gas: Option<f64>,
    /// Mean upkeep; negative.
    pub upkeep: Option<f64>,
    /// Mean net earnings before wear: what is left in money.
    pub cash: Option<f64>,
    /// Mean loss of the cards' value with age and to newer ones; negative.
    pub depreciation: Option<f64>,
    /// Mean interest on what the cards are worth; negative.
    pub interest: Option<f64>,
    /// Mean net earnings after capital: cash, depreciation and interest together.
    pub with_capital: Option<f64>,
    /// Share of the GPU-days that end below zero after capital.
    pub losing_with_capital: Option<f64>,
    /// `reward / (lease_income + reward)`: how much of the income nobody rented for.
    pub reward_share: Option<f64>,
}

/// Sums and a sketch of one group. Money in nano-dollars.
#[derive(Clone, Default)]
pub(crate) struct EarningsTally {
    net: Sketch,
    gpu_us: u128,
    /// GPU-days below zero after capital, of all.
    below: [u64; 2],
    /// Net, charged, lease income, reward, slash, electricity, wear, gas, upkeep, capital,
    /// interest.
    sums: [i128; 11],
}

impl EarningsTally {
    pub(crate) fn add(&mut self, row: &EraRow) {
        if !row.is_reported || !row.is_complete || row.installed_gpu_us == 0 {
            return;
        }
        let gpu_days = row.installed_gpu_us as f64 / (24.0 * GPU_HOUR);
        self.net.add_weighted(row.net_nano_usd.as_f64() / gpu_days, u64::from(row.gpus.0));
        self.gpu_us += u128::from(row.installed_gpu_us);
        let is_below = row.net_with_capital_nano_usd < Usd::ZERO;
        self.below[0] += u64::from(row.gpus.0) * u64::from(is_below);
        self.below[1] += u64::from(row.gpus.0);
        let books = [
            row.net_nano_usd,
            row.charged_nano_usd,
            row.lease_income_nano_usd,
            row.reward_nano_usd,
            -row.slash_nano_usd,
            -row.electricity_nano_usd,
            -row.wear_nano_usd,
            -row.gas_nano_usd,
            -row.upkeep_nano_usd,
            -row.capital_nano_usd,
            -row.interest_nano_usd,
        ];
        self.sums.iter_mut().zip(books).for_each(|(sum, usd): (_, Usd)| *sum += usd.base());
    }

    pub(crate) fn finish(&self) -> Earnings {
        let gpu_days = self.gpu_us as f64 / (24.0 * GPU_HOUR);
        let [
            mean,
            charged,
            lease_income,
            reward,
            slash,
            electricity,
            wear,
            gas,
            upkeep,
            capital,
            interest,
        ] = self.sums.map(|sum| share(sum as f64 / 1e9, gpu_days));
        let less = |one: Option<f64>, other: Option<f64>| Some(one? - other?);
        let cash = less(mean, wear);
        let reward_share = share(self.sums[3] as f64, (self.sums[2] + self.sums[3]) as f64);
        Earnings {
            reward_share,
            gpu_days,
            p10: self.net.quantile(0.1),
            p50: self.net.quantile(0.5),
            p90: self.net.quantile(0.9),
            mean,
            charged,
            lease_income,
            reward,
            slash,
            electricity,
            wear,
            gas,
            upkeep,
            cash,
            depreciation: less(capital, interest),
            interest,
            with_capital: cash.zip(capital).map(|(cash, capital)| cash + capital),
            losing_with_capital: share(self.below[0] as f64, self.below[1] as f64),
        }
    }
}
