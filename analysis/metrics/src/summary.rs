//! All metrics of a run, and the observer that gathers them.

use crate::capacity::{Capacity, GpuTime};
use crate::capital::{CapitalTally, Capitals, CardFacts};
use crate::committee::{Committee, CommitteeTally};
use crate::contracts::{ContractTally, Contracts};
use crate::demand::{Demand, DemandTally};
use crate::earnings::{Earnings, EarningsTally};
use crate::economy::{Economy, EconomyTally};
use crate::fleet::{FleetEarnings, FleetTally};
use crate::flows::{Books, Flow, FlowTally};
use crate::gas::{Gas, GasTally};
use crate::latency::{Latency, LatencyTally};
use crate::leases::{LeaseTally, Leases};
use crate::meaning::{Metric, describe};
use crate::misuse::{Misuse, MisuseTally};
use crate::named::Named;
use crate::networks::{NetworkGroup, NetworkTally};
use crate::orders::{OrderTally, Orders};
use crate::providers::{LossShares, ProviderTally};
use crate::rents::{RentTally, Rents};
use crate::rounds::{RoundTally, Rounds};
use crate::series::{Series, SeriesTally};
use crate::service::{Promise, Service, ServiceTally};
use crate::solvency::{Solvency, SolvencyTally};
use crate::stakes::{Slashes, StakeTally, Stakes};
use crate::supply::{Supply, SupplyTally};
use crate::tenants::{TenantTally, Tenants};
use crate::token::{Token, TokenTally};
use crate::trust::{Trust, TrustTally};
use crate::venues::{VenueTally, Venues};
use crate::wins::{Concentration, NewcomerWaits, WinTally, Wins};
use crate::work::{WorkFacts, WorkPrices, WorkTally};
use record::{EraRow, Names, Observer, Row};
use serde::Serialize;
use serde_json::Value;
use units::{HardwareTier, SimTime};

/// What a run amounts to: the contents of `summary.json`.
///
/// The path of a metric is its place here with dots between: `orders.matched_share`,
/// `pools.community.utilization_of_available`, `latency.match.p99`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Summary {
    /// Orders sent in the reported time.
    pub orders: Orders,
    /// GPU-hours and utilization of everything.
    pub market: Capacity,
    /// By pool.
    pub pools: Named<Capacity>,
    /// By hardware tier.
    pub tiers: Named<Capacity>,
    /// By region of the provider.
    pub regions: Named<Capacity>,
    /// By card.
    pub cards: Named<Capacity>,
    /// Earnings by card, USD per GPU-day.
    pub earnings: Named<Earnings>,
    /// Earnings by pool.
    pub earnings_by_pool: Named<Earnings>,
    /// Earnings by hardware tier.
    pub earnings_by_tier: Named<Earnings>,
    /// Earnings by region of the provider.
    pub earnings_by_region: Named<Earnings>,
    /// Earnings by provider kind.
    pub earnings_by_kind: Named<Earnings>,
    /// Earnings of everything.
    pub earnings_all: Earnings,
    /// What providers that were declared one by one earn, beside their peers.
    pub fleet: Named<FleetEarnings>,
    /// What capital costs, and whether cards pay.
    pub capital: Capitals,
    /// Who loses money.
    pub losses: LossShares,
    /// How unequally leases and their income are spread.
    pub concentration: Concentration,
    /// Who won leases.
    pub wins: Wins,
    /// How long newcomers wait for a lease.
    pub newcomers: NewcomerWaits,
    /// Rounds and bids of the sampled orders.
    pub rounds: Rounds,
    /// Time to match and to start, milliseconds.
    pub latency: Latency,
    /// Rounds, signatures, and what is censored.
    pub committee: Committee,
    /// Leases.
    pub leases: Leases,
    /// What classes promised, and how far it was kept.
    pub service: Named<Service>,
    /// Tenants who misbehave.
    pub misuse: Misuse,
    /// What leases promised.
    pub contracts: Contracts,
    /// Rents.
    pub rents: Rents,
    /// What work costs.
    pub work: WorkPrices,
    /// Where tenants took their jobs.
    pub venues: Venues,
    /// How long tenants stay.
    pub tenants: Tenants,
    /// What was wanted at which price, by pool.
    pub demand: Named<Demand>,
    /// The same by class.
    pub demand_by_class: Named<Demand>,
    /// Stake lost.
    pub slashes: Slashes,
    /// The token and its supply.
    pub economy: Economy,
    /// What calls cost.
    pub gas: Gas,
    /// Stake against what it secures, and the network's own profit and loss.
    pub solvency: Solvency,
    /// Stake, and what it brings its delegators.
    pub stakes: Stakes,
    /// Who entered and left.
    pub supply: Supply,
    /// Other networks, by name.
    pub networks: Named<NetworkGroup>,
    /// Trust tiers.
    pub trust: Trust,
    /// The books by asset.
    pub books: Named<Books>,
    /// What moved between whom and why.
    pub flows: Vec<Flow>,
    /// The token's price, and the market's own trades.
    pub token: Token,
    /// Pools over time.
    pub series: Named<Series>,
}

impl Summary {
    /// The metric under `path`; none when there is no such metric or it has no value.
    ///
    /// ```
    /// # use metrics::Summary;
    /// assert_eq!(Summary::default().get("orders.sent"), Some(0.0));
    /// assert_eq!(Summary::default().get("orders.matched_share"), None);
    /// ```
    pub fn get(&self, path: &str) -> Option<f64> {
        self.metrics().into_iter().find(|(other, _)| other == path).and_then(|(_, value)| value)
    }

    /// Whether there is a metric under `path`, with a value or without.
    pub fn has(&self, path: &str) -> bool {
        self.metrics().iter().any(|(other, _)| other == path)
    }

    /// The paths of all metrics, in the order of `summary.json`; lists are not metrics.
    pub fn metric_paths(&self) -> Vec<String> {
        self.metrics().into_iter().map(|(path, _)| path).collect()
    }

    /// All metrics with their paths.
    pub fn metrics(&self) -> Vec<(String, Option<f64>)> {
        let mut metrics = Vec::new();
        collect("", &self.value(), &mut metrics);
        metrics
    }

    /// All metrics with what they mean.
    pub fn described(&self) -> Vec<Metric> {
        describe(&self.value())
    }

    /// The text of `summary.json`.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string_pretty(&self.value()).expect("a value of JSON has a text");
        text.push('\n');
        text
    }

    fn value(&self) -> Value {
        serde_json::to_value(self).expect("keys are text and numbers are finite or null")
    }
}

/// Walks objects and notes numbers and nulls.
fn collect(path: &str, value: &Value, metrics: &mut Vec<(String, Option<f64>)>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(&path, field, metrics);
            }
        }
        Value::Number(number) => metrics.push((path.to_string(), number.as_f64())),
        Value::Null => metrics.push((path.to_string(), None)),
        Value::Bool(_) | Value::String(_) | Value::Array(_) => {}
    }
}

/// GPU-time and earnings, from the books of eras.
struct EraTally {
    market: GpuTime,
    pools: Vec<GpuTime>,
    tiers: [GpuTime; HardwareTier::ALL.len()],
    regions: Vec<GpuTime>,
    cards: Vec<GpuTime>,
    earnings: Vec<EarningsTally>,
    earnings_by_pool: Vec<EarningsTally>,
    earnings_by_tier: [EarningsTally; HardwareTier::ALL.len()],
    earnings_by_region: Vec<EarningsTally>,
    earnings_by_kind: Vec<EarningsTally>,
    earnings_all: EarningsTally,
}

impl EraTally {
    fn new(names: &Names) -> EraTally {
        EraTally {
            market: GpuTime::default(),
            pools: vec![GpuTime::default(); names.pools.len()],
            tiers: Default::default(),
            regions: vec![GpuTime::default(); names.regions.len()],
            cards: vec![GpuTime::default(); names.cards.len()],
            earnings: vec![EarningsTally::default(); names.cards.len()],
            earnings_by_pool: vec![EarningsTally::default(); names.pools.len()],
            earnings_by_tier: Default::default(),
            earnings_by_region: vec![EarningsTally::default(); names.regions.len()],
            earnings_by_kind: vec![EarningsTally::default(); names.provider_kinds.len()],
            earnings_all: EarningsTally::default(),
        }
    }

    fn add(&mut self, row: &EraRow) {
        if !row.is_reported {
            return;
        }
        let (pool, card) = (row.pool.index(), usize::from(row.card.0));
        let groups = [
            &mut self.market,
            &mut self.pools[pool],
            &mut self.tiers[row.hardware_tier as usize],
            &mut self.regions[row.region.index()],
            &mut self.cards[card],
        ];
        groups.into_iter().for_each(|group| group.add(GpuTime::of_era(row)));
        let earnings = [
            &mut self.earnings_all,
            &mut self.earnings[card],
            &mut self.earnings_by_pool[pool],
            &mut self.earnings_by_tier[row.hardware_tier as usize],
            &mut self.earnings_by_region[row.region.index()],
            &mut self.earnings_by_kind[row.provider_kind.index()],
        ];
        earnings.into_iter().for_each(|group| group.add(row));
    }
}

/// Gathers a summary from the rows of a run, as they come or read back from its tables.
pub struct SummaryBuilder {
    names: Names,
    orders: OrderTally,
    latency: LatencyTally,
    committee: CommitteeTally,
    eras: EraTally,
    fleet: FleetTally,
    capital: CapitalTally,
    providers: ProviderTally,
    wins: WinTally,
    rounds: RoundTally,
    leases: LeaseTally,
    service: ServiceTally,
    misuse: MisuseTally,
    contracts: ContractTally,
    rents: RentTally,
    work: WorkTally,
    venues: VenueTally,
    tenants: TenantTally,
    demand: DemandTally,
    flows: FlowTally,
    token: TokenTally,
    economy: EconomyTally,
    gas: GasTally,
    solvency: SolvencyTally,
    stakes: StakeTally,
    supply: SupplyTally,
    networks: NetworkTally,
    trust: TrustTally,
    series: SeriesTally,
}

impl SummaryBuilder {
    /// An empty summary of a run whose identifiers stand for `names`.
    pub fn new(names: Names) -> SummaryBuilder {
        SummaryBuilder {
            orders: OrderTally::new(&names),
            latency: LatencyTally::new(&names),
            committee: CommitteeTally::new(&names),
            eras: EraTally::new(&names),
            fleet: FleetTally::new(&names),
            capital: CapitalTally::new(&names),
            providers: ProviderTally::new(&names),
            wins: WinTally::new(&names),
            rounds: RoundTally::new(&names),
            leases: LeaseTally::new(&names),
            service: ServiceTally::new(&names),
            misuse: MisuseTally::default(),
            contracts: ContractTally::default(),
            rents: RentTally::new(&names),
            work: WorkTally::new(&names),
            venues: VenueTally::new(&names),
            tenants: TenantTally::new(&names),
            demand: DemandTally::new(&names),
            flows: FlowTally::default(),
            token: TokenTally::default(),
            economy: EconomyTally::default(),
            gas: GasTally::default(),
            solvency: SolvencyTally::default(),
            stakes: StakeTally::default(),
            supply: SupplyTally::new(&names),
            networks: NetworkTally::new(&names),
            trust: TrustTally::default(),
            series: SeriesTally::new(&names),
            names,
        }
    }

    /// Also says who would lose money under the prices of other books: each by its name and, by
    /// `CardId`, its prices over those in force.
    pub fn with_price_books(mut self, books: Vec<(String, Vec<f64>)>) -> SummaryBuilder {
        self.providers.compare_price_books(books);
        self
    }

    /// Also says whether cards pay: what there is to know of each, by `CardId`, and how many years
    /// it runs.
    pub fn with_cards(mut self, cards: Vec<CardFacts>, life_years: f64) -> SummaryBuilder {
        self.capital.learn(cards, life_years);
        self
    }

    /// Also says how far classes kept what they promised, by `ClassId`, in a run that is to end at
    /// `end`.
    pub fn with_promises(mut self, promises: Vec<Promise>, end: SimTime) -> SummaryBuilder {
        self.service.learn(promises, end);
        self
    }

    /// Also says what work costs, not only hours.
    pub fn with_work(mut self, facts: WorkFacts) -> SummaryBuilder {
        self.work.learn(facts);
        self
    }

    /// The summary of the rows so far.
    pub fn finish(&self) -> Summary {
        let names = &self.names;
        let capacities = |names: &[String], groups: &[GpuTime]| {
            Named::zip(names, groups.iter().map(|group| group.capacity()))
        };
        let tiers: Vec<_> = HardwareTier::ALL.map(|tier| tier.name().to_string()).into();
        let earnings = |names: &[String], groups: &[EarningsTally]| {
            Named::zip(names, groups.iter().map(EarningsTally::finish))
        };
        let flows = self.flows.finish();
        Summary {
            orders: self.orders.finish(names),
            market: self.eras.market.capacity(),
            pools: capacities(&names.pools, &self.eras.pools),
            tiers: capacities(&tiers, &self.eras.tiers),
            regions: capacities(&names.regions, &self.eras.regions),
            cards: capacities(&names.cards, &self.eras.cards),
            earnings: earnings(&names.cards, &self.eras.earnings),
            earnings_by_pool: earnings(&names.pools, &self.eras.earnings_by_pool),
            earnings_by_tier: earnings(&tiers, &self.eras.earnings_by_tier),
            earnings_by_region: earnings(&names.regions, &self.eras.earnings_by_region),
            earnings_by_kind: earnings(&names.provider_kinds, &self.eras.earnings_by_kind),
            earnings_all: self.eras.earnings_all.finish(),
            fleet: self.fleet.finish(names),
            capital: self.capital.finish(names),
            losses: self.providers.losses(names),
            concentration: self.wins.concentration(names),
            wins: self.wins.wins(names),
            newcomers: self.wins.newcomers(),
            rounds: self.rounds.finish(names),
            latency: self.latency.finish(names),
            committee: self.committee.finish(names),
            leases: self.leases.finish(names),
            service: self.service.finish(names),
            misuse: self.misuse.finish(),
            contracts: self.contracts.finish(),
            rents: self.rents.finish(names),
            work: self.work.finish(names),
            venues: self.venues.finish(names),
            tenants: self.tenants.finish(names),
            demand: self.demand.of_pools(names),
            demand_by_class: self.demand.of_classes(names),
            economy: self.economy.finish(),
            gas: self.gas.finish(),
            solvency: self.solvency.finish(),
            slashes: self.stakes.slashes(),
            stakes: self.stakes.stakes(),
            supply: self.supply.finish(names),
            networks: self.networks.finish(names),
            trust: self.trust.finish(),
            books: flows.books,
            flows: flows.flows,
            token: self.token.finish(),
            series: self.series.finish(names),
        }
    }
}

impl Observer for SummaryBuilder {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Order(row) => {
                self.orders.add(row);
                self.latency.add(row);
                self.committee.add_order(row);
            }
            Row::Lease(row) => {
                self.leases.add(row);
                self.contracts.add(row);
                self.rents.add_lease(row);
                self.work.add(row);
            }
            Row::Job(row) => self.service.add(row),
            Row::Tenant(row) => self.tenants.add(row),
            Row::Misuse(row) => self.misuse.add(row),
            Row::Rent(row) => self.rents.add_rent(row),
            Row::Venue(row) => self.venues.add(row),
            Row::Demand(row) => self.demand.add(row),
            Row::Provider(row) => {
                self.fleet.add(row);
                self.providers.add(row);
                self.wins.add(row);
                self.rents.add_provider(row);
                self.supply.add_provider(row);
            }
            Row::Era(row) => {
                self.eras.add(row);
                self.contracts.add_era(row);
                self.capital.add(row);
                self.stakes.add_era(row);
                self.trust.add(row);
                self.supply.add_era(row);
                self.gas.add_era(row);
            }
            Row::Slash(row) => self.stakes.add_slash(row),
            Row::Supply(row) => {
                self.supply.add(row);
                self.networks.add_change(row);
            }
            Row::Network(row) => self.networks.add(row),
            Row::Operator(row) => self.committee.add_operator(row),
            Row::Series(row) => self.series.add(row),
            Row::Price(row) => {
                self.token.add_price(row);
                self.gas.add_price(row);
            }
            Row::Gas(row) => self.gas.add(row),
            Row::Flow(row) => {
                self.flows.add(row);
                self.stakes.add_flow(row);
                self.token.add_flow(row);
            }
            Row::Economy(row) => {
                self.economy.add(row);
                self.solvency.add(row);
            }
            Row::Round(row) => self.rounds.add(row),
            Row::Bid(row) => self.rounds.add_bid(row),
        }
    }

    fn wants_sample(&self) -> bool {
        true
    }
}
