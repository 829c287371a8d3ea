//! What a scenario offers against what it asks, before anything runs.
//!
//! Shares of demand are shares of GPU-hours; arrivals follow from the target and from the means of
//! the durations after they are cut to their ranges (protocol.md 10).

use crate::validated::{
    Card, Class, Demand, Duration, DurationLaw, Durations, Growth, Pool, Replay, Scenario,
};
use engine::distribution::Law;
use std::collections::BTreeMap;
use std::fmt;
use units::{CardId, ClassId, HostClassId, PoolId, Span};

/// The work of one job class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassLoad {
    /// The class.
    pub class: ClassId,
    /// Mean length of a job on the card that it asks for, in hours.
    pub mean_hours: f64,
    /// Mean GPUs of a job.
    pub mean_gpus: f64,
    /// Mean GPU-hours of a job, with the length that jobs of its size have.
    pub mean_gpu_hours: f64,
    /// Jobs that arrive in an hour.
    pub arrivals_per_hour: f64,
    /// GPUs at work at a time, if every job finds its place: also GPU-hours in an hour.
    pub gpus_in_progress: f64,
    /// What arrivals are multiplied by in the mean over the run: 1 where they do not grow.
    pub growth_mean: f64,
    /// What they are multiplied by when it ends.
    pub growth_end: f64,
}

impl ClassLoad {
    /// Jobs at work at a time, by Little's law.
    pub fn jobs_in_progress(&self) -> f64 {
        self.arrivals_per_hour * self.mean_hours
    }
}

/// The loads of a pool's classes when so many GPUs are up on average.
pub fn class_loads(scenario: &Scenario, pool: PoolId, gpus_available: f64) -> Vec<ClassLoad> {
    let wanted = gpus_wanted(scenario.pools[pool.index()].demand, gpus_available);
    let classes = (0u16..).map(ClassId).zip(&scenario.classes);
    let own = classes.filter(|(_, class)| class.pool == pool);
    own.map(|(id, class)| class_load(scenario, id, class, wanted)).collect()
}

/// GPUs that a pool's demand aims to keep at work.
fn gpus_wanted(demand: Demand, gpus_available: f64) -> f64 {
    match demand {
        Demand::Load(share) => share * gpus_available,
        Demand::Gpus(gpus) => gpus,
    }
}

fn class_load(scenario: &Scenario, id: ClassId, class: &Class, wanted: f64) -> ClassLoad {
    let slowness = slowness(scenario, class);
    let hours = |duration: &Duration| law(duration).mean() / 3600.0 * slowness;
    let mean_gpus: f64 = class.sizes.iter().map(|(gpus, share)| f64::from(gpus.0) * share).sum();
    let (mean_hours, mean_gpu_hours) = match &class.duration {
        Durations::Alike(duration) => (hours(duration), hours(duration) * mean_gpus),
        Durations::BySize(laws) => {
            let all =
                || class.sizes.iter().zip(laws).map(|((n, share), law)| (n, share * hours(law)));
            (all().map(|(_, h)| h).sum(), all().map(|(n, h)| f64::from(n.0) * h).sum())
        }
    };
    let gpus_in_progress = wanted * class.share.as_f64();
    let length = scenario.clock.total();
    let grown = |of: fn(&Growth, Span) -> f64| class.growth.as_ref().map_or(1.0, |g| of(g, length));
    ClassLoad {
        class: id,
        mean_hours,
        mean_gpus,
        mean_gpu_hours,
        arrivals_per_hour: gpus_in_progress / mean_gpu_hours,
        gpus_in_progress,
        growth_mean: grown(Growth::mean),
        growth_end: grown(Growth::factor),
    }
}

/// Hours that the cards which a class asks for take for one of its reference card, in the mean:
/// cards are asked for in the mix in which they are supplied. On faster cards jobs take less.
fn slowness(scenario: &Scenario, class: &Class) -> f64 {
    let Some(reference) = class.reference else { return 1.0 };
    let speed = |card: &Card| f64::from(card.speed_gflops);
    let weights = &scenario.pools[class.pool.index()].card_weights;
    let hours = scenario.cards.iter().zip(weights).map(|(card, weight)| weight / speed(card));
    speed(&scenario.cards[usize::from(reference.0)]) * hours.sum::<f64>()
}

/// The law of a duration, in seconds, ready to be drawn from.
pub fn law(duration: &Duration) -> Law {
    let (min, max) = (duration.min.as_secs_f64(), duration.max.as_secs_f64());
    let law = match duration.law {
        DurationLaw::LogNormal(law) => {
            Law::log_normal(law.median.as_secs_f64(), law.sigma, min, max)
        }
        DurationLaw::Exponential(mean) => Law::exponential(mean.as_secs_f64(), min, max),
        DurationLaw::Fixed(length) => Law::fixed(length.as_secs_f64()),
    };
    law.expect("validation put the middle of the law inside its range")
}

/// Offer and demand of every pool.
#[derive(Clone, Debug)]
pub struct LoadSheet {
    /// Pool by pool.
    pub pools: Vec<PoolSheet>,
}

/// Offer and demand of one pool, without the providers that a user declared one by one.
#[derive(Clone, Debug)]
pub struct PoolSheet {
    /// The pool's name.
    pub name: String,
    /// Providers.
    pub providers: u32,
    /// Machines expected: providers times their mean.
    pub machines: f64,
    /// GPUs installed.
    pub gpus_installed: f64,
    /// GPUs up on average, region outages apart.
    pub gpus_available: f64,
    /// GPUs that demand aims to keep at work.
    pub gpus_wanted: f64,
    /// Its classes, each with its name.
    pub classes: Vec<(String, ClassLoad)>,
    /// Its cards that have a share.
    pub cards: Vec<CardSheet>,
    /// GPUs at work by the number of GPUs that their job asks for.
    pub sizes: Vec<(u32, f64)>,
    /// What its file brings on top, if it has one.
    pub replay: Option<ReplaySheet>,
}

/// What the jobs of a file come to within the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReplaySheet {
    /// Jobs, with all their copies.
    pub jobs: f64,
    /// Their GPU-hours.
    pub gpu_hours: f64,
    /// GPUs that they keep at work in the mean over the run, if every one finds its place and ends.
    pub gpus_wanted: f64,
    /// Jobs of the file that asked for a part of a card and count as one GPU.
    pub parts: u32,
}

/// Offer and demand of one card in one pool.
#[derive(Clone, Debug)]
pub struct CardSheet {
    /// The card's name.
    pub name: String,
    /// Such cards up on average.
    pub gpus_available: f64,
    /// GPUs at work for jobs that ask for this card.
    pub gpus_wanted: f64,
    /// Cards up on average that would do for such a job.
    pub gpus_that_will_do: f64,
}

impl PoolSheet {
    /// Demand over supply; zero without supply.
    pub fn load(&self) -> f64 {
        if self.gpus_available > 0.0 { self.gpus_wanted / self.gpus_available } else { 0.0 }
    }
}

impl LoadSheet {
    /// The sheet of a scenario.
    pub fn of(scenario: &Scenario) -> LoadSheet {
        let pools = (0u16..).map(PoolId).zip(&scenario.pools);
        LoadSheet { pools: pools.map(|(id, pool)| pool_sheet(scenario, id, pool)).collect() }
    }

    /// Jobs that arrive in an hour at the start, in all, without those of files.
    pub fn arrivals_per_hour(&self) -> f64 {
        let classes = self.pools.iter().flat_map(|pool| &pool.classes);
        classes.map(|(_, load)| load.arrivals_per_hour).sum()
    }
}

fn pool_sheet(scenario: &Scenario, id: PoolId, pool: &Pool) -> PoolSheet {
    let machines = f64::from(pool.providers) * pool.machines_mean;
    let gpus_installed = machines * f64::from(pool.gpus_per_machine.0);
    let gpus_available = gpus_installed * pool_availability(scenario, pool);
    let gpus_wanted = gpus_wanted(pool.demand, gpus_available);
    let loads = class_loads(scenario, id, gpus_available);
    PoolSheet {
        name: pool.name.clone(),
        providers: pool.providers,
        machines,
        gpus_installed,
        gpus_available,
        gpus_wanted,
        sizes: size_sheets(scenario, &loads),
        classes: loads.into_iter().map(|l| (class_name(scenario, &l), l)).collect(),
        cards: card_sheets(scenario, pool, gpus_available, gpus_wanted),
        replay: pool.replay.as_ref().map(|file| replay_sheet(file, scenario.clock.total())),
    }
}

fn replay_sheet(file: &Replay, length: Span) -> ReplaySheet {
    let inside = || file.jobs.iter().filter(|job| job.arrives_at < length);
    let hours = inside().map(|job| f64::from(job.gpus.0) * job.duration.as_hours_f64());
    let gpu_hours = hours.sum::<f64>() * file.scale;
    ReplaySheet {
        jobs: inside().count() as f64 * file.scale,
        gpu_hours,
        gpus_wanted: gpu_hours / length.as_hours_f64(),
        parts: file.parts,
    }
}

fn class_name(scenario: &Scenario, load: &ClassLoad) -> String {
    scenario.classes[load.class.index()].name.clone()
}

/// The share of a pool's GPUs that is up on average.
fn pool_availability(scenario: &Scenario, pool: &Pool) -> f64 {
    let classes = (0u16..).map(HostClassId).zip(&pool.host_class_weights);
    classes.map(|(id, weight)| weight * scenario.availability(id, pool.gpus_per_machine)).sum()
}

/// Cards are asked for in the mix in which they are supplied.
fn card_sheets(scenario: &Scenario, pool: &Pool, available: f64, wanted: f64) -> Vec<CardSheet> {
    let weight = |card: CardId| pool.card_weights[card.index()];
    let held = (0u16..).map(CardId).zip(&scenario.cards).filter(|(id, _)| weight(*id) > 0.0);
    held.map(|(id, card)| CardSheet {
        name: card.name.clone(),
        gpus_available: available * weight(id),
        gpus_wanted: wanted * weight(id),
        gpus_that_will_do: available * scenario.cards_at_least(id).iter().map(weight).sum::<f64>(),
    })
    .collect()
}

/// GPUs at work by size of job: a class's GPU-hours follow shares times sizes, and lengths where
/// these depend on the size.
fn size_sheets(scenario: &Scenario, loads: &[ClassLoad]) -> Vec<(u32, f64)> {
    let mut sizes = BTreeMap::new();
    for load in loads {
        let class = &scenario.classes[load.class.index()];
        for (place, (gpus, share)) in class.sizes.iter().enumerate() {
            let part = match &class.duration {
                Durations::Alike(_) => f64::from(gpus.0) * share / load.mean_gpus,
                Durations::BySize(laws) => {
                    let hours = law(&laws[place]).mean() / 3600.0 * slowness(scenario, class);
                    f64::from(gpus.0) * share * hours / load.mean_gpu_hours
                }
            };
            *sizes.entry(gpus.0).or_insert(0.0) += load.gpus_in_progress * part;
        }
    }
    sizes.into_iter().collect()
}

impl fmt::Display for LoadSheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pools.iter().try_for_each(|pool| write_pool(f, pool))
    }
}

fn write_pool(f: &mut fmt::Formatter<'_>, pool: &PoolSheet) -> fmt::Result {
    writeln!(
        f,
        "pool {}: {} providers, {:.0} machines, {:.0} GPUs, {:.0} up on average, {:.0} wanted \
         (load {:.1} %)",
        pool.name,
        pool.providers,
        pool.machines,
        pool.gpus_installed,
        pool.gpus_available,
        pool.gpus_wanted,
        100.0 * pool.load(),
    )?;
    if !pool.classes.is_empty() {
        write_classes(f, pool)?;
        let sizes = pool.sizes.iter().map(|(size, gpus)| format!("{size} GPU: {gpus:.0}"));
        writeln!(f, "  GPUs wanted by size of job: {}", sizes.collect::<Vec<_>>().join(", "))?;
        write_cards(f, pool)?;
    }
    pool.replay.iter().try_for_each(|replay| write_replay(f, replay))
}

fn write_replay(f: &mut fmt::Formatter<'_>, replay: &ReplaySheet) -> fmt::Result {
    let ReplaySheet { jobs, gpu_hours, gpus_wanted, parts } = replay;
    write!(
        f,
        "  from a file: {jobs:.0} jobs, {gpu_hours:.0} GPU-h, {gpus_wanted:.1} GPUs in the mean"
    )?;
    match parts {
        0 => writeln!(f),
        _ => writeln!(f, "; {parts} with a part of a card, as one GPU each"),
    }
}

/// Classes whose arrivals grow or shrink.
fn write_growth(f: &mut fmt::Formatter<'_>, name: &str, load: &ClassLoad) -> fmt::Result {
    let ClassLoad { arrivals_per_hour, growth_mean, growth_end, .. } = load;
    let end = arrivals_per_hour * growth_end;
    writeln!(
        f,
        "  {name} grows: {end:.2} arrivals/h at the end of the run ({growth_end:.2} times, in the \
         mean {growth_mean:.2})"
    )
}

fn write_classes(f: &mut fmt::Formatter<'_>, pool: &PoolSheet) -> fmt::Result {
    writeln!(
        f,
        "  {:<24}{:>9}{:>9}{:>11}{:>12}{:>10}{:>10}",
        "class", "mean h", "GPUs", "GPU-h/job", "arrivals/h", "jobs", "GPUs"
    )?;
    pool.classes.iter().try_for_each(|(name, load)| {
        writeln!(
            f,
            "  {name:<24}{:>9.2}{:>9.2}{:>11.2}{:>12.2}{:>10.1}{:>10.1}",
            load.mean_hours,
            load.mean_gpus,
            load.mean_gpu_hours,
            load.arrivals_per_hour,
            load.jobs_in_progress(),
            load.gpus_in_progress,
        )
    })?;
    let grows = |load: &ClassLoad| {
        libm::fabs(load.growth_end - 1.0) + libm::fabs(load.growth_mean - 1.0) > 0.0
    };
    let growing = pool.classes.iter().filter(|(_, load)| grows(load));
    growing.into_iter().try_for_each(|(name, load)| write_growth(f, name, load))
}

fn write_cards(f: &mut fmt::Formatter<'_>, pool: &PoolSheet) -> fmt::Result {
    writeln!(f, "  {:<24}{:>9}{:>9}{:>11}", "card asked for", "up", "wanted", "would do")?;
    pool.cards.iter().try_for_each(|card| {
        let CardSheet { name, gpus_available, gpus_wanted, gpus_that_will_do } = card;
        writeln!(f, "  {name:<24}{gpus_available:>9.0}{gpus_wanted:>9.0}{gpus_that_will_do:>11.0}")
    })
}
