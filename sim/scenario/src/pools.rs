//! Supply and demand: tenants, pools and their job classes.

use crate::arrivals::{self, Surroundings};
use crate::catalogue::{log_normal, names, span_range};
use crate::node::{Node, Value};
use crate::reader::{Names, Table};
use crate::rules;
use crate::validated::{
    Class, Demand, Duration, DurationLaw, Durations, Fault, Image, KindWeights, Misconduct,
    Newcomers, OnFailure, Pool, PoolRules, Progress, Replay, Splitting, Tenants,
};
use std::collections::BTreeMap;
use units::text::{parse_bytes, parse_ppm, parse_span};
use units::{CardId, GpuCount, PoolId, Span};

/// Most pools.
const POOLS_MAX: usize = 64;
/// Most job classes of one pool.
const CLASSES_MAX: usize = 64;
/// Most tenants.
const TENANTS_MAX: u32 = 10_000_000;
/// Most providers of all pools.
const PROVIDERS_MAX: u32 = 2_000_000;
/// Most machines of all pools.
const MACHINES_MAX: u64 = 10_000_000;
/// Most GPUs of one machine.
const GPUS_MAX: u32 = 64;
/// Most GPUs of one pool, and of one provider: so that sums of their GPU-time, in nanoseconds over
/// the longest era where it counts downtime, fit into 64 bits.
const POOL_GPUS_MAX: u64 = 5_000_000;
pub const PROVIDER_GPUS_MAX: u64 = 30_000;
/// Loads outside this range are valid but doubtful.
const LOAD_USUAL: std::ops::RangeInclusive<f64> = 0.05..=0.95;
/// Most offences of one kind of a provider in a year.
const OFFENCES_MAX: f64 = 365.0;
/// Most GPUs wanted at once in a pool.
const DEMAND_MAX: f64 = 1e8;

/// The catalogues that pools refer to.
pub struct Catalogues {
    /// Cards.
    pub cards: Names,
    /// Regions.
    pub regions: Names,
    /// Host classes.
    pub host_classes: Names,
    /// Provider kinds.
    pub provider_kinds: Names,
    /// Tenant kinds.
    pub tenant_kinds: Names,
    /// The names of each pool's classes, in the order of the file.
    pub classes: BTreeMap<String, Vec<String>>,
    /// What is asked of who wants to be let in.
    pub checks: rules::Checks,
}

/// The names of each pool's classes, which its pool refers to.
pub fn class_names(root: &Table) -> BTreeMap<String, Vec<String>> {
    let pools = root.peek("class").map_or(&[][..], |node| node.entries());
    let names = |classes: &Node| classes.entries().iter().map(|(name, _)| name.clone()).collect();
    pools.iter().map(|(pool, classes)| (pool.clone(), names(classes))).collect()
}

/// Who needs GPUs.
pub fn tenants(root: &Table, regions: &Names) -> Tenants {
    root.table("tenants", |table| Tenants {
        count: table.whole("count", 0..=TENANTS_MAX),
        region_weights: table.shares("regions", regions),
    })
}

/// The pools, in the order of the file; a run takes `length`.
pub fn pools(root: &Table, catalogues: &Catalogues, length: Span) -> Vec<Pool> {
    names(root, "pool", POOLS_MAX);
    let pools = root.entries("pool", |name, table| {
        let pool = pool(name, table, catalogues, length);
        if pool.replay.is_some() && !is_nothing(pool.demand) {
            let message = "comes on top of demand; write demand = \"0 GPU\" for the file alone";
            table.warning("replay", message);
        }
        pool
    });
    let pools: Vec<Pool> = pools.into_iter().map(|(_, pool)| pool).collect();
    let providers = |pool: &Pool| {
        let newcomers = pool.newcomers.map_or(0, |newcomers| newcomers.count);
        let prospects = pool.entry.map_or(0, |entry| entry.prospects);
        u64::from(pool.providers) + u64::from(newcomers) + u64::from(prospects)
    };
    // Each machine that is added registers by itself.
    let added = |pool: &Pool| {
        let each = pool.expansion.map_or(0, |expansion| expansion.machines);
        u64::from(pool.providers) * u64::from(each)
    };
    let machines = |pool: &Pool| providers(pool) * u64::from(pool.machines_max) + added(pool);
    let all: u64 = pools.iter().map(machines).fold(0, u64::saturating_add);
    root.require(all <= MACHINES_MAX, "pool", || {
        format!(
            "may have {all} machines in all; keep providers times machines.max at {MACHINES_MAX} \
             or fewer"
        )
    });
    let providers: u64 = pools.iter().map(|pool| providers(pool) + added(pool)).sum();
    root.require(providers <= u64::from(PROVIDERS_MAX), "pool", || {
        format!("has {providers} providers in all; keep at most {PROVIDERS_MAX}")
    });
    pools
}

fn pool(name: &str, table: &Table, catalogues: &Catalogues, length: Span) -> Pool {
    let rules =
        table.word("rules", &[("fizz", PoolRules::Fizz), ("provider", PoolRules::Provider)]);
    let (machines_min, machines_max, machines_mean) = table.table("machines", machines);
    let gpus_per_machine = GpuCount(table.whole("gpus_per_machine", 1..=GPUS_MAX));
    let is_one = rules == PoolRules::Provider || gpus_per_machine.0 == 1;
    table.require(is_one, "gpus_per_machine", || {
        "is more than a machine under fizz rules has; write 1 or use rules = \"provider\""
            .to_string()
    });
    let providers = table.whole("providers", 0..=PROVIDERS_MAX);
    let each = u64::from(machines_max) * u64::from(gpus_per_machine.0);
    table.require(each <= PROVIDER_GPUS_MAX, "machines", || {
        format!("makes up to {each} GPUs of one provider; keep it at {PROVIDER_GPUS_MAX} or fewer")
    });
    let all = each.saturating_mul(u64::from(providers));
    table.require(all <= POOL_GPUS_MAX, "providers", || {
        format!("makes up to {all} GPUs; keep a pool at {POOL_GPUS_MAX} or fewer, or divide it")
    });
    Pool {
        name: name.to_string(),
        rules,
        providers,
        machines_min,
        machines_max,
        machines_mean,
        gpus_per_machine,
        card_weights: table.shares("cards", &catalogues.cards),
        region_weights: table.shares("regions", &catalogues.regions),
        host_class_weights: table.shares("host_classes", &catalogues.host_classes),
        kind_weights: KindWeights(table.shares("kinds", &catalogues.provider_kinds)),
        price_sigma: table.number("price_sigma", 0.0..=3.0),
        is_by_country: table.flag("by_country"),
        is_home: table.flag("is_home"),
        trust_weights: trust_weights(table, rules),
        newcomers: table.optional("newcomers", |table| newcomers(table, length)),
        entry: table.optional("entry", rules::entry),
        expansion: table.optional("expansion", rules::expansion),
        admission: rules::admission(table, catalogues.checks),
        splitting: table.optional("splitting", |split| splitting(split, providers)),
        misconduct: table.optional("misconduct", misconduct),
        demand: demand(table),
        demand_curve: rules::demand_curve(table),
        tenant_kinds: tenant_kinds(table, &catalogues.tenant_kinds),
        demand_sigma: table.number("demand_sigma", 0.0..=5.0),
        demand_correlation: table.number("demand_correlation", 0.0..=0.999),
        hours: table.multipliers("hours"),
        weekdays: table.multipliers("weekdays"),
        waves: arrivals::waves(table),
        bursts: arrivals::bursts(table),
        replay: replay(name, table, catalogues, (gpus_per_machine, length)),
    }
}

/// Shares of the kinds of a pool's tenants, or the word `none`.
fn tenant_kinds(table: &Table, names: &Names) -> Option<KindWeights> {
    match table.peek("tenant_kinds").map(|node| &node.value) {
        Some(Value::Text(word)) if word == "none" => None,
        _ => Some(KindWeights(table.shares("tenant_kinds", names))),
    }
}

/// The jobs of a pool's file, which come on top of its demand.
fn replay(
    pool: &str,
    table: &Table,
    catalogues: &Catalogues,
    (gpus_max, length): (GpuCount, Span),
) -> Option<Replay> {
    let classes = catalogues.classes.get(pool).cloned().unwrap_or_default();
    let classes = Names::new("class", classes);
    arrivals::replay(table, &Surroundings { classes, cards: &catalogues.cards, gpus_max, length })
}

fn newcomers(table: &Table, length: Span) -> Newcomers {
    let count = table.whole("count", 1..=PROVIDERS_MAX);
    let join = table.span_above_zero("join");
    if join >= length && !length.is_zero() {
        table.warning("join", "is not before the end of the run: none of them joins or is counted");
    }
    Newcomers { count, join }
}

fn splitting(table: &Table, providers: u32) -> Splitting {
    let owners = table.whole("owners", 1..=PROVIDERS_MAX);
    table.require(owners <= providers, "owners", || {
        format!("is more than the pool's {providers} providers; lower it")
    });
    Splitting {
        owners,
        identities: table.whole("identities", 1..=1_000),
        stake: table.number("stake", 0.0..=1e6),
    }
}

/// How often each provider does wrong in a year.
fn misconduct(table: &Table) -> Misconduct {
    let rate = |fault: Fault| table.number(fault.name(), 0.0..=OFFENCES_MAX);
    let per_year = Misconduct::FAULTS.map(rate);
    Misconduct { per_year, cheats: table.quantity("cheats", parse_ppm) }
}

fn machines(table: &Table) -> (u32, u32, f64) {
    let min = table.whole("min", 1..=100_000);
    let max = table.whole("max", 1..=100_000);
    let mean = table.number("mean", 1.0..=100_000.0);
    table.require(min <= max, "min", || "is above max; lower min or raise max".to_string());
    table.require((f64::from(min)..=f64::from(max)).contains(&mean), "mean", || {
        format!("is not between min and max; write {min} to {max}")
    });
    (min, max, mean)
}

/// Weights of the seven trust tiers; fizz rules know none.
fn trust_weights(table: &Table, rules: PoolRules) -> Vec<f64> {
    if rules == PoolRules::Fizz {
        if table.peek("trust").is_some() {
            table.problem("trust", "has no meaning under fizz rules; remove it");
        }
        return Vec::new();
    }
    let tiers = (1..=7).map(|tier| tier.to_string()).collect();
    table.shares("trust", &Names::new("trust tier", tiers))
}

/// `"60 %"` of the GPUs that are up, or `"8 GPU"` at once.
fn demand(table: &Table) -> Demand {
    let text = table.text("demand");
    let unit_at = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = (text[..unit_at].parse::<f64>(), text[unit_at..].trim());
    let demand = match (number, unit) {
        (Ok(share), "%") if share <= 1_000.0 => Some(Demand::Load(share / 100.0)),
        (Ok(gpus), "GPU") if gpus <= DEMAND_MAX => Some(Demand::Gpus(gpus)),
        _ => None,
    };
    let is_read = !text.is_empty();
    if is_read && demand.is_none() {
        table.problem(
            "demand",
            "is no demand; write \"60 %\" of the GPUs that are up, or \"8 GPU\"",
        );
    }
    if let Some(Demand::Load(load)) = demand {
        warn_of_load(table, load);
    }
    demand.unwrap_or(Demand::Load(0.0))
}

fn warn_of_load(table: &Table, load: f64) {
    if load > 0.0 && !LOAD_USUAL.contains(&load) {
        let (least, most) = (LOAD_USUAL.start() * 100.0, LOAD_USUAL.end() * 100.0);
        let message = format!(
            "is outside {least:.0}-{most:.0} % of the GPUs that are up; it is taken as written"
        );
        table.warning("demand", message);
    }
}

/// The job classes of all pools, pool by pool in the order of the file.
pub fn classes(root: &Table, pools: &[Pool], cards: &Names) -> Vec<Class> {
    let names = Names::new("pool", pools.iter().map(|pool| pool.name.clone()).collect());
    if root.peek("class").is_none() && pools.iter().all(has_no_demand) {
        return Vec::new();
    }
    root.table("class", |table| {
        for name in table.keys().filter(|name| names.len() > 0 && names.index(name).is_none()) {
            table.peek(name);
            table.problem(name, names.unknown(name));
        }
        let pools = (0u16..).map(PoolId).zip(pools.iter().take(POOLS_MAX));
        pools.flat_map(|(id, pool)| pool_classes(table, id, pool, cards)).collect()
    })
}

/// Whether a pool wants nothing.
pub fn has_no_demand(pool: &Pool) -> bool {
    is_nothing(pool.demand) && pool.replay.is_none()
}

fn is_nothing(demand: Demand) -> bool {
    matches!(demand, Demand::Load(amount) | Demand::Gpus(amount) if amount <= 0.0)
}

fn pool_classes(table: &Table, id: PoolId, pool: &Pool, cards: &Names) -> Vec<Class> {
    if table.peek(&pool.name).is_none() && has_no_demand(pool) {
        return Vec::new();
    }
    table.table(&pool.name, |of_pool| {
        let read = |name: &str, table: &Table| class(name, table, (id, pool), cards);
        let classes: Vec<Class> = of_pool.all_entries(read).into_iter().map(|(_, c)| c).collect();
        of_pool.require(classes.len() <= CLASSES_MAX, "", || {
            format!("has {} classes; keep at most {CLASSES_MAX}", classes.len())
        });
        of_pool.whole_share(classes.iter().map(|class| class.share.as_f64()).sum());
        classes
    })
}

fn class(name: &str, table: &Table, (id, pool): (PoolId, &Pool), cards: &Names) -> Class {
    let sizes = table.table("gpus", |gpus| sizes(gpus, pool.gpus_per_machine));
    Class {
        name: format!("{}.{name}", pool.name),
        pool: id,
        share: table.quantity("share", parse_ppm),
        duration: table.table("duration", |duration| durations(duration, &sizes)),
        sizes,
        reference: reference(table, cards),
        hours: arrivals::hours(table),
        growth: arrivals::growth(table),
        demand_curve: rules::class_curve(table, pool.demand_curve),
        image: table.optional("image", image),
        progress: progress(table),
        long_contracts: rules::long_share(table),
        on_failure: on_failure(table),
        uptime_min: table.quantity("uptime_min", parse_ppm),
        latency_bound: table.optional("latency_bound", span_range),
        service_level: rules::service_level(table),
    }
}

fn image(table: &Table) -> Image {
    let image = Image {
        median_bytes: table.quantity("median", parse_bytes),
        sigma: table.number("sigma", 0.0..=3.0),
        max_bytes: table.quantity("max", parse_bytes),
    };
    table.require(image.median_bytes <= image.max_bytes, "median", || {
        "is above max; lower median or raise max".to_string()
    });
    image
}

/// The card whose hours a class's jobs are counted in; none for the word `fixed`.
fn reference(table: &Table, cards: &Names) -> Option<CardId> {
    if let Some(Value::Text(word)) = table.peek("speed").map(|node| &node.value) {
        if word != "fixed" {
            table
                .problem("speed", "is no speed; write \"fixed\", or { scales_from = \"rtx4090\" }");
        }
        return None;
    }
    let card = table.table("speed", |speed| speed.reference("scales_from", cards));
    Some(CardId(u16::try_from(card).unwrap_or(0)))
}

/// Numbers of GPUs and their shares of the orders.
fn sizes(table: &Table, most: GpuCount) -> Vec<(GpuCount, f64)> {
    let mut sizes = Vec::new();
    for key in table.keys() {
        let share = table.quantity(key, parse_ppm).as_f64();
        match key.parse::<u32>() {
            Ok(gpus) if gpus >= 1 && gpus <= most.0.max(1) => sizes.push((GpuCount(gpus), share)),
            Ok(gpus) if gpus >= 1 => {
                let machine = most.0;
                table.problem(
                    key,
                    format!("asks for {gpus} GPUs of one machine, which has {machine}; lower it"),
                );
            }
            _ => table.problem(key, "is no number of GPUs; write 1 or more"),
        }
    }
    table.whole_share(sizes.iter().map(|(_, share)| share).sum());
    sizes
}

/// One law for all sizes, or a table `by_gpus` with one for each.
fn durations(table: &Table, sizes: &[(GpuCount, f64)]) -> Durations {
    if !table.has("by_gpus") {
        return Durations::Alike(duration(table));
    }
    table.table("by_gpus", |laws| {
        let declared = |key: &str| sizes.iter().any(|(gpus, _)| gpus.0.to_string() == key);
        for key in laws.keys().filter(|key| !declared(key)) {
            laws.peek(key);
            laws.problem(key, "is no size of this class; give it a share under gpus, or remove it");
        }
        let law = |gpus: &GpuCount| laws.table(&gpus.0.to_string(), duration);
        Durations::BySize(sizes.iter().map(|(gpus, _)| law(gpus)).collect())
    })
}

/// The law of a duration and the range it is cut to.
fn duration(table: &Table) -> Duration {
    let laws = [("lognormal", 0), ("exponential", 1), ("fixed", 2)];
    let law = match table.word("law", &laws) {
        0 => DurationLaw::LogNormal(log_normal(table)),
        1 => DurationLaw::Exponential(table.quantity("mean", parse_span)),
        _ => DurationLaw::Fixed(table.span_above_zero("length")),
    };
    if let DurationLaw::Fixed(length) = law {
        return Duration { law, min: length, max: length };
    }
    let (min, max) = span_range(table);
    table.require(min < max, "min", || "is not below max; lower min or raise max".to_string());
    check_middle(table, law, min, max);
    Duration { law, min, max }
}

/// The middle of a law lies in its range, so that the range does not cut nearly all of it away.
fn check_middle(table: &Table, law: DurationLaw, min: Span, max: Span) {
    let (key, middle) = match law {
        DurationLaw::LogNormal(law) => ("median", law.median),
        DurationLaw::Exponential(mean) => ("mean", mean),
        DurationLaw::Fixed(_) => return,
    };
    let is_inside = min <= middle && middle <= max && !middle.is_zero();
    table
        .require(is_inside, key, || "is not between min and max; move it or the range".to_string());
}

fn progress(table: &Table) -> Progress {
    if let Some(Value::Text(_)) = table.peek("progress").map(|node| &node.value) {
        return table
            .word("progress", &[("service", Progress::Service), ("restart", Progress::Restart)]);
    }
    table.table("progress", |saved| Progress::Checkpoint(saved.span_above_zero("checkpoint")))
}

fn on_failure(table: &Table) -> OnFailure {
    if let Some(Value::Text(_)) = table.peek("on_failure").map(|node| &node.value) {
        return table
            .word("on_failure", &[("close", OnFailure::Close), ("migrate", OnFailure::Migrate)]);
    }
    table.table("on_failure", |wait| {
        OnFailure::PauseAndResume(wait.quantity("pause_and_resume", parse_span))
    })
}
