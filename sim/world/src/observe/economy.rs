//! The token and its supply as a row.

use super::solvency::{
    Results, Security, capital_cost_rounded_down, note_runway, traded, usd, worth,
};
use crate::world::{Step, World};
use protocol::{Account, EraReceipt, Party, Reason, measure_supply};
use record::{EconomyRow, Row};
use units::{Asset, Base, Span, Spon, Usd};

/// Writes the row of the era that closes; `revenue` is what tenants paid in it.
pub fn economy(
    world: &mut World,
    step: &mut Step<'_>,
    is_reported: bool,
    receipt: Option<&EraReceipt>,
    revenue: Usd,
) {
    let chain = &world.chain;
    let held = |asset, account| chain.ledger.balance(asset, account);
    let tokens = |account| Spon::from_base(held(Asset::Spon, account));
    let dollars = |account| Usd::from_base(held(Asset::Usd, account));
    let supply = measure_supply(chain);
    let issued = [chain.ledger.minted(Asset::Spon), chain.ledger.burned(Asset::Spon)];
    let [minted, burned] = [0, 1].map(|place| issued[place] - world.issued_before[place]);
    let of = |get: fn(&EraReceipt) -> Spon| receipt.map_or(Spon::ZERO, get);
    let (emitted, distributed) = (of(|one| one.emitted), of(|one| one.distributed));
    let credits: Base =
        Party::HOLDING.map(|of| chain.ledger.sum_of(Asset::Credit, of)).iter().sum();
    let trades = |asset, why| traded(chain.ledger.flows(), asset, why);
    let (security, results) =
        (Security::measure(world), Results::of(chain.ledger.flows(), chain.price));
    let span = step.now.since(world.era_started_at);
    let row = EconomyRow {
        era: world.era_index(receipt.is_some()),
        is_reported,
        is_complete: receipt.is_some(),
        price_nano_usd_per_spon: chain.price.nanos(),
        supply_spon: spon(supply.total),
        circulating_spon: spon(supply.circulating()),
        minted_spon: Spon::from_base(minted),
        burned_spon: Spon::from_base(burned),
        emitted_spon: emitted,
        distributed_spon: distributed,
        undistributed_spon: emitted - distributed,
        vested_spon: of(EraReceipt::vested),
        vesting_spon: tokens(Account::Vesting),
        pool_spon: tokens(Account::Rewards),
        staked_spon: spon(supply.staked),
        treasury_spon: tokens(Account::Treasury),
        treasury_nano_usd: dollars(Account::Treasury),
        vault_spon: tokens(Account::Vault),
        vault_nano_usd: dollars(Account::Vault),
        credits_nano_usd: Usd::from_base(credits),
        revenue_nano_usd: revenue,
        stake_at_risk_nano_usd: usd(security.stake),
        value_at_risk_nano_usd: usd(security.value),
        corruption_cost_nano_usd: usd(security.cost),
        corruption_profit_nano_usd: usd(security.profit),
        undeterred: security.undeterred,
        capital_cost_nano_usd: capital_cost(world, spon(supply.staked), span),
        sold_spon: Spon::from_base(trades(Asset::Spon, Reason::TokensSold)),
        bought_spon: Spon::from_base(trades(Asset::Spon, Reason::TokensBought)),
        sold_nano_usd: usd(trades(Asset::Usd, Reason::TokensSold)),
        bought_nano_usd: usd(trades(Asset::Usd, Reason::TokensBought)),
        treasury_net_nano_usd: usd(results.treasury_net),
        treasury_runway_eras: None,
        income_nano_usd: usd(results.income),
        slashed_nano_usd: usd(results.slashed),
        rewards_nano_usd: usd(results.rewards),
        gas_nano_usd: usd(results.gas),
        buy_back_nano_usd: usd(results.buy_back),
        profit_nano_usd: usd(results.profit()),
    };
    let treasury_runway_eras = runway(world, results.treasury_net);
    step.observer.on_row(Row::Economy(&EconomyRow { treasury_runway_eras, ..row }));
    world.issued_before = issued;
}

/// What `staked` could have earned elsewhere in `span`.
fn capital_cost(world: &World, staked: Spon, span: Span) -> Usd {
    let worth = worth(Asset::Spon, staked.base(), world.chain.price);
    usd(capital_cost_rounded_down(worth, world.scenario.costs.capital_per_year, span))
}

/// How long the foundation's tokens and dollars last after an era that brought `net`.
fn runway(world: &mut World, net: Base) -> Option<u32> {
    let held = |asset| {
        let amount = world.chain.ledger.balance(asset, Account::Treasury);
        worth(asset, amount, world.chain.price)
    };
    let held = held(Asset::Spon) + held(Asset::Usd);
    note_runway(&mut world.treasury_nets, net, held)
}

fn spon(amount: u128) -> Spon {
    Spon::from_base(Base::try_from(amount).expect("no asset has 2^127 units"))
}
