//! What is staked and by whom, what a fault costs, where slashed stake goes, and who watches.

use super::{number_range, share};
use crate::reader::Table;
use crate::validated::{Challengers, Delegation, Slashing, Stake, TopUp};
use protocol::{Destinations, Fault, FaultRule, Pledge, PowerPledge};
use units::text::{parse_ppm, parse_span, parse_spon, parse_usd};
use units::{BasisPoints, Span, Spon, Usd};

/// Longest wait of stake on its way out, and longest age of evidence: Aethir's lock is 180 days.
const WAIT_MAX: Span = Span::from_hours(366 * 24);
/// Most that a fault costs, in multiples of the reward of the time that was lost.
const MULTIPLE_MAX: f64 = 1_000.0;
/// Most times the share of all stake that was slashed lately.
const CORRELATION_MAX: u32 = 1_000;
/// Most tokens of a rule.
const BASE_MAX: f64 = 1e11;

/// Most delegators.
const DELEGATORS_MAX: u32 = 100_000;

/// Stake. The numbers of all forms are read and checked.
pub fn stake(root: &Table) -> Stake {
    root.table("stake", |table| {
        let (initial_min, initial_max) = table.table("initial", |t| number_range(t, 1e6));
        let unbonding = wait(table, "unbonding");
        let forms = [
            ("dollars", Pledge::Dollars { per_gpu: dollars(table) }),
            ("tokens", Pledge::Tokens { per_gpu: table.table("tokens", |t| base(t, "per_gpu")) }),
            ("model", Pledge::Model { coefficient: table.table("model", |t| base(t, "per_gpu")) }),
            ("power", table.table("power", power)),
        ];
        let top_ups =
            [("always", TopUp::Always), ("never", TopUp::Never), ("if_it_pays", TopUp::IfItPays)];
        Stake {
            pledge: table.word("form", &forms),
            review_eras: table.whole("review_eras", 0..=100_000),
            top_up: table.word("tops_up", &top_ups),
            initial_min,
            initial_max,
            unbonding,
        }
    })
}

fn dollars(table: &Table) -> Usd {
    let per_gpu = table.quantity("minimum_per_gpu", parse_usd);
    table.require(per_gpu.as_f64() <= 1e6, "minimum_per_gpu", || {
        "is above a million dollars; lower it".to_string()
    });
    per_gpu
}

fn power(table: &Table) -> Pledge {
    let rule = PowerPledge {
        reward_days: table.whole("reward_days", 0..=10_000),
        lock_target: share(table, "lock_target"),
        baseline_weight: share(table, "baseline_weight"),
        per_unit_max: base(table, "per_unit_max"),
    };
    Pledge::Power { rule, circulating: base(table, "circulating") }
}

/// Tokens, no more than there can be.
fn base(table: &Table, key: &str) -> Spon {
    let tokens = table.quantity(key, parse_spon);
    table.require(tokens.as_f64() <= BASE_MAX, key, || {
        format!("is above {BASE_MAX:e} SPON; lower it")
    });
    tokens
}

/// Who delegates.
pub fn delegation(root: &Table) -> Delegation {
    root.table("delegation", |table| {
        let tokens = base(table, "tokens");
        table.require(tokens > Spon::ZERO, "tokens", || {
            "is nothing; write more, or delegators = 0".to_string()
        });
        Delegation {
            delegators: table.whole("delegators", 0..=DELEGATORS_MAX),
            tokens,
            commission: share(table, "commission"),
            every_eras: table.whole("every_eras", 1..=100_000),
            sensitivity: table.number("sensitivity", 0.0..=1e6),
        }
    })
}

/// Who finds what providers do wrong.
pub fn challengers(root: &Table) -> Challengers {
    root.table("challengers", |table| {
        let chance = |key: &str| table.quantity(key, parse_ppm);
        Challengers {
            detection: chance("detection"),
            wrong: chance("wrong"),
            colluding: chance("colluding"),
            framing: chance("framing"),
            upheld: chance("upheld"),
        }
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
    FaultRule {
        base: base(table, "base"),
        of_stake: share(table, "of_stake"),
        of_minimum: share(table, "of_minimum"),
        lost_reward_hundredths: table.hundredths("lost_reward", 0.0..=MULTIPLE_MAX),
        correlation: table.whole("correlated", 0..=CORRELATION_MAX),
        takes_reward: table.flag("takes_reward"),
        jail: wait(table, "jail"),
    }
}

fn destinations(table: &Table) -> Destinations {
    let [burned, harmed, bounty] = ["burned", "victim", "bounty"].map(|key| share(table, key));
    let sum = burned.0 + harmed.0 + bounty.0;
    let treasury = BasisPoints(BasisPoints::WHOLE.0.saturating_sub(sum));
    Destinations::new(burned, treasury, harmed, bounty).unwrap_or_else(|| {
        table.problem(
            "",
            format!("adds up to {sum} bp; keep burned, victim and bounty at 10000 bp or less"),
        );
        let none = BasisPoints(0);
        Destinations::new(none, BasisPoints::WHOLE, none, none).expect("one share is the whole")
    })
}
