//! What calls cost, and what fits into blocks.

use crate::reader::Table;
use crate::validated::{CallKind, ChainGas, Finality, GasRules};
use mechanism::gas::{BatchGas, BatchSize, Constraint, Eip1559, FeeRule, Gas, Nitro, Wei};
use units::text::{TextError, parse_basis_points, parse_span, parse_usd, parse_wei};
use units::{Span, Usd};

/// Most gas of a block, and most that others use a second: a thousand times what chains do.
const GAS_MAX: u32 = 4_000_000_000;
/// Most gas of a call, and most bytes of one.
const CALL_GAS_MAX: u32 = 30_000_000;
const BYTES_MAX: u32 = 100_000;
/// Most that a coin costs.
const COIN_MAX: Usd = Usd::from_nanos(1_000_000_000_000_000);
/// Most that a unit of gas costs at the start: a thousand gwei.
const FEE_MAX: Wei = Wei(1_000_000_000_000);

/// The rules by which a fee moves.
#[derive(Clone, Copy)]
enum Rule {
    Zero,
    Flat,
    Eip1559,
    Nitro,
}

/// What calls cost. All numbers are read and checked, charged or not.
pub fn gas(root: &Table) -> GasRules {
    root.table("gas", |table| {
        let coin = table.quantity("coin", parse_usd);
        table.require(coin <= COIN_MAX, "coin", || {
            format!("is above {} USD; write what a coin costs", COIN_MAX.as_f64())
        });
        GasRules {
            is_charged: table.flag("is_charged"),
            coin,
            data_fee: fee(table, "data_fee"),
            bytes_per_call: u64::from(table.whole("bytes_per_call", 0..=BYTES_MAX)),
            calls: table.table("call", |calls| {
                CallKind::ALL.map(|kind| of_call(calls, kind.name(), CALL_GAS_MAX))
            }),
            settlement: table.table("settlement", batch),
            settle_every: table.quantity("settle_every", parse_span),
            share_max: table.quantity_or_none("share_max", parse_basis_points),
        }
    })
}

/// Gas and bytes of a batch.
fn batch(table: &Table) -> BatchSize {
    let gas = |key: &str| of_call(table, key, CALL_GAS_MAX);
    let bytes = |key: &str| u64::from(table.whole(key, 0..=BYTES_MAX));
    BatchSize {
        gas: BatchGas { base: gas("base"), each: gas("each") },
        bytes_base: bytes("base_bytes"),
        bytes_each: bytes("each_bytes"),
    }
}

fn of_call(table: &Table, key: &str, most: u32) -> Gas {
    Gas(u64::from(table.whole(key, 0..=most)))
}

fn fee(table: &Table, key: &str) -> Wei {
    fn parse(text: &str) -> Result<Wei, TextError> {
        parse_wei(text).map(Wei)
    }
    let fee = table.quantity(key, parse);
    table.require(fee <= FEE_MAX, key, || "is above 1000 gwei; lower it".to_string());
    fee
}

/// The gas of a chain profile whose blocks are `block` apart.
pub fn chain_gas(profile: &Table, block: Span) -> ChainGas {
    profile.table("gas", |table| {
        let words = [
            ("zero", Rule::Zero),
            ("flat", Rule::Flat),
            ("eip_1559", Rule::Eip1559),
            ("nitro", Rule::Nitro),
        ];
        let rule = table.word("rule", &words);
        let is_still = matches!(rule, Rule::Zero | Rule::Flat);
        table.require(is_still || !block.is_zero(), "rule", || {
            "moves from block to block, and there are none; write zero or flat".to_string()
        });
        let block_limit = Gas(u64::from(table.whole("block_limit", 1..=GAS_MAX)));
        ChainGas {
            rule: rule_of(table, rule, block_limit),
            block_limit,
            others_per_s: Gas(u64::from(table.whole("others_per_s", 0..=GAS_MAX))),
        }
    })
}

/// The rule in force. The numbers of others may be there, and are checked then.
fn rule_of(table: &Table, rule: Rule, block_limit: Gas) -> FeeRule {
    let is_free = matches!(rule, Rule::Zero);
    let fee_min = if is_free && !table.has("fee_min") { Wei(1) } else { fee(table, "fee_min") };
    table.require(fee_min > Wei(0), "fee_min", || {
        "is zero; write a fee above zero, or rule = \"zero\"".to_string()
    });
    let mut found = if is_free { FeeRule::Zero } else { FeeRule::Flat(fee_min) };
    if matches!(rule, Rule::Eip1559) || table.has("eip_1559") {
        let read = |numbers: &Table| eip_1559(numbers, fee_min, block_limit);
        let read = table.table("eip_1559", read);
        found = if matches!(rule, Rule::Eip1559) { FeeRule::Eip1559(read) } else { found };
    }
    if matches!(rule, Rule::Nitro) || table.has("nitro") {
        let constraints = vec![table.table("nitro", constraint)];
        let read = Nitro { fee_min, constraints };
        found = if matches!(rule, Rule::Nitro) { FeeRule::Nitro(read) } else { found };
    }
    found
}

fn eip_1559(table: &Table, fee_min: Wei, block_limit: Gas) -> Eip1559 {
    Eip1559 {
        fee: fee_min,
        fee_min,
        block_limit,
        // A target of no gas cannot be met; a limit below the elasticity is no limit that is meant.
        elasticity: u64::from(table.whole("elasticity", 1..=1_000)).clamp(1, block_limit.0.max(1)),
        divisor: u64::from(table.whole("divisor", 1..=1_000_000)).max(1),
    }
}

fn constraint(table: &Table) -> Constraint {
    let seconds = |key: &str| table.quantity(key, parse_span).nanos() / Span::SECOND.nanos();
    let inertia_s = seconds("inertia");
    table.require(inertia_s > 0, "inertia", || {
        "is less than a second; write at least \"1 s\"".to_string()
    });
    Constraint {
        speed: u64::from(table.whole("speed", 1..=GAS_MAX)).max(1),
        tolerance_s: seconds("tolerance"),
        inertia_s: inertia_s.max(1),
        backlog: Gas(0),
    }
}

/// When what is in a block is final.
pub fn finality(profile: &Table) -> Finality {
    profile.table("finality", |table| Finality {
        is_awaited: false,
        publish_every: table.quantity("publish_every", parse_span),
        hard: table.quantity("hard", parse_span),
    })
}
