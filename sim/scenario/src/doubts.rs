//! What is valid and yet hardly meant: settings that cannot do what they were written for. Each is
//! a warning at its key, with the remedy.

use crate::validated::{Demand, Image, Leaving, Pool, Scenario};
use units::text::span;
use units::{HostClassId, ProviderKindId, Span};

/// A key with dots, and what is doubtful about it.
pub type Doubt = (String, String);

/// All that is doubtful about a scenario.
pub fn doubts(scenario: &Scenario) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    doubts.extend(of_supply(scenario));
    for pool in &scenario.pools {
        doubts.extend(of_pool(scenario, pool));
    }
    doubts.extend(of_reviews(scenario));
    doubts.extend(of_kinds(scenario));
    doubts.extend(of_generations(scenario));
    doubts.extend(of_crews(scenario));
    doubts.extend(of_images(scenario));
    doubts.extend(of_notice(scenario));
    doubts
}

/// A doubt about a time that is past the end of the run.
fn past_end(scenario: &Scenario, key: String, at: Span, so: &str) -> Option<Doubt> {
    let remedy = "write less, or lengthen clock.horizon";
    let message = || format!("comes to {}, after the run has ended: {so}; {remedy}", span(at));
    (at >= scenario.clock.total()).then(|| (key, message()))
}

/// Whether anybody ever offers anything in a pool.
fn has_supply(scenario: &Scenario, pool: &Pool) -> bool {
    let has_fleet = scenario.fleet.iter().any(|one| {
        scenario.pools.get(one.pool.index()).is_some_and(|other| other.name == pool.name)
    });
    pool.providers > 0 || pool.newcomers.is_some() || pool.entry.is_some() || has_fleet
}

fn of_supply(scenario: &Scenario) -> Option<Doubt> {
    let is_empty = !scenario.pools.iter().any(|pool| has_supply(scenario, pool));
    let message = "has no provider in any pool, so nothing can happen; write providers, \
                   newcomers, entry or [[provider]]";
    is_empty.then(|| ("pool".to_string(), message.to_string()))
}

/// Demand that nobody can serve, and who is let in too late or has nothing to enter with.
fn of_pool(scenario: &Scenario, pool: &Pool) -> Vec<Doubt> {
    let key = |key: &str| format!("pool.{}.{key}", pool.name);
    let mut doubts = Vec::new();
    let is_wanted = matches!(pool.demand, Demand::Gpus(gpus) if gpus > 0.0);
    let is_wanted = is_wanted || pool.replay.as_ref().is_some_and(|file| !file.jobs.is_empty());
    if is_wanted && !has_supply(scenario, pool) {
        let message = "is 0, so that nobody serves its demand; write more, or demand = \"0 GPU\"";
        doubts.push((key("providers"), message.to_string()));
    }
    let check = pool.admission.check().map(|check| check.delay);
    let delay = check.unwrap_or_default();
    if let Some(newcomers) = pool.newcomers.filter(|_| !delay.is_zero()) {
        let at = newcomers.join + delay;
        let path = format!("admission.{}.delay", pool.admission.name());
        let so = format!("of the newcomers of pool {} nobody is let in", pool.name);
        doubts.extend(past_end(scenario, path, at, &so));
    }
    if let Some(entry) = pool.entry {
        let at = first_review(scenario) + entry.buying.lead_min + delay;
        let so = "nobody who orders at the first review is there before it";
        let is_late = first_review(scenario) < scenario.clock.total();
        doubts.extend(past_end(scenario, key("entry.lead_time"), at, so).filter(|_| is_late));
        if entry.buying.per_month == 0 {
            let message = "is 0: nobody can order; write more, or entry = \"none\"";
            doubts.push((key("entry.buying.per_month"), message.to_string()));
        }
    }
    doubts
}

fn first_review(scenario: &Scenario) -> Span {
    scenario.rewards.era.times(u64::from(scenario.investment.review_eras))
}

/// Decisions that come when nobody is left to see them.
fn of_reviews(scenario: &Scenario) -> Vec<Doubt> {
    let deciding = scenario.deciding_by();
    let mut doubts = Vec::new();
    if !deciding.is_empty() {
        let key = "investment.review_eras".to_string();
        doubts.extend(past_end(scenario, key, first_review(scenario), "nobody decides"));
    }
    if deciding.contains(&Leaving::Margin.name()) {
        let eras = u64::from(scenario.investment.window_eras);
        let key = "investment.window_eras".to_string();
        let so = "whoever leaves for want of cash decides on a full window, and none is full";
        doubts.extend(past_end(scenario, key, scenario.rewards.era.times(eras), so));
    }
    doubts
}

/// Kinds that review what they ask, or where they go, after the end.
fn of_kinds(scenario: &Scenario) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let is_used = |id: ProviderKindId| {
        scenario.pools.iter().any(|pool| pool.kind_weights.some().any(|used| used == id))
    };
    for (id, kind) in (0..).map(ProviderKindId).zip(&scenario.provider_kinds) {
        let Some(review) = kind.bidding.review().filter(|_| is_used(id)) else { continue };
        let key = format!("provider_kind.{}.{}", kind.name, kind.bidding.name());
        doubts.extend(past_end(scenario, key, review, "it never reviews what it asks"));
    }
    for (place, kind) in scenario.tenant_kinds.iter().enumerate() {
        let Some(churn) = &kind.churn else { continue };
        let weights = |pool: &Pool| pool.tenant_kinds.as_ref().map(|some| some.0[place]);
        if scenario.pools.iter().filter_map(weights).any(|weight| weight > 0.0) {
            let key = format!("tenant_kind.{}.churn.every", kind.name);
            doubts.extend(past_end(scenario, key, churn.every, "nobody thinks of moving"));
        }
    }
    doubts
}

/// A notice that is never over, or that nobody ever gives.
fn of_notice(scenario: &Scenario) -> Option<Doubt> {
    let notice = scenario.contracts.notice;
    let key = "contract.notice".to_string();
    if notice.is_zero() {
        return None;
    }
    let is_used = |id: HostClassId| {
        scenario.pools.iter().any(|pool| pool.host_class_weights[id.index()] > 0.0)
    };
    let is_wanted_back = (0..)
        .map(HostClassId)
        .zip(&scenario.host_classes)
        .any(|(id, host)| is_used(id) && (host.owner_use.is_some() || host.maintenance.is_some()));
    if !is_wanted_back && !scenario.waiting.displaces {
        let message = "is never given: nobody takes a lease back; write owner_use or maintenance \
                       for a host class, or ordering.line.displaces";
        return Some((key, message.to_string()));
    }
    past_end(scenario, key, notice, "no lease is taken back")
}

fn of_generations(scenario: &Scenario) -> Option<Doubt> {
    let last = scenario.hardware.generations.last()?;
    past_end(scenario, "hardware.generations".to_string(), last.at, "it is never seen")
}

/// Crews for machines that never fail.
fn of_crews(scenario: &Scenario) -> Vec<Doubt> {
    let hosts = scenario.host_classes.iter().zip(&scenario.repair_crews);
    let idle = hosts.filter(|(host, crews)| {
        crews.is_some() && host.fault.is_none() && host.gpu_fault.is_none()
    });
    let message = |name: &str| format!("repairs {name}, which never fails; write \"none\"");
    idle.map(|(host, _)| (format!("repair_crews.{}", host.name), message(&host.name))).collect()
}

/// Longest time that the image of a class may take in the median: jobs of a day pay for a second
/// day of waiting.
const PULL_MAX: Span = Span::DAY;

/// Images that the machines of their pool hardly ever have down.
fn of_images(scenario: &Scenario) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for class in &scenario.classes {
        let Some(Image { median_bytes, .. }) = class.image else { continue };
        let pool = &scenario.pools[class.pool.index()];
        let hosts = (0u16..).map(HostClassId).zip(&pool.host_class_weights);
        let used = hosts.filter(|(_, weight)| **weight > 0.0);
        let bits = used.map(|(id, _)| scenario.host_classes[id.index()].bandwidth_bits_per_s);
        let Some(slowest) = bits.min() else { continue };
        let pull = Span::from_secs_f64_rounded(median_bytes as f64 * 8.0 / slowest as f64);
        if pull > PULL_MAX {
            let (time, rate) = (span(pull), slowest / 1_000_000);
            doubts.push((
                format!("class.{}.image", class.name),
                format!("takes {time} at {rate} Mbps, which is paid for; write a smaller median"),
            ));
        }
    }
    doubts
}
