//! What running machines costs, and what is left of a price.

use crate::behaviour::outside::scaled;
use crate::state::{GpuTime, Provider};
use crate::world::World;
use scenario::Moved;
use units::{BasisPoints, GpuHourPrice, KwhPrice, Ppm, Usd};

/// What a GPU-hour costs a provider now, in nano-dollars, and the shares of a price that it does
/// not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourCosts {
    /// Electricity under load.
    pub busy: u64,
    /// Electricity while idle.
    pub idle: u64,
    /// Wear under load.
    pub wear: u64,
    /// Capital that is bound in the card.
    pub capital: u64,
    /// The shares of foundation and gateway.
    pub shares: BasisPoints,
    /// The fee of being paid out, on what is left then.
    pub payout: BasisPoints,
}

impl HourCosts {
    /// The least ask that leaves the electricity under load.
    pub fn electricity(&self) -> GpuHourPrice {
        self.asked_rounded_up(u128::from(self.busy))
    }

    /// The least ask that leaves electricity and wear under load.
    pub fn running(&self) -> GpuHourPrice {
        self.asked_rounded_up(u128::from(self.busy) + u128::from(self.wear))
    }

    /// The least ask that leaves `wanted` nano-dollars after all shares and fees.
    pub fn asked_rounded_up(&self, wanted: u128) -> GpuHourPrice {
        let whole = u128::from(BasisPoints::WHOLE.0);
        let asked = match self.kept() {
            0 => u128::MAX,
            kept => (wanted * whole * whole).div_ceil(kept),
        };
        GpuHourPrice::from_nanos(u64::try_from(asked).unwrap_or(u64::MAX).min(ASK_MAX))
    }

    /// What a provider gets of a price.
    pub fn kept_rounded_down(&self, asked: GpuHourPrice) -> GpuHourPrice {
        let whole = u128::from(BasisPoints::WHOLE.0);
        let kept = u128::from(asked.nanos()) * self.kept() / (whole * whole);
        GpuHourPrice::from_nanos(u64::try_from(kept).expect("a part of a price is a price"))
    }

    /// What is left of a price, in parts of 10^8.
    fn kept(&self) -> u128 {
        let rest = |taken: BasisPoints| u128::from(BasisPoints::WHOLE.0.saturating_sub(taken.0));
        rest(self.shares) * rest(self.payout)
    }
}

/// The highest ask that comes of a cost, a million dollars: where all of a price is taken away no
/// ask would do.
const ASK_MAX: u64 = 1_000_000_000_000_000;

impl World {
    /// What a GPU-hour costs a provider now.
    pub fn hour_costs(&self, provider: &Provider) -> HourCosts {
        let hour = HOUR_MICROS;
        let busy = GpuTime {
            installed: hour,
            available: hour,
            reserved: hour,
            paid: hour,
            ..GpuTime::default()
        };
        let idle = GpuTime { reserved: 0, paid: 0, ..busy };
        let card = &self.scenario.cards[usize::from(provider.card.0)];
        let costs = &self.scenario.costs;
        let nanos = |usd: Usd| u64::try_from(usd.base()).expect("costs of an hour are counted");
        let fees = &self.params.fees;
        let shares = match self.pool(provider.pool).rules {
            scenario::PoolRules::Fizz => fees.fizz_foundation.0 + fees.fizz_gateway.0,
            scenario::PoolRules::Provider => fees.provider_foundation.0,
        };
        HourCosts {
            busy: nanos(self.electricity_rounded_up(provider, &busy)),
            idle: nanos(self.electricity_rounded_up(provider, &idle)),
            wear: nanos(compute_wear_rounded_up(hour, card.price, costs.wear_per_year)),
            capital: nanos(compute_wear_rounded_up(hour, card.price, costs.capital_per_year)),
            shares: BasisPoints(shares),
            payout: self.params.payout(),
        }
    }

    /// What a provider pays for electricity over some time, at the tariff of the hour.
    pub fn electricity_rounded_up(&self, provider: &Provider, time: &GpuTime) -> Usd {
        let card = &self.scenario.cards[usize::from(provider.card.0)];
        let costs = &self.scenario.costs;
        let pue = if self.pool(provider.pool).is_home { 100 } else { costs.pue_hundredths };
        let tariff = self.tariff_now(provider.tariff);
        compute_electricity_rounded_up(time, card.power, costs, pue, tariff)
    }

    /// What a kilowatt-hour costs now where it costs `tariff` at the start.
    fn tariff_now(&self, tariff: KwhPrice) -> KwhPrice {
        KwhPrice::from_nanos(scaled(tariff.nanos(), self.factor(Moved::Electricity)))
    }
}

/// Microseconds of an hour.
const HOUR_MICROS: u128 = 3_600_000_000;

/// Electricity for an era: idle power and host while a machine is up, the card's full power while
/// it is paid for; in a data centre times the PUE. A started nano-dollar is paid in full.
fn compute_electricity_rounded_up(
    time: &GpuTime,
    power: units::Watts,
    costs: &scenario::Costs,
    pue_hundredths: u32,
    tariff: KwhPrice,
) -> Usd {
    // Watts in millionths, times GPU-microseconds, times hundredths of the PUE, times nano-dollars.
    let idle = u128::from(costs.host_power.0) * 1_000_000
        + u128::from(power.0) * u128::from(costs.idle_power.0);
    let busy = u128::from(power.0) * u128::from(1_000_000 - costs.idle_power.0);
    let paid = time.paid.min(time.available);
    let energy = idle * time.available + busy * paid;
    let product = energy
        .checked_mul(u128::from(pue_hundredths))
        .and_then(|energy| energy.checked_mul(u128::from(tariff.nanos())))
        .expect("an era of one provider costs less than 2^127 of these");
    let kwh = 1000 * HOUR_MICROS * 1_000_000 * 100;
    Usd::from_base(product.div_ceil(kwh) as i128)
}

/// A yearly share of a card's price for some GPU-time: wear for the time it was paid for. A started
/// nano-dollar is counted in full.
pub fn compute_wear_rounded_up(paid_gpu_us: u128, price: Usd, per_year: Ppm) -> Usd {
    let year = 365 * 24 * HOUR_MICROS * 1_000_000;
    let product = (price.nanos() as u128 * u128::from(per_year.0))
        .checked_mul(paid_gpu_us)
        .expect("an era of one provider wears less than 2^128 of these");
    Usd::from_base(product.div_ceil(year) as i128)
}

/// What keeping GPUs costs for some GPU-time that they are registered. A started nano-dollar is
/// counted in full.
pub fn compute_upkeep_rounded_up(installed_gpu_us: u128, per_hour: GpuHourPrice) -> Usd {
    let product = u128::from(per_hour.nanos())
        .checked_mul(installed_gpu_us)
        .expect("an era of one provider costs less than 2^128 of these");
    Usd::from_base(product.div_ceil(HOUR_MICROS) as i128)
}

#[cfg(test)]
mod tests {
    use super::*;
    use units::Watts;

    /// protocol.md 6.5 derives 0.070 USD an hour for an RTX 4090 at 0.155 USD/kWh.
    #[test]
    fn a_card_under_load_costs_what_the_note_derives() {
        let hour = HOUR_MICROS;
        let time = GpuTime {
            installed: hour,
            available: hour,
            reserved: hour,
            paid: hour,
            ..GpuTime::default()
        };
        let costs = scenario::Costs {
            host_power: Watts(0),
            idle_power: Ppm(150_000),
            pue_hundredths: 130,
            wear_per_year: Ppm(200_000),
            capital_per_year: Ppm(100_000),
        };
        let tariff = KwhPrice::from_nanos(155_000_000);
        let at_home = compute_electricity_rounded_up(&time, Watts(450), &costs, 100, tariff);
        assert_eq!(at_home, Usd::from_nanos(69_750_000));
        let idle = GpuTime { paid: 0, ..time };
        let idle = compute_electricity_rounded_up(&idle, Watts(450), &costs, 100, tariff);
        assert_eq!(idle, Usd::from_nanos(10_462_500), "15 % of it");
    }

    #[test]
    fn upkeep_is_paid_for_every_registered_hour() {
        let price = GpuHourPrice::from_nanos(250_000_000);
        let day = compute_upkeep_rounded_up(4 * 24 * HOUR_MICROS, price);
        assert_eq!(day, Usd::from_nanos(24_000_000_000));
        assert_eq!(compute_upkeep_rounded_up(1, price), Usd::from_nanos(1));
        assert_eq!(compute_upkeep_rounded_up(HOUR_MICROS, GpuHourPrice::default()), Usd::ZERO);
    }

    #[test]
    fn a_year_of_leases_wears_the_yearly_share() {
        let year = 365 * 24 * HOUR_MICROS;
        let price = Usd::from_nanos(1_599_000_000_000);
        let wear = compute_wear_rounded_up(year, price, Ppm(200_000));
        assert_eq!(wear, Usd::from_nanos(319_800_000_000));
        assert_eq!(compute_wear_rounded_up(1, price, Ppm(200_000)), Usd::from_nanos(1));
    }
}
