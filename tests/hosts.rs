//! When machines are up: laws of up and down times, owners who use them, maintenance.

mod support;

use record::{LeaseRow, Observer, Row, SeriesRow};
use support::{run, scenario, summary};
use units::{SimTime, Span};
use world::{Options, Simulation};

/// What a test reads of a run.
#[derive(Default)]
struct Seen {
    series: Vec<SeriesRow>,
    leases: Vec<LeaseRow>,
}

impl Observer for Seen {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Series(row) => self.series.push(*row),
            Row::Lease(row) => self.leases.push(*row),
            _ => {}
        }
    }
}

fn seen(sets: &[&str]) -> Seen {
    let mut seen = Seen::default();
    run(&scenario("theory/availability", sets), 1, Options::default(), &mut seen);
    seen
}

const NO_FAULT: &str = "host_class.faulty.fault=none";
const OWNED: &str = "host_class.faulty.owner_use=household";

/// The table of the profile, as each owner's clock sees it: up to half an hour off.
fn expected(shares: &[f64], hour: usize) -> f64 {
    let at = |hour: usize| shares[hour % shares.len()];
    at(hour + shares.len() - 1) / 8.0 + at(hour) * 0.75 + at(hour + 1) / 8.0
}

/// 400 machines over five weeks: a share of at most 17 % of an hour of the week has an error of at
/// most 0.9 %, since weeks are apart; the greatest of 168 is within four of them.
#[test]
fn owners_are_at_their_machines_as_their_table_says() {
    let sets =
        [NO_FAULT, OWNED, "clock.warm_up=0 d", "clock.horizon=35 d", "pool.servers.providers=400"];
    let market = scenario("theory/availability", &sets);
    let profile = &market.owner_profiles[0];
    let gaming = profile.activities.iter().find(|one| one.name == "gaming").unwrap();
    let seen = seen(&sets);
    let offset = market.regions.iter().find(|region| region.name == "nae").unwrap();
    let offset = (offset.utc_offset_minutes / 60).rem_euclid(7 * 24) as usize;
    let mut worst = 0.0_f64;
    for hour in 0..7 * 24 {
        let hours = seen.series.iter().skip(hour).step_by(7 * 24);
        let (down, all) = hours.fold((0, 0), |(down, all), row| {
            let lost = row.installed_gpu_us - row.available_gpu_us;
            (down + lost, all + row.installed_gpu_us)
        });
        let found = down as f64 / all as f64;
        let error = found - expected(&gaming.shares, hour + offset);
        worst = if error.abs() > worst.abs() { error } else { worst };
    }
    println!("greatest error of a share of an hour: {worst:.4}");
    assert!(worst.abs() < 0.036, "{worst}");
    let owner: u64 = seen.series.iter().map(|row| row.owner_gpu_us).sum();
    let installed: u64 = seen.series.iter().map(|row| row.installed_gpu_us).sum();
    let used = owner as f64 / installed as f64;
    assert!((used - profile.mean_use()).abs() < 0.002, "{used}, {}", profile.mean_use());
}

const WORK: [&str; 5] = [
    "pool.servers.providers=100",
    "pool.servers.demand=50 GPU",
    "class.servers.work.on_failure=migrate",
    "clock.warm_up=0 d",
    "clock.horizon=4 d",
];

/// Time that work takes is what it needs and what owners took from it.
#[test]
fn sessions_below_the_threshold_slow_leases_and_games_stop_them() {
    let owned = [&[NO_FAULT, OWNED], &WORK[..]].concat();
    let with = seen(&owned);
    let without = seen(&[&[NO_FAULT], &WORK[..]].concat());
    let sum = |seen: &Seen, of: fn(&SeriesRow) -> u64| -> u64 { seen.series.iter().map(of).sum() };
    let slowed = sum(&with, |row| row.slowed_gpu_us);
    let busy = sum(&with, |row| row.busy_gpu_us);
    let part = slowed as f64 / (slowed + busy) as f64;
    // What owners take when they do not play: 2.5 to 3.5 % by the table.
    assert!((0.02..0.04).contains(&part), "{part}");
    let stopped: u32 = with.leases.iter().map(|row| row.preemptions).sum();
    assert!(stopped > 60, "{stopped}");
    let failed: u32 = with.leases.iter().map(|row| row.interruptions).sum();
    assert_eq!(failed, stopped, "nothing else is wrong with these machines");
    assert_eq!(sum(&without, |row| row.slowed_gpu_us + row.owner_gpu_us), 0);
    assert!(without.leases.iter().all(|row| row.interruptions + row.preemptions == 0));
    // From a threshold below what video takes, it stops leases as well.
    let strict = seen(&[&owned[..], &["owner_profile.household.preempts_from=15 %"]].concat());
    assert!(strict.leases.iter().map(|row| row.preemptions).sum::<u32>() > stopped);
    assert!(sum(&strict, |row| row.slowed_gpu_us) < slowed);
}

/// The chance of a stretch does not matter for the share of time up, only its mean does.
#[test]
fn availability_is_the_mean_up_over_both_means() {
    let laws = [
        "{ up = { law = \"weibull\", scale = \"100 h\", shape = 0.6 }, \
           down = { law = \"lognormal\", median = \"4 h\", sigma = 1.2 } }",
        "{ up = { law = \"lognormal\", median = \"60 h\", sigma = 1.5 }, \
           down = { law = \"weibull\", scale = \"20 h\", shape = 1.7 } }",
        "{ up = { law = \"exponential\", mean = \"50 h\" }, \
           down = { law = \"exponential\", mean = \"5 h\" } }",
    ];
    // Scale times Gamma(1 + 1/shape), and median times exp(sigma^2 / 2), by Python's math.
    let means = [(150.4575, 8.2177), (184.8130, 17.8449), (50.0, 5.0)];
    for (law, (up, down)) in laws.iter().zip(means) {
        let fault = format!("host_class.perfect.fault={law}");
        let own = ["host_classes.perfect=100 %", "host_classes.faulty=0 %"];
        let own = own.map(|set| format!("pool.servers.{set}"));
        let fewer = "pool.servers.providers=300";
        let market = scenario("theory/availability", &[&fault, &own[0], &own[1], fewer]);
        let found = summary(&market, 1).get("pools.servers.availability").expect("GPUs stand");
        let expected = up / (up + down);
        println!("{law}: {found:.4}, by the means {expected:.4}");
        assert!((found - expected).abs() < 0.006, "{found} for {expected}");
    }
}

/// Which machines are up every four hours, by stepping through all events.
fn states(sets: &[&str]) -> Vec<Vec<bool>> {
    let market = scenario("theory/availability", sets);
    let mut simulation = Simulation::new(&market, 1, Options::default());
    let (mut states, mut mark) = (Vec::new(), SimTime::ZERO);
    let mut up: Vec<bool> = simulation.machines_up().collect();
    while !simulation.advance(1, &mut ()) {
        while mark < simulation.now() {
            states.push(up.clone());
            mark = mark + Span::from_hours(4);
        }
        up.clear();
        up.extend(simulation.machines_up());
    }
    states
}

/// The share of groups of `size` neighbours of which at least `least` are up.
fn share_of_groups(states: &[Vec<bool>], size: usize, least: usize) -> f64 {
    let groups = states.iter().flat_map(|up| up.chunks_exact(size));
    let (good, all) = groups.fold((0_u64, 0_u64), |(good, all), group| {
        let is_good = group.iter().filter(|up| **up).count() >= least;
        (good + u64::from(is_good), all + 1)
    });
    good as f64 / all as f64
}

/// Row Q11 of economics.md 3.1: one machine, one that was up four hours ago, a gang of eight and
/// eight of ten; by the matrix exponential for 720 h and 4 h, and for an availability of 95 %.
#[test]
fn gangs_and_spares_are_up_as_often_as_theory_says() {
    let shorter = ["pool.servers.providers=400", "clock.warm_up=0 d", "clock.horizon=150 d"];
    let states_of = |more: &[&str]| states(&[&shorter[..], more].concat());
    let rare = states_of(&[]);
    let (mut stayed, mut were) = (0_u64, 0_u64);
    for (before, after) in rare.iter().zip(&rare[1..]) {
        let both = before.iter().zip(after).filter(|(before, _)| **before);
        both.for_each(|(_, after)| (stayed, were) = (stayed + u64::from(*after), were + 1));
    }
    let often = states_of(&["host_class.faulty.fault.between=76 h"]);
    let found = [
        ("A", share_of_groups(&rare, 1, 1), 0.994_475, 0.0008),
        ("A(4 h)", stayed as f64 / were as f64, 0.996_496, 0.0004),
        ("gang of 8", share_of_groups(&rare, 8, 8), 0.956_646, 0.006),
        ("8 of 10", share_of_groups(&rare, 10, 8), 0.999_980, 0.0001),
        ("gang of 8 at 95 %", share_of_groups(&often, 8, 8), 0.663_420, 0.008),
        ("8 of 10 at 95 %", share_of_groups(&often, 10, 8), 0.988_496, 0.002),
    ];
    for (name, value, expected, error) in found {
        println!("{name:18} {value:.6}, theory {expected:.6}");
        assert!((value - expected).abs() <= error, "{name}: {value} for {expected}");
    }
}

const PLANNED: &str =
    "host_class.faulty.maintenance={ every = \"10 d\", length = \"6 h\", notice = \"24 h\" }";

/// Machines are down as planned; leases that were agreed before the notice are all that it ends.
#[test]
fn maintenance_takes_its_time_and_drains_before() {
    let planned = [&[NO_FAULT, PLANNED], &WORK[..], &["clock.horizon=20 d"]].concat();
    let market = scenario("theory/availability", &planned);
    let seen = seen(&planned);
    let sum = |of: fn(&SeriesRow) -> u64| -> u64 { seen.series.iter().map(of).sum() };
    let up = sum(|row| row.available_gpu_us) as f64 / sum(|row| row.installed_gpu_us) as f64;
    assert!((up - 0.975).abs() < 0.001, "{up}");
    let host = market.host_classes.iter().find(|host| host.name == "faulty").unwrap();
    assert!((host.availability(units::GpuCount(1)) - 0.975).abs() < 1e-12);
    let stopped = |seen: &Seen| seen.leases.iter().map(|row| row.interruptions).sum::<u32>();
    // Work of half an hour in the median is done within a day: nearly nothing is interrupted.
    let without_notice = PLANNED.replace("24 h", "0 s");
    let abrupt = [&[NO_FAULT, &without_notice], &WORK[..], &["clock.horizon=20 d"]].concat();
    let (drained, abrupt) = (stopped(&seen), stopped(&self::seen(&abrupt)));
    assert!(abrupt > 40, "{abrupt}");
    assert!(drained * 10 < abrupt, "{drained} of {abrupt}");
}

/// The mean share hit stays, and no two outages are alike.
#[test]
fn outages_hit_a_share_that_follows_a_beta_law() {
    let outages = [
        NO_FAULT,
        "pool.servers.providers=500",
        "clock.warm_up=0 d",
        "clock.horizon=400 d",
        "region_outage.between=2 d",
        "region_outage.length={ median = \"3 h\", sigma = 0.0 }",
    ];
    let shares = |share: &str| {
        let seen = seen(&[&outages[..], &[share]].concat());
        let least =
            |row: &SeriesRow| 1.0 - row.available_gpu_us as f64 / row.installed_gpu_us as f64;
        // Hours that lie wholly within an outage say what it hit.
        let down: Vec<f64> = seen.series.iter().map(least).collect();
        let whole = down.windows(3).filter(|hours| hours[1] >= hours[0].max(hours[2]) - 1e-12);
        let mut hit: Vec<f64> = whole.map(|hours| hours[1]).filter(|hit| *hit > 0.0).collect();
        hit.dedup();
        hit
    };
    let spread = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let square = |value: &f64| (value - mean) * (value - mean);
        (mean, values.iter().map(square).sum::<f64>() / values.len() as f64)
    };
    let fixed = spread(&shares("region_outage.share=20 %"));
    let drawn = spread(&shares("region_outage.share={ mean = \"20 %\", concentration = 4.0 }"));
    println!("fixed {fixed:?}, drawn {drawn:?}");
    assert!((fixed.0 - 0.2).abs() < 0.02, "{fixed:?}");
    assert!(fixed.1 < 0.001, "{fixed:?}");
    // 200 outages, variance .2 * .8 / 5 = .032.
    assert!((drawn.0 - 0.2).abs() < 0.05, "{drawn:?}");
    assert!((0.022..0.042).contains(&drawn.1), "{drawn:?}");
}

/// Images of 8 GiB take 69 s at 1 Gbps and 23 min at 50 Mbps, beside the boot.
#[test]
fn an_image_takes_its_size_over_the_bandwidth() {
    let image = "class.servers.work.image={ median = \"8 GiB\", sigma = 0.0, max = \"8 GiB\" }";
    let fixed = "class.servers.work.duration={ law = \"fixed\", length = \"1 h\" }";
    let part = |more: &[&str]| {
        let seen = seen(&[&[NO_FAULT, fixed], &WORK[..], more].concat());
        let sum = |of: fn(&SeriesRow) -> u64| seen.series.iter().map(of).sum::<u64>() as f64;
        sum(|row| row.busy_gpu_us) / sum(|row| row.paid_gpu_us)
    };
    assert!((part(&[]) - 1.0).abs() < 1e-9, "no time is lost without an image and a boot");
    for (bandwidth, seconds) in [("1 Gbps", 68.719), ("50 Mbps", 1_374.390)] {
        let found = part(&[image, &format!("host_class.faulty.bandwidth={bandwidth}")]);
        let expected = 3_600.0 / (3_600.0 + seconds);
        println!("{bandwidth}: busy {found:.4} of what is paid, expected {expected:.4}");
        assert!((found - expected).abs() < 0.01, "{bandwidth}: {found} for {expected}");
    }
}
