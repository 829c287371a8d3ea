//! What calls cost as rows.

use crate::state::{COIN, PARTIES, party_of};
use crate::world::{Step, World};
use mechanism::wide::mul_div_rounded_down;
use record::{FlowParty, GasRow, Row};
use units::{Base, Usd};

/// The parties in the order of their sums.
const ROWS: [FlowParty; PARTIES] = [
    FlowParty::Tenants,
    FlowParty::Providers,
    FlowParty::Delegators,
    FlowParty::Treasury,
    FlowParty::Challengers,
];

/// Writes what each party's calls cost in the era that closes; nothing where gas is not charged.
pub fn gas(world: &mut World, step: &mut Step<'_>, is_reported: bool, is_complete: bool) {
    let (era, coin) = (world.era_index(is_complete), world.scenario.gas.coin);
    let Some(gas) = &world.gas else { return };
    let mut owed = [Usd::ZERO; PARTIES];
    gas.owed.iter().for_each(|(payer, due)| owed[party_of(*payer)] += *due);
    for (place, of) in gas.billed.iter().enumerate() {
        let data = mul_div_rounded_down(of.data.0, coin.nanos().unsigned_abs().into(), COIN);
        let row = GasRow {
            era,
            is_reported,
            is_complete,
            party: ROWS[place],
            calls: of.calls,
            gas: of.gas,
            fee_max_wei: u64::try_from(of.fee_max.0).unwrap_or(u64::MAX),
            queue_max_ns: of.queue_max,
            fees_nano_usd: of.fees,
            data_nano_usd: Usd::from_base(Base::try_from(data).expect("a part of the fees")),
            paid_nano_usd: of.paid,
            paid_spon: of.paid_tokens,
            settled_nano_usd: of.settled,
            owed_nano_usd: owed[place],
            batched: of.batched,
            batch_wait_ns: of.waited,
        };
        step.observer.on_row(Row::Gas(&row));
    }
}
