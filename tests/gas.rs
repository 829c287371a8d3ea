//! What calls cost: who pays, how much, and what it changes.

mod support;

use metrics::{Summary, SummaryBuilder};
use orrery::invariants::Invariants;
use record::{EraRow, FlowParty, GasRow, LeaseRow, Observer, OrderOutcome, OrderRow, Row};
use scenario::Scenario;
use support::{digest, run, scenario};
use units::Span;
use world::{Options, Search};

const DAY: [&str; 2] = ["clock.warm_up=0 d", "clock.horizon=1 d"];
const ON: &str = "gas.is_charged=true";

fn day(sets: &[&str]) -> Scenario {
    scenario("small", &[&DAY, sets].concat())
}

/// Keeps what the tests look at.
#[derive(Default)]
struct Watcher {
    gas: Vec<GasRow>,
    eras: Vec<EraRow>,
    orders: Vec<OrderRow>,
    leases: Vec<LeaseRow>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Gas(row) => self.gas.push(*row),
            Row::Era(row) => self.eras.push(*row),
            Row::Order(row) => self.orders.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            _ => {}
        }
    }
}

impl Watcher {
    fn of(&self, party: FlowParty) -> Vec<&GasRow> {
        self.gas.iter().filter(|row| row.party == party).collect()
    }

    /// What a party's calls cost, in nano-dollars.
    fn fees(&self, party: FlowParty) -> i128 {
        self.of(party).iter().map(|row| row.fees_nano_usd.base()).sum()
    }

    fn orders_as_text(&self) -> Vec<String> {
        self.orders.iter().map(|row| format!("{row:?}")).collect()
    }
}

/// Runs with the books counted after every event and both sets of invariants held.
fn watched(market: &Scenario) -> (Watcher, Summary) {
    let mut watch = (
        Watcher::default(),
        (SummaryBuilder::new(world::names(market)), Invariants::on(market.payment)),
    );
    let options = Options { audit_every_event: true, ..Options::default() };
    run(market, 1, options, &mut watch);
    for finding in watch.1.1.finish() {
        assert_eq!(finding.breach, None, "{}", finding.invariant);
    }
    (watch.0, watch.1.0.finish())
}

/// M11 of economics.md 2.6: with gas that costs nothing every ledger line of it is zero, and all
/// else is the run without the module, to the last bit.
#[test]
fn gas_that_costs_nothing_changes_nothing() {
    let free = [ON, "chain_profile.orbit.gas.rule=zero", "gas.data_fee=0 wei"];
    let market = day(&free);
    assert_eq!(digest(&market, 1), digest(&day(&[]), 1));
    let (watched, summary) = watched(&market);
    assert!(watched.gas.iter().any(|row| row.calls > 0), "calls are counted all the same");
    let cost = |row: &GasRow| row.fees_nano_usd + row.paid_nano_usd + row.owed_nano_usd;
    assert!(watched.gas.iter().all(|row| cost(row).base() == 0 && row.paid_spon.base() == 0));
    assert!(summary.flows.iter().all(|flow| flow.reason != "gas"));
    assert_eq!(summary.earnings_all.gas, Some(0.0));
}

#[test]
fn without_gas_there_is_no_row_of_it() {
    let (watched, summary) = watched(&day(&[]));
    assert!(watched.gas.is_empty());
    assert_eq!(summary.get("gas.fees_usd"), Some(0.0));
}

/// On a quiet chain every call costs what the notes give for it: its gas at the least fee, and 16
/// for each byte below. Tenants' calls are counted a second time, from the rows of orders.
#[test]
fn tenants_pay_for_the_orders_that_they_open_and_cancel() {
    let (watched, _) = watched(&day(&[ON]));
    let opened = watched.orders.iter().filter(|row| row.propagation_ns.is_some()).count() as u64;
    let is_cancelled =
        |row: &&OrderRow| row.outcome == OrderOutcome::Unmatched && row.propagation_ns.is_some();
    let cancelled = watched.orders.iter().filter(is_cancelled).count() as u64;
    assert!(opened > 1_000 && cancelled > 100, "{opened}, {cancelled}");
    let rows = watched.of(FlowParty::Tenants);
    let calls: u64 = rows.iter().map(|row| row.calls).sum();
    let gas: u64 = rows.iter().map(|row| row.gas).sum();
    assert_eq!(calls, opened + cancelled);
    assert_eq!(gas, 250_000 * opened + 150_000 * cancelled);
    // Wei of 20 million and 10^9 for a unit; 3,000 dollars for 10^18 of them.
    let wei = u128::from(gas) * 20_000_000 + u128::from(calls) * 3_200 * 1_000_000_000;
    let nanos = (wei * 3_000_000_000_000 / 10_u128.pow(18)) as i128;
    let billed = watched.fees(FlowParty::Tenants);
    assert!((0..=100).contains(&(billed - nanos)), "a started nano-dollar a tenant: {billed}");
}

/// Who sends pays, and nobody else: with dearer data all orders and leases stay, and every
/// provider's net falls by its own gas.
#[test]
fn gas_comes_out_of_the_earnings_of_who_sends() {
    let (without, _) = watched(&day(&[]));
    let (with, _) = watched(&day(&[ON, "gas.data_fee=30 gwei"]));
    assert_eq!(with.orders_as_text(), without.orders_as_text());
    let mut paid = 0;
    for (one, other) in with.eras.iter().zip(&without.eras) {
        assert_eq!(one.provider, other.provider);
        assert_eq!(other.gas_nano_usd.base(), 0);
        assert_eq!(one.net_nano_usd + one.gas_nano_usd, other.net_nano_usd);
        paid += one.gas_nano_usd.base();
    }
    assert!(paid > 0);
    assert_eq!(paid, with.fees(FlowParty::Providers));
    assert!(with.fees(FlowParty::Treasury) > 0, "the foundation pays for matches");
}

/// Where nobody is paid in dollars, gas is paid in tokens; what cannot be paid stays due.
#[test]
fn who_has_no_dollars_pays_in_tokens() {
    let (watched, _) = watched(&day(&[ON, "payment.rail=native_spot"]));
    let rows = watched.of(FlowParty::Providers);
    assert!(rows.iter().any(|row| row.paid_spon.base() > 0));
    let poor = ["rewards.mode=off", "gas.data_fee=900 gwei", "gas.coin=100000 USD"];
    let (poor, summary) = self::watched(&day(&[&[ON][..], &poor].concat()));
    let owed: i128 = poor.of(FlowParty::Providers).iter().map(|r| r.owed_nano_usd.base()).sum();
    assert!(owed > 0 && summary.gas.owed_usd > 0.0, "what is not there is not paid");
}

/// Tokens are sold after an era's gas is billed: those calls and what they cost are the next era's,
/// so that no row has calls without their fees.
#[test]
fn calls_that_follow_the_bills_are_of_the_next_era() {
    let sales = ["gas.data_fee=30 gwei", "token.traded=pool", "token_sales.providers=50 %"];
    let days = ["clock.warm_up=0 d", "clock.horizon=3 d"];
    let (watched, _) = watched(&scenario("small", &[&[ON][..], &sales, &days].concat()));
    let rows = watched.of(FlowParty::Providers);
    assert!(rows.len() >= 3 && rows.iter().all(|row| row.data_nano_usd <= row.fees_nano_usd));
    assert!(rows.iter().all(|row| (row.calls > 0) == (row.fees_nano_usd.base() > 0)));
}

/// Settlements of five minutes share the gas of a batch; nothing else moves.
#[test]
fn a_batch_makes_settlements_cheaper_and_changes_no_lease() {
    let (alone, _) = watched(&day(&[ON]));
    let (batched, summary) = watched(&day(&[ON, "gas.settle_every=5 min"]));
    assert_eq!(alone.orders_as_text(), batched.orders_as_text());
    let calls = |w: &Watcher| w.of(FlowParty::Providers).iter().map(|r| r.calls).sum::<u64>();
    assert_eq!(calls(&alone), calls(&batched));
    let (before, after) = (alone.fees(FlowParty::Providers), batched.fees(FlowParty::Providers));
    assert!(after < before * 9 / 10, "{after} of {before}");
    let wait = summary.gas.batch_wait_s.expect("settlements waited");
    assert!((1.0..300.0).contains(&wait), "{wait} s");
}

/// Others fill the blocks for good and no fee drives them away: orders wait longer and longer.
#[test]
fn a_full_chain_lets_orders_wait() {
    let full =
        ["chain_profile.orbit.gas.rule=flat", "chain_profile.orbit.gas.others_per_s=129000000"];
    let (calm, _) = watched(&day(&[ON, "clock.horizon=6 h"]));
    let (crowded, summary) = watched(&day(&[&[ON, "clock.horizon=6 h"][..], &full].concat()));
    let longest = |w: &Watcher| w.orders.iter().filter_map(|row| row.propagation_ns).max();
    assert!(longest(&calm).expect("orders were sent") < Span::SECOND);
    // Of 128 million a second a million too much for six hours, and the market's own calls.
    let ours: u64 = crowded.gas.iter().map(|row| row.gas).sum();
    let at_end = (6.0 * 3_600.0 * 1e6 + ours as f64) / 128e6;
    let most = longest(&crowded).expect("orders were sent").as_secs_f64();
    assert!((0.95..=1.01).contains(&(most / at_end)), "{most} s of {at_end} s");
    assert!(summary.latency.all.start.p50 > Some(60_000.0));
    let rows = crowded.of(FlowParty::Tenants);
    assert!(rows.iter().any(|row| row.queue_max_ns > Span::from_secs(100)));
}

/// A lease that waits for hard finality begins 13 minutes after its block is published.
#[test]
fn hard_finality_keeps_leases_waiting() {
    let ready = |sets: &[&str]| -> Vec<Span> {
        let (watched, _) = watched(&day(sets));
        watched.orders.iter().filter_map(|row| row.ready_ns).collect()
    };
    let (soft, hard) = (ready(&[]), ready(&["chain.lease_waits_for=hard"]));
    assert!(soft.iter().all(|wait| *wait < Span::from_secs(60)));
    let minutes = |n: u64| Span::from_secs(60 * n);
    assert!(hard.len() > 300, "{}", hard.len());
    assert!(hard.iter().all(|wait| (minutes(13)..minutes(29)).contains(wait)));
}

/// Small orders are held back while their gas is more than the part of their price that tenants
/// accept; large ones are not.
#[test]
fn small_orders_wait_for_cheaper_gas() {
    let sets = [ON, "gas.share_max=100 %", "gas.data_fee=20 gwei"];
    let (watched, _) = watched(&day(&sets));
    let (mut held, mut sent) = (0, 0);
    for row in &watched.orders {
        let price = row.ceiling_nano_usd_per_gpu_hour;
        let worth = price.cost_rounded_down(row.gpus, row.duration_ns).base();
        // 250,000 at 0.02 gwei, 3,200 at 20: 0.000069 coins of 3,000 USD.
        let is_held = row.reason.name() == "gas";
        assert_eq!(is_held, worth < 207_000_000, "{row:?}");
        held += u64::from(is_held);
        sent += u64::from(!is_held);
    }
    assert!(held > 100 && sent > 100, "{held}, {sent}");
}

/// Bids that are looked up and bids that are all made come to the same calls.
#[test]
fn lazy_and_eager_searches_pay_the_same_gas() {
    let sets = [
        ON,
        "chain.profile=base",
        "gas.settle_every=5 min",
        "gas.share_max=50 %",
        "clock.horizon=12 h",
        "drivers.chain_load={ process = \"gbm\", innovation = \"gaussian\", gbm = { mu = 0.0, sigma = 9.0 } }",
    ];
    let market = day(&sets);
    let eager = Options { search: Search::Eager, ..Options::default() };
    let eager = run(&market, 2, eager, &mut ()).digest.digest;
    assert_eq!(digest(&market, 2), eager);
}
