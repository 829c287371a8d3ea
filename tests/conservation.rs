//! Does money, stake or capacity appear or vanish?

mod support;

use metrics::SummaryBuilder;
use record::{FlowParty, Observer, Row};
use std::collections::BTreeMap;
use support::{run, scenario};
use units::{SimTime, Span};
use world::{Options, Simulation};

/// After every event all accounts are added up anew and compared with what came and went, and
/// escrow with what orders and leases hold. `check_books` panics when they differ; that it can is
/// shown in `protocol`.
#[test]
fn the_books_hold_after_every_event() {
    let small = scenario("small", &["clock.horizon = \"1 d\"", "pool.community.providers = 60"]);
    for seed in 1..=3 {
        run(&small, seed, Options { audit_every_event: true, ..Options::default() }, &mut ());
    }
}

/// The second set of books: kept from rows alone, in exact integers.
#[derive(Default)]
struct Auditor {
    /// What each party has, per asset.
    parties: BTreeMap<(&'static str, FlowParty), i128>,
    charged_by_leases: i128,
    charged_by_eras: i128,
    income_by_eras: i128,
    income_by_complete_eras: i128,
    income_by_providers: i128,
    paid_by_flows: i128,
    paid_time_by_leases: u128,
    paid_time_by_eras: u128,
    paid_time_by_series: u128,
    reserved_by_eras: u128,
    reserved_by_series: u128,
    block_slack: u128,
    stake_by_providers: i128,
}

/// What meters may still hold at the end: a microsecond for each provider, and each pool.
const METER_SLACK_NS: u128 = (204 + 2) * 1_000;

/// A block of the `orbit` profile.
const BLOCK_NS: u128 = 250_000_000;

const NANO: i128 = 1_000_000_000;

impl Observer for Auditor {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Flow(flow) => {
                *self.parties.entry((flow.asset, flow.from)).or_default() -= flow.amount.base();
                *self.parties.entry((flow.asset, flow.to)).or_default() += flow.amount.base();
                let is_payment = flow.reason == record::FlowReason::LeasePayment
                    && flow.to == FlowParty::Providers;
                let is_fee = flow.reason == record::FlowReason::PayoutFee;
                let sign = i128::from(is_payment) - i128::from(is_fee);
                self.paid_by_flows += sign * flow.amount.base() / NANO;
            }
            Row::Lease(lease) => {
                self.charged_by_leases += i128::from(lease.charged_nano_usd.nanos());
                let gpus = u128::from(lease.gpus.0);
                self.paid_time_by_leases += gpus * u128::from(lease.paid_ns.nanos());
                // A bill is cut to the blocks where a stretch of it begins and ends.
                let stretches = 2 * (1 + u128::from(lease.interruptions));
                self.block_slack += gpus * stretches * BLOCK_NS;
            }
            Row::Era(era) => {
                self.charged_by_eras += i128::from(era.charged_nano_usd.nanos());
                let income = i128::from(era.lease_income_nano_usd.nanos());
                self.income_by_eras += income;
                self.income_by_complete_eras += i128::from(era.is_complete) * income;
                self.paid_time_by_eras += u128::from(era.paid_gpu_us) * 1_000;
                self.reserved_by_eras += u128::from(era.reserved_gpu_us) * 1_000;
                assert!(era.paid_gpu_us <= era.reserved_gpu_us);
                assert!(era.reserved_gpu_us <= era.installed_gpu_us);
                assert!(era.available_gpu_us <= era.installed_gpu_us);
            }
            Row::Series(hour) => {
                self.paid_time_by_series += u128::from(hour.paid_gpu_us) * 1_000;
                self.reserved_by_series += u128::from(hour.reserved_gpu_us) * 1_000;
            }
            Row::Provider(provider) => {
                self.income_by_providers += i128::from(provider.lease_income_nano_usd.nanos());
                self.stake_by_providers += provider.stake_spon.base();
            }
            _ => {}
        }
    }
}

/// Two views of the same money and the same time agree to the nano-dollar and the nanosecond.
/// Without warm-up everything is reported, so sums over tables must be equal.
#[test]
fn every_table_tells_the_same_story() {
    let sets = ["clock.warm_up = \"0 d\"", "clock.horizon = \"54 h\""];
    for seed in [1, 4] {
        let mut auditor = Auditor::default();
        run(&scenario("small", &sets), seed, Options::default(), &mut auditor);
        assert!(auditor.charged_by_leases > 0, "there was business");
        assert_eq!(auditor.charged_by_leases, auditor.charged_by_eras, "seed {seed}");
        assert_eq!(auditor.income_by_eras, auditor.paid_by_flows, "seed {seed}");
        assert_eq!(auditor.income_by_complete_eras, auditor.income_by_providers, "seed {seed}");
        let agree = |eras: u128, series: u128| eras.abs_diff(series) <= METER_SLACK_NS;
        assert!(agree(auditor.paid_time_by_eras, auditor.paid_time_by_series), "seed {seed}");
        assert!(agree(auditor.reserved_by_eras, auditor.reserved_by_series), "seed {seed}");
        let difference = auditor.paid_time_by_leases.abs_diff(auditor.paid_time_by_eras);
        assert!(difference <= auditor.block_slack, "{difference} over {}", auditor.block_slack);
        let holders = auditor.parties.iter().filter(|((_, party), _)| {
            !matches!(party, FlowParty::Outside | FlowParty::Mint | FlowParty::Burn)
        });
        for ((asset, party), held) in holders {
            assert!(*held >= 0, "seed {seed}: {party:?} owes {held} {asset}");
        }
        let stake = auditor.parties[&("SPON", FlowParty::Stake)];
        assert_eq!(stake, auditor.stake_by_providers, "seed {seed}: flows and providers differ");
    }
}

/// Nothing to sell, nothing to buy, no time to do it in: valid worlds, sensible reports.
#[test]
fn empty_worlds_run() {
    let nobody = ["pool.community.providers = 0", "pool.secured.providers = 0"];
    let nothing = ["pool.community.demand = \"0 %\"", "pool.secured.demand = \"0 %\""];
    let instant = ["clock.warm_up = \"0 d\"", "clock.horizon = \"1 s\""];
    for sets in [&nobody, &nothing, &instant] {
        let empty = scenario("small", sets.as_slice());
        let mut builder = SummaryBuilder::new(world::names(&empty));
        let outcome = run(&empty, 1, Options::default(), &mut builder);
        assert!(!outcome.is_partial);
        let text = metrics::text_tables(&builder.finish());
        assert!(
            !text.split_whitespace().any(|word| ["NaN", "inf", "-inf"].contains(&word)),
            "{text}"
        );
    }
}

/// A run that is stopped closes its books where it stands.
#[test]
fn a_stopped_run_still_adds_up() {
    let small = scenario("small", &[]);
    let mut auditor = Auditor::default();
    let mut simulation = Simulation::new(&small, 1, Options::default());
    simulation.advance(20_000, &mut auditor);
    let now = simulation.now();
    let outcome = simulation.finish(&mut auditor);
    assert!(outcome.is_partial);
    assert_eq!(outcome.ended_at, now);
    assert!(now > SimTime::ZERO + Span::HOUR);
    assert_eq!(auditor.charged_by_leases, auditor.charged_by_eras);
}

/// Memory does not grow with simulated time: what is open at once is bounded by supply and
/// patience. Ten times the time, not ten times the rows in memory: the run keeps none.
#[test]
fn a_longer_run_holds_no_more() {
    let held = |days: u32| {
        let sets = [format!("clock.horizon = \"{days} d\"")];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let mut simulation = Simulation::new(&scenario("small", &sets), 1, Options::default());
        simulation.advance(u64::MAX, &mut ());
        simulation.open()
    };
    let (short, long) = (held(3), held(30));
    assert!(long < 2 * short + 200, "{short} open things after 3 days, {long} after 30");
}

/// Providers that have next to no time to confirm miss their matches; the next of the same bids is
/// drawn, and the books hold.
#[test]
fn silent_providers_are_passed_over() {
    let sets = ["clock.horizon = \"1 d\"", "ordering.ready_timeout = \"300 ms\""];
    let mut builder = SummaryBuilder::new(world::names(&scenario("small", &sets)));
    let options = Options { audit_every_event: true, ..Options::default() };
    run(&scenario("small", &sets), 1, options, &mut builder);
    let summary = builder.finish();
    assert!(summary.get("leases.by_end.no_show") > Some(10.0), "many do not make it");
    assert!(summary.get("leases.by_end.agreed") > Some(10.0), "some do");
}

/// Work that failures undo does not run on unpaid: the lease ends when the agreed time is used up,
/// and the rest is ordered anew.
#[test]
fn no_lease_runs_longer_than_agreed() {
    struct Longest(Span);
    impl Observer for Longest {
        fn on_row(&mut self, row: Row<'_>) {
            if let Row::Lease(lease) = row {
                let open = lease.closed_at_ns.since(lease.opened_at_ns);
                let due = lease.agreed_ns + lease.paused_ns + Span::from_secs(61);
                self.0 = self.0.max(open.saturating_sub(due));
            }
        }
    }
    let sets = [
        "clock.horizon = \"10 d\"",
        "class.community.batch.on_failure = { pause_and_resume = \"1 d\" }",
    ];
    let mut longest = Longest(Span::ZERO);
    run(&scenario("small", &sets), 1, Options::default(), &mut longest);
    assert_eq!(longest.0, Span::ZERO);
}
