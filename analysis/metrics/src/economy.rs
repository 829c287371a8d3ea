//! The token and its supply over the reported eras.

use record::EconomyRow;
use serde::Serialize;
use units::{Base, Spon};

/// What became of the token: sums over the complete reported eras, and where things stand at their
/// end; whole tokens and dollars.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Economy {
    /// The token's price before the first reported era, or at its end where there is none before.
    pub price_usd_at_start: Option<f64>,
    /// The token's price at the end.
    pub price_usd: Option<f64>,
    /// Tokens in the books at the end.
    pub supply_spon: Option<f64>,
    /// What circulated before the first reported era, or at its end where there is none before.
    pub circulating_spon_at_start: Option<f64>,
    /// What circulates at the end.
    pub circulating_spon: Option<f64>,
    /// The same as a share of the supply.
    pub circulating_share: Option<f64>,
    /// Staked at the end.
    pub staked_spon: Option<f64>,
    /// Held by the foundation at the end.
    pub treasury_spon: Option<f64>,
    /// Dollars of the foundation at the end.
    pub treasury_usd: Option<f64>,
    /// In the reward pool at the end.
    pub pool_spon: Option<f64>,
    /// In the vault at the end.
    pub vault_spon: Option<f64>,
    /// Credits outstanding at the end, dollars.
    pub credits_usd: Option<f64>,
    /// Issued.
    pub minted_spon: f64,
    /// Destroyed.
    pub burned_spon: f64,
    /// Emitted for rewards.
    pub emitted_spon: f64,
    /// Paid out of that.
    pub distributed_spon: f64,
    /// What nobody got.
    pub undistributed_spon: f64,
    /// Released by vesting.
    pub vested_spon: f64,
    /// Paid out of emission, at each era's price, in dollars.
    pub distributed_usd: f64,
    /// Paid by tenants for GPUs, in dollars.
    pub revenue_usd: f64,
    /// Rewards in dollars for each dollar that tenants paid.
    pub subsidy_per_revenue: Option<f64>,
}

/// Adds up the rows as they come, exactly.
#[derive(Default)]
pub(crate) struct EconomyTally {
    /// The last era before the reported ones, or the first of these.
    start: Option<EconomyRow>,
    end: Option<EconomyRow>,
    minted: Base,
    burned: Base,
    emitted: Base,
    distributed: Base,
    vested: Base,
    /// In nano-dollars.
    distributed_usd: Base,
    revenue: Base,
}

impl EconomyTally {
    pub(crate) fn add(&mut self, row: &EconomyRow) {
        if !row.is_reported {
            self.start = Some(*row);
            return;
        }
        if !row.is_complete {
            return;
        }
        self.start.get_or_insert(*row);
        self.end = Some(*row);
        self.minted += row.minted_spon.base();
        self.burned += row.burned_spon.base();
        self.emitted += row.emitted_spon.base();
        self.distributed += row.distributed_spon.base();
        self.vested += row.vested_spon.base();
        let price = units::TokenPrice::from_nanos(row.price_nano_usd_per_spon);
        self.distributed_usd += row.distributed_spon.value_rounded_down(price).base();
        self.revenue += row.revenue_nano_usd.base();
    }

    pub(crate) fn finish(&self) -> Economy {
        let (start, end) = (self.start.as_ref(), self.end.as_ref());
        let price = |row: &EconomyRow| row.price_nano_usd_per_spon as f64 / 1e9;
        let at_end = |get: fn(&EconomyRow) -> Spon| end.map(|row| whole(get(row).base()));
        let dollars = |get: fn(&EconomyRow) -> Base| end.map(|row| get(row) as f64 / 1e9);
        let (supply, circulating) =
            (at_end(|row| row.supply_spon), at_end(|row| row.circulating_spon));
        let share = |part: f64, all: f64| (all > 0.0).then(|| part / all);
        Economy {
            price_usd_at_start: end.and(start).map(price),
            price_usd: end.map(price),
            supply_spon: supply,
            circulating_spon_at_start: end.and(start).map(|row| whole(row.circulating_spon.base())),
            circulating_spon: circulating,
            circulating_share: circulating.zip(supply).and_then(|(part, all)| share(part, all)),
            staked_spon: at_end(|row| row.staked_spon),
            treasury_spon: at_end(|row| row.treasury_spon),
            treasury_usd: dollars(|row| row.treasury_nano_usd.base()),
            pool_spon: at_end(|row| row.pool_spon),
            vault_spon: at_end(|row| row.vault_spon),
            credits_usd: dollars(|row| row.credits_nano_usd.base()),
            minted_spon: whole(self.minted),
            burned_spon: whole(self.burned),
            emitted_spon: whole(self.emitted),
            distributed_spon: whole(self.distributed),
            undistributed_spon: whole(self.emitted - self.distributed),
            vested_spon: whole(self.vested),
            distributed_usd: self.distributed_usd as f64 / 1e9,
            revenue_usd: self.revenue as f64 / 1e9,
            subsidy_per_revenue: share(self.distributed_usd as f64, self.revenue as f64),
        }
    }
}

/// Units of 10^-18 as whole tokens.
fn whole(amount: Base) -> f64 {
    amount as f64 / 1e18
}
