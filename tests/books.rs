//! Are the network's books in the tables what its flows say, and can every invariant of `check`
//! fail?

mod support;

use metrics::{Summary, SummaryBuilder};
use orrery::invariants::Invariants;
use record::{
    EconomyRow, EraRow, FlowParty, FlowReason, FlowRow, LeaseRow, Observer, OrderRow, ProviderRow,
    Row, UnmatchedReason,
};
use scenario::{Rail, Scenario};
use support::{run, scenario};
use units::{Spon, Usd};
use world::Options;

/// The rows of a run that the books are in.
#[derive(Default)]
struct Tables {
    economy: Vec<EconomyRow>,
    flows: Vec<FlowRow>,
    eras: Vec<EraRow>,
    leases: Vec<LeaseRow>,
    orders: Vec<OrderRow>,
    providers: Vec<ProviderRow>,
}

impl Observer for Tables {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Economy(row) => self.economy.push(*row),
            Row::Flow(row) => self.flows.push(*row),
            Row::Era(row) => self.eras.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            Row::Order(row) => self.orders.push(*row),
            Row::Provider(row) => self.providers.push(*row),
            _ => {}
        }
    }
}

const SHORT: [&str; 2] = ["clock.warm_up=1 d", "clock.horizon=3 d"];

fn tables(market: &Scenario) -> Tables {
    let mut tables = Tables::default();
    run(market, 1, Options::default(), &mut tables);
    assert!(tables.economy.len() > 3, "a warm-up and three eras");
    tables
}

/// On a stablecoin, with burn and mint, and with pay targeted in dollars that buys tokens back.
fn markets() -> [Scenario; 3] {
    ["stable", "burn_mint", "usd_target"].map(|rail| {
        let rail = format!("payment.rail={rail}");
        let sold = "token_sales.providers=50 %";
        scenario("small", &[SHORT[0], SHORT[1], &rail, sold])
    })
}

/// What a flow is worth, in nano-dollars: tables count every asset in 10^-18.
fn worth(flow: &FlowRow, price: u64) -> i128 {
    let whole = 10_i128.pow(18);
    let units = flow.amount.base();
    if flow.asset != "SPON" {
        return units / 10_i128.pow(9);
    }
    // Whole tokens and the rest apart, so that no product is too large.
    units / whole * i128::from(price) + units % whole * i128::from(price) / whole
}

#[test]
fn the_networks_profit_and_loss_follows_from_the_flows() {
    for market in markets() {
        let tables = tables(&market);
        for row in &tables.economy {
            let own = |party| {
                [FlowParty::Treasury, FlowParty::Rewards, FlowParty::Vault].contains(&party)
            };
            let sum = |is: &dyn Fn(&FlowRow) -> bool| {
                let flows = tables.flows.iter().filter(|flow| flow.era == row.era && is(flow));
                flows.map(|flow| worth(flow, row.price_nano_usd_per_spon)).sum::<i128>()
            };
            let fees = [
                FlowReason::LeaseFee,
                FlowReason::FacilitationFee,
                FlowReason::PayoutFee,
                FlowReason::LeasePayment,
                FlowReason::CreditsMinted,
            ];
            let pay = [
                FlowReason::EraReward,
                FlowReason::DelegatorReward,
                FlowReason::Milestone,
                FlowReason::LeasePayment,
                FlowReason::GatewayFee,
            ];
            let income = sum(&|f| !own(f.from) && own(f.to) && fees.contains(&f.reason));
            let rewards = sum(&|f| own(f.from) && !own(f.to) && pay.contains(&f.reason));
            let came = sum(&|f| f.to == FlowParty::Treasury);
            let went = sum(&|f| f.from == FlowParty::Treasury);
            let bought = |f: &FlowRow| f.asset == "USD" && f.reason == FlowReason::TokensBought;
            let buy_back = sum(&|f| bought(f) && f.from == FlowParty::Vault);
            assert_eq!(row.income_nano_usd.base(), income, "era {}", row.era);
            assert_eq!(row.rewards_nano_usd.base(), rewards, "era {}", row.era);
            assert_eq!(row.buy_back_nano_usd.base(), buy_back, "era {}", row.era);
            assert_eq!(row.bought_nano_usd.base(), sum(&bought), "era {}", row.era);
            assert_eq!(row.treasury_net_nano_usd.base(), came - went, "era {}", row.era);
            let parts =
                income + row.slashed_nano_usd.base() - rewards - row.gas_nano_usd.base() - buy_back;
            assert_eq!(row.profit_nano_usd.base(), parts, "era {}", row.era);
            assert!(row.stake_at_risk_nano_usd > Usd::ZERO);
            assert!(row.capital_cost_nano_usd > Usd::ZERO);
        }
        let any = |get: fn(&EconomyRow) -> Usd| tables.economy.iter().any(|r| get(r) > Usd::ZERO);
        assert!(any(|row| row.income_nano_usd) && any(|row| row.rewards_nano_usd));
        assert!(any(|row| row.value_at_risk_nano_usd));
        let buys = matches!(market.payment, Rail::UsdTarget(_));
        assert_eq!(any(|row| row.buy_back_nano_usd), buys);
    }
}

/// What escrow holds for leases in force is what cheating could bring; the rest of escrow waits
/// for a match. Without challengers nobody is deterred, and with the least stake of all nobody who
/// loses everything is tempted by less.
#[test]
fn stake_deters_as_far_as_challenges_find_and_slashes_take() {
    let run = |sets: &[&str]| tables(&scenario("small", &[&SHORT[..], sets].concat())).economy;
    let blind = run(&["challengers.detection=0 %"]);
    assert!(blind.iter().all(|row| row.corruption_cost_nano_usd == Usd::ZERO));
    assert!(blind.iter().any(|row| row.undeterred > 0));
    let watched = run(&["challengers.detection=100 %"]);
    for (blind, watched) in blind.iter().zip(&watched) {
        assert!(blind.corruption_profit_nano_usd <= blind.value_at_risk_nano_usd);
        assert_eq!(blind.corruption_profit_nano_usd, watched.corruption_profit_nano_usd);
        assert!(watched.corruption_cost_nano_usd > Usd::ZERO);
        assert!(watched.undeterred < blind.undeterred);
    }
}

fn summary(rows: &[EconomyRow]) -> Summary {
    let market = scenario("small", &SHORT);
    let mut builder = SummaryBuilder::new(world::names(&market));
    rows.iter().for_each(|row| builder.on_row(Row::Economy(row)));
    builder.finish()
}

/// The summary adds up whole reported eras and nothing else: an era more, an era less and another
/// amount in one of them are seen.
#[test]
fn the_summary_is_the_sum_of_the_reported_rows() {
    let rows = tables(&scenario("small", &SHORT)).economy;
    let whole = summary(&rows);
    let reported: Vec<_> = rows.iter().filter(|row| row.is_reported && row.is_complete).collect();
    let sum = |get: fn(&EconomyRow) -> i128| reported.iter().map(|row| get(row)).sum::<i128>();
    let tokens = |amount: i128| amount as f64 / 1e18;
    let dollars = |amount: i128| amount as f64 / 1e9;
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs();
    assert!(near(whole.economy.emitted_spon, tokens(sum(|row| row.emitted_spon.base()))));
    assert!(near(whole.economy.revenue_usd, dollars(sum(|row| row.revenue_nano_usd.base()))));
    assert!(near(whole.solvency.profit_usd, dollars(sum(|row| row.profit_nano_usd.base()))));
    let rewards = dollars(sum(|row| row.rewards_nano_usd.base()));
    assert!(near(whole.solvency.rewards_usd, rewards) && rewards > 0.0);
    assert_eq!(whole.economy.supply_spon, reported.last().map(|r| tokens(r.supply_spon.base())));

    let place = rows.iter().position(|row| row.is_reported).expect("an era is reported");
    let altered = |change: &dyn Fn(&mut Vec<EconomyRow>)| {
        let mut rows = rows.clone();
        change(&mut rows);
        summary(&rows)
    };
    let fewer = altered(&|rows| {
        rows.remove(place);
    });
    assert_ne!((&fewer.economy, &fewer.solvency), (&whole.economy, &whole.solvency));
    let more = altered(&|rows| rows[place].emitted_spon += Spon::ONE);
    assert!(near(more.economy.emitted_spon, whole.economy.emitted_spon + 1.0));
    let poorer = altered(&|rows| rows[place].profit_nano_usd = Usd::from_nanos(-1));
    assert!(!near(poorer.solvency.profit_usd, whole.solvency.profit_usd));
    let warm = altered(&|rows| rows[0].emitted_spon += Spon::ONE);
    assert!(!rows[0].is_reported, "the first era is warm-up");
    assert_eq!(warm.economy, whole.economy);
}

/// Makes the rows of an honest run wrong.
type Spoil<'a> = &'a dyn Fn(&mut Tables);

/// The breaches that rows have.
fn breaches(tables: &Tables) -> Vec<String> {
    let mut invariants = Invariants::on(Rail::Stable);
    tables.orders.iter().for_each(|row| invariants.on_row(Row::Order(row)));
    tables.leases.iter().for_each(|row| invariants.on_row(Row::Lease(row)));
    tables.flows.iter().for_each(|row| invariants.on_row(Row::Flow(row)));
    tables.eras.iter().for_each(|row| invariants.on_row(Row::Era(row)));
    tables.economy.iter().for_each(|row| invariants.on_row(Row::Economy(row)));
    tables.providers.iter().for_each(|row| invariants.on_row(Row::Provider(row)));
    invariants.finish().into_iter().filter_map(|finding| finding.breach).collect()
}

#[test]
fn every_invariant_of_check_can_fail() {
    let market = scenario("small", &SHORT);
    assert_eq!(breaches(&tables(&market)), [""; 0], "an honest run");
    let nano = Usd::from_nanos(1);
    let spoils: [(&str, Spoil<'_>); 8] = [
        ("after era 0", &|t| t.flows.retain(|flow| flow.reason != FlowReason::Deposit)),
        ("provider 0 in era 0", &|t| t.eras[0].net_nano_usd += nano),
        ("nano-USD in all", &|t| t.providers[0].net_nano_usd += nano),
        ("provider 0 in era 0", &|t| t.eras[0].paid_gpu_us = t.eras[0].reserved_gpu_us + 1),
        ("the lease of order", &|t| t.leases[0].paid_ns = units::Span::from_hours(1_000_000)),
        ("order 0x", &|t| t.orders[0].reason = UnmatchedReason::Payment),
        ("era 0", &|t| t.economy[0].undistributed_spon += Spon::ONE),
        ("era 1", &|t| t.economy[1].staked_spon = t.economy[1].supply_spon),
    ];
    for (number, (expected, spoil)) in spoils.into_iter().enumerate() {
        let mut tables = tables(&market);
        spoil(&mut tables);
        let found = breaches(&tables);
        assert!(found.iter().any(|one| one.contains(expected)), "spoil {number}: {found:?}");
    }
}
