//! The checks C1 to C10 of economics.md 2.3, by their names.
//!
//! What stands elsewhere: C4 needs gangs, which the world has not; C5 is also held against a slow
//! queue in `engine/queue/tests.rs`. Each check is shown to fail on a run that was tampered with,
//! or on one for which it does not hold.

mod support;

use record::{EraRow, LeaseEnd, LeaseRow, Observer, OrderRow, Row, SeriesRow};
use scenario::Scenario;
use std::collections::BTreeMap;
use support::{run, scenario};
use units::{MachineId, SimTime, Span};
use world::{Census, Options, Simulation};

/// A small market in which machines fail and orders stand in line.
const BUSY: &[&str] = &[
    "clock.warm_up = \"0 d\"",
    "clock.horizon = \"54 h\"",
    "ordering.waiting = \"line\"",
    "pool.community.demand = \"90 %\"",
];

/// The rows that the checks look at.
#[derive(Clone, Default)]
struct Tables {
    orders: Vec<OrderRow>,
    leases: Vec<LeaseRow>,
    eras: Vec<EraRow>,
    series: Vec<SeriesRow>,
}

impl Observer for Tables {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Order(row) => self.orders.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            Row::Era(row) => self.eras.push(*row),
            Row::Series(row) => self.series.push(*row),
            _ => {}
        }
    }
}

fn tables(market: &Scenario, seed: u64) -> Tables {
    let mut tables = Tables::default();
    run(market, seed, Options::default(), &mut tables);
    tables
}

/// Lets `see` look at the simulation after every event, and at the time before it.
fn step_through(
    market: &Scenario,
    seed: u64,
    observer: &mut dyn Observer,
    mut see: impl FnMut(SimTime, &Simulation),
) {
    let mut simulation = Simulation::new(market, seed, Options::default());
    let mut before = simulation.now();
    while !simulation.advance(1, observer) {
        see(before, &simulation);
        before = simulation.now();
    }
    see(before, &simulation);
    simulation.finish(observer);
}

/// C1: at no instant do the leases of a machine hold more GPUs than it has. What closes at an
/// instant is given back before what opens at it takes.
fn overbooked(leases: &[LeaseRow], gpus_of: impl Fn(&LeaseRow) -> u32) -> Vec<MachineId> {
    let mut changes: BTreeMap<MachineId, Vec<(SimTime, i64)>> = BTreeMap::new();
    let mut most = BTreeMap::new();
    for lease in leases.iter().filter(|lease| lease.opened_at_ns < lease.closed_at_ns) {
        let gpus = i64::from(lease.gpus.0);
        let of_machine = changes.entry(lease.machine).or_default();
        of_machine.extend([(lease.opened_at_ns, gpus), (lease.closed_at_ns, -gpus)]);
        most.insert(lease.machine, i64::from(gpus_of(lease)));
    }
    let is_over = |(machine, mut changes): (MachineId, Vec<(SimTime, i64)>)| {
        changes.sort_unstable();
        let mut held = 0;
        let mut is_held = |(_, gpus): &(SimTime, i64)| {
            held += gpus;
            held > most[&machine]
        };
        changes.iter().any(&mut is_held).then_some(machine)
    };
    changes.into_iter().filter_map(is_over).collect()
}

#[test]
fn c1_no_gpu_is_in_two_leases_at_any_instant() {
    let market = scenario("small", BUSY);
    let gpus_of = |lease: &LeaseRow| market.pools[lease.pool.index()].gpus_per_machine.0;
    let Tables { mut leases, .. } = tables(&market, 1);
    assert!(leases.len() > 1_000);
    assert_eq!(overbooked(&leases, gpus_of), []);
    // A lease that was entered twice, on a machine that it fills.
    let full = leases.iter().find(|lease| lease.gpus.0 == gpus_of(lease)).copied();
    let full = full.expect("some lease fills its machine");
    leases.push(full);
    assert_eq!(overbooked(&leases, gpus_of), [full.machine]);
}

/// C2: nobody is paid while its machines are down, in any era, to the microsecond that a meter may
/// keep; and every lease is where its provider and the asked card are.
fn paid_while_down(eras: &[EraRow]) -> usize {
    let is_wrong = |era: &&EraRow| era.paid_gpu_us > era.available_gpu_us + 1;
    eras.iter().filter(is_wrong).count()
}

#[test]
fn c2_no_lease_runs_on_a_provider_that_is_down() {
    let market = scenario("small", BUSY);
    let mut tables = tables(&market, 1);
    let is_full =
        |era: &&mut EraRow| era.paid_gpu_us > 0 && era.available_gpu_us < era.installed_gpu_us;
    assert_eq!(paid_while_down(&tables.eras), 0);
    let era = tables.eras.iter_mut().find(is_full).expect("somebody was down for a while");
    era.paid_gpu_us = era.installed_gpu_us;
    assert_eq!(paid_while_down(&tables.eras), 1);
}

/// C2 after every event: nobody is served by a machine that is down, by who has left, is in jail or
/// does maintenance, nor on another card or in another pool than was asked for. Each way to be
/// wrong is shown to be noticed in `world/src/behaviour/census.rs`.
#[test]
fn c2_after_every_event_everybody_is_served_where_they_should_be() {
    let sets = ["clock.warm_up = \"0 d\"", "clock.horizon = \"4 d\""];
    for name in ["economy/stake_and_slash", "seed/bull_market_loop", "work/edge"] {
        let (mut seen, mut wrong) = (0_u64, 0);
        step_through(&scenario(name, &sets), 1, &mut (), |_, simulation| {
            seen += 1;
            wrong += simulation.wrongly_served();
        });
        assert!(seen > 20_000, "{name}");
        assert_eq!(wrong, 0, "{name}");
    }
}

/// C3 and C9: nobody is lost. [`Simulation::census`] counts every job anew and panics when those
/// who are there are not those who came less those who left.
#[test]
fn c3_every_job_is_somewhere_after_every_event() {
    let sets = [BUSY, &["clock.horizon = \"12 h\""]].concat();
    let mut seen = 0_u64;
    let mut last = Census::default();
    step_through(&scenario("small", &sets), 1, &mut (), |_, simulation| {
        seen += 1;
        last = simulation.census();
    });
    let (counts, present) = last.pools[0];
    assert!(seen > 2_000 && counts.done > 0 && counts.given_up > 0 && present.waiting > 0);
    assert!(last.is_complete());
    last.pools[0].0.done -= 1;
    assert!(!last.is_complete());
}

/// C5: time never runs backwards, and what a row says happened in its order.
#[test]
fn c5_time_only_goes_forward() {
    let mut tables = Tables::default();
    let mut times = Vec::new();
    step_through(&scenario("small", &["clock.horizon = \"6 h\""]), 1, &mut tables, |at, _| {
        times.push(at);
    });
    assert!(times.is_sorted());
    let is_ordered = |lease: &LeaseRow| lease.opened_at_ns <= lease.closed_at_ns;
    assert!(!tables.leases.is_empty());
    assert!(tables.leases.iter().all(is_ordered));
    times.swap(10, 5_000);
    assert!(!times.is_sorted());
}

/// Waits and leases of one class: what stands under an integral of how many there are, as sums
/// over jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Stay {
    waiting_ns: u128,
    serving_ns: u128,
}

fn stays_of_rows(tables: &Tables, classes: usize, end: SimTime) -> Vec<Stay> {
    let mut stays = vec![Stay::default(); classes];
    for order in &tables.orders {
        let since = order.submitted_at_ns.nanos() - order.waited_ns.nanos();
        let path = [
            order.propagation_ns,
            Some(order.line_ns),
            order.window_ns,
            order.committee_ns,
            order.inclusion_ns,
            order.ready_ns,
        ];
        let path = path.into_iter().collect::<Option<Vec<Span>>>();
        let served_at = path.map(|path| {
            let sent_at = order.submitted_at_ns.nanos();
            path.iter().fold(sent_at, |at, part| at + part.nanos())
        });
        let until = served_at.unwrap_or(end.nanos());
        stays[order.class.index()].waiting_ns += u128::from(until - since);
    }
    for lease in &tables.leases {
        let span = lease.closed_at_ns.since(lease.opened_at_ns);
        stays[lease.class.index()].serving_ns += u128::from(span.nanos());
    }
    stays
}

/// C6, Little's law in its exact form: the integral of how many are there is the sum of the times
/// that each is there. Integers, so it is an equality, for line and service and every class.
#[test]
fn c6_as_many_are_there_as_arrivals_times_their_stay() {
    let sets = ["clock.warm_up = \"0 d\"", "clock.horizon = \"30 d\""];
    let market = scenario("theory/priority", &sets);
    let mut tables = Tables::default();
    let mut stays = vec![Stay::default(); market.classes.len()];
    let mut present = Simulation::new(&market, 1, Options::default()).census().classes;
    assert!(present.iter().all(|present| present.waiting == 0), "nobody waits at the start");
    step_through(&market, 1, &mut tables, |before, simulation| {
        let span = u128::from(simulation.now().since(before).nanos());
        for (stay, present) in stays.iter_mut().zip(&present) {
            stay.waiting_ns += u128::from(present.waiting) * span;
            stay.serving_ns += u128::from(present.serving) * span;
        }
        present = simulation.census().classes;
    });
    let end = SimTime::ZERO + market.clock.total();
    assert!(stays.iter().all(|stay| stay.waiting_ns > 0 && stay.serving_ns > 0));
    assert_eq!(stays_of_rows(&tables, stays.len(), end), stays);
    let waited = tables.orders.iter().position(|order| order.line_ns > Span::ZERO);
    tables.orders.swap_remove(waited.expect("somebody waited"));
    assert_ne!(stays_of_rows(&tables, stays.len(), end), stays);
}

/// GPU-time of leases by region and hardware tier of their providers, in nanoseconds.
fn by_place(tables: &Tables, market: &Scenario) -> BTreeMap<(u16, String, u32), u128> {
    let mut times = BTreeMap::new();
    for lease in &tables.leases {
        let tier = format!("{:?}", market.cards[usize::from(lease.card.0)].tier);
        let span = u128::from(lease.closed_at_ns.since(lease.opened_at_ns).nanos());
        let key = (lease.region.0, tier, lease.provider.0);
        *times.entry(key).or_default() += span * u128::from(lease.gpus.0);
    }
    times
}

/// C6 and C7 by region, tier and provider: what meters counted as reserved is the sum of leases, to
/// the nanosecond; the meter shows whole microseconds and keeps the rest. Then a pool's utilization
/// is its leases an hour times their mean GPU-hours over its GPUs.
#[test]
fn c7_busy_time_is_the_time_of_leases() {
    let market = scenario("small", BUSY);
    let mut tables = tables(&market, 1);
    let mut metered: BTreeMap<(u16, String, u32), u128> = BTreeMap::new();
    for era in &tables.eras {
        let key = (era.region.0, format!("{:?}", era.hardware_tier), era.provider.0);
        *metered.entry(key).or_default() += u128::from(era.reserved_gpu_us);
    }
    metered.retain(|_, time| *time > 0);
    let whole = |tables: &Tables| {
        let mut times = by_place(tables, &market);
        times.values_mut().for_each(|time| *time /= 1_000);
        times.retain(|_, time| *time > 0);
        times
    };
    assert!(metered.len() > 100);
    assert_eq!(whole(&tables), metered);
    let in_pool = |series: &SeriesRow| series.pool.index() == 0;
    let of_pool = tables.series.iter().filter(|series| in_pool(series));
    let reserved: u128 = of_pool.map(|series| u128::from(series.reserved_gpu_us)).sum();
    let of_leases = tables.leases.iter().filter(|lease| lease.pool.index() == 0);
    let of_leases: u128 = of_leases
        .map(|lease| {
            let span = lease.closed_at_ns.since(lease.opened_at_ns).nanos();
            u128::from(lease.gpus.0) * u128::from(span)
        })
        .sum();
    assert_eq!(reserved, of_leases / 1_000, "throughput times mean service is busy time");
    tables.leases.pop();
    assert_ne!(whole(&tables), metered);
}

/// What arrivals find and what time shows: how many jobs are there, three or fewer to ten.
fn seen_and_stood(market: &Scenario, seed: u64) -> [[f64; 8]; 2] {
    let (mut seen, mut stood) = ([0.0; 8], [0.0; 8]);
    let mut last = (0, 0);
    step_through(market, seed, &mut (), |before, simulation| {
        let (counts, present) = simulation.census().pools[0];
        let there = (last.1 as usize).clamp(3, 10) - 3;
        stood[there] += simulation.now().since(before).as_secs_f64();
        if counts.arrived > last.0 {
            seen[there] += 1.0;
        }
        last = (counts.arrived, present.waiting + present.serving);
    });
    [seen, stood].map(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.map(|weight| weight / sum)
    })
}

/// The largest distance between both, over its uncertainty (Student's t, 19 degrees of freedom).
fn largest_t(market: &Scenario) -> f64 {
    let runs: Vec<[[f64; 8]; 2]> = (1..=20).map(|seed| seen_and_stood(market, seed)).collect();
    let t_of = |n: usize| {
        let gaps: Vec<f64> = runs.iter().map(|[seen, stood]| seen[n] - stood[n]).collect();
        let interval = estimate::mean_interval(&gaps).expect("there are runs");
        let error = interval.half_width.expect("runs have a spread") / 2.093;
        if error > 0.0 { (interval.mean / error).abs() } else { 0.0 }
    };
    (0..8).map(t_of).fold(0.0, f64::max)
}

/// C8: Poisson arrivals see time averages. False alarm 1e-3 over eight states: |t| < 4.6. Arrivals
/// as regular as a clock's find fewer there than time shows, and must be noticed.
#[test]
fn c8_poisson_arrivals_see_time_averages() {
    let days = ["clock.warm_up = \"0 d\"", "clock.horizon = \"12 d\""];
    let poisson = scenario("theory/erlang_loss_10", &days);
    let found = largest_t(&poisson);
    assert!(found < 4.6, "{found}");
    // Every 450 s; lengths of an exponential law of mean 1 h, by the golden ratio.
    #[expect(clippy::disallowed_methods, reason = "any lengths will do, to the last place or not")]
    let length = |n: u32| -3600.0 * (1.0 - (f64::from(n) * 0.618_034).fract()).ln();
    let job = |n: u32| format!("{}, 1, {:.3}\n", n * 450, length(n).max(0.001));
    let jobs: String = (1..12 * 24 * 8).map(job).collect();
    let text = format!("arrival_s, gpus, duration_s\n{jobs}");
    let replay = format!(
        "pool.servers.replay = {{ format = \"orrery\", class = \"work\", from = \"0 s\", \
         scale = 1.0, text = {text:?} }}"
    );
    let regular = ["pool.servers.demand = \"0 GPU\"", &replay];
    let regular = scenario("theory/erlang_loss_10", &[&days[..], &regular].concat());
    let found = largest_t(&regular);
    assert!(found > 4.6, "{found}");
}

/// C9: what goes into a stage comes out of it or is still in it: orders, leases, jobs.
#[test]
fn c9_what_enters_a_stage_leaves_it_or_is_in_it() {
    let market = scenario("small", BUSY);
    let mut tables = Tables::default();
    let (mut first, mut last) = (None, Vec::new());
    step_through(&market, 1, &mut tables, |_, simulation| {
        last = simulation.census().pools;
        first.get_or_insert_with(|| last.clone());
    });
    let sent: u64 = tables.series.iter().map(|hour| hour.orders).sum();
    assert_eq!(sent, tables.orders.len() as u64, "each order has one row");
    let confirmed = |order: &&OrderRow| order.ready_ns.is_some();
    let confirmed = tables.orders.iter().filter(confirmed).count();
    let matched: u64 = tables.series.iter().map(|hour| hour.matched).sum();
    assert_eq!(matched, confirmed as u64, "each confirmation is of one order");
    let at_start =
        first.expect("something happened").into_iter().map(|(_, present)| present.serving);
    let is_real = |lease: &&LeaseRow| lease.end != LeaseEnd::NoShow;
    let leases = tables.leases.iter().filter(is_real).count() as u64;
    assert_eq!(leases, at_start.sum::<u64>() + matched, "each confirmation opens one lease");
    let open = tables.leases.iter().filter(|lease| lease.end == LeaseEnd::Censored).count();
    assert_eq!(open as u64, last.iter().map(|(_, present)| present.serving).sum::<u64>());
    let given_up = tables.orders.iter().filter(|order| order.is_given_up).count();
    assert_eq!(given_up as u64, last.iter().map(|(counts, _)| counts.given_up).sum::<u64>());
}

/// For how long jobs wait beside a machine that would serve them.
fn wrongly_waiting(market: &Scenario) -> Span {
    let (mut wrongly, mut span) = (0, Span::ZERO);
    step_through(market, 1, &mut (), |before, simulation| {
        if wrongly > 0 {
            span += simulation.now().since(before);
        }
        wrongly = simulation.wrongly_waiting();
    });
    span
}

/// C10: where orders stand in line and nothing takes time, nobody waits beside room for it, also
/// where jobs have many sizes; where tenants look again every ten minutes, they do.
#[test]
fn c10_nobody_in_line_waits_beside_a_machine_with_room() {
    let sets = [
        "clock.warm_up = \"0 d\"",
        "clock.horizon = \"20 d\"",
        "pool.servers.providers = 4",
        "pool.servers.rules = \"provider\"",
        "pool.servers.trust = { 1 = \"100 %\" }",
        "pool.servers.gpus_per_machine = 4",
        "pool.servers.demand = \"14 GPU\"",
        "class.servers.work.gpus = { 1 = \"60 %\", 2 = \"25 %\", 4 = \"15 %\" }",
    ];
    assert_eq!(wrongly_waiting(&scenario("theory/impatience", &sets)), Span::ZERO);
    let retry = [&sets[..], &["ordering.waiting = \"retry\""]].concat();
    assert!(wrongly_waiting(&scenario("theory/impatience", &retry)) > Span::HOUR);
}
