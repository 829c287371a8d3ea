//! The token and its supply as a row.

use crate::world::{Step, World};
use protocol::{Account, EraReceipt, Party, measure_supply};
use record::{EconomyRow, Row};
use units::{Asset, Base, Spon, Usd};

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
    };
    step.observer.on_row(Row::Economy(&row));
    world.issued_before = issued;
}

fn spon(amount: u128) -> Spon {
    Spon::from_base(Base::try_from(amount).expect("no asset has 2^127 units"))
}
