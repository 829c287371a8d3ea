//! The token's price and what else moves from outside: does it move what it should, and no more?

mod support;

use orrery::load;
use record::{EraRow, LeaseEnd, LeaseRow, Observer, PriceRow, ProviderRow, Row};
use support::{project, rows, run, scenario, summary};
use units::{SimTime, Span, Usd};
use world::{Options, Search};

/// A day of the small market without warm-up.
const DAY: [&str; 2] = ["clock.warm_up=0 d", "clock.horizon=1 d"];

fn day(sets: &[&str]) -> scenario::Scenario {
    scenario("small", &[&DAY, sets].concat())
}

/// Keeps what the tests look at.
#[derive(Default)]
struct Watcher {
    prices: Vec<PriceRow>,
    leases: Vec<LeaseRow>,
    eras: Vec<EraRow>,
    providers: Vec<ProviderRow>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Price(row) => self.prices.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            Row::Era(row) => self.eras.push(*row),
            Row::Provider(row) => self.providers.push(*row),
            _ => {}
        }
    }
}

fn watched(scenario: &scenario::Scenario, seed: u64) -> Watcher {
    let mut watcher = Watcher::default();
    let options = Options { audit_every_event: true, ..Options::default() };
    run(scenario, seed, options, &mut watcher);
    watcher
}

#[test]
fn a_scripted_price_goes_through_its_points() {
    let path = "token.path={ every = \"1 h\", between = \"step\", values = [0.03, 0.06, 0.0075] }";
    let watched = watched(&day(&["token.process=path", path]), 1);
    let nanos: Vec<u64> = watched.prices.iter().map(|row| row.token_nano_usd.nanos()).collect();
    assert_eq!(nanos[..4], [30_000_000, 60_000_000, 7_500_000, 7_500_000]);
    assert_eq!(nanos.len(), 25, "one row an hour, the first and the last among them");
}

#[test]
fn a_file_of_closes_and_the_numbers_in_it_are_the_same_scenario() {
    let folder = project("target/tests/closes");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    std::fs::write(folder.join("a.csv"), "date,close\n2024-01-01,2\n2024-01-02,3\n2024-01-03,1\n")
        .expect("the file can be written");
    let text = |closes: &str| {
        let base = project("scenarios/small.toml");
        format!(
            "question = \"q?\"\nexpectation = \"e\"\nextends = {base:?}\n[token]\n\
             process = \"bootstrap\"\nbootstrap = {{ every = \"1 h\", mean_block = 2, \
             closes = {closes} }}\n"
        )
    };
    let effective = |closes: &str| {
        let path = folder.join("closes.toml");
        std::fs::write(&path, text(closes)).expect("the file can be written");
        load::load(&path, &[]).unwrap_or_else(|why| panic!("{why}")).effective
    };
    let of_file = effective("{ csv = \"a.csv\", column = \"close\" }");
    assert_eq!(of_file, effective("[2.0, 3.0, 1.0]"));
    assert_ne!(of_file, effective("[2.0, 3.0, 1.5]"));
}

/// Whoever changes how the token moves changes no other draw: where nobody pays in tokens, orders
/// and leases are the same to the last nanosecond (common random numbers).
#[test]
fn another_process_of_the_token_moves_no_other_draw() {
    let of = |process: &str| {
        let process = format!("token.process={process}");
        rows(&day(&[&process]), 2, Options::default())
    };
    let (still, one) = of("constant");
    for process in ["gbm", "merton", "regimes", "ou_log"] {
        let (moved, other) = of(process);
        assert_eq!(moved.orders, still.orders, "{process}");
        assert_eq!(moved.leases, still.leases, "{process}");
        assert_ne!(other.digest.digest, one.digest.digest, "{process}: the price did move");
    }
}

/// Twice the tokens, each worth half: every dollar stays (M6).
#[test]
fn dollars_do_not_see_how_many_tokens_there_are() {
    let halved = [
        "token.price=0.015 USD/SPON",
        "emission.linear_pool.pool=20372300 SPON",
        "committee.stake=20000000 SPON",
    ];
    let dollars = |sets: &[&str]| {
        let providers = watched(&day(sets), 1).providers;
        let of = |row: &ProviderRow| {
            (row.lease_income_nano_usd, row.electricity_nano_usd, row.reward_nano_usd.nanos())
        };
        providers.iter().map(of).collect::<Vec<_>>()
    };
    for (one, other) in dollars(&[]).into_iter().zip(dollars(&halved)) {
        assert_eq!((one.0, one.1), (other.0, other.1));
        assert!((one.2 - other.2).abs() <= 1, "a started nano-dollar of a reward is dropped");
    }
}

/// With nothing locked beyond the bill, a token that halves leaves every escrow short.
#[test]
fn a_lease_that_cannot_be_paid_closes_at_that_settlement() {
    let sets = [
        "payment.rail=native_spot",
        "payment.native_spot.margin=0 %",
        "token.process=path",
        "token.path={ every = \"6 h\", between = \"step\", values = [1.0, 0.5] }",
        "ordering.ceiling={ min = 1.0, max = 1.05 }",
        "rewards.era=12 h",
    ];
    let market = day(&sets);
    let leases = watched(&market, 1).leases;
    let empty = leases.iter().filter(|lease| lease.end == LeaseEnd::EscrowEmpty);
    assert!(empty.clone().count() > 10, "escrows ran dry");
    for lease in empty {
        assert!(lease.unpaid_nano_usd > Usd::ZERO);
        assert_eq!(lease.refund_nano_usd, Usd::ZERO, "nothing was left");
        let orders = leases.iter().filter(|other| other.job_key == lease.job_key).count();
        assert!(orders > 1 || lease.closed_at_ns > SimTime::ZERO + Span::from_hours(10));
    }
    let censored = leases.iter().filter(|lease| lease.end == LeaseEnd::Censored);
    assert!(censored.clone().count() > 0);
    assert!(censored.clone().all(|lease| lease.closed_at_ns > lease.opened_at_ns));
    let still = day(&sets[..2]);
    let paid = watched(&still, 1).leases;
    assert!(paid.iter().all(|lease| lease.unpaid_nano_usd == Usd::ZERO), "a price stood still");
}

fn factor_path(driver: &str, from: &str) -> String {
    let path = format!("{{ every = \"12 h\", between = \"step\", values = {from} }}");
    format!("drivers.{driver}={{ process = \"path\", path = {path}, innovation = \"gaussian\" }}")
}

#[test]
fn electricity_multiplies_tariffs_and_nothing_else() {
    let twice = factor_path("electricity", "[1.0, 2.0]");
    let (plain, dear) = (watched(&day(&[]), 1), watched(&day(&[&twice]), 1));
    assert!(!plain.eras.is_empty());
    for (one, other) in plain.eras.iter().zip(&dear.eras) {
        let (one_cost, other_cost) = (one.electricity_nano_usd, other.electricity_nano_usd);
        assert!((2 * one_cost.nanos() - other_cost.nanos()).abs() <= 2);
        assert_eq!(one.lease_income_nano_usd, other.lease_income_nano_usd);
    }
}

#[test]
fn demand_multiplies_arrivals() {
    let orders = |sets: &[&str]| summary(&day(sets), 1).get("orders.jobs").expect("there are some");
    let half = factor_path("demand", "[1.0, 0.25]");
    let (plain, less) = (orders(&[]), orders(&[&half]));
    assert!((0.5..0.8).contains(&(less / plain)), "{less} of {plain}");
}

/// Bids and ceilings follow rents hour by hour; leases keep their prices, and the shelves that a
/// search skips by their lowest bid stay right: the eager reference looks at everybody.
#[test]
fn rents_multiply_bids_and_searches_still_agree() {
    let rents = factor_path("rents", "[1.0, 3.0]");
    let market = day(&[&rents]);
    let (lazy, one) = rows(&market, 1, Options::default());
    let eager = Options { search: Search::Eager, ..Options::default() };
    let (all, other) = rows(&market, 1, eager);
    assert_eq!(lazy.orders, all.orders);
    assert_eq!(one.digest.digest, other.digest.digest);
    let mean = |hours: std::ops::Range<u64>| {
        let leases = watched(&market, 1).leases;
        let inside = |lease: &&LeaseRow| {
            let hour = lease.opened_at_ns.nanos() / Span::HOUR.nanos();
            hours.contains(&hour) && lease.opened_at_ns > SimTime::ZERO
        };
        let prices = leases.iter().filter(inside).map(|l| l.price_nano_usd_per_gpu_hour.nanos());
        let prices: Vec<f64> = prices.map(|price| price as f64).collect();
        prices.iter().sum::<f64>() / prices.len() as f64
    };
    let grown = mean(12..24) / mean(0..12);
    assert!((2.0..4.5).contains(&grown), "leases cost {grown} times as much");
}

/// A pool that holds a fraction of what the small market turns over, so that its trades are felt.
const POOL: [&str; 5] = [
    "clock.warm_up=0 d",
    "clock.horizon=3 d",
    "token.traded=pool",
    "exchange.dollars=20000 USD",
    "token_sales.providers=50 %",
];

fn pooled(sets: &[&str]) -> scenario::Scenario {
    scenario("small", &[&POOL, sets].concat())
}

/// Whatever is traded, on every rail: the pool holds what it says after every event (T10), and the
/// market's own trades move the price.
#[test]
fn in_a_pool_the_market_moves_its_own_price() {
    for rail in ["stable", "native_frozen", "native_spot", "burn_mint", "usd_target"] {
        let rail = format!("payment.rail={rail}");
        let market = pooled(&[&rail, "token.process=gbm"]);
        let prices = watched(&market, 1).prices;
        let moved = prices.windows(2).filter(|two| two[0].token_nano_usd != two[1].token_nano_usd);
        assert!(moved.count() > 60, "{rail}: the price moves every hour");
        assert!(prices.iter().all(|row| row.token_nano_usd == row.traded_nano_usd), "{rail}");
    }
    let sold_only = summary(&pooled(&[]), 1);
    assert_eq!(sold_only.get("token.bought_spon"), Some(0.0), "nobody needs tokens");
    assert!(sold_only.get("token.end_usd") < Some(0.0299), "who sells lowers the price");
    let bought = summary(&pooled(&["payment.rail=native_frozen"]), 1);
    assert!(bought.get("token.bought_usd") > Some(1_000.0));
    assert!(bought.get("token.end_usd") > sold_only.get("token.end_usd"), "who buys raises it");
}

/// Only providers sell, and what the pool then says follows from the ledger alone: tokens and
/// dollars of a swap pool multiply to no less than before.
#[test]
fn a_pool_that_nobody_trades_in_changes_nothing() {
    let (plain, _) = rows(&day(&[]), 1, Options::default());
    let (idle, _) = rows(&day(&["token.traded=pool"]), 1, Options::default());
    assert_eq!(plain.orders, idle.orders);
    assert_eq!(plain.leases, idle.leases);
    let prices = watched(&day(&["token.traded=pool"]), 1).prices;
    assert!(prices.iter().all(|row| row.token_nano_usd.nanos() == 30_000_000));
}

/// News alone moves the pool's price as it would move the price outside, to a ten-thousandth.
#[test]
fn news_moves_the_pool_as_it_moves_the_price_outside() {
    let process = "token.process=merton";
    let (outside, pool) = (day(&[process]), day(&[process, "token.traded=pool"]));
    let (outside, pool) = (watched(&outside, 4).prices, watched(&pool, 4).prices);
    assert_ne!(outside[0].token_nano_usd, outside[24].token_nano_usd);
    for (one, other) in outside.iter().zip(&pool) {
        let (one, other) = (one.token_nano_usd.nanos(), other.token_nano_usd.nanos());
        assert!(one.abs_diff(other) <= one / 10_000, "{one} or {other}");
    }
}

/// A feed that takes the mean over half a day lags behind what is traded.
#[test]
fn a_feed_over_a_window_lags_behind_the_pool() {
    let path = "token.path={ every = \"12 h\", between = \"step\", values = [1.0, 2.0] }";
    let sets = ["token.process=path", path, "token.traded=pool", "exchange.feed_window=4 h"];
    let prices = watched(&day(&sets), 1).prices;
    let seen: Vec<u64> =
        prices[11..17].iter().map(|row| row.token_nano_usd.nanos() / 1_000_000).collect();
    assert_eq!(seen, [30, 30, 37, 45, 52, 60]);
    assert_eq!(prices[12].traded_nano_usd.nanos() / 1_000_000, 60);
}

/// The preset moves all at once, and down: it is laid over any scenario.
#[test]
fn the_bear_is_laid_over_any_scenario() {
    let folder = project("target/tests/bear");
    std::fs::create_dir_all(&folder).expect("the folder can be made");
    let (small, bear) = (project("scenarios/small.toml"), project("scenarios/library/bear.toml"));
    let text = format!(
        "question = \"q?\"\nexpectation = \"e\"\nextends = [{small:?}, {bear:?}]\n\
         [clock]\nwarm_up = \"0 d\"\nhorizon = \"2 d\"\n"
    );
    let path = folder.join("bear.toml");
    std::fs::write(&path, text).expect("the file can be written");
    let market = load::load(&path, &[]).unwrap_or_else(|why| panic!("{why}")).scenario;
    let prices = watched(&market, 1).prices;
    let (first, last) = (prices[0], prices[prices.len() - 1]);
    assert!(prices.iter().all(|row| row.regime == record::Regime::Bear));
    assert_ne!(first.token_nano_usd, last.token_nano_usd);
    assert_ne!(first.rents_nano, last.rents_nano);
    assert_ne!(first.demand_nano, last.demand_nano);
    assert_ne!(first.electricity_nano, last.electricity_nano);
}

/// Holders sell of what vesting releases, and that is pressure on the price too.
#[test]
fn holders_sell_of_what_is_released() {
    let of = |share: &str| {
        let summary = summary(&pooled(&[share]), 1);
        let get = |path: &str| summary.get(path).expect("it has a value");
        (get("token.sold_spon"), get("economy.vested_spon"), get("token.end_usd"))
    };
    let (none, half) = (of("token_sales.holders=0 %"), of("token_sales.holders=50 %"));
    assert!(half.1 > 0.0, "vesting releases something every era");
    let sold = half.0 - none.0;
    assert!(0.0 < sold && sold <= 0.5 * half.1 + 1.0, "{sold} of {}", half.1);
    assert!(half.2 < none.2, "and the price falls");
}

/// Delegators sell of their rewards before they stake the rest.
#[test]
fn delegators_sell_of_their_rewards() {
    let delegators = "delegation.delegators=40";
    let of = |share: &str| {
        let summary = summary(&pooled(&[delegators, "token_sales.providers=0 %", share]), 1);
        let get = |path: &str| summary.get(path).expect("it has a value");
        (get("token.sold_spon"), get("token.end_usd"))
    };
    let (none, all) = (of("token_sales.delegators=0 %"), of("token_sales.delegators=100 %"));
    let half = of("token_sales.delegators=50 %");
    assert!(none.0.abs() < f64::EPSILON && all.0 > 100.0, "{none:?} {all:?}");
    assert!(half.0 > 0.4 * all.0 && half.0 < all.0, "{half:?}");
    assert!(all.1 < half.1 && half.1 < none.1, "and the price falls");
}

/// What the foundation buys raises the price, and what it burns leaves the supply.
#[test]
fn the_foundation_buys_back_and_burns() {
    let of = |sets: &[&str]| {
        let summary = summary(&pooled(sets), 1);
        let get = |path: &str| summary.get(path).expect("it has a value");
        ["token.end_usd", "economy.burned_spon", "economy.treasury_usd"].map(get)
    };
    let [price, burned, dollars] = of(&[]);
    let [higher, destroyed, left] = of(&["treasury.buy_back=50 %"]);
    assert!(burned.abs() < f64::EPSILON && destroyed > 1_000.0, "{destroyed}");
    assert!(higher > price && left < dollars / 2.0, "{higher} {left}");
    let [_, kept, _] = of(&["treasury.buy_back=50 %", "treasury.burned=0 %"]);
    assert!(kept.abs() < f64::EPSILON);
}

/// A market whose trades move the price by impact alone: no news, and a thin day.
const PRESSED: [&str; 6] = [
    "clock.warm_up=0 d",
    "clock.horizon=3 d",
    "token.traded=impact",
    "impact.linear.depth=20000 USD",
    "impact.form=linear",
    "token_sales.providers=50 %",
];

fn pressed(sets: &[&str]) -> scenario::Scenario {
    scenario("small", &[&PRESSED, sets].concat())
}

/// The formula of the note again, from the ledger's own sums of the days.
#[test]
fn what_a_day_sells_moves_the_price_by_its_impact() {
    let market = pressed(&["impact.pull=0"]);
    let (found, watched) = (summary(&market, 1), watched(&market, 1));
    let prices: Vec<u64> = watched.prices.iter().map(|row| row.token_nano_usd.nanos()).collect();
    assert!(prices[..24].iter().all(|price| *price == 30_000_000), "a day must pass first");
    assert!(prices[24..48].iter().all(|price| *price == prices[24]), "and then another");
    assert!(prices[24] < 30_000_000 && prices[48] < prices[24], "providers sold: {prices:?}");
    // Sums add up in logarithms, whatever the days: ln P = -sold / depth.
    let sold = found.get("token.sold_usd").expect("they sold");
    let last = *prices.last().expect("there are hours") as f64;
    // The exponential as (1 + x/n)^n, by squaring.
    let root = 1.0 - sold / 20_000.0 / f64::from(1 << 20);
    let wanted = 0.03e9 * (0..20).fold(root, |power, _| power * power);
    assert!((last / wanted - 1.0).abs() < 1e-6, "{last} or {wanted}");
}

#[test]
fn what_trades_did_to_the_price_wears_off_and_who_buys_raises_it() {
    let end = |sets: &[&str]| summary(&pressed(sets), 1).get("token.end_usd").expect("it has one");
    let (kept, worn) = (end(&["impact.pull=0"]), end(&["impact.pull=2000"]));
    assert!(kept < worn && worn < 0.03, "{kept} {worn}");
    assert!(end(&["payment.rail=native_spot"]) > 0.03, "tenants buy more than providers sell");
    let root = ["impact.form=square_root", "impact.square_root.volume=20000 USD"];
    assert!(end(&root) < 0.03);
    let still = ["token_sales.providers=0 %", "token.process=gbm"];
    let of =
        |sets: &[&str]| rows(&pressed(&[&still, sets].concat()), 1, Options::default()).1.digest;
    assert_eq!(of(&[]), of(&["token.traded=outside"]), "who trades nothing moves nothing");
}

#[test]
fn searches_agree_and_books_are_whole_while_trades_press_the_price() {
    let market = pressed(&["payment.rail=native_spot", "token.process=merton"]);
    let (lazy, one) = rows(&market, 1, Options::default());
    let eager = Options { search: Search::Eager, audit_every_event: true, ..Options::default() };
    let (all, other) = rows(&market, 1, eager);
    assert_eq!(lazy.orders, all.orders);
    assert_eq!(one.digest.digest, other.digest.digest);
}
