//! Tenants who misbehave, through the whole simulator: what each misuse costs whom, what deters it,
//! what bans do, and whom it does not touch.

mod support;

use metrics::Summary;
use record::{LeaseRow, MisuseKind, MisuseOutcome, MisuseRow, Observer, OrderRow, Row};
use scenario::Scenario;
use std::collections::BTreeSet;
use support::{digest, rows, run, scenario, summary};
use units::{Span, Usd};
use world::Options;

/// Everybody does this one thing.
const SPAM: &str = "tenant_misuse.spam.share=100 %";
const DRAIN: &str = "tenant_misuse.drain.share=100 %";
const FORBIDDEN: &str = "tenant_misuse.forbidden.share=100 %";
const DISPUTE: &str = "tenant_misuse.dispute.share=100 %";
const PART: &str = "tenant_rules.part_funding=1 h";
const SURETY: &str = "tenant_rules.surety=6 h";

fn market(sets: &[&str]) -> Scenario {
    let base = ["clock.warm_up=0 d", "clock.horizon=3 d", "tenants.count=40"];
    scenario("small", &[&base, sets].concat())
}

#[derive(Default)]
struct Misuses {
    misuses: Vec<MisuseRow>,
    orders: Vec<OrderRow>,
    leases: Vec<LeaseRow>,
}

impl Observer for Misuses {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Misuse(row) => self.misuses.push(*row),
            Row::Order(row) => self.orders.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            _ => {}
        }
    }
}

fn watch(market: &Scenario) -> Misuses {
    let mut misuses = Misuses::default();
    run(market, 1, Options::default(), &mut misuses);
    misuses
}

fn of(summary: &Summary, path: &str) -> f64 {
    summary.get(path).unwrap_or_else(|| panic!("{path} has a value"))
}

fn count(rows: &[MisuseRow], outcome: MisuseOutcome) -> usize {
    rows.iter().filter(|row| row.outcome == outcome).count()
}

#[test]
fn a_kind_that_nobody_is_of_moves_nothing() {
    let honest = digest(&market(&[]), 1);
    let idle = [
        "tenant_misuse.spam.per_day=900.0",
        "tenant_misuse.drain.funds=9 h",
        "tenant_misuse.forbidden.found_after=1 min",
        "tenant_misuse.dispute.rate=100 %",
        "tenant_misuse.dispute.errs=100 %",
        "tenant_rules.strikes=1",
        "tenant_rules.escrow_check=1 min",
        PART,
    ];
    assert_eq!(digest(&market(&idle), 1), honest);
    // One kind more is another lot's part: nobody else becomes what it was not.
    let [one, two] = [
        &["tenant_misuse.spam.share=20 %"][..],
        &["tenant_misuse.spam.share=20 %", "tenant_misuse.drain.share=20 %", PART],
    ]
    .map(|sets| watch(&market(sets)).misuses);
    let spammers = |rows: &[MisuseRow]| -> BTreeSet<u32> {
        let spam = rows.iter().filter(|row| row.kind == MisuseKind::Spam);
        spam.map(|row| row.tenant.0).collect()
    };
    assert!(!spammers(&one).is_empty());
    assert_eq!(spammers(&one), spammers(&two));
}

#[test]
fn the_eager_reference_sees_the_same_misuse() {
    let all = ["spam", "drain", "forbidden", "dispute"]
        .map(|kind| format!("tenant_misuse.{kind}.share=25 %"));
    let sets: Vec<&str> = all.iter().map(String::as_str).chain([PART, SURETY]).collect();
    let market = market(&[&sets[..], &["clock.horizon=1 d"]].concat());
    let eager = Options { search: world::Search::Eager, ..Options::default() };
    let (lazy, eager) = (rows(&market, 1, Options::default()), rows(&market, 1, eager));
    assert_eq!(lazy.1.digest.digest, eager.1.digest.digest);
    assert_eq!(lazy.0.others, eager.0.others);
}

#[test]
fn orders_that_nobody_means_hold_gpus_until_the_time_to_confirm_is_over() {
    let market = market(&[SPAM, SURETY, "tenant_rules.to_provider=50 %"]);
    let Misuses { misuses, orders, .. } = watch(&market);
    let withdrawn = misuses.iter().filter(|row| row.outcome == MisuseOutcome::Withdrawn);
    let mut cases = 0;
    for row in withdrawn {
        cases += 1;
        assert!(row.reserved_ns >= market.ordering.ready_timeout);
        assert!(row.reserved_ns <= market.ordering.ready_timeout + Span::from_secs(60));
        assert!(row.forfeited_nano_usd > Usd::ZERO && row.provider.is_some());
        let half = row.forfeited_nano_usd.nanos() / 2;
        assert_eq!(row.to_provider_nano_usd.nanos(), half);
    }
    assert!(cases > 100, "{cases}");
    let meant: BTreeSet<u64> = orders.iter().map(|row| row.order_key.0).collect();
    assert!(misuses.iter().all(|row| !meant.contains(&row.order_key.0)), "each has one row");
    // 24 a day of 40 tenants in three days, give or take six standard deviations.
    let all = misuses.len() as f64;
    assert!((all - 2_880.0).abs() < 6.0 * 2_880_f64.sqrt(), "{all}");
}

#[test]
fn what_stays_unpaid_is_no_more_than_the_time_between_two_looks() {
    let summary_of = |sets: &[&str]| summary(&market(&[&[DRAIN, PART], sets].concat()), 1);
    let (slow, quick) = (
        summary_of(&["tenant_rules.escrow_check=1 h"]),
        summary_of(&["tenant_rules.escrow_check=1 min"]),
    );
    let unpaid = |summary: &Summary| of(summary, "misuse.by_kind.drain.unpaid_usd");
    assert!(of(&slow, "misuse.by_kind.drain.punished") > 20.0);
    assert!(unpaid(&slow) > 10.0 * unpaid(&quick) && unpaid(&quick) > 0.0);
    let sured = summary_of(&[
        "tenant_rules.escrow_check=1 h",
        "tenant_rules.surety=2 h",
        "tenant_rules.to_provider=100 %",
    ]);
    assert!(of(&sured, "misuse.providers_loss_usd") < 0.0, "the surety pays for it");
    assert!(of(&sured, "misuse.net_usd") < 0.0, "and it does not pay");
}

#[test]
fn each_drained_lease_owes_less_than_a_look_and_a_block_are_worth() {
    let market = market(&[DRAIN, PART]);
    let drained = watch(&market).misuses.into_iter();
    let drained: Vec<_> = drained.filter(|row| row.outcome == MisuseOutcome::Drained).collect();
    assert!(drained.len() > 20, "{}", drained.len());
    for row in drained {
        // Two hours at the ceiling were paid for; the price is no higher, for ten minutes more.
        let most = row.paid_nano_usd.nanos() / 12 + row.paid_nano_usd.nanos() / 100;
        assert!(row.unpaid_nano_usd.nanos() <= most, "{row:?}");
        assert_eq!(row.gain_nano_usd, row.unpaid_nano_usd);
    }
}

/// Owners and failures end some drained leases before anybody has looked into their escrow.
#[test]
fn whoever_ends_a_drained_lease_its_tenant_answers_for_it() {
    let owners = ["host_class.home.owner_use=household", "host_class.budget.owner_use=household"];
    let rare = "tenant_rules.escrow_check=100 d";
    let seen = watch(&market(&[&[DRAIN, PART, SURETY, rare], &owners[..]].concat()));
    let unpaid = |one: &&LeaseRow| one.unpaid_nano_usd > Usd::ZERO;
    let told = seen.leases.iter().filter(unpaid).map(|one| one.unpaid_nano_usd.base());
    assert_eq!(
        told.sum::<i128>(),
        seen.misuses.iter().map(|one| one.unpaid_nano_usd.base()).sum::<i128>()
    );
    assert!(seen.leases.iter().filter(unpaid).count() > 20);
    let is_paid = |one: &LeaseRow| one.charged_nano_usd >= one.provider_nano_usd;
    assert!(seen.leases.iter().all(is_paid), "what the provider has was paid");
}

#[test]
fn what_is_never_found_is_no_mistake() {
    let never = "tenant_misuse.forbidden.found_after=36525 d";
    let seen = watch(&market(&[FORBIDDEN, never]));
    assert_eq!(count(&seen.misuses, MisuseOutcome::Found), 0);
}

#[test]
fn forbidden_work_is_found_as_often_as_it_is_looked_for() {
    let found = |after: &str| {
        let after = format!("tenant_misuse.forbidden.found_after={after}");
        let rows = watch(&market(&[FORBIDDEN, &after])).misuses;
        let (found, not) =
            (count(&rows, MisuseOutcome::Found), count(&rows, MisuseOutcome::Undetected));
        found as f64 / (found + not) as f64
    };
    let (soon, late) = (found("10 min"), found("10 d"));
    assert!(soon > 0.8 && late < 0.2, "{soon} {late}");
}

#[test]
fn a_larger_surety_takes_what_forbidden_work_brings() {
    let net = |sets: &[&str]| {
        of(&summary(&market(&[&[FORBIDDEN], sets].concat()), 1), "misuse.net_per_act_usd")
    };
    let (free, small, large) = (net(&[]), net(&[SURETY]), net(&["tenant_rules.surety=10 d"]));
    assert!(free > 0.0 && small < free && large < 0.0, "{free} {small} {large}");
    let rest = net(&["tenant_rules.forfeit=100 %"]);
    assert!(rest < free, "so does what is left of the deposit");
}

#[test]
fn a_false_dispute_pays_only_where_verdicts_err() {
    let summary_of = |errs: &str| {
        let errs = format!("tenant_misuse.dispute.errs={errs}");
        summary(&market(&[DISPUTE, SURETY, "tenant_misuse.dispute.verdict_after=6 h", &errs]), 1)
    };
    let (just, blind) = (summary_of("0 %"), summary_of("100 %"));
    assert!(of(&just, "misuse.by_outcome.dispute_lost") > 50.0);
    assert!(of(&just, "misuse.by_outcome.dispute_upheld") < 0.5);
    assert!(of(&just, "misuse.unpaid_usd").abs() < 1e-9, "whoever served is paid");
    assert!(of(&just, "misuse.net_usd") < 0.0);
    assert!(of(&blind, "misuse.by_outcome.dispute_lost") < 0.5);
    assert!(of(&blind, "misuse.net_usd") > 0.0 && of(&blind, "misuse.forfeited_usd") < 1e-9);
    let (unpaid, gain) = (of(&blind, "misuse.unpaid_usd"), of(&blind, "misuse.gain_usd"));
    assert!((unpaid - gain).abs() < 1e-9, "{unpaid} {gain}");
}

#[test]
fn the_banned_are_refused_and_some_come_back() {
    let sets = [FORBIDDEN, "tenant_misuse.forbidden.found_after=30 min", "tenant_rules.strikes=1"];
    let banned = watch(&market(&sets));
    let bans = banned.misuses.iter().filter(|row| row.is_ban).count();
    assert!(bans > 20 && bans <= 40, "{bans}");
    assert!(count(&banned.misuses, MisuseOutcome::Refused) > 20);
    let refused = banned.orders.iter().filter(|row| row.reason.name() == "banned");
    assert!(refused.clone().all(|row| row.is_given_up), "nobody asks again");
    assert_eq!(refused.count(), count(&banned.misuses, MisuseOutcome::Refused));
    let back = ["tenant_misuse.return.chance=100 %", "tenant_misuse.return.after=1 h"];
    let back = watch(&market(&[&sets[..], &back].concat()));
    let returned = count(&back.misuses, MisuseOutcome::Returned);
    assert!(returned > 40, "they come back again and again: {returned}");
    let names = back.misuses.iter().map(|row| row.tenant.0).max();
    assert_eq!(names, Some(39 + returned as u32), "each time under a new name");
}

#[test]
fn misuse_is_in_the_books_on_every_rail() {
    for rail in ["native_spot", "native_frozen", "usd_target"] {
        let all = ["spam", "drain", "forbidden", "dispute"]
            .map(|kind| format!("tenant_misuse.{kind}.share=25 %"));
        let rail = format!("payment.rail={rail}");
        let sets: Vec<&str> = all.iter().map(String::as_str).chain([PART, SURETY, &rail]).collect();
        let of_rail = summary(&market(&[&sets[..], &["tenant_rules.strikes=9"]].concat()), 1);
        for kind in ["spam", "drain", "forbidden", "dispute"] {
            let lost = of(&of_rail, &format!("misuse.by_kind.{kind}.forfeited_usd"));
            assert!(lost > 0.0, "{kind} on {rail}");
        }
    }
}
