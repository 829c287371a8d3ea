//! Do machines that a user declares run as declared, beside a market that they do not disturb?

mod support;

use orrery::load;
use record::{LeaseEnd, LeaseRow, Observer, ProviderRole, ProviderRow, Row};
use std::fs;
use std::path::PathBuf;
use support::{loaded, project, run};
use world::Options;

/// Leases, and providers at the end.
#[derive(Default)]
struct Watcher {
    leases: Vec<LeaseRow>,
    providers: Vec<ProviderRow>,
}

impl Observer for Watcher {
    fn on_row(&mut self, row: Row<'_>) {
        match row {
            Row::Lease(row) => self.leases.push(*row),
            Row::Provider(row) => self.providers.push(*row),
            _ => {}
        }
    }
}

fn watched(scenario: &scenario::Scenario) -> Watcher {
    let mut watcher = Watcher::default();
    run(scenario, 1, Options::default(), &mut watcher);
    watcher
}

/// A scenario of a text on top of the small market, in a folder of its own.
fn written(name: &str, text: &str, csv: &str) -> PathBuf {
    let room = std::env::temp_dir().join(format!("orrery-fleet-{name}-{}", std::process::id()));
    fs::create_dir_all(&room).expect("the temporary folder can be written");
    let base = project("scenarios/small.toml");
    let head = format!(
        "question = \"?\"\nexpectation = \"none\"\nextends = \"{}\"\n{text}",
        base.display()
    );
    fs::write(room.join("mine.toml"), head).expect("a room can be written");
    fs::write(room.join("fleet.csv"), csv).expect("a room can be written");
    room.join("mine.toml")
}

const ENTRY: &str = "[[provider]]\nname = \"mine\"\npool = \"community\"\ncard = \"rtx4090\"\n\
                     machines = 3\nregion = \"euc\"\nuptime = \"97 %\"\nbid = \"0.2 USD/GPU-h\"\n";
const LINE: &str = "name,pool,card,machines,region,tariff,bid,uptime\n\
                    mine,community,rtx4090,3,euc,,0.2 USD/GPU-h,97 %\n";

#[test]
fn a_line_of_a_file_is_an_entry_of_the_scenario() {
    let by_entry = written("entry", ENTRY, "");
    let by_line = written("line", "providers_file = \"fleet.csv\"\n", LINE);
    let [entry, line] = [by_entry, by_line].map(|path| load::load(&path, &[]).expect("valid"));
    assert_eq!(entry.scenario.fleet, line.scenario.fleet);
    let hosts = |loaded: &scenario::Loaded| format!("{:?}", loaded.scenario.host_classes);
    assert_eq!(hosts(&entry), hosts(&line));
    assert!(
        line.leaves.iter().any(|(path, _)| path == "provider"),
        "the file's lines are in force"
    );
}

#[test]
fn a_declared_provider_is_what_was_declared() {
    let scenario = loaded("fleet/my_four_4090s", &["clock.horizon=2 d"]).scenario;
    let watcher = watched(&scenario);
    let own: Vec<_> =
        watcher.providers.iter().filter(|row| row.role == ProviderRole::Fleet).collect();
    assert_eq!(own.len(), 4);
    for row in own {
        assert_eq!((row.gpus.0, row.machines), (4, 4));
        assert_eq!(scenario.cards[usize::from(row.card.0)].name, "rtx4090");
        assert!(row.installed_gpu_s == 4 * 2 * 86_400, "it is there from the start");
    }
    // 97 % up: 10 h down for each 323 h and 20 min up.
    let host = scenario.host_classes.iter().find(|host| host.name == "my_four_4090s");
    let up = scenario.availability(scenario.fleet[0].host_class, units::GpuCount(1));
    assert!(host.is_some() && (up - 0.97).abs() < 1e-9, "{up}");
}

/// Who asks more than anybody pays changes nothing for others: the same leases at the same prices
/// and moments, although its machines are there.
#[test]
fn a_provider_that_nobody_can_use_moves_no_draw() {
    let dear = ENTRY.replace("0.2 USD", "900 USD");
    let with = load::load(&written("dear", &dear, ""), &[]).expect("valid");
    let without = load::load(&written("none", "", ""), &[]).expect("valid");
    let leases = |scenario: &scenario::Scenario| {
        let kept = |row: &LeaseRow| (row.order_key, row.opened_at_ns, row.closed_at_ns);
        watched(scenario).leases.iter().map(kept).collect::<Vec<_>>()
    };
    let with = leases(&with.scenario);
    assert!(with.len() > 500, "the market works: {}", with.len());
    assert_eq!(with, leases(&without.scenario));
    let cheap = load::load(&written("cheap", ENTRY, ""), &[]).expect("valid");
    assert_ne!(with, leases(&cheap.scenario), "one that is used does change the market");
}

/// A declared card that is faster than all of the pool's mix, behind a line that is slower: orders
/// pay for it, and it has the time to fetch an image.
#[test]
fn a_declared_provider_may_be_faster_and_further_than_its_pool() {
    let fast = ENTRY.replace("rtx4090", "h100").replace("machines = 3", "machines = 40");
    let sets = [
        "clock.warm_up=0 d",
        "clock.horizon=4 d",
        "fleet.bandwidth=20 Mbps",
        "class.community.batch.speed={ scales_from = \"rtx3090\" }",
        "class.community.batch.image={ median = \"4 GiB\", sigma = 0.5, max = \"8 GiB\" }",
    ];
    let sets = sets.map(str::to_string);
    let fast = written("fast", &fast.replace("0.2 USD", "1.2 USD"), "");
    let watcher = watched(&load::load(&fast, &sets).expect("valid").scenario);
    let own = watcher.providers.iter().find(|row| row.role == ProviderRole::Fleet);
    let own = own.expect("it is declared").provider;
    let last = |row: &LeaseRow| {
        let others = watcher.leases.iter().filter(|other| other.job_key == row.job_key);
        others.map(|other| other.opened_at_ns).max() == Some(row.opened_at_ns)
    };
    let served = watcher.leases.iter().filter(|row| row.provider == own);
    let served: Vec<_> = served.filter(|row| row.end == LeaseEnd::Agreed).collect();
    assert!(served.len() > 20, "{} leases", served.len());
    assert!(served.iter().all(|row| last(row)), "who had all the time agreed on has got it done");
}

#[test]
fn what_is_wrong_with_a_fleet_is_told_with_file_line_and_remedy() {
    let told = |csv: &str| {
        let path = written("wrong", "providers_file = \"fleet.csv\"\n", csv);
        let why = load::load(&path, &[]).expect_err("it is wrong").to_string();
        why.split_once("fleet.csv").map_or(why.clone(), |(_, rest)| rest.to_string())
    };
    let line =
        |line: &str| told(&format!("name,pool,card,machines,region,tariff,bid,uptime\n{line}"));
    let cases = [
        (line("a,community,rtx4091,1,euc,,,97 %"), ":2: provider[1].card", "did you mean rtx4090?"),
        (line("a,community,rtx4090,1,euc,-0.1 USD/kWh,,97 %"), ":2: provider[1].tariff", "write"),
        (
            line("a,community,rtx4090,1,euc,,,0 %"),
            ":2: provider[1].uptime",
            "is no share of time above zero; write up to 100 %, or leave the provider out",
        ),
        (line("a,community,rtx4090,0,euc,,,97 %"), ":2: provider[1].machines", "1"),
        (line("a,community,rtx4090,1,euc,,,"), ":2: provider[1].uptime", "one of the two"),
        (
            line("a,community,rtx4090,1,euc,,,97 %\na,community,rtx4090,1,euc,,,97 %"),
            ":3: provider[2].name",
            "taken",
        ),
        (told("name,crad\n"), ":1", "did you mean card?"),
        (told(""), ":1", "is empty"),
    ];
    for (told, place, remedy) in cases {
        assert!(told.starts_with(place), "{place}: {told}");
        assert!(told.contains(remedy), "{remedy}: {told}");
    }
}
