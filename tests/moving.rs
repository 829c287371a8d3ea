//! Do providers take their machines to other networks when it pays by as much as the way costs, and
//! by the logit that is declared? Does a network that pays nothing leave all else in order?

#![allow(clippy::disallowed_methods, reason = "arithmetic of references, which feeds no state")]

mod support;

use record::{NetworkRow, Observer, Row, SupplyChange, SupplyReason, SupplyRow};
use support::{digest, run, scenario};
use units::NetworkId;
use world::{Options, Search};

#[derive(Default)]
struct Watcher {
    changes: Vec<SupplyRow>,
    networks: Vec<NetworkRow>,
    /// The kind of every provider.
    kinds: Vec<u16>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Supply(row) => self.changes.push(*row),
            Row::Network(row) => self.networks.push(*row),
            Row::Provider(row) => self.kinds.push(row.provider_kind.0),
            _ => {}
        }
    }
}

impl Watcher {
    fn of(name: &str, sets: &[&str]) -> Watcher {
        let mut watcher = Watcher::default();
        run(&scenario(name, sets), 1, Options::default(), &mut watcher);
        watcher
    }

    /// What those of a kind expected here who did `change`, dollars per GPU-hour.
    fn revenues(&self, market: &scenario::Scenario, kind: &str, change: SupplyChange) -> Vec<f64> {
        let of = self.changes.iter().filter(|row| {
            row.change == change && market.provider_kinds[row.provider_kind.index()].name == kind
        });
        let revenue = |row: &SupplyRow| {
            row.revenue_nano_usd_per_gpu_hour.expect("a decision has a forecast") as f64 / 1e9
        };
        of.map(revenue).collect()
    }
}

/// Whether all moves of a kind lie within a day's step beyond `.7 -+ band`, and there are some.
fn is_on_the_band(watcher: &Watcher, market: &scenario::Scenario, kind: &str, band: f64) -> bool {
    let gone = watcher.revenues(market, kind, SupplyChange::Leaving);
    let back = watcher.revenues(market, kind, SupplyChange::Returned);
    let (leave, enter) = (0.7 - band, 0.7 + band);
    // A day is 1 % of the token, and who is away makes 1 % of the reward.
    gone.len() > 1
        && gone.len() == back.len()
        && gone.iter().all(|revenue| (leave * 0.98..leave).contains(revenue))
        && back.iter().all(|revenue| (enter..enter * 1.02).contains(revenue))
}

#[test]
fn machines_move_at_the_thresholds_that_the_way_makes() {
    let market = scenario("theory/moving", &[]);
    let watcher = Watcher::of("theory/moving", &[]);
    assert!(is_on_the_band(&watcher, &market, "light", 0.1), "{:?}", watcher.changes);
    assert!(is_on_the_band(&watcher, &market, "heavy", 0.2), "{:?}", watcher.changes);
    assert!(watcher.revenues(&market, "bound", SupplyChange::Leaving).is_empty());
    assert!(!watcher.networks.is_empty());
    for row in &watcher.changes {
        assert_eq!((row.network, row.reason), (NetworkId(5), SupplyReason::MoveNpv), "{row:?}");
    }
}

/// The same check fails where the way costs another price, or nobody decides.
#[test]
fn another_way_or_none_is_off_the_band() {
    for set in [
        "provider_kind.light.move.switching=108 USD",
        "provider_kind.light.move.switching=36 USD",
        "provider_kind.light.move.horizon=20 d",
        "other_network.steady.subsidy=4.5",
        "other_network.steady.subsidy=0.0",
    ] {
        let (market, watcher) =
            (scenario("theory/moving", &[set]), Watcher::of("theory/moving", &[set]));
        assert!(!is_on_the_band(&watcher, &market, "light", 0.1), "{set} changes nothing");
    }
}

/// Money that costs something makes later gains worth less: the threshold is that of an annuity.
#[test]
fn money_that_costs_something_widens_the_band() {
    let sets = [
        "investment.npv.rate=2.0",
        "provider_kind.light.move.horizon=182.5 d",
        "provider_kind.light.move.switching=300 USD",
    ];
    // 300 dollars over int_0^0.5 8760 exp(-2 t) dt hours.
    let band = 300.0 / (8_760.0 * (1.0 - f64::exp(-1.0)) / 2.0);
    assert!((0.10..0.12).contains(&band), "{band}");
    let market = scenario("theory/moving", &sets);
    assert!(is_on_the_band(&Watcher::of("theory/moving", &sets), &market, "light", band));
}

/// Who is there for so many eras after it said that it goes is paid for them, and takes no lease.
#[test]
fn notice_is_kept_both_ways() {
    let market = scenario("theory/moving", &[]);
    let set = "provider_kind.light.move.notice_eras=3";
    let (at_once, later) =
        (Watcher::of("theory/moving", &[]), Watcher::of("theory/moving", &[set]));
    let days = |watcher: &Watcher, change| {
        let of = watcher.changes.iter().filter(|row| {
            row.change == change && market.provider_kinds[row.provider_kind.index()].name == "light"
        });
        of.map(|row| row.at_ns.nanos() / units::Span::DAY.nanos()).collect::<Vec<_>>()
    };
    let said = days(&later, SupplyChange::Leaving);
    assert_eq!(said, days(&at_once, SupplyChange::Leaving));
    assert_eq!(
        said.iter().map(|day| day + 3).collect::<Vec<_>>(),
        days(&later, SupplyChange::Left)
    );
    // The token rises by 1 % a day: three days later those who come back find it 3 % higher.
    let back = later.revenues(&market, "light", SupplyChange::Returned);
    assert!(back.iter().all(|revenue| *revenue > 0.8 * 1.02), "{back:?}");
}

/// Everybody thinks every day and moves for nothing: shares are those of the multinomial logit, at
/// the revenue that those who are there make of the fixed reward.
#[test]
fn shares_are_those_of_the_logit() {
    let second = "other_network.second={ is_open = true, prices = {}, multiple = 1.0, \
                  prices_follow = \"nothing\", price_path = \"none\", utilization = \"0 %\", \
                  fee = \"0 %\", subsidy = 5.0, subsidy_follows = \"nothing\", \
                  subsidy_path = \"none\" }";
    let sets = [
        "clock.horizon=120 d",
        "clock.warm_up=5 d",
        "token.process=constant",
        "token.price=0.8 USD/SPON",
        "pool.servers.kinds={ posted = \"80 %\", light = \"20 %\", heavy = \"0 %\", \
         bound = \"0 %\" }",
        "provider_kind.light.move={ rule = \"logit\", switching = \"0 USD\", horizon = \"30 d\", \
         notice_eras = 0 }",
        "investment.logit={ per_month = 3000.0, scale = \"0.1 USD/GPU-h\", \
         outside = \"0 USD/GPU-h\" }",
        second,
    ];
    let watcher = Watcher::of("theory/moving", &sets);
    let market = scenario("theory/moving", &sets);
    let mean = |network: u16| {
        let of = watcher.networks.iter().filter(|row| row.is_reported);
        let of: Vec<f64> =
            of.filter(|row| row.network.0 == network).map(|row| row.providers as f64).collect();
        assert_eq!(of.len(), 120);
        of.iter().sum::<f64>() / 120.0
    };
    let (one, two) = (mean(5), mean(6));
    let of_kind = |kind: &&u16| market.provider_kinds[usize::from(**kind)].name == "light";
    let all = watcher.kinds.iter().filter(of_kind).count() as f64;
    let expected = shares(all);
    println!("{all} movers: {one} and {two}, expected {expected:?}");
    for (found, share) in [(one, expected[1]), (two, expected[2])] {
        // Every day is a new draw of everybody: four standard errors, 1 in 16,000 runs.
        let error = (share * (1.0 - share) / (all * 120.0)).sqrt();
        assert!((found / all - share).abs() < 4.0 * error, "{found} of {all}, not {share}");
    }
}

/// The shares of here and of two networks that pay .7 and .875, when `all` of 1,000 choose and a
/// reward of 800 dollars an hour is divided among those who are here.
fn shares(all: f64) -> [f64; 3] {
    let mut here = 0.5;
    for _ in 0..200 {
        let revenue = 800.0 / (1_000.0 - all + all * here);
        let utilities = [revenue, 0.7, 0.875].map(|net| f64::exp(net / 0.1));
        here = 0.5 * here + 0.5 * utilities[0] / utilities.iter().sum::<f64>();
    }
    let revenue = 800.0 / (1_000.0 - all + all * here);
    let utilities = [revenue, 0.7, 0.875].map(|net| f64::exp(net / 0.1));
    utilities.map(|one| one / utilities.iter().sum::<f64>())
}

/// A small market in which everybody who posts may move, and thinks about it every day.
fn movers(more: &[&str]) -> scenario::Scenario {
    let base = [
        "clock.horizon=6 d",
        "investment.review_eras=1",
        "investment.logit.per_month=12.0",
        "provider_kind.posted.leaving=move",
        "provider_kind.posted.move={ rule = \"logit\", switching = \"0 USD\", horizon = \"30 d\", \
         notice_eras = 1 }",
        "other_network.ionet.is_open=true",
        "other_network.akash.is_open=true",
    ];
    scenario("small", &[&base[..], more].concat())
}

/// Money, stake and the second set of books stay exact while machines go and come back; and the
/// slow way to evaluate all of it gives the same.
#[test]
fn books_and_digest_hold_while_machines_move() {
    for leases in ["investment.leases=drain", "investment.leases=drop"] {
        let market = movers(&[leases]);
        let (mut lazy, mut eager) = (Watcher::default(), Watcher::default());
        let options = Options { audit_every_event: true, ..Options::default() };
        let first = run(&market, 3, options, &mut lazy);
        let options = Options { search: Search::Eager, ..Options::default() };
        let second = run(&market, 3, options, &mut eager);
        assert_eq!(first.digest, second.digest, "{leases}");
        assert!(lazy.changes == eager.changes && lazy.networks == eager.networks, "{leases}");
        let count = |change| lazy.changes.iter().filter(|row| row.change == change).count();
        let [left, moved, returned] =
            [SupplyChange::Left, SupplyChange::Moved, SupplyChange::Returned].map(count);
        assert!(left > 0 && moved > 0 && returned > 0, "{leases}: {left} {moved} {returned}");
        assert!(left <= count(SupplyChange::Leaving), "{leases}");
    }
}

/// Networks that pay nothing are no option, and who would pay too much for the way stays: receipt
/// for receipt the market without them.
#[test]
fn what_pays_nothing_moves_nothing() {
    let never = digest(&scenario("small", &["clock.horizon=6 d", "investment.review_eras=1"]), 1);
    let broke = [
        "other_network.ionet.utilization=0 %",
        "other_network.ionet.subsidy=0.0",
        "other_network.akash.fee=100 %",
    ];
    assert_eq!(digest(&movers(&broke), 1), never, "two networks that pay nothing");
    let bound = "provider_kind.posted.move={ rule = \"npv\", switching = \"1000000 USD\", \
                 horizon = \"30 d\", notice_eras = 0 }";
    assert_eq!(digest(&movers(&[bound]), 1), never, "a way that nobody pays");
    let alone = movers(&["other_network.akash.is_open=false"]);
    let beside = movers(&["other_network.akash.fee=100 %"]);
    assert_eq!(digest(&alone, 1), digest(&beside, 1), "one that pays nothing beside one that pays");
    assert_ne!(digest(&alone, 1), never, "one that pays moves somebody");
}
