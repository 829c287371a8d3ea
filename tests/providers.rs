//! Provider kinds: mixtures, what moves no draw, and what each way to ask comes to in a run.

mod support;

use record::{LeaseRow, Observer, ProviderRow, Row};
use std::collections::BTreeMap;
use support::{digest, loaded, project, rows, run, scenario};
use units::ProviderKindId;
use world::{Options, Search};

const DAYS: [&str; 2] = ["clock.warm_up=0 d", "clock.horizon=3 d"];

/// Every way to ask a price, side by side.
const ALL: &str = "{ posted = \"30 %\", script = \"10 %\", cost_plus = \"15 %\", \
                   feedback = \"15 %\", undercutting = \"15 %\", learning = \"15 %\" }";

/// A small market whose community is such a mixture.
fn market(kinds: &str, sets: &[&str]) -> scenario::Scenario {
    let kinds = format!("pool.community.kinds={kinds}");
    scenario("small", &[&DAYS, &[kinds.as_str()][..], sets].concat())
}

/// Keeps who there was and what was leased.
#[derive(Default)]
struct Seen {
    providers: Vec<ProviderRow>,
    leases: Vec<LeaseRow>,
}

impl Observer for Seen {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Provider(row) => self.providers.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            _ => {}
        }
    }
}

fn seen(market: &scenario::Scenario) -> Seen {
    let mut seen = Seen::default();
    run(market, 1, Options::default(), &mut seen);
    seen
}

#[test]
fn a_mixture_of_kinds_that_do_the_same_is_the_run_without_it() {
    let twins = ["provider_kind.twin={ bidding = \"posted\", leaving = \"never\", \
                 reserve = \"none\" }"];
    let mixture = market("{ posted = \"40 %\", twin = \"60 %\" }", &twins);
    let plain = market("{ posted = \"100 %\" }", &[]);
    assert_eq!(digest(&mixture, 1), digest(&plain, 1));
    let leases = seen(&mixture).leases;
    let twin = mixture.provider_kinds.iter().position(|kind| kind.name == "twin");
    let of_twin = |lease: &&LeaseRow| Some(lease.provider_kind.index()) == twin;
    let twins = leases.iter().filter(of_twin).count();
    assert!((1..leases.len()).contains(&twins), "there are leases of both");
}

#[test]
fn a_kind_without_weight_moves_no_draw() {
    let few = market("{ posted = \"50 %\", learning = \"50 %\" }", &[]);
    let idle = "provider_kind.nobody={ bidding = \"undercut\", leaving = \"never\", \
                reserve = \"electricity\", \
                undercut = { review = \"1 h\", rank = 1, by = \"5 %\" } }";
    let kinds = "{ nobody = \"0 %\", posted = \"50 %\", learning = \"50 %\" }";
    let (few, more) = (few, market(kinds, &[idle]));
    assert_eq!(digest(&few, 1), digest(&more, 1));
    assert_eq!(seen(&few).providers.len(), seen(&more).providers.len());
}

#[test]
fn kinds_run_the_same_however_bids_are_searched() {
    let splits = "pool.secured.splitting={ owners = 2, identities = 3, stake = 5.0 }";
    let drivers = "drivers.electricity={ process = \"gbm\", innovation = \"gaussian\", \
                   gbm = { mu = 0.0, sigma = 3.0 } }";
    let all = format!("pool.secured.kinds={ALL}");
    let sets = [splits, drivers, all.as_str(), "pool.secured.providers=12"];
    let market = market(ALL, &sets);
    let of = |search: Search| {
        let audit_every_event = search == Search::Lazy;
        rows(&market, 3, Options { search, audit_every_event, ..Options::default() })
    };
    let ((lazy, one), (eager, two)) = (of(Search::Lazy), of(Search::Eager));
    assert_eq!(one.digest, two.digest);
    assert_eq!(lazy.leases, eager.leases);
    assert_eq!(lazy.others, eager.others);
}

#[test]
fn each_kind_asks_otherwise_and_wins_leases() {
    let market = market(ALL, &["pool.community.providers=600", "tenants.count=300"]);
    let plain = scenario("small", &[&DAYS[..], &["pool.community.providers=600"]].concat());
    assert_ne!(digest(&market, 1), digest(&plain, 1));
    let seen = seen(&market);
    let mut leases: BTreeMap<ProviderKindId, u32> = BTreeMap::new();
    for lease in &seen.leases {
        *leases.entry(lease.provider_kind).or_default() += 1;
        assert!(lease.ask_nano_usd_per_gpu_hour <= lease.price_nano_usd_per_gpu_hour);
    }
    let names = |id: &ProviderKindId| market.provider_kinds[id.index()].name.as_str();
    let won: Vec<&str> = leases.keys().map(names).collect();
    assert_eq!(won.len(), 6, "{won:?} win leases");
    // An hour of the script: (100 + 8 x 1.6 + 32 x 0.8 + 100 x 0.02) / 730.5 USD.
    let script = market.provider_kinds.iter().position(|kind| kind.name == "script");
    let of_script = seen.providers.iter().filter(|p| Some(p.provider_kind.index()) == script);
    let secured = |p: &&ProviderRow| p.pool.0 == 0;
    for provider in of_script.filter(secured) {
        assert_eq!(provider.ask_nano_usd_per_gpu_hour.nanos(), 192_197_126);
    }
}

#[test]
fn identities_of_an_owner_ask_the_same() {
    let splits = ["pool.secured.splitting={ owners = 12, identities = 4, stake = 8.0 }"];
    let all = format!("pool.secured.kinds={ALL}");
    let sets = [&splits[..], &["pool.secured.providers=12", all.as_str()]].concat();
    let seen = seen(&market("{ posted = \"100 %\" }", &sets));
    let mut asks = BTreeMap::new();
    let mut identities = 0;
    for one in seen.providers.iter().filter(|one| one.owner_key != one.provider_key) {
        let of_owner = (one.provider_kind, one.ask_nano_usd_per_gpu_hour);
        assert_eq!(*asks.entry(one.owner_key).or_insert(of_owner), of_owner);
        identities += 1;
    }
    assert!(identities > asks.len(), "some have several");
}

/// Undercutting alone runs down to what a card costs, and stays there: electricity under load and
/// wear, after 5 % and 2 % for foundation and gateway and 1 % of the rest for being paid out.
#[test]
fn who_undercuts_one_another_ends_at_cost() {
    let sets = [
        "provider_kind.undercutting.undercut={ review = \"1 h\", rank = 1, by = \"10 %\" }",
        "pool.community.demand=20 %",
    ];
    let market = market("{ posted = \"0 %\", undercutting = \"100 %\" }", &sets);
    let seen = seen(&market);
    let home: Vec<&ProviderRow> = seen.providers.iter().filter(|one| one.pool.0 == 0).collect();
    let mut at_cost = 0;
    for one in &home {
        let card = &market.cards[usize::from(one.card.0)];
        let watts = f64::from(card.power.0 + market.costs.host_power.0);
        let tariff = market.regions[one.region.index()].household_tariff.nanos() as f64;
        let wear = card.price.nanos() as f64 * market.costs.wear_per_year.as_f64() / 8_760.0;
        let cost = (watts / 1_000.0 * tariff + wear) / (0.93 * 0.99);
        let ask = one.ask_nano_usd_per_gpu_hour.nanos() as f64;
        assert!(ask > cost - 1.0, "{one:?} asks less than {cost}");
        at_cost += usize::from(ask < cost + 10.0);
    }
    assert!(at_cost * 4 > home.len() * 3, "{at_cost} of {} ask what it costs them", home.len());
}

#[test]
fn numbers_of_kinds_that_nobody_is_of_are_not_in_force() {
    let plain = scenario("small", &[]);
    assert!(!plain.is_in_force("provider_kind.learning.learning.rate"));
    assert!(plain.is_in_force("provider_kind.posted.bidding"));
    let learned =
        loaded("small", &["pool.community.kinds={ posted = \"0 %\", learning = \"100 %\" }"]);
    assert!(learned.scenario.is_in_force("provider_kind.learning.learning.rate"));
}

#[test]
fn electricity_by_country_is_off_until_a_pool_asks_and_then_goes_by_shares() {
    let europe = "pool.community.regions={ nae = \"0 %\", nac = \"0 %\", naw = \"0 %\", \
                  euw = \"0 %\", euc = \"100 %\", eue = \"0 %\", aps = \"0 %\", \
                  apse = \"0 %\", ape = \"0 %\", apne = \"0 %\", oc = \"0 %\", \
                  sa = \"0 %\", me = \"0 %\", af = \"0 %\" }";
    let idle = "country.germany.household_tariff=0.9 USD/kWh";
    let posted = "{ posted = \"100 %\" }";
    let region = market(posted, &[europe]);
    assert_eq!(digest(&region, 1), digest(&market(posted, &[europe, idle]), 1));
    assert!(!region.is_in_force("country.germany.share"));
    let spread = market(posted, &[europe, "pool.community.by_country=true"]);
    assert!(spread.is_in_force("country.germany.share"));
    assert!(!spread.is_in_force("country.qatar.share"), "nobody is in its region");
    let mut tariffs: BTreeMap<u64, u32> = BTreeMap::new();
    for one in seen(&spread).providers.iter().filter(|one| one.pool.0 == 0) {
        *tariffs.entry(one.tariff_nano_usd_per_kwh.nanos()).or_default() += 1;
    }
    // 70 % of 200 in Germany and Italy, the rest at the region's tariff; five standard deviations.
    let dear = tariffs[&410_000_000];
    assert!((108..=172).contains(&dear), "{tariffs:?}");
    assert_eq!(dear + tariffs[&245_000_000], 200);
}

/// The shipped mixtures are what the scenario that compares them says they are.
#[test]
fn variants_of_passive_income_are_the_mixtures_of_the_library() {
    let file = project("scenarios/seed/passive_income.toml");
    let base = orrery::load::load(&file, &[]).expect("it is valid");
    let weights = |scenario: &scenario::Scenario| {
        scenario.pools.iter().map(|pool| pool.kind_weights.clone()).collect::<Vec<_>>()
    };
    let mixtures: Vec<_> = base.comparison.variants.iter().map(|variant| &variant.name).collect();
    assert_eq!(mixtures, ["passive", "competing", "learning"]);
    for variant in &base.comparison.variants {
        let in_variant = orrery::load::load(&file, &variant.sets).expect("it is valid").scenario;
        let name = project(&format!("scenarios/library/mixtures/{}.toml", variant.name));
        let extends = [project("scenarios/small.toml"), name].map(|path| format!("{path:?}"));
        let text =
            format!("question = \"q?\"\nexpectation = \"e\"\nextends = [{}]\n", extends.join(", "));
        let path = std::env::temp_dir().join(format!("mixture-{}.toml", std::process::id()));
        std::fs::write(&path, text).expect("the temporary folder can be written");
        let of_library = orrery::load::load(&path, &[]).map(|loaded| loaded.scenario);
        std::fs::remove_file(&path).expect("it was written");
        let of_library = of_library.unwrap_or_else(|why| panic!("{}: {why}", variant.name));
        assert_eq!(weights(&in_variant), weights(&of_library), "{}", variant.name);
    }
}
