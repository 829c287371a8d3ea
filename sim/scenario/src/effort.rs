//! How long a run will take, by what it has most of: a warning before it starts, with the key that
//! makes it long.
//!
//! Times are of one core, measured with `small.toml`, and meant to the order of magnitude.

use crate::doubts::Doubt;
use crate::load_sheet::LoadSheet;
use crate::validated::{Faults, HostClass, Maintenance, Pool, Scenario};
use units::text::span;
use units::{HostClassId, Span};

/// What takes longer is worth a word.
const LONG_S: f64 = 20.0;
/// Jobs are what a run is about, and large markets have many.
const LONG_OF_JOBS_S: f64 = 600.0;
/// What one of each takes, in seconds.
const JOB_S: f64 = 50e-6;
const DECISION_S: f64 = 5e-6;
const FAULT_S: f64 = 2e-6;
const PROVIDER_ERA_S: f64 = 5e-6;
/// What one provider, prospects too, takes of memory, and how much is worth a word.
const PROVIDER_BYTES: f64 = 1_900.0;
const MANY_BYTES: f64 = 1e9;
/// Most orders of a job that finds nobody: ten times those of six hours at one in ten minutes is
/// far below it.
const ORDERS_MAX: u64 = 1_000;

/// All that makes a run of a scenario long, or large.
pub fn efforts(scenario: &Scenario) -> Vec<Doubt> {
    let parts = [of_jobs, of_retries, of_people, of_eras, of_spam].map(|part| part(scenario));
    parts.into_iter().flatten().chain(of_faults(scenario)).collect()
}

/// The doubt about so many of something, if they take long.
fn long(key: &str, count: f64, what: &str, each_s: f64, max_s: f64, remedy: &str) -> Option<Doubt> {
    let time = Span::from_secs_f64_rounded(count * each_s);
    let message = || format!("makes {count:.0} {what}, about {} of a core; {remedy}", span(time));
    (count * each_s > max_s).then(|| (key.to_string(), message()))
}

fn of_jobs(scenario: &Scenario) -> Option<Doubt> {
    let sheet = LoadSheet::of(scenario);
    let hours = scenario.clock.total().as_hours_f64();
    let grown = |load: &crate::load_sheet::ClassLoad| load.arrivals_per_hour * load.growth_mean;
    let classes = sheet.pools.iter().flat_map(|pool| &pool.classes);
    let drawn: f64 = classes.map(|(_, load)| grown(load) * hours).sum();
    let replayed = sheet.pools.iter().filter_map(|pool| pool.replay.as_ref());
    let jobs = drawn + replayed.map(|replay| replay.jobs).sum::<f64>();
    let remedy = "lower the demand, lengthen the jobs, or shorten clock.horizon";
    long("class", jobs, "jobs", JOB_S, LONG_OF_JOBS_S, remedy)
}

/// Orders for a job that nobody serves.
fn of_retries(scenario: &Scenario) -> Option<Doubt> {
    let (ordering, every) = (&scenario.ordering, scenario.ordering.retry_every);
    let patience = ordering.patience.min(scenario.clock.total());
    let orders = patience.nanos().checked_div(every.nanos())?;
    let message = || {
        format!(
            "lets a job that finds nobody order {orders} times; write at least \"{}\"",
            span(Span::from_secs(1 + patience.nanos() / 1_000_000_000 / ORDERS_MAX))
        )
    };
    let is_many = orders > ORDERS_MAX && !scenario.waiting.is_line;
    is_many.then(|| ("ordering.retry_every".to_string(), message()))
}

fn providers(pool: &Pool) -> f64 {
    let newcomers = pool.newcomers.map_or(0, |some| some.count);
    let prospects = pool.entry.map_or(0, |entry| entry.prospects);
    f64::from(pool.providers) + f64::from(newcomers) + f64::from(prospects)
}

/// The pool that has most providers and prospects, and what all pools have.
fn largest(scenario: &Scenario) -> Option<(&Pool, f64)> {
    let all = scenario.pools.iter().map(providers).sum();
    let largest = scenario.pools.iter().max_by(|a, b| providers(a).total_cmp(&providers(b)))?;
    Some((largest, all))
}

/// Who decides, and how often; or how much room everybody takes.
fn of_people(scenario: &Scenario) -> Option<Doubt> {
    let (pool, all) = largest(scenario)?;
    let is_entry = pool.entry.is_some_and(|entry| entry.prospects > pool.providers);
    let key =
        format!("pool.{}.{}", pool.name, if is_entry { "entry.prospects" } else { "providers" });
    let is_deciding = !scenario.deciding_by().is_empty();
    let reviews = eras(scenario) / f64::from(scenario.investment.review_eras);
    let decisions = if is_deciding { all * libm::floor(reviews) } else { 0.0 };
    let remedy = "write fewer, or raise investment.review_eras";
    let slow = long(&key, decisions, "decisions", DECISION_S, LONG_S, remedy);
    let gigabytes = all * PROVIDER_BYTES / 1e9;
    let message = || format!("takes about {gigabytes:.1} GB of memory; write fewer");
    let large = (all * PROVIDER_BYTES > MANY_BYTES).then(|| (key.clone(), message()));
    slow.or(large)
}

fn eras(scenario: &Scenario) -> f64 {
    scenario.clock.total().as_secs_f64() / scenario.rewards.era.as_secs_f64()
}

/// Books of every provider at the end of every era.
fn of_eras(scenario: &Scenario) -> Option<Doubt> {
    let (_, all) = largest(scenario)?;
    let books = eras(scenario) * all;
    let remedy = "write a longer era, or fewer providers";
    long("rewards.era", books, "books of providers", PROVIDER_ERA_S, LONG_S, remedy)
}

/// Faults of all machines of a host class.
fn of_faults(scenario: &Scenario) -> Vec<Doubt> {
    let total = scenario.clock.total().as_secs_f64();
    let hosts = (0u16..).map(HostClassId).zip(&scenario.host_classes);
    let doubts = hosts.map(|(id, host)| {
        let share = |pool: &Pool| pool.host_class_weights.get(id.index()).copied().unwrap_or(0.0);
        let machines = |pool: &Pool| f64::from(pool.providers) * pool.machines_mean * share(pool);
        let machines: f64 = scenario.pools.iter().map(machines).sum();
        let key = |part: &str| format!("host_class.{}.{part}", host.name);
        let faults = seconds_between(host).map_or(0.0, |between| machines * total / between);
        let remedy = "lengthen the times up and down";
        let faults = long(&key("fault"), faults, "faults", FAULT_S, LONG_S, remedy);
        let cycle = |one: Maintenance| one.every.max(Span::from_nanos(1)).as_secs_f64();
        let planned = host.maintenance.map_or(0.0, |one| machines * total / cycle(one));
        let remedy = "write a longer time in every";
        let planned = long(&key("maintenance"), planned, "pauses", FAULT_S, LONG_S, remedy);
        [faults, planned].into_iter().flatten()
    });
    doubts.flatten().collect()
}

/// Orders that nobody means.
fn of_spam(scenario: &Scenario) -> Option<Doubt> {
    let spam = &scenario.tenant_misuse.spam;
    let tenants = f64::from(scenario.tenants.count) * spam.share.as_f64();
    let orders = tenants * spam.per_day * scenario.clock.total().as_hours_f64() / 24.0;
    let remedy = "write less of share or per_day";
    long("tenant_misuse.spam", orders, "orders", JOB_S, LONG_S, remedy)
}

/// The mean time from one fault of a machine to the next; none where its own are not drawn.
fn seconds_between(host: &HostClass) -> Option<f64> {
    let cycle = |law: &crate::validated::UpDown| law.up.mean() + law.down.mean();
    match host.fault.as_ref()? {
        Faults::Law(law) => Some(cycle(law)),
        Faults::Sites(sites) => {
            let rate: f64 = sites.iter().map(|law| 1.0 / cycle(law)).sum();
            Some(sites.len() as f64 / rate)
        }
        Faults::Traces(_) => None,
    }
}
