//! Machines that follow recordings, and laws that were fitted on them.
//!
//! The data is in the folder that `ORRERY_DATA` names, or `../shared/data` beside the repository;
//! without it the tests that need it say so and pass.

mod support;

use engine::distribution::Stretch;
use engine::draws::{Draws, Purpose};
use record::{Observer, Row};
use scenario::{Faults, LoadError, Scenario, UpDown};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use support::{project, run, scenario};
use units::{EntityKey, GpuCount};
use world::Options;

/// The text of a packed file of the data, if it is there.
fn data(file: &str) -> Option<String> {
    let beside = || project("../shared/data");
    let folder = std::env::var_os("ORRERY_DATA").map_or_else(beside, PathBuf::from);
    let path = folder.join("availability").join(file);
    if !path.exists() {
        println!("{} is not there: nothing was compared", path.display());
        return None;
    }
    let unpacked = Command::new("gzip").arg("-dc").arg(&path).output();
    let bytes = unpacked.expect("gzip is there").stdout;
    Some(String::from_utf8(bytes).expect("the file is text"))
}

/// theory/availability with machines that follow `text`.
fn recorded(text: &str, sets: &[&str]) -> Result<Scenario, Vec<String>> {
    let loader = |path: &str| match path.rsplit('/').next() {
        Some("recorded.csv") => Ok(text.as_bytes().to_vec()),
        _ => std::fs::read(path).map_err(|why| LoadError::Unreadable(why.to_string())),
    };
    let fault = "host_class.perfect.fault={ trace = \"recorded.csv\" }";
    let own = ["pool.servers.host_classes.perfect=100 %", "pool.servers.host_classes.faulty=0 %"];
    let sets: Vec<String> =
        [&[fault][..], &own, sets].concat().iter().map(ToString::to_string).collect();
    let path = project("scenarios/theory/availability.toml");
    let loaded = scenario::load(&path.to_string_lossy(), &loader, &sets);
    let told = |problems: Vec<scenario::Problem>| -> Vec<String> {
        problems.iter().map(ToString::to_string).collect()
    };
    let loaded = loaded.map_err(told)?;
    let again = orrery::load::load_effective("again", loaded.effective.as_bytes());
    let again = again.expect("the effective scenario holds the recordings");
    assert_eq!(again.scenario.host_classes.len(), loaded.scenario.host_classes.len());
    let of = |one: &Scenario| format!("{:?}", one.host_classes);
    assert_eq!(of(&again.scenario), of(&loaded.scenario));
    Ok(loaded.scenario)
}

/// GPU-time up over GPU-time installed, hour by hour.
#[derive(Default)]
struct Hours(Vec<f64>);

impl Observer for Hours {
    fn on_row(&mut self, row: Row<'_>) {
        if let Row::Series(row) = row {
            self.0.push(row.available_gpu_us as f64 / row.installed_gpu_us as f64);
        }
    }
}

fn hours(market: &Scenario) -> Vec<f64> {
    let mut hours = Hours::default();
    run(market, 1, Options::default(), &mut hours);
    hours.0
}

const SHORT: [&str; 3] = ["clock.warm_up=0 d", "clock.horizon=10 d", "pool.servers.providers=200"];

/// Three machines: two of a site, up 90 and 60 of 100 s, and one that is never up.
#[test]
fn machines_follow_what_was_recorded() {
    let text = "trace,start_s,length_s,value\na,0,21600,2\na,21600,10800,1\n\
                b,0,10,0\na,32400,3600,0\n";
    let market = recorded(text, &SHORT).expect("the recording is sound");
    let perfect = market.host_classes.iter().find(|host| host.name == "perfect").unwrap();
    let expected = (0.9 + 0.6 + 0.0) / 3.0;
    assert!((perfect.availability(GpuCount(1)) - expected).abs() < 1e-12);
    let hours = hours(&market);
    // After ten hours each machine is where it was.
    for (hour, later) in hours.iter().zip(&hours[10..]) {
        assert!((hour - later).abs() < 1e-9, "{hour}, {later}");
    }
    let mean = hours.iter().sum::<f64>() / hours.len() as f64;
    assert!((mean - expected).abs() < 0.12, "{mean}: 200 machines, three ways to go");
}

#[test]
fn recordings_that_contradict_themselves_are_refused_with_their_line() {
    let head = "node_id,type,start,stop\n1,1,0,100\n";
    let cases = [
        ("1,0,-5,0\n", "recorded.csv:3: starts at -5, before line 2 does: time goes back"),
        ("1,0,50,200\n", "recorded.csv:3: starts at 50 and overlaps line 2, which ends at 100"),
        ("1,0,300,400\n", "recorded.csv:3: starts at 300, and nothing says what was since 100"),
        ("1,0,100,90\n", "recorded.csv:3: ends at 90, before it starts at 100; swap its times"),
    ];
    for (row, expected) in cases {
        let problems = recorded(&format!("{head}{row}"), &SHORT).expect_err("it is wrong");
        let told = problems.iter().any(|line| line.contains(expected));
        assert!(told, "{expected}: {problems:?}");
    }
    let empty = recorded("trace,start_s,length_s,value\n", &SHORT).expect_err("it is empty");
    assert!(empty.iter().any(|line| line.contains("has no time in it")), "{empty:?}");
}

/// Spot machines by their recording are up as often as their sites are, through the simulator.
#[test]
fn recorded_places_are_up_as_often_in_the_simulator() {
    let Some(text) = data("spot_aws_2023-02.csv.gz") else { return };
    let market = recorded(&text, &["clock.warm_up=0 d", "clock.horizon=45 d"]).expect("sound");
    let sites = [0.167, 0.467, 0.447, 0.591, 0.759, 0.682, 0.883, 0.905, 0.891];
    let expected = sites.iter().sum::<f64>() / 9.0;
    let hours = hours(&market);
    let found = hours.iter().sum::<f64>() / hours.len() as f64;
    println!("up {found:.4}, mean of the sites {expected:.4}");
    assert!((found - expected).abs() < 0.03, "1,000 machines in nine sites: {found}");
}

/// Lengths of stretches up and down by machine, in hours; cut ones left out.
type Lengths = BTreeMap<String, [Vec<f64>; 2]>;

fn spot_lengths(text: &str) -> Lengths {
    let mut rows: BTreeMap<String, Vec<(f64, bool)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let hours = cells[2].parse::<f64>().expect("a length") / 3_600.0;
        let name = cells[0].rsplit('/').next().expect("a name");
        let name = name.split('_').next().expect("a site").to_string();
        rows.entry(name).or_default().push((hours, cells[3] != "0"));
    }
    let mut lengths = Lengths::new();
    for (name, rows) in rows {
        let of = lengths.entry(name).or_default();
        let whole = &rows[1..rows.len() - 1];
        whole.iter().for_each(|(hours, is_up)| of[usize::from(!is_up)].push(*hours));
    }
    lengths
}

/// All nodes together, without the first stretch of each and those of no length (data.md 2).
fn lanl_lengths(text: &str) -> [Vec<f64>; 2] {
    let mut lengths = [Vec::new(), Vec::new()];
    let mut last = String::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].parse::<f64>().expect("a time");
        let hours = (number(4) - number(3)) / 3_600.0;
        if cells[0] == last && hours > 0.0 {
            lengths[usize::from(cells[2] == "0")].push(hours);
        }
        last = cells[0].to_string();
    }
    lengths
}

const LEVELS: [f64; 5] = [0.1, 0.25, 0.5, 0.75, 0.9];

fn quantiles(values: &[f64]) -> [f64; 5] {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    LEVELS.map(|level| sorted[(level * sorted.len() as f64) as usize])
}

/// Quantiles of a law as the world draws it, in hours.
fn drawn(law: &Stretch, name: &str) -> [f64; 5] {
    let (draws, key) = (Draws::new(1), EntityKey::group(name));
    let values = (0..20_000).map(|n| draws.at(Purpose(11), key, n).sample(law) / 3_600.0);
    quantiles(&values.collect::<Vec<f64>>())
}

/// Prints both rows and asserts that no quantile is off by more than `factor`.
fn compare(name: &str, data: &[f64], law: &Stretch, factor: f64) {
    let (found, fitted) = (quantiles(data), drawn(law, name));
    let text = |row: [f64; 5]| row.map(|hours| format!("{hours:9.2}")).concat();
    println!("{name:16} data {:6} {}", data.len(), text(found));
    println!("{name:16} fit         {}", text(fitted));
    for (data, fit) in found.iter().zip(fitted) {
        let ratio = (data / fit).max(fit / data);
        assert!(ratio <= factor, "{name}: {data:.2} h in the data, {fit:.2} h drawn");
    }
}

fn host_faults(name: &str) -> Faults {
    let market = scenario("baseline", &[]);
    let host = market.host_classes.iter().find(|host| host.name == name);
    host.and_then(|host| host.fault.clone()).expect("the library has it")
}

/// The shipped fits of each site against its data, factor 2 at five quantiles, availability within
/// .05: the probes of the data are minutes apart, so the shortest stretches are not there.
#[test]
fn fitted_spot_places_reproduce_their_quantiles() {
    let Some(text) = data("spot_aws_2023-02.csv.gz") else { return };
    let Faults::Sites(sites) = host_faults("spot_cloud") else { panic!("nine sites are shipped") };
    let lengths = spot_lengths(&text);
    assert_eq!(sites.len(), lengths.len());
    println!("hours at the quantiles {LEVELS:?}");
    for ((site, [up, down]), law) in lengths.iter().zip(&sites) {
        compare(&format!("{site} up"), up, &law.up, 2.0);
        compare(&format!("{site} down"), down, &law.down, 2.0);
        let (up, down) = (up.iter().sum::<f64>(), down.iter().sum::<f64>());
        let found = up / (up + down);
        println!("{site:16} up {found:.3} in the data, {:.3} fitted", law.availability());
        assert!((found - law.availability()).abs() < 0.05, "{site}");
    }
}

/// The shipped fit of data-centre nodes against 39,748 stretches: factor 2 at five quantiles, the
/// mean time up within 1 %.
#[test]
fn fitted_nodes_reproduce_their_quantiles() {
    let Some(text) = data("lanl_node_events.csv.gz") else { return };
    let Faults::Law(UpDown { up, down }) = host_faults("lanl_node") else { panic!("one law") };
    let [ups, downs] = lanl_lengths(&text);
    assert_eq!(ups.len() + downs.len(), 39_669);
    println!("hours at the quantiles {LEVELS:?}");
    compare("node up", &ups, &up, 2.0);
    compare("node down", &downs, &down, 2.0);
    let mean = ups.iter().sum::<f64>() / ups.len() as f64;
    assert!((up.mean() / 3_600.0 / mean - 1.0).abs() < 0.01, "{mean}");
}
