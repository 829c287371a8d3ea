//! A module of the economy that is switched off leaves no line in the books, its numbers then count
//! for nothing, and who does not depend on it does not see it.

#[path = "switches/modules.rs"]
mod modules;
mod support;

use modules::*;
use record::{FlowReason, FlowRow, Observer, Row};
use support::{rows, run, scenario};
use world::Options;

#[derive(Default)]
struct Flows(Vec<FlowRow>);

impl Observer for Flows {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Flow(row) = row {
            self.0.push(*row);
        }
    }
}

fn market(switch: &Switch, sets: &[&[&str]]) -> scenario::Scenario {
    let days = ["clock.warm_up=0 d", "clock.horizon=3 d"];
    scenario("small", &[&days, switch.base, &sets.concat()].concat())
}

/// Lines of the module in the books of a run.
fn count_own(switch: &Switch, sets: &[&str]) -> usize {
    let mut flows = Flows::default();
    run(&market(switch, &[sets]), 1, Options::default(), &mut flows);
    let is_own = |row: &&FlowRow| switch.is_own.is_some_and(|is_own| is_own(row));
    flows.0.iter().filter(is_own).count()
}

fn check_switch(switch: &Switch) {
    let Switch { module, on, off, idle, .. } = switch;
    if switch.is_own.is_some() {
        assert!(count_own(switch, on) > 0, "{module}: it does something while it is on");
        assert_eq!(count_own(switch, off), 0, "{module}: no line of its own while it is off");
    }
    let of = |sets: &[&[&str]]| rows(&market(switch, sets), 1, Options::default());
    let ((idle_off, idle_digest), (_, busy_digest)) = (of(&[off, idle]), of(&[on, idle]));
    let ((on, on_digest), (off, off_digest)) = (of(&[on]), of(&[off]));
    let has_idle = !idle.is_empty();
    assert_eq!(busy_digest.digest != on_digest.digest, has_idle, "{module}: its numbers count");
    assert_ne!(on_digest.digest.digest, off_digest.digest.digest, "{module}: it can be seen");
    assert_eq!(idle_digest.digest, off_digest.digest, "{module}: its numbers are idle");
    assert_eq!(idle_off.orders, off.orders, "{module}");
    assert_eq!(idle_off.leases, off.leases, "{module}");
    assert_eq!(idle_off.others, off.others, "{module}");
    if !switch.moves_market {
        assert_eq!(on.orders, off.orders, "{module}: orders do not see it");
        assert_eq!(on.leases, off.leases, "{module}: leases do not see it");
    }
}

#[test]
fn stake_that_is_switched_off_leaves_nothing() {
    of_stake().iter().for_each(check_switch);
}

#[test]
fn providers_who_need_not_decide_leave_nothing() {
    of_providers().iter().for_each(check_switch);
}

#[test]
fn supply_that_is_switched_off_leaves_nothing() {
    of_supply().iter().for_each(check_switch);
}

#[test]
fn choices_that_are_switched_off_leave_nothing() {
    of_demand().iter().for_each(check_switch);
}

#[test]
fn tenants_who_do_not_misbehave_leave_nothing() {
    let switch = Switch {
        base: &["tenant_rules.surety=1 h"],
        on: &["tenant_misuse.spam.share=10 %", "tenant_misuse.forbidden.share=10 %"],
        off: &[],
        idle: &["tenant_misuse.spam.per_day=90.0", "tenant_misuse.forbidden.found_after=1 h"],
        is_own: Some(|row| is_reason(row, &[FlowReason::Forfeited])),
        moves_market: true,
        ..plain("tenant misuse")
    };
    check_switch(&switch);
}

#[test]
fn promises_that_are_not_made_leave_no_trace() {
    of_contracts().iter().for_each(check_switch);
}

#[test]
fn lines_that_are_switched_off_leave_nothing() {
    of_waiting().iter().for_each(check_switch);
}

#[test]
fn trade_that_is_switched_off_leaves_nothing() {
    of_prices().iter().for_each(check_switch);
}

#[test]
fn hosts_that_do_nothing_else_leave_nothing() {
    of_hosts().iter().for_each(check_switch);
}

#[test]
fn hardware_that_stays_as_it_is_leaves_nothing() {
    of_hardware().iter().for_each(check_switch);
    // The age of cards is told by books beside the ledger: it moves neither digest nor market.
    let aged = |sets: &[&str]| rows(&scenario("small", sets), 1, Options::default());
    let ((young, plain), (old, same)) = (aged(&[]), aged(&["hardware.age.max=1000 d"]));
    assert_eq!(plain.digest, same.digest);
    assert_eq!((&young.orders, &young.leases), (&old.orders, &old.leases));
    assert_ne!(young.others, old.others, "capital costs something else");
    let (_, idle) = aged(&["hardware.straight_line.salvage=90 %", "hardware.wright.growth=2.0"]);
    assert_eq!(idle.digest, plain.digest);
}

#[test]
fn work_that_is_as_everywhere_leaves_nothing() {
    of_work().iter().for_each(check_switch);
}
