//! What is staked, what a fault costs, and where slashed stake goes.

use super::{number_range, share};
use crate::reader::Table;
use crate::validated::{Slashing, Stake};
use protocol::{Destinations, Fault, FaultRule};
use units::text::{parse_span, parse_spon, parse_usd};
use units::{BasisPoints, Span};

/// Longest wait of stake on its way out, and longest age of evidence: Aethir's lock is 180 days.
const WAIT_MAX: Span = Span::from_hours(366 * 24);
/// Most that a fault costs, in multiples of the reward of the time that was lost.
const MULTIPLE_MAX: f64 = 1_000.0;
/// Most tokens that a fault costs whatever the stake.
const BASE_MAX: f64 = 1e11;

/// Stake.
pub fn stake(root: &Table) -> Stake {
    root.table("stake", |table| {
        let (initial_min, initial_max) = table.table("initial", |t| number_range(t, 1e6));
        let minimum_per_gpu = table.quantity("minimum_per_gpu", parse_usd);
        table.require(minimum_per_gpu.as_f64() <= 1e6, "minimum_per_gpu", || {
            "is above a million dollars; lower it".to_string()
        });
        let unbonding = wait(table, "unbonding");
        Stake { minimum_per_gpu, initial_min, initial_max, unbonding }
    })
}

/// What is taken of it.
pub fn slashing(root: &Table) -> Slashing {
    root.table("slashing", |table| {
        let evidence_max_age = wait(table, "evidence_max_age");
        Slashing {
            faults: table.table("fault", |faults| {
                Fault::ALL.map(|fault| faults.table(fault.name(), fault_rule))
            }),
            destinations: table.table("destinations", destinations),
            appeal: wait(table, "appeal"),
            evidence_max_age,
            window: table.span_above_zero("window"),
        }
    })
}

fn wait(table: &Table, key: &str) -> Span {
    let wait = table.quantity(key, parse_span);
    table.require(wait <= WAIT_MAX, key, || {
        "is longer than a year; write at most \"366 d\"".to_string()
    });
    wait
}

fn fault_rule(table: &Table) -> FaultRule {
    let base = table.quantity("base", parse_spon);
    table.require(base.as_f64() <= BASE_MAX, "base", || {
        format!("is above {BASE_MAX:e} SPON; lower it")
    });
    FaultRule {
        base,
        of_stake: share(table, "of_stake"),
        of_minimum: share(table, "of_minimum"),
        lost_reward_hundredths: table.hundredths("lost_reward", 0.0..=MULTIPLE_MAX),
        correlated_hundredths: table.hundredths("correlated", 0.0..=MULTIPLE_MAX),
        takes_reward: table.flag("takes_reward"),
        jail: wait(table, "jail"),
    }
}

fn destinations(table: &Table) -> Destinations {
    let ends = Destinations {
        burned: share(table, "burned"),
        victim: share(table, "victim"),
        bounty: share(table, "bounty"),
    };
    let sum = ends.burned.0 + ends.victim.0 + ends.bounty.0;
    table.require(sum <= BasisPoints::WHOLE.0, "", || {
        format!("adds up to {sum} bp; keep burned, victim and bounty at 10000 bp or less")
    });
    ends
}
